/* varta gc and varta backup: keep the store small, whole, and twice. Both work while the daemon runs. */
#include "cli/cli.h"
#include "config/config.h"
#include "os/clock.h"
#include "pipeline/evidence/evidence.h"
#include "pipeline/store/store.h"
#include "watch/daemon_answers.h"

#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

static const char gc_help[] = "Removes from the store and the evidence what is no longer kept.\n"
                              "\n"
                              "Usage: varta gc [OPTION…] -c FILE\n"
                              "\n"
                              "  -c, --config FILE  the configuration: its store, evidence and times\n"
                              "      --dry-run      only count what would go\n"
                              "      --verify       first look whether the store is whole\n"
                              "  -q, --quiet        print nothing but errors; the exit code tells\n"
                              "  -v, --verbose      also bytes\n"
                              "      --no-color     no colours; NO_COLOR does the same\n"
                              "  -h, --help\n";

static const char backup_help[] = "Copies the store while it is in use, and checks the copy.\n"
                                  "\n"
                                  "Usage: varta backup [OPTION…] (-c FILE | --store FILE) COPY\n"
                                  "\n"
                                  "  -c, --config FILE  the configuration whose store is copied\n"
                                  "      --store FILE   the store itself\n"
                                  "  -q, --quiet        print nothing but errors; the exit code tells\n"
                                  "  -v, --verbose      the same as without\n"
                                  "      --no-color     no colours; NO_COLOR does the same\n"
                                  "  -h, --help\n";

enum option_code { O_STORE = 256, O_DRY_RUN, O_VERIFY, O_NO_COLOR };

static const struct option gc_options[] = {
    {"config", required_argument, NULL, 'c'}, {"dry-run", no_argument, NULL, O_DRY_RUN},
    {"verify", no_argument, NULL, O_VERIFY},  {"no-color", no_argument, NULL, O_NO_COLOR},
    {"quiet", no_argument, NULL, 'q'},        {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
};

static const struct option backup_options[] = {
    {"config", required_argument, NULL, 'c'},
    {"store", required_argument, NULL, O_STORE},
    {"no-color", no_argument, NULL, O_NO_COLOR},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct wish {
    const char *command, *help, *config, *store;
    const struct option *options;
    bool dry, verify, verbose;
};

/* Returns -1 to go on, or an exit code. */
static int parse(struct wish *wish, int argc, char **argv)
{
    int code;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":c:qvh", wish->options, NULL)) != -1) {
        switch (code) {
        case 'c': wish->config = optarg; break;
        case O_STORE: wish->store = optarg; break;
        case O_DRY_RUN: wish->dry = true; break;
        case O_VERIFY: wish->verify = true; break;
        case O_NO_COLOR: break; /* there are none here */
        case 'q': cli_quiet(); break;
        case 'v': wish->verbose = true; break;
        case 'h': fputs(wish->help, stdout); return EXIT_NOTHING;
        default: return cli_option_error(wish->command, code, argv);
        }
    }
    return -1;
}

static void on_fault(void *context, const char *text)
{
    (void)context;
    cli_error("%s", text);
}

static struct store *open_store(const char *path)
{
    struct store *store;
    char error[STORE_ERROR_BYTES];
    if (store_open(path, STORE_EXISTING, &store, error) == 0)
        return store;
    cli_error("%s", error);
    return NULL;
}

static bool is_whole(struct store *store, const char *path)
{
    if (store_verify(store) == 0)
        return true;
    cli_error("%s is damaged: %s; restore a copy", path, store_error(store));
    return false;
}

/* Evidence of incidents that are over; the open ones the store knows. */
struct open_ones {
    int64_t *ids;
    size_t count, room;
};

static void on_incident(void *context, const struct incident *incident)
{
    struct open_ones *open = context;
    if (incident->closed_s)
        return;
    if (open->count == open->room) {
        size_t room = open->room ? 2 * open->room : 64;
        int64_t *grown = realloc(open->ids, room * sizeof(*grown));
        if (!grown)
            return;
        open->ids = grown;
        open->room = room;
    }
    open->ids[open->count++] = incident->id;
}

