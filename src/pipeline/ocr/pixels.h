/* Bytes of JPEG and TIFF to pixels, and pixels to PNG: the door to Leptonica. Only pixels.c knows it. */
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

/** Lays `count` pixels of R G B A on the background. Returns how many were more transparent than not. */
uint32_t pixels_lay(const uint8_t *rgba, size_t count, struct pixels_background background, uint8_t *rgb);

/** A raster that is all background; false without memory. */
bool pixels_blank(uint32_t width, uint32_t height, struct pixels_background background,
                  struct raster *ret_raster);

/**
 * Decodes a JPEG or TIFF whose header passed picture_header_read(). Returns OUTCOME_OK,
 * OUTCOME_PICTURE_FORMAT for a TIFF of a kind that is not read, OUTCOME_PICTURE_DAMAGED or OUTCOME_NO_MEMORY.
 */
enum outcome pixels_decode(struct span file, const struct picture_header *header,
                           struct pixels_background background, struct raster *ret_raster);

/** Appends the raster as a PNG file. False without memory. */
bool pixels_write_png(const struct raster *raster, struct buf *out);
