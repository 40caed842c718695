/*
 * Connected components over runs with union and find: the work grows with the number of runs, which is a
 * twentieth of the number of pixels, and each shape keeps its runs, so that a line can be drawn again without
 * a label for every pixel.
 */
#include "pipeline/ocr/shapes.h"

#include "pipeline/ocr/ocr_limits.h"

#include <stdlib.h>
#include <string.h>

/* ---- runs -----------------------------------------------------------------------------------------------
 */

struct gathering {
    struct shapes *shapes;
    uint32_t *parents; /* per run; a root is its own parent and the smallest of its shape */
    size_t room;
};

static bool grow(struct gathering *gathering)
{
    size_t room = gathering->room ? gathering->room * 2 : 4096;
    struct shape_run *runs = realloc(gathering->shapes->runs, room * sizeof(*runs));
    if (!runs)
        return false;
    gathering->shapes->runs = runs;
    uint32_t *parents = realloc(gathering->parents, room * sizeof(*parents));
    if (!parents)
        return false;
    gathering->parents = parents;
    gathering->room = room;
    return true;
}

static uint32_t root_of(uint32_t *parents, uint32_t run)
{
    while (parents[run] != run) {
        parents[run] = parents[parents[run]];
        run = parents[run];
    }
    return run;
}

static void join(uint32_t *parents, uint32_t a, uint32_t b)
{
    a = root_of(parents, a);
    b = root_of(parents, b);
    if (a < b)
        parents[b] = a;
    else
        parents[a] = b;
}

static bool add_run(struct gathering *gathering, uint32_t left, uint32_t right, uint32_t y)
{
    size_t count = gathering->shapes->run_count;
    if (count == gathering->room && !grow(gathering))
        return false;
    gathering->shapes->runs[count] = (struct shape_run){left, right, y, SHAPE_END};
    gathering->parents[count] = (uint32_t)count;
    gathering->shapes->run_count++;
    return true;
}

static const uint8_t *skip_to(const uint8_t *at, const uint8_t *end, uint8_t mark)
{
    const uint8_t *found = memchr(at, mark, (size_t)(end - at));
    return found ? found : end;
}

static bool gather_row(struct gathering *gathering, const uint8_t *row, uint32_t width, uint32_t y,
                       uint8_t mark)
{
    const uint8_t *end = row + width;
    for (const uint8_t *at = skip_to(row, end, mark); at < end; at = skip_to(at, end, mark)) {
        const uint8_t *start = at;
        while (at < end && *at == mark)
            at++;
        if (!add_run(gathering, (uint32_t)(start - row), (uint32_t)(at - row), y))
            return false;
    }
    return true;
}

/* Joins the runs [from, to) of a row with those [before, from) of the row above that touch them. */
static void join_rows(struct gathering *gathering, size_t before, size_t from, size_t to)
{
    const struct shape_run *runs = gathering->shapes->runs;
    size_t above = before;
    for (size_t i = from; i < to; i++) {
        while (above < from && runs[above].right < runs[i].left)
            above++;
        for (size_t j = above; j < from && runs[j].left <= runs[i].right; j++)
            join(gathering->parents, (uint32_t)j, (uint32_t)i);
    }
}

static bool gather(struct gathering *gathering, const uint8_t *mask, uint32_t width, uint32_t height,
                   uint8_t mark)
{
    enum { MAX_RUNS = OCR_MAX_SHAPES * 10 }; /* a small letter has 15; 16 bytes each */
    size_t before = 0;
    for (uint32_t y = 0; y < height; y++) {
        size_t from = gathering->shapes->run_count;
        if (from > MAX_RUNS) {
            gathering->shapes->cut = true;
            return true;
        }
        if (!gather_row(gathering, mask + (size_t)y * width, width, y, mark))
            return false;
        join_rows(gathering, before, from, gathering->shapes->run_count);
        before = from;
    }
    return true;
}

/* ---- shapes ---------------------------------------------------------------------------------------------
 */

/* The step of grey from two pixels outside to one inside: whole for ink, small for clouds. */
static uint32_t run_edge(const struct shape_run *run, const uint8_t *grey, uint32_t width)
{
    const uint8_t *row = grey + (size_t)run->y * width;
    uint32_t inset = run->right - run->left > 2;
    uint32_t outer_left = run->left > 1 ? run->left - 2 : 0;
    uint32_t outer_right = run->right + 1 < width ? run->right + 1 : width - 1;
    int left = row[run->left + inset] - row[outer_left],
        right = row[run->right - 1 - inset] - row[outer_right];
    return (uint32_t)(abs(left) + abs(right));
}

