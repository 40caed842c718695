/*
 * varta identify: the languages of a text, with spans. The text may be an attacker's, so whatever of it
 * reaches a terminal goes through cli_put_safe(), and `--lines` keeps one line in memory, whatever the size
 * of the input.
 */
#include "cli/cli.h"
#include "os/spawn.h"
#include "varta/language.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_BYTES_MAX = 64 << 20, /**< of one text; more is cut off and said so */
    LINE_BYTES_MAX = 1 << 20,  /**< of one line of --lines; the rest of a longer line is not looked at */
    TAGS_MAX = 96,             /**< of --expect or --only */
};

struct tags {
    const char *at[TAGS_MAX];
    size_t count;
};

struct identify_options {
    bool json, lines, no_colour;
    struct tags expected, only;
    const char *model, *file;
};

static const char usage[] = "Usage: varta identify [OPTION…] [FILE]\n"
                            "\n"
                            "Finds the languages of a text (standard input without FILE or with -).\n"
                            "\n"
                            "  --json            one JSON object: languages and spans with byte offsets\n"
                            "  --lines           each line is a text of its own: TAG<TAB>CONFIDENCE\n"
                            "  --expect TAG,…    languages the text is likelier to be in\n"
                            "  --only TAG,…      answer with nothing but these, or und\n"
                            "  --model FILE      another language model\n"
                            "  --no-color        no colours on a terminal\n"
                            "  -q, --quiet       print nothing but errors\n"
                            "  -v, --verbose     as elsewhere; everything is shown already\n"
                            "  -h, --help        this text\n";

/* Splits "uk,ru" in place. */
static bool read_tags(char *list, struct tags *tags)
{
    char *rest = NULL;

    for (char *tag = strtok_r(list, ",", &rest); tag; tag = strtok_r(NULL, ",", &rest)) {
        if (tags->count == TAGS_MAX)
            return false;
        tags->at[tags->count++] = tag;
    }
    return tags->count > 0;
}

static bool take_option(int option, struct identify_options *options)
{
    switch (option) {
    case 'j': options->json = true; return true;
    case 'l': options->lines = true; return true;
    case 'n': options->no_colour = true; return true;
    case 'q': cli_quiet(); return true;
    case 'v': return true; /* spans and confidences are shown anyway */
    case 'm': options->model = optarg; return true;
    case 'e': return read_tags(optarg, &options->expected);
    case 'o': return read_tags(optarg, &options->only);
    default: return false;
    }
}

/* Returns 0 to go on, or the exit code plus one. */
static int read_options(int argc, char **argv, struct identify_options *options)
{
    static const struct option known[] = {
        {"json", no_argument, NULL, 'j'},         {"lines", no_argument, NULL, 'l'},
        {"expect", required_argument, NULL, 'e'}, {"only", required_argument, NULL, 'o'},
        {"model", required_argument, NULL, 'm'},  {"no-color", no_argument, NULL, 'n'},
        {"quiet", no_argument, NULL, 'q'},        {"verbose", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":qvh", known, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            return EXIT_NOTHING + 1;
        }
        if (option == ':' || option == '?')
            return cli_option_error("identify", option, argv) + 1;
        if (!take_option(option, options))
            return cli_usage_error("identify", "not a list of language tags: %s", optarg) + 1;
    }
    if (argc - optind > 1)
        return cli_usage_error("identify", "one file at a time") + 1;
    options->file = optind < argc ? argv[optind] : "-";
    return 0;
}

static struct varta_language_model *open_model(const char *path)
{
    char standard[PATH_MAX];
    struct varta_language_model *model = NULL;
    const char *reason = NULL;
    int result;

    if (!path && spawn_data_path("language.varta", standard, sizeof(standard)) < 0) {
        cli_error("no language model: models/language.varta is missing");
        return NULL;
    }
    path = path ? path : standard;
    result = varta_language_model_open(path, &model, &reason);
    if (result < 0)
        cli_error("cannot open %s: %s", path, reason ? reason : strerror(-result));
    return model;
}

static bool tags_known(const struct varta_language_model *model, const struct tags *tags)
{
    for (size_t i = 0; i < tags->count; i++) {
        bool known = false;

        for (size_t k = 0; k < varta_language_count(model) && !known; k++)
            known = strcmp(varta_language_tag(model, k), tags->at[i]) == 0;
        if (!known) {
            cli_usage_error("identify", "the model knows no language %s", tags->at[i]);
            return false;
        }
    }
    return true;
}

/* ---- one text
 * ---------------------------------------------------------------------------------------------- */

static double rounded(float value)
{
    return (double)(int)((double)value * 10000 + 0.5) / 10000;
}

static void print_json(const struct varta_language_result *result)
{
    json_t *languages = json_array(), *spans = json_array(), *object;

    for (size_t i = 0; i < result->share_count; i++)
        json_array_append_new(languages, json_pack("{s:s, s:f, s:f}", "language", result->shares[i].language,
                                                   "share", rounded(result->shares[i].share), "confidence",
                                                   rounded(result->shares[i].confidence)));
    for (size_t i = 0; i < result->span_count; i++)
        json_array_append_new(
            spans, json_pack("{s:I, s:I, s:s, s:f}", "start", (json_int_t)result->spans[i].start, "end",
                             (json_int_t)result->spans[i].end, "language", result->spans[i].language,
                             "confidence", rounded(result->spans[i].confidence)));
    object = json_pack("{s:o, s:o}", "languages", languages, "spans", spans);
    json_dumpf(object, stdout, JSON_REAL_PRECISION(5));
    putchar('\n');
    json_decref(object);
}

