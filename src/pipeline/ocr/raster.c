/* The plain pixel work of raster.h. */
#include "pipeline/ocr/raster.h"

#include <stdlib.h>
#include <string.h>

bool raster_new(uint32_t width, uint32_t height, struct raster *ret_raster)
{
    uint8_t *rgb = malloc((size_t)width * height * 3);
    if (!rgb)
        return false;
    *ret_raster = (struct raster){.width = width, .height = height, .rgb = rgb};
    return true;
}

void raster_free(struct raster *raster)
{
    free(raster->rgb);
    raster->rgb = NULL;
}

/* The stored pixel that stands at (x, y) of the upright picture; EXIF 2.3, tag 0x0112. */
static size_t stored_at(const struct raster *stored, uint8_t orientation, uint32_t x, uint32_t y)
{
    uint32_t right = stored->width - 1, bottom = stored->height - 1;
    switch (orientation) {
    case 2: x = right - x; break;
    case 3:
        x = right - x;
        y = bottom - y;
        break;
    case 4: y = bottom - y; break;
    case 5: return (size_t)x * stored->width + y;
    case 6: return (size_t)(bottom - x) * stored->width + y;
    case 7: return (size_t)(bottom - x) * stored->width + (right - y);
    case 8: return (size_t)x * stored->width + (right - y);
    default: break;
    }
    return (size_t)y * stored->width + x;
}

bool raster_orient(struct raster *raster, uint8_t orientation)
{
    if (orientation < 2 || orientation > 8)
        return true;
    bool turned = orientation >= 5;
    struct raster upright;
    if (!raster_new(turned ? raster->height : raster->width, turned ? raster->width : raster->height,
                    &upright))
        return false;
    uint8_t *to = upright.rgb;
    for (uint32_t y = 0; y < upright.height; y++)
        for (uint32_t x = 0; x < upright.width; x++, to += 3)
            memcpy(to, raster->rgb + stored_at(raster, orientation, x, y) * 3, 3);
    upright.clear = raster->clear;
    upright.damaged = raster->damaged;
    raster_free(raster);
    *raster = upright;
    return true;
}

static void add_row(const uint8_t *from, uint32_t cells, uint32_t step, uint32_t *sums)
{
    for (uint32_t cell = 0; cell < cells; cell++, sums += 3)
        for (uint32_t i = 0; i < step; i++, from += 3) {
            sums[0] += from[0];
            sums[1] += from[1];
            sums[2] += from[2];
        }
}

bool raster_reduce(const struct raster *raster, uint32_t step, struct raster *ret_raster)
{
    uint32_t width = raster->width / step, height = raster->height / step, area = step * step;
    struct raster small;
    uint32_t *sums = calloc((size_t)width + 1, 3 * sizeof(*sums));
    if (!sums || !raster_new(width ? width : 1, height ? height : 1, &small)) {
        free(sums);
        return false;
    }
    for (uint32_t y = 0; y < height; y++) {
        memset(sums, 0, (size_t)width * 3 * sizeof(*sums));
        for (uint32_t i = 0; i < step; i++)
            add_row(raster->rgb + ((size_t)y * step + i) * raster->width * 3, width, step, sums);
        for (size_t i = 0; i < (size_t)width * 3; i++)
            small.rgb[(size_t)y * width * 3 + i] = (uint8_t)(sums[i] / area);
    }
    free(sums);
    small.width = width;
    small.height = height;
    *ret_raster = small;
    return true;
}

static int luminance(const uint8_t *rgb)
{
    return (77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2]) >> 8;
}

/* Half the colour difference, so that it fits around 128; text on its own luminance has steps of 40 to 130.
 */
static int beyond(const uint8_t *rgb, enum raster_channel channel)
{
    int difference = rgb[channel == RASTER_RED ? 0 : 2] - luminance(rgb);
    int value = 128 + difference * 5 / 8;
    return value < 0 ? 0 : value > 255 ? 255 : value;
}

uint8_t *raster_channel(const struct raster *raster, enum raster_channel channel)
{
    size_t count = (size_t)raster->width * raster->height;
    uint8_t *values = malloc(count + 1);
    const uint8_t *from = raster->rgb;
    for (size_t i = 0; values && channel == RASTER_GREY && i < count; i++, from += 3)
        values[i] = (uint8_t)luminance(from);
    for (size_t i = 0; values && channel != RASTER_GREY && i < count; i++, from += 3)
        values[i] = (uint8_t)beyond(from, channel);
    return values;
}

static bool is_hidden_edge(const uint8_t *a, const uint8_t *b, enum raster_channel channel)
{
    enum { COLOUR_STEP = 35, GREY_STEP = 22 };
    return abs(beyond(a, channel) - beyond(b, channel)) >= COLOUR_STEP &&
           abs(luminance(a) - luminance(b)) <= GREY_STEP;
}

bool raster_has_hidden_edges(const struct raster *raster, enum raster_channel channel)
{
    enum { ROW_STEP = 3, REACH = 3, PER_TEN_THOUSAND = 8 }; /* 60 letters in a million pixels */
    size_t edges = 0, looked = 0;
    for (uint32_t y = 0; y < raster->height; y += ROW_STEP) {
        const uint8_t *row = raster->rgb + (size_t)y * raster->width * 3;
        for (uint32_t x = 0; x + REACH < raster->width; x += 2, looked++)
            edges += is_hidden_edge(row + (size_t)x * 3, row + ((size_t)x + REACH) * 3, channel);
    }
    return edges * 10000 > looked * PER_TEN_THOUSAND;
}

static uint32_t cell_brightness(const struct raster *raster, uint32_t column, uint32_t row)
{
    enum { COLUMNS = 9, ROWS = 8, SAMPLES = 8 };
    uint32_t sum = 0;
    for (uint32_t i = 0; i < SAMPLES * SAMPLES; i++) {
        uint64_t x = ((uint64_t)column * SAMPLES + i % SAMPLES) * raster->width / (COLUMNS * SAMPLES);
        uint64_t y = ((uint64_t)row * SAMPLES + i / SAMPLES) * raster->height / (ROWS * SAMPLES);
        const uint8_t *at = raster->rgb + (y * raster->width + x) * 3;
        sum += 77u * at[0] + 150u * at[1] + 29u * at[2];
    }
    return sum;
}

uint64_t raster_hash(const struct raster *raster)
{
    uint64_t hash = 0;
    for (uint32_t row = 0; row < 8; row++)
        for (uint32_t column = 0; column < 8; column++)
            hash =
                hash << 1 | (cell_brightness(raster, column, row) > cell_brightness(raster, column + 1, row));
    return hash;
}
