/*
 * One round over a list of pages: every page walks its way once, many at a time, is judged against what the
 * store knows of it, and what deserves it is learnt. `varta check` is one round.
 */
#pragma once

#include "config/pagelist.h"
#include "watch/journey.h"
#include "watch/result.h"

struct store;

/** Told of each page's end, in the order in which they end; `page` and `result` are borrowed for the call. */
typedef void round_result_fn(void *context, const struct page *page, const struct result *result);

/** Told of what an operator should know; `text` ends in NUL. */
typedef void round_note_fn(void *context, const char *text);

enum {
    ROUND_SINKS = 16, /* syslog targets */
    ROUND_FETCHES =
        64, /* fetches in flight: enough to hide 200 ms of latency, few enough for 2 cores to parse */
};

struct round_settings {
    const struct page_list *list;
    struct store *store; /**< NULL: nothing is known and nothing is kept */
    const char *models;  /**< folder of the models */
    bool learn;          /**< pages without a baseline get one, when nothing about them is suspicious */
    bool read_pictures;
    enum sandbox_level sandbox;
    unsigned fetches; /**< in flight at once */
    struct span user_agent;
    uint32_t connect_ms, total_ms;
    const char *sinks[ROUND_SINKS]; /**< sink_count syslog targets, see syslog_target_parse() */
    size_t sink_count;
    int facility; /**< of the syslog messages */
    round_result_fn *on_result;
    round_note_fn *on_note;
    void *context;
};

/** What became of it. */
struct round_tally {
    size_t verdicts[VERDICT_KIND_COUNT];
    size_t deliveries, deliveries_failed;
    size_t store_failed;
};

/** Runs the round to its end. Returns 0, or a negative errno after telling why through on_note. */
int round_run(const struct round_settings *settings, struct round_tally *ret_tally);
