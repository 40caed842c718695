/*
 * A byte buffer that grows, with the ceiling given at birth. A page that never ends must meet a limit, not
 * the machine's memory, so there is no unlimited buffer. Failure is sticky: a writer may append without
 * looking and ask once at the end.
 */
#pragma once

#include "base/span.h"

#include <stdint.h>

struct buf {
    char *at;       /**< owned; NULL while empty */
    size_t size;    /**< bytes in use */
    size_t room;    /**< bytes allocated */
    size_t ceiling; /**< bytes it may ever hold */
    bool failed;    /**< an append met the ceiling or memory ran out; later appends do nothing */
};

/** An empty buffer that will hold at most `ceiling` bytes. Nothing is allocated yet. */
struct buf buf_new(size_t ceiling);

/** Frees the bytes; the buffer is empty and usable again. Safe on a zeroed buffer. */
void buf_free(struct buf *buf);

/** Forgets the content and the failure, keeps the room. */
void buf_clear(struct buf *buf);

/** Makes sure `more` further bytes fit. Returns false and marks the buffer failed when they cannot. */
bool buf_reserve(struct buf *buf, size_t more);

/** All return false, with the content as it was, when the buffer has failed. */
bool buf_add(struct buf *buf, const void *bytes, size_t size);
bool buf_add_span(struct buf *buf, struct span text);
bool buf_add_text(struct buf *buf, const char *text);
bool buf_add_byte(struct buf *buf, char byte);
bool buf_add_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** The content; borrowed until the next append. */
static inline struct span buf_span(const struct buf *buf)
{
    return (struct span){buf->at, buf->size};
}

/** The content as a C string, ending in NUL; borrowed until the next append. NULL when the buffer has failed.
 */
const char *buf_text(struct buf *buf);

#define buf_auto __attribute__((cleanup(buf_free))) struct buf
