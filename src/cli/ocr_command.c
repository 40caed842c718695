/*
 * varta ocr: the text in pictures. As many are read at once as there are processors, and what was read is
 * printed in the order of the arguments, so that two runs can be compared.
 */
#include "cli/cli.h"
#include "cli/common.h"
#include "cli/ocr_print.h"
#include "os/memfile.h"
#include "pipeline/fetch/fetch_limits.h"
#include "pipeline/ocr/ocr_limits.h"
#include "watch/local_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "Reads the text in pictures.\n"
    "\n"
    "Usage: varta ocr [OPTION…] IMAGE…\n"
    "\n"
    "      --json           one JSON object a picture\n"
    "      --overlay FILE   draw a numbered box around each line on the picture, into\n"
    "                       this PNG; one picture only\n"
    "      --tessdata DIR   folder of the recognition models, fast or best ones\n"
    "      --models LIST    models by Tesseract's names, first the likeliest\n"
    "                       (ukr+rus+pol+eng)\n"
    "      --sandbox LEVEL  strict (default), tolerant or off\n"
    "  -q, --quiet          print nothing but errors; the exit code tells\n"
    "  -v, --verbose        also lines that may be misread, and confidences\n"
    "      --no-color       no colours; NO_COLOR does the same\n"
    "  -h, --help\n"
    "\n"
    "PNG, JPEG, GIF, WebP, TIFF and BMP are read; - is standard input.\n"
    "Exit code: 0 all were read, 2 usage, 3 one could not be read, or not to its end.\n";

enum option_code { O_JSON = 256, O_OVERLAY, O_TESSDATA, O_MODELS, O_SANDBOX, O_NO_COLOR };

