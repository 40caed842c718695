/*
 * Letters of a line have neighbours of their own size at their own height; leaves, clouds and noise have not.
 * Each letter is linked to its nearest fitting neighbour on the right, chains of links become lines, and a
 * line keeps its place only when its letters stand on a common base line. Nothing here assumes that lines are
 * level: only neighbours are compared, and the base line is fitted by medians.
 */
#include "pipeline/ocr/textlines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what can be a letter -------------------------------------------------------------------------------
 */

enum {
    MIN_HEIGHT = 5,      /* pixels; below, nothing can be read */
    MAX_HEIGHT = 72,     /* pixels; the coarser level sees what is larger */
    MAX_WIDTHS = 24,     /* widths per height: a whole word that runs together */
    MIN_EDGE = 9,        /* grey levels; #222 on #111 has 17 */
    ROW_PIXELS = 16,     /* of the buckets that letters are looked up in */
    MAX_LETTERS = 100000 /* OCR_MAX_LINES lines of 250 */
};

static uint32_t shape_height(const struct shape *shape)
{
    return shape->bottom - shape->top;
}

static uint32_t shape_width(const struct shape *shape)
{
    return shape->right - shape->left;
}

static bool is_letter(const struct shape *shape)
{
    uint32_t height = shape_height(shape), width = shape_width(shape);
    return height >= MIN_HEIGHT && height <= MAX_HEIGHT && width <= height * MAX_WIDTHS &&
           shape->edge >= MIN_EDGE && shape->area >= MIN_HEIGHT;
}

/* ---- linking --------------------------------------------------------------------------------------------
 */

struct links {
    const struct shapes *shapes;
    uint32_t *letters; /* indexes of shapes, by row of buckets, then from left to right */
    size_t count;
    size_t *rows; /* first letter of each bucket row; row_count + 1 */
    size_t row_count;
    uint32_t *next;    /* per letter: its neighbour on the right, or SHAPE_END */
    uint32_t *parents; /* per letter: union of linked ones */
    bool cut;          /* some letters were left out */
};

static const struct shape *letter_at(const struct links *links, size_t letter)
{
    return &links->shapes->at[links->letters[letter]];
}

static size_t row_of(const struct shape *shape)
{
    return (shape->top + shape->bottom) / 2 / ROW_PIXELS;
}

static int by_row_and_left(const void *a, const void *b, void *shapes)
{
    const struct shape *all = ((const struct shapes *)shapes)->at;
    const struct shape *first = &all[*(const uint32_t *)a], *second = &all[*(const uint32_t *)b];
    size_t row = row_of(first), other = row_of(second);
    if (row != other)
        return row < other ? -1 : 1;
    if (first->left != second->left)
        return first->left < second->left ? -1 : 1;
    return first->top < second->top ? -1 : first->top > second->top;
}

/* Which may be linked where there are too many: all that are higher than `height`, and the first `left` of
 * those that are as high. A flood of small ones must not hide what is written large. */
struct quota {
    uint32_t height;
    size_t left;
};

static struct quota quota_of(const struct shapes *shapes, bool *ret_cut)
{
    size_t count[MAX_HEIGHT + 1] = {0}, sum = 0;
    uint32_t height = MAX_HEIGHT;
    for (size_t i = 0; i < shapes->count; i++)
        if (is_letter(&shapes->at[i]))
            count[shape_height(&shapes->at[i])]++;
    for (; height > MIN_HEIGHT && sum + count[height] <= MAX_LETTERS; height--)
        sum += count[height];
    *ret_cut = sum + count[height] > MAX_LETTERS;
    return (struct quota){height, MAX_LETTERS - sum};
}

