/*
 * A line that is found and cut cleanly is read nearly without errors; most of what goes wrong goes wrong
 * here. So the strip is not grey: each pixel is projected on the line from the background's colour to the
 * text's, both taken from the neighbourhood, and red on black or blue on yellow come out as black on white
 * do.
 */
#include "pipeline/ocr/strips.h"

#include "pipeline/ocr/strip_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    STRIP_HEIGHT = 36 /* rows that the models take */,
    MAX_STRIP_WIDTH = 8000,
    BLOCK = 24 /* strip pixels over which colours are taken */
};

/* Room above and below the capitals for accents (Й Ї Ś) and tails (у щ ą), in capital heights. With the
 * ordinary setting they make the 36 rows that the models take, so that nothing is scaled a second time. */
static const double room_above = 0.4, room_below = 0.4, room_beside = 0.5;

/* Share of ink below which what stands over a letter is taken for background. */
static const double pale = 0.3;

struct strip_setting strip_ordinary(void)
{
    return (struct strip_setting){.height = 20, .squeeze = 0.8};
}

/* ---- which pixels are letters ---------------------------------------------------------------------------
 */

/* The letters' pixels in the raster, one byte each, in the rectangle around the line. */
struct stencil {
    int left, top, width, height;
    uint8_t *on; /* a stencil value */
};

static double base_at(const struct textline *line, double x)
{
    return line->base + line->slope * x;
}

static bool make_stencil(const struct raster *raster, const struct textline *line,
                         struct stencil *ret_stencil)
{
    double above = line->height * (1 + room_above), below = line->height * room_below;
    double first = base_at(line, line->left), last = base_at(line, line->right);
    int left = (int)fmax(0, floor(line->left - line->height)),
        top = (int)fmax(0, floor(fmin(first, last) - above));
    int right = (int)fmin(raster->width, ceil(line->right + line->height));
    int bottom = (int)fmin(raster->height, ceil(fmax(first, last) + below));
    if (right <= left || bottom <= top)
        return false;
    *ret_stencil = (struct stencil){left, top, right - left, bottom - top, NULL};
    ret_stencil->on = calloc((size_t)(right - left), (size_t)(bottom - top));
    return ret_stencil->on != NULL;
}

/* A full stop or a hyphen stands apart from the last letter, farther in typewriter faces, and is no letter
 * itself. */
static void stretch(const struct shapes *shapes, struct textline *line)
{
    double far = 1.1 * line->height, left = line->left, right = line->right;
    for (size_t i = 0; i < shapes->count; i++) {
        const struct shape *shape = &shapes->at[i];
        double width = (double)(shape->right - shape->left), height = (double)(shape->bottom - shape->top);
        double above = base_at(line, (double)shape->left) - (double)shape->bottom;
        bool mark = height <= line->height * 0.75 && width <= line->height && above > -0.35 * line->height &&
                    above < 0.6 * line->height && (double)shape->edge > line->edge * 0.4;
        if (mark && (double)shape->left >= line->right && (double)shape->left < line->right + far)
            right = fmax(right, (double)shape->right);
        if (mark && (double)shape->right <= line->left && (double)shape->right > line->left - far)
            left = fmin(left, (double)shape->left);
    }
    line->left = left;
    line->right = right;
}

/* True for whatever lies within the band and is no larger than a letter. */
static bool lies_within(const struct textline *line, const struct shape *shape)
{
    double x = ((double)shape->left + (double)shape->right) / 2;
    double top = base_at(line, x) - line->height * (1 + room_above),
           bottom = base_at(line, x) + line->height * room_below;
    double height = (double)(shape->bottom - shape->top), slack = line->height * 0.12;
    return (double)shape->right > line->left - line->height * room_beside &&
           (double)shape->left < line->right + line->height * room_beside &&
           (double)shape->top >= top - slack && (double)shape->bottom <= bottom + slack &&
           height <= line->height * 1.7;
}

/* Letters, and with them dots, accents and commas. */
static bool belongs(const struct textline *line, const struct shape *shape)
{
    return lies_within(line, shape) && (double)shape->edge > line->edge * 0.35;
}

enum { STENCIL_LETTER = 1, STENCIL_FOREIGN = 2 };