static const struct option options[] = {
    {"json", no_argument, NULL, O_JSON},
    {"overlay", required_argument, NULL, O_OVERLAY},
    {"tessdata", required_argument, NULL, O_TESSDATA},
    {"models", required_argument, NULL, O_MODELS},
    {"sandbox", required_argument, NULL, O_SANDBOX},
    {"quiet", no_argument, NULL, 'q'},
    {"no-color", no_argument, NULL, O_NO_COLOR},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

enum {
    AHEAD = 64,               /* pictures under way or waiting for an earlier one to be printed */
    BUDGET_MS = 30000,        /* for one picture; a full page takes about 3 s */
    OVERLAY_BYTES = 64 << 20, /* of the drawing */
    ANSWER_BYTES = 4 << 20    /* of one picture's text while it waits */
};

struct picture_job {
    struct ocr_run *run;
    const char *path;
    bool ended;
    enum outcome outcome;
    struct buf answer; /* the packed text, until it is its turn */
};

struct ocr_run {
    struct desk desk;
    struct ocr_style style;
    const char *overlay; /* file for the drawing, or NULL */
    bool quiet, no_colour;
    struct cli_progress progress;
    struct picture_job *jobs;
    size_t count, started, ended, printed;
    size_t open;
    int exit;
};

/* ---- the drawing ---- */

static int write_all(int fd, struct span bytes)
{
    while (bytes.size > 0) {
        ssize_t put = write(fd, bytes.at, bytes.size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return put < 0 ? -errno : -EIO;
        bytes = span_cut(bytes, (size_t)put, bytes.size);
    }
    return 0;
}

static int write_file(const char *path, struct span bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return -errno;
    int result = write_all(fd, bytes);
    if (close(fd) < 0 && result == 0)
        result = -errno;
    return result;
}

/* A picture is evidence. */
static bool is_same_file(const char *one, const char *other)
{
    struct stat first, second;
    return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* The drawing was made by the process that met the attacker's bytes: it is copied, never looked at. */
static void keep_overlay(struct ocr_run *run, const struct message *answer)
{
    struct span png;
    int result = answer->fd_count == 1 ? memfile_map(answer->fds[0], OVERLAY_BYTES, false, &png) : -ENODATA;
    if (result == 0) {
        result = write_file(run->overlay, png);
        memfile_unmap(png);
    }
    if (result < 0) {
        cli_error("cannot write %s: %s", run->overlay, strerror(-result));
        run->exit = EXIT_FAILED;
    }
}

/* ---- printing, in order ---- */

static void tell_what_is_missing(struct ocr_run *run, const char *path, const struct picture_text *text)
{
    if (text->cut)
        cli_error("%s: not all of its lines were read: there are too many of them, or the time was up", path);
    if (text->damaged)
        cli_error("%s: the file is damaged or breaks off: only what could be decoded was read", path);
    run->exit = EXIT_FAILED;
}

static void print_picture(struct picture_job *job)
{
    struct ocr_run *run = job->run;
    struct picture_text text = {.format = ""};
    enum outcome outcome = job->outcome;
    if (outcome == OUTCOME_OK && !picture_text_get(buf_span(&job->answer), &text))
        outcome = OUTCOME_HELPER_LIED;
    if (outcome == OUTCOME_OK)
        outcome = text.outcome;
    if (outcome != OUTCOME_OK) {
        cli_error("%s: %s%s%s", job->path, outcome_text(outcome), text.format[0] ? ": " : "", text.format);
        run->exit = EXIT_FAILED;
    }
    if (outcome == OUTCOME_OK && (text.cut || text.damaged))
        tell_what_is_missing(run, job->path, &text);
    ocr_print(&run->style, run->desk.languages, job->path, outcome, &text);
    picture_text_free(&text);
    buf_free(&job->answer);
}

static void print_finished(struct ocr_run *run)
{
    cli_progress_clear(&run->progress);
    while (run->printed < run->count && run->jobs[run->printed].ended)
        print_picture(&run->jobs[run->printed++]);
    if (!run->quiet)
        cli_progress(&run->progress, run->ended, run->count, "pictures");
}

/* ---- jobs ---- */

static void start_more(struct ocr_run *run);

static void end_job(struct picture_job *job, enum outcome outcome)
{
    job->outcome = outcome;
    job->ended = true;
    job->run->ended++;
}

static void on_picture(void *context, enum outcome outcome, struct message *answer)
{
    struct picture_job *job = context;
    struct picture_text text;
    if (outcome == OUTCOME_OK && !buf_add_span(&job->answer, answer->payload))
        outcome = OUTCOME_NO_MEMORY;
    if (outcome == OUTCOME_OK && job->run->overlay) {
        if (picture_text_get(answer->payload, &text) && text.outcome == OUTCOME_OK)
            keep_overlay(job->run, answer);
        picture_text_free(&text);
    }
    job->run->open--;
    end_job(job, outcome);
    print_finished(job->run);
    start_more(job->run);
}

static void start_job(struct picture_job *job)
{
    struct picture_order order = {.budget_ms = BUDGET_MS, .overlay = job->run->overlay != NULL};
    int fd = local_file_copy(job->path, FETCH_PICTURE_BYTES);
    if (fd < 0) {
        cli_progress_clear(&job->run->progress);
        cli_error("cannot open %s: %s", job->path, strerror(-fd));
        end_job(job, OUTCOME_FILE);
        return;
    }
    job->run->open++;
    if (helpers_picture(job->run->desk.helpers, false, 0, fd, &order, on_picture, job) < 0) {
        job->run->open--;
        end_job(job, OUTCOME_NO_MEMORY);
    }
    close(fd);
}

static void start_more(struct ocr_run *run)
{
    while (run->started < run->count && run->started < run->printed + AHEAD) {
        start_job(&run->jobs[run->started++]);
        print_finished(run);
    }
}

static int read_all(struct ocr_run *run, char **paths, size_t count)
{
    run->jobs = calloc(count, sizeof(*run->jobs));
    if (!run->jobs)
        return -ENOMEM;
    run->count = count;
    for (size_t i = 0; i < count; i++)
        run->jobs[i] = (struct picture_job){.run = run, .path = paths[i], .answer = buf_new(ANSWER_BYTES)};
    if (!run->quiet)
        cli_progress(&run->progress, 0, count, "pictures");
    start_more(run);
    int result = desk_run(&run->desk, &run->open);
    cli_progress_clear(&run->progress);
    for (size_t i = 0; i < count; i++)
        buf_free(&run->jobs[i].answer);
    free(run->jobs);
    return result;
}

/* ---- the command ---- */

/* Names with '+' between, as Tesseract has them. */
static bool is_model_list(const char *list)
{
    enum { NAME = 15 }; /* bytes */
    struct span rest = span_of(list), name;
    size_t count = 0;
    if (!*list || list[strlen(list) - 1] == '+')
        return false;
    for (; span_next(&rest, '+', &name); count++) {
        if (name.size == 0 || name.size > NAME)
            return false;
        for (size_t i = 0; i < name.size; i++)
            if (!isalnum((unsigned char)name.at[i]) && name.at[i] != '_')
                return false;
    }
    return count <= OCR_MAX_MODELS;
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* The helper finds its models by its environment. */
static int set_models(const char *list)
{
    if (!is_model_list(list))
        return cli_usage_error("ocr", "--models takes up to %d names like ukr+rus+pol+eng, not '%s'",
                               OCR_MAX_MODELS, list);
    return setenv("VARTA_OCR_MODELS", list, 1) < 0 ? EXIT_FAILED : -1;
}

static int set_tessdata(const char *folder)
{
    if (!is_folder(folder))
        return cli_usage_error("ocr", "--tessdata takes the folder of the .traineddata files; '%s' is none",
                               folder);
    return setenv("VARTA_TESSDATA", folder, 1) < 0 ? EXIT_FAILED : -1;
}

/* Text goes to standard output: the drawing needs a file. */
static int set_overlay(struct ocr_run *run, const char *path)
{
    if (!*path || strcmp(path, "-") == 0)
        return cli_usage_error("ocr", "--overlay needs the name of a file, standard output is for the text");
    run->overlay = path;
    return -1;
}

/* Returns -1 to go on, or the exit code to end with. */
static int take_option(struct ocr_run *run, struct desk_settings *settings, int code, char **argv)
{
    switch (code) {
    case O_JSON: run->style.json = true; return -1;
    case O_OVERLAY: return set_overlay(run, optarg);
    case O_TESSDATA: return set_tessdata(optarg);
    case O_MODELS: return set_models(optarg);
    case O_NO_COLOR: run->no_colour = true; return -1;
    case 'q': run->quiet = true; return -1;
    case 'v': run->style.verbose = true; return -1;
    case O_SANDBOX:
        if (sandbox_level_parse(optarg, &settings->sandbox) == 0)
            return -1;
        return cli_usage_error("ocr", "--sandbox takes strict, tolerant or off, not '%s'", optarg);
    case 'h': fputs(help, stdout); return EXIT_NOTHING;
    default: return cli_option_error("ocr", code, argv);
    }
}

int cli_ocr(int argc, char **argv)
{
    struct desk_settings settings;
    char models[4096];
    struct ocr_run run = {.exit = EXIT_NOTHING};
    int code, end = -1;
    if (!cli_desk_settings(&settings, models))
        return EXIT_FAILED;
    opterr = 0;
    optind = 1;
    while (end < 0 && (code = getopt_long(argc, argv, ":qvh", options, NULL)) != -1)
        end = take_option(&run, &settings, code, argv);
    if (end >= 0)
        return end;
    if (optind == argc)
        return cli_usage_error("ocr", "give at least one picture");
    if (run.overlay && argc - optind > 1)
        return cli_usage_error("ocr", "--overlay draws on one picture, not on %d", argc - optind);
    if (run.overlay && is_same_file(run.overlay, argv[optind]))
        return cli_usage_error("ocr", "--overlay would write over the picture itself");
    if (run.quiet)
        cli_quiet();
    run.style.named = argc - optind > 1;
    run.style.numbered = run.overlay != NULL;
    run.style.colours = cli_colours(stdout, run.no_colour);
    int result = desk_open(&settings, &run.desk);
    if (result >= 0)
        result = read_all(&run, argv + optind, (size_t)(argc - optind));
    desk_close(&run.desk);
    return result < 0 ? EXIT_FAILED : run.exit;
}
