/* The tags of a TIFF directory, which is also what an EXIF block is. */
#pragma once

#include "base/span.h"

#include <stdint.h>

struct tiff_tags {
    uint32_t width;
    uint32_t height;
    uint32_t orientation;  /**< 1 to 8; 1 when not said */
    size_t orientation_at; /**< offset of its lowest byte; 0 when not said */
    uint32_t bits;         /**< a sample; of the first one */
    uint32_t samples;      /**< a pixel */
    bool tiled, real;      /**< in tiles instead of strips; of floating point numbers */
    uint32_t directories;  /**< pages; counted up to a ceiling */
};

/** Reads the first directory and counts the others. False when it is not a (32-bit) TIFF. */
bool tiff_tags_read(struct span file, struct tiff_tags *ret_tags);
