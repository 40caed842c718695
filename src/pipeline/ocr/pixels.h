/* Bytes to pixels and back: the door to Leptonica. Only pixels.c knows it. */
#pragma once

#include "base/buf.h"
#include "base/outcome.h"
#include "pipeline/ocr/picture_header.h"
#include "pipeline/ocr/raster.h"

/** How to lay transparent pixels. */
struct pixels_background {
    uint8_t red, green, blue;
};

/** Silences the decoders' own messages: what they have to say is in the outcome. Once a process. */
void pixels_quiet(void);

/**
 * Decodes a picture whose header passed picture_header_read(), GIF and animated WebP excepted.
 * Returns OUTCOME_OK, OUTCOME_PICTURE_DAMAGED or OUTCOME_NO_MEMORY.
 */
enum outcome pixels_decode(struct span file, const struct picture_header *header,
                           struct pixels_background background, struct raster *ret_raster);

/** Appends the raster as a PNG file. False without memory. */
bool pixels_write_png(const struct raster *raster, struct buf *out);