static bool collect_letters(struct links *links)
{
    const struct shapes *shapes = links->shapes;
    struct quota quota = quota_of(shapes, &links->cut);
    links->letters = malloc((shapes->count + 1) * sizeof(*links->letters));
    if (!links->letters)
        return false;
    for (size_t i = 0; i < shapes->count; i++) {
        uint32_t height = shape_height(&shapes->at[i]);
        if (!is_letter(&shapes->at[i]) || height < quota.height ||
            (height == quota.height && quota.left == 0))
            continue;
        quota.left -= height == quota.height;
        links->letters[links->count++] = (uint32_t)i;
    }
    qsort_r(links->letters, links->count, sizeof(*links->letters), by_row_and_left,
            (void *)(uintptr_t)shapes);
    links->row_count = links->count ? row_of(letter_at(links, links->count - 1)) + 1 : 0;
    links->rows = calloc(links->row_count + 1, sizeof(*links->rows));
    links->next = malloc((links->count + 1) * sizeof(*links->next));
    links->parents = malloc((links->count + 1) * sizeof(*links->parents));
    return links->rows && links->next && links->parents;
}

static void index_rows(struct links *links)
{
    size_t letter = 0;
    for (size_t row = 0; row <= links->row_count; row++) {
        while (letter < links->count && row_of(letter_at(links, letter)) < row)
            letter++;
        links->rows[row] = letter;
    }
    for (size_t i = 0; i < links->count; i++) {
        links->next[i] = SHAPE_END;
        links->parents[i] = (uint32_t)i;
    }
}

/* True when `b`, to the right of `a`, can be the next letter of its line; the gap between them in pixels. */
static bool fits(const struct shape *a, const struct shape *b, double *ret_gap)
{
    double high = fmax(shape_height(a), shape_height(b)), low = fmin(shape_height(a), shape_height(b));
    double overlap = fmin(a->bottom, b->bottom) - fmax(a->top, b->top);
    double gap = (double)b->left - (double)a->right;
    if (low < 0.38 * high || overlap < 0.5 * low || gap > 1.15 * high || gap < -0.4 * low ||
        b->left <= a->left)
        return false;
    if (a->edge > 3 * b->edge || b->edge > 3 * a->edge)
        return false;
    *ret_gap = gap;
    return true;
}

