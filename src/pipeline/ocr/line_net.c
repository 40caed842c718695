/*
 * Runs the network as its models were trained to be run: eight bits between the layers, and noise where a
 * pixel has no neighbours, the same for every strip. The cells that go down the columns take most of the
 * work: they see each column on its own, twelve steps of it.
 */
#include "pipeline/ocr/line_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FULL = 127, NEIGHBOURS = 9, POOLED_ROWS = LINE_NET_HEIGHT / LINE_NET_ACROSS };

/* ---- pixels ---------------------------------------------------------------------------------------------
 */

struct tally {
    uint32_t of[256], all;
};

/* The level that `share` of what was counted lies below, with parts of a level. */
static float level_of(const struct tally *tally, double share)
{
    double target = fmax(share * tally->all, 1);
    uint32_t sum = 0, level = 0;
    while (level < 256 && sum < target)
        sum += tally->of[level++];
    return (float)(level - (sum - target) / tally->of[level - 1]);
}

static void count(struct tally *tally, uint8_t level)
{
    tally->of[level]++;
    tally->all++;
}

/* What is black and what white is taken from the darkest and the lightest places of the middle row. */
static void find_levels(const uint8_t *row, uint32_t width, float *ret_black, float *ret_white)
{
    struct tally dark = {.all = 0}, light = {.all = 0};
    for (uint32_t x = 1; x + 1 < width; x++) {
        uint8_t left = row[x - 1], here = row[x], right = row[x + 1];
        if ((here < left && here <= right) || (here <= left && here < right))
            count(&dark, here);
        if ((here > left && here >= right) || (here >= left && here > right))
            count(&light, here);
    }
    if (dark.all == 0)
        count(&dark, 0);
    if (light.all == 0)
        count(&light, 255);
    *ret_black = level_of(&dark, 0.25);
    *ret_white = level_of(&light, 0.75);
}

static void fill_levels(const uint8_t *middle, uint32_t width, int8_t levels[256])
{
    float black, white;
    find_levels(middle, width, &black, &white);
    float contrast = (white - black) / 2 > 0 ? (white - black) / 2 : 1;
    for (int i = 0; i < 256; i++) {
        float value = roundf((FULL + 1) * (((float)i - black) / contrast - 1));
        levels[i] = (int8_t)(value > FULL ? FULL : value < -FULL ? -FULL : value);
    }
}

/* ---- edges ----------------------------------------------------------------------------------------------
 */

/* Noise as the models were trained with. */
static int8_t noise(uint64_t *seed)
{
    *seed = *seed * 48271 % INT32_MAX;
    double value = 2.0 * FULL * (double)*seed / INT32_MAX - FULL;
    return (int8_t)round(value);
}

struct pixels {
    int8_t *at; /* LINE_NET_HEIGHT rows */
    uint32_t width;
    uint64_t seed;
};

/* A pixel with its neighbours, column by column. */
static void look_around(struct pixels *pixels, int x, int y, int8_t around[NEIGHBOURS])
{
    for (int i = x - 1; i <= x + 1; i++)
        for (int j = y - 1; j <= y + 1; j++) {
            bool inside = i >= 0 && i < (int)pixels->width && j >= 0 && j < LINE_NET_HEIGHT;
            *around++ = inside ? pixels->at[(size_t)j * pixels->width + (size_t)i] : noise(&pixels->seed);
        }
}

/* The largest of 3×3 sums is as good as the largest of what they are squashed to. */
static void keep_largest(const struct line_net *net, const int8_t around[], float largest[LINE_NET_MAPS])
{
    float sums[LINE_NET_MAPS];
    matrix_multiply(&net->edges, around, sums);
    for (size_t i = 0; i < LINE_NET_MAPS; i++)
        largest[i] = sums[i] > largest[i] ? sums[i] : largest[i];
}

/* Three rows of pixels make one row of `steps` × LINE_NET_MAPS. */
static void pool_rows(const struct line_net *net, struct pixels *pixels, int top, uint32_t steps,
                      float *largest, int8_t *ret_pooled)
{
    int8_t around[NEIGHBOURS + 3] = {0};
    for (size_t i = 0; i < (size_t)steps * LINE_NET_MAPS; i++)
        largest[i] = -HUGE_VALF;
    for (int y = top; y < top + LINE_NET_ACROSS; y++)
        for (uint32_t x = 0; x < pixels->width; x++) {
            look_around(pixels, (int)x, y, around);
            if (x / LINE_NET_ACROSS < steps)
                keep_largest(net, around, largest + (size_t)(x / LINE_NET_ACROSS) * LINE_NET_MAPS);
        }
    squash_tanh(&net->squash, largest, (size_t)steps * LINE_NET_MAPS, ret_pooled);
}

static bool pool(const struct line_net *net, struct pixels *pixels, uint32_t steps, int8_t *ret_pooled)
{
    size_t row = (size_t)steps * LINE_NET_MAPS;
    float *largest = malloc(row * sizeof(*largest));
    for (int y = 0; largest && y < POOLED_ROWS; y++)
        pool_rows(net, pixels, y * LINE_NET_ACROSS, steps, largest, ret_pooled + (size_t)y * row);
    free(largest);
    return largest;
}

