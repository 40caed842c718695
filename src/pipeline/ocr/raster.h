/*
 * A decoded picture in plain arrays. Everything behind the decoders works on these, so that no file but the
 * decoders' own knows their libraries' types.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct raster {
    uint32_t width;
    uint32_t height;
    uint8_t *rgb;   /**< owned; width × height × 3 bytes, rows from the top, R G B */
    uint32_t clear; /**< pixels that were more transparent than not, and were laid on the background */
    bool damaged;   /**< the file breaks off or is damaged: what is missing shows the background, or noise */
};

/** A raster of uninitialised pixels; false without memory. */
bool raster_new(uint32_t width, uint32_t height, struct raster *ret_raster);

/** Frees the pixels. Safe on a zeroed raster. */
void raster_free(struct raster *raster);

/** Turns it upright by an EXIF orientation (1 to 8). False without memory, the raster as it was. */
bool raster_orient(struct raster *raster, uint8_t orientation);

/** One by `step` in each direction: the mean over squares of step × step pixels. False without memory. */
bool raster_reduce(const struct raster *raster, uint32_t step, struct raster *ret_raster);

/** What of a pixel's colour is looked at. */
enum raster_channel {
    RASTER_GREY, /**< luminance (Rec. 601 weights) */
    RASTER_RED,  /**< red beyond the luminance, 128 when neutral: red text on grey of the same luminance */
    RASTER_BLUE, /**< blue beyond the luminance, likewise */
    RASTER_CHANNELS
};

/** One byte a pixel. NULL without memory; owned by the caller, free(). */
uint8_t *raster_channel(const struct raster *raster, enum raster_channel channel);

/** True when there are edges in `channel` where the luminance has none. */
bool raster_has_hidden_edges(const struct raster *raster, enum raster_channel channel);

/**
 * Difference hash: 64 bits, each whether a cell of a 9 × 8 reduction is brighter than its right neighbour.
 * For grouping look-alikes; it can be forged.
 */
uint64_t raster_hash(const struct raster *raster);

#define raster_auto __attribute__((cleanup(raster_free))) struct raster
