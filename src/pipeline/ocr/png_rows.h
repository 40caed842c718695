/* A PNG to pixels, row by row, as browsers show it: the door to libpng. Only png_rows.c knows it. */
#pragma once

#include "base/outcome.h"
#include "pipeline/ocr/pixels.h"

/**
 * Decodes a file whose header passed picture_header_read(). Wrong check sums and a missing end do not keep it
 * from being read, and rows that are missing show the background: all of that sets `damaged`, but for check
 * sums of pieces that are not shown. Returns OUTCOME_OK, OUTCOME_PICTURE_DAMAGED when not one row can be
 * read, OUTCOME_NO_MEMORY.
 */
enum outcome png_rows_decode(struct span file, const struct picture_header *header,
                             struct pixels_background background, struct raster *ret_raster);
