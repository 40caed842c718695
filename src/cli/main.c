/* Finds the subcommand and runs it; everything else is in the subcommand's own file. */
#include "cli/cli.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/resource.h>

static void print_help(FILE *stream)
{
    fputs("varta watches pages and tells when one no longer says what it said,\n"
          "and in whose language the new words are.\n\n"
          "Usage: varta COMMAND [OPTION…]\n\n",
          stream);
    for (const struct cli_command *command = cli_commands; command->name; command++)
        fprintf(stream, "  %-10s %s\n", command->name, command->summary);
    fputs("\n  --help, --version    as everywhere; varta COMMAND --help tells more\n", stream);
}

/* A result that could not be written (a full disk, a closed pipe) is no result. */
static int written(int code)
{
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) == 0 && !failed)
        return code;
    cli_error("standard output could not be written");
    return EXIT_FAILED;
}

/* Each picture that waits to be read holds a descriptor: the soft limit is raised as far as the system
 * allows. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    raise_descriptor_limit();
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("varta " VARTA_VERSION);
        return 0;
    }
    for (const struct cli_command *command = cli_commands; command->name; command++)
        if (strcmp(command->name, argv[1]) == 0)
            return written(command->run(argc - 1, argv + 1));
    cli_error("there is no command '%s'; 'varta --help' lists them", argv[1]);
    return EXIT_USAGE;
}
