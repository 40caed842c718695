/* Bytes of a known set to UTF-8. What means nothing becomes U+FFFD, so a fault costs one character, not the
 * page. */
#include "base/utf8.h"
#include "pipeline/read/charset.h"
#include "pipeline/read/read.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

/* Control characters that a browser shows as nothing, NUL among them. A parser would make U+FFFD of them, and
 * then a word with one inside would no longer be that word. */
static bool is_nothing(uint32_t character)
{
    return (character < 0x20 && character != '\t' && character != '\n' && character != '\f' &&
            character != '\r') ||
           (character >= 0x7F && character <= 0x9F);
}

static bool put(struct buf *out, uint32_t character)
{
    char bytes[4];
    return is_nothing(character) || buf_add(out, bytes, utf8_put(character, bytes));
}

static bool convert_utf8(struct span bytes, struct buf *out)
{
    for (size_t at = 0; at < bytes.size;) {
        size_t start = at;
        while (at < bytes.size && bytes.at[at] >= 0x20 && bytes.at[at] < 0x7F)
            at++;
        if (!buf_add(out, bytes.at + start, at - start))
            return false;
        if (at < bytes.size && !put(out, utf8_next(bytes, &at)))
            return false;
    }
    return true;
}

static bool convert_single_byte(struct span bytes, const uint16_t high[128], struct buf *out)
{
    char form[128][3];
    uint8_t size[128];
    for (int i = 0; i < 128; i++) {
        char four[4] = {0};
        size[i] = is_nothing(high[i])
                      ? 0
                      : (uint8_t)utf8_put(high[i], four); /* at most 3: the tables are 16 bits wide */
        memcpy(form[i], four, 3);
    }
    for (size_t at = 0; at < bytes.size;) {
        size_t start = at;
        while (at < bytes.size && bytes.at[at] >= 0x20 && bytes.at[at] < 0x7F)
            at++;
        if (!buf_add(out, bytes.at + start, at - start))
            return false;
        for (; at < bytes.size && (bytes.at[at] < 0x20 || bytes.at[at] == 0x7F); at++) {
            unsigned char byte = (unsigned char)bytes.at[at];
            bool added = byte < 0x80 ? put(out, byte) : buf_add(out, form[byte - 128], size[byte - 128]);
            if (!added)
                return false;
        }
    }
    return true;
}

static uint32_t unit_at(struct span bytes, size_t at, bool big)
{
    uint32_t first = (unsigned char)bytes.at[at];
    uint32_t second = (unsigned char)bytes.at[at + 1];
    return big ? first << 8 | second : second << 8 | first;
}

static bool convert_utf16(struct span bytes, bool big, struct buf *out)
{
    for (size_t at = 0; at + 1 < bytes.size; at += 2) {
        uint32_t unit = unit_at(bytes, at, big);
        if (unit >= 0xD800 && unit < 0xDC00 && at + 3 < bytes.size) {
            uint32_t low = unit_at(bytes, at + 2, big);
            if (low >= 0xDC00 && low < 0xE000) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                at += 2;
            }
        }
        if (!put(out, unit))
            return false;
    }
    return true;
}

/* One run of iconv into a piece of stack; false when it stopped at a byte it cannot convert. */
static bool iconv_piece(iconv_t converter, char **in, size_t *in_left, struct buf *out)
{
    char piece[8192];
    char *to = piece;
    size_t to_left = sizeof(piece);
    size_t result = iconv(converter, in, in_left, &to, &to_left);
    int error = result == (size_t)-1 ? errno : 0;
    convert_utf8((struct span){piece, sizeof(piece) - to_left}, out);
    return error == 0 || error == E2BIG;
}

static bool convert_iconv(struct span bytes, const char *name, struct buf *out)
{
    iconv_t converter = iconv_open("UTF-8", name);
    if (converter == (iconv_t)-1)
        return convert_single_byte(bytes, single_byte_high[CHARSET_WINDOWS_1252], out);
    char *in = (char *)(uintptr_t)bytes.at; /* iconv's signature lacks the const; it only reads */
    size_t left = bytes.size;
    while (left > 0 && !out->failed) {
        if (iconv_piece(converter, &in, &left, out) || left == 0)
            continue;
        in++;
        left--;
        put(out, UTF8_REPLACEMENT);
    }
    iconv_close(converter);
    return !out->failed;
}

bool charset_convert(struct span bytes, enum charset charset, struct buf *out)
{
    if (charset < SINGLE_BYTE_COUNT)
        return convert_single_byte(bytes, single_byte_high[charset], out);
    if (charset == CHARSET_UTF_16LE || charset == CHARSET_UTF_16BE)
        return convert_utf16(bytes, charset == CHARSET_UTF_16BE, out);
    const char *name = charset_iconv_name(charset);
    return name ? convert_iconv(bytes, name, out) : convert_utf8(bytes, out);
}

/* ---- before the sandbox closes ---- */

struct read_prepared {
    iconv_t open[CHARSET_COUNT];
    size_t count;
};

void read_prepared_free(struct read_prepared *prepared)
{
    if (!prepared)
        return;
    for (size_t i = 0; i < prepared->count; i++)
        iconv_close(prepared->open[i]);
    free(prepared);
}

struct read_prepared *read_prepare(void)
{
    struct read_prepared *prepared = calloc(1, sizeof(*prepared));
    if (!prepared)
        return NULL;
    for (int charset = 0; charset < CHARSET_COUNT; charset++) {
        const char *name = charset_iconv_name((enum charset)charset);
        if (!name)
            continue;
        iconv_t converter = iconv_open("UTF-8", name);
        if (converter == (iconv_t)-1) {
            read_prepared_free(prepared);
            return NULL;
        }
        prepared->open[prepared->count++] = converter;
    }
    return prepared;
}
