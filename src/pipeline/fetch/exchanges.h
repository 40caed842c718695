/*
 * The heads of a transfer as they went over the wire, for evidence. A server may send many and long ones, so
 * both their number and their bytes have ceilings; what does not fit is left out whole.
 */
#pragma once

#include "pipeline/page.h"

struct exchanges {
    struct arena *arena; /**< borrowed: where heads are copied to */
    struct exchange *at; /**< `count` */
    size_t count, room;
    size_t bytes;     /**< of all heads */
    bool open;        /**< what comes next belongs to the last one */
    bool head_ended;  /**< its answer's head is complete */
    struct span head; /**< of its answer as far as it came */
    size_t head_room;
};

/** A request was sent. One to a proxy itself (CONNECT) is nobody's, nor is the answer to it. */
void exchanges_request(struct exchanges *exchanges, struct span head, struct span url, int64_t at_us);

/** A line of an answer's head came, with its line end. */
void exchanges_line(struct exchanges *exchanges, struct span line, uint16_t status, struct span address);

/** Hands over what there is. */
void exchanges_end(struct exchanges *exchanges, struct capture *capture);
