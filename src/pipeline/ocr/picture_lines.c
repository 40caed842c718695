/*
 * Which lines of a picture are read, in which order, and when to give up. The time goes into reading, so what
 * looks like text is read first and what may be leaves, windows or clouds last, best looking first, and not
 * for long.
 */
#include "pipeline/ocr/picture_lines.h"

#include "base/utf8.h"
#include "pipeline/ocr/letter_three.h"
#include "pipeline/ocr/mixture.h"
#include "pipeline/ocr/order.h"
#include "pipeline/ocr/places.h"
#include "pipeline/ocr/second_look.h"
#include "pipeline/ocr/strips.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

int64_t picture_lines_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The lines of all winners, still without text, in reading order: lines of one language follow each other,
 * and what is cut off for want of time is the end. `block` holds the index of the place until then. */
static bool lay_out(const struct places *places, struct picture_line **ret_lines)
{
    struct picture_line *lines = calloc(places->winners + 1, sizeof(*lines));
    if (!lines)
        return false;
    for (size_t i = 0; i < places->winners; i++) {
        const struct place *place = &places->at[i];
        lines[i] =
            (struct picture_line){.x = (uint32_t)fmax(place->left, 0), .y = (uint32_t)fmax(place->top, 0)};
        lines[i].width = (uint32_t)fmax(place->right - lines[i].x, 1);
        lines[i].height = (uint32_t)fmax(place->bottom - lines[i].y, 1);
        lines[i].text.size = i; /* where it came from, until it has a text */
    }
    if (!order_lines(lines, places->winners))
        return free(lines), false;
    *ret_lines = lines;
    return true;
}

/* What a line looked like before it was read; see is_text() in textlines.c. */
static bool is_weak(const struct place *place)
{
    enum { WEAK = 900 }; /* score; of 518 lines read with confidence one in a hundred had less */
    return place->line.score < WEAK;
}

static bool read_place(struct picture_lines *reading, const struct places *places, const struct place *place,
                       struct strip_setting setting, struct linguist_line *ret_line, uint32_t *ret_width)
{
    const struct places_level *level = &places->levels[place->level];
    struct strip strip;
    if (!strip_cut(&level->raster, &level->shapes[place->side], &place->line, setting, &strip))
        return false;
    strip.clean &= !is_weak(place); /* windows in a row are clean, and no letters */
    *ret_width = strip.width;
    linguist_read(&reading->linguist, &strip, ret_line);
    reading->text->cut |=
        reading->linguist.failed || (strip.cut && (!is_weak(place) || ret_line->read.confidence >= OCR_BAR));
    strip_free(&strip);
    return true;
}

/* Takes over what is better in another look at the line. Of nonsense the best parts of several looks would be
 * sure nonsense: only a look that makes sense as a whole replaces it. */
static void take_better(struct linguist_line *line, uint32_t width, const struct linguist_line *other,
                        uint32_t other_width)
{
    enum { NONSENSE = 600, SENSE = 800 }; /* confidence */
    uint16_t before = line->read.confidence;
    if (before < NONSENSE && other->read.confidence < SENSE)
        return;
    if (!second_look_join(&other->read, other_width, width, &line->read))
        return;
    line->score = (uint16_t)(line->score + line->read.confidence - before);
    if (other->read.confidence > before)
        memcpy(line->language, other->language, sizeof(line->language));
}

/* Looks at a line again, set differently each time, as long as something in it is doubted. */
static void look_again(struct picture_lines *reading, const struct places *places, const struct place *place,
                       uint32_t width, struct linguist_line *line)
{
    struct linguist_line other;
    uint32_t other_width;
    bool unsure = reading->linguist.unsure;
    reading->linguist.unsure = false;
    for (size_t i = 0; i < SECOND_LOOKS && second_look_needed(&line->read); i++) {
        struct strip_setting setting = {second_look_heights[i], second_look_squeezes[i]};
        if (read_place(reading, places, place, setting, &other, &other_width))
            take_better(line, width, &other, other_width);
    }
    reading->linguist.unsure = unsure;
}

/* Reads what won the place and, when that makes little sense, what it won against. */
static bool read_best(struct picture_lines *reading, const struct places *places, const struct place *place,
                      struct linguist_line *ret_line)
{
    enum {
        SENSE = 800,
        MANY = 6
    }; /* confidence of a line whose place is settled; letters that are no drawing */
    struct linguist_line other;
    uint32_t width, other_width;
    if (!read_place(reading, places, place, strip_ordinary(), ret_line, &width))
        return false;
    if (ret_line->read.confidence < SENSE && place->rival != PLACES_NONE &&
        read_place(reading, places, &places->at[place->rival], strip_ordinary(), &other, &other_width) &&
        other.score > ret_line->score) {
        *ret_line = other;
        width = other_width;
        place = &places->at[place->rival];
    }
    if (!is_weak(place) && utf8_letters((struct span){ret_line->read.text, ret_line->read.size}) >= MANY)
        look_again(reading, places, place, width, ret_line);
    if (strcmp(ret_line->language, "uk") == 0)
        letter_three_mend(&ret_line->read);
    return true;
}

