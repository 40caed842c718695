/*
 * The walk of one picture: header, pixels, places of lines, strips, text. Each step stands in its own file; what
 * this one decides is what to do when a step finds nothing, and when to stop.
 */
#include "pipeline/ocr/ocr.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "pipeline/ocr/gif_frames.h"
#include "pipeline/ocr/linguist.h"
#include "pipeline/ocr/order.h"
#include "pipeline/ocr/overlay.h"
#include "pipeline/ocr/places.h"
#include "pipeline/ocr/strips.h"
#include "pipeline/ocr/webp_frames.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct ocr {
    struct models models;
    ocr_identify_fn identify;
    void *context;
};

int ocr_open(const struct ocr_settings *settings, ocr_identify_fn identify, void *context,
             struct ocr **ret_ocr, const char **ret_missing)
{
    const char *languages = settings && settings->languages ? settings->languages : "ukr+rus+pol+eng";
    struct ocr *ocr = calloc(1, sizeof(*ocr));
    if (!ocr)
        return -ENOMEM;
    pixels_quiet();
    int result = models_open(settings ? settings->tessdata : NULL, languages, &ocr->models);
    if (result < 0) {
        free(ocr);
        return result;
    }
    ocr->identify = identify;
    ocr->context = context;
    *ret_ocr = ocr;
    if (ret_missing)
        *ret_missing = ocr->models.missing;
    return 0;
}

void ocr_close(struct ocr *ocr)
{
    if (ocr)
        models_close(&ocr->models);
    free(ocr);
}

/* ---- header --------------------------------------------------------------------------------------------- */

static enum outcome read_header(struct span file, struct picture_header *header, struct picture_text *text)
{
    *text = (struct picture_text){.arena = arena_new(OCR_MAX_RECORD_BYTES)};
    text->outcome = picture_header_read(file, header);
    memcpy(text->format, header->format, sizeof(text->format));
    text->width = header->width;
    text->height = header->height;
    text->frames = header->frames;
    return text->outcome;
}

enum outcome ocr_header(struct span file, struct picture_text *ret_text)
{
    struct picture_header header;
    return read_header(file, &header, ret_text);
}

/* ---- one decoded picture -------------------------------------------------------------------------------- */

