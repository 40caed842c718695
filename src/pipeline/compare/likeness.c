/*
 * Exact matches by hash, the rest by the share of neighbouring word pairs: pairs, because single words of two
 * texts in one language overlap by a third whatever they say.
 */
#include "pipeline/compare/likeness.h"

#include "base/hash.h"
#include "pipeline/compare/memory.h"

#include <errno.h>

/* Below this share the likeness is chance: two texts about one ministry share some pairs of words. */
#define LIKENESS_MIN 0.3F

/* Text that was seen once, or comes and goes, says little about the page. */
#define LASTING_WEIGHT_MIN 0.25

enum { WORD_LETTERS_MIN = 5 };

static uint64_t pair_of(const struct piece_word *words, size_t i, size_t count)
{
    if (count == 1)
        return words[0].full;
    return (uint64_t)words[i].full << 32 ^ words[i + 1].full ^ 0x5851F42D4C957F2Dull;
}

static size_t pair_count(size_t words)
{
    return words > 1 ? words - 1 : words;
}

static void put_pairs(struct set64 *pairs, const struct piece_word *words, size_t count)
{
    for (size_t i = 0; i < pair_count(count); i++)
        set64_put(pairs, pair_of(words, i, count), 1);
}

static float share_of_pairs(const struct set64 *pairs, const struct piece_word *words, size_t count)
{
    size_t found = 0, all = pair_count(count);
    for (size_t i = 0; i < all; i++)
        found += set64_find(pairs, pair_of(words, i, count)) != NULL;
    float share = all ? (float)found / (float)all : 0;
    return share < LIKENESS_MIN ? 0 : share;
}

/* ---- exact -----------------------------------------------------------------------------------------------
 */

/* What a visitor saw and no longer sees is gone, though its letters are still sent: a message may stand in
 * front of the whole old page, hidden. */
static bool still_said(const struct memory_piece *memory, const struct piece *piece)
{
    return piece->counts || !(memory->flags & MEMORY_COUNTS);
}

/* A message may be sent hidden first, to become known, and be shown later. */
static bool known_as_shown(const struct memory_piece *memory, const struct piece *piece)
{
    return !piece->counts || memory_was_shown(memory);
}

static int match_pieces(struct likeness *likeness, struct arena *arena, bool *ret_differs)
{
    const struct baseline *baseline = likeness->baseline;
    struct set64 known;
    if (set64_make(arena, baseline->piece_count, &known))
        return -ENOMEM;
    for (uint32_t i = 0; i < baseline->piece_count; i++)
        set64_put(&known, baseline->pieces[i].hash, i);
    bool differs = false;
    for (size_t i = 0; i < likeness->page.count; i++) {
        const uint32_t *index = set64_find(&known, likeness->page.at[i].hash);
        if (index && !known_as_shown(&baseline->pieces[*index], &likeness->page.at[i]))
            index = NULL;
        likeness->page_match[i] = index ? *index : LIKENESS_NONE;
        likeness->page_share[i] = index ? 1 : 0;
        differs |= !index;
        if (index && still_said(&baseline->pieces[*index], &likeness->page.at[i]))
            likeness->memory_share[*index] = 1;
    }
    for (uint32_t i = 0; i < baseline->piece_count && !differs; i++)
        differs = likeness->memory_share[i] < 1 && memory_weight(baseline, &baseline->pieces[i]) > 0;
    *ret_differs = differs;
    return 0;
}

/* ---- word by word
 * ------------------------------------------------------------------------------------------ */

static int read_memory_words(struct likeness *likeness, struct arena *arena)
{
    const struct baseline *baseline = likeness->baseline;
    likeness->memory_first = arena_alloc(arena, baseline->piece_count + 1u, sizeof(uint32_t));
    if (!likeness->memory_first)
        return -ENOMEM;
    for (uint32_t i = 0; i < baseline->piece_count; i++) {
        likeness->memory_first[i] = (uint32_t)likeness->memory.word_count;
        if (piece_add(baseline->pieces[i].text, arena, &likeness->memory))
            return -ENOMEM;
    }
    likeness->memory_first[baseline->piece_count] = (uint32_t)likeness->memory.word_count;
    return 0;
}

static size_t memory_words(const struct likeness *likeness, size_t piece)
{
    return likeness->memory_first[piece + 1] - likeness->memory_first[piece];
}

/* A list without words has no room for them either. */
static const struct piece_word *words_from(const struct piece_list *list, size_t first)
{
    return list->words ? list->words + first : NULL;
}

