/* The training texts in memory, by language, with a part held out for calibration. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dice.h"
#include "pipeline/identify/langmodel.h"

enum {
    CORPUS_HELD_EVERY = 20, /* every 20th line and list word is held out */
    CORPUS_LANGUAGES_MAX = LANGMODEL_LANGUAGES_MAX
};

struct corpus_text {
    const char *at;
    uint32_t size;  /* bytes */
    uint32_t count; /* of a list word */
};

struct corpus_texts {
    struct corpus_text *at;
    size_t length, room;
};

/* How a language's texts come to be from a source language's. */
enum corpus_made {
    CORPUS_AS_IS,
    CORPUS_SERBIAN_LATIN,
    CORPUS_RUSSIAN_LATIN,
    CORPUS_UKRAINIAN_LATIN,
    CORPUS_JUNK
};

struct corpus_language {
    char tag[LANGMODEL_TAG_SIZE];
    const char *source; /* file stem in train/ and words/ */
    uint8_t group, lane;
    enum corpus_made made;
    float weight; /* share of the training samples of its group, relative to 1 */
    int8_t lean, strange; /* see langmodel_language */
    struct corpus_texts lines, held_lines, words, held_words;
    double *word_ladder; /* running sums of the list words' sampling weights */
};

struct corpus {
    struct corpus_language languages[CORPUS_LANGUAGES_MAX];
    unsigned count;
};

/* Reads FOLDER/train and FOLDER/words. Lines whose licence in SOURCES.tsv contains one of the words of
 * `without` (comma-separated, may be empty) are left out. Returns 0, or -1 with a message on standard error.
 */
int corpus_load(struct corpus *corpus, const char *folder, const char *without);

/* The whole file, ended by a NUL; null if it cannot be read. */
char *corpus_read_file(const char *path, size_t *ret_size);

/* Whether the language has a list of words that were counted; that of a spelling dictionary is not. */
int corpus_has_counts(const struct corpus_language *language);

/* Whether a licence contains one of the words of `without`. */
int corpus_is_unwanted(const char *licence, const char *without);

/* A list word, drawn by count to a power below one; null without a list. */
const struct corpus_text *corpus_draw_word(const struct corpus_language *language, struct dice *dice);