static void add_to_shape(struct shape *shape, const struct shape_run *run, uint32_t edge)
{
    shape->left = run->left < shape->left ? run->left : shape->left;
    shape->right = run->right > shape->right ? run->right : shape->right;
    shape->bottom = run->y + 1;
    shape->area += run->right - run->left;
    shape->runs++;
    shape->edge += (float)edge;
}

/* Roots come before their runs, so one pass from the front numbers the shapes and fills them. `parents` is
 * turned into shape numbers; `last` holds the last run of each shape so far. */
static void fill_shapes(struct gathering *gathering, const uint8_t *grey, uint32_t width, uint32_t *last)
{
    struct shapes *shapes = gathering->shapes;
    for (size_t i = 0; i < shapes->run_count; i++) {
        struct shape_run *run = &shapes->runs[i];
        uint32_t parent = gathering->parents[i];
        if (parent == SHAPE_END || gathering->parents[parent] == SHAPE_END) { /* a speck's */
            gathering->parents[i] = SHAPE_END;
            continue;
        }
        uint32_t number = parent == i ? (uint32_t)shapes->count++ : gathering->parents[parent];
        struct shape *shape = &shapes->at[number];
        if (parent == i)
            *shape =
                (struct shape){.left = run->left, .right = run->right, .top = run->y, .first = (uint32_t)i};
        else
            shapes->runs[last[number]].next = (uint32_t)i;
        last[number] = (uint32_t)i;
        gathering->parents[i] = number;
        add_to_shape(shape, run, run_edge(run, grey, width));
    }
    for (size_t i = 0; i < shapes->count; i++)
        shapes->at[i].edge /= 2.0f * (float)shapes->at[i].runs;
}

/* Shapes of at least so many runs. `runs` says it of each root, 0 of what is none. */
static size_t count_from(const uint32_t *runs, size_t count, uint32_t least)
{
    size_t shapes = 0;
    for (size_t i = 0; i < count; i++)
        shapes += runs[i] >= least;
    return shapes;
}

/* Where there are more shapes than may be looked at, the smallest go: a flood of dots must not hide what is
 * written among them. Those of a row or two are no letters; what is larger is missed, and that is said. */
static bool drop_specks(struct gathering *gathering, size_t *ret_roots)
{
    enum { SPECK = 3, MOST = 48 };
    struct shapes *shapes = gathering->shapes;
    uint32_t least = SPECK, *runs = calloc(shapes->run_count, sizeof(*runs));
    if (!runs)
        return false;
    for (size_t i = 0; i < shapes->run_count; i++)
        runs[gathering->parents[i]]++;
    while (least < MOST && count_from(runs, shapes->run_count, least) > OCR_MAX_SHAPES)
        least *= 2;
    *ret_roots = count_from(runs, shapes->run_count, least);
    shapes->cut |= least > SPECK;
    for (size_t i = 0; i < shapes->run_count; i++)
        if (runs[i] && runs[i] < least)
            gathering->parents[i] = SHAPE_END;
    free(runs);
    return true;
}

static bool make_shapes(struct gathering *gathering, const uint8_t *grey, uint32_t width)
{
    struct shapes *shapes = gathering->shapes;
    size_t roots = 0;
    for (size_t i = 0; i < shapes->run_count; i++) {
        gathering->parents[i] = root_of(gathering->parents, (uint32_t)i);
        roots += gathering->parents[i] == i;
    }
    if (roots > OCR_MAX_SHAPES && !drop_specks(gathering, &roots))
        return false;
    if (roots == 0 || roots > OCR_MAX_SHAPES)
        return true;
    uint32_t *last = malloc(roots * sizeof(*last));
    shapes->at = malloc(roots * sizeof(*shapes->at));
    if (last && shapes->at)
        fill_shapes(gathering, grey, width, last);
    free(last);
    return last && shapes->at;
}

bool shapes_find(const uint8_t *mask, const uint8_t *grey, uint32_t width, uint32_t height, uint8_t mark,
                 struct shapes *ret_shapes)
{
    struct shapes shapes = {0};
    struct gathering gathering = {.shapes = &shapes};
    bool done = gather(&gathering, mask, width, height, mark) && make_shapes(&gathering, grey, width);
    free(gathering.parents);
    if (!done) {
        shapes_free(&shapes);
        return false;
    }
    *ret_shapes = shapes;
    return true;
}

void shapes_free(struct shapes *shapes)
{
    free(shapes->runs);
    free(shapes->at);
    *shapes = (struct shapes){0};
}
