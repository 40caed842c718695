/* varta pages and varta accept: look after what the store keeps. */
#include "cli/cli.h"
#include "cli/control_client.h"
#include "os/clock.h"
#include "pipeline/store/store.h"
#include "watch/result.h"

#include <getopt.h>

#define COMMON_HELP                                                                                          \
    "      --store FILE  the store that varta check keeps\n"                                                 \
    "  -q, --quiet       print nothing but errors; the exit code tells\n"                                    \
    "  -v, --verbose     also the name and the cause\n"                                                      \
    "      --no-color    no colours; NO_COLOR does the same\n"                                               \
    "  -h, --help\n"

static const char pages_help[] =
    "Lists the pages a store knows: last verdict, when, how old the baseline is.\n"
    "\n"
    "Usage: varta pages --store FILE [OPTION…]\n"
    "\n"
    "      --json        one JSON object a page\n" COMMON_HELP;

static const char accept_help[] =
    "Makes what was last seen of a page its baseline: a redesign, a correction,\n"
    "a false alarm.\n"
    "\n"
    "Usage: varta accept [--store FILE] [OPTION…] PAGE…\n"
    "\n"
    "PAGE is the URL as varta pages shows it. Without --store the running daemon\n"
    "does it, and ends the page's incident. It refuses when the page has become\n"
    "worse or says something else since the look that varta show shows.\n"
    "\n"
    "      --digest HEX    only what this digest in varta show --json is of\n"
    "      --force         whatever it says by now\n"
    "      --control PATH  the daemon's socket (default $VARTA_CONTROL or\n"
    "                    /run/varta/control)\n" COMMON_HELP;

enum option_code { O_STORE = 256, O_CONTROL, O_DIGEST, O_FORCE, O_JSON, O_NO_COLOR };

static const struct option options[] = {
    {"store", required_argument, NULL, O_STORE},
    {"control", required_argument, NULL, O_CONTROL},
    {"digest", required_argument, NULL, O_DIGEST},
    {"force", no_argument, NULL, O_FORCE},
    {"json", no_argument, NULL, O_JSON},
    {"no-color", no_argument, NULL, O_NO_COLOR},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct wish {
    const char *command, *help, *store_path, *control, *digest;
    bool json, verbose, force;
};

/* Returns -1 to go on, or an exit code. */
static int parse(struct wish *wish, int argc, char **argv)
{
    int code;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":qvh", options, NULL)) != -1) {
        switch (code) {
        case O_STORE: wish->store_path = optarg; break;
        case O_CONTROL: wish->control = optarg; break;
        case O_DIGEST: wish->digest = optarg; break;
        case O_FORCE: wish->force = true; break;
        case O_JSON: wish->json = true; break;
        case O_NO_COLOR: break; /* there are none here */
        case 'q': cli_quiet(); break;
        case 'v': wish->verbose = true; break;
        case 'h': fputs(wish->help, stdout); return 0;
        default: return cli_option_error(wish->command, code, argv);
        }
    }
    return -1;
}

static bool open_existing(const char *path, struct store **ret_store)
{
    char error[STORE_ERROR_BYTES];
    if (store_open(path, STORE_EXISTING, ret_store, error) == 0)
        return true;
    cli_error("%s", error);
    return false;
}

static void print_json(const struct store_page *page)
{
    char at[CLOCK_TEXT_SIZE], baseline[CLOCK_TEXT_SIZE];
    clock_text(page->at_s, at);
    clock_text(page->baseline_s, baseline);
    json_t *object = json_pack("{s:o, s:o, s:f, s:s, s:b}", "url", result_string(page->url), "verdict",
                               result_string(page->verdict), "score", page->score, "at", at, "acceptable",
                               page->acceptable);
    if (page->name.size)
        json_object_set_new(object, "name", result_string(page->name));
    if (page->cause.size)
        json_object_set_new(object, "cause", result_string(page->cause));
    if (page->versions)
        json_object_set_new(object, "baseline",
                            json_pack("{s:s, s:i}", "at", baseline, "versions", (int)page->versions));
    json_dumpf(object, stdout, RESULT_JSON_FORMAT);
    putchar('\n');
    json_decref(object);
}

