/* See campaign.h. */
#include "pipeline/alert/campaign.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "pipeline/alert/alert_limits.h"

/* ---- sketches ---- */

/* Keeps the smallest hashes, ascending, each once. */
static void keep(struct sketch *sketch, uint32_t hash)
{
    uint32_t at = 0;
    while (at < sketch->count && sketch->at[at] < hash)
        at++;
    if (at == SKETCH_SIZE || (at < sketch->count && sketch->at[at] == hash))
        return;
    uint32_t last = sketch->count < SKETCH_SIZE ? sketch->count++ : SKETCH_SIZE - 1;
    memmove(&sketch->at[at + 1], &sketch->at[at], (last - at) * sizeof(sketch->at[0]));
    sketch->at[at] = hash;
}

/* Hashes of the words in order, folded; returns how many. */
static size_t word_hashes(struct span message, uint64_t *words, size_t most)
{
    size_t count = 0;
    uint64_t word = 0;
    for (size_t at = 0; at < message.size && count < most;) {
        uint32_t character = utf8_lower(utf8_next(message, &at));
        if (utf8_is_letter(character) || (character >= '0' && character <= '9'))
            word = hash_mix(word ? word : 1, character);
        else if (word) {
            words[count++] = word;
            word = 0;
        }
    }
    if (word && count < most)
        words[count++] = word;
    return count;
}

struct sketch sketch_of(struct span message)
{
    uint64_t words[SKETCH_WORDS];
    struct sketch sketch = {.count = 0};
    size_t count = word_hashes(utf8_prefix(message, SKETCH_MESSAGE_BYTES), words, SKETCH_WORDS);
    size_t run = count < CAMPAIGN_WORDS ? count : CAMPAIGN_WORDS;
    for (size_t i = 0; run && i + run <= count; i++) {
        uint64_t hash = 0;
        for (size_t j = 0; j < run; j++)
            hash = hash_mix(hash, words[i + j]);
        keep(&sketch, (uint32_t)(hash >> 32));
    }
    return sketch;
}

double sketch_likeness(const struct sketch *a, const struct sketch *b)
{
    uint32_t i = 0, j = 0, both = 0, all = 0;
    while (all < SKETCH_SIZE && (i < a->count || j < b->count)) {
        bool from_a = j == b->count || (i < a->count && a->at[i] <= b->at[j]);
        bool from_b = i == a->count || (j < b->count && b->at[j] <= a->at[i]);
        both += from_a && from_b;
        i += from_a;
        j += from_b;
        all++;
    }
    return a->count && b->count ? (double)both / all : 0;
}

/* ---- belonging together ---- */

static bool share_picture(const struct incident *a, const struct incident *b)
{
    enum { PICTURES = sizeof(a->pictures) / sizeof(a->pictures[0]) };
    for (size_t i = 0; i < PICTURES; i++)
        for (size_t j = 0; j < PICTURES; j++)
            if (a->pictures[i] && a->pictures[i] == b->pictures[j])
                return true;
    return false;
}

static bool near(const struct incident *a, const struct incident *b, int64_t window_s)
{
    int64_t apart = a->began_s - b->began_s;
    return apart <= window_s && -apart <= window_s;
}

bool campaign_joins(const struct incident *a, const struct incident *b, uint32_t window_s)
{
    bool down = a->verdict == VERDICT_UNAVAILABLE;
    if (down != (b->verdict == VERDICT_UNAVAILABLE))
        return false;
    if (down)
        return near(a, b, CAMPAIGN_OUTAGE_S) && strcmp(a->cause, b->cause) == 0;
    if (!near(a, b, window_s))
        return false;
    return share_picture(a, b) || (a->landing && a->landing == b->landing) ||
           sketch_likeness(&a->sketch, &b->sketch) >= CAMPAIGN_SAME_MESSAGE;
}
