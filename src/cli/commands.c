/* The table of subcommands, by name. A new subcommand is a file of its own and a row here. */
#include "cli/cli.h"

const struct cli_command cli_commands[] = {
    {"check", "check pages once", cli_check},
    {NULL, NULL, NULL},
};
