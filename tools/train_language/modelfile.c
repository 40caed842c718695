/* Writes what src/pipeline/identify/langmodel.h describes. */
#include "modelfile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/identify/ngram.h"

void *modelfile_append(struct modelfile *file, size_t size, uint32_t *ret_at)
{
    void *place;

    file->size = (file->size + 63) & ~(size_t)63;
    if (file->size + size > LANGMODEL_SIZE_MAX)
        abort();
    *ret_at = (uint32_t)file->size;
    place = file->bytes + file->size;
    file->size += size;
    return place;
}

static void build_rows(struct modelfile *file, struct langmodel_group *group, const struct learner *learner)
{
    size_t values = (size_t)learner->rows * learner->lanes;
    int8_t *rows = modelfile_append(file, (size_t)learner->plan.rows * learner->lanes, &group->rows_at);

    for (size_t i = 0; i < values; i++)
        rows[i] = (int8_t)lrintf(learner->rounded[i] * LANGMODEL_NATS);
}

static void build_pairs(struct modelfile *file, struct langmodel_group *group, const struct learner *learner)
{
    uint32_t alphabet = letters_alphabet_size[learner->group - LETTERS_LATIN];
    uint16_t *pairs = modelfile_append(file, alphabet * alphabet * sizeof *pairs, &group->pairs_at);

    for (uint32_t first = 0; first < alphabet; first++)
        for (uint32_t second = 0; second < alphabet; second++) {
            uint64_t key = first << 8 | second;
            uint32_t number =
                key ? dictionary_find(&learner->dictionary, key, DICTIONARY_MISS_PAIR) : DICTIONARY_MISS_PAIR;

            pairs[first * alphabet + second] = (uint16_t)learner->row_of[number];
        }
}

static void build_lines(struct modelfile *file, struct langmodel_group *group, const struct learner *learner)
{
    uint8_t *lines = modelfile_append(file, (size_t)learner->plan.lines * NGRAM_LINE_BYTES, &group->lines_at);

    for (uint64_t i = 0; i <= learner->dictionary.mask; i++) {
        const struct dictionary_entry *entry = &learner->dictionary.entries[i];
        uint32_t line = ngram_line(ngram_line_key(entry->key), learner->plan.lines),
                 check = ngram_check(entry->key);
        uint32_t slot = ngram_fingerprint(check) << NGRAM_ROW_BITS | learner->row_of[entry->number];
        uint8_t *at = lines + (size_t)line * NGRAM_LINE_BYTES + ngram_place(check) * NGRAM_SLOT_BYTES;

        if (entry->key >= NGRAM_PAIRS)
            for (unsigned byte = 0; byte < NGRAM_SLOT_BYTES; byte++)
                at[byte] = (uint8_t)(slot >> (8 * byte));
    }
}

static void build_junk(struct modelfile *file, struct langmodel_group *group, const struct learner *learner)
{
    int8_t *junk = modelfile_append(file, WORDSCAN_AROUND_COUNT, &group->junk_at);

    for (unsigned i = 0; i < WORDSCAN_AROUND_COUNT; i++)
        junk[i] = (int8_t)lrintf(learner->junk[i] * LANGMODEL_NATS);
}

/* Until calibrated: the raw probability. */
static void build_trust(struct modelfile *file)
{
    for (unsigned g = 0; g < LANGMODEL_GROUPS; g++) {
        file->header.heat[g][0] = 1;
        file->header.heat[g][1] = 0;
        for (unsigned step = 0; step < LANGMODEL_STEPS; step++)
            file->header.confidence[g][step] = (float)(1 - exp2(-0.5 * step));
    }
}

enum { ROW_STRANGE = 1, WEIGHT_MOST = 31 }; /* of an unknown run of four letters */

/* Moves the weight of runs that the model does not know; "no language" has one in Cyrillic. */
static void add_strange(struct modelfile *file, const struct langmodel_language *language, int by)
{
    unsigned number = language == file->header.languages ? LETTERS_CYRILLIC : language->group;
    const struct langmodel_group *group;
    int weight;

    if (by == 0 || number < LETTERS_LATIN || number >= LETTERS_DIRECT)
        return;
    group = &file->header.groups[number - LETTERS_LATIN];
    if (group->lanes == 0)
        return;
    by += (int8_t)file->bytes[group->rows_at + ROW_STRANGE * group->lanes + language->lane];
    weight = by > WEIGHT_MOST ? WEIGHT_MOST : by < -WEIGHT_MOST ? -WEIGHT_MOST : by;
    file->bytes[group->rows_at + ROW_STRANGE * group->lanes + language->lane] = (uint8_t)weight;
}