struct session {
    struct ocr *ocr;
    struct linguist linguist;
    struct picture_text *text;
    size_t room;
    size_t *by_place; /* per place: index of its line */
    int64_t deadline_ms;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The lines of all winners, still without text, in reading order: lines of one language follow each other, and
 * what is cut off at a limit is the end. `block` holds the index of the place until then. */
static bool lay_out(const struct places *places, struct picture_line **ret_lines)
{
    struct picture_line *lines = calloc(places->winners + 1, sizeof(*lines));
    if (!lines)
        return false;
    for (size_t i = 0; i < places->winners; i++) {
        const struct place *place = &places->at[i];
        lines[i] = (struct picture_line){.x = (uint32_t)fmax(place->left, 0), .y = (uint32_t)fmax(place->top, 0)};
        lines[i].width = (uint32_t)fmax(place->right - lines[i].x, 1);
        lines[i].height = (uint32_t)fmax(place->bottom - lines[i].y, 1);
        lines[i].text.size = i; /* where it came from, until it has a text */
    }
    if (!order_lines(lines, places->winners))
        return free(lines), false;
    *ret_lines = lines;
    return true;
}

static bool read_place(struct session *session, const struct places *places, const struct place *place,
                       struct linguist_line *ret_line)
{
    const struct places_level *level = &places->levels[place->level];
    struct strip strip;
    if (!strip_cut(&level->raster, &level->shapes[place->side], &place->line, strip_ordinary(), &strip))
        return false;
    linguist_read(&session->linguist, &strip, ret_line);
    strip_free(&strip);
    return true;
}

/* Reads what won the place and, when that makes little sense, what it won against. */
static bool read_best(struct session *session, const struct places *places, const struct place *place,
                      struct linguist_line *ret_line)
{
    enum { SENSE = 800 }; /* confidence of a line that needs no second look */
    if (!read_place(session, places, place, ret_line))
        return false;
    struct linguist_line other;
    if (ret_line->read.confidence < SENSE && place->rival != PLACES_NONE &&
        read_place(session, places, &places->at[place->rival], &other) && other.score > ret_line->score)
        *ret_line = other;
    return true;
}

static bool add_line(struct session *session, const struct picture_line *place, const struct linguist_line *line)
{
    struct picture_text *text = session->text;
    struct picture_line *grown = arena_grow(&text->arena, text->lines, text->line_count, &session->room, sizeof(*grown));
    if (!grown)
        return false;
    text->lines = grown;
    struct picture_line *added = &text->lines[text->line_count++];
    *added = *place;
    added->text = arena_copy(&text->arena, (struct span){line->read.text, line->read.size});
    added->confidence = line->read.confidence;
    added->doubtful = line->read.confidence < OCR_BAR || utf8_letters(added->text) < OCR_LEAST_LETTERS;
    memcpy(added->language, line->language, sizeof(added->language));
    return !text->arena.failed;
}

/* What a line looked like before it was read; see is_text() in textlines.c. */
static bool looks_weak(const struct places *places, const struct picture_line *line)
{
    enum { WEAK = 900 }; /* score; of 518 lines read with confidence one in a hundred had less */
    return places->at[line->text.size].line.score < WEAK;
}

static bool is_over(struct session *session, size_t read)
{
    bool over = read >= OCR_MAX_LINES || now_ms() > session->deadline_ms;
    session->text->cut |= over;
    return over;
}

static enum outcome read_line(struct session *session, const struct places *places, const struct picture_line *line,
                              bool *ret_sense)
{
    struct linguist_line read;
    *ret_sense = false;
    if (!read_best(session, places, &places->at[line->text.size], &read))
        return OUTCOME_OK;
    *ret_sense = read.read.confidence >= OCR_BAR;
    return read.read.size == 0 || add_line(session, line, &read) ? OUTCOME_OK : OUTCOME_NO_MEMORY;
}

static bool is_short(const struct places *places, const struct picture_line *line)
{
    enum { STROKES = 14 }; /* eight letters */
    return places->at[line->text.size].line.strokes < STROKES;
}

/* The model that read the nearest line so far goes first. */
static void start_like_neighbour(struct session *session, const struct picture_line *line)
{
    double nearest = INFINITY;
    for (size_t i = 0; i < session->text->line_count; i++) {
        const struct picture_line *other = &session->text->lines[i];
        double down = fabs((double)line->y - (double)other->y), across = fabs((double)line->x - (double)other->x);
        if (!other->doubtful && down + across / 4 < nearest && linguist_start(&session->linguist, other->language))
            nearest = down + across / 4;
    }
}

/*
 * The lines that look like text, in reading order. Lines of a word or two come last: a menu's "Home" reads well in
 * Cyrillic letters too, and only its neighbours tell what it is.
 */
static enum outcome read_strong(struct session *session, const struct places *places, const struct picture_line *lines)
{
    enum outcome outcome = OUTCOME_OK;
    bool sense;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < places->winners && outcome == OUTCOME_OK; i++) {
            if (looks_weak(places, &lines[i]) || is_short(places, &lines[i]) != (pass == 1))
                continue;
            if (is_over(session, session->text->line_count))
                return outcome;
            if (pass == 1)
                start_like_neighbour(session, &lines[i]);
            outcome = read_line(session, places, &lines[i], &sense);
        }
    return outcome;
}

