/*
 * A message in two columns must not be read across them. Lines join into a block when one stands under the
 * other at the same size; blocks follow each other from the top, and from the left where they stand side by
 * side.
 */
#include "pipeline/ocr/order.h"

#include <stdlib.h>

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Pixels that two stretches have in common. */
static uint32_t common(uint32_t from_a, uint32_t size_a, uint32_t from_b, uint32_t size_b)
{
    uint32_t from = larger(from_a, from_b), to = smaller(from_a + size_a, from_b + size_b);
    return to > from ? to - from : 0;
}

static bool same_block(const struct picture_line *a, const struct picture_line *b)
{
    const struct picture_line *upper = a->y <= b->y ? a : b, *lower = upper == a ? b : a;
    uint32_t low = smaller(a->height, b->height), high = larger(a->height, b->height);
    uint32_t end = upper->y + upper->height, gap = lower->y > end ? lower->y - end : 0;
    return high * 2 <= low * 3 && gap <= low &&
           common(a->x, a->width, b->x, b->width) * 3 >= smaller(a->width, b->width);
}

static void number_blocks(struct picture_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        lines[i].block = (uint32_t)i;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            uint32_t from = lines[j].block, to = lines[i].block;
            for (size_t k = 0; from != to && same_block(&lines[i], &lines[j]) && k < count; k++)
                lines[k].block = lines[k].block == from ? to : lines[k].block;
        }
}

/* A piece of a row that joined nothing above or below it belongs to the row, when it is a word's space away.
 */
static bool continues(const struct picture_line *a, const struct picture_line *b)
{
    uint32_t low = smaller(a->height, b->height), high = larger(a->height, b->height);
    uint32_t end = smaller(a->x + a->width, b->x + b->width), start = larger(a->x, b->x);
    return high * 2 <= low * 3 && common(a->y, a->height, b->y, b->height) * 2 > low &&
           start <= end + 2 * low;
}

static bool stands_alone(const struct picture_line *lines, size_t count, size_t line)
{
    for (size_t i = 0; i < count; i++)
        if (i != line && lines[i].block == lines[line].block)
            return false;
    return true;
}

static void join_rows(struct picture_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!stands_alone(lines, count, i))
            continue;
        size_t j = 0;
        while (j < count && (j == i || !continues(&lines[i], &lines[j])))
            j++;
        if (j < count)
            lines[i].block = lines[j].block;
    }
}

struct area {
    uint32_t left, top, right, bottom; /* of a block */
    uint32_t number;                   /* its place in the order */
    bool used, placed;
};

static void measure(const struct picture_line *lines, size_t count, struct area *areas)
{
    for (size_t i = 0; i < count; i++) {
        struct area *area = &areas[lines[i].block];
        const struct picture_line *line = &lines[i];
        area->left = area->used ? smaller(area->left, line->x) : line->x;
        area->top = area->used ? smaller(area->top, line->y) : line->y;
        area->right = larger(area->right, line->x + line->width);
        area->bottom = larger(area->bottom, line->y + line->height);
        area->used = true;
    }
}

static bool goes_before(const struct area *a, const struct area *b)
{
    uint32_t high = smaller(a->bottom - a->top, b->bottom - b->top);
    if (common(a->top, a->bottom - a->top, b->top, b->bottom - b->top) * 2 > high)
        return a->left < b->left;
    return a->top < b->top;
}

static void place_blocks(struct area *areas, size_t count)
{
    for (uint32_t number = 0;; number++) {
        struct area *first = NULL;
        for (size_t i = 0; i < count; i++)
            if (areas[i].used && !areas[i].placed && (!first || goes_before(&areas[i], first)))
                first = &areas[i];
        if (!first)
            return;
        first->number = number;
        first->placed = true;
    }
}

static int by_block(const void *a, const void *b)
{
    const struct picture_line *first = a, *second = b;
    if (first->block != second->block)
        return first->block < second->block ? -1 : 1;
    uint32_t height = smaller(first->height, second->height);
    if (common(first->y, first->height, second->y, second->height) * 2 > height)
        return first->x < second->x ? -1 : first->x > second->x;
    return first->y < second->y ? -1 : 1;
}

bool order_lines(struct picture_line *lines, size_t count)
{
    struct area *areas = calloc(count + 1, sizeof(*areas));
    if (!areas)
        return false;
    number_blocks(lines, count);
    join_rows(lines, count);
    measure(lines, count, areas);
    place_blocks(areas, count);
    for (size_t i = 0; i < count; i++)
        lines[i].block = areas[lines[i].block].number;
    free(areas);
    if (count > 0)
        qsort(lines, count, sizeof(*lines), by_block);
    return true;
}
