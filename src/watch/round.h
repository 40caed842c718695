/*
 * One round over a list of pages: every page walks its way once, many at a time, is judged against what the
 * store knows of it, and what deserves it is learnt. `varta check` is one round.
 */
#pragma once

#include "config/pagelist.h"
#include "watch/desk.h"
#include "watch/result.h"

struct store;

/** Told of each page's end, in the order in which they end; `page` and `result` are borrowed for the call. */
typedef void round_result_fn(void *context, const struct page *page, const struct result *result);

enum { ROUND_SINKS = 16 }; /* syslog targets */

struct round_settings {
    const struct page_list *list;
    struct desk_settings desk; /**< without a store nothing is known and nothing is kept */
    bool learn;                /**< pages without a baseline get one, when nothing about them is suspicious */
    const char *sinks[ROUND_SINKS]; /**< sink_count syslog targets, see syslog_target_parse() */
    size_t sink_count;
    int facility; /**< of the syslog messages */
    round_result_fn *on_result;
    void *context; /**< for on_result */
};

/** What became of it. */
struct round_tally {
    size_t verdicts[VERDICT_KIND_COUNT];
    size_t deliveries, deliveries_failed;
    size_t store_failed;
    size_t incomplete; /**< pages judged without their pictures or without their baseline, for a reason of
                          ours */
};

/** Runs the round to its end. Returns 0, or a negative errno after telling why. */
int round_run(const struct round_settings *settings, struct round_tally *ret_tally);
