/* The first and the last picture of a GIF: the door to giflib. Only gif_frames.c knows it. */
#pragma once

#include "base/outcome.h"
#include "pipeline/ocr/pixels.h"

/**
 * Decodes frame by frame as a browser would show it. `*ret_last` is a raster of its own only when the GIF has
 * more than one frame, else zeroed. A file that breaks off gives what there was, and `damaged`.
 * Returns OUTCOME_OK, OUTCOME_PICTURE_DAMAGED, OUTCOME_PICTURE_TOO_LARGE, OUTCOME_NO_MEMORY.
 */
enum outcome gif_frames_decode(struct span file, const struct picture_header *header,
                               struct pixels_background background, struct raster *ret_first,
                               struct raster *ret_last);
