/* varta read: a page as the detector reads it. */
#include "cli/cli.h"
#include "cli/common.h"
#include "watch/look.h"
#include "watch/result.h"

#include <getopt.h>
#include <jansson.h>

static const char help[] = "Shows a page as the detector reads it: its text in order, and where it stands.\n"
                           "\n"
                           "Usage: varta read [OPTION…] FILE|URL\n"
                           "\n"
                           "      --json           one JSON object\n"
                           "      --text           only the text a visitor sees, a block a line\n"
                           "      --no-pictures    do not look at pictures\n"
                           "      --sandbox LEVEL  strict (default), tolerant or off\n"
                           "  -q, --quiet          print nothing but errors; the exit code tells\n"
                           "  -v, --verbose        also the pictures and what became of each\n"
                           "      --no-color       no colours; NO_COLOR does the same\n"
                           "  -h, --help\n"
                           "\n"
                           "FILE may be - for standard input. Pictures of a file are looked up beside it\n"
                           "and below.\n";

enum option_code { O_JSON = 256, O_TEXT, O_NO_PICTURES, O_SANDBOX, O_NO_COLOR };

static const struct option options[] = {
    {"json", no_argument, NULL, O_JSON},
    {"text", no_argument, NULL, O_TEXT},
    {"no-pictures", no_argument, NULL, O_NO_PICTURES},
    {"sandbox", required_argument, NULL, O_SANDBOX},
    {"no-color", no_argument, NULL, O_NO_COLOR},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct reader {
    int style; /* 0, O_JSON or O_TEXT */
    bool colours, verbose;
    int exit;
};

/* ---- JSON ---- */

static json_t *hosts_json(const struct host_list *hosts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < hosts->count; i++)
        json_array_append_new(list, json_pack("{s:o, s:i}", "host", result_string(hosts->at[i].host), "count",
                                              (int)hosts->at[i].count));
    return list;
}

static json_t *blocks_json(const struct reading *reading)
{
    json_t *list = json_array();
    for (size_t i = 0; i < reading->block_count; i++) {
        const struct block *block = &reading->blocks[i];
        json_t *one =
            json_pack("{s:o, s:s}", "text", result_string(block->text), "origin", origin_name(block->origin));
        if (block->heading)
            json_object_set_new(one, "heading", json_integer(block->heading));
        if (block->hidden)
            json_object_set_new(one, "hidden", json_true());
        if (block->layer)
            json_object_set_new(one, "layer", json_true());
        if (block->origin == ORIGIN_IMAGE)
            json_object_set_new(one, "confidence", json_real(block->confidence / 1000.0));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *pictures_json(const struct reading *reading)
{
    static const char *const kinds[PICTURE_KIND_COUNT] = {"img",    "source", "background",
                                                          "inline", "icon",   "social"};
    json_t *list = json_array();
    for (size_t i = 0; i < reading->picture_count; i++) {
        const struct picture_ref *picture = &reading->pictures[i];
        json_t *one =
            json_pack("{s:o, s:s}", "url", result_string(picture->url), "kind", kinds[picture->kind]);
        if (picture->fetched)
            json_object_set_new(one, "size",
                                json_pack("[ii]", (int)picture->pixel_width, (int)picture->pixel_height));
        if (picture->outcome != OUTCOME_OK)
            json_object_set_new(one, "outcome", json_string(outcome_name(picture->outcome)));
        json_array_append_new(list, one);
    }
    return list;
}

static void print_json(const struct reading *reading)
{
    json_t *object = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:i}", //
        "title", result_string(reading->title), "language", result_string(reading->language), "charset",
        result_string(reading->charset), "charset_by", result_string(reading->charset_by), "blocks",
        blocks_json(reading), "pictures", pictures_json(reading), "links", hosts_json(&reading->links),
        "scripts", hosts_json(&reading->scripts), "frames", hosts_json(&reading->frames), "forms",
        hosts_json(&reading->forms), "letters", (int)reading->letters, "elements",
        (int)reading->element_count, "passwords", (int)reading->password_count);
    if (reading->cut_what.size)
        json_object_set_new(object, "cut", result_string(reading->cut_what));
    json_dumpf(object, stdout, RESULT_JSON_FORMAT);
    putchar('\n');
    json_decref(object);
}

