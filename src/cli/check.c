/* varta check: one round over a list of pages, for a person, a script or Nagios. */
#include "cli/check.h"
#include "os/spawn.h"
#include "pipeline/alert/alert.h"
#include "pipeline/fetch/fetch_limits.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const char help[] =
    "Checks pages once and tells which no longer say what they said.\n"
    "\n"
    "Usage: varta check [OPTION…] [-f LIST] [URL…]\n"
    "\n"
    "  -f, --file LIST      read pages from LIST, one URL a line, # comments;\n"
    "                       - is standard input; may be repeated\n"
    "      --store FILE     judge against the baselines in FILE, keep results there\n"
    "      --learn          with --store: what pages without a baseline say is theirs\n"
    "      --syslog TARGET  tell defaced, replaced and unavailable pages (RFC 5424):\n"
    "                       local, unix:PATH, udp:HOST[:PORT], tcp:HOST[:PORT],\n"
    "                       tls:HOST[:PORT]; may be repeated\n"
    "      --facility N     facility of the syslog messages (default 3, daemon)\n"
    "      --json           one JSON object a page, as the pages answer\n"
    "      --nagios         one line and exit code as a monitoring plugin\n"
    "      --no-pictures    do not look at pictures\n"
    "      --timeout SECONDS  time for one page (default 30)\n"
    "      --parallel N     fetches at once (default 64)\n"
    "      --contact TEXT   address of whoever watches, sent in the User-Agent\n"
    "      --sandbox LEVEL  strict (default), tolerant or off\n"
    "  -q, --quiet          print nothing but errors\n"
    "  -v, --verbose        also reasons of pages with nothing found, and all reasons\n"
    "      --no-color       no colours; NO_COLOR does the same\n"
    "  -h, --help\n"
    "\n"
    "Exit code: 0 nothing found, 1 a page is replaced or defaced, 2 wrong usage,\n"
    "3 a page could not be checked. With --nagios: 0 OK, 1 WARNING (replaced),\n"
    "2 CRITICAL (defaced), 3 UNKNOWN.\n";

enum option_code {
    O_STORE = 256,
    O_LEARN,
    O_SYSLOG,
    O_FACILITY,
    O_JSON,
    O_NAGIOS,
    O_NO_PICTURES,
    O_TIMEOUT,
    O_PARALLEL,
    O_CONTACT,
    O_SANDBOX,
    O_NO_COLOR
};

static const struct option options[] = {
    {"file", required_argument, NULL, 'f'},
    {"store", required_argument, NULL, O_STORE},
    {"learn", no_argument, NULL, O_LEARN},
    {"syslog", required_argument, NULL, O_SYSLOG},
    {"facility", required_argument, NULL, O_FACILITY},
    {"json", no_argument, NULL, O_JSON},
    {"nagios", no_argument, NULL, O_NAGIOS},
    {"no-pictures", no_argument, NULL, O_NO_PICTURES},
    {"timeout", required_argument, NULL, O_TIMEOUT},
    {"parallel", required_argument, NULL, O_PARALLEL},
    {"contact", required_argument, NULL, O_CONTACT},
    {"sandbox", required_argument, NULL, O_SANDBOX},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"no-color", no_argument, NULL, O_NO_COLOR},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* ---- the command line ---- */

static int number_option(const char *name, const char *text, long least, long most, long *ret_number)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno || *end || end == text || number < least || number > most)
        return cli_usage_error("check", "%s takes a whole number from %ld to %ld, not '%s'", name, least,
                               most, text);
    *ret_number = number;
    return 0;
}

static int add_sink(struct check *check, const char *text)
{
    struct syslog_target target;
    if (syslog_target_parse(text, &target) < 0)
        return cli_usage_error(
            "check",
            "--syslog takes local, unix:PATH, udp:HOST[:PORT], tcp:HOST[:PORT] or tls:HOST[:PORT], not '%s'",
            text);
    if (check->round.sink_count == ROUND_SINKS)
        return cli_usage_error("check", "--syslog may be given %d times at most", ROUND_SINKS);
    check->round.sinks[check->round.sink_count++] = text;
    return 0;
}

static int set_numbers(struct check *check, int code, const char *text)
{
    long number = 0;
    int result;
    switch (code) {
    case O_FACILITY:
        result = number_option("--facility", text, 0, 23, &number);
        check->round.facility = (int)number;
        return result;
    case O_TIMEOUT:
        result = number_option("--timeout", text, 1, 600, &number);
        check->round.desk.total_ms = (uint32_t)number * 1000;
        if (check->round.desk.connect_ms > check->round.desk.total_ms)
            check->round.desk.connect_ms = check->round.desk.total_ms;
        return result;
    default:
        result = number_option("--parallel", text, 1, FETCH_CONNECTIONS, &number);
        check->round.desk.fetches = (unsigned)number;
        return result;
    }
}

