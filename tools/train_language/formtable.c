/* By peeling: a slot that only one word uses is kept for that word, the word is taken out, and so on until
 * none is left; then the slots are set in the opposite order, each to what makes its word right. */
#include "formtable.h"

#include <stdlib.h>

#include "pipeline/identify/wordforms.h"

struct peeling {
    const struct formtable_word *words;
    uint32_t *users; /* of each slot: how many words */
    uint32_t *of;    /* the xor of their numbers in `words` */
    uint32_t *queue; /* slots with one user */
    uint32_t *order; /* words taken out, and the slot kept for each */
    uint32_t *slot;
    uint32_t slots;
};

static void use(struct peeling *peeling, uint32_t word)
{
    struct wordforms_places places = wordforms_find(peeling->words[word].key, peeling->slots);

    for (int i = 0; i < 3; i++) {
        peeling->users[places.at[i]]++;
        peeling->of[places.at[i]] ^= word;
    }
}

/* Takes a word out; slots left with one user go to the end of the queue. */
static uint32_t take_out(struct peeling *peeling, uint32_t word, uint32_t queued)
{
    struct wordforms_places places = wordforms_find(peeling->words[word].key, peeling->slots);

    for (int i = 0; i < 3; i++) {
        uint32_t at = places.at[i];

        peeling->of[at] ^= word;
        if (--peeling->users[at] == 1)
            peeling->queue[queued++] = at;
    }
    return queued;
}

static size_t peel(struct peeling *peeling)
{
    uint32_t queued = 0;
    size_t taken = 0;

    for (uint32_t at = 0; at < peeling->slots; at++)
        if (peeling->users[at] == 1)
            peeling->queue[queued++] = at;
    while (queued > 0) {
        uint32_t at = peeling->queue[--queued];

        if (peeling->users[at] != 1)
            continue;
        peeling->order[taken] = peeling->of[at];
        peeling->slot[taken++] = at;
        queued = take_out(peeling, peeling->of[at], queued);
    }
    return taken;
}

/* The slots begin as if drawn: from zero, the few bits that numbers have would be all that is ever
 * set, and a strange word would nearly always hit one. */
static void set_slots(const struct peeling *peeling, size_t taken, uint16_t *table)
{
    for (uint32_t at = 0; at < peeling->slots; at++)
        table[at] = (uint16_t)(ngram_hash(at + 1) >> 48);
    while (taken-- > 0) {
        const struct formtable_word *word = &peeling->words[peeling->order[taken]];
        struct wordforms_places places = wordforms_find(word->key, peeling->slots);
        uint16_t now = table[places.at[0]] ^ table[places.at[1]] ^ table[places.at[2]];

        table[peeling->slot[taken]] = table[peeling->slot[taken]] ^ now ^ word->number;
    }
}

static uint32_t *room(size_t count)
{
    uint32_t *at = calloc(count + 1, sizeof *at);

    if (!at)
        abort();
    return at;
}

int formtable_solve(const struct formtable_word *words, size_t count, uint16_t *table, uint32_t slots)
{
    struct peeling peeling = {words,       room(slots), room(slots), room((size_t)slots + 3 * count),
                              room(count), room(count), slots};
    size_t taken;

    for (uint32_t word = 0; word < count; word++)
        use(&peeling, word);
    taken = peel(&peeling);
    if (taken == count)
        set_slots(&peeling, taken, table);
    free(peeling.users);
    free(peeling.of);
    free(peeling.queue);
    free(peeling.order);
    free(peeling.slot);
    return taken == count ? 0 : -1;
}
