/* Text for a terminal, in lines of a width. Whatever steers a terminal is shown as its number, <U+202E>: a
 * page can paint nothing. */
#pragma once

#include "base/buf.h"

struct wrapped {
    struct buf *out;
    int columns; /**< of the terminal */
    bool colours;
};

enum wrapped_colour {
    WRAPPED_PLAIN,
    WRAPPED_BOLD,
    WRAPPED_DIM,
    WRAPPED_BAD,
    WRAPPED_WARN,
    WRAPPED_GOOD,
    WRAPPED_HEAD,
    WRAPPED_COLOURS
};

/** Appends what switches a colour on, or back to plain; nothing without colours. */
void wrapped_colour(const struct wrapped *wrapped, enum wrapped_colour colour);

/** Appends text without breaking it; line feeds count as steering. */
void wrapped_inline(const struct wrapped *wrapped, struct span text);

/**
 * Appends `lead` (of ours) and the text behind it, broken at spaces where there are some; further lines
 * stand as far in as `lead` is wide. The text's own line feeds begin lines too. Ends with a line feed.
 */
void wrapped_put(const struct wrapped *wrapped, const char *lead, struct span text,
                 enum wrapped_colour colour);