static void draw(const struct shapes *shapes, const struct shape *shape, uint8_t value,
                 struct stencil *stencil)
{
    for (uint32_t at = shape->first; at != SHAPE_END; at = shapes->runs[at].next) {
        const struct shape_run *run = &shapes->runs[at];
        int y = (int)run->y - stencil->top, left = (int)run->left - stencil->left;
        int right = (int)run->right - stencil->left;
        left = left < 0 ? 0 : left;
        right = right > stencil->width ? stencil->width : right;
        if (y >= 0 && y < stencil->height && right > left)
            memset(stencil->on + (size_t)y * (size_t)stencil->width + left, value, (size_t)(right - left));
    }
}

static bool touches(const struct stencil *stencil, const struct shape *shape)
{
    return (int)shape->right > stencil->left && (int)shape->left < stencil->left + stencil->width &&
           (int)shape->bottom > stencil->top && (int)shape->top < stencil->top + stencil->height;
}

static void draw_line(const struct shapes *shapes, const struct textline *line, struct stencil *stencil)
{
    for (size_t i = 0; i < shapes->count; i++)
        if (touches(stencil, &shapes->at[i]) && !lies_within(line, &shapes->at[i]))
            draw(shapes, &shapes->at[i], STENCIL_FOREIGN, stencil);
    for (size_t i = 0; i < shapes->count; i++)
        if (touches(stencil, &shapes->at[i]) && belongs(line, &shapes->at[i]))
            draw(shapes, &shapes->at[i], STENCIL_LETTER, stencil);
    for (size_t i = 0; i < line->letter_count; i++)
        draw(shapes, &shapes->at[line->letters[i]], STENCIL_LETTER, stencil);
}

/* ---- straightening --------------------------------------------------------------------------------------
 */

struct band {
    uint32_t width, height;
    float *rgb;    /* width × height × 3 */
    uint8_t *on;   /* a stencil value */
    uint8_t *near; /* 2: letter or close to one, 1: over one */
    double scale;  /* strip pixels per raster pixel, down */
    double across; /* strip pixels per raster pixel, along */
    double room;   /* above the capitals and below them, in their heights */
};

