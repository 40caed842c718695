/*
 * Text travels as a span: a pointer and a length. Pages are hostile, so nothing is trusted to end in NUL,
 * and a span says itself how far one may read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/** Bytes somebody else owns. `at` may be NULL only when `size` is 0. */
struct span {
    const char *at;
    size_t size; /**< bytes */
};

/** A span over a string literal. */
#define SPAN(literal) ((struct span){"" literal, sizeof(literal) - 1})

/** The same where only a constant may stand: in the initializer of a static table. */
#define SPAN_CONSTANT(literal) {"" literal, sizeof(literal) - 1}

/** A span over a C string; NULL gives the empty span. */
static inline struct span span_of(const char *text)
{
    return (struct span){text, text ? strlen(text) : 0};
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

/** `from` and `to` are byte offsets; both are clipped to the span. */
static inline struct span span_cut(struct span text, size_t from, size_t to)
{
    if (to > text.size)
        to = text.size;
    if (from > to)
        from = to;
    return (struct span){text.at ? text.at + from : NULL, to - from};
}

/** Byte order, as memcmp orders; a prefix sorts first. */
int span_compare(struct span a, struct span b);

/** ASCII letters are compared without case, everything else byte by byte. */
bool span_equal_nocase(struct span a, struct span b);

bool span_starts(struct span text, struct span prefix);
bool span_ends(struct span text, struct span suffix);

/** Offset of the first `needle` at or after `from`, or `text.size` when there is none. */
size_t span_find(struct span text, struct span needle, size_t from);

/** Like span_find(), ASCII letters without case. */
size_t span_find_nocase(struct span text, struct span needle, size_t from);

/** The span without ASCII white space at both ends. */
struct span span_trim(struct span text);

/**
 * Cuts the next piece up to `mark` off the front of `*rest`.
 * Returns false when nothing is left; an empty piece between two marks is a piece.
 */
bool span_next(struct span *rest, char mark, struct span *ret_piece);