/* The others, best looking first, until several in a row made no sense: a photograph has hundreds of them. */
static enum outcome read_weak(struct session *session, const struct places *places, struct picture_line *lines)
{
    enum { PATIENCE = 3 };
    enum outcome outcome = OUTCOME_OK;
    size_t failures = 0;
    for (size_t i = 0; i < places->winners && outcome == OUTCOME_OK && failures < PATIENCE; i++) {
        struct picture_line *line = &lines[session->by_place[i]];
        bool sense = false;
        if (!looks_weak(places, line))
            continue;
        if (is_over(session, i))
            break;
        start_like_neighbour(session, line);
        outcome = read_line(session, places, line, &sense);
        failures = sense ? 0 : failures + 1;
    }
    return outcome;
}

/* Where the line of each place stands among the lines in reading order; places are sorted by their looks. */
static bool index_places(struct session *session, const struct picture_line *lines, size_t count)
{
    session->by_place = malloc((count + 1) * sizeof(*session->by_place));
    for (size_t i = 0; session->by_place && i < count; i++)
        session->by_place[lines[i].text.size] = i;
    return session->by_place != NULL;
}

static enum outcome read_lines(struct session *session, const struct places *places, struct picture_line *lines)
{
    if (!index_places(session, lines, places->winners))
        return OUTCOME_NO_MEMORY;
    enum outcome outcome = read_strong(session, places, lines);
    if (outcome == OUTCOME_OK)
        outcome = read_weak(session, places, lines);
    free(session->by_place);
    return outcome;
}

static enum outcome read_places(struct session *session, const struct places *places)
{
    struct picture_line *lines;
    if (!lay_out(places, &lines))
        return OUTCOME_NO_MEMORY;
    enum outcome outcome = read_lines(session, places, lines);
    free(lines);
    return outcome;
}

static enum outcome read_raster(struct session *session, const struct raster *raster)
{
    struct places places;
    if (!places_find(raster, &places))
        return OUTCOME_NO_MEMORY;
    enum outcome outcome = read_places(session, &places);
    places_free(&places);
    return outcome;
}

/* ---- the frames of a file ------------------------------------------------------------------------------- */

static enum outcome decode_still(struct span file, const struct picture_header *header,
                                 struct pixels_background background, struct raster *ret_raster)
{
    enum outcome outcome = pixels_decode(file, header, background, ret_raster);
    if (outcome == OUTCOME_OK && !raster_orient(ret_raster, header->orientation)) {
        raster_free(ret_raster);
        return OUTCOME_NO_MEMORY;
    }
    return outcome;
}

/* `*ret_last` has pixels only when the last frame is another one than the first. */
static enum outcome decode(struct span file, const struct picture_header *header, struct pixels_background background,
                           struct raster *ret_first, struct raster *ret_last)
{
    *ret_last = (struct raster){0};
    if (header->format[0] == 'g')
        return gif_frames_decode(file, header, background, ret_first, ret_last);
    if (header->animated_webp)
        return webp_frames_decode(file, header, background, ret_first, ret_last);
    return decode_still(file, header, background, ret_first);
}

/* ---- the whole file ------------------------------------------------------------------------------------- */

/* Drops the lines from `from` on that repeat one before: most of a last frame is the first one's. */
static void drop_repeated(struct picture_text *text, size_t from)
{
    size_t kept = from;
    for (size_t i = from; i < text->line_count; i++) {
        size_t j = 0;
        while (j < from && !span_equal(text->lines[i].text, text->lines[j].text))
            j++;
        if (j == from)
            text->lines[kept++] = text->lines[i];
    }
    text->line_count = kept;
}

static bool same_pixels(const struct raster *a, const struct raster *b)
{
    return a->width == b->width && a->height == b->height &&
           memcmp(a->rgb, b->rgb, (size_t)a->width * a->height * 3) == 0;
}

static enum outcome read_frames(struct session *session, struct raster *first, struct raster *last)
{
    session->text->perceptual_hash = raster_hash(first);
    enum outcome outcome = read_raster(session, first);
    size_t from = session->text->line_count;
    if (outcome != OUTCOME_OK || !last->rgb || same_pixels(first, last))
        return outcome;
    raster_free(first);
    outcome = read_raster(session, last);
    drop_repeated(session->text, from);
    return outcome;
}

