/*
 * Text flowing into blocks the way a browser lays it out: white space collapses, block borders break,
 * invisible characters vanish. Two flows run side by side, because hidden text in the middle of a sentence
 * must not break the sentence.
 */
#pragma once

#include "pipeline/page.h"

/** Where a piece of text stands. */
struct text_place {
    enum origin origin;
    bool hidden;
    bool maybe;
    bool layer;
    bool link;
    bool lines;      /**< line ends are kept as breaks between paragraphs: pre, text/plain */
    uint8_t heading; /**< 0 to 6 */
    uint64_t path;
    uint32_t picture; /**< UINT32_MAX when none */
};

/** One flow: the block that is being written. */
struct text_flow {
    struct reading *reading; /**< borrowed; finished blocks go there */
    char *at;                /**< owned by malloc */
    size_t size, room;
    size_t *text_bytes; /**< shared by the flows of a page: bytes of all blocks so far */
    size_t *block_room; /**< shared: room of reading->blocks */
    struct text_place place;
    bool space;     /**< a space is due before the next character */
    uint32_t lines; /**< line ends in a row */
    uint32_t letters, link_letters;
    uint32_t ahead; /**< visible letters that another flow holds and that stand before this block */
    bool failed;    /**< no memory */
    bool cut;       /**< text was left out at a limit */
};

void text_flow_free(struct text_flow *flow);

/** Appends UTF-8 text; a block begins with the first character that is not white space. */
void text_flow_add(struct text_flow *flow, struct span text, const struct text_place *place);

/** A br: a space inside the block; two in a row end it. */
void text_flow_line(struct text_flow *flow);

/** Ends the block; nothing happens when it is empty. */
void text_flow_break(struct text_flow *flow);
