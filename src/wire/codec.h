/*
 * The one codec of everything that crosses a process border: little endian numbers, lengths before bytes. A
 * decoder refuses and never aborts: the first wrong length makes it `bad`, and from then on everything it
 * gives is zero or empty, so a record can be read to its end and judged once.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

#include <stdint.h>

void put_u8(struct buf *out, uint8_t value);
void put_u16(struct buf *out, uint16_t value);
void put_u32(struct buf *out, uint32_t value);
void put_u64(struct buf *out, uint64_t value);
void put_span(struct buf *out, struct span text);

struct decoder {
    struct span in;
    size_t at;
    bool bad;
};

uint8_t get_u8(struct decoder *in);
uint16_t get_u16(struct decoder *in);
uint32_t get_u32(struct decoder *in);
uint64_t get_u64(struct decoder *in);

/** A number that must be below `count` (an enum, an index); anything else makes the decoder bad and gives 0.
 */
uint32_t get_below(struct decoder *in, uint32_t count);

/** Bytes as they are, copied into the arena. */
struct span get_bytes(struct decoder *in, struct arena *arena);

/** Bytes as they are, borrowed from what is decoded. */
struct span get_borrowed(struct decoder *in);

/** Text: must be well-formed UTF-8 without NUL, else the decoder is bad. Copied into the arena. */
struct span get_text(struct decoder *in, struct arena *arena);

/** Fixed bytes, as digests are; zeroed when bad. */
void get_fixed(struct decoder *in, void *ret_bytes, size_t size);

/** A number of things that follow, each at least `least` bytes long: more than can possibly be there makes it
 * bad. */
size_t get_count(struct decoder *in, size_t least);

/** True when all was well and nothing is left over. */
bool decoder_done(const struct decoder *in);
