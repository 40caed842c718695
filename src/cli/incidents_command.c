/* varta incidents, show, ack, status: what the daemon found, and telling it that somebody knows. */
#include "cli/case_matter.h"
#include "cli/cli.h"
#include "cli/common.h"
#include "cli/control_client.h"
#include "cli/terminal_picture.h"
#include "watch/result.h"

#include <getopt.h>
#include <stdlib.h>

#define COMMON_HELP                                                                                          \
    "      --control PATH  the daemon's socket (default $VARTA_CONTROL or\n"                                 \
    "                      /run/varta/control)\n"                                                            \
    "  -q, --quiet         print nothing but errors; the exit code tells\n"                                  \
    "  -v, --verbose       more of each\n"                                                                   \
    "      --no-color      no colours; NO_COLOR does the same\n"                                             \
    "  -h, --help\n"

static const char incidents_help[] =
    "Lists the incidents that are open, oldest first.\n"
    "\n"
    "Usage: varta incidents [OPTION…]\n"
    "\n"
    "      --all           those that are over too\n"
    "      --json          one JSON object an incident\n" COMMON_HELP "\n"
    "Exit code: 0 none is open, 1 there are some, 2 wrong usage, 3 the daemon\n"
    "does not answer.\n";

static const char show_help[] = "Shows an incident: what was seen, why it was judged so, its history.\n"
                                "\n"
                                "Usage: varta show [OPTION…] ID\n"
                                "\n"
                                "      --json          one JSON object: the daemon's record\n"
                                "      --lang LANG     en (default), uk or pl\n"
                                "      --evidence DIR  the evidence folder (default the daemon's)\n"
                                "      --pictures HOW  auto (default: where the terminal can), none, kitty,\n"
                                "                      iterm2 or sixel\n" COMMON_HELP;

static const char ack_help[] = "Tells the daemon that somebody knows: no escalation any more.\n"
                               "\n"
                               "Usage: varta ack [OPTION…] ID…\n"
                               "\n"
                               "ID is the number of an incident (17), of a campaign (c3), or all.\n"
                               "\n" COMMON_HELP;

static const char status_help[] =
    "How the daemon is: pages, looks, lateness, incidents, what is to be told.\n"
    "\n"
    "Usage: varta status [OPTION…]\n"
    "\n"
    "      --json          one JSON object\n"
    "      --metrics       all counters, in the text format of Prometheus\n" COMMON_HELP;

enum option_code { O_CONTROL = 256, O_ALL, O_JSON, O_METRICS, O_LANG, O_EVIDENCE, O_PICTURES, O_NO_COLOR };

static const struct option options[] = {
    {"control", required_argument, NULL, O_CONTROL},
    {"all", no_argument, NULL, O_ALL},
    {"json", no_argument, NULL, O_JSON},
    {"metrics", no_argument, NULL, O_METRICS},
    {"lang", required_argument, NULL, O_LANG},
    {"evidence", required_argument, NULL, O_EVIDENCE},
    {"pictures", required_argument, NULL, O_PICTURES},
    {"no-color", no_argument, NULL, O_NO_COLOR},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct wish {
    const char *command, *help, *control, *lang, *evidence, *how;
    enum tongue tongue;
    enum terminal_pictures pictures;
    struct terminal_room room;
    bool all, json, metrics, verbose, no_colour, colours;
    size_t count;
};

/* Returns -1 to go on, or an exit code. */
static int parse(struct wish *wish, int argc, char **argv)
{
    int code;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":qvh", options, NULL)) != -1) {
        switch (code) {
        case O_CONTROL: wish->control = optarg; break;
        case O_ALL: wish->all = true; break;
        case O_JSON: wish->json = true; break;
        case O_METRICS: wish->metrics = true; break;
        case O_LANG: wish->lang = optarg; break;
        case O_EVIDENCE: wish->evidence = optarg; break;
        case O_PICTURES: wish->how = optarg; break;
        case O_NO_COLOR: wish->no_colour = true; break;
        case 'q': cli_quiet(); break;
        case 'v': wish->verbose = true; break;
        case 'h': fputs(wish->help, stdout); return EXIT_NOTHING;
        default: return cli_option_error(wish->command, code, argv);
        }
    }
    wish->control = control_path(wish->control);
    wish->colours = cli_colours(stdout, wish->no_colour);
    return -1;
}