static size_t first_right_of(const struct links *links, size_t from, size_t to, uint32_t left)
{
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (letter_at(links, middle)->left <= left)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static void look_in_row(const struct links *links, size_t row, const struct shape *shape, double *nearest,
                        uint32_t *ret_letter)
{
    size_t end = links->rows[row + 1];
    for (size_t i = first_right_of(links, links->rows[row], end, shape->left); i < end; i++) {
        const struct shape *other = letter_at(links, i);
        if (other->left > shape->right + MAX_HEIGHT * 2)
            break;
        double gap;
        if (fits(shape, other, &gap) && gap < *nearest) {
            *nearest = gap;
            *ret_letter = (uint32_t)i;
        }
    }
}

static uint32_t root(uint32_t *parents, uint32_t letter)
{
    while (parents[letter] != letter) {
        parents[letter] = parents[parents[letter]];
        letter = parents[letter];
    }
    return letter;
}

static void link_letters(struct links *links)
{
    for (size_t i = 0; i < links->count; i++) {
        const struct shape *shape = letter_at(links, i);
        size_t first = shape->top / ROW_PIXELS, last = shape->bottom / ROW_PIXELS;
        double nearest = HUGE_VAL;
        for (size_t row = first ? first - 1 : 0; row <= last + 1 && row < links->row_count; row++)
            look_in_row(links, row, shape, &nearest, &links->next[i]);
        if (links->next[i] != SHAPE_END)
            links->parents[root(links->parents, (uint32_t)i)] = root(links->parents, links->next[i]);
    }
}

static void free_links(struct links *links)
{
    free(links->letters);
    free(links->rows);
    free(links->next);
    free(links->parents);
}

/* ---- fitting --------------------------------------------------------------------------------------------
 */

static int by_value(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return first < second ? -1 : first > second;
}

static double quantile(double *values, size_t count, double share)
{
    qsort(values, count, sizeof(*values), by_value);
    return values[(size_t)(share * (double)(count - 1) + 0.5)];
}

static double middle_of(const struct shape *shape)
{
    return ((double)shape->left + (double)shape->right) / 2;
}

/* The median slope between letters that are half a line apart, of their lower edges. */
static double fit_slope(const struct shapes *shapes, const struct textline *line, double *values)
{
    size_t step = (line->letter_count + 1) / 2, count = 0;
    for (size_t i = 0; i + step < line->letter_count; i++) {
        const struct shape *a = &shapes->at[line->letters[i]], *b = &shapes->at[line->letters[i + step]];
        double across = middle_of(b) - middle_of(a);
        if (across > 0)
            values[count++] = ((double)b->bottom - (double)a->bottom) / across;
    }
    double slope = count >= 3 ? quantile(values, count, 0.5) : 0;
    return fabs(slope) < 0.35 ? slope : 0;
}

static double above_base(const struct textline *line, const struct shape *shape)
{
    return line->base + line->slope * middle_of(shape) - (double)shape->top;
}

/* How regular the letters stand: the share of the line's width whose letters end on the base line and start
 * at its capitals' or small letters' height. */
static double regularity(const struct shapes *shapes, const struct textline *line, double small)
{
    double good = 0, all = 0, slack = fmax(1.2, line->height * 0.13);
    for (size_t i = 0; i < line->letter_count; i++) {
        const struct shape *shape = &shapes->at[line->letters[i]];
        double above = above_base(line, shape), width = shape_width(shape);
        double below = (double)shape->bottom - line->base - line->slope * middle_of(shape);
        bool bottom = fabs(below) <= slack,
             top = fabs(above - line->height) <= slack || fabs(above - small) <= slack;
        good += width * (bottom + top) / 2;
        all += width;
    }
    return all > 0 ? good / all : 0;
}

enum { SMALL_TO_CAPITAL = 140 }; /* per cent; 133 to 150 in common faces */

/* The height of capitals and ascenders from the heights of all letters, ascending: their tallest common
 * height, or, where all but a few are small letters, what capitals would measure beside them. */
static double capitals(const double *heights, size_t count)
{
    double small = heights[count / 2], tall = heights[(size_t)(0.93 * (double)(count - 1) + 0.5)];
    bool taller = heights[count - 1] > 1.22 * small && heights[count - 1] < 1.9 * small;
    if (tall < 1.2 * small && taller && count >= 4)
        return small * SMALL_TO_CAPITAL / 100;
    return fmin(tall, 1.65 * small);
}

/* How much it looks like text. A rim around letters crosses the pen twice as often as the letters themselves.
 */
static double score(const struct textline *line, double widths, double regular)
{
    double crowd = line->strokes * line->height / fmax(widths, 1), usual = 2.2;
    double rim = crowd > usual ? (usual / crowd) * (usual / crowd) : 1;
    return line->strokes * line->edge * regular * rim;
}

/* Lays the base line at a slope, and measures how high the letters stand over it. */
static void lay(const struct shapes *shapes, struct textline *line, double slope, double *values)
{
    size_t count = line->letter_count;
    line->slope = slope;
    for (size_t i = 0; i < count; i++) {
        const struct shape *shape = &shapes->at[line->letters[i]];
        values[i] = (double)shape->bottom - slope * middle_of(shape);
    }
    line->base = quantile(values, count, 0.45);
    for (size_t i = 0; i < count; i++)
        values[i] = above_base(line, &shapes->at[line->letters[i]]);
    line->small = quantile(values, count, 0.5);
    line->height = fmax(capitals(values, count), 3);
    line->regular = regularity(shapes, line, line->small);
}

/* A word whose tails stand to one side looks slanted by its lower edges alone: few letters must stand more
 * regular on the slanted line than on a level one. */
static void lay_best(const struct shapes *shapes, struct textline *line, double *values)
{
    enum { FEW = 16 };
    double slope = fit_slope(shapes, line, values);
    lay(shapes, line, slope, values);
    if (slope == 0 || line->letter_count >= FEW)
        return;
    double regular = line->regular;
    lay(shapes, line, 0, values);
    if (line->regular < regular)
        lay(shapes, line, slope, values);
}

static void measure(const struct shapes *shapes, struct textline *line, double *values)
{
    double widths = 0;
    size_t count = line->letter_count;
    lay_best(shapes, line, values);
    line->strokes = 0;
    line->left = HUGE_VAL;
    line->right = 0;
    for (size_t i = 0; i < count; i++) {
        const struct shape *shape = &shapes->at[line->letters[i]];
        values[i] = (double)shape->edge;
        widths += shape_width(shape);
        line->strokes += (double)shape->runs / shape_height(shape);
        line->left = fmin(line->left, shape->left);
        line->right = fmax(line->right, shape->right);
    }
    line->edge = quantile(values, count, 0.5);
    line->score = score(line, widths, line->regular);
}

/*
 * Text crosses the pen more than three times, stands on its line, and its edges are sharp: of 518 lines that
 * were read with confidence, the faintest had an edge of 22 and the least score but one was 620; of 1,552
 * accidental ones in photographs half had less than 15 and 97 of 100 a score below 350.
 */
static bool is_text(const struct textline *line)
{
    double aspect = (line->right - line->left) / line->height;
    double least = line->edge < 24 ? 400 : line->edge < 40 ? 250 : 120;
    return line->strokes >= 3.0 && aspect >= 1.2 && line->regular >= (line->strokes < 12 ? 0.6 : 0.42) &&
           line->score >= least;
}

/* ---- lines ----------------------------------------------------------------------------------------------
 */

struct chained {
    uint32_t chain;
    uint32_t shape;
    uint32_t left;
};

static int by_chain_and_left(const void *a, const void *b)
{
    const struct chained *first = a, *second = b;
    if (first->chain != second->chain)
        return first->chain < second->chain ? -1 : 1;
    return first->left < second->left ? -1 : first->left > second->left;
}

static struct chained *order_chains(struct links *links)
{
    struct chained *chained = malloc((links->count + 1) * sizeof(*chained));
    for (size_t i = 0; chained && i < links->count; i++)
        chained[i] =
            (struct chained){root(links->parents, (uint32_t)i), links->letters[i], letter_at(links, i)->left};
    if (chained)
        qsort(chained, links->count, sizeof(*chained), by_chain_and_left);
    return chained;
}

static bool add_line(const struct shapes *shapes, const struct chained *letters, size_t count, double *values,
                     struct textlines *lines)
{
    struct textline line = {.letters = malloc(count * sizeof(*line.letters)), .letter_count = count};
    if (!line.letters)
        return false;
    for (size_t i = 0; i < count; i++)
        line.letters[i] = letters[i].shape;
    measure(shapes, &line, values);
    lines->at[lines->count++] = line;
    return true;
}

static size_t chain_end(const struct chained *chained, size_t from, size_t count)
{
    size_t to = from;
    while (to < count && chained[to].chain == chained[from].chain)
        to++;
    return to;
}

static bool make_lines(const struct shapes *shapes, const struct chained *chained, size_t count,
                       double *values, struct textlines *lines)
{
    lines->at = malloc((count + 1) * sizeof(*lines->at));
    if (!lines->at)
        return false;
    for (size_t from = 0, to; from < count; from = to) {
        to = chain_end(chained, from, count);
        if (!add_line(shapes, chained + from, to - from, values, lines))
            return false;
    }
    return true;
}

/* ---- mending --------------------------------------------------------------------------------------------
 */

/* The typical gap between neighbours: spaced-out letters have wider spaces too. */
static double letter_gap(const struct shapes *shapes, const struct textline *line)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < line->letter_count; i++)
        sum += fmax(0, (double)shapes->at[line->letters[i + 1]].left -
                           (double)shapes->at[line->letters[i]].right);
    return line->letter_count > 2 ? sum / (double)(line->letter_count - 1) : 0;
}

