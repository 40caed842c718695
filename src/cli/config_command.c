/* varta config: try a configuration before the daemon meets it, and see what is in effect. */
#include "cli/cli.h"
#include "config/config_keys.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>

static const char help[] = "Reads a configuration as varta watch does, without watching.\n"
                           "\n"
                           "Usage: varta config check [OPTION…] FILE\n"
                           "       varta config show [OPTION…] FILE\n"
                           "       varta config keys [OPTION…]\n"
                           "\n"
                           "check tells every fault with its file, line and column; show prints\n"
                           "everything in effect, defaults included; keys lists the keys there are.\n"
                           "The files of conf.d beside FILE are read too; - is standard input.\n"
                           "\n"
                           "      --json        one JSON object; keys: one a key\n"
                           "  -q, --quiet       print nothing but errors; the exit code tells\n"
                           "  -v, --verbose     check: also count the pages of each group\n"
                           "      --no-color    no colours; NO_COLOR does the same\n"
                           "  -h, --help\n";

enum option_code { O_JSON = 256, O_NO_COLOR };

struct wish {
    bool json, verbose;
};

static const struct option options[] = {
    {"json", no_argument, NULL, O_JSON}, {"no-color", no_argument, NULL, O_NO_COLOR},
    {"quiet", no_argument, NULL, 'q'},   {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},    {NULL, 0, NULL, 0},
};

/* Returns -1 to go on, or an exit code. */
static int parse(struct wish *wish, int argc, char **argv)
{
    int code;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":qvh", options, NULL)) != -1) {
        switch (code) {
        case O_JSON: wish->json = true; break;
        case O_NO_COLOR: break; /* there are none here */
        case 'q': cli_quiet(); break;
        case 'v': wish->verbose = true; break;
        case 'h': fputs(help, stdout); return EXIT_NOTHING;
        default: return cli_option_error("config", code, argv);
        }
    }
    return -1;
}

static void on_fault(void *context, const char *text)
{
    (void)context;
    cli_error("%s", text);
}

/* ---- check ---- */

static void put_count(size_t count, const char *thing, const char *behind)
{
    printf("%zu %s%s%s", count, thing, count == 1 ? "" : "s", behind);
}

static void put_counts(const struct config *config, bool json)
{
    if (json) {
        printf("{\"groups\":%zu,\"pages\":%zu,\"sinks\":%zu}\n", config->group_count, config->list.count,
               config->sink_count);
        return;
    }
    printf("OK: ");
    put_count(config->group_count, "group", ", ");
    put_count(config->list.count, "page", ", ");
    put_count(config->sink_count, "sink", "\n");
}

static int check(const struct config *config, const struct wish *wish)
{
    put_counts(config, wish->json);
    for (size_t i = 0; i < config->group_count && wish->verbose && !wish->json; i++) {
        printf("  ");
        cli_put_safe(stdout, config->groups[i].name);
        fputs(": ", stdout);
        put_count(config->groups[i].page_count, "page", "\n");
    }
    if (config->list.count == 0)
        cli_error("it names no page: nothing would be watched");
    if (config->sink_count == 0)
        cli_error("it names no sink: nobody would be told");
    return EXIT_NOTHING;
}

/* ---- show ---- */

static int show(const struct config *config, const struct wish *wish)
{
    int result = wish->json ? config_show_json(config, stdout) : config_show(config, stdout);
    if (result == 0)
        return EXIT_NOTHING;
    cli_error("not enough memory");
    return EXIT_FAILED;
}

/* ---- keys ---- */

static json_t *key_object(const struct config_key *key)
{
    char path[CONFIG_KEY_PATH_BYTES], least[CONFIG_KEY_PATH_BYTES], most[CONFIG_KEY_PATH_BYTES];
    config_keys_path(key, path);
    json_t *object = json_pack("{s:s, s:s, s:s}", "key", path, "type", config_keys_type_name(key->type),
                               "help", key->help);
    json_object_set_new(object, "default", key->standard ? json_string(key->standard) : json_null());
    if (key->inherits)
        json_object_set_new(object, "inherits", json_string(key->inherits));
    if (key->most) {
        config_keys_bound(key, key->least, least);
        config_keys_bound(key, key->most, most);
        json_object_set_new(object, "least", json_string(least));
        json_object_set_new(object, "most", json_string(most));
    }
    if (key->words) {
        json_t *words = json_array();
        for (size_t i = 0; key->words[i]; i++)
            json_array_append_new(words, json_string(key->words[i]));
        json_object_set_new(object, "words", words);
    }
    if (key->scope == KEY_SINK) {
        json_t *kinds = json_array();
        for (unsigned i = 0; i < SINK_KIND_COUNT; i++)
            if (key->kinds >> i & 1)
                json_array_append_new(kinds, json_string(config_sink_kind_name((enum config_sink_kind)i)));
        json_object_set_new(object, "sinks", kinds);
    }
    return object;
}

static void put_key(const struct config_key *key)
{
    char path[CONFIG_KEY_PATH_BYTES];
    config_keys_path(key, path);
    printf("%-26s %s", path, config_keys_type_name(key->type));
    if (key->inherits)
        printf(", as %s", key->inherits);
    else if (!key->standard)
        printf(", must be given");
    else if (*key->standard && strlen(key->standard) <= 30)
        printf(", %s by default", key->standard);
    printf("\n    %s\n", key->help);
}

static int keys(const struct wish *wish)
{
    for (size_t i = 0; i < config_keys_count; i++) {
        if (!wish->json) {
            put_key(&config_keys[i]);
            continue;
        }
        json_t *object = key_object(&config_keys[i]);
        json_dumpf(object, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(object);
    }
    return EXIT_NOTHING;
}

int cli_config(int argc, char **argv)
{
    struct wish wish = {0};
    struct config config;
    int code = parse(&wish, argc, argv);
    if (code >= 0)
        return code;
    const char *action = optind < argc ? argv[optind] : "";
    if (strcmp(action, "keys") == 0)
        return optind + 1 == argc ? keys(&wish) : cli_usage_error("config", "keys takes no further words");
    if (strcmp(action, "check") != 0 && strcmp(action, "show") != 0)
        return cli_usage_error(
            "config", *action ? "it can check, show and list keys, not '%s'" : "say what to do%s", action);
    if (optind + 2 != argc)
        return cli_usage_error("config", "%s takes one file", action);
    bool checking = strcmp(action, "check") == 0;
    int result = (checking ? config_check : config_read)(argv[optind + 1], on_fault, NULL, &config);
    if (result == -ENOMEM)
        cli_error("not enough memory");
    if (result < 0)
        return result == -ENOMEM ? EXIT_FAILED : EXIT_USAGE;
    code = checking ? check(&config, &wish) : show(&config, &wish);
    config_free(&config);
    return code;
}
