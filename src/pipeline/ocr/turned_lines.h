/* Reads a picture's lines whichever way up they stand. */
#pragma once

#include "pipeline/ocr/picture_lines.h"

/**
 * picture_lines_read(), and where what was read makes no sense the picture is tried upside down and on either
 * side. Boxes are those of the picture as it is; lines of a turned picture are in reading order already and
 * `reading->turned` is set. `raster` is as before when it returns, but was turned meanwhile. Returns
 * OUTCOME_OK or OUTCOME_NO_MEMORY.
 */
enum outcome turned_lines_read(struct picture_lines *reading, struct raster *raster);