static bool see(const struct line_net *net, const uint8_t *grey, uint32_t width, uint32_t stride,
                int8_t *ret_pooled)
{
    int8_t levels[256];
    struct pixels pixels = {.width = width, .seed = net->seed, .at = malloc((size_t)width * LINE_NET_HEIGHT)};
    if (!pixels.at)
        return false;
    fill_levels(grey + (size_t)(LINE_NET_HEIGHT / 2) * stride, width, levels);
    for (size_t y = 0; y < LINE_NET_HEIGHT; y++)
        for (size_t x = 0; x < width; x++)
            pixels.at[y * width + x] = levels[grey[y * stride + x]];
    noise(&pixels.seed);
    bool done = pool(net, &pixels, width / LINE_NET_ACROSS, ret_pooled);
    free(pixels.at);
    return done;
}

/* ---- cells ----------------------------------------------------------------------------------------------
 */

struct memory {
    float state[LINE_NET_MOST];
    float sums[4 * LINE_NET_MOST + MATRIX_LANES];
    int8_t seen[2 * LINE_NET_MOST + MATRIX_INPUTS]; /* what comes in, and what the cells gave out last */
};

static void forget(struct memory *memory)
{
    memset(memory->state, 0, sizeof(memory->state));
    memset(memory->seen, 0, sizeof(memory->seen));
}

static const int8_t *take_step(const struct line_net *net, const struct line_net_cells *cells,
                               const int8_t *input, struct memory *memory)
{
    memcpy(memory->seen, input, cells->inputs);
    matrix_multiply(&cells->gates, memory->seen, memory->sums);
    squash_step(&net->squash, memory->sums, cells->count, memory->state, memory->seen + cells->inputs);
    return memory->seen + cells->inputs;
}

/* The last word of each column, read from its top. */
static void go_down(const struct line_net *net, const int8_t *pooled, uint32_t steps, struct memory *memory,
                    int8_t *ret_columns)
{
    const int8_t *last = NULL;
    for (uint32_t x = 0; x < steps; x++) {
        forget(memory);
        for (size_t y = 0; y < POOLED_ROWS; y++)
            last = take_step(net, &net->down, pooled + (y * steps + x) * LINE_NET_MAPS, memory);
        memcpy(ret_columns + (size_t)x * net->down.count, last, net->down.count);
    }
}

static void go_along(const struct line_net *net, const struct line_net_cells *cells, bool back,
                     const int8_t *columns, uint32_t steps, struct memory *memory, int8_t *ret_columns)
{
    forget(memory);
    for (uint32_t i = 0; i < steps; i++) {
        size_t x = back ? steps - 1 - i : i;
        const int8_t *given = take_step(net, cells, columns + x * cells->inputs, memory);
        memcpy(ret_columns + x * cells->count, given, cells->count);
    }
}

/* ---- codes ----------------------------------------------------------------------------------------------
 */

static void weigh(const float *sums, uint32_t count, float *ret_shares)
{
    const float least = -86; /* below it the share is none */
    float most = sums[0], all = 0;
    for (uint32_t i = 1; i < count; i++)
        most = sums[i] > most ? sums[i] : most;
    for (uint32_t i = 0; i < count; i++) {
        ret_shares[i] = expf(fmaxf(sums[i] - most, least));
        all += ret_shares[i];
    }
    for (uint32_t i = 0; i < count; i++)
        ret_shares[i] /= all;
}

static void name_codes(const struct line_net *net, const int8_t *columns, uint32_t steps,
                       struct memory *memory, float *ret_shares)
{
    uint32_t inputs = net->last.count, codes = line_net_codes(net);
    forget(memory);
    for (size_t x = 0; x < steps; x++) {
        memcpy(memory->seen, columns + x * inputs, inputs);
        matrix_multiply(&net->codes, memory->seen, memory->sums);
        weigh(memory->sums, codes, ret_shares + x * codes);
    }
}

/* Two buffers in turns: what a layer gives is what the next one takes. */
static void run(const struct line_net *net, uint32_t steps, int8_t *one, int8_t *other, struct memory *memory,
                float *ret_shares)
{
    go_down(net, one, steps, memory, other);
    go_along(net, &net->first, false, other, steps, memory, one);
    go_along(net, &net->back, true, one, steps, memory, other);
    go_along(net, &net->last, false, other, steps, memory, one);
    name_codes(net, one, steps, memory, ret_shares);
}

float *line_net_run(const struct line_net *net, const uint8_t *grey, uint32_t width, uint32_t stride)
{
    uint32_t steps = width / LINE_NET_ACROSS;
    if (steps == 0)
        return NULL;
    int8_t *one = malloc((size_t)steps * LINE_NET_MOST), *other = malloc((size_t)steps * LINE_NET_MOST);
    struct memory *memory = malloc(sizeof(*memory));
    float *shares = malloc((size_t)steps * line_net_codes(net) * sizeof(*shares));
    bool done = one && other && memory && shares && see(net, grey, width, stride, one);
    if (done)
        run(net, steps, one, other, memory, shares);
    free(one);
    free(other);
    free(memory);
    if (!done)
        free(shares);
    return done ? shares : NULL;
}
