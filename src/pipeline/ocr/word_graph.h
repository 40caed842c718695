/* A model's lists of words, of punctuation around words and of numbers, as graphs of letters. */
#pragma once

#include "pipeline/ocr/traineddata.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    WORD_GRAPH_NONE = -1,      /* no edge */
    WORD_GRAPH_POSITIONS = 12, /* that a piece of text can be at in the three graphs */
    WORD_GRAPH_LETTERS = 512   /* of a model */
};

/** Edges of 64 bits: letter, flags, and the first edge of the node it leads to. */
struct word_graph {
    uint64_t *edges;
    uint32_t count;
    uint32_t first_count; /**< edges of the first node, in the order of their letters */
    uint32_t letter_bits;
};

/** The better of two kinds is the larger. */
enum word_kind { WORD_NO = 0, WORD_PUNCTUATION = 1, WORD_ANY = 2, WORD_NUMBER = 6, WORD_LISTED = 8 };

/** Where a piece of text ends in the graphs. */
struct word_position {
    int32_t edge;        /**< in the graph of words or numbers, or WORD_GRAPH_NONE */
    int32_t punctuation; /**< edge in the graph of punctuation, or WORD_GRAPH_NONE at its beginning */
    int8_t graph;        /**< which one `edge` is in; WORD_GRAPH_NONE before the word has begun */
    bool behind;         /**< the word is over, more punctuation may come */
};

struct word_positions {
    struct word_position at[WORD_GRAPH_POSITIONS];
    uint32_t count;
};

struct word_lists {
    struct word_graph graphs[3]; /**< punctuation, words, numbers; may be empty */
    bool digit[WORD_GRAPH_LETTERS];
};

/** False when a list is damaged, or for want of memory. `digit` is left to the caller. */
bool word_lists_read(const struct traineddata *parts, struct word_lists *ret_lists);

void word_lists_free(struct word_lists *lists);

/** Where words begin. */
struct word_positions word_lists_start(const struct word_lists *lists);

/** Goes on from `from` by one letter. Gives what the text is by now, WORD_NO when no list has it;
 * `*ret_whole` tells whether it may end there. */
enum word_kind word_lists_go_on(const struct word_lists *lists, const struct word_positions *from,
                                uint32_t letter, struct word_positions *ret_to, bool *ret_whole);
