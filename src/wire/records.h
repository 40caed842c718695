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

/** What is to be delivered, and where to. */
struct delivery_order {
    struct span target; /**< as written on the command line or in the configuration; ends in NUL */
    struct span line;   /**< the finished message */
};

void delivery_order_put(struct buf *out, const struct delivery_order *order);
bool delivery_order_get(struct span in, struct arena *arena, struct delivery_order *ret_order);

void capture_put(struct buf *out, const struct capture *capture);
bool capture_get(struct span in, struct capture *ret_capture);

void reading_put(struct buf *out, const struct reading *reading);
bool reading_get(struct span in, struct reading *ret_reading);

void picture_text_put(struct buf *out, const struct picture_text *text);
bool picture_text_get(struct span in, struct picture_text *ret_text);
