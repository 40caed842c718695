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
#include "pipeline/identify/wordforms.h"

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef int8_t bytes8 __attribute__((vector_size(8)));
typedef int16_t words8 __attribute__((vector_size(16)));

enum {
    KINDS = NGRAM_LONGEST - NGRAM_SHORTEST + 1,
    LOOKUPS_MAX = KINDS * (WORDSCAN_LETTERS_MAX + 1) + 1,
    ROWS_MAX = LOOKUPS_MAX + WORDSCAN_LETTERS_MAX + 1,
    ROWS_AT_ONCE = 4 /* that add up in a byte */
};

struct tables {
    const int8_t *rows;
    const uint16_t *pairs;
    uint32_t alphabet;
    const uint8_t *lines;
    uint32_t line_count;
    const uint16_t *forms; /* null: none */
    const int8_t *kinds;
    uint32_t form_slots;
};

/* What is to be looked up for one word, so that all looks into the big table are under way together: each may
 * have to wait for memory. */
struct lookups {
    uint32_t slot[LOOKUPS_MAX]; /* byte offsets */
    uint16_t fingerprint[LOOKUPS_MAX];
    uint8_t miss[LOOKUPS_MAX]; /* the row if the model does not know it */
    unsigned count, rows;
    uint32_t row[ROWS_MAX];
    int known; /* `form` is set */
    struct wordforms_places form;
};

static inline void want(struct lookups *lookups, uint32_t line, uint64_t key, uint8_t miss)
{
    uint32_t check = ngram_check(key);

    lookups->slot[lookups->count] = line * NGRAM_LINE_BYTES + ngram_place(check) * NGRAM_SLOT_BYTES;
    lookups->fingerprint[lookups->count] = (uint16_t)ngram_fingerprint(check);
    lookups->miss[lookups->count++] = miss;
}

static inline uint32_t line_of(const struct tables *tables, uint64_t key)
{
    uint32_t line = ngram_line(ngram_line_key(key), tables->line_count);

    __builtin_prefetch(tables->lines + (size_t)line * NGRAM_LINE_BYTES);
    return line;
}

static inline void look_up(const struct tables *tables, struct lookups *lookups)
{
    for (unsigned i = 0; i < lookups->count; i++) {
        uint32_t slot, row;

        /* four bytes of a line of 64, of which the last slot ends at 63 */
        memcpy(&slot, tables->lines + lookups->slot[i], sizeof slot);
        slot &= 0xFFFFFFu;
        row = slot >> NGRAM_ROW_BITS == lookups->fingerprint[i] ? slot % NGRAM_ROWS_MAX : lookups->miss[i];

        lookups->row[lookups->rows++] = row;
    }
}

static inline bytes16 load(const int8_t *row, unsigned part)
{
    bytes16 value;

    memcpy(&value, row + 16 * part, sizeof value);
    return value;
}

static inline __attribute__((always_inline)) void widen(words8 *sums, bytes16 value)
{
    sums[0] += __builtin_convertvector(__builtin_shufflevector(value, value, 0, 1, 2, 3, 4, 5, 6, 7), words8);
    sums[1] +=
        __builtin_convertvector(__builtin_shufflevector(value, value, 8, 9, 10, 11, 12, 13, 14, 15), words8);
}

/* Constant `parts` of 16 lanes let the compiler keep the sums in registers. */
static inline __attribute__((always_inline)) void add_rows(const struct tables *tables,
                                                           const struct lookups *lookups, unsigned parts,
                                                           words8 *sums)
{
    const size_t lanes = 16 * parts;
    unsigned i = 0;

    for (; i + ROWS_AT_ONCE <= lookups->rows; i += ROWS_AT_ONCE) {
        const int8_t *a = tables->rows + lookups->row[i] * lanes,
                     *b = tables->rows + lookups->row[i + 1] * lanes;
        const int8_t *c = tables->rows + lookups->row[i + 2] * lanes,
                     *d = tables->rows + lookups->row[i + 3] * lanes;

#pragma GCC unroll 3
        for (unsigned part = 0; part < parts; part++)
            widen(sums + 2 * part, (load(a, part) + load(b, part)) + (load(c, part) + load(d, part)));
    }
    for (; i < lookups->rows; i++)
#pragma GCC unroll 3
        for (unsigned part = 0; part < parts; part++)
            widen(sums + 2 * part, load(tables->rows + lookups->row[i] * lanes, part));
}