/* The widest gap between neighbours, 0 when none is as wide as a space. */
static double widest_space(const struct shapes *shapes, const struct textline *line)
{
    double widest = 0;
    for (size_t i = 0; i + 1 < line->letter_count; i++)
        widest = fmax(widest, (double)shapes->at[line->letters[i + 1]].left -
                                  (double)shapes->at[line->letters[i]].right);
    return widest > 0.3 * line->height ? widest : 0;
}

/* Justified text has wide spaces: between lone words, and not much wider than others of the line. What lies
 * between columns is wider than the spaces within them. */
static bool is_wide_space(const struct shapes *shapes, const struct textline *a, const struct textline *b,
                          double gap)
{
    double usual = fmax(widest_space(shapes, a), widest_space(shapes, b));
    return gap < 4 * fmax(a->height, b->height) && (usual == 0 || gap < 1.6 * usual);
}

/* How far the base lines lie apart where the two meet; a short line's own slope is not to be trusted. */
static double step_between(const struct textline *a, const struct textline *b)
{
    const struct textline *longer = a->letter_count > b->letter_count ? a : b, *other = longer == a ? b : a;
    double junction = (a->right + b->left) / 2, far = (other->left + other->right) / 2;
    double at_junction = fabs(a->base + a->slope * junction - b->base - b->slope * junction);
    double at_far = fabs(longer->base + longer->slope * far - other->base - other->slope * far);
    return fmin(at_junction, at_far);
}

