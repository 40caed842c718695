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

/* Marks pixels [from, to) of a row whose windows all reach `left` columns back and `right` ahead (the first
 * behind); plain loops over plain arrays, so that the compiler can do eight at once. */
static void mark_stretch(const struct windows *windows, const uint8_t *row, size_t from, size_t to,
                         size_t left, size_t right, float count, uint8_t *mask)
{
    const uint32_t *sums = windows->sum_before, *squares = windows->square_before;
    float inverse = 1.0f / count;
    for (size_t x = from; x < to; x++) {
        float mean = (float)(int32_t)(sums[x + right] - sums[x - left]) * inverse;
        float square = (float)(int32_t)(squares[x + right] - squares[x - left]) * inverse;
        float variance = square - mean * mean, off = (float)row[x] - mean;
        int out = (off * off > share * share * variance) & (variance > plain * plain);
        mask[x] = (uint8_t)(out * (off > 0 ? CONTRAST_BRIGHT : CONTRAST_DARK));
    }
}

static void mark_row(const struct windows *windows, const uint8_t *row, uint32_t width, uint32_t rows,
                     uint32_t radius, uint8_t *mask)
{
    uint32_t inner = radius < width ? radius : width;
    uint32_t end = width > 2 * radius ? width - radius : inner;
    for (uint32_t x = 0; x < width; x = x + 1 == inner ? (end > inner ? end : inner) : x + 1) {
        uint32_t left = x < radius ? x : radius, right = width - x < radius + 1 ? width - x : radius + 1;
        mark_stretch(windows, row, x, x + 1, left, right, (float)((left + right) * rows), mask);
    }
    if (end > inner)
        mark_stretch(windows, row, inner, end, radius, radius + 1, (float)((2 * radius + 1) * rows), mask);
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
