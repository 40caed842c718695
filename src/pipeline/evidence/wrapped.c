/* See wrapped.h. */
#include "pipeline/evidence/wrapped.h"

#include "base/utf8.h"

#include <stdio.h>

enum { LEAST_COLUMNS = 20, PIECE = 24 };

static const char *const codes[WRAPPED_COLOURS] = {
    [WRAPPED_PLAIN] = "\033[0m",   [WRAPPED_BOLD] = "\033[1m",  [WRAPPED_DIM] = "\033[2m",
    [WRAPPED_BAD] = "\033[31m",    [WRAPPED_WARN] = "\033[33m", [WRAPPED_GOOD] = "\033[32m",
    [WRAPPED_HEAD] = "\033[1;36m",
};

void wrapped_colour(const struct wrapped *wrapped, enum wrapped_colour colour)
{
    if (wrapped->colours)
        buf_add_text(wrapped->out, codes[colour]);
}

/* How a character is shown, and how wide that is. */
static int show(uint32_t character, char ret_piece[PIECE])
{
    if (utf8_is_steering(character))
        return snprintf(ret_piece, PIECE, "<U+%04X>", (unsigned)character);
    ret_piece[utf8_put(character, ret_piece)] = '\0';
    return utf8_width(character);
}

void wrapped_inline(const struct wrapped *wrapped, struct span text)
{
    for (size_t at = 0; at < text.size;) {
        char piece[PIECE];
        show(utf8_next(text, &at), piece);
        buf_add_text(wrapped->out, piece);
    }
}

static int width_of(struct span text)
{
    int width = 0;
    for (size_t at = 0; at < text.size;)
        width += utf8_width(utf8_next(text, &at));
    return width;
}

/* Where the line that begins at `start` ends: before what no longer fits, at a space where there is one. */
static size_t line_end(struct span text, size_t start, int columns)
{
    size_t at = start, space = start;
    for (int width = 0; at < text.size;) {
        char piece[PIECE];
        size_t before = at;
        uint32_t character = utf8_next(text, &at);
        width += show(character, piece);
        if (width > columns)
            return space > start ? space : before > start ? before : at;
        if (character == ' ')
            space = before;
    }
    return text.size;
}

static void put_line(const struct wrapped *wrapped, const char *lead, int indent, struct span text,
                     enum wrapped_colour colour)
{
    int columns = wrapped->columns - indent;
    size_t at = 0;
    do {
        size_t end = line_end(text, at, columns < LEAST_COLUMNS ? LEAST_COLUMNS : columns);
        if (at == 0)
            buf_add_text(wrapped->out, lead);
        else
            buf_add_format(wrapped->out, "%*s", indent, "");
        wrapped_colour(wrapped, colour);
        wrapped_inline(wrapped, span_cut(text, at, end));
        wrapped_colour(wrapped, WRAPPED_PLAIN);
        buf_add_byte(wrapped->out, '\n');
        for (at = end; at < text.size && text.at[at] == ' '; at++)
            continue;
    } while (at < text.size);
}

void wrapped_put(const struct wrapped *wrapped, const char *lead, struct span text,
                 enum wrapped_colour colour)
{
    int indent = width_of(span_of(lead));
    char inset[64];
    snprintf(inset, sizeof(inset), "%*s", indent < 60 ? indent : 60, "");
    for (struct span line; span_next(&text, '\n', &line); lead = inset)
        put_line(wrapped, lead, indent, line, colour);
}