static struct span text_of(const json_t *object, const char *key)
{
    return span_of(json_string_value(json_object_get(object, key)));
}

static void put_json(const json_t *object)
{
    json_dumpf(object, stdout, RESULT_JSON_FORMAT);
    putchar('\n');
}

static enum verdict_kind verdict_of(const json_t *object)
{
    for (unsigned i = 0; i < VERDICT_KIND_COUNT; i++)
        if (span_equal(text_of(object, "verdict"), span_of(verdict_name((enum verdict_kind)i))))
            return (enum verdict_kind)i;
    return VERDICT_NEW;
}

/* ---- incidents ---- */

static void put_head(const struct wish *wish, const json_t *object)
{
    printf("%5lld  ", (long long)json_integer_value(json_object_get(object, "id")));
    cli_put_verdict(stdout, verdict_of(object), wish->colours);
    printf(" %-12s %.16sZ", json_string_value(json_object_get(object, "state")),
           json_string_value(json_object_get(object, "opened")));
    long long campaign = json_integer_value(json_object_get(object, "campaign"));
    if (campaign)
        printf("  campaign c%lld", campaign);
    putchar('\n');
    printf("       ");
    cli_put_safe(stdout, text_of(object, "url"));
    putchar('\n');
}

static void on_incident(void *context, const json_t *object)
{
    struct wish *wish = context;
    wish->count++;
    if (wish->json) {
        put_json(object);
        return;
    }
    put_head(wish, object);
    struct span by = text_of(object, "acknowledged_by");
    if (wish->verbose && by.size) {
        printf("       acknowledged by ");
        cli_put_safe(stdout, by);
        putchar('\n');
    }
}

int cli_incidents(int argc, char **argv)
{
    struct wish wish = {.command = "incidents", .help = incidents_help};
    int code = parse(&wish, argc, argv);
    if (code >= 0)
        return code;
    if (optind != argc)
        return cli_usage_error("incidents", "it takes no further words; 'varta show ID' shows one");
    json_t *request = json_pack("{s:s, s:b}", "command", "incidents", "all", wish.all);
    code = control_ask(wish.control, request, on_incident, &wish);
    if (code == EXIT_NOTHING && wish.count == 0 && !wish.json)
        puts("no incident is open");
    return code == EXIT_NOTHING && wish.count && !wish.all ? EXIT_FOUND : code;
}

/* ---- show ---- */

/* A folder of evidence has so many digits for it. */
#define INCIDENT_NUMBER_MAX 9999999999LL

long long cli_incident_number(const char *text)
{
    char *end;
    long long number = strtoll(*text == 'i' ? text + 1 : text, &end, 10);
    return *end == '\0' && number > 0 && number <= INCIDENT_NUMBER_MAX ? number : 0;
}

static void on_show(void *context, const json_t *object)
{
    (void)context;
    put_json(object);
}

static void draw(void *context, struct span png, struct buf *out)
{
    const struct wish *wish = context;
    terminal_picture_add(wish->pictures, wish->room, png, out);
}

static int show_text(struct wish *wish, int64_t incident)
{
    struct case_source source = {wish->control, wish->evidence, incident};
    struct case_matter one;
    int code = case_matter_open(&source, &one);
    if (code != EXIT_NOTHING)
        return code;
    buf_auto out = buf_new(REPORT_BYTES);
    wish->pictures = wish->pictures == PICTURES_AUTO ? terminal_pictures_ask() : wish->pictures;
    wish->room = terminal_picture_room(cli_columns(stdout));
    one.matter.draw = draw;
    one.matter.draw_context = wish;
    report_text(&one.matter, wish->tongue, cli_columns(stdout), wish->colours, &out);
    fwrite(out.at, 1, out.size, stdout);
    case_matter_free(&one);
    return EXIT_NOTHING;
}

