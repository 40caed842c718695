/* The growing buffer of buf.h: doubling up to the ceiling, sticky failure. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_ROOM = 256 };

struct buf buf_new(size_t ceiling)
{
    return (struct buf){.ceiling = ceiling};
}

void buf_free(struct buf *buf)
{
    free(buf->at);
    *buf = buf_new(buf->ceiling);
}

void buf_clear(struct buf *buf)
{
    buf->size = 0;
    buf->failed = false;
}

static size_t room_for(const struct buf *buf, size_t needed)
{
    size_t room = buf->room ? buf->room : FIRST_ROOM;
    while (room < needed)
        room = room > buf->ceiling / 2 ? buf->ceiling : room * 2;
    return room < buf->ceiling ? room : buf->ceiling;
}

bool buf_reserve(struct buf *buf, size_t more)
{
    if (buf->failed || more > buf->ceiling || buf->size > buf->ceiling - more) {
        buf->failed = true;
        return false;
    }
    size_t needed = buf->size + more;
    if (needed <= buf->room)
        return true;
    size_t room = room_for(buf, needed);
    char *grown = realloc(buf->at, room);
    if (!grown) {
        buf->failed = true;
        return false;
    }
    buf->at = grown;
    buf->room = room;
    return true;
}

static bool fits(const struct buf *buf, size_t more)
{
    return !buf->failed && more <= buf->room - buf->size;
}

bool buf_add(struct buf *buf, const void *bytes, size_t size)
{
    if (!fits(buf, size) && !buf_reserve(buf, size))
        return false;
    if (size)
        memcpy(buf->at + buf->size, bytes, size);
    buf->size += size;
    return true;
}

bool buf_add_span(struct buf *buf, struct span text)
{
    return buf_add(buf, text.at, text.size);
}

bool buf_add_text(struct buf *buf, const char *text)
{
    return buf_add(buf, text, strlen(text));
}

bool buf_add_byte(struct buf *buf, char byte)
{
    return buf_add(buf, &byte, 1);
}

bool buf_add_format(struct buf *buf, const char *format, ...)
{
    char piece[512];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(piece, sizeof(piece), format, args);
    va_end(args);
    if (size < 0)
        return false;
    if ((size_t)size < sizeof(piece))
        return buf_add(buf, piece, (size_t)size);
    if (!buf_reserve(buf, (size_t)size + 1))
        return false;
    va_start(args, format);
    vsnprintf(buf->at + buf->size, (size_t)size + 1, format, args);
    va_end(args);
    buf->size += (size_t)size;
    return true;
}

const char *buf_text(struct buf *buf)
{
    if (!buf_reserve(buf, 1))
        return NULL;
    buf->at[buf->size] = '\0';
    return buf->at;
}
