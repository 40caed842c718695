/* Where a strip may be parted, and its parts. */
#pragma once

#include "pipeline/ocr/recogniser.h"

/**
 * The middle of the widest blank stretch of columns that begins within [from, to), wide enough to lie between
 * words; 0 when there is none.
 */
uint32_t strip_parts_gap(const struct strip *strip, uint32_t from, uint32_t to);

/** The columns [left, right) of the strip. Borrows its pixels: not to be freed. */
struct strip strip_parts_cut(const struct strip *strip, uint32_t left, uint32_t right);
