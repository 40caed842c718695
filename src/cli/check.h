/* What `varta check` carries from its command line to its last line of output; check.c runs it, check_print.c
 * shows it. */
#pragma once

#include "cli/cli.h"
#include "watch/round.h"

enum check_style { CHECK_TABLE, CHECK_JSON, CHECK_NAGIOS };

enum { CHECK_LISTS = 64 }; /* lists of one call */

enum { CHECK_ROWS_BYTES = 256 << 20 }; /* bytes of rows kept until the table is printed: 200,000 pages */

/** What the table shows of one page. */
struct check_row {
    const struct page *page;
    enum verdict_kind verdict;
    struct span languages; /**< like "uk 33 %, ru 32 %" */
    struct span why;       /**< reasons, joined */
    struct span message;   /**< what the page says now, when something was found */
    bool message_cut;
};

struct check {
    struct round_settings round;
    struct round_tally tally;
    struct page_list list;
    struct buf user_agent;
    struct arena rows;
    struct check_row *row; /**< row_count rows, in the order of arrival */
    size_t row_count, row_room;
    const char *list_paths[CHECK_LISTS];
    size_t list_count;
    const char *contact;
    enum check_style style;
    bool quiet, verbose, no_colour, colours;
    struct cli_progress progress;
};

/** A page's end: prints its JSON line, or keeps a row for the table. The round calls it. */
void check_print_result(void *context, const struct page *page, const struct result *result);

/** The end of the round: prints the table and the sum, or the Nagios line. */
void check_print_end(struct check *check);

/** Starts the clock of the progress line. */
void check_progress_begin(struct check *check);

/** Wipes the progress line from standard error, so that something else can be written there. */
void check_progress_clear(struct check *check);
