/* Draws what was read on the picture it was read from, for a person to see. */
#pragma once

#include "pipeline/ocr/raster.h"
#include "pipeline/page.h"

/** Draws a numbered box for each line of `text`. */
void overlay_draw(struct raster *raster, const struct picture_text *text);
