/* varta watch: the daemon, in the foreground, as systemd wants it. */
#include "cli/cli.h"
#include "os/spawn.h"
#include "watch/daemon.h"

#include <errno.h>
#include <getopt.h>

static const char help[] = "Watches pages until it is told to stop.\n"
                           "\n"
                           "Usage: varta watch [OPTION…] -c FILE\n"
                           "\n"
                           "  -c, --config FILE  the configuration, see varta.yaml(5); the files of\n"
                           "                     conf.d beside it are read too\n"
                           "  -q, --quiet        print nothing but what is wrong\n"
                           "  -v, --verbose      the same as without: also what was done\n"
                           "      --no-color     no colours; NO_COLOR does the same\n"
                           "  -h, --help\n"
                           "\n"
                           "SIGHUP reads the configuration again, SIGTERM ends the watch. Runs in the\n"
                           "foreground; with systemd as a service of Type=notify.\n"
                           "\n"
                           "Exit code: 0 it was told to stop, 2 wrong usage or configuration, 3 it\n"
                           "could not start or go on.\n";

enum option_code { O_NO_COLOR = 256 };

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'}, {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},      {"no-color", no_argument, NULL, O_NO_COLOR},
    {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
};

struct wish {
    const char *config;
    bool quiet;
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
        case 'q': wish->quiet = true; break;
        case 'v':
        case O_NO_COLOR: break;
        case 'h': fputs(help, stdout); return EXIT_NOTHING;
        default: return cli_option_error("watch", code, argv);
        }
    }
    if (optind < argc)
        return cli_usage_error("watch", "'%s' is too much: pages stand in the configuration", argv[optind]);
    return wish->config ? -1 : cli_usage_error("watch", "name the configuration with -c FILE");
}

static void on_say(void *context, const char *text)
{
    (void)context;
    cli_error("%s", text);
}

static void on_inform(void *context, const char *text)
{
    (void)context;
    cli_inform("%s", text);
}

int cli_watch(int argc, char **argv)
{
    struct wish wish = {NULL, false};
    char models[4096];
    int code = parse(&wish, argc, argv);
    if (code >= 0)
        return code;
    if (spawn_data_path("", models, sizeof(models)) < 0) {
        cli_error("the models are found neither beside the program nor in the installed place; VARTA_MODELS "
                  "may name their "
                  "folder");
        return EXIT_FAILED;
    }
    struct daemon_settings settings = {
        .config = wish.config, .models = models, .say = on_say, .inform = wish.quiet ? NULL : on_inform};
    int result = daemon_run(&settings);
    return result == 0 ? EXIT_NOTHING : result == -EINVAL ? EXIT_USAGE : EXIT_FAILED;
}
