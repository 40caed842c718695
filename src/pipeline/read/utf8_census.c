/*
 * Counts how the bytes of a page would do as UTF-8, once, before anything else looks at them. Runs of ASCII
 * are skipped eight bytes at a time: most of a page is markup, and this pass must cost next to nothing.
 */
#include "base/utf8.h"
#include "pipeline/read/charset.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)
#define LOW_LIMIT UINT64_C(0x2020202020202020)

#define ONES UINT64_C(0x0101010101010101)

/* True when all eight bytes are printable ASCII. */
static bool plain_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
    return ((word | (word - LOW_LIMIT) | (word + ONES)) & HIGH_BITS) == 0;
}

static void count_low(unsigned char byte, struct utf8_census *census)
{
    if (byte == 0)
        census->zeros++;
    else if (byte == 0x7F || (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f'))
        census->controls++;
}

/* Whether the rest of the bytes is the beginning of one character that was cut off. */
static bool cut_off(struct span bytes, size_t at)
{
    unsigned char lead = (unsigned char)bytes.at[at];
    size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || bytes.size - at >= size)
        return false;
    for (size_t i = at + 1; i < bytes.size; i++)
        if (((unsigned char)bytes.at[i] & 0xC0) != 0x80)
            return false;
    return true;
}

static size_t count_high(struct span bytes, size_t at, struct utf8_census *census)
{
    size_t start = at;
    uint32_t character = utf8_next(bytes, &at);
    census->unseen += character >= 0x80 && character < 0xA0;
    if (at - start > 1)
        census->sequences++;
    else if (!cut_off(bytes, start))
        census->bad++;
    return at;
}

struct utf8_census utf8_census_take(struct span bytes)
{
    struct utf8_census census = {0};
    for (size_t at = 0; at < bytes.size;) {
        while (bytes.size - at >= 8 && plain_word(bytes.at + at))
            at += 8;
        if (at == bytes.size)
            break;
        while (bytes.size - at >= 8 && utf8_are_pairs(bytes.at + at, 0xF0, 0xD0)) {
            at += 8;
            census.sequences += 4;
        }
        if (at == bytes.size)
            break;
        unsigned char byte = (unsigned char)bytes.at[at];
        if (byte >= 0x80) {
            at = count_high(bytes, at, &census);
            continue;
        }
        count_low(byte, &census);
        at++;
    }
    return census;
}
