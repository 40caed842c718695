/* Lines that were not read well are cut out once more, larger, smaller and wider, and read again. */
#pragma once

#include "pipeline/ocr/recogniser.h"

enum { SECOND_LOOKS = 3 };

/** How a line is set for each look after the first: pixels of its capitals, and width by height of a pixel.
 */
extern const double second_look_heights[SECOND_LOOKS], second_look_squeezes[SECOND_LOOKS];

/** True when another look may find more: something is doubted, or no word of a list. */
bool second_look_needed(const struct recognised *line);

/**
 * Takes over the words of `other`, another look at the same line, that are better than those of `line`. Both
 * are as wide as their strips, in pixels. Places stay those of `line`. True when anything was taken.
 */
bool second_look_join(const struct recognised *other, uint32_t other_width, uint32_t width,
                      struct recognised *line);