static int set_option(struct check *check, int code, const char *text)
{
    switch (code) {
    case 'f':
        if (check->list_count == CHECK_LISTS)
            return cli_usage_error("check", "-f may be given %d times at most", CHECK_LISTS);
        check->list_paths[check->list_count++] = text;
        return 0;
    case O_STORE: check->round.desk.store_path = text; return 0;
    case O_LEARN: check->round.learn = true; return 0;
    case O_SYSLOG: return add_sink(check, text);
    case O_JSON: check->style = CHECK_JSON; return 0;
    case O_NAGIOS: check->style = CHECK_NAGIOS; return 0;
    case O_NO_PICTURES: check->round.desk.read_pictures = false; return 0;
    case O_CONTACT: check->contact = text; return 0;
    case O_SANDBOX:
        if (sandbox_level_parse(text, &check->round.desk.sandbox) == 0)
            return 0;
        return cli_usage_error("check", "--sandbox takes strict, tolerant or off, not '%s'", text);
    case 'q': check->quiet = true; return 0;
    case 'v': check->verbose = true; return 0;
    case O_NO_COLOR: check->no_colour = true; return 0;
    default: return set_numbers(check, code, text);
    }
}

/* Returns -1 to go on, or an exit code. */
static int parse(struct check *check, int argc, char **argv)
{
    int code;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":f:qvh", options, NULL)) != -1) {
        if (code == 'h') {
            fputs(help, stdout);
            return EXIT_NOTHING;
        }
        if (code == '?' || code == ':')
            return cli_option_error("check", code, argv);
        if (set_option(check, code, optarg) != 0)
            return EXIT_USAGE;
    }
    if (check->list_count == 0 && optind == argc)
        return cli_usage_error("check", "give URLs, or a list of them with -f LIST");
    if (check->round.learn && !check->round.desk.store_path)
        return cli_usage_error("check", "--learn needs --store FILE to keep what it learns");
    return -1;
}

/* ---- the pages ---- */

static void on_bad_line(void *context, const char *text)
{
    (void)context;
    cli_error("%s", text);
}

static int read_list(struct check *check, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *stream = standard ? stdin : fopen(path, "re");
    if (!stream) {
        cli_error("cannot open the list %s: %s", path, strerror(errno));
        return EXIT_USAGE;
    }
    int result = page_list_read(&check->list, stream, standard ? "standard input" : path, on_bad_line, NULL);
    if (!standard)
        fclose(stream);
    if (result == 0)
        return 0;
    cli_error("cannot read the list %s: %s", path, strerror(-result));
    return EXIT_USAGE;
}

static int gather_pages(struct check *check, char **urls)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < check->list_count; i++)
        result = read_list(check, check->list_paths[i]);
    for (; result == 0 && *urls; urls++)
        if (page_list_add(&check->list, span_of(*urls), on_bad_line, NULL) < 0)
            check->list.bad_lines++;
    if (result == 0 && check->list.count == 0) {
        cli_error("there is no page to check");
        return EXIT_USAGE;
    }
    return result;
}

/* ---- the run ---- */

static void on_note(void *context, const char *text)
{
    struct check *check = context;
    check_progress_clear(check);
    cli_error("%s", text);
}

static void name_ourselves(struct check *check)
{
    buf_add_text(&check->user_agent, "varta/" VARTA_VERSION " (website integrity monitor");
    if (check->contact)
        buf_add_format(&check->user_agent, "; +%.400s", check->contact);
    buf_add_text(&check->user_agent, ")");
    check->round.desk.user_agent = buf_span(&check->user_agent);
}

static int exit_code(const struct check *check)
{
    const size_t *verdicts = check->tally.verdicts;
    bool failed = verdicts[VERDICT_UNAVAILABLE] || check->tally.incomplete ||
                  check->tally.deliveries_failed || check->tally.store_failed;
    if (check->style == CHECK_NAGIOS)
        return verdicts[VERDICT_DEFACED]         ? 2
               : verdicts[VERDICT_REPLACED]      ? 1
               : failed || check->list.bad_lines ? 3
                                                 : 0;
    if (verdicts[VERDICT_DEFACED] || verdicts[VERDICT_REPLACED])
        return EXIT_FOUND;
    if (check->list.bad_lines)
        return EXIT_USAGE;
    return failed ? EXIT_FAILED : EXIT_NOTHING;
}

static int run(struct check *check)
{
    char models[4096];
    if (spawn_data_path("", models, sizeof(models)) < 0) {
        cli_error("the models are not found beside the program nor in the installed place; VARTA_MODELS may "
                  "name their folder");
        return EXIT_FAILED;
    }
    signal(SIGPIPE, SIG_IGN); /* who reads our output may leave; the pages are still checked and told */
    name_ourselves(check);
    check->round.desk.models = models;
    check->round.list = &check->list;
    check_progress_begin(check);
    int result = round_run(&check->round, &check->tally);
    if (result < 0)
        return result == -ENOTRECOVERABLE ? EXIT_USAGE : EXIT_FAILED;
    check_print_end(check);
    return exit_code(check);
}

int cli_check(int argc, char **argv)
{
    struct check check = {
        .list = page_list_new(),
        .user_agent = buf_new(1024),
        .rows = arena_new(CHECK_ROWS_BYTES),
        .round = {.desk = desk_defaults(),
                  .facility = SYSLOG_DAEMON,
                  .on_result = check_print_result,
                  .context = &check},
    };
    check.round.desk.many = true;
    check.round.desk.note = on_note;
    check.round.desk.note_context = &check;
    int code = parse(&check, argc, argv);
    if (code < 0) {
        check.colours = cli_colours(stdout, check.no_colour);
        code = gather_pages(&check, argv + optind);
        if (code == 0)
            code = run(&check);
    }
    arena_free(&check.rows);
    buf_free(&check.user_agent);
    page_list_free(&check.list);
    return code;
}
