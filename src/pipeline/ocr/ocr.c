/*
 * The door of ocr.h: header, pixels, lines. Each step stands in its own file; what this one decides is what
 * to do with a second frame and with text that vanishes on the page's background.
 */
#include "pipeline/ocr/ocr.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "pipeline/ocr/order.h"
#include "pipeline/ocr/overlay.h"
#include "pipeline/ocr/picture_facts.h"
#include "pipeline/ocr/picture_frames.h"
#include "pipeline/ocr/picture_lines.h"
#include "pipeline/ocr/turned_lines.h"

#include <errno.h>
#include <stdlib.h>

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

const char *ocr_damaged(const struct ocr *ocr)
{
    return ocr->models.damaged;
}

void ocr_close(struct ocr *ocr)
{
    if (ocr)
        models_close(&ocr->models);
    free(ocr);
}

/* ---- header ---------------------------------------------------------------------------------------------
 */

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

/* ---- the whole file -------------------------------------------------------------------------------------
 */

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

static enum outcome read_frames(struct picture_lines *lines, struct raster *first, struct raster *last)
{
    enum outcome outcome = turned_lines_read(lines, first);
    size_t from = lines->text->line_count;
    if (outcome != OUTCOME_OK || !last->rgb || same_pixels(first, last))
        return outcome;
    raster_free(first);
    outcome = turned_lines_read(lines, last);
    drop_repeated(lines->text, from);
    return outcome;
}

static enum outcome read_file(struct picture_lines *lines, struct span file,
                              const struct picture_header *header, struct pixels_background background,
                              uint32_t *ret_clear)
{
    struct raster first, last;
    enum outcome outcome = picture_frames_decode(file, header, background, &first, &last);
    if (outcome != OUTCOME_OK)
        return outcome;
    *ret_clear = first.clear;
    lines->text->damaged |= first.damaged;
    if (lines->text->perceptual_hash == 0)
        lines->text->perceptual_hash = raster_hash(&first);
    outcome = read_frames(lines, &first, &last);
    raster_free(&first);
    raster_free(&last);
    return outcome;
}

static bool is_near(struct pixels_background background, uint8_t grey)
{
    enum { NEAR = 48 }; /* of 255: letters of one are not read on the other */
    return abs(background.red - grey) < NEAR && abs(background.green - grey) < NEAR &&
           abs(background.blue - grey) < NEAR;
}

/*
 * White letters on nothing vanish on a white page; whoever made them had a dark one in mind, and one dark
 * line among them must not keep them from being read. So where enough is transparent for a word to stand in
 * it, white and black are tried as well, and what stands elsewhere than the lines of before is added.
 */
static enum outcome read_on_all(struct picture_lines *lines, struct span file,
                                const struct picture_header *header, struct pixels_background background)
{
    enum { WORD = 400 }; /* pixels around a short word of 10-pixel letters */
    static const uint8_t greys[] = {0, 255};
    uint32_t clear = 0;
    enum outcome outcome = read_file(lines, file, header, background, &clear);
    for (size_t i = 0; i < 2 && outcome == OUTCOME_OK && clear >= WORD; i++) {
        lines->before = lines->text->line_count;
        if (!is_near(background, greys[i]))
            outcome = read_file(lines, file, header, (struct pixels_background){greys[i], greys[i], greys[i]},
                                &clear);
        drop_repeated(lines->text, lines->before);
    }
    return outcome;
}

/* Where nothing at all is a word, what few letters were seen must be seen very well. */
static void doubt_senseless(struct picture_text *text)
{
    for (size_t i = 0; i < text->line_count; i++)
        text->lines[i].doubtful |= text->lines[i].confidence < OCR_SENSELESS_BAR;
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
    return (struct pixels_background){(uint8_t)(rgb >> 16 & 0xFF), (uint8_t)(rgb >> 8 & 0xFF),
                                      (uint8_t)(rgb & 0xFF)};
}

enum outcome ocr_read_with(struct ocr *ocr, struct span file, const struct ocr_options *options,
                           struct picture_text *ret_text)
{
    struct picture_header header;
    if (read_header(file, &header, ret_text) != OUTCOME_OK)
        return ret_text->outcome;
    int64_t time_ms = options->time_ms ? options->time_ms : OCR_TIME_MS;
    struct picture_lines lines = {.text = ret_text, .deadline_ms = picture_lines_now_ms() + time_ms};
    lines.linguist =
        (struct linguist){.models = &ocr->models, .identify = ocr->identify, .context = ocr->context};
    ret_text->outcome = read_on_all(&lines, file, &header, background_of(options->background));
    ret_text->models = arena_copy(&ret_text->arena, span_of(ocr->models.used));
    if (!lines.turned && !order_lines(ret_text->lines, ret_text->line_count))
        ret_text->outcome = OUTCOME_NO_MEMORY;
    if (!lines.sense)
        doubt_senseless(ret_text);
    sum_up(ret_text);
    return ret_text->outcome;
}

enum outcome ocr_read(struct ocr *ocr, struct span file, struct picture_text *ret_text)
{
    static const struct ocr_options white = {.background = 0xFFFFFF};
    return ocr_read_with(ocr, file, &white, ret_text);
}

/* Whole steps keep a line of text a line of text, and cost no filter. */
static uint32_t step_of(const struct raster *raster)
{
    uint32_t wide = (raster->width + OCR_COPY_WIDTH - 1) / OCR_COPY_WIDTH;
    uint32_t high = (raster->height + OCR_COPY_HEIGHT - 1) / OCR_COPY_HEIGHT;
    return wide > high ? wide : high;
}

static enum outcome encode_anew(const struct raster *raster, struct picture_copy *copy, struct buf *png)
{
    struct raster small = {0};
    uint32_t step = step_of(raster);
    if (step > 1 && !raster_reduce(raster, step, &small))
        return OUTCOME_NO_MEMORY;
    const struct raster *shown = step > 1 ? &small : raster;
    copy->width = shown->width;
    copy->height = shown->height;
    bool done = pixels_write_png(shown, png);
    raster_free(&small);
    return done ? OUTCOME_OK : OUTCOME_NO_MEMORY;
}

enum outcome ocr_copy(struct span file, struct picture_copy *ret_copy, struct buf *png)
{
    struct picture_header header;
    struct raster first, last;
    *ret_copy = (struct picture_copy){.arena = arena_new(OCR_COPY_FACTS)};
    pixels_quiet();
    enum outcome outcome = picture_header_read(file, &header);
    if (outcome == OUTCOME_OK)
        picture_facts_read(file, &header, ret_copy);
    if (outcome == OUTCOME_OK)
        outcome = picture_frames_decode(file, &header, background_of(0xFFFFFF), &first, &last);
    if (outcome == OUTCOME_OK) {
        raster_free(&last);
        outcome = encode_anew(&first, ret_copy, png);
        raster_free(&first);
    }
    ret_copy->outcome = outcome;
    return outcome;
}

enum outcome ocr_overlay(struct span file, const struct picture_text *text, struct buf *png)
{
    struct picture_header header;
    struct raster first, last;
    enum outcome outcome = picture_header_read(file, &header);
    if (outcome == OUTCOME_OK)
        outcome = picture_frames_decode(file, &header, background_of(0xFFFFFF), &first, &last);
    if (outcome != OUTCOME_OK)
        return outcome;
    raster_free(&last);
    overlay_draw(&first, text);
    bool done = pixels_write_png(&first, png);
    raster_free(&first);
    return done ? OUTCOME_OK : OUTCOME_NO_MEMORY;
}