static enum outcome read_file(struct session *session, struct span file, const struct picture_header *header,
                              struct pixels_background background, bool *ret_alpha)
{
    struct raster first, last;
    enum outcome outcome = decode(file, header, background, &first, &last);
    if (outcome != OUTCOME_OK)
        return outcome;
    *ret_alpha = first.has_alpha;
    outcome = read_frames(session, &first, &last);
    raster_free(&first);
    raster_free(&last);
    return outcome;
}

static bool has_facts(const struct picture_text *text)
{
    for (size_t i = 0; i < text->line_count; i++)
        if (!text->lines[i].doubtful)
            return true;
    return false;
}

/* White letters on nothing vanish on a white page; whoever made them had a dark one in mind. */
static enum outcome read_on_either(struct session *session, struct span file, const struct picture_header *header,
                                   struct pixels_background background)
{
    bool alpha = false;
    enum outcome outcome = read_file(session, file, header, background, &alpha);
    if (outcome != OUTCOME_OK || !alpha || has_facts(session->text))
        return outcome;
    bool light = background.red + background.green + background.blue > 3 * 127;
    uint8_t opposite = light ? 0 : 255;
    session->text->line_count = 0;
    return read_file(session, file, header, (struct pixels_background){opposite, opposite, opposite}, &alpha);
}

static void sum_up(struct picture_text *text)
{
    uint64_t letters = 0, sum = 0;
    for (size_t i = 0; i < text->line_count; i++) {
        size_t length = text->lines[i].doubtful ? 0 : utf8_letters(text->lines[i].text);
        letters += length;
        sum += length * text->lines[i].confidence;
    }
    text->confidence = letters ? (uint16_t)(sum / letters) : 0;
}

static struct pixels_background background_of(uint32_t rgb)
{
    return (struct pixels_background){(uint8_t)(rgb >> 16 & 0xFF), (uint8_t)(rgb >> 8 & 0xFF), (uint8_t)(rgb & 0xFF)};
}

enum outcome ocr_read_with(struct ocr *ocr, struct span file, const struct ocr_options *options,
                           struct picture_text *ret_text)
{
    struct picture_header header;
    if (read_header(file, &header, ret_text) != OUTCOME_OK)
        return ret_text->outcome;
    int64_t time_ms = options->time_ms ? options->time_ms : OCR_TIME_MS;
    struct session session = {.ocr = ocr, .text = ret_text, .deadline_ms = now_ms() + time_ms};
    session.linguist = (struct linguist){.models = &ocr->models, .identify = ocr->identify, .context = ocr->context};
    ret_text->outcome = read_on_either(&session, file, &header, background_of(options->background));
    ret_text->models = arena_copy(&ret_text->arena, span_of(ocr->models.used));
    if (!order_lines(ret_text->lines, ret_text->line_count))
        ret_text->outcome = OUTCOME_NO_MEMORY;
    sum_up(ret_text);
    return ret_text->outcome;
}

enum outcome ocr_read(struct ocr *ocr, struct span file, struct picture_text *ret_text)
{
    static const struct ocr_options white = {.background = 0xFFFFFF};
    return ocr_read_with(ocr, file, &white, ret_text);
}

enum outcome ocr_overlay(struct span file, const struct picture_text *text, struct buf *png)
{
    struct picture_header header;
    struct raster first, last;
    enum outcome outcome = picture_header_read(file, &header);
    if (outcome == OUTCOME_OK)
        outcome = decode(file, &header, background_of(0xFFFFFF), &first, &last);
    if (outcome != OUTCOME_OK)
        return outcome;
    raster_free(&last);
    overlay_draw(&first, text);
    bool done = pixels_write_png(&first, png);
    raster_free(&first);
    return done ? OUTCOME_OK : OUTCOME_NO_MEMORY;
}
