/*
 * UTF-8 by RFC 3629's table of well-formed sequences; letter classes and case from utf8proc, with tables of
 * our own built on it nowhere: Unicode changes, the library follows.
 */
#include "base/utf8.h"

#include <utf8proc.h>

static int sequence_size(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 4;
    return 0;
}

static bool allowed(uint32_t character, int size)
{
    if (size == 3)
        return character >= 0x800 && (character < 0xD800 || character > 0xDFFF);
    if (size == 4)
        return character >= 0x10000 && character <= 0x10FFFF;
    return true;
}

uint32_t utf8_next_other(struct span text, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *)text.at + *at;
    size_t left = text.size - *at;
    int size = sequence_size(bytes[0]);
    *at += 1;
    if (size == 1)
        return bytes[0];
    if (size == 0 || (size_t)size > left)
        return UTF8_REPLACEMENT;
    uint32_t character = bytes[0] & (0xFFu >> (size + 1));
    for (int i = 1; i < size; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return UTF8_REPLACEMENT;
        character = character << 6 | (bytes[i] & 0x3F);
    }
    if (!allowed(character, size))
        return UTF8_REPLACEMENT;
    *at += (size_t)size - 1;
    return character;
}

size_t utf8_put(uint32_t character, char out[4])
{
    if (character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF))
        character = UTF8_REPLACEMENT;
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    if (character < 0x800) {
        out[0] = (char)(0xC0 | character >> 6);
        out[1] = (char)(0x80 | (character & 0x3F));
        return 2;
    }
    if (character < 0x10000) {
        out[0] = (char)(0xE0 | character >> 12);
        out[1] = (char)(0x80 | (character >> 6 & 0x3F));
        out[2] = (char)(0x80 | (character & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | character >> 18);
    out[1] = (char)(0x80 | (character >> 12 & 0x3F));
    out[2] = (char)(0x80 | (character >> 6 & 0x3F));
    out[3] = (char)(0x80 | (character & 0x3F));
    return 4;
}

static bool is_replacement_itself(struct span text, size_t start, size_t end)
{
    return end - start == 3 && memcmp(text.at + start, "\xEF\xBF\xBD", 3) == 0;
}

static bool is_ascii(const char *at)
{
    uint64_t bytes;
    memcpy(&bytes, at, sizeof(bytes));
    return (bytes & UINT64_C(0x8080808080808080)) == 0;
}

bool utf8_valid(struct span text)
{
    for (size_t at = 0; at < text.size;) {
        if (text.size - at >= 8 && (utf8_are_pairs(text.at + at, 0xF0, 0xD0) || is_ascii(text.at + at))) {
            at += 8;
            continue;
        }
        size_t start = at;
        if (utf8_next(text, &at) == UTF8_REPLACEMENT && !is_replacement_itself(text, start, at))
            return false;
    }
    return true;
}

bool utf8_add_clean(struct buf *out, struct span text)
{
    for (size_t at = 0; at < text.size;) {
        char bytes[4];
        uint32_t character = utf8_next(text, &at);
        if (!buf_add(out, bytes, utf8_put(character ? character : UTF8_REPLACEMENT, bytes)))
            return false;
    }
    return true;
}

size_t utf8_length(struct span text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.size; count++)
        utf8_next(text, &at);
    return count;
}

struct span utf8_prefix(struct span text, size_t size)
{
    if (size >= text.size)
        return text;
    while (size > 0 && ((unsigned char)text.at[size] & 0xC0) == 0x80)
        size--;
    return span_cut(text, 0, size);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

struct span utf8_words(struct span text, size_t size)
{
    struct span prefix = utf8_prefix(text, size);
    size_t end = prefix.size;
    if (end == text.size)
        return text;
    while (end > 0 && !is_space(text.at[end]))
        end--;
    while (end > 0 && (is_space(text.at[end - 1]) || strchr(",;:", text.at[end - 1])))
        end--;
    return end > prefix.size / 2 ? span_cut(text, 0, end) : prefix;
}

uint32_t utf8_lower(uint32_t character)
{
    if (character < 0x80)
        return character >= 'A' && character <= 'Z' ? character + 32 : character;
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)character);
}

bool utf8_is_letter(uint32_t character)
{
    if (character < 0x80)
        return (character | 32) >= 'a' && (character | 32) <= 'z';
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)character);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
}

size_t utf8_letters(struct span text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.size;)
        count += utf8_is_letter(utf8_next(text, &at));
    return count;
}

int utf8_width(uint32_t character)
{
    int width = utf8proc_charwidth((utf8proc_int32_t)character);
    return width > 0 ? width : 0;
}

bool utf8_is_steering(uint32_t character)
{
    if (character < 0x20 || (character >= 0x7F && character < 0xA0))
        return true;
    return character == 0x00AD || character == 0x061C || (character >= 0x200B && character <= 0x200F) ||
           (character >= 0x2028 && character <= 0x202E) || (character >= 0x2060 && character <= 0x206F) ||
           character == 0xFEFF || (character >= 0xFFF9 && character <= 0xFFFB) ||
           (character >= 0xE0000 && character <= 0xE0FFF);
}
