/* What the model looks at in a word: its letter pairs, its runs of three to five letters with the word's
 * edges, and the word itself. Each is one 64-bit key; identifier and trainer must agree on every one, so they
 * share this file. */
#pragma once

#include <stdint.h>

#include "pipeline/identify/wordscan.h"

enum {
    NGRAM_SHORTEST = 3, /* pairs have a table of their own */
    NGRAM_LONGEST = 5,
    NGRAM_WORD_SHORTEST = 4 /* shorter words are runs with both edges already */
};

/* Keys below are pairs. */
#define NGRAM_PAIRS    65536u
#define NGRAM_WORD_TAG ((uint64_t)1 << 63)
#define NGRAM_HAN_TAG  ((uint64_t)1 << 62)

/* The newest `letters` letters of the window `recent` (one byte each, newest lowest). */
static inline uint64_t ngram_key(uint64_t recent, unsigned letters)
{
    return recent & (((uint64_t)1 << (8 * letters)) - 1);
}

static inline uint64_t ngram_word_step(uint64_t state, uint8_t id)
{
    return (state ^ id) * UINT64_C(0x9FB21C651E98DF25);
}

static inline uint64_t ngram_word_key(uint64_t state)
{
    return (state ^ (state >> 29)) | NGRAM_WORD_TAG;
}

static inline uint64_t ngram_han_key(uint32_t before, uint32_t point)
{
    return NGRAM_HAN_TAG | (uint64_t)before << 21 | point;
}

/* The table of features is made of cache lines with 21 slots of three bytes: the row number (14 bits) and 10
 * bits of the feature's hash to compare. */
enum {
    NGRAM_LINE_BYTES = 64,
    NGRAM_LINE_SLOTS = 21,
    NGRAM_SLOT_BYTES = 3,
    NGRAM_ROW_BITS = 14,
    NGRAM_ROWS_MAX = 1 << 14
};

static inline uint64_t ngram_hash(uint64_t key)
{
    return key * UINT64_C(0x9E3779B97F4A7C15);
}

/* A run of five letters stands in the line of its last four, so that both cost one look into memory. */
static inline uint64_t ngram_line_key(uint64_t key)
{
    return key >> 40 ? key : key & 0xFFFFFFFFu;
}

static inline uint32_t ngram_line(uint64_t line_key, uint32_t lines)
{
    return (uint32_t)(((ngram_hash(line_key) >> 32) * lines) >> 32);
}

/* 32 bits that tell a key from the others of its line. */
static inline uint32_t ngram_check(uint64_t key)
{
    return (uint32_t)((key * UINT64_C(0xD6E8FEB86659FD93)) >> 32);
}

static inline uint32_t ngram_fingerprint(uint32_t check)
{
    return check >> 22;
}

/* Its place in the line. */
static inline uint32_t ngram_place(uint32_t check)
{
    return (((check >> 6) & 0xFFFFu) * NGRAM_LINE_SLOTS) >> 16;
}

/* The code point at `at`; the caller knows it to be well-formed. */
static inline uint32_t ngram_point(const uint8_t *at, unsigned length)
{
    if (length == 3)
        return (at[0] & 0xFu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
    if (length == 4)
        return (at[0] & 7u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 | (at[3] & 0x3Fu);
    return at[0];
}