static int share_memory(struct likeness *likeness, struct arena *arena)
{
    struct set64 pairs;
    if (set64_make(arena, likeness->page.word_count, &pairs))
        return -ENOMEM;
    for (size_t i = 0; i < likeness->page.count; i++) {
        const struct piece *piece = &likeness->page.at[i];
        if (piece->counts)
            put_pairs(&pairs, words_from(&likeness->page, piece->first_word), piece->word_count);
    }
    for (uint32_t i = 0; i < likeness->baseline->piece_count; i++)
        if (likeness->memory_share[i] < 1)
            likeness->memory_share[i] = share_of_pairs(
                &pairs, words_from(&likeness->memory, likeness->memory_first[i]), memory_words(likeness, i));
    return 0;
}

static int share_page(struct likeness *likeness, struct arena *arena)
{
    struct set64 sent, shown;
    if (set64_make(arena, likeness->memory.word_count, &sent) ||
        set64_make(arena, likeness->memory.word_count, &shown))
        return -ENOMEM;
    for (uint32_t i = 0; i < likeness->baseline->piece_count; i++) {
        const struct piece_word *words = words_from(&likeness->memory, likeness->memory_first[i]);
        put_pairs(&sent, words, memory_words(likeness, i));
        if (memory_was_shown(&likeness->baseline->pieces[i]))
            put_pairs(&shown, words, memory_words(likeness, i));
    }
    for (size_t i = 0; i < likeness->page.count; i++) {
        const struct piece *piece = &likeness->page.at[i];
        if (likeness->page_share[i] < 1)
            likeness->page_share[i] =
                share_of_pairs(piece->counts ? &shown : &sent, words_from(&likeness->page, piece->first_word),
                               piece->word_count);
    }
    return 0;
}

static void put_stems(struct set64 *present, const struct piece_list *page, const struct piece *piece)
{
    for (size_t i = piece->first_word; i < piece->first_word + piece->word_count; i++)
        if (page->words[i].letters >= WORD_LETTERS_MIN)
            set64_put(present, page->words[i].stem, 1);
}

/* Different stems of longer words: short ones are in every text. */
static int share_words(struct likeness *likeness, struct arena *arena)
{
    struct set64 present, seen;
    if (set64_make(arena, likeness->page.word_count, &present) ||
        set64_make(arena, likeness->memory.word_count, &seen))
        return -ENOMEM;
    for (size_t i = 0; i < likeness->page.count; i++)
        if (likeness->page.at[i].counts)
            put_stems(&present, &likeness->page, &likeness->page.at[i]);
    uint32_t all = 0, found = 0;
    for (uint32_t i = 0; i < likeness->baseline->piece_count; i++) {
        if (memory_weight(likeness->baseline, &likeness->baseline->pieces[i]) < LASTING_WEIGHT_MIN)
            continue;
        for (uint32_t j = likeness->memory_first[i]; j < likeness->memory_first[i + 1]; j++) {
            const struct piece_word *word = &likeness->memory.words[j];
            if (word->letters < WORD_LETTERS_MIN || set64_find(&seen, word->stem))
                continue;
            set64_put(&seen, word->stem, 1);
            all++;
            found += set64_find(&present, word->stem) != NULL;
        }
    }
    likeness->words = all ? (double)found / all : -1;
    return 0;
}

int likeness_make(const struct baseline *baseline, const struct reading *reading, struct arena *lasting,
                  struct arena *arena, struct likeness *ret_likeness)
{
    struct likeness likeness = {.baseline = baseline, .words = 1};
    if (piece_read(reading, lasting, &likeness.page))
        return -ENOMEM;
    likeness.page_match = arena_alloc(arena, likeness.page.count + 1, sizeof(uint32_t));
    likeness.page_share = arena_alloc(arena, likeness.page.count + 1, sizeof(float));
    likeness.memory_share = arena_alloc(arena, (baseline ? baseline->piece_count : 0) + 1u, sizeof(float));
    if (!likeness.page_match || !likeness.page_share || !likeness.memory_share)
        return -ENOMEM;
    bool differs = false;
    int error = baseline ? match_pieces(&likeness, arena, &differs) : 0;
    if (!error && differs) {
        error = read_memory_words(&likeness, arena);
        error = error ? error : share_memory(&likeness, arena);
        error = error ? error : share_page(&likeness, arena);
        error = error ? error : share_words(&likeness, arena);
    }
    if (error)
        return error;
    *ret_likeness = likeness;
    return 0;
}

/* ---- answers
 * ----------------------------------------------------------------------------------------------- */

double likeness_of_page_piece(const struct likeness *likeness, size_t piece)
{
    return (double)likeness->page_share[piece];
}

double likeness_of_memory_piece(const struct likeness *likeness, size_t piece)
{
    return (double)likeness->memory_share[piece];
}
