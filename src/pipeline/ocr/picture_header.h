/*
 * What a picture's header says, read by hand: the sizes must be known before a decoder sees the bytes, and
 * Leptonica decodes a whole GIF or BMP only to tell its width.
 */
#pragma once

#include "base/outcome.h"
#include "base/span.h"

#include <stdint.h>

struct picture_header {
    char format[8];      /**< as in struct picture_text */
    uint32_t width;      /**< pixels as stored; for GIF the screen, which every frame must fit */
    uint32_t height;     /**< pixels as stored */
    uint32_t frames;     /**< 1 when not animated */
    uint64_t all_pixels; /**< pixels over all frames */
    bool progressive;    /**< JPEG whose decoder keeps all coefficients */
    bool animated_webp;  /**< WebP made of frames, which Leptonica does not read */
    uint8_t orientation; /**< EXIF, 1 to 8; 1 is upright. Followed where browsers do: in JPEG, and in PNG
                              before the pixels; not in WebP */
};

/**
 * Tells the format and reads its header; decodes nothing. Fills what is known on every outcome.
 * Returns OUTCOME_OK when the picture is of a format that is read and within the limits,
 * OUTCOME_NOT_PICTURE, OUTCOME_PICTURE_FORMAT, OUTCOME_PICTURE_TOO_LARGE or OUTCOME_PICTURE_DAMAGED.
 */
enum outcome picture_header_read(struct span file, struct picture_header *ret_header);
