/* varta ocr: the text in pictures. */
#include "cli/cli.h"
#include "cli/common.h"
#include "pipeline/fetch/fetch_limits.h"
#include "watch/local_file.h"
#include "watch/result.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

static const char help[] = "Reads the text in pictures.\n"
                           "\n"
                           "Usage: varta ocr [OPTION…] IMAGE…\n"
                           "\n"
                           "      --json           one JSON object a picture\n"
                           "      --sandbox LEVEL  strict (default), tolerant or off\n"
                           "  -q, --quiet          print nothing but errors; the exit code tells\n"
                           "  -v, --verbose        also lines that may be misread, and confidences\n"
                           "      --no-color       no colours; NO_COLOR does the same\n"
                           "  -h, --help\n"
                           "\n"
                           "PNG, JPEG, GIF, WebP, TIFF and BMP are read.\n"
                           "Exit code: 0 all were read, 2 usage, 3 one could not be read.\n";

enum option_code { O_JSON = 256, O_SANDBOX, O_NO_COLOR };

static const struct option options[] = {
    {"json", no_argument, NULL, O_JSON},
    {"sandbox", required_argument, NULL, O_SANDBOX},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"no-color", no_argument, NULL, O_NO_COLOR},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct ocr_run {
    struct desk desk;
    bool json, verbose, colours, many;
    size_t open;
    int exit;
};

struct picture_job {
    struct ocr_run *run;
    const char *path;
};

/* ---- JSON ---- */

static json_t *lines_json(const struct picture_text *text)
{
    json_t *list = json_array();
    for (size_t i = 0; i < text->line_count; i++) {
        const struct picture_line *line = &text->lines[i];
        json_t *one = json_pack("{s:o, s:[iiii], s:f, s:s}", "text", result_string(line->text), "box",
                                (int)line->x, (int)line->y, (int)line->width, (int)line->height, "confidence",
                                line->confidence / 1000.0, "language", line->language);
        if (line->doubtful)
            json_object_set_new(one, "doubtful", json_true());
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *languages_json(const struct ocr_run *run, struct span text)
{
    struct language_share *shares;
    size_t count = 0;
    arena_auto arena = arena_new(1 << 16);
    json_t *list = json_array();
    if (languages_of(run->desk.languages, text, &arena, &shares, &count) < 0)
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

static void print_json(const struct picture_job *job, enum outcome outcome, const struct picture_text *text)
{
    buf_auto joined = buf_new(4 << 20);
    join(text, &joined);
    json_t *object =
        json_pack("{s:o, s:o, s:f, s:o, s:o, s:[ii], s:s}", "file", result_string(span_of(job->path)), "text",
                  result_string(buf_span(&joined)), "confidence", text->confidence / 1000.0, "languages",
                  languages_json(job->run, buf_span(&joined)), "lines", lines_json(text), "size",
                  (int)text->width, (int)text->height, "format", text->format);
    if (outcome != OUTCOME_OK)
        json_object_set_new(object, "outcome", json_string(outcome_name(outcome)));
    json_dumpf(object, stdout, RESULT_JSON_FORMAT);
    putchar('\n');
    json_decref(object);
}

/* ---- for people ---- */

static void print_line(const struct ocr_run *run, const struct picture_line *line)
{
    if (line->doubtful && !run->verbose)
        return;
    const char *colour = run->colours && line->doubtful ? "\033[2m" : "";
    if (run->verbose)
        printf("%3u %% %-8s ", (line->confidence + 5u) / 10, line->language);
    fputs(colour, stdout);
    cli_put_safe(stdout, line->text);
    fputs(*colour ? "\033[0m\n" : "\n", stdout);
}

static void print_text(const struct picture_job *job, const struct picture_text *text)
{
    const struct ocr_run *run = job->run;
    if (run->many) {
        cli_put_safe(stdout, span_of(job->path));
        printf(": %s, %u × %u pixels\n", text->format, text->width, text->height);
    }
    for (size_t i = 0; i < text->line_count; i++) {
        if (i > 0 && text->lines[i].block != text->lines[i - 1].block)
            putchar('\n');
        print_line(run, &text->lines[i]);
    }
}

static void on_picture(void *context, enum outcome outcome, struct message *answer)
{
    struct picture_job *job = context;
    struct picture_text text = {.format = ""};
    if (outcome == OUTCOME_OK && !picture_text_get(answer->payload, &text))
        outcome = OUTCOME_HELPER_LIED;
    if (outcome == OUTCOME_OK)
        outcome = text.outcome;
    if (outcome != OUTCOME_OK) {
        cli_error("%s: %s%s%s", job->path, outcome_text(outcome), text.format[0] ? ": " : "", text.format);
        job->run->exit = EXIT_FAILED;
    }
    if (job->run->json)
        print_json(job, outcome, &text);
    else if (outcome == OUTCOME_OK)
        print_text(job, &text);
    picture_text_free(&text);
    job->run->open--;
}

static void start_job(struct picture_job *job)
{
    struct picture_order order = {.budget_ms = 60000};
    int fd = local_file_copy(job->path, FETCH_PICTURE_BYTES);
    if (fd < 0) {
        cli_error("cannot open %s: %s", job->path, strerror(-fd));
        job->run->exit = EXIT_FAILED;
        return;
    }
    job->run->open++;
    if (helpers_picture(job->run->desk.helpers, fd, &order, on_picture, job) < 0) {
        job->run->open--;
        job->run->exit = EXIT_FAILED;
    }
    close(fd);
}

static int read_all(struct ocr_run *run, char **paths, size_t count)
{
    struct picture_job *jobs = calloc(count, sizeof(*jobs));
    if (!jobs)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        jobs[i] = (struct picture_job){run, paths[i]};
        start_job(&jobs[i]);
    }
    int result = desk_run(&run->desk, &run->open);
    free(jobs);
    return result;
}

int cli_ocr(int argc, char **argv)
{
    struct desk_settings settings;
    char models[4096];
    struct ocr_run run = {.exit = EXIT_NOTHING};
    bool no_colour = false;
    int code;
    if (!cli_desk_settings(&settings, models))
        return EXIT_FAILED;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":qvh", options, NULL)) != -1) {
        switch (code) {
        case O_JSON: run.json = true; break;
        case O_NO_COLOR: no_colour = true; break;
        case 'q': cli_quiet(); break;
        case 'v': run.verbose = true; break;
        case O_SANDBOX:
            if (sandbox_level_parse(optarg, &settings.sandbox) < 0)
                return cli_usage_error("ocr", "--sandbox takes strict, tolerant or off, not '%s'", optarg);
            break;
        case 'h': fputs(help, stdout); return 0;
        default: return cli_option_error("ocr", code, argv);
        }
    }
    if (optind == argc)
        return cli_usage_error("ocr", "give at least one picture");
    run.many = argc - optind > 1;
    run.colours = cli_colours(stdout, no_colour);
    int result = desk_open(&settings, &run.desk);
    if (result >= 0)
        result = read_all(&run, argv + optind, (size_t)(argc - optind));
    desk_close(&run.desk);
    return result < 0 ? EXIT_FAILED : run.exit;
}
