/* A picture file of any format to upright pixels: its first frame, and its last when it is animated. */
#pragma once

#include "pipeline/ocr/pixels.h"

/**
 * Decodes a file whose header passed picture_header_read(). `*ret_last` has pixels only when there is more
 * than one frame, else it is zeroed; free both with raster_free(). The first frame's `damaged` is told of the
 * whole file. Returns OUTCOME_OK, OUTCOME_PICTURE_FORMAT,
 * OUTCOME_PICTURE_DAMAGED, OUTCOME_PICTURE_TOO_LARGE or OUTCOME_NO_MEMORY.
 */
enum outcome picture_frames_decode(struct span file, const struct picture_header *header,
                                   struct pixels_background background, struct raster *ret_first,
                                   struct raster *ret_last);
