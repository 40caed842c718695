/*
 * varta evidence: is all that was kept still there as it was written, and what is it? It needs no daemon and
 * no store, only the folder; with the configuration it also asks the store which lines it saw being written.
 */
#include "cli/cli.h"
#include "config/config.h"
#include "pipeline/evidence/evidence.h"
#include "pipeline/store/store.h"
#include "watch/result.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

static const char help[] = "Checks and lists the evidence that varta watch keeps.\n"
                           "\n"
                           "Usage: varta evidence verify [OPTION…] (FOLDER | -c FILE)\n"
                           "       varta evidence list [OPTION…] (FOLDER | -c FILE)\n"
                           "\n"
                           "  -c, --config FILE  the configuration: its folder, and what its store noted\n"
                           "      --json         one JSON object; of list, one a file\n"
                           "      --sums         list: as sha256sum --check wants it\n"
                           "  -q, --quiet        print nothing but errors; the exit code tells\n"
                           "  -v, --verbose      list: digests too\n"
                           "      --no-color     no colours; NO_COLOR does the same\n"
                           "  -h, --help\n"
                           "\n"
                           "Exit code: 0 all is as it was written, 1 something is not, 2 wrong usage, 3 it\n"
                           "could not be read.\n";

enum option_code { O_JSON = 256, O_SUMS, O_NO_COLOR };

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'}, {"json", no_argument, NULL, O_JSON},
    {"sums", no_argument, NULL, O_SUMS},      {"no-color", no_argument, NULL, O_NO_COLOR},
    {"quiet", no_argument, NULL, 'q'},        {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
};

enum { MOST_ANCHORS = 1000000 };

struct wish {
    const char *config, *folder;
    bool json, sums, verbose;
    struct evidence_anchor *anchors;
    size_t anchor_count, anchor_room;
    int64_t incident; /* whose history is being read */
    json_t *faults;
};

/* Returns -1 to go on, or an exit code. */
static int parse(struct wish *wish, int argc, char **argv)
{
    int code;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":c:qvh", options, NULL)) != -1) {
        switch (code) {
        case 'c': wish->config = optarg; break;
        case O_JSON: wish->json = true; break;
        case O_SUMS: wish->sums = true; break;
        case O_NO_COLOR: break; /* there are none here */
        case 'q': cli_quiet(); break;
        case 'v': wish->verbose = true; break;
        case 'h': fputs(help, stdout); return EXIT_NOTHING;
        default: return cli_option_error("evidence", code, argv);
        }
    }
    return -1;
}

/* ---- what the store noted ---- */

static void add_anchor(struct wish *wish, const struct evidence_anchor *anchor)
{
    if (wish->anchor_count == wish->anchor_room) {
        size_t room = wish->anchor_room ? 2 * wish->anchor_room : 64;
        struct evidence_anchor *grown =
            room <= MOST_ANCHORS ? realloc(wish->anchors, room * sizeof(*grown)) : NULL;
        if (!grown)
            return;
        wish->anchors = grown;
        wish->anchor_room = room;
    }
    wish->anchors[wish->anchor_count++] = *anchor;
}

/* "00000017/confirmed.json, line 12 HEX", as the daemon writes it into an incident's history. */
static void on_event(void *context, int64_t at_s, struct span what, struct span detail)
{
    struct wish *wish = context;
    struct evidence_anchor anchor = {.incident = wish->incident};
    size_t at = span_find(detail, SPAN(", line "), 0);
    char number[24];
    (void)at_s;
    if (!span_equal(what, SPAN("evidence")) || at >= detail.size)
        return;
    struct span rest = span_cut(detail, at + 7, detail.size), word;
    if (!span_next(&rest, ' ', &word) || word.size >= sizeof(number) || !evidence_unhex(rest, &anchor.head))
        return;
    snprintf(number, sizeof(number), "%.*s", (int)word.size, word.at);
    anchor.line = strtoull(number, NULL, 10);
    add_anchor(wish, &anchor);
}

struct asking {
    struct wish *wish;
    struct store *store;
};

static void on_incident(void *context, const struct incident *incident)
{
    struct asking *asking = context;
    asking->wish->incident = incident->id;
    store_events(asking->store, incident->id, on_event, asking->wish);
}

/* A store that cannot be asked is told: the chain is still checked by itself. */
static void ask_store(struct wish *wish, const char *path)
{
    char error[STORE_ERROR_BYTES];
    struct asking asking = {.wish = wish};
    if (store_open(path, STORE_EXISTING, &asking.store, error) < 0) {
        cli_error("%s; the chain is checked by itself alone", error);
        return;
    }
    if (store_incidents(asking.store, 1, on_incident, &asking) < 0)
        cli_error("cannot read %s: %s", path, store_error(asking.store));
    store_close(asking.store);
}