/* fmin() and fmax() are calls, and this is asked for every pixel several times. */
static double clamped(double value, double most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

static void sample(const struct raster *raster, double x, double y, float to[3])
{
    x = clamped(x, (double)raster->width - 1.001);
    y = clamped(y, (double)raster->height - 1.001);
    uint32_t left = (uint32_t)x, top = (uint32_t)y;
    size_t right = left + 1 < raster->width ? 3 : 0;
    size_t below = top + 1 < raster->height ? (size_t)raster->width * 3 : 0;
    float fx = (float)(x - left), fy = (float)(y - top);
    const uint8_t *at = raster->rgb + ((size_t)top * raster->width + left) * 3;
    for (int c = 0; c < 3; c++, at++) {
        float upper = at[0] + fx * (float)(at[right] - at[0]);
        float lower = at[below] + fx * (float)(at[below + right] - at[below]);
        to[c] += upper + fy * (lower - upper);
    }
}

static uint8_t stencil_at(const struct stencil *stencil, double x, double y)
{
    int column = (int)x - stencil->left, row = (int)y - stencil->top;
    if (column < 0 || row < 0 || column >= stencil->width || row >= stencil->height)
        return 0;
    return stencil->on[(size_t)row * (size_t)stencil->width + (size_t)column];
}

/* Turns strip pixels into raster positions along and across the slanted base line. */
struct frame {
    double x, y;             /* of the strip's upper left corner */
    double along_x, along_y; /* one strip pixel to the right */
    double down_x, down_y;   /* one strip pixel down */
};

static struct frame frame_of(const struct textline *line, const struct band *band)
{
    double length = sqrt(1 + line->slope * line->slope), cosine = 1 / length, sine = line->slope / length;
    double left = line->left - line->height * room_beside, up = line->height * (1 + band->room);
    struct frame frame = {.along_x = cosine / band->across,
                          .along_y = sine / band->across,
                          .down_x = -sine / band->scale,
                          .down_y = cosine / band->scale};
    frame.x = left + sine * up;
    frame.y = base_at(line, left) - cosine * up;
    return frame;
}

enum { MOST_SAMPLES = 4 };

/* Where a pixel of the strip is sampled, from its upper left corner, in raster pixels. */
struct grid {
    double x[MOST_SAMPLES * MOST_SAMPLES], y[MOST_SAMPLES * MOST_SAMPLES];
    int count;
};

/* Samples along or down one pixel of the strip: enough that no pixel of the raster is passed over. */
static int samples(double scale)
{
    return (int)fmin(fmax(ceil(1 / scale - 0.25), 1), MOST_SAMPLES);
}

static struct grid grid_of(const struct band *band, const struct frame *frame)
{
    int across = samples(band->across), down = samples(band->scale);
    struct grid grid = {.count = 0};
    for (int j = 0; j < down; j++)
        for (int i = 0; i < across; i++) {
            double u = (i + 0.5) / across, v = (j + 0.5) / down;
            grid.x[grid.count] = u * frame->along_x + v * frame->down_x - 0.5;
            grid.y[grid.count++] = u * frame->along_y + v * frame->down_y - 0.5;
        }
    return grid;
}

static void fill_pixel(const struct raster *raster, const struct stencil *stencil, const struct frame *frame,
                       const struct grid *grid, struct band *band, uint32_t column, uint32_t row)
{
    double x = frame->x + column * frame->along_x + row * frame->down_x;
    double y = frame->y + column * frame->along_y + row * frame->down_y;
    size_t at = (size_t)row * band->width + column;
    float rgb[3] = {0, 0, 0};
    for (int i = 0; i < grid->count; i++)
        sample(raster, x + grid->x[i], y + grid->y[i], rgb);
    for (size_t c = 0; c < 3; c++)
        band->rgb[at * 3 + c] = rgb[c] / (float)grid->count;
    band->on[at] = stencil_at(stencil, x + (frame->along_x + frame->down_x) / 2,
                              y + (frame->along_y + frame->down_y) / 2);
}

/*
 * Marks the pixels near a letter: 2 within `radius` strip pixels, 1 within `above` strip pixels over one,
 * where an accent may stand that is too pale to be a shape of its own. Two passes of running maxima.
 */
static bool spread(struct band *band, uint32_t radius, uint32_t above)
{
    uint8_t *rows = malloc((size_t)band->width * band->height);
    if (!rows)
        return false;
    for (uint32_t y = 0; y < band->height; y++)
        for (uint32_t x = 0, until = 0; x < band->width + radius; x++) {
            const uint8_t *row = band->on + (size_t)y * band->width;
            if (x < band->width && row[x] == STENCIL_LETTER)
                until = x + 2 * radius + 1;
            if (x >= radius)
                rows[(size_t)y * band->width + x - radius] = x < until;
        }
    for (uint32_t x = 0; x < band->width; x++) {
        uint32_t below = radius + 1, over = above + 1; /* rows to the next letter pixel above, and below */
        for (uint32_t y = 0; y < band->height; y++) {
            below = rows[(size_t)y * band->width + x] ? 0 : below + 1;
            band->near[(size_t)y * band->width + x] = below <= radius ? 2 : 0;
        }
        for (uint32_t y = band->height; y-- > 0;) {
            over = rows[(size_t)y * band->width + x] ? 0 : over + 1;
            uint8_t *near = &band->near[(size_t)y * band->width + x];
            *near = over <= radius ? 2 : over <= above && *near == 0 ? 1 : *near;
        }
    }
    free(rows);
    return true;
}

static bool fill_band(const struct raster *raster, const struct stencil *stencil, const struct textline *line,
                      struct band *band)
{
    struct frame frame = frame_of(line, band);
    struct grid grid = grid_of(band, &frame);
    size_t pixels = (size_t)band->width * band->height;
    band->rgb = malloc(pixels * 3 * sizeof(*band->rgb));
    band->on = malloc(pixels);
    band->near = malloc(pixels);
    if (!band->rgb || !band->on || !band->near)
        return false;
    for (uint32_t y = 0; y < band->height; y++)
        for (uint32_t x = 0; x < band->width; x++)
            fill_pixel(raster, stencil, &frame, &grid, band, x, y);
    return spread(band, 2, (uint32_t)(line->height * band->scale * 0.36));
}

static void free_band(struct band *band)
{
    free(band->rgb);
    free(band->on);
    free(band->near);
}

/* ---- colours --------------------------------------------------------------------------------------------
 */

struct colour {
    double rgb[3];
    double weight;
};

enum {
    TIERS = 4 /* of the band's height, over which the paper's colour is taken: text may cross a border */
};

struct colours {
    struct colour *ink;   /* per block of BLOCK columns, smoothed */
    struct colour *paper; /* per tier and block, smoothed */
    size_t blocks;
};

static void add_colour(struct colour *colour, const float *rgb, double weight)
{
    for (int c = 0; c < 3; c++)
        colour->rgb[c] += weight * (double)rgb[c];
    colour->weight += weight;
}

/* Letter pixels count by how deep they lie in the letter: the rim is half paper. */
static double depth(const struct band *band, uint32_t x, uint32_t y)
{
    size_t at = (size_t)y * band->width + x;
    int sum = 1;
    sum += x > 0 && band->on[at - 1] == STENCIL_LETTER;
    sum += x + 1 < band->width && band->on[at + 1] == STENCIL_LETTER;
    sum += y > 0 && band->on[at - band->width] == STENCIL_LETTER;
    sum += y + 1 < band->height && band->on[at + band->width] == STENCIL_LETTER;
    return sum >= 5 ? 8 : sum >= 4 ? 3 : 1;
}

static void collect_colours(const struct band *band, struct colours *colours)
{
    for (uint32_t y = 0; y < band->height; y++)
        for (uint32_t x = 0; x < band->width; x++) {
            size_t at = (size_t)y * band->width + x;
            if (band->on[at] == STENCIL_LETTER)
                add_colour(&colours->ink[x / BLOCK], band->rgb + at * 3, depth(band, x, y));
            else if (!band->near[at] && band->on[at] == 0)
                add_colour(&colours->paper[y * TIERS / band->height * colours->blocks + x / BLOCK],
                           band->rgb + at * 3, 1);
        }
}

/* Each cell borrows from the others, more from far ones the less it has itself. */
static struct colour borrow(const struct colour *cells, size_t tiers, size_t blocks, size_t tier,
                            size_t block)
{
    struct colour sum = {{0, 0, 0}, 1e-9};
    for (size_t i = 0; i < tiers * blocks; i++) {
        double down = fabs((double)(i / blocks) - (double)tier),
               across = fabs((double)(i % blocks) - (double)block);
        double share = 1 / (1 + 2 * across * across * across + 6 * down * down * down);
        for (int c = 0; c < 3; c++)
            sum.rgb[c] += share * cells[i].rgb[c];
        sum.weight += share * cells[i].weight;
    }
    for (int c = 0; c < 3; c++)
        sum.rgb[c] /= sum.weight;
    return sum;
}

static void smooth(struct colour *cells, struct colour *copy, size_t tiers, size_t blocks)
{
    memcpy(copy, cells, tiers * blocks * sizeof(*copy));
    for (size_t i = 0; i < tiers * blocks; i++)
        cells[i] = borrow(copy, tiers, blocks, i / blocks, i % blocks);
}

static double blend(const struct colour *colours, size_t blocks, uint32_t x, int c)
{
    double place = ((double)x + 0.5) / BLOCK - 0.5;
    place = fmin(fmax(place, 0), (double)blocks - 1);
    size_t left = (size_t)place, right = left + 1 < blocks ? left + 1 : left;
    return colours[left].rgb[c] + (place - (double)left) * (colours[right].rgb[c] - colours[left].rgb[c]);
}

/* The share of ink in each pixel of a column, 0 to 1, along the axis from paper to ink. */
static void project_column(const struct band *band, const struct colours *colours, uint32_t x, float *ink)
{
    double paper[3] = {0}, axis[3] = {0}, square = 1;
    size_t tier = TIERS;
    for (uint32_t y = 0; y < band->height; y++) {
        size_t at = (size_t)y * band->width + x;
        if (tier != y * TIERS / band->height) {
            tier = y * TIERS / band->height;
            square = 1e-6;
            for (int c = 0; c < 3; c++) {
                paper[c] = blend(colours->paper + tier * colours->blocks, colours->blocks, x, c);
                axis[c] = blend(colours->ink, colours->blocks, x, c) - paper[c];
                square += axis[c] * axis[c];
            }
        }
        double sum = 0;
        for (int c = 0; c < 3; c++)
            sum += ((double)band->rgb[at * 3 + (size_t)c] - paper[c]) * axis[c];
        ink[at] = (float)fmin(fmax(sum / square, 0), 1);
    }
}

/* A background is clean when next to nothing of it would pass for ink. Then nothing needs to be wiped away
 * but the neighbours' letters, and thin strokes that are no shapes stay. */
static bool is_clean(const struct band *band, const float *ink)
{
    size_t free = 0, dirty = 0, pixels = (size_t)band->width * band->height;
    for (size_t i = 0; i < pixels; i++) {
        bool paper = band->near[i] == 0 && band->on[i] == 0;
        free += paper;
        dirty += paper && (double)ink[i] > pale;
    }
    return dirty * 50 < free;
}

static void wipe(const struct band *band, bool clean, float *ink)
{
    for (size_t i = 0; i < (size_t)band->width * band->height; i++) {
        bool stays = band->near[i] == 2 || (band->near[i] == 1 && (double)ink[i] >= pale) || clean;
        if (!stays || (band->on[i] == STENCIL_FOREIGN && band->near[i] < 2))
            ink[i] = 0;
    }
}

static bool set_grey(const struct band *band, float *ink, struct strip *strip)
{
    size_t pixels = (size_t)band->width * band->height;
    strip->grey = malloc(pixels);
    if (!strip->grey)
        return false;
    strip->clean = is_clean(band, ink);
    wipe(band, strip->clean, ink);
    for (size_t i = 0; i < pixels; i++)
        strip->grey[i] = (uint8_t)(255.0f - ink[i] * 255.0f);
    return true;
}

static bool project(const struct band *band, struct strip *strip)
{
    struct colours colours = {.blocks = band->width / BLOCK + 1};
    struct colour *memory = calloc(colours.blocks * (2 * TIERS + 1), sizeof(*memory)), *copy = NULL;
    float *ink = malloc((size_t)band->width * band->height * sizeof(*ink));
    bool done = memory && ink;
    if (done) {
        colours.ink = memory;
        colours.paper = memory + colours.blocks;
        copy = memory + colours.blocks * (TIERS + 1);
        collect_colours(band, &colours);
        smooth(colours.ink, copy, 1, colours.blocks);
        smooth(colours.paper, copy, TIERS, colours.blocks);
        for (uint32_t x = 0; x < band->width; x++)
            project_column(band, &colours, x, ink);
        done = set_grey(band, ink, strip);
    }
    free(memory);
    free(ink);
    return done;
}

/* ---- the strip ------------------------------------------------------------------------------------------
 */

static bool cut(const struct raster *raster, const struct stencil *stencil, const struct textline *line,
                struct band *band, struct strip *strip)
{
    double length =
        (line->right - line->left + 2 * room_beside * line->height) * sqrt(1 + line->slope * line->slope);
    strip->cut = length * band->across > MAX_STRIP_WIDTH;
    band->width = (uint32_t)fmin(fmax(length * band->across, 8), MAX_STRIP_WIDTH);
    band->height = (uint32_t)(line->height * (1 + 2 * band->room) * band->scale + 0.5);
    strip->width = band->width;
    strip->height = band->height;
    strip->stride = band->width;
    return fill_band(raster, stencil, line, band) && project(band, strip);
}

/* The squeeze for the line's face: a narrow one is squeezed less, so that the models can tell its strokes. */
static double widen(const struct textline *line, struct strip_setting setting)
{
    const double least = 7.5, most = 1.25; /* strip pixels from stroke to stroke; times the squeeze */
    double squeezed = (line->right - line->left) * setting.height / line->height * setting.squeeze;
    double pitch = squeezed / fmax(line->strokes, 1);
    return setting.squeeze * fmin(fmax(least / fmax(pitch, 1), 1), most);
}

bool strip_cut(const struct raster *raster, const struct shapes *shapes, const struct textline *found,
               struct strip_setting setting, struct strip *ret_strip)
{
    struct textline line = *found;
    struct stencil stencil;
    stretch(shapes, &line);
    if (!make_stencil(raster, &line, &stencil))
        return false;
    draw_line(shapes, &line, &stencil);
    double scale = setting.height / line.height;
    struct band band = {.scale = scale,
                        .across = scale * widen(&line, setting),
                        .room = (STRIP_HEIGHT / setting.height - 1) / 2};
    struct strip strip = {0};
    bool done = cut(raster, &stencil, &line, &band, &strip);
    free(stencil.on);
    free_band(&band);
    if (!done) {
        strip_free(&strip);
        return false;
    }
    strip_parts_tighten(&strip);
    *ret_strip = strip;
    return true;
}

void strip_free(struct strip *strip)
{
    free(strip->grey);
    strip->grey = NULL;
}