/* True for a letter or two whose tails are all they have below: "у", "р", ")". Their base line is the tails'
 * end, but their tops stand where the line's small letters or capitals have theirs. */
static bool hangs_below(const struct textline *a, const struct textline *b, double step)
{
    const struct textline *longer = a->letter_count > b->letter_count ? a : b, *other = longer == a ? b : a;
    double far = (other->left + other->right) / 2, base = longer->base + longer->slope * far;
    double top = base - (other->base + other->slope * far - other->height), slack = 0.12 * longer->height;
    return other->letter_count <= 2 && longer->letter_count > 4 && step < 0.45 * longer->height &&
           (fabs(top - longer->small) < slack || fabs(top - longer->height) < slack) &&
           fmax(a->edge, b->edge) < 1.6 * fmin(a->edge, b->edge);
}

/* True for a short word most of whose letters have tails, "друже", "рух": fitted alone, its base line is the
 * tails' end, but its tops and its other letters stand where the longer line has its own. */
static bool stands_on(const struct shapes *shapes, const struct textline *longer, const struct textline *word)
{
    enum { MOST = 8 }; /* letters */
    size_t tops = 0, bases = 0;
    double slack = 0.13 * longer->height;
    for (size_t i = 0; i < word->letter_count; i++) {
        const struct shape *shape = &shapes->at[word->letters[i]];
        double above = above_base(longer, shape), below = (double)shape_height(shape) - above;
        tops += fabs(above - longer->small) < slack || fabs(above - longer->height) < slack;
        bases += fabs(below) < slack;
        if (below > 0.45 * longer->height)
            return false;
    }
    return word->letter_count <= MOST && longer->letter_count > 4 && bases >= 1 &&
           tops * 5 >= word->letter_count * 4;
}

/* What capitals measure beside the letters of a line that has none, nor anything else that is tall. */
static double height_of_flat(const struct textline *line)
{
    return line->height < 1.2 * line->small ? line->small * SMALL_TO_CAPITAL / 100 : line->height;
}

static bool about_equal(double a, double b)
{
    return fmin(a, b) > 0.8 * fmax(a, b);
}

/* True when capitals or small letters of both are of one size. "Ни" measures its capital and "одна" its small
 * letters, so a stretch of even height may be all small letters beside one that is not. */