/* ---- verify ---- */

static void on_fault(void *context, const char *text)
{
    struct wish *wish = context;
    if (wish->json)
        json_array_append_new(wish->faults, result_string(span_of(text)));
    else
        cli_error("%s", text);
}

static void print_report(const struct wish *wish, const struct evidence_report *report)
{
    char head[65];
    evidence_hex(&report->head, head);
    if (wish->json) {
        json_t *object = json_pack("{s:I, s:I, s:I, s:s, s:I, s:I, s:O}", "lines", (json_int_t)report->lines,
                                   "files", (json_int_t)report->files, "bytes", (json_int_t)report->bytes,
                                   "head", head, "faults", (json_int_t)report->faults, "unfinished",
                                   (json_int_t)report->unfinished, "found", wish->faults);
        json_dumpf(object, stdout, RESULT_JSON_FORMAT);
        putchar('\n');
        json_decref(object);
        return;
    }
    if (report->lines + report->files + report->faults + report->unfinished == 0) {
        puts("nothing is kept here: there is nothing to verify");
        return;
    }
    printf("%llu lines, %llu files, %llu bytes: %s\n", (unsigned long long)report->lines,
           (unsigned long long)report->files, (unsigned long long)report->bytes,
           report->faults       ? "not as it was written"
           : report->unfinished ? "unfinished"
                                : "all as it was written");
    printf("last line: %s\n", head);
    if (wish->config)
        printf("compared with %zu lines that the store noted\n", wish->anchor_count);
}

static int verify(struct wish *wish)
{
    struct evidence_report report;
    wish->faults = json_array();
    int result = evidence_verify(wish->folder, wish->anchors, wish->anchor_count, on_fault, wish, &report);
    if (result < 0)
        cli_error("cannot check %s: %s", wish->folder,
                  result == -ENOENT ? "there is no evidence" : strerror(-result));
    else
        print_report(wish, &report);
    json_decref(wish->faults);
    return result < 0 ? EXIT_FAILED : report.faults + report.unfinished ? EXIT_FOUND : EXIT_NOTHING;
}

/* ---- list ---- */

static void on_file(void *context, const struct evidence_file *file)
{
    const struct wish *wish = context;
    char digest[65];
    evidence_hex(&file->digest, digest);
    if (wish->json)
        printf("{\"file\":\"%s\",\"at\":\"%s\",\"bytes\":%llu,\"sha256\":\"%s\",\"line\":%llu}\n", file->name,
               file->at, (unsigned long long)file->bytes, digest, (unsigned long long)file->line);
    else if (wish->sums)
        printf("%s  %s\n", digest, file->name);
    else
        printf("%s %10llu  %s%s%s\n", file->at, (unsigned long long)file->bytes, file->name,
               wish->verbose ? "  " : "", wish->verbose ? digest : "");
}

static int list(struct wish *wish)
{
    int count = evidence_files(wish->folder, on_file, wish);
    if (count < 0)
        cli_error("cannot list %s: %s", wish->folder,
                  count == -ENOENT ? "there is no evidence" : strerror(-count));
    return count < 0 ? EXIT_FAILED : EXIT_NOTHING;
}

static void on_config_fault(void *context, const char *text)
{
    (void)context;
    cli_error("%s", text);
}

static int with_config(struct wish *wish, int (*run)(struct wish *wish), bool noted)
{
    struct config config;
    if (config_read(wish->config, on_config_fault, NULL, &config) < 0)
        return EXIT_USAGE;
    wish->folder = config.evidence_folder.at;
    if (noted)
        ask_store(wish, config.store.at);
    int code = run(wish);
    free(wish->anchors);
    config_free(&config);
    return code;
}

int cli_evidence(int argc, char **argv)
{
    struct wish wish = {0};
    int code = parse(&wish, argc, argv);
    if (code >= 0)
        return code;
    struct span what = span_of(optind < argc ? argv[optind] : "");
    bool verifies = span_equal(what, SPAN("verify"));
    if (!verifies && !span_equal(what, SPAN("list")))
        return cli_usage_error("evidence", "say what to do: verify or list");
    if (argc - optind - 1 != (wish.config ? 0 : 1))
        return cli_usage_error("evidence", "name the folder, or the configuration with -c FILE");
    if (wish.config)
        return with_config(&wish, verifies ? verify : list, verifies);
    wish.folder = argv[optind + 1];
    return verifies ? verify(&wish) : list(&wish);
}
