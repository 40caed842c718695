/* Which pixels stand out from their surroundings, brighter or darker: the two polarities at once. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { CONTRAST_NONE, CONTRAST_BRIGHT, CONTRAST_DARK };

/**
 * Marks each pixel of `grey` (width × height bytes) with one of the enum in `mask` (as many bytes, the
 * caller's). The surroundings are a square of 2 × radius + 1 pixels. False without memory.
 */
bool contrast_mark(const uint8_t *grey, uint32_t width, uint32_t height, uint32_t radius, uint8_t *mask);
