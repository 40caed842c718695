/* Code points of training texts. The training data is well-formed; broken bytes are skipped. */
#include "points.h"

#include "pipeline/identify/letters.h"

static unsigned length_of(uint8_t lead)
{
    if (lead < 0x80)
        return 1;
    return lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
}

void points_add(struct points *points, uint32_t point)
{
    if (points->length < POINTS_MAX)
        points->at[points->length++] = point;
}

void points_read(struct points *points, const char *text, size_t size)
{
    const uint8_t *at = (const uint8_t *)text, *end = at + size;

    points->length = 0;
    while (at < end && points->length < POINTS_MAX) {
        unsigned length = length_of(*at);
        uint32_t point = length == 1 ? *at : *at & (0x7Fu >> length);

        if ((size_t)(end - at) < length)
            break;
        for (unsigned i = 1; i < length; i++)
            point = point << 6 | (at[i] & 0x3Fu);
        points_add(points, point);
        at += length;
    }
}

static size_t write_one(uint32_t point, char *to)
{
    if (point < 0x80) {
        to[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        to[0] = (char)(0xC0 | point >> 6);
        to[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point < 0x10000) {
        to[0] = (char)(0xE0 | point >> 12);
        to[1] = (char)(0x80 | (point >> 6 & 0x3F));
        to[2] = (char)(0x80 | (point & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | point >> 18);
    to[1] = (char)(0x80 | (point >> 12 & 0x3F));
    to[2] = (char)(0x80 | (point >> 6 & 0x3F));
    to[3] = (char)(0x80 | (point & 0x3F));
    return 4;
}

size_t points_write(const struct points *points, char *ret_text)
{
    size_t size = 0;

    for (unsigned i = 0; i < points->length; i++)
        size += write_one(points->at[i], ret_text + size);
    return size;
}

int points_is_letter(uint32_t point)
{
    char text[4];
    unsigned length;
    size_t size = write_one(point, text);
    const uint8_t *at = (const uint8_t *)text;

    return letters_class(letters_at(at, at + size, &length)) >= LETTERS_LATIN;
}

/* C's towlower knows only ASCII in the C locale; the scripts trained here with case are Latin, Greek,
 * Cyrillic and Armenian, whose blocks are regular. */
uint32_t points_lower(uint32_t p)
{
    if ((p >= 'A' && p <= 'Z') || (p >= 0xC0 && p <= 0xDE && p != 0xD7) || (p >= 0x391 && p <= 0x3A9) ||
        (p >= 0x410 && p <= 0x42F))
        return p + 32;
    if (p >= 0x400 && p <= 0x40F)
        return p + 80;
    if ((p >= 0x100 && p <= 0x137) || (p >= 0x14A && p <= 0x177) ||
        (p >= 0x460 && p <= 0x52F && p != 0x4C0) || (p >= 0x1E00 && p <= 0x1EFF) ||
        (p >= 0x218 && p <= 0x21B))
        return (p >= 0x4C1 && p <= 0x4CE) ? p + (p & 1) : p | 1;
    if ((p >= 0x139 && p <= 0x148) || (p >= 0x179 && p <= 0x17E))
        return p + (p & 1);
    return p;
}

uint32_t points_upper(uint32_t p)
{
    if ((p >= 'a' && p <= 'z') || (p >= 0xE0 && p <= 0xFE && p != 0xF7) ||
        (p >= 0x3B1 && p <= 0x3C9 && p != 0x3C2) || (p >= 0x430 && p <= 0x44F))
        return p - 32;
    if (p >= 0x450 && p <= 0x45F)
        return p - 80;
    if (p == 0x131 || p == 0x138 || p == 0x149 || p == 0x17F)
        return p;
    if (points_lower(p) == p && ((p >= 0x100 && p <= 0x17E) || (p >= 0x460 && p <= 0x52F) ||
                                 (p >= 0x1E00 && p <= 0x1EFF) || (p >= 0x218 && p <= 0x21B)))
        return points_lower(p - 1) == p ? p - 1 : p;
    return p;
}
