/*
 * See sixel.h. Colours are those of a 6 × 6 × 6 cube, dithered by a fixed pattern: no palette has to be
 * found, and what counts is that letters can be read. A band is written once for each colour in it.
 */
#include "cli/sixel.h"

#include <stdlib.h>
#include <string.h>

enum { LEVELS = 6, COLOURS = LEVELS * LEVELS * LEVELS, BAND = 6, STEP = 255 / (LEVELS - 1) };

struct picture {
    const uint8_t *pixels;
    uint32_t width, height, wide, high;
};

/* The mean of what falls on one pixel of the smaller picture. */
static unsigned mean(const struct picture *picture, uint32_t x, uint32_t y, unsigned channel)
{
    uint64_t left = (uint64_t)x * picture->width / picture->wide, sum = 0, count = 0;
    uint64_t right = (uint64_t)(x + 1) * picture->width / picture->wide;
    uint64_t top = (uint64_t)y * picture->height / picture->high;
    uint64_t bottom = (uint64_t)(y + 1) * picture->height / picture->high;
    for (uint64_t row = top; row < bottom; row++)
        for (uint64_t column = left; column < right; column++, count++)
            sum += picture->pixels[(row * picture->width + column) * 3 + channel];
    return (unsigned)(sum / (count ? count : 1));
}

static uint8_t colour_at(const struct picture *picture, uint32_t x, uint32_t y)
{
    static const uint8_t pattern[4][4] = {{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
    unsigned lift = pattern[y % 4][x % 4] * STEP / 16, colour = 0;
    for (unsigned channel = 0; channel < 3; channel++) {
        unsigned level = (mean(picture, x, y, channel) + lift) / STEP;
        colour = colour * LEVELS + (level < LEVELS ? level : LEVELS - 1);
    }
    return (uint8_t)colour;
}

static void add_run(struct buf *out, char sign, unsigned count)
{
    if (count > 3)
        buf_add_format(out, "!%u%c", count, sign);
    else
        for (unsigned i = 0; i < count; i++)
            buf_add_byte(out, sign);
}

static void add_colour(struct buf *out, const uint8_t *band, uint32_t wide, uint32_t rows, unsigned colour)
{
    char before = 0;
    unsigned run = 0;
    buf_add_format(out, "#%u", colour);
    for (uint32_t x = 0; x < wide; x++) {
        unsigned bits = 0;
        for (uint32_t row = 0; row < rows; row++)
            bits |= (band[row * wide + x] == colour ? 1U : 0U) << row;
        char sign = (char)('?' + bits);
        if (run && sign != before) {
            add_run(out, before, run);
            run = 0;
        }
        before = sign;
        run++;
    }
    if (before != '?')
        add_run(out, before, run);
    buf_add_byte(out, '$');
}

static void add_band(struct buf *out, const uint8_t *band, uint32_t wide, uint32_t rows)
{
    bool used[COLOURS] = {false};
    for (size_t i = 0; i < (size_t)wide * rows; i++)
        used[band[i]] = true;
    for (unsigned colour = 0; colour < COLOURS; colour++)
        if (used[colour])
            add_colour(out, band, wide, rows, colour);
    buf_add_byte(out, '-');
}

static void add_palette(struct buf *out)
{
    for (unsigned colour = 0; colour < COLOURS; colour++)
        buf_add_format(out, "#%u;2;%u;%u;%u", colour, colour / 36 * 20, colour / 6 % 6 * 20, colour % 6 * 20);
}

void sixel_add(const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t wide, uint32_t high,
               struct buf *out)
{
    struct picture picture = {pixels, width, height, wide < width ? wide : width,
                              high < height ? high : height};
    uint8_t *band = calloc((size_t)picture.wide, BAND);
    if (!band) {
        out->failed = true;
        return;
    }
    buf_add_format(out, "\033P0;1q\"1;1;%u;%u", picture.wide, picture.high);
    add_palette(out);
    for (uint32_t y = 0; y < picture.high; y += BAND) {
        uint32_t rows = picture.high - y < BAND ? picture.high - y : BAND;
        for (uint32_t row = 0; row < rows; row++)
            for (uint32_t x = 0; x < picture.wide; x++)
                band[row * picture.wide + x] = colour_at(&picture, x, y + row);
        add_band(out, band, picture.wide, rows);
    }
    buf_add_text(out, "\033\\");
    free(band);
}
