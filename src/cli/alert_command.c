/* varta alert test: tries the sinks of a configuration through the very door the daemon uses, before an
 * attack does. */
#include "cli/cli.h"
#include "cli/common.h"
#include "config/config.h"
#include "os/clock.h"
#include "pipeline/alert/alert.h"
#include "watch/courier.h"
#include "watch/plain_notice.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const char help[] = "Sends a test notice to sinks and tells how each took it.\n"
                           "\n"
                           "Usage: varta alert test [OPTION…] [-c FILE] [SINK…]\n"
                           "\n"
                           "SINK is a name in the configuration; without one all are tried, whatever they\n"
                           "are told otherwise.\n"
                           "\n"
                           "  -c, --config FILE    the configuration (default /etc/varta/varta.yaml)\n"
                           "      --json           one JSON object a sink\n"
                           "  -q, --quiet          print nothing but errors; the exit code tells\n"
                           "  -v, --verbose        also where each sink is\n"
                           "      --no-color       no colours; NO_COLOR does the same\n"
                           "  -h, --help\n"
                           "\n"
                           "Exit code: 0 all took it, 2 wrong usage or configuration, 3 one did not.\n";

enum option_code { O_JSON = 256, O_NO_COLOR };

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"json", no_argument, NULL, O_JSON},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"no-color", no_argument, NULL, O_NO_COLOR},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* One sink's try. */
struct trial {
    struct trying *trying;
    bool wanted, done;
    int error;
    char detail[1024];
};

struct trying {
    const char *path;
    bool json, verbose, no_colour;
    struct config config;
    struct trial trials[CONFIG_SINKS];
    size_t open; /* not yet answered */
    sd_event *event;
    struct helpers *helpers;
    struct courier *courier;
};

/* ---- the command line ---- */

/* Returns -1 to go on, or an exit code. */
static int parse(struct trying *trying, int argc, char **argv)
{
    int code;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":c:qvh", options, NULL)) != -1) {
        switch (code) {
        case 'c': trying->path = optarg; break;
        case O_JSON: trying->json = true; break;
        case O_NO_COLOR: trying->no_colour = true; break;
        case 'q': cli_quiet(); break;
        case 'v': trying->verbose = true; break;
        case 'h': fputs(help, stdout); return EXIT_NOTHING;
        default: return cli_option_error("alert", code, argv);
        }
    }
    if (optind == argc || strcmp(argv[optind], "test") != 0)
        return cli_usage_error("alert", "there is one thing to do with alerts: varta alert test");
    return -1;
}

static int want(struct trying *trying, const char *name)
{
    for (size_t i = 0; i < trying->config.sink_count; i++) {
        if (!span_equal(trying->config.sinks[i].name, span_of(name)))
            continue;
        trying->trials[i].wanted = true;
        return -1;
    }
    cli_error("%s names no sink '%s'", trying->path, name);
    return EXIT_USAGE;
}

static int choose(struct trying *trying, char **names)
{
    int code = -1;
    if (trying->config.sink_count == 0) {
        cli_error("%s names no sink: nobody would be told", trying->path);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < trying->config.sink_count; i++)
        trying->trials[i].wanted = *names == NULL;
    for (; *names && code < 0; names++)
        code = want(trying, *names);
    return code;
}

static void on_fault(void *context, const char *text)
{
    (void)context;
    cli_error("%s", text);
}

/* ---- trying ---- */

static void on_done(void *context, int error, struct span detail)
{
    struct trial *trial = context;
    trial->done = true;
    trial->error = error;
    snprintf(trial->detail, sizeof(trial->detail), "%.*s", (int)detail.size, detail.size ? detail.at : "");
    trial->trying->open--;
}

static int open_courier(struct trying *trying)
{
    struct helpers_settings settings = {.fetches = 1, .jobs = 1, .note = cli_note};
    const struct config *config = &trying->config;
    int result = sd_event_new(&trying->event);
    settings.event = trying->event;
    if (config->sandbox.size)
        sandbox_level_parse(config->sandbox.at, &settings.level);
    if (result >= 0)
        result = helpers_new(&settings, &trying->helpers);
    if (result >= 0)
        result =
            courier_new(trying->event, trying->helpers, config->sinks, config->sink_count, &trying->courier);
    return result < 0 ? result : 0;
}