/* A word that is in a list, or a line of many letters: circles and squares give neither. */
static bool makes_sense(const struct linguist_line *line)
{
    enum { WORD = 4, MANY = 10 }; /* letters */
    if (line->read.confidence < OCR_BAR)
        return false;
    for (size_t i = 0; i < line->read.word_count; i++)
        if (line->read.words[i].known && utf8_letters(mixture_word(&line->read, i)) >= WORD)
            return true;
    return utf8_letters((struct span){line->read.text, line->read.size}) >= MANY;
}

static bool add_line(struct picture_lines *reading, const struct picture_line *place,
                     const struct linguist_line *line)
{
    struct picture_text *text = reading->text;
    struct picture_line *grown =
        arena_grow(&text->arena, text->lines, text->line_count, &reading->room, sizeof(*grown));
    if (!grown)
        return false;
    text->lines = grown;
    struct picture_line *added = &text->lines[text->line_count++];
    *added = *place;
    added->text = arena_copy(&text->arena, (struct span){line->read.text, line->read.size});
    added->confidence = line->read.confidence;
    reading->sense |= makes_sense(line);
    added->doubtful = line->read.confidence < OCR_BAR || utf8_letters(added->text) < OCR_LEAST_LETTERS;
    memcpy(added->language, line->language, sizeof(added->language));
    return !text->arena.failed;
}

static uint32_t stretch(uint32_t from, uint32_t size, uint32_t other_from, uint32_t other_size)
{
    uint32_t start = from > other_from ? from : other_from;
    uint32_t end = from + size < other_from + other_size ? from + size : other_from + other_size;
    return end > start ? end - start : 0;
}

/* True when what stands there was read on another background already. */
static bool is_read(const struct picture_lines *reading, const struct picture_line *line)
{
    enum { SHARE = 3 }; /* of the line, in what was read */
    for (size_t i = 0; i < reading->before; i++) {
        const struct picture_line *other = &reading->text->lines[i];
        uint64_t common = (uint64_t)stretch(line->x, line->width, other->x, other->width) *
                          stretch(line->y, line->height, other->y, other->height);
        if (!other->doubtful && common * SHARE > (uint64_t)line->width * line->height)
            return true;
    }
    return false;
}

static bool looks_weak(const struct places *places, const struct picture_line *line)
{
    return is_weak(&places->at[line->text.size]);
}

static int by_height_down(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left > right ? -1 : left < right;
}

/* Where there are more lines than may be read the smallest print comes last: a flood of it must not hide what
 * is written large. Gives the height above which lines come first, all of them; 0 when all may be read. */
static bool find_small_print(const struct places *places, const struct picture_line *lines,
                             uint32_t *ret_height)
{
    *ret_height = 0;
    if (places->winners <= OCR_MAX_LINES)
        return true;
    uint32_t *heights = malloc(places->winners * sizeof(*heights));
    if (!heights)
        return false;
    for (size_t i = 0; i < places->winners; i++)
        heights[i] = lines[i].height;
    qsort(heights, places->winners, sizeof(*heights), by_height_down);
    *ret_height = heights[OCR_MAX_LINES];
    free(heights);
    return true;
}

static bool is_over(struct picture_lines *reading, size_t read)
{
    bool over = read >= OCR_MAX_LINES || picture_lines_now_ms() > reading->deadline_ms;
    reading->text->cut |= over;
    return over;
}

static enum outcome read_line(struct picture_lines *reading, const struct places *places,
                              const struct picture_line *line, bool *ret_sense)
{
    struct linguist_line read;
    *ret_sense = false;
    if (!read_best(reading, places, &places->at[line->text.size], &read))
        return OUTCOME_OK;
    *ret_sense = read.read.confidence >= OCR_BAR;
    return read.read.size == 0 || add_line(reading, line, &read) ? OUTCOME_OK : OUTCOME_NO_MEMORY;
}

static bool is_short(const struct places *places, const struct picture_line *line)
{
    enum { STROKES = 14 }; /* eight letters */
    return places->at[line->text.size].line.strokes < STROKES;
}

/* The model that read the nearest line so far goes first. */
static void start_like_neighbour(struct picture_lines *reading, const struct picture_line *line)
{
    double nearest = HUGE_VAL;
    for (size_t i = 0; i < reading->text->line_count; i++) {
        const struct picture_line *other = &reading->text->lines[i];
        double down = fabs((double)line->y - (double)other->y),
               across = fabs((double)line->x - (double)other->x);
        if (!other->doubtful && down + across / 4 < nearest &&
            linguist_start(&reading->linguist, other->language))
            nearest = down + across / 4;
    }
}

/*
 * The lines that look like text, in reading order. Lines of a word or two come last: a menu's "Home" reads
 * well in Cyrillic letters too, and only its neighbours tell what it is. Small print comes after all of them.
 */
