/* Browsers are forgiving: white space inside base64, missing padding and percent-encoded base64 all show a
 * picture. */
#include "pipeline/read/inline_bytes.h"

/* Values of base64's digits and of those safe in addresses (RFC 4648); -1 for any other byte. */
static void fill_digits(int8_t digits[256])
{
    static const char order[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    memset(digits, -1, 256);
    for (int i = 0; i < 64; i++)
        digits[(unsigned char)order[i]] = (int8_t)i;
    digits['-'] = 62;
    digits['_'] = 63;
}

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte = (char)(byte | 32);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Undoes %XX; `to` holds at least text.size bytes and may be where the text is. */
static size_t percent_decode(struct span text, char *to)
{
    size_t size = 0;
    if (text.size > 0 && !memchr(text.at, '%', text.size)) {
        memcpy(to, text.at, text.size);
        return text.size;
    }
    for (size_t at = 0; at < text.size; at++) {
        int high = text.at[at] == '%' && at + 2 < text.size ? hex_digit(text.at[at + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.at[at + 2]) : -1;
        to[size++] = low >= 0 ? (char)(high * 16 + low) : text.at[at];
        at += low >= 0 ? 2 : 0;
    }
    return size;
}

/* Decodes in place: what is written never passes what is read. */
static size_t base64_decode(char *bytes, size_t count)
{
    size_t size = 0;
    uint32_t word = 0;
    int digits = 0;
    int8_t values[256];
    fill_digits(values);
    for (size_t at = 0; at < count && bytes[at] != '='; at++) {
        int digit = values[(unsigned char)bytes[at]];
        if (digit < 0)
            continue;
        word = word << 6 | (uint32_t)digit;
        if (++digits == 4) {
            bytes[size++] = (char)(word >> 16);
            bytes[size++] = (char)(word >> 8);
            bytes[size++] = (char)word;
            digits = 0;
            word = 0;
        }
    }
    if (digits >= 2)
        bytes[size++] = (char)(word >> (digits == 2 ? 4 : 10));
    if (digits == 3)
        bytes[size++] = (char)(word >> 2);
    return size;
}

bool inline_bytes_decode(struct span url, struct arena *arena, size_t room, struct span *ret_bytes,
                         bool *ret_cut)
{
    size_t comma = span_find(url, SPAN(","), 0);
    if (comma == url.size)
        return false;
    bool base64 = span_find_nocase(span_cut(url, 0, comma), SPAN(";base64"), 0) < comma;
    struct span data = span_cut(url, comma + 1, url.size);
    if ((base64 ? data.size / 4 * 3 : data.size) > room) {
        *ret_cut = true;
        return false;
    }
    char *bytes = arena_alloc(arena, data.size + 1, 1);
    if (!bytes)
        return false;
    size_t size = percent_decode(data, bytes);
    *ret_bytes = (struct span){bytes, base64 ? base64_decode(bytes, size) : size};
    return true;
}
