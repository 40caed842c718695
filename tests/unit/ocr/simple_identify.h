/* A language identifier of a few rules, so that the picture step can be measured without the project's own.
 */
#pragma once

#include "base/span.h"

/** An ocr_identify_fn: uk, ru, pl, en by their own letters and commonest words. */
double simple_identify(void *context, struct span text, char ret_language[12]);