static void build_languages(struct modelfile *file, const struct corpus *corpus)
{
    file->header.language_count = corpus->count;
    for (unsigned i = 0; i < corpus->count; i++) {
        const struct corpus_language *language = &corpus->languages[i];
        struct langmodel_language *to = &file->header.languages[i];

        memcpy(to->tag, language->tag, sizeof to->tag);
        to->group = language->group;
        to->lane = language->lane;
        to->lean = language->lean;
        add_strange(file, to, language->strange - to->strange);
        to->strange = language->strange;
        if (language->group >= LETTERS_LATIN && language->group < LETTERS_DIRECT)
            file->header.groups[language->group - LETTERS_LATIN].languages[language->lane] = (uint8_t)i;
    }
}

/* They stand behind everything else. */
static void take_out_forms(struct modelfile *file)
{
    for (unsigned g = 0; g < LANGMODEL_GROUPS; g++) {
        struct langmodel_group *group = &file->header.groups[g];

        if (group->form_slots && group->kinds_at < file->size)
            file->size = group->kinds_at;
        group->form_slots = group->forms_at = group->kinds_at = 0;
    }
}

int modelfile_take(struct modelfile *file, const struct corpus *corpus, const char *path)
{
    FILE *from = fopen(path, "rb");
    const char *wrong = "cannot be read";

    memset(file, 0, sizeof *file);
    file->bytes = aligned_alloc(64, LANGMODEL_SIZE_MAX);
    if (!file->bytes)
        abort();
    if (from) {
        file->size = fread(file->bytes, 1, LANGMODEL_SIZE_MAX, from);
        wrong = langmodel_verify(file->bytes, file->size);
        fclose(from);
    }
    if (wrong) {
        fprintf(stderr, "train-language: %s: %s\n", path, wrong);
        return -1;
    }
    memcpy(&file->header, file->bytes, sizeof file->header);
    take_out_forms(file);
    build_languages(file, corpus);
    build_trust(file);
    return 0;
}

void modelfile_build(struct modelfile *file, const struct corpus *corpus, const struct learner *learners,
                     unsigned count)
{
    memset(file, 0, sizeof *file);
    file->bytes = aligned_alloc(64, LANGMODEL_SIZE_MAX);
    if (!file->bytes)
        abort();
    memset(file->bytes, 0, LANGMODEL_SIZE_MAX);
    memcpy(file->header.magic, LANGMODEL_MAGIC, sizeof file->header.magic);
    file->header.version = LANGMODEL_VERSION;
    file->size = sizeof file->header;
    for (unsigned i = 0; i < count; i++) {
        struct langmodel_group *group = &file->header.groups[learners[i].group - LETTERS_LATIN];

        group->lanes = learners[i].lanes;
        group->row_count = learners[i].plan.rows; /* unused ones are zero */
        group->line_count = learners[i].plan.lines;
        build_rows(file, group, &learners[i]);
        build_pairs(file, group, &learners[i]);
        build_lines(file, group, &learners[i]);
        build_junk(file, group, &learners[i]);
    }
    build_languages(file, corpus);
    build_trust(file);
}

void modelfile_seal(struct modelfile *file)
{
    size_t start = offsetof(struct langmodel_header, checksum) + sizeof file->header.checksum;

    file->header.size = (uint32_t)file->size;
    memcpy(file->bytes, &file->header, sizeof file->header);
    file->header.checksum = langmodel_checksum(file->bytes + start, file->size - start);
    memcpy(file->bytes, &file->header, sizeof file->header);
}

int modelfile_write(const struct modelfile *file, const char *path)
{
    FILE *to = fopen(path, "wb");
    int good = to && fwrite(file->bytes, 1, file->size, to) == file->size;

    if (to && fclose(to) != 0)
        good = 0;
    if (!good)
        fprintf(stderr, "train-language: cannot write %s\n", path);
    return good ? 0 : -1;
}
