/* See ocr_print.h. */
#include "cli/ocr_print.h"

#include "cli/cli.h"
#include "watch/result.h"

/* ---- JSON ---- */

static json_t *lines_json(const struct picture_text *text)
{
    json_t *list = json_array();
    for (size_t i = 0; i < text->line_count; i++) {
        const struct picture_line *line = &text->lines[i];
        json_t *one = json_pack("{s:o, s:[IIII], s:f, s:s}", "text", result_string(line->text), "box",
                                (json_int_t)line->x, (json_int_t)line->y, (json_int_t)line->width,
                                (json_int_t)line->height, "confidence", line->confidence / 1000.0, "language",
                                line->language);
        if (line->doubtful)
            json_object_set_new(one, "doubtful", json_true());
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *languages_json(const struct languages *languages, struct span text)
{
    struct language_share *shares;
    size_t count = 0;
    arena_auto arena = arena_new(1 << 16);
    json_t *list = json_array();
    if (languages_of(languages, text, &arena, &shares, &count) < 0)
        return list;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:f, s:f}", "language", shares[i].language, "share",
                                              shares[i].share, "confidence", shares[i].confidence));
    return list;
}

static void join(const struct picture_text *text, struct buf *out)
{
    for (size_t i = 0; i < text->line_count; i++) {
        if (text->lines[i].doubtful)
            continue;
        if (out->size)
            buf_add_byte(out, '\n');
        buf_add_span(out, text->lines[i].text);
    }
}

static void print_json(const struct languages *languages, const char *path, enum outcome outcome,
                       const struct picture_text *text)
{
    buf_auto joined = buf_new(4 << 20);
    join(text, &joined);
    json_t *object =
        json_pack("{s:o, s:o, s:f, s:o, s:o, s:[II], s:s}", "file", result_string(span_of(path)), "text",
                  result_string(buf_span(&joined)), "confidence", text->confidence / 1000.0, "languages",
                  languages_json(languages, buf_span(&joined)), "lines", lines_json(text), "size",
                  (json_int_t)text->width, (json_int_t)text->height, "format", text->format);
    if (outcome != OUTCOME_OK)
        json_object_set_new(object, "outcome", json_string(outcome_name(outcome)));
    if (text->cut)
        json_object_set_new(object, "cut", json_true());
    if (text->damaged)
        json_object_set_new(object, "damaged", json_true());
    json_dumpf(object, stdout, RESULT_JSON_FORMAT);
    putchar('\n');
    json_decref(object);
}

/* ---- for people ---- */

static void print_line(const struct ocr_style *style, size_t number, const struct picture_line *line)
{
    const char *colour = style->colours && line->doubtful ? "\033[2m" : "";
    if (style->numbered)
        printf("%3zu  ", number);
    if (style->verbose)
        printf("%3u %% %-8s ", (line->confidence + 5u) / 10, line->language);
    fputs(colour, stdout);
    cli_put_safe(stdout, line->text);
    fputs(*colour ? "\033[0m\n" : "\n", stdout);
}

/* Blocks are parted by an empty line. Numbers count the lines left out, too: the drawing shows them. */
static void print_text(const struct ocr_style *style, const char *path, const struct picture_text *text)
{
    const struct picture_line *before = NULL;
    if (style->named) {
        cli_put_safe(stdout, span_of(path));
        printf(": %s, %u × %u pixels\n", text->format, text->width, text->height);
    }
    for (size_t i = 0; i < text->line_count; i++) {
        const struct picture_line *line = &text->lines[i];
        if (line->doubtful && !style->verbose)
            continue;
        if (before && line->block != before->block)
            putchar('\n');
        print_line(style, i + 1, line);
        before = line;
    }
}

void ocr_print(const struct ocr_style *style, const struct languages *languages, const char *path,
               enum outcome outcome, const struct picture_text *text)
{
    if (style->json)
        print_json(languages, path, outcome, text);
    else if (outcome == OUTCOME_OK)
        print_text(style, path, text);
    fflush(stdout);
}
