/*
 * Reads the pictures named on the command line in one process, models loaded once, and prints what it read:
 *     ## FILE OUTCOME CPU_MS
 *     x y width height confidence language block TAB text
 * Doubtful lines begin with '?'. The benchmark compares this with the tesseract command.
 */
#include "pipeline/ocr/ocr.h"

#include "base/buf.h"
#include "workers/line_language.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <varta/language.h>

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool load(const char *path, struct buf *out)
{
    FILE *stream = fopen(path, "rbe");
    char chunk[65536];
    size_t got = 0;
    while (stream && (got = fread(chunk, 1, sizeof(chunk), stream)) > 0)
        buf_add(out, chunk, got);
    if (stream)
        fclose(stream);
    return stream && !out->failed;
}

/* What other work on the machine takes must not cut a picture short: here, time is what is measured. */
static const struct ocr_options options = {.background = 0xFFFFFF, .time_ms = 600000};

static void print(const char *path, const struct picture_text *text, double ms)
{
    printf("## %s %s %.1f %s%s\n", path, outcome_name(text->outcome), ms, text->format,
           text->cut ? " cut" : "");
    for (size_t i = 0; i < text->line_count; i++) {
        const struct picture_line *line = &text->lines[i];
        printf("%s%u %u %u %u %u %s %u\t%.*s\n", line->doubtful ? "?" : "", line->x, line->y, line->width,
               line->height, line->confidence, line->language, line->block, (int)line->text.size,
               line->text.at);
    }
}

int main(int argc, char **argv)
{
    struct ocr *ocr;
    struct varta_language_model *model;
    double start = cpu_ms();
    if (varta_language_model_open(MODEL, &model, NULL) < 0 ||
        ocr_open(NULL, line_language, model, &ocr, NULL) < 0)
        return 1;
    printf("## models %.1f\n", cpu_ms() - start);
    for (int i = 1; i < argc; i++) {
        struct buf file = buf_new((size_t)1 << 28);
        struct picture_text text;
        start = cpu_ms();
        if (load(argv[i], &file)) {
            ocr_read_with(ocr, buf_span(&file), &options, &text);
            print(argv[i], &text, cpu_ms() - start);
            picture_text_free(&text);
        }
        buf_free(&file);
    }
    ocr_close(ocr);
    varta_language_model_close(model);
    return 0;
}
