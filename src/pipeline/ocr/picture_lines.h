/* Reads the lines of one decoded picture into its record. */
#pragma once

#include "pipeline/ocr/linguist.h"
#include "pipeline/ocr/raster.h"

/** One picture's reading, over all its frames. */
struct picture_lines {
    struct linguist linguist;
    struct picture_text *text; /**< borrowed; lines are appended */
    size_t room;               /**< lines that fit into `text->lines`; 0 at first */
    size_t before;             /**< lines read on other backgrounds: what stands there is not read again */
    bool turned;               /**< some lines were read from a turned picture, and are in order */
    size_t strong;             /**< lines of the last raster that looked like text, read or not */
    bool sense;                /**< a word was read that is none by chance */
    int64_t deadline_ms;       /**< picture_lines_now_ms() when to stop */
};

/** The monotonic clock. */
int64_t picture_lines_now_ms(void);

/** Reads the two longest lines of `raster` that look like text for a trial, into nothing. Gives the letters
 * of those that make sense, and sets `strong`. False without memory. */
bool picture_lines_try(struct picture_lines *lines, const struct raster *raster, uint32_t *ret_letters);

/** Finds and reads the lines of `raster`. What does not fit the time or the limits is left out and `cut` set.
 * Returns OUTCOME_OK or OUTCOME_NO_MEMORY. */
enum outcome picture_lines_read(struct picture_lines *lines, const struct raster *raster);
