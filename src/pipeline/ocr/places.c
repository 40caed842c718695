/*
 * Text is looked for at three sizes, one to one, one to three and one to nine, so that one window and one set
 * of letter sizes serve 6-pixel print and letters of half the screen alike. White letters with a black rim
 * are found twice, as letters and as rims, and large ones at two sizes: the better looking one wins its
 * place, and the loser is kept as its rival, for when the winner cannot be read.
 */
#include "pipeline/ocr/places.h"

#include "pipeline/ocr/contrast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RADIUS = 18, STEP = 3, MIN_LEVEL_SIDE = 24 };

static bool add_places(struct places *places, struct textlines *lines, uint8_t level, uint8_t side)
{
    struct place *grown = realloc(places->at, (places->count + lines->count + 1) * sizeof(*grown));
    if (!grown)
        return false;
    places->at = grown;
    places->cut |= lines->cut;
    double step = places->levels[level].step;
    for (size_t i = 0; i < lines->count; i++) {
        const struct textline *line = &lines->at[i];
        double first = line->base + line->slope * line->left, last = line->base + line->slope * line->right;
        places->at[places->count++] =
            (struct place){.line = *line,
                           .level = level,
                           .side = side,
                           .rival = PLACES_NONE,
                           .left = line->left * step,
                           .right = line->right * step,
                           .top = (fmin(first, last) - line->height * 1.1) * step,
                           .bottom = (fmax(first, last) + line->height * 0.25) * step};
    }
    free(lines->at); /* the lines' letters went over to the places */
    *lines = (struct textlines){0};
    return true;
}

static bool look_for(struct places *places, uint8_t level, uint8_t side, const uint8_t *mask,
                     const uint8_t *grey)
{
    const struct raster *raster = &places->levels[level].raster;
    struct shapes *shapes = &places->levels[level].shapes[side];
    struct textlines lines = {0};
    uint8_t mark = side % 2 == 0 ? CONTRAST_BRIGHT : CONTRAST_DARK;
    bool done = shapes_find(mask, grey, raster->width, raster->height, mark, shapes) &&
                textlines_find(shapes, &lines) && add_places(places, &lines, level, side);
    places->cut |= shapes->cut;
    textlines_free(&lines);
    return done;
}

static bool look_at_channel(struct places *places, uint8_t level, enum raster_channel channel)
{
    const struct raster *raster = &places->levels[level].raster;
    uint8_t *values = raster_channel(raster, channel);
    uint8_t *mask = malloc((size_t)raster->width * raster->height + 1), side = (uint8_t)(channel * 2);
    bool done = values && mask && contrast_mark(values, raster->width, raster->height, RADIUS, mask) &&
                look_for(places, level, side, mask, values) &&
                look_for(places, level, (uint8_t)(side + 1), mask, values);
    free(values);
    free(mask);
    return done;
}

/* Colour is looked at only where the luminance misses something: it costs as much again. */
static bool look_at_level(struct places *places, uint8_t level)
{
    for (enum raster_channel channel = RASTER_GREY; channel < RASTER_CHANNELS; channel++)
        if ((channel == RASTER_GREY || raster_has_hidden_edges(&places->levels[level].raster, channel)) &&
            !look_at_channel(places, level, channel))
            return false;
    return true;
}

/* ---- one line a place -----------------------------------------------------------------------------------
 */

static int by_score(const void *a, const void *b)
{
    double first = ((const struct place *)a)->line.score, second = ((const struct place *)b)->line.score;
    return first > second ? -1 : first < second;
}

/* How much of the smaller of the two lies in the other, along their base lines, 0 to 1. */
static double overlap(const struct place *a, const struct place *b)
{
    double width = fmin(a->right, b->right) - fmax(a->left, b->left);
    double height = fmin(a->bottom, b->bottom) - fmax(a->top, b->top);
    if (width <= 0 || height <= 0)
        return 0;
    double area_a = (a->right - a->left) * (a->bottom - a->top),
           area_b = (b->right - b->left) * (b->bottom - b->top);
    return width * height / fmin(area_a, area_b);
}

