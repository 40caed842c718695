/* A piece of text as scored words, and its division into languages: what identify.c puts together.
 *
 * Texts are worked through in windows of a fixed number of words, so that a text of any size needs the same
 * memory. */
#pragma once

#include "pipeline/identify/langmodel.h"
#include "pipeline/identify/wordscan.h"

enum {
    LANGTEXT_WORDS_MAX = 256,     /* words of a window: about 35 KB of scores, within a first-level cache */
    LANGTEXT_CANDIDATES_MAX = 16, /* languages considered in one window */
};

/* What a caller knows beforehand, by language number. */
struct langtext_prior {
    int16_t bonus[LANGMODEL_LANGUAGES_MAX];  /* score units, for each stretch in that language */
    uint8_t closed[LANGMODEL_LANGUAGES_MAX]; /* may not be answered */
};

struct langtext_word {
    size_t start, end;
    uint8_t group, letters, gap, capital, direct;
    uint8_t language; /* set by langtext_divide */
    int16_t highest;  /* of the scores, of open lanes */
    int16_t scores[LANGMODEL_LANES_MAX];
};

struct langtext_window {
    unsigned length;
    unsigned previous; /* language of the word before the window, or LANGMODEL_LANGUAGES_MAX */
    struct langtext_word words[LANGTEXT_WORDS_MAX];
};

/* Reads and scores the next words; zero when there are none left. */
unsigned langtext_read(const struct varta_language_model *model, struct wordscan *scan,
                       struct langtext_window *window);

/* Gives each word of the window its language: the likeliest sequence, where each change of language costs. */
void langtext_divide(const struct varta_language_model *model, const struct langtext_prior *prior,
                     struct langtext_window *window);
