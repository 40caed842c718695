/* Where a strip may be parted, and its parts. */
#pragma once

#include "pipeline/ocr/recogniser.h"

/**
 * The middle of the widest blank stretch of columns that begins within [from, to), wide enough to lie between
 * words; 0 when there is none.
 */
uint32_t strip_parts_gap(const struct strip *strip, uint32_t from, uint32_t to);

/**
 * A copy of the columns [left, right) in which every blank that is as wide as a space is three times as wide,
 * so that no model overlooks it. False without memory or when there is none. Owned by the caller: free its
 * pixels.
 */
bool strip_parts_widen(const struct strip *strip, uint32_t left, uint32_t right, struct strip *ret_strip);

/**
 * The columns [left, right) of the strip, without what is blank at either end; `*ret_left` is the column it
 * begins with. Borrows its pixels: not to be freed.
 */
struct strip strip_parts_cut(const struct strip *strip, uint32_t left, uint32_t right, uint32_t *ret_left);

/** Takes out columns that only cost time: those beside the text, of a wide blank more than a space, and
 * what is between letters that are spaced wide. */
void strip_parts_tighten(struct strip *strip);

/** Sets the ends of the words to the ink beside the blanks between them: models tell them only roughly. */
void strip_parts_settle(const struct strip *strip, struct recognised *line);