/* Slanted lines lie in each other's boxes without touching: compare their base lines where both stand. */
static bool same_place(const struct place *a, const struct place *b, const struct places *places)
{
    if (overlap(a, b) < 0.3)
        return false;
    double step_a = places->levels[a->level].step, step_b = places->levels[b->level].step;
    double x = (fmax(a->left, b->left) + fmin(a->right, b->right)) / 2;
    double base_a = a->line.base * step_a + a->line.slope * x,
           base_b = b->line.base * step_b + b->line.slope * x;
    double top_a = base_a - a->line.height * step_a, top_b = base_b - b->line.height * step_b;
    double common = fmin(base_a, base_b) - fmax(top_a, top_b);
    return common > 0.3 * fmin(base_a - top_a, base_b - top_b);
}

/* True when most of a line's place is taken by several better ones: what stands between two lines is no line.
 */
static bool is_covered(const struct place *place, const struct place *winners, size_t count)
{
    double area = (place->right - place->left) * (place->bottom - place->top), taken = 0;
    for (size_t i = 0; i < count; i++) {
        double width = fmin(place->right, winners[i].right) - fmax(place->left, winners[i].left);
        double height = fmin(place->bottom, winners[i].bottom) - fmax(place->top, winners[i].top);
        double slope = fabs(winners[i].line.slope) * (winners[i].right - winners[i].left);
        if (width > 0 && height > 0 && slope < 0.5 * (place->bottom - place->top))
            taken += width * height;
    }
    return taken > 0.55 * area;
}

static bool take_places(struct places *places)
{
    struct place *ordered = malloc((places->count + 1) * sizeof(*ordered));
    struct place *losers = malloc((places->count + 1) * sizeof(*losers));
    if (!ordered || !losers)
        return free(ordered), free(losers), false;
    size_t winners = 0, lost = 0;
    if (places->count)
        qsort(places->at, places->count, sizeof(*places->at), by_score);
    for (size_t i = 0; i < places->count; i++) {
        size_t j = 0;
        while (j < winners && !same_place(&places->at[i], &ordered[j], places))
            j++;
        if (j == winners && is_covered(&places->at[i], ordered, winners)) {
            losers[lost++] = places->at[i];
        } else if (j == winners) {
            ordered[winners++] = places->at[i];
        } else {
            if (ordered[j].rival == PLACES_NONE)
                ordered[j].rival = (int)lost;
            losers[lost++] = places->at[i];
        }
    }
    for (size_t j = 0; j < winners; j++)
        ordered[j].rival += ordered[j].rival == PLACES_NONE ? 0 : (int)winners;
    memcpy(ordered + winners, losers, lost * sizeof(*losers));
    free(losers);
    free(places->at);
    places->at = ordered;
    places->winners = winners;
    return true;
}

/* ---- the door -------------------------------------------------------------------------------------------
 */

static bool find_all(const struct raster *picture, struct places *places)
{
    for (uint8_t level = 0; level < PLACES_LEVELS; level++) {
        struct places_level *at = &places->levels[level];
        at->step = level == 0 ? 1 : places->levels[level - 1].step * STEP;
        if (level == 0)
            at->raster = *picture;
        else if (!raster_reduce(&places->levels[level - 1].raster, STEP, &at->raster))
            return false;
        if (at->raster.width < MIN_LEVEL_SIDE || at->raster.height < MIN_LEVEL_SIDE / 2)
            break;
        if (!look_at_level(places, level))
            return false;
    }
    return take_places(places);
}

bool places_find(const struct raster *picture, struct places *ret_places)
{
    struct places places = {0};
    if (!find_all(picture, &places)) {
        places_free(&places);
        return false;
    }
    *ret_places = places;
    return true;
}

void places_free(struct places *places)
{
    for (size_t i = 0; i < places->count; i++)
        free(places->at[i].line.letters);
    free(places->at);
    for (int level = 0; level < PLACES_LEVELS; level++) {
        for (int side = 0; side < PLACES_SIDES; side++)
            shapes_free(&places->levels[level].shapes[side]);
        if (level > 0)
            raster_free(&places->levels[level].raster);
    }
    *places = (struct places){0};
}
