/*
 * A local threshold at a share of the standard deviation from the local mean (Niblack 1986), in both
 * directions. Thin text in a wide window moves the mean little and the deviation much, so the threshold comes
 * to lie half way between ink and paper for any share of ink from a twentieth to a third.
 */
#include "pipeline/ocr/contrast.h"

#include <stdlib.h>
#include <string.h>

/* Standard deviations from the mean: 0.6 lies at 0.36 of the contrast for 15 % ink. */
static const float share = 0.6f;
/* Grey levels of standard deviation below which a window is plain. */
static const float plain = 3.0f;

struct windows {
    uint32_t *sums; /* per column, over the rows of the window */
    uint32_t *squares;
    uint32_t *sum_before; /* prefix sums of both over the columns, width + 1 */
    uint32_t *square_before;
};

static void add_row(struct windows *windows, const uint8_t *row, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++) {
        windows->sums[x] += row[x];
        windows->squares[x] += (uint32_t)row[x] * row[x];
    }
}

static void drop_row(struct windows *windows, const uint8_t *row, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++) {
        windows->sums[x] -= row[x];
        windows->squares[x] -= (uint32_t)row[x] * row[x];
    }
}

/* The prefix sums may wrap around: only differences of less than 2^32 are taken of them. */
static void sum_up(struct windows *windows, uint32_t width)
{
    uint32_t sum = 0, square = 0;
    for (uint32_t x = 0; x < width; x++) {
        sum += windows->sums[x];
        square += windows->squares[x];
        windows->sum_before[x + 1] = sum;
        windows->square_before[x + 1] = square;
    }
}

static inline uint8_t mark_pixel(float count, uint32_t sum, uint32_t square, uint8_t grey)
{
    float mean = (float)sum / count;
    float variance = (float)square / count - mean * mean;
    float off = (float)grey - mean;
    bool out = off * off > share * share * variance && variance > plain * plain;
    return out ? (off > 0 ? CONTRAST_BRIGHT : CONTRAST_DARK) : CONTRAST_NONE;
}

static void mark_row(const struct windows *windows, const uint8_t *row, uint32_t width, uint32_t rows,
                     uint32_t radius, uint8_t *mask)
{
    for (uint32_t x = 0; x < width; x++) {
        uint32_t left = x > radius ? x - radius : 0;
        uint32_t right = x + radius + 1 < width ? x + radius + 1 : width;
        mask[x] =
            mark_pixel((float)((right - left) * rows), windows->sum_before[right] - windows->sum_before[left],
                       windows->square_before[right] - windows->square_before[left], row[x]);
    }
}

static void mark_all(struct windows *windows, const uint8_t *grey, uint32_t width, uint32_t height,
                     uint32_t radius, uint8_t *mask)
{
    uint32_t top = 0, bottom = 0;
    for (uint32_t y = 0; y < height; y++) {
        for (; bottom < height && bottom <= y + radius; bottom++)
            add_row(windows, grey + (size_t)bottom * width, width);
        for (; top + radius < y; top++)
            drop_row(windows, grey + (size_t)top * width, width);
        sum_up(windows, width);
        mark_row(windows, grey + (size_t)y * width, width, bottom - top, radius, mask + (size_t)y * width);
    }
}

bool contrast_mark(const uint8_t *grey, uint32_t width, uint32_t height, uint32_t radius, uint8_t *mask)
{
    uint32_t *memory = calloc(((size_t)width + 1) * 4, sizeof(*memory));
    if (!memory)
        return false;
    size_t step = (size_t)width + 1;
    struct windows windows = {memory, memory + step, memory + step * 2, memory + step * 3};
    mark_all(&windows, grey, width, height, radius, mask);
    free(memory);
    return true;
}
