/* The table of subcommands, by name. A new subcommand is a file of its own and a row here. */
#include "cli/cli.h"

const struct cli_command cli_commands[] = {
    {"accept", "make what was last seen of a page its baseline", cli_accept},
    {"check", "check pages once: which no longer say what they said?", cli_check},
    {"diff", "what stayed, went and came between two versions", cli_diff},
    {"identify", "the languages of a text, with spans", cli_identify},
    {"ocr", "the text in pictures", cli_ocr},
    {"pages", "what the store knows of each page", cli_pages},
    {"read", "a page as the detector reads it", cli_read},
    {NULL, NULL, NULL},
};
