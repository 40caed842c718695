/* From the probabilities of a line's steps to its letters: the best path through them, words weighed. */
#pragma once

#include "pipeline/ocr/word_graph.h"

enum { LINE_PATH_NO_LETTER = -1 };

/** What the codes of a network stand for. */
struct line_path_codes {
    const int16_t *letters; /**< of each code, or LINE_PATH_NO_LETTER */
    uint32_t count;
    uint32_t blank; /**< stands between letters, and within them */
    const struct word_lists *lists;
};

/** One letter of the path. The letter 0 is a space. */
struct line_path_letter {
    int16_t letter;
    bool begins;         /**< a word of a list begins here */
    enum word_kind kind; /**< of the word so far */
    float certainty;     /**< logarithm of the least probability on the way to it; 0 is certain */
    uint32_t left;       /**< the first step that is the letter's */
};

struct line_path {
    struct line_path_letter *letters;
    uint32_t count;
    uint32_t steps;
};

/** `shares` are `steps` times `codes->count` probabilities. False for want of memory. */
bool line_path_find(const struct line_path_codes *codes, const float *shares, uint32_t steps,
                    struct line_path *ret_path);

void line_path_free(struct line_path *path);
