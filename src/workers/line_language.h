/* Which language a line of a picture is in, asked of the language model: the callback that the picture step
 * wants. The benchmark uses it too, so that its figures are the worker's. */
#pragma once

#include "base/span.h"

/**
 * An ocr_identify_fn; `context` is a struct varta_language_model. Ukrainian, Russian, Polish and English are
 * expected, mildly: a line has few letters to show, and a sure answer overrules the expectation.
 */
double line_language(void *context, struct span text, char ret_language[12]);