static bool of_one_size(const struct textline *a, const struct textline *b)
{
    return about_equal(a->height, b->height) || about_equal(a->small, b->small) ||
           about_equal(height_of_flat(a), b->height) || about_equal(a->height, height_of_flat(b));
}

/* True when `b` goes on where `a` ends: wide spaces and thin letters break chains. */
static bool continues(const struct shapes *shapes, const struct textline *a, const struct textline *b)
{
    double height = fmax(a->height, b->height), gap = b->left - a->right;
    double step = step_between(a, b);
    if (gap < -0.5 * height || gap > 4 * height)
        return false;
    bool word = a->letter_count > b->letter_count ? stands_on(shapes, a, b) : stands_on(shapes, b, a);
    if (!word && step > 0.22 * height && !hangs_below(a, b, step))
        return false;
    if (fmin(a->height, b->height) < 0.6 * height || (!word && gap > 0.6 * height && !of_one_size(a, b)) ||
        a->edge > 2.5 * b->edge || b->edge > 2.5 * a->edge)
        return false;
    double spaced = fmax(letter_gap(shapes, a), letter_gap(shapes, b));
    return gap < fmax(1.95 * height, fmin(4.5 * spaced, 4 * height)) || is_wide_space(shapes, a, b, gap);
}

static bool join_lines(const struct shapes *shapes, struct textline *a, struct textline *b, double *values)
{
    size_t count = a->letter_count + b->letter_count;
    uint32_t *letters = realloc(a->letters, count * sizeof(*letters));
    if (!letters)
        return false;
    memcpy(letters + a->letter_count, b->letters, b->letter_count * sizeof(*letters));
    a->letters = letters;
    a->letter_count = count;
    free(b->letters);
    b->letters = NULL;
    b->letter_count = 0;
    measure(shapes, a, values);
    return true;
}

static int by_left(const void *a, const void *b)
{
    double first = ((const struct textline *)a)->left, second = ((const struct textline *)b)->left;
    return first < second ? -1 : first > second;
}

static bool mend(const struct shapes *shapes, struct textlines *lines, double *values)
{
    if (lines->count)
        qsort(lines->at, lines->count, sizeof(*lines->at), by_left);
    for (size_t i = 0; i < lines->count; i++)
        for (size_t j = i + 1; j < lines->count && lines->at[i].letter_count; j++) {
            struct textline *a = &lines->at[i], *b = &lines->at[j];
            if (b->left > a->right + 2 * MAX_HEIGHT)
                break;
            if (b->letter_count && continues(shapes, a, b) && !join_lines(shapes, a, b, values))
                return false;
        }
    return true;
}

static void drop_unlike(struct textlines *lines)
{
    size_t kept = 0;
    for (size_t i = 0; i < lines->count; i++) {
        if (lines->at[i].letter_count && is_text(&lines->at[i]))
            lines->at[kept++] = lines->at[i];
        else
            free(lines->at[i].letters);
    }
    lines->count = kept;
}

static bool find(struct links *links, struct textlines *lines)
{
    if (!collect_letters(links))
        return false;
    index_rows(links);
    link_letters(links);
    struct chained *chained = order_chains(links);
    double *values = malloc((links->count + 1) * sizeof(*values));
    bool done = chained && values && make_lines(links->shapes, chained, links->count, values, lines) &&
                mend(links->shapes, lines, values);
    free(chained);
    free(values);
    if (done)
        drop_unlike(lines);
    return done;
}

bool textlines_find(const struct shapes *shapes, struct textlines *ret_lines)
{
    struct links links = {.shapes = shapes};
    struct textlines lines = {0};
    bool done = find(&links, &lines);
    free_links(&links);
    if (!done) {
        textlines_free(&lines);
        return false;
    }
    lines.cut = links.cut;
    *ret_lines = lines;
    return true;
}

void textlines_free(struct textlines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        free(lines->at[i].letters);
    free(lines->at);
    *lines = (struct textlines){0};
}