/* ---- for people ---- */

static void print_text(const struct reading *reading)
{
    for (size_t i = 0; i < reading->block_count; i++) {
        if (reading->blocks[i].hidden ||
            (reading->blocks[i].origin != ORIGIN_HTML && reading->blocks[i].origin != ORIGIN_IMAGE))
            continue;
        cli_put_safe(stdout, reading->blocks[i].text);
        putchar('\n');
    }
}

static void print_label(const struct reader *reader, const struct block *block)
{
    char label[24];
    if (block->heading)
        snprintf(label, sizeof(label), "h%u", block->heading);
    else
        snprintf(label, sizeof(label), "%s", origin_name(block->origin));
    printf("%s%-9s%s ", reader->colours ? "\033[2m" : "", block->hidden ? "(hidden)" : label,
           reader->colours ? "\033[0m" : "");
}

static void print_blocks(const struct reader *reader, const struct reading *reading)
{
    struct span language = reading->language.size ? reading->language : SPAN("none");
    printf("%.*s (%.*s), lang attribute: ", (int)reading->charset.size, reading->charset.at,
           (int)reading->charset_by.size, reading->charset_by.at);
    cli_put_safe(stdout, language);
    putchar('\n');
    for (size_t i = 0; i < reading->block_count; i++) {
        print_label(reader, &reading->blocks[i]);
        cli_put_safe(stdout, reading->blocks[i].text);
        putchar('\n');
    }
    if (reading->cut_what.size) {
        cli_put_safe(stdout, reading->cut_what);
        putchar('\n');
    }
}

static void print_pictures(const struct reading *reading)
{
    for (size_t i = 0; i < reading->picture_count; i++) {
        const struct picture_ref *picture = &reading->pictures[i];
        printf("picture   %s ", picture->fetched ? "read" : "not read");
        cli_put_safe(stdout, picture->url);
        if (picture->pixel_width)
            printf(" %u × %u", picture->pixel_width, picture->pixel_height);
        printf("%s%s\n", picture->outcome == OUTCOME_OK ? "" : ": ",
               picture->outcome == OUTCOME_OK ? "" : outcome_text(picture->outcome));
    }
}

static void on_look(void *context, size_t index, struct journey *journey)
{
    struct reader *reader = context;
    (void)index;
    if (!journey->has_reading) {
        cli_error("it cannot be read: %s", outcome_text(journey->capture.outcome));
        reader->exit = EXIT_FAILED;
    } else if (reader->style == O_JSON) {
        print_json(&journey->reading);
    } else if (reader->style == O_TEXT) {
        print_text(&journey->reading);
    } else {
        print_blocks(reader, &journey->reading);
        if (reader->verbose)
            print_pictures(&journey->reading);
    }
}

int cli_read(int argc, char **argv)
{
    struct desk_settings settings;
    struct desk desk;
    char models[4096];
    struct reader reader = {0};
    bool no_colour = false;
    int code;
    if (!cli_desk_settings(&settings, models))
        return EXIT_FAILED;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":qvh", options, NULL)) != -1) {
        switch (code) {
        case O_JSON:
        case O_TEXT:
            if (reader.style && reader.style != code)
                return cli_usage_error("read", "--json and --text exclude each other");
            reader.style = code;
            break;
        case O_NO_PICTURES: settings.read_pictures = false; break;
        case O_NO_COLOR: no_colour = true; break;
        case 'q': cli_quiet(); break;
        case 'v': reader.verbose = true; break;
        case O_SANDBOX:
            if (sandbox_level_parse(optarg, &settings.sandbox) < 0)
                return cli_usage_error("read", "--sandbox takes strict, tolerant or off, not '%s'", optarg);
            break;
        case 'h': fputs(help, stdout); return 0;
        default: return cli_option_error("read", code, argv);
        }
    }
    if (optind + 1 != argc)
        return cli_usage_error("read", "give one file or URL");
    reader.colours = cli_colours(stdout, no_colour);
    int result = desk_open(&settings, &desk);
    if (result >= 0)
        result = look_at(&desk, argv + optind, 1, on_look, &reader);
    desk_close(&desk);
    return result < 0 ? EXIT_FAILED : reader.exit;
}