static int clear_evidence(const struct wish *wish, const struct config *config, struct store *store)
{
    struct open_ones open = {0};
    struct evidence *evidence;
    struct kept kept;
    if (access(config->evidence_folder.at, F_OK) < 0)
        return 0;
    int64_t *latest = NULL;
    size_t latest_count = 0;
    int result = store_incidents(store, INT64_MAX, on_incident, &open);
    if (result >= 0)
        result = store_latest_incidents(store, &latest, &latest_count);
    struct clear_order order = config_evidence_retention(config, clock_wall_s());
    order.open = open.ids;
    order.open_count = open.count;
    order.latest = latest;
    order.latest_count = latest_count;
    if (result >= 0)
        result = evidence_open(config->evidence_folder.at, clock_wall_s(), &evidence);
    if (result >= 0) {
        result = evidence_clear(evidence, &order, wish->dry, clock_wall_s(), &kept);
        evidence_close(evidence);
    }
    free(open.ids);
    free(latest);
    if (result < 0)
        cli_error("cannot clean %s: %s", config->evidence_folder.at, strerror(-result));
    else
        printf("evidence of %u incidents, %llu bytes\n", kept.count, (unsigned long long)kept.bytes);
    return result;
}

static int sweep(const struct wish *wish, const struct config *config)
{
    struct store *store = open_store(config->store.at);
    struct store_retention retention = config_retention(config, clock_wall_s());
    struct store_sweep swept;
    int code = EXIT_FAILED;
    if (!store)
        return EXIT_FAILED;
    if (wish->verify && !is_whole(store, config->store.at)) {
        store_close(store);
        return EXIT_FAILED;
    }
    if (store_sweep(store, &retention, wish->dry, &swept) < 0) {
        cli_error("cannot clean %s: %s", config->store.at, store_error(store));
    } else {
        printf("%s: %lld incidents, %lld texts of pictures, %lld deliveries, %lld pages\n",
               wish->dry ? "would go" : "gone", (long long)swept.incidents, (long long)swept.pictures,
               (long long)swept.deliveries, (long long)swept.pages);
        if (wish->verbose)
            printf("%lld bytes in use, before %lld\n", (long long)swept.bytes_after,
                   (long long)swept.bytes_before);
        code = clear_evidence(wish, config, store) < 0 ? EXIT_FAILED : EXIT_NOTHING;
    }
    store_close(store);
    return code;
}

int cli_gc(int argc, char **argv)
{
    struct wish wish = {.command = "gc", .help = gc_help, .options = gc_options};
    struct config config;
    int code = parse(&wish, argc, argv);
    if (code >= 0)
        return code;
    if (optind != argc || !wish.config)
        return cli_usage_error("gc", "name the configuration with -c FILE, and nothing else");
    if (config_read(wish.config, on_fault, NULL, &config) < 0)
        return EXIT_USAGE;
    code = sweep(&wish, &config);
    config_free(&config);
    return code;
}

static int copy(const char *path, const char *to)
{
    struct store *store = open_store(path);
    if (!store)
        return EXIT_FAILED;
    int result = store_backup(store, to);
    if (result < 0)
        cli_error("cannot copy %s to %s: %s", path, to, store_error(store));
    store_close(store);
    struct store *made = result == 0 ? open_store(to) : NULL;
    bool whole = made && is_whole(made, to);
    store_close(made);
    if (whole)
        printf("copied to %s\n", to);
    return whole ? EXIT_NOTHING : EXIT_FAILED;
}

int cli_backup(int argc, char **argv)
{
    struct wish wish = {.command = "backup", .help = backup_help, .options = backup_options};
    struct config config;
    int code = parse(&wish, argc, argv);
    if (code >= 0)
        return code;
    if (optind + 1 != argc || !wish.config == !wish.store)
        return cli_usage_error("backup", "give -c FILE or --store FILE, and the name of the copy");
    if (access(argv[optind], F_OK) == 0)
        return cli_usage_error("backup", "%s is there already: a copy never replaces anything", argv[optind]);
    if (wish.store)
        return copy(wish.store, argv[optind]);
    if (config_read(wish.config, on_fault, NULL, &config) < 0)
        return EXIT_USAGE;
    code = copy(config.store.at, argv[optind]);
    config_free(&config);
    return code;
}