static void print_row(void *context, const struct store_page *page)
{
    const struct wish *wish = context;
    char at[CLOCK_TEXT_SIZE];
    if (wish->json) {
        print_json(page);
        return;
    }
    clock_text(page->at_s, at);
    printf("%-12.*s %.16sZ ", (int)page->verdict.size, page->verdict.at, at);
    if (page->versions)
        printf("%4u version%s ", page->versions, page->versions == 1 ? " " : "s");
    else
        printf("no baseline   ");
    cli_put_safe(stdout, page->url);
    puts(page->acceptable ? "  (waits to be accepted)" : "");
    if (!wish->verbose || (page->name.size == 0 && page->cause.size == 0))
        return;
    printf("             ");
    cli_put_safe(stdout, page->name);
    printf("%s%.*s\n", page->name.size && page->cause.size ? ", " : "", (int)page->cause.size,
           page->cause.size ? page->cause.at : "");
}

int cli_pages(int argc, char **argv)
{
    struct wish wish = {.command = "pages", .help = pages_help};
    struct store *store;
    int code = parse(&wish, argc, argv);
    if (code >= 0)
        return code;
    if (optind != argc)
        return cli_usage_error("pages", "it takes no further words");
    if (!wish.store_path)
        return cli_usage_error("pages", "name the store with --store FILE");
    if (!open_existing(wish.store_path, &store))
        return EXIT_USAGE;
    int count = store_pages(store, print_row, &wish);
    if (count < 0)
        cli_error("cannot read the store: %s", store_error(store));
    else if (count == 0 && !wish.json)
        puts("The store knows no page yet: varta check --store FILE --learn -f LIST");
    store_close(store);
    return count < 0 ? EXIT_FAILED : EXIT_NOTHING;
}

static int accept_one(struct store *store, const char *page)
{
    int result = store_accept(store, span_of(page));
    if (result == 1) {
        printf("accepted: ");
        cli_put_safe(stdout, span_of(page));
        putchar('\n');
        return EXIT_NOTHING;
    }
    if (result == 0)
        cli_error(
            "%s is not known to the store, or nothing waits there to be accepted; 'varta pages' lists them",
            page);
    else
        cli_error("cannot accept %s: %s", page, store_error(store));
    return EXIT_FAILED;
}

static void on_accepted(void *context, const json_t *object)
{
    *(bool *)context = json_is_true(json_object_get(object, "accepted"));
}

static int accept_by_daemon(const struct wish *wish, const char *page)
{
    bool accepted = false;
    json_t *request = json_pack("{s:s, s:s, s:b}", "command", "accept", "url", page, "force", wish->force);
    if (wish->digest)
        json_object_set_new(request, "digest", json_string(wish->digest));
    int code = control_ask(control_path(wish->control), request, on_accepted, &accepted);
    if (code != EXIT_NOTHING)
        return code;
    if (!accepted) {
        cli_error("%s is not watched, or nothing waits there to be accepted", page);
        return EXIT_FAILED;
    }
    printf("accepted: ");
    cli_put_safe(stdout, span_of(page));
    putchar('\n');
    return EXIT_NOTHING;
}

static int accept_all(const struct wish *wish, char **pages)
{
    struct store *store = NULL;
    int code = EXIT_NOTHING;
    if (wish->store_path && !open_existing(wish->store_path, &store))
        return EXIT_USAGE;
    for (; *pages; pages++) {
        int one = store ? accept_one(store, *pages) : accept_by_daemon(wish, *pages);
        code = one != EXIT_NOTHING ? EXIT_FAILED : code;
    }
    store_close(store);
    return code;
}

int cli_accept(int argc, char **argv)
{
    struct wish wish = {.command = "accept", .help = accept_help};
    int code = parse(&wish, argc, argv);
    if (code >= 0)
        return code;
    if (optind == argc)
        return cli_usage_error("accept", "name the page to accept");
    if (wish.digest && (wish.store_path || optind + 1 != argc))
        return cli_usage_error("accept", "--digest is for one page, and for the running daemon");
    return accept_all(&wish, argv + optind);
}
