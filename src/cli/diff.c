/* varta diff: what stayed, went and came between two versions of a page. */
#include "cli/cli.h"
#include "cli/common.h"
#include "watch/look.h"
#include "watch/result.h"

#include <getopt.h>
#include <jansson.h>

static const char help[] = "Tells what stayed, what went and what is new between two versions of a page.\n"
                           "\n"
                           "Usage: varta diff [OPTION…] BEFORE AFTER\n"
                           "\n"
                           "      --json         one JSON object\n"
                           "      --no-pictures  do not look at pictures\n"
                           "      --sandbox LEVEL  strict (default), tolerant or off\n"
                           "  -q, --quiet        print nothing but errors; the exit code tells\n"
                           "  -v, --verbose      also show what stayed\n"
                           "      --no-color     no colours; NO_COLOR does the same\n"
                           "  -h, --help\n"
                           "\n"
                           "BEFORE and AFTER are files or URLs. Exit code: 0 the same text, 1 something\n"
                           "differs, 2 usage, 3 not readable.\n";

enum option_code { O_JSON = 256, O_NO_PICTURES, O_SANDBOX, O_NO_COLOR };

static const struct option options[] = {
    {"json", no_argument, NULL, O_JSON},
    {"no-pictures", no_argument, NULL, O_NO_PICTURES},
    {"sandbox", required_argument, NULL, O_SANDBOX},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"no-color", no_argument, NULL, O_NO_COLOR},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct differ {
    struct reading sides[2];
    bool has[2];
    bool json, verbose, colours;
};

struct look_of_kind {
    const char *name, *mark, *colour;
};

static const struct look_of_kind looks[] = {
    [CHANGE_KEPT] = {"kept", " ", ""},
    [CHANGE_MOVED] = {"moved", "~", "\033[2m"},
    [CHANGE_NEW] = {"new", "+", "\033[32m"},
    [CHANGE_GONE] = {"gone", "-", "\033[31m"},
    [CHANGE_VOLATILE] = {"volatile", "~", "\033[2m"},
};

/* A page that says nothing is one, too: all is gone, or all is new. */
static void on_look(void *context, size_t index, struct journey *journey)
{
    struct differ *differ = context;
    if (!journey->has_reading && journey->capture.outcome == OUTCOME_EMPTY) {
        differ->has[index] = true;
        return;
    }
    if (!journey->has_reading) {
        cli_error("the page %s cannot be read: %s", index == 0 ? "before" : "after",
                  outcome_text(journey->capture.outcome));
        return;
    }
    differ->sides[index] = journey->reading;
    differ->has[index] = true;
    journey->reading = (struct reading){0};
}

static void print_json(const struct change *change)
{
    json_t *blocks = json_array();
    for (size_t i = 0; i < change->block_count; i++)
        json_array_append_new(blocks,
                              json_pack("{s:s, s:o, s:s}", "change", looks[change->blocks[i].kind].name,
                                        "text", result_string(change->blocks[i].text), "origin",
                                        origin_name(change->blocks[i].origin)));
    json_t *object = json_pack("{s:f, s:f, s:f, s:o}", "kept", change->kept, "new", change->fresh,
                               "structure", change->structure, "blocks", blocks);
    json_dumpf(object, stdout, RESULT_JSON_FORMAT);
    putchar('\n');
    json_decref(object);
}

static void print_change(const struct differ *differ, const struct change *change)
{
    int columns = cli_columns(stdout);
    for (size_t i = 0; i < change->block_count; i++) {
        const struct change_block *block = &change->blocks[i];
        const struct look_of_kind *look = &looks[block->kind];
        if (block->kind == CHANGE_KEPT && !differ->verbose)
            continue;
        fputs(differ->colours ? look->colour : "", stdout);
        cli_put_wrapped(stdout, look->mark, block->text, columns);
        fputs(differ->colours && *look->colour ? "\033[0m" : "", stdout);
    }
    char sum[160];
    int size = snprintf(sum, sizeof(sum),
                        "%.0f %% of the text before still stands; %.0f %% of the text now is new; "
                        "%.0f %% of the structure stands",
                        change->kept * 100, change->fresh * 100, change->structure * 100);
    cli_put_wrapped(stdout, "", (struct span){sum, (size_t)size}, columns);
}

static bool differs(const struct change *change)
{
    for (size_t i = 0; i < change->block_count; i++)
        if (change->blocks[i].kind == CHANGE_NEW || change->blocks[i].kind == CHANGE_GONE)
            return true;
    return false;
}

static int compare_sides(const struct differ *differ)
{
    struct change change = {0};
    struct baseline *baseline = baseline_new();
    int result = baseline ? baseline_learn(baseline, &differ->sides[0], 0) : -1;
    if (result == 0)
        result = compare_reading(baseline, &differ->sides[1], &change);
    baseline_free(baseline);
    if (result < 0) {
        cli_error("there is not enough memory to compare them");
        return EXIT_FAILED;
    }
    if (differ->json)
        print_json(&change);
    else
        print_change(differ, &change);
    int code = differs(&change) ? EXIT_FOUND : EXIT_NOTHING;
    change_free(&change);
    return code;
}

static int run(const struct desk_settings *settings, struct differ *differ, char **arguments)
{
    struct desk desk;
    int code = EXIT_FAILED;
    int result = desk_open(settings, &desk);
    if (result >= 0)
        result = look_at(&desk, arguments, 2, on_look, differ);
    desk_close(&desk);
    if (result >= 0 && differ->has[0] && differ->has[1])
        code = compare_sides(differ);
    reading_free(&differ->sides[0]);
    reading_free(&differ->sides[1]);
    return code;
}

int cli_diff(int argc, char **argv)
{
    struct desk_settings settings;
    char models[4096];
    struct differ differ = {0};
    bool no_colour = false;
    int code;
    if (!cli_desk_settings(&settings, models))
        return EXIT_FAILED;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":qvh", options, NULL)) != -1) {
        switch (code) {
        case O_JSON: differ.json = true; break;
        case O_NO_PICTURES: settings.read_pictures = false; break;
        case O_NO_COLOR: no_colour = true; break;
        case 'q': cli_quiet(); break;
        case 'v': differ.verbose = true; break;
        case O_SANDBOX:
            if (sandbox_level_parse(optarg, &settings.sandbox) < 0)
                return cli_usage_error("diff", "--sandbox takes strict, tolerant or off, not '%s'", optarg);
            break;
        case 'h': fputs(help, stdout); return 0;
        default: return cli_option_error("diff", code, argv);
        }
    }
    if (optind + 2 != argc)
        return cli_usage_error("diff", "give two files or URLs");
    differ.colours = cli_colours(stdout, no_colour);
    return run(&settings, &differ, argv + optind);
}
