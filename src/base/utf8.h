/*
 * UTF-8 (RFC 3629): read, write, check. Text is checked once at the border, where bytes come in; behind it
 * every span is well-formed, and these functions still never read past a span's end on bytes that are not.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

#include <stdint.h>

/** What stands for bytes that are no character: U+FFFD. */
#define UTF8_REPLACEMENT 0xFFFDu

/**
 * The character at offset `*at`, which is moved behind it (by one byte over a byte that starts none).
 * `*at` must be below `text.size`. Malformed bytes give UTF8_REPLACEMENT.
 */
static inline uint32_t utf8_next(struct span text, size_t *at);

/** utf8_next() of what is not settled in line: longer and malformed sequences. */
uint32_t utf8_next_other(struct span text, size_t *at);

/* In line for one and two bytes: most steps over a page are steps through its text. */
static inline uint32_t utf8_next(struct span text, size_t *at)
{
    unsigned char lead = (unsigned char)text.at[*at];
    if (lead < 0x80) {
        *at += 1;
        return lead;
    }
    if (lead >= 0xC2 && lead <= 0xDF && text.size - *at >= 2) {
        unsigned char next = (unsigned char)text.at[*at + 1];
        if ((next & 0xC0) == 0x80) {
            *at += 2;
            return (uint32_t)(lead & 0x1F) << 6 | (next & 0x3F);
        }
    }
    return utf8_next_other(text, at);
}

/** True when the eight bytes at `at` are four characters of two bytes each whose leads, under `mask`, are
 * `lead`: a step over text in Cyrillic for who needs no characters. */
static inline bool utf8_are_pairs(const char *at, unsigned char mask, unsigned char lead)
{
    const unsigned char masks[8] = {mask, 0xC0, mask, 0xC0, mask, 0xC0, mask, 0xC0};
    const unsigned char pairs[8] = {lead, 0x80, lead, 0x80, lead, 0x80, lead, 0x80};
    uint64_t bytes, masked, wanted;
    memcpy(&bytes, at, sizeof(bytes));
    memcpy(&masked, masks, sizeof(masked));
    memcpy(&wanted, pairs, sizeof(wanted));
    return (bytes & masked) == wanted;
}

/** Writes 1 to 4 bytes to `out` and returns how many; code points that are none become U+FFFD. */
size_t utf8_put(uint32_t character, char out[4]);

/** True when every byte belongs to a well-formed character. */
bool utf8_valid(struct span text);

/** Appends `text` with each malformed byte replaced by U+FFFD and NUL likewise. */
bool utf8_add_clean(struct buf *out, struct span text);

/** Number of characters. */
size_t utf8_length(struct span text);

/** The longest prefix of at most `size` bytes that ends between characters. */
struct span utf8_prefix(struct span text, size_t size);

/** The longest prefix of at most `size` bytes that ends after a word, without the white space and commas
 * behind it; where that would lose more than half, because a word is that long, as utf8_prefix(). For what a
 * person reads. */
struct span utf8_words(struct span text, size_t size);

/** Lower case of one character, simple mapping, for Latin, Greek, Cyrillic, Armenian and Georgian letters. */
uint32_t utf8_lower(uint32_t character);

/** True for letters and combining marks inside words of any script (Unicode categories L and M). */
bool utf8_is_letter(uint32_t character);

/** Number of letters (utf8_is_letter()). */
size_t utf8_letters(struct span text);

/** Columns a character takes on a terminal: 0, 1 or 2. */
int utf8_width(uint32_t character);

/** True for characters that steer instead of showing: controls, direction marks and overrides, invisible
 * joiners, tags. Hostile text must not carry them to a terminal, a log line or a page. */
bool utf8_is_steering(uint32_t character);
