/* The first and the last picture of an animated WebP: the door to libwebp's demuxer. Only webp_frames.c knows
 * it. */
#pragma once

#include "base/outcome.h"
#include "pipeline/ocr/pixels.h"

/**
 * Decodes frame by frame as a browser would show it. `*ret_last` is a raster of its own only when there is
 * more than one frame, else zeroed. Returns OUTCOME_OK, OUTCOME_PICTURE_DAMAGED, OUTCOME_PICTURE_TOO_LARGE
 * (over all frames), OUTCOME_NO_MEMORY.
 */
enum outcome webp_frames_decode(struct span file, const struct picture_header *header,
                                struct pixels_background background, struct raster *ret_first,
                                struct raster *ret_last);
