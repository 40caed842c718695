/* Cuts a line out of the picture and turns it into what the models were trained on: dark, level, on white. */
#pragma once

#include "pipeline/ocr/raster.h"
#include "pipeline/ocr/recogniser.h"
#include "pipeline/ocr/textlines.h"

/** How a line is set for the models. */
struct strip_setting {
    double height;  /**< pixels of its capitals in the strip */
    double squeeze; /**< width by height of a pixel: below 1 is narrower and cheaper */
};

/** What strip_cut() does unless told otherwise; measured, see docs/OCR.md. */
struct strip_setting strip_ordinary(void);

/**
 * Cuts `line`, found among `shapes` of `raster`. The strip is straight, its ink is the colour difference
 * between text and background, and what does not touch a letter is white. False without memory. Free with
 * strip_free().
 */
bool strip_cut(const struct raster *raster, const struct shapes *shapes, const struct textline *line,
               struct strip_setting setting, struct strip *ret_strip);

/** Safe on a zeroed strip. */
void strip_free(struct strip *strip);
