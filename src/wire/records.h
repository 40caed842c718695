/*
 * What the processes tell one another: the orders that go to a helper, and the records of page.h that come
 * back. Each x_put() has its x_get() beside it in the .c file. A get fills its record from hostile bytes,
 * returns false when anything in them is wrong, and leaves the record for its x_free() either way.
 */
#pragma once

#include "pipeline/page.h"
#include "wire/codec.h"

void fetch_order_put(struct buf *out, const struct fetch_order *order);
bool fetch_order_get(struct span in, struct arena *arena, struct fetch_order *ret_order);

void read_request_put(struct buf *out, const struct read_request *order);
bool read_request_get(struct span in, struct arena *arena, struct read_request *ret_order);

void picture_order_put(struct buf *out, const struct picture_order *order);
bool picture_order_get(struct span in, struct picture_order *ret_order);

void sink_order_put(struct buf *out, const struct sink_order *order);
bool sink_order_get(struct span in, struct arena *arena, struct sink_order *ret_order);

/** How one delivery went. */
struct delivered {
    uint32_t error;     /**< an errno; 0 when the sink took it */
    struct span detail; /**< a sentence, may be empty; may carry the sink's own words */
};

void delivered_put(struct buf *out, const struct delivered *delivered);
bool delivered_get(struct span in, struct arena *arena, struct delivered *ret_delivered);

void keep_order_put(struct buf *out, const struct keep_order *order);
/** Everything in it is borrowed from `in`, arrays apart: bodies are large. */
bool keep_order_get(struct span in, struct arena *arena, struct keep_order *ret_order);

void clear_order_put(struct buf *out, const struct clear_order *order);
bool clear_order_get(struct span in, struct arena *arena, struct clear_order *ret_order);

void kept_put(struct buf *out, const struct kept *kept);
bool kept_get(struct span in, struct arena *arena, struct kept *ret_kept);

void capture_put(struct buf *out, const struct capture *capture);
bool capture_get(struct span in, struct capture *ret_capture);

void reading_put(struct buf *out, const struct reading *reading);
bool reading_get(struct span in, struct reading *ret_reading);

void picture_copy_put(struct buf *out, const struct picture_copy *copy);
bool picture_copy_get(struct span in, struct picture_copy *ret_copy);

void picture_text_put(struct buf *out, const struct picture_text *text);
bool picture_text_get(struct span in, struct picture_text *ret_text);
