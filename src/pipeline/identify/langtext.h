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
    LANGTEXT_SHUT = -16384,       /* added to lanes that may not win */
    LANGTEXT_SAME_LETTERS = 16,   /* a word of up to so many is scored once a window */
    LANGTEXT_SAME_PLACES = 1024   /* where such words are looked for */
};

/* What a caller knows beforehand, by language number and again by script and lane. */
struct langtext_prior {
    int16_t bonus[LANGMODEL_LANGUAGES_MAX];  /* score units, for each stretch in that language */
    uint8_t closed[LANGMODEL_LANGUAGES_MAX]; /* may not be answered */
    int16_t lane_bonus[LANGMODEL_GROUPS][LANGMODEL_LANES_MAX];
    int16_t lane_shut[LANGMODEL_GROUPS]
                     [LANGMODEL_LANES_MAX]; /* 0, or LANGTEXT_SHUT for closed and unused lanes */
};

struct langtext_word {
    /* How well each lane of the word's script goes with it: 0 for the best, down to -LANGLIMITS_WORD_FLOOR;
     * below LANGTEXT_SHUT / 2 for shut lanes. Nothing for scripts with one language. */
    int16_t fit[LANGMODEL_LANES_MAX] __attribute__((aligned(16)));
    size_t start, end;
    uint8_t group, letters, gap, capital, direct;
    uint8_t signs;    /* a code sign stands directly before or behind it */
    uint8_t language; /* set by langtext_divide */
    uint8_t length, around;
    uint8_t ids[LANGTEXT_SAME_LETTERS]; /* `length` of them, then zeros; nothing for longer words */
};

struct langtext_window {
    unsigned length;
    unsigned previous; /* language of the word before the window, or LANGMODEL_LANGUAGES_MAX */
    unsigned group;    /* the script of all words, or 0 if they differ or the script has one language */
    unsigned letters;  /* of all words read, also of skipped ones */
    unsigned scored;   /* letters of the words kept */
    unsigned skipped;  /* words read but not kept */
    int16_t sums[LANGMODEL_LANES_MAX] __attribute__((aligned(16))); /* of all words' fit, if group is not 0 */
    uint16_t same[LANGTEXT_SAME_PLACES]; /* by letters: one more than a word here that may be the same */
    struct langtext_word words[LANGTEXT_WORDS_MAX];
};

/* Fills the fields by script and lane from bonus and closed. */
void langtext_prepare(const struct varta_language_model *model, struct langtext_prior *prior);

/* Reads and scores the next words; zero when there are none left. With `sparse`, once the language is clear,
 * most words are skipped: enough for one answer, not for spans. */
unsigned langtext_read(const struct varta_language_model *model, const struct langtext_prior *prior,
                       struct wordscan *scan, int sparse, struct langtext_window *window);

/* Gives each word of the window its language: the likeliest sequence, where each change of language costs.
 * Returns 1 if all have the same and are of one script, 0 if not, and -1, with nothing done, if there may be
 * several languages but words were skipped: then the window has to be read again. With `one`, a window of one
 * script is taken for one language, the one that goes best with all its words. */
int langtext_divide(const struct varta_language_model *model, const struct langtext_prior *prior, int one,
                    struct langtext_window *window);
