/*
 * The first words of a line tell its script and mostly its language, and reading them costs a third of what
 * reading it all costs. So a strip can be parted, but only where nothing is cut: between two words, on a
 * background that is blank. A space is told by being wider than what lies between most letters.
 */
#include "pipeline/ocr/strip_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    BLANK = 190,     /* grey level: lighter is no ink */
    INK = 160,       /* grey level: as dark as a letter is somewhere in each of its columns */
    MARGIN = 2,      /* pixels of a strip that stay beside the text: more is read as marks */
    WIDEST = 14,     /* pixels of a strip: a space of a wide face */
    LEAST_SPACE = 4, /* pixels of a strip: a space of a narrow face */
    SPACED = 6,      /* pixels of a strip: letters that stand farther apart are spaced wide */
    CLOSE = 3,       /* pixels of a strip: what then stays between them */
    TALLIED = 64     /* pixels: wider stretches are counted as this wide */
};

static bool is_blank(const struct strip *strip, uint32_t column)
{
    for (uint32_t y = 0; y < strip->height; y++)
        if (strip->grey[(size_t)y * strip->stride + column] < BLANK)
            return false;
    return true;
}

/* Half of the blank stretches between ink are at most this wide. */
static uint32_t usual_gap(const struct strip *strip)
{
    uint32_t tally[TALLIED + 1] = {0}, all = 0, seen = 0, start = 0, width = 0;
    for (uint32_t x = 0; x < strip->width; x++) {
        if (is_blank(strip, x))
            continue;
        if (x > start && start > 0)
            all++, tally[x - start < TALLIED ? x - start : TALLIED]++;
        start = x + 1;
    }
    while (width < TALLIED && (seen += tally[width]) * 2 < all)
        width++;
    return width;
}

uint32_t strip_parts_gap(const struct strip *strip, uint32_t from, uint32_t to)
{
    uint32_t widest = usual_gap(strip) * 2, middle = 0, start = from;
    widest = widest > LEAST_SPACE - 1 ? widest : LEAST_SPACE - 1;
    for (uint32_t x = from; x < to && x < strip->width; x++) {
        if (!is_blank(strip, x)) {
            start = x + 1;
        } else if (x + 1 - start > widest) {
            widest = x + 1 - start;
            middle = start + widest / 2;
        }
    }
    return middle;
}

/* The columns of `strip` that the widened copy shows, in order; their number. A null `ret_columns` only
 * counts. Blanks before the first ink and behind the last stay as they are. */
static uint32_t list_columns(const struct strip *strip, uint32_t left, uint32_t right, uint32_t least,
                             uint32_t *ret_columns)
{
    uint32_t count = 0, start = UINT32_MAX;
    for (uint32_t x = left; x < right; x++) {
        bool ink = !is_blank(strip, x);
        uint32_t blank = start == UINT32_MAX ? 0 : x - start;
        for (uint32_t i = 0; ink && blank >= least && i < 2 * blank; i++, count++)
            if (ret_columns)
                ret_columns[count] = start;
        start = ink ? x + 1 : start;
        if (ret_columns)
            ret_columns[count] = x;
        count++;
    }
    return count;
}

bool strip_parts_widen(const struct strip *strip, uint32_t left, uint32_t right, struct strip *ret_strip)
{
    uint32_t least = 2 * usual_gap(strip) + 2;
    least = least > LEAST_SPACE ? least : LEAST_SPACE;
    right = right < strip->width ? right : strip->width;
    uint32_t width = left < right ? list_columns(strip, left, right, least, NULL) : 0;
    if (width <= right - left)
        return false;
    uint32_t *columns = malloc(width * sizeof(*columns));
    uint8_t *grey = malloc((size_t)width * strip->height);
    if (columns && grey)
        list_columns(strip, left, right, least, columns);
    for (size_t y = 0; columns && grey && y < strip->height; y++)
        for (size_t x = 0; x < width; x++)
            grey[y * width + x] = strip->grey[y * strip->stride + columns[x]];
    free(columns);
    *ret_strip = (struct strip){
        .width = width, .height = strip->height, .stride = width, .grey = grey, .clean = strip->clean};
    if (!columns)
        free(grey);
    return columns && grey;
}

/* ---- without what is blank ------------------------------------------------------------------------------
 */

/* True for a column without the dark of a letter; the pale rim of one may be in it. */
static bool is_bare(const struct strip *strip, uint32_t column)
{
    for (uint32_t y = 0; y < strip->height; y++)
        if (strip->grey[(size_t)y * strip->stride + column] < INK)
            return false;
    return true;
}

