/*
 * Takes from HTML, before a parser sees it, what makes parsers quadratic: endless nesting and endless
 * attributes. Text is never touched, so nothing a visitor reads is lost.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

struct html_tame {
    struct buf copy;   /**< owned; the tamed page when something had to be taken, else empty */
    size_t tags;       /**< start tags blanked, deeper than READ_DEPTH */
    size_t attributes; /**< tags whose attributes beyond READ_TAG_ATTRIBUTES were blanked */
};

/** Returns the text to parse: `text` itself when it is harmless, else `tame->copy`. Only on memory's end it
 * is empty. */
struct span html_tame(struct span text, struct html_tame *ret_tame);
