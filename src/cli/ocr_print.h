/* How `varta ocr` says what it read, for people and as JSON. */
#pragma once

#include "watch/languages.h"
#include "wire/records.h"

struct ocr_style {
    bool json, verbose, colours;
    bool named;    /**< the file's name above what was read in it: there are several */
    bool numbered; /**< each line with the number it has in the drawing */
};

/** Prints what was read in the file at `path`; `languages` names those of the whole text in JSON. */
void ocr_print(const struct ocr_style *style, const struct languages *languages, const char *path,
               enum outcome outcome, const struct picture_text *text);
