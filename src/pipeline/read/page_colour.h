/* The colour that stands behind a page, as far as its own words tell. */
#pragma once

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * The colour that `text` begins with: #rgb, #rrggbb (old attributes leave the sign out), rgb() and rgba() in
 * numbers, the seventeen names of CSS 2.1. False for all else, and for what is fully transparent.
 * `*ret_rgb` is 0xRRGGBB.
 */
bool page_colour_parse(struct span text, uint32_t *ret_rgb);

/** The last background colour among the declarations of one style attribute, likewise. */
bool page_colour_of_style(struct span declarations, uint32_t *ret_rgb);
