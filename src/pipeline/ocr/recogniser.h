/* A line of dark letters on white, in; text with confidence, out: the door to Tesseract. Only recogniser.c
 * knows it. */
#pragma once

#include "base/span.h"
#include "pipeline/ocr/ocr_limits.h"

#include <stdbool.h>
#include <stdint.h>

struct recogniser; /**< one loaded model */

/** A line as the models like it: dark on white, one byte a pixel. */
struct strip {
    uint32_t width;
    uint32_t height;
    uint32_t stride; /**< bytes from a row to the next */
    uint8_t *grey;   /**< height × stride bytes; owned by whole strips, borrowed by parts */
    bool cut;        /**< the line goes on beyond its right end */
    bool clean;      /**< there is nothing on it but letters: what is on it need not be searched for them */
};

enum { RECOGNISED_WORDS = 160 };

/** What one model read. Words beyond the room are in the text and in the confidence, not in the table. */
struct recognised {
    char text[OCR_MAX_LINE_BYTES]; /**< UTF-8, words parted by single spaces, not ended by NUL */
    size_t size;                   /**< bytes */
    uint16_t confidence;           /**< mean over the letters, 0 to 1000 */
    struct recognised_word {
        uint16_t from, to;    /**< bytes of `text` */
        uint32_t left, right; /**< pixels of the strip */
        uint16_t confidence;  /**< 0 to 1000 */
        bool known;           /**< stands in the model's own list of words */
    } words[RECOGNISED_WORDS];
    size_t word_count;
};

/** Loads a model from the bytes of a *.traineddata file, which are not needed afterwards. NULL when it
 * cannot: a damaged file is not left to Tesseract, and one that is built otherwise only when a child of its
 * own, forked and waited for here, has come through with it. */
struct recogniser *recogniser_open(const char *language, struct span model);

void recogniser_close(struct recogniser *recogniser);

/** Reads one strip. No text is a reading too (size 0, confidence 0); false for want of memory. */
bool recogniser_read(struct recogniser *recogniser, const struct strip *strip, struct recognised *ret_line);