static inline void want_form(const struct tables *tables, uint64_t key, struct lookups *lookups)
{
    if (!tables->forms)
        return;
    lookups->form = wordforms_find(key, tables->form_slots);
    lookups->known = 1;
    for (unsigned i = 0; i < 3; i++)
        __builtin_prefetch(tables->forms + lookups->form.at[i]);
}

static inline __attribute__((always_inline)) void add_kind(const struct tables *tables,
                                                           const struct lookups *lookups, unsigned parts,
                                                           words8 *sums)
{
    const int8_t *row;

    if (!lookups->known)
        return;
    row = tables->kinds + (size_t)wordforms_row(tables->forms, &lookups->form) * 16 * parts;
#pragma GCC unroll 3
    for (unsigned part = 0; part < parts; part++)
        widen(sums + 2 * part, load(row, part));
}

static inline void want_letters(const struct tables *tables, const struct wordscan_word *word,
                                struct lookups *lookups)
{
    uint64_t recent = LETTERS_EDGE, whole = LETTERS_EDGE;
    uint32_t before = LETTERS_EDGE;

    for (unsigned i = 0; i <= word->length; i++) {
        uint8_t id = i < word->length ? word->ids[i] : LETTERS_EDGE;

        recent = recent << 8 | id;
        whole = ngram_word_step(whole, id);
        lookups->row[lookups->rows++] = tables->pairs[before * tables->alphabet + id];
        before = id;
        if (i >= 1)
            want(lookups, line_of(tables, ngram_key(recent, 3)), ngram_key(recent, 3), 0);
        if (i >= 2) {
            uint32_t line = line_of(tables, ngram_key(recent, 4));

            want(lookups, line, ngram_key(recent, 4), 1);
            if (i >= 3)
                want(lookups, line, ngram_key(recent, 5), 2);
        }
    }
    if (word->length < NGRAM_WORD_SHORTEST)
        return;
    want(lookups, line_of(tables, ngram_word_key(whole)), ngram_word_key(whole), 3);
    want_form(tables, ngram_word_key(whole), lookups);
}

static void want_han(const struct tables *tables, const uint8_t *at, const uint8_t *end,
                     struct lookups *lookups)
{
    uint32_t before = 0;
    unsigned length;

    for (; at < end; at += length) {
        letters_entry entry = letters_at(at, end, &length);
        uint32_t point = ngram_point(at, length);

        if (letters_class(entry) != LETTERS_HAN)
            continue;
        want(lookups, line_of(tables, ngram_han_key(0, point)), ngram_han_key(0, point), 0);
        if (before)
            want(lookups, line_of(tables, ngram_han_key(before, point)), ngram_han_key(before, point), 1);
        before = point;
    }
}

static inline __attribute__((always_inline)) void score_word(const struct tables *tables,
                                                             const uint8_t *bytes,
                                                             const struct wordscan_word *word, unsigned parts,
                                                             int16_t *ret_scores)
{
    words8 sums[LANGMODEL_LANES_MAX / 8] = {{0}};
    struct lookups lookups;

    lookups.count = lookups.rows = 0;
    lookups.known = 0;
    if (word->group == LETTERS_HAN)
        want_han(tables, bytes + word->start, bytes + word->end, &lookups);
    else
        want_letters(tables, word, &lookups);
    look_up(tables, &lookups);
    add_rows(tables, &lookups, parts, sums);
    add_kind(tables, &lookups, parts, sums);
    memcpy(ret_scores, sums, 16 * parts * sizeof(int16_t));
}

void wordscore(const struct varta_language_model *model, const uint8_t *bytes,
               const struct wordscan_word *word, int16_t ret_scores[LANGMODEL_LANES_MAX])
{
    const struct langmodel_group *group = &model->header.groups[word->group - LETTERS_LATIN];
    const void *rows = model->bytes + group->rows_at, *pairs = model->bytes + group->pairs_at;
    const void *kinds = model->bytes + group->kinds_at, *forms = model->bytes + group->forms_at;
    const struct tables tables = {rows,
                                  pairs,
                                  letters_alphabet_size[word->group - LETTERS_LATIN],
                                  model->bytes + group->lines_at,
                                  group->line_count,
                                  group->form_slots ? forms : NULL,
                                  kinds,
                                  group->form_slots};

    if (group->lanes == 48)
        score_word(&tables, bytes, word, 3, ret_scores);
    else
        score_word(&tables, bytes, word, 1, ret_scores);
    /* Lane 0 is "no language" in every group. */
    ret_scores[0] = (int16_t)(ret_scores[0] + (int8_t)model->bytes[group->junk_at + word->around]);
}
