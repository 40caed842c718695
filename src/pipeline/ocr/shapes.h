/* Connected shapes of one polarity: letters, parts of letters, and everything that is none. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A horizontal stretch of marked pixels. */
struct shape_run {
    uint32_t left, right; /**< pixels; right is the first one behind */
    uint32_t y;
    uint32_t next; /**< index of the shape's next run, or SHAPE_END */
};

#define SHAPE_END UINT32_MAX

struct shape {
    uint32_t left, top, right, bottom; /**< pixels; right and bottom are the first ones behind */
    uint32_t area;                     /**< pixels */
    uint32_t runs;                     /**< how many */
    uint32_t first;                    /**< index of its first run */
    float edge;                        /**< mean step of grey across its left and right borders, 0 to 255 */
};

struct shapes {
    struct shape_run *runs; /**< owned */
    size_t run_count;
    struct shape *at; /**< owned, in order of their first pixel */
    size_t count;
    bool cut; /**< some are missing that may be letters: there were more than OCR_MAX_SHAPES beside specks, or
                 more runs than a picture of text has */
};

/**
 * Finds the 8-connected shapes of the pixels with `mask` value `mark`. False without memory. Free with
 * shapes_free().
 */
bool shapes_find(const uint8_t *mask, const uint8_t *grey, uint32_t width, uint32_t height, uint8_t mark,
                 struct shapes *ret_shapes);

/** Safe on zeroed shapes. */
void shapes_free(struct shapes *shapes);
