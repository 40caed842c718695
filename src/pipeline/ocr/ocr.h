/*
 * The door of the picture step: the bytes of an image file in, lines of text with place and confidence out.
 * Leptonica, libpng and Tesseract meet the attacker's bytes here, so it runs in a locked-down child of its
 * own, and nothing is decoded before the header has passed the limits.
 */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"

/** The loaded recognition models. One per process, made before the process locks itself down; forked children
 * share it. */
struct ocr;

struct ocr_settings {
    const char *tessdata; /**< folder of the *.traineddata files; NULL looks where Debian puts them */
    const char
        *languages; /**< Tesseract names joined by '+', in order of preference; NULL is "ukr+rus+pol+eng" */
};

/**
 * Tells the language of a short text: the project's identifier, handed in by whoever puts the steps together.
 * Writes a BCP 47 tag ("und" when it cannot be told) and returns the confidence, 0 to 1.
 */
typedef double (*ocr_identify_fn)(void *context, struct span text, char ret_language[12]);

/**
 * Loads the models. Missing and damaged ones are left out as long as one can be used; `*ret_missing` (may be
 * NULL) then names the missing with '+' between, storage of the ocr. Returns 0, or -ENOENT when no model at
 * all is there, -EBADMSG when none can be used and at least one is damaged, -EINVAL for a list of languages
 * that is none, -ENOMEM.
 * `*ret_ocr` is owned by the caller, ocr_close() frees it.
 */
int ocr_open(const struct ocr_settings *settings, ocr_identify_fn identify, void *context,
             struct ocr **ret_ocr, const char **ret_missing);

/** The models that were left out because their file is damaged, too large or not to be read, with '+'
 * between. Storage of the ocr. */
const char *ocr_damaged(const struct ocr *ocr);

void ocr_close(struct ocr *ocr);

/**
 * Reads one picture. `file` is borrowed for the call; everything in `*ret_text` is a copy. Always fills
 * `*ret_text` (free it with picture_text_free()) and returns its outcome: OUTCOME_OK (also when there is no
 * text in it), OUTCOME_NOT_PICTURE, OUTCOME_PICTURE_FORMAT, OUTCOME_PICTURE_TOO_LARGE,
 * OUTCOME_PICTURE_DAMAGED, OUTCOME_NO_MEMORY.
 */
enum outcome ocr_read(struct ocr *ocr, struct span file, struct picture_text *ret_text);

/** What a caller may know better about one picture than ocr_read() assumes. */
struct ocr_options {
    uint32_t background; /**< colour of the page behind it, 0xRRGGBB; ocr_read() takes white */
    uint32_t
        time_ms; /**< by the monotonic clock; 0 is OCR_TIME_MS. What could not be read in time is `cut` */
};

/** ocr_read() with options. What is transparent is tried on white and on black, too. */
enum outcome ocr_read_with(struct ocr *ocr, struct span file, const struct ocr_options *options,
                           struct picture_text *ret_text);

/**
 * Appends a PNG to `png`: the picture (its first frame) with a numbered box for each line of `text`, which
 * was read from the same file; numbers count from 1 in the order of the lines. Colours tell the language,
 * thin boxes are doubtful. It decodes the file, so it belongs where ocr_read() belongs. Outcomes as of
 * ocr_read().
 */
enum outcome ocr_overlay(struct span file, const struct picture_text *text, struct buf *png);

/**
 * Encodes the picture (its first frame) anew as a PNG of at most 1,280 pixels' width, appended to `png`, and
 * tells what the file says of itself: EXIF, GPS, comments. All of that is easily forged. Decodes, so it
 * belongs where ocr_read() belongs. Always fills `*ret_copy` (free it with picture_copy_free()) and returns
 * its outcome, as of ocr_read().
 */
enum outcome ocr_copy(struct span file, struct picture_copy *ret_copy, struct buf *png);

/** What the header alone says: format, width, height, frames. Decodes nothing. Same outcomes as ocr_read().
 */
enum outcome ocr_header(struct span file, struct picture_text *ret_text);