/* Line ends stay, all else that could steer the terminal goes. */
static void put_text(struct span text)
{
    size_t from = 0;

    for (size_t at = 0; at < text.size; at++) {
        if (text.at[at] != '\n')
            continue;
        cli_put_safe(stdout, span_cut(text, from, at));
        putchar('\n');
        from = at + 1;
    }
    cli_put_safe(stdout, span_cut(text, from, text.size));
}

/* The colour of a language: the same for the same tag in one text, by order of share. */
static int colour_of(const struct varta_language_result *result, const char *language)
{
    static const int colours[VARTA_LANGUAGE_SHARES_MAX] = {36, 33, 35, 32, 34, 31, 96, 93};

    for (size_t i = 0; i < result->share_count; i++)
        if (strcmp(result->shares[i].language, language) == 0)
            return colours[i];
    return 37;
}

static void print_coloured(struct span text, const struct varta_language_result *result)
{
    size_t at = 0;

    for (size_t i = 0; i < result->span_count; i++) {
        const struct varta_language_span *span = &result->spans[i];

        put_text(span_cut(text, at, span->start));
        printf("\033[%dm", colour_of(result, span->language));
        put_text(span_cut(text, span->start, span->end));
        printf("\033[0m\033[2m[%s]\033[0m", span->language);
        at = span->end;
    }
    put_text(span_cut(text, at, text.size));
    putchar('\n');
}

static void print_plain(const struct varta_language_result *result, bool colours)
{
    for (size_t i = 0; i < result->share_count; i++) {
        const struct varta_language_share *share = &result->shares[i];

        if (colours)
            printf("\033[%dm", colour_of(result, share->language));
        printf("%s\t%.1f %%\t%.2f", share->language, 100 * (double)share->share, (double)share->confidence);
        puts(colours ? "\033[0m" : "");
    }
    if (result->share_count == 0)
        puts("und\t100.0 %\t1.00");
}

static int identify_whole(const struct varta_language_model *model, const struct identify_options *options,
                          const struct varta_language_options *known)
{
    struct varta_language_result result;
    bool cut = false, colours = cli_colours(stdout, options->no_colour);
    struct span text;

    if (!cli_read_file(options->file, TEXT_BYTES_MAX, &text, &cut))
        return EXIT_FAILED;
    if (cut)
        cli_error("only the first %d bytes of %s are looked at", TEXT_BYTES_MAX, options->file);
    int failed = varta_language_identify(model, text.at, text.size, known, &result);
    if (failed < 0) {
        cli_error("cannot identify: %s", strerror(-failed));
    } else {
        if (options->json) {
            print_json(&result);
        } else {
            if (colours)
                print_coloured(text, &result);
            print_plain(&result, colours);
        }
        varta_language_result_free(&result);
    }
    free((char *)(uintptr_t)text.at);
    return failed < 0 ? EXIT_FAILED : EXIT_NOTHING;
}

/* ---- a text a line
 * ------------------------------------------------------------------------------------------- */

static bool print_line(const struct varta_language_model *model, struct span line, bool json,
                       const struct varta_language_options *known)
{
    struct varta_language_result result;
    const char *language;
    float confidence;

    if (!json) {
        language = varta_language_guess(model, line.at, line.size, known, &confidence);
        printf("%s\t%.4f\n", language, (double)confidence);
        return true;
    }
    if (varta_language_identify(model, line.at, line.size, known, &result) < 0)
        return false;
    print_json(&result);
    varta_language_result_free(&result);
    return true;
}

/* Reads up to the line end into `line`; what does not fit is dropped. Returns false at the end of input. */
static bool read_line(FILE *input, char *line, size_t *ret_size)
{
    size_t size = 0;
    int byte;

    while ((byte = getc_unlocked(input)) != EOF && byte != '\n')
        if (size < LINE_BYTES_MAX)
            line[size++] = (char)byte;
    *ret_size = size > 0 && line[size - 1] == '\r' ? size - 1 : size;
    return byte != EOF || size > 0;
}

static int identify_stream(FILE *input, const struct varta_language_model *model, bool json,
                           const struct varta_language_options *known)
{
    char *line = malloc(LINE_BYTES_MAX);
    bool good = line != NULL;
    size_t size;

    while (good && read_line(input, line, &size))
        good = print_line(model, (struct span){line, size}, json, known) && !ferror(stdout);
    good = good && !ferror(input) && fflush(stdout) == 0;
    free(line);
    if (!good)
        cli_error("cannot go on: %s", strerror(errno ? errno : EIO));
    return good ? EXIT_NOTHING : EXIT_FAILED;
}

static int identify_lines(const struct varta_language_model *model, const struct identify_options *options,
                          const struct varta_language_options *known)
{
    bool standard = strcmp(options->file, "-") == 0;
    FILE *input = standard ? stdin : fopen(options->file, "re");
    int code;

    if (!input) {
        cli_error("cannot open %s: %s", options->file, strerror(errno));
        return EXIT_FAILED;
    }
    code = identify_stream(input, model, options->json, known);
    if (!standard)
        fclose(input);
    return code;
}

int cli_identify(int argc, char **argv)
{
    struct identify_options options = {0};
    int early = read_options(argc, argv, &options), code = EXIT_USAGE;
    struct varta_language_model *model;

    if (early)
        return early - 1;
    model = open_model(options.model);
    if (!model)
        return EXIT_FAILED;
    if (tags_known(model, &options.expected) && tags_known(model, &options.only)) {
        const struct varta_language_options known = {options.expected.at, options.expected.count,
                                                     options.only.at, options.only.count};

        code =
            options.lines ? identify_lines(model, &options, &known) : identify_whole(model, &options, &known);
    }
    varta_language_model_close(model);
    return code;
}
