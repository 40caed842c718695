/* Shapes that stand in a row like letters do: lines of text, before anybody has read them. */
#pragma once

#include "pipeline/ocr/shapes.h"

struct textline {
    uint32_t *letters; /**< owned; letter_count indexes of shapes, from left to right */
    size_t letter_count;
    double left, right; /**< pixels of the level it was found in */
    double slope;       /**< pixels down per pixel to the right */
    double base;        /**< y of the base line at x = 0 */
    double height;      /**< of its capitals and ascenders above the base line, pixels */
    double small;       /**< median height of its letters above the base line, pixels */
    double edge;        /**< median edge contrast of its letters, grey levels */
    double strokes;     /**< pen strokes crossed along it; about 1.7 a letter */
    double regular;     /**< share of its width that stands on the line and reaches its height, 0 to 1 */
    double score;       /**< how much it looks like text; comparable between polarities and levels */
};

struct textlines {
    struct textline *at; /**< owned */
    size_t count;
    bool cut; /**< there were more letters than may be looked at; the smallest are missing */
};

/** Finds the lines among the shapes of one polarity. False without memory. Free with textlines_free(). */
bool textlines_find(const struct shapes *shapes, struct textlines *ret_lines);

/** Safe on zeroed lines. */
void textlines_free(struct textlines *lines);
