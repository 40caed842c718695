/* The codec of codec.h. */
#include "wire/codec.h"

#include "base/utf8.h"

static void put_number(struct buf *out, uint64_t value, size_t size)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
    buf_add(out, bytes, size);
}

void put_u8(struct buf *out, uint8_t value)
{
    put_number(out, value, 1);
}

void put_u16(struct buf *out, uint16_t value)
{
    put_number(out, value, 2);
}

void put_u32(struct buf *out, uint32_t value)
{
    put_number(out, value, 4);
}

void put_u64(struct buf *out, uint64_t value)
{
    put_number(out, value, 8);
}

void put_span(struct buf *out, struct span text)
{
    if (text.size > UINT32_MAX) {
        out->failed = true;
        return;
    }
    put_u32(out, (uint32_t)text.size);
    buf_add_span(out, text);
}

static struct span take(struct decoder *in, size_t size)
{
    if (in->bad || size > in->in.size - in->at) {
        in->bad = true;
        return (struct span){NULL, 0};
    }
    struct span piece = span_cut(in->in, in->at, in->at + size);
    in->at += size;
    return piece;
}

static uint64_t get_number(struct decoder *in, size_t size)
{
    struct span bytes = take(in, size);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size; i++)
        value |= (uint64_t)(unsigned char)bytes.at[i] << (8 * i);
    return value;
}

uint8_t get_u8(struct decoder *in)
{
    return (uint8_t)get_number(in, 1);
}

uint16_t get_u16(struct decoder *in)
{
    return (uint16_t)get_number(in, 2);
}

uint32_t get_u32(struct decoder *in)
{
    return (uint32_t)get_number(in, 4);
}

uint64_t get_u64(struct decoder *in)
{
    return get_number(in, 8);
}

uint32_t get_below(struct decoder *in, uint32_t count)
{
    uint32_t value = get_u32(in);
    if (value < count)
        return value;
    in->bad = true;
    return 0;
}

struct span get_borrowed(struct decoder *in)
{
    return take(in, get_u32(in));
}

struct span get_bytes(struct decoder *in, struct arena *arena)
{
    struct span bytes = get_borrowed(in);
    if (in->bad)
        return (struct span){NULL, 0};
    struct span copy = arena_copy(arena, bytes);
    if (!copy.at)
        in->bad = true;
    return copy;
}

struct span get_text(struct decoder *in, struct arena *arena)
{
    struct span text = get_bytes(in, arena);
    if (utf8_valid(text) && (text.size == 0 || !memchr(text.at, '\0', text.size)))
        return text;
    in->bad = true;
    return (struct span){NULL, 0};
}

void get_fixed(struct decoder *in, void *ret_bytes, size_t size)
{
    struct span bytes = take(in, size);
    memset(ret_bytes, 0, size);
    if (bytes.size == size)
        memcpy(ret_bytes, bytes.at, size);
}

size_t get_count(struct decoder *in, size_t least)
{
    size_t count = get_u32(in);
    if (!in->bad && count <= (in->in.size - in->at) / least)
        return count;
    in->bad = true;
    return 0;
}

bool decoder_done(const struct decoder *in)
{
    return !in->bad && in->at == in->in.size;
}