static int send_all(struct trying *trying, struct span json)
{
    int result = 0;
    for (size_t i = 0; i < trying->config.sink_count && result >= 0; i++) {
        struct trial *trial = &trying->trials[i];
        if (!trial->wanted)
            continue;
        trial->trying = trying;
        result = courier_send(trying->courier, i, json, on_done, trial);
        trying->open += result >= 0;
    }
    while (result >= 0 && trying->open)
        result = sd_event_run(trying->event, UINT64_MAX);
    return result < 0 ? result : 0;
}

static int try_sinks(struct trying *trying)
{
    char host[256] = "";
    buf_auto json = buf_new(NOTICE_BYTES);
    gethostname(host, sizeof(host) - 1);
    int result = plain_notice_test(span_of(host), clock_wall_us(), &json);
    if (result == 0)
        result = open_courier(trying);
    if (result == 0)
        result = send_all(trying, buf_span(&json));
    courier_free(trying->courier);
    helpers_free(trying->helpers);
    sd_event_unref(trying->event);
    return result;
}

/* ---- telling ---- */

static struct span where(const struct config_sink *sink)
{
    return sink->kind == SINK_EXEC && sink->argv_count ? sink->argv[0] : sink->target;
}

static void put_json(const struct config_sink *sink, const struct trial *trial)
{
    json_t *object = json_pack("{s:o, s:s, s:b}", "sink", result_string(sink->name), "type",
                               config_sink_kind_name(sink->kind), "ok", trial->error == 0);
    if (trial->error)
        json_object_set_new(object, "error", json_string(strerror(-trial->error)));
    if (trial->detail[0])
        json_object_set_new(object, "detail", result_string(span_of(trial->detail)));
    char *line = json_dumps(object, RESULT_JSON_FORMAT);
    puts(line ? line : "{}");
    free(line);
    json_decref(object);
}

/* "Input/output error" says nothing beside "exit code 3". */
static bool is_told_by_detail(const struct trial *trial)
{
    return trial->detail[0] &&
           (trial->error == -EIO || trial->error == -EREMOTEIO || trial->error == -EKEYREJECTED);
}

static void put_row(const struct trying *trying, const struct config_sink *sink, const struct trial *trial)
{
    bool colours = cli_colours(stdout, trying->no_colour);
    cli_put_safe(stdout, sink->name);
    printf(" (%s", config_sink_kind_name(sink->kind));
    if (trying->verbose && where(sink).size) {
        putchar(' ');
        cli_put_safe(stdout, where(sink));
    }
    fputs("): ", stdout);
    bool only_detail = is_told_by_detail(trial);
    const char *what = !trial->error ? "OK" : only_detail ? trial->detail : strerror(-trial->error);
    fputs(colours ? trial->error ? "\033[1;31m" : "\033[32m" : "", stdout);
    cli_put_safe(stdout, span_of(what));
    fputs(colours ? "\033[0m" : "", stdout);
    if (trial->detail[0] && !only_detail && (trial->error || trying->verbose)) {
        fputs(": ", stdout);
        cli_put_safe(stdout, span_of(trial->detail));
    }
    putchar('\n');
}

static int tell(const struct trying *trying)
{
    int code = EXIT_NOTHING;
    for (size_t i = 0; i < trying->config.sink_count; i++) {
        const struct trial *trial = &trying->trials[i];
        if (!trial->wanted)
            continue;
        if (trying->json)
            put_json(&trying->config.sinks[i], trial);
        else
            put_row(trying, &trying->config.sinks[i], trial);
        if (trial->error)
            code = EXIT_FAILED;
    }
    return code;
}

int cli_alert(int argc, char **argv)
{
    struct trying trying = {.path = "/etc/varta/varta.yaml"};
    int code = parse(&trying, argc, argv);
    if (code >= 0)
        return code;
    signal(SIGPIPE, SIG_IGN);
    if (config_read(trying.path, on_fault, NULL, &trying.config) < 0)
        return EXIT_USAGE;
    code = choose(&trying, argv + optind + 1);
    if (code < 0) {
        int result = try_sinks(&trying);
        if (result < 0)
            cli_error("the sinks cannot be tried: %s", strerror(-result));
        code = result < 0 ? EXIT_FAILED : tell(&trying);
    }
    config_free(&trying.config);
    return code;
}
