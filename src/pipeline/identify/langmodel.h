/* The model file: how it is laid out and checked. Written by tools/train_language, read here, mapped
 * unchanged.
 *
 * Little-endian. A header, the languages, then for each script group:
 *   rows    `row_count` rows of `lanes` signed bytes: how much a feature speaks for each language, in 1/8 nat
 *   pairs   row numbers (16 bits), one for each pair of letters of the script's alphabet
 *   lines   cache lines of the features' hash table, see ngram.h
 *   junk    64 signed bytes: what the surroundings of a word say for "no language"
 *   forms   16 bits each, words of spelling dictionaries and web pages, if there are any: see wordforms.h
 *   kinds   256 rows of `lanes` signed bytes: what the number of such a word adds
 * Rows 0-3 are what is added for a run of 3, 4, 5 letters or a word that the model does not know. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "pipeline/identify/letters.h"

enum {
    LANGMODEL_VERSION = 3,
    LANGMODEL_GROUPS = 4, /* Latin, Cyrillic, Arabic, Han: letters_class - LETTERS_LATIN */
    LANGMODEL_LANGUAGES_MAX = 96,
    LANGMODEL_LANES_MAX = 48,
    LANGMODEL_TAG_SIZE = 12,
    LANGMODEL_MISS_ROWS = 4,
    LANGMODEL_STEPS = 32,          /* points of a calibration curve */
    LANGMODEL_SIZE_MAX = 32 << 20, /* bytes: no model of ours comes near it */
    LANGMODEL_NATS = 8             /* score units in one nat */
};

#define LANGMODEL_MAGIC "varta-l\n"

struct langmodel_language {
    char tag[LANGMODEL_TAG_SIZE]; /* BCP 47, ends in NUL */
    uint8_t group;                /* LETTERS_LATIN … LETTERS_DIRECT; und: 0 */
    uint8_t lane;                 /* in its group; of a direct script, enum letters_direct */
    int8_t lean;                  /* score units, once for a stretch: how much likelier than by its words */
    int8_t strange; /* score units: what its group's row 1 has for it on top of what was learnt */
};

struct langmodel_group {
    uint32_t lanes; /* 0: no such group */
    uint32_t row_count, line_count;
    uint32_t rows_at, pairs_at, lines_at, junk_at; /* byte offsets in the file, multiples of 64 */
    uint32_t forms_at, kinds_at;                   /* the same; nothing there if form_slots is 0 */
    uint32_t form_slots;                           /* a multiple of WORDFORMS_SEGMENT */
    uint8_t languages[LANGMODEL_LANES_MAX];        /* the language of each lane, 0 (und) for unused ones */
};

struct langmodel_header {
    char magic[8];
    uint32_t version;
    uint32_t size;     /* bytes of the whole file */
    uint64_t checksum; /* of all bytes after this field */
    uint32_t language_count;
    uint32_t reserved;
    struct langmodel_language languages[LANGMODEL_LANGUAGES_MAX];
    struct langmodel_group groups[LANGMODEL_GROUPS];
    float heat[LANGMODEL_GROUPS][2]; /* temperature of a text of n letters: heat[0] + heat[1] * ln n */
    float confidence[LANGMODEL_GROUPS]
                    [LANGMODEL_STEPS]; /* measured share of right answers by raw probability */
};

struct langtext_prior;

struct varta_language_model {
    const uint8_t *bytes;
    size_t size;
    int mapped;                      /* munmap on close */
    struct langtext_prior *no_prior; /* for calls without options */
    struct langmodel_header header;
};

/* Of the bytes after the checksum field. */
uint64_t langmodel_checksum(const void *bytes, size_t size);

/* Null if the file can be used, or what is wrong with it. */
const char *langmodel_verify(const void *bytes, size_t size);