struct strip strip_parts_cut(const struct strip *strip, uint32_t left, uint32_t right, uint32_t *ret_left)
{
    struct strip part = *strip;
    uint32_t first = left, last = right;
    while (first < last && is_bare(strip, first))
        first++;
    while (last > first && is_bare(strip, last - 1))
        last--;
    if (first < last) {
        left = first > left + MARGIN ? first - MARGIN : left;
        right = last + MARGIN < right ? last + MARGIN : right;
    }
    part.grey += left;
    part.width = right - left;
    *ret_left = left;
    return part;
}

static void drop_columns(struct strip *strip, const uint8_t *dropped)
{
    uint32_t width = 0;
    for (uint32_t x = 0; x < strip->width; x++)
        width += !dropped[x];
    uint8_t *to = strip->grey;
    for (size_t y = 0; y < strip->height; y++)
        for (size_t x = 0; x < strip->width; x++) {
            *to = strip->grey[y * strip->stride + x];
            to += !dropped[x];
        }
    strip->width = strip->stride = width;
}

/* The width that three quarters of the blanks between letters and words reach; 0 where there are too few. */
static uint32_t letter_gap(const struct strip *strip)
{
    enum { FEW = 6 };
    uint32_t tally[TALLIED + 1] = {0}, all = 0, seen = 0, start = 0, width = 0;
    for (uint32_t x = 0; x < strip->width; x++) {
        if (is_bare(strip, x))
            continue;
        if (x > start && start > 0)
            all++, tally[x - start < TALLIED ? x - start : TALLIED]++;
        start = x + 1;
    }
    while (width < TALLIED && (seen += tally[width]) * 4 <= all)
        width++;
    return all < FEW ? 0 : width;
}

/* How many columns of a blank are too many. Letters that are spaced wide are put close to each other, else
 * there would be a space between all of them or none. */
static uint32_t surplus(uint32_t blank, uint32_t gap)
{
    uint32_t spaced = gap > SPACED && blank * 2 > gap ? gap - CLOSE : 0;
    spaced = spaced + CLOSE > blank ? (blank > CLOSE ? blank - CLOSE : 0) : spaced;
    return blank - spaced > WIDEST ? blank - WIDEST : spaced;
}

/* Marks what is beside the text, and the middle of each blank that is wider than it needs to be. */
static void mark_dropped(const struct strip *strip, uint8_t *dropped)
{
    uint32_t left, start = 0, gap = letter_gap(strip);
    struct strip part = strip_parts_cut(strip, 0, strip->width, &left);
    for (uint32_t x = 0; x < strip->width; x++) {
        dropped[x] = x < left || x >= left + part.width;
        if (is_bare(strip, x))
            continue;
        uint32_t drop = start > 0 ? surplus(x - start, gap) : 0;
        memset(dropped + start + (x - start - drop) / 2, 1, drop);
        start = x + 1;
    }
}

void strip_parts_tighten(struct strip *strip)
{
    uint8_t *dropped = malloc(strip->width);
    if (dropped) {
        mark_dropped(strip, dropped);
        drop_columns(strip, dropped);
    }
    free(dropped);
}

/* ---- between words --------------------------------------------------------------------------------------
 */

/* The widest run of bare columns that ends in ink, within (from, to); false when there is none. */
static bool find_bare(const struct strip *strip, uint32_t from, uint32_t to, uint32_t *ret_left,
                      uint32_t *ret_right)
{
    uint32_t widest = 1, start = from;
    for (uint32_t x = from; x < to && x < strip->width; x++) {
        if (is_bare(strip, x))
            continue;
        if (start > from && x - start > widest) {
            widest = x - start;
            *ret_left = start;
            *ret_right = x;
        }
        start = x + 1;
    }
    return widest > 1;
}

void strip_parts_settle(const struct strip *strip, struct recognised *line)
{
    for (size_t i = 0; i + 1 < line->word_count; i++) {
        struct recognised_word *word = &line->words[i], *next = word + 1;
        if (word->left < next->left &&
            next->left < word->right) /* the first one is often said to be all of it */
            word->right = next->left;
        uint32_t from = word->left + (word->right - word->left) / 2,
                 to = next->left + (next->right - next->left) / 2, left, right;
        if (word->left <= word->right && next->left <= next->right &&
            find_bare(strip, from, to, &left, &right)) {
            word->right = left;
            next->left = right;
        }
    }
}
