/*
 * What the subcommands share: the exit codes of the contract, how messages to a person look, and whether
 * there is a terminal to colour. One file per subcommand, each with one function of the same shape, all
 * listed in commands.c.
 */
#pragma once

#include "base/span.h"

#include <stdint.h>
#include <stdio.h>

enum exit_code {
    EXIT_NOTHING = 0, /**< nothing found; Nagios OK */
    EXIT_FOUND = 1,   /**< replaced or defaced somewhere; Nagios WARNING */
    EXIT_USAGE = 2,   /**< wrong arguments or configuration; Nagios CRITICAL */
    EXIT_FAILED = 3,  /**< could not check; Nagios UNKNOWN */
};

/** A subcommand: `argv[0]` is its own name. Returns the exit code. */
typedef int cli_run_fn(int argc, char **argv);

struct cli_command {
    const char *name;
    const char *summary; /**< one line for `varta --help` */
    cli_run_fn *run;
};

/** All subcommands by name, ending with a NULL name. */
extern const struct cli_command cli_commands[];

cli_run_fn cli_accept, cli_ack, cli_alert, cli_backup, cli_check, cli_config, cli_diff, cli_evidence,
    cli_export, cli_gc, cli_identify, cli_import, cli_incidents, cli_ocr, cli_pages, cli_read, cli_replay,
    cli_show, cli_status, cli_watch;

/** The number of an incident, "17" or "i17"; 0 for what is none. */
long long cli_incident_number(const char *text);

/** Prints "varta: …" to standard error, control characters escaped; to the journal with its level instead. */
void cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** The same for what is as it should be: the journal is told that it is no warning. */
void cli_inform(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** cli_error() and a pointer to `varta COMMAND --help`; returns EXIT_USAGE. */
int cli_usage_error(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** What getopt_long() refused, said in our words; returns EXIT_USAGE. Call it with opterr = 0 and its
 * optstring beginning with ':' ("missing argument" is ':' then, "unknown" is '?'). */
int cli_option_error(const char *command, int result, char **argv);

/** For --quiet: from now on standard output goes nowhere, and the exit code tells. */
void cli_quiet(void);

/** True when the stream is a terminal that wants colours: NO_COLOR unset or empty, TERM not "dumb", no
 * --no-color. */
bool cli_colours(FILE *stream, bool no_colour_option);

/** Columns of the terminal, 80 when it is none or does not say. */
int cli_columns(FILE *stream);

/** A progress line; begins zeroed. */
struct cli_progress {
    bool shown;       /**< one stands on the screen */
    int64_t began_ms; /**< steady; 0 before the first call */
};

/** Draws how much is done, how many a second and how long it will take, on standard error, when that is a
 * terminal that can and there are four things or more to do. Fits 80 columns. The first call starts the
 * clock, with 0 done. */
void cli_progress(struct cli_progress *progress, size_t done, size_t count, const char *noun);

/** Wipes the line, so that something else can be written. */
void cli_progress_clear(struct cli_progress *progress);

/** Writes text for a person: control, escape and bidi characters are shown as U+FFFD, so no page can paint
 * the terminal. */
void cli_put_safe(FILE *stream, struct span text);

/**
 * cli_put_safe() in lines of at most `columns` columns, broken at spaces where there are some: `mark` (ASCII)
 * and a space before the first line, as much white space before the others.
 */
void cli_put_wrapped(FILE *stream, const char *mark, struct span text, int columns);

/**
 * Reads a whole file, or standard input for "-", up to `limit` bytes. Prints the error itself and returns
 * false on failure.
 * `*ret_bytes` is owned by the caller (free `.at` cast to char*); `*ret_cut` tells that there was more.
 */
bool cli_read_file(const char *path, size_t limit, struct span *ret_bytes, bool *ret_cut);
