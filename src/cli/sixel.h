/* Pixels as a terminal of the DEC kind draws them: sixel, six rows at a time. */
#pragma once

#include "base/buf.h"

/** Appends a picture of `width` × `height` (red, green, blue, row by row), made smaller to `wide` × `high`
 * pixels, in 216 colours. Neither is made larger. */
void sixel_add(const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t wide, uint32_t high,
               struct buf *out);