int cli_show(int argc, char **argv)
{
    struct wish wish = {.command = "show", .help = show_help};
    int code = parse(&wish, argc, argv);
    if (code >= 0)
        return code;
    if (wish.lang && !report_tongue(span_of(wish.lang), &wish.tongue))
        return cli_usage_error("show", "--lang is one of en, uk, pl");
    if (wish.how && !terminal_pictures_parse(wish.how, &wish.pictures))
        return cli_usage_error("show", "--pictures is one of auto, none, kitty, iterm2, sixel");
    int64_t incident = optind + 1 == argc ? cli_incident_number(argv[optind]) : 0;
    if (incident == 0)
        return cli_usage_error("show", "give the number of one incident, as 'varta incidents' lists it");
    if (!wish.json)
        return show_text(&wish, incident);
    json_t *request = json_pack("{s:s, s:I}", "command", "show", "id", (json_int_t)incident);
    return control_ask(wish.control, request, on_show, &wish);
}

/* ---- ack ---- */

static void on_acknowledged(void *context, const json_t *object)
{
    struct wish *wish = context;
    wish->count += (size_t)json_integer_value(json_object_get(object, "acknowledged"));
}

int cli_ack(int argc, char **argv)
{
    struct wish wish = {.command = "ack", .help = ack_help};
    int code = parse(&wish, argc, argv);
    if (code >= 0)
        return code;
    if (optind == argc)
        return cli_usage_error("ack", "name the incident (17), the campaign (c3), or all");
    bool all = true;
    for (int i = optind; i < argc; i++) { /* one that is over by now keeps nobody from the next */
        wish.count = 0;
        code = control_ask(wish.control, json_pack("{s:s, s:s}", "command", "ack", "id", argv[i]),
                           on_acknowledged, &wish);
        if (code != EXIT_NOTHING)
            return code;
        if (wish.count == 0)
            cli_error(
                "nothing confirmed and not yet acknowledged is called '%s'; 'varta incidents' lists them",
                argv[i]);
        else
            printf("acknowledged: %zu incident%s\n", wish.count, wish.count == 1 ? "" : "s");
        all = all && wish.count;
    }
    return all ? EXIT_NOTHING : EXIT_FAILED;
}

/* ---- status ---- */

static void on_status(void *context, const json_t *object)
{
    const struct wish *wish = context;
    static const char *const keys[] = {"pages",     "looking",      "looks",     "late_ms",   "suspected",
                                       "confirmed", "acknowledged", "campaigns", "to_be_told"};
    if (wish->json) {
        put_json(object);
        return;
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        printf("%-14s %lld\n", keys[i], (long long)json_integer_value(json_object_get(object, keys[i])));
    if (json_is_true(json_object_get(object, "blind")))
        puts("no page can be reached: the watch is cut off");
    if (json_is_true(json_object_get(object, "unsaved")))
        puts("the store takes nothing: what happens is kept in memory");
}

static void on_metrics(void *context, const json_t *object)
{
    (void)context;
    struct span text = text_of(object, "metrics");
    fwrite(text.size ? text.at : "", 1, text.size, stdout);
}

int cli_status(int argc, char **argv)
{
    struct wish wish = {.command = "status", .help = status_help};
    int code = parse(&wish, argc, argv);
    if (code >= 0)
        return code;
    if (optind != argc)
        return cli_usage_error("status", "it takes no further words");
    if (wish.metrics)
        return control_ask(wish.control, json_pack("{s:s}", "command", "metrics"), on_metrics, &wish);
    return control_ask(wish.control, json_pack("{s:s}", "command", "status"), on_status, &wish);
}