static enum outcome read_strong(struct picture_lines *reading, const struct places *places,
                                const struct picture_line *lines, uint32_t small_print)
{
    enum outcome outcome = OUTCOME_OK;
    uint32_t block = UINT32_MAX;
    bool sense = false;
    for (int pass = 0; pass < 4; pass++)
        for (size_t i = 0; i < places->winners && outcome == OUTCOME_OK; i++) {
            if (looks_weak(places, &lines[i]) || is_short(places, &lines[i]) != (pass % 2 == 1) ||
                (lines[i].height <= small_print) != (pass >= 2) || is_read(reading, &lines[i]))
                continue;
            if (is_over(reading, reading->text->line_count))
                return outcome;
            if (pass % 2 == 1)
                start_like_neighbour(reading, &lines[i]);
            reading->linguist.unsure = !sense || lines[i].block != block;
            block = lines[i].block;
            outcome = read_line(reading, places, &lines[i], &sense);
        }
    return outcome;
}

/* The others, best looking first, until several in a row made no sense: a photograph has hundreds of them. */
static enum outcome read_weak(struct picture_lines *reading, const struct places *places,
                              const struct picture_line *lines, const size_t *by_place)
{
    enum { PATIENCE = 3 };
    enum outcome outcome = OUTCOME_OK;
    size_t failures = 0;
    for (size_t i = 0; i < places->winners && outcome == OUTCOME_OK && failures < PATIENCE; i++) {
        const struct picture_line *line = &lines[by_place[i]];
        bool sense = false;
        if (!looks_weak(places, line) || is_read(reading, line))
            continue;
        if (is_over(reading, i))
            break;
        start_like_neighbour(reading, line);
        outcome = read_line(reading, places, line, &sense);
        failures = sense ? 0 : failures + 1;
    }
    return outcome;
}

/* Where the line of each place stands among the lines in reading order; places are sorted by their looks. */
static size_t *index_places(const struct picture_line *lines, size_t count)
{
    size_t *by_place = malloc((count + 1) * sizeof(*by_place));
    for (size_t i = 0; by_place && i < count; i++)
        by_place[lines[i].text.size] = i;
    return by_place;
}

static enum outcome read_lines(struct picture_lines *reading, const struct places *places,
                               const struct picture_line *lines)
{
    uint32_t small_print;
    if (!find_small_print(places, lines, &small_print))
        return OUTCOME_NO_MEMORY;
    size_t *by_place = index_places(lines, places->winners);
    if (!by_place)
        return OUTCOME_NO_MEMORY;
    enum outcome outcome = read_strong(reading, places, lines, small_print);
    if (outcome == OUTCOME_OK)
        outcome = read_weak(reading, places, lines, by_place);
    free(by_place);
    return outcome;
}

static size_t count_strong(const struct places *places)
{
    size_t strong = 0;
    for (size_t i = 0; i < places->winners; i++)
        strong += !is_weak(&places->at[i]);
    return strong;
}

static enum outcome read_places(struct picture_lines *reading, const struct places *places)
{
    struct picture_line *lines;
    reading->strong = count_strong(places);
    if (!lay_out(places, &lines))
        return OUTCOME_NO_MEMORY;
    enum outcome outcome = read_lines(reading, places, lines);
    free(lines);
    return outcome;
}

enum outcome picture_lines_read(struct picture_lines *reading, const struct raster *raster)
{
    struct places places;
    if (!places_find(raster, &places))
        return OUTCOME_NO_MEMORY;
    reading->text->cut |= places.cut;
    enum outcome outcome = read_places(reading, &places);
    places_free(&places);
    return outcome;
}

static const struct place *longest(const struct places *places, const struct place *but)
{
    const struct place *longest = NULL;
    for (size_t i = 0; i < places->winners; i++) {
        const struct place *place = &places->at[i];
        if (place != but && !is_weak(place) &&
            (!longest || place->right - place->left > longest->right - longest->left))
            longest = place;
    }
    return longest;
}

bool picture_lines_try(struct picture_lines *reading, const struct raster *raster, uint32_t *ret_letters)
{
    enum { SENSE = 800, LETTERS = 6 }; /* of one line */
    struct places places;
    const struct place *place = NULL;
    struct linguist_line line;
    uint32_t sum = 0, width;
    if (!places_find(raster, &places))
        return false;
    reading->strong = count_strong(&places);
    for (int i = 0; i < 2 && (place = longest(&places, place)); i++) {
        reading->linguist.unsure = true;
        if (!read_place(reading, &places, place, strip_ordinary(), &line, &width))
            continue;
        size_t letters = utf8_letters((struct span){line.read.text, line.read.size});
        sum += line.read.confidence >= SENSE && letters >= LETTERS ? (uint32_t)letters : 0;
    }
    places_free(&places);
    *ret_letters = sum;
    return true;
}
