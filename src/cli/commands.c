/* The table of subcommands, by name. A new subcommand is a file of its own and a row here. */
#include "cli/cli.h"

const struct cli_command cli_commands[] = {
    {"accept", "make what was last seen of a page its baseline", cli_accept},
    {"ack", "tell the daemon that somebody knows of an incident", cli_ack},
    {"alert", "try the sinks of a configuration", cli_alert},
    {"backup", "copy the store while it is in use", cli_backup},
    {"check", "check pages once: which no longer say what they said?", cli_check},
    {"config", "try a configuration, or show what is in effect", cli_config},
    {"diff", "what stayed, went and came between two versions", cli_diff},
    {"evidence", "check and list what was kept of incidents", cli_evidence},
    {"export", "one incident as a report, or for a CERT or SIEM", cli_export},
    {"gc", "remove from the store what is no longer kept", cli_gc},
    {"identify", "the languages of a text, with spans", cli_identify},
    {"import", "a page list from what another program watched", cli_import},
    {"incidents", "what the daemon found and is not over", cli_incidents},
    {"ocr", "the text in pictures", cli_ocr},
    {"pages", "what the store knows of each page", cli_pages},
    {"read", "a page as the detector reads it", cli_read},
    {"replay", "judge a page's history, version by version", cli_replay},
    {"show", "one incident: what, why, since when", cli_show},
    {"status", "how the daemon is", cli_status},
    {"watch", "watch pages until told to stop: the daemon", cli_watch},
    {NULL, NULL, NULL},
};
