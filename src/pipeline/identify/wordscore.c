/* The inner loop of the identifier. For each letter four rows of small weights are added: those of the pair
 * and of the runs of three, four and five letters ending here. A row number is found by one look in a hash
 * table, without a branch: an unknown run gets the row for unknown runs. Weights stay within ±31, so four
 * rows add up in bytes and are widened once.
 *
 * Danger: row numbers come from the model file unchecked here; langmodel_verify has held each against its
 * table. */
#include "pipeline/identify/wordscore.h"

#include <string.h>

#include "pipeline/identify/ngram.h"

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef int8_t bytes8 __attribute__((vector_size(8)));
typedef int16_t words8 __attribute__((vector_size(16)));

struct tables {
    const uint8_t *rows;
    const uint16_t *pairs;
    const uint32_t *slots;
    uint32_t slot_count;
};

static inline uint32_t row_of(const struct tables *tables, uint64_t key, uint32_t miss)
{
    uint64_t hash = ngram_hash(key);
    uint32_t slot = tables->slots[ngram_slot(hash, tables->slot_count)];

    return slot >> 16 == ngram_fingerprint(hash) ? slot & 0xFFFFu : miss;
}

static inline bytes16 load(const struct tables *tables, uint32_t row, unsigned lanes, unsigned part)
{
    bytes16 value;

    memcpy(&value, tables->rows + (size_t)row * lanes + 16 * part, sizeof value);
    return value;
}

static inline void widen(words8 *sums, bytes16 value)
{
    sums[0] += __builtin_convertvector(__builtin_shufflevector(value, value, 0, 1, 2, 3, 4, 5, 6, 7), words8);
    sums[1] +=
        __builtin_convertvector(__builtin_shufflevector(value, value, 8, 9, 10, 11, 12, 13, 14, 15), words8);
}

/* One letter: `recent` holds it and those before it, `count` of them. Constant `lanes` lets the compiler
 * unroll. */
static inline void add_letter(const struct tables *tables, uint64_t recent, unsigned count, unsigned lanes,
                              words8 *sums)
{
    uint32_t pair = tables->pairs[recent & 0xFFFF];
    uint32_t three = row_of(tables, ngram_key(recent, 3), 0), four, five;

    if (count < 5) { /* the word's first letters: no runs yet that long */
        for (unsigned part = 0; part < lanes / 16; part++) {
            bytes16 sum = load(tables, pair, lanes, part);

            if (count >= 3)
                sum += load(tables, three, lanes, part);
            if (count >= 4)
                sum += load(tables, row_of(tables, ngram_key(recent, 4), 1), lanes, part);
            widen(sums + 2 * part, sum);
        }
        return;
    }
    four = row_of(tables, ngram_key(recent, 4), 1);
    five = row_of(tables, ngram_key(recent, 5), 2);
    for (unsigned part = 0; part < lanes / 16; part++)
        widen(sums + 2 * part, load(tables, pair, lanes, part) + load(tables, three, lanes, part) +
                                   load(tables, four, lanes, part) + load(tables, five, lanes, part));
}

static inline void add_row(const struct tables *tables, uint32_t row, unsigned lanes, words8 *sums)
{
    for (unsigned part = 0; part < lanes / 16; part++)
        widen(sums + 2 * part, load(tables, row, lanes, part));
}

static inline void score_letters(const struct tables *tables, const struct wordscan_word *word,
                                 unsigned lanes, words8 *sums)
{
    uint64_t recent = LETTERS_EDGE, whole = LETTERS_EDGE;

    for (unsigned i = 0; i <= word->length; i++) {
        uint8_t id = i < word->length ? word->ids[i] : LETTERS_EDGE;

        recent = recent << 8 | id;
        whole = ngram_word_step(whole, id);
        add_letter(tables, recent, i + 2, lanes, sums);
    }
    if (word->length >= NGRAM_WORD_SHORTEST)
        add_row(tables, row_of(tables, ngram_word_key(whole), 3), lanes, sums);
}

static inline void score_han(const struct tables *tables, const uint8_t *at, const uint8_t *end,
                             unsigned lanes, words8 *sums)
{
    uint32_t before = 0;
    unsigned length;

    for (; at < end; at += length) {
        letters_entry entry = letters_at(at, end, &length);
        uint32_t point = ngram_point(at, length);

        if (letters_class(entry) != LETTERS_HAN)
            continue;
        add_row(tables, row_of(tables, ngram_han_key(0, point), 0), lanes, sums);
        if (before)
            add_row(tables, row_of(tables, ngram_han_key(before, point), 1), lanes, sums);
        before = point;
    }
}

static inline void score_word(const struct tables *tables, const uint8_t *bytes,
                              const struct wordscan_word *word, unsigned lanes, int16_t *ret_scores)
{
    words8 sums[LANGMODEL_LANES_MAX / 8];

    memset(sums, 0, lanes * sizeof(int16_t));
    if (word->group == LETTERS_HAN)
        score_han(tables, bytes + word->start, bytes + word->end, lanes, sums);
    else
        score_letters(tables, word, lanes, sums);
    memcpy(ret_scores, sums, lanes * sizeof(int16_t));
}

void wordscore(const struct varta_language_model *model, const uint8_t *bytes,
               const struct wordscan_word *word, int16_t ret_scores[LANGMODEL_LANES_MAX])
{
    const struct langmodel_group *group = &model->header.groups[word->group - LETTERS_LATIN];
    const void *pairs = model->bytes + group->pairs_at, *slots = model->bytes + group->slots_at;
    const struct tables tables = {model->bytes + group->rows_at, pairs, slots, group->slot_count};

    if (group->lanes == 48)
        score_word(&tables, bytes, word, 48, ret_scores);
    else
        score_word(&tables, bytes, word, 16, ret_scores);
    /* Lane 0 is "no language" in every group. */
    ret_scores[0] = (int16_t)(ret_scores[0] + (int8_t)model->bytes[group->junk_at + word->around]);
}
