/* A BMP to pixels: every kind that browsers show, Windows' and OS/2's, plain and in runs. */
#pragma once

#include "base/outcome.h"
#include "pipeline/ocr/pixels.h"

/**
 * Decodes a file whose header passed picture_header_read(). Rows that are missing show the background, and
 * `damaged` is set. Returns OUTCOME_OK, OUTCOME_PICTURE_FORMAT for what is packed in another way,
 * OUTCOME_PICTURE_DAMAGED when there is not one row, OUTCOME_NO_MEMORY.
 */
enum outcome bmp_rows_decode(struct span file, const struct picture_header *header,
                             struct pixels_background background, struct raster *ret_raster);
