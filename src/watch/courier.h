/*
 * One door for everything that leaves: takes a finished notice to a sink, whatever the sink is, and says how
 * it went. It keeps no memory of what was sent: retrying is the outbox's, and so is which sink is told what
 * (its `least` severity, the group's sinks). What goes to one sink goes one after another, in the order
 * given, but for programs: up to four run beside one another.
 */
#pragma once

#include "config/config.h"
#include "watch/helpers.h"

struct courier;

/**
 * The end of one delivery. `error` is 0 when the sink took it, else a negative errno; `detail` a sentence for
 * a person, may be empty, borrowed for the call.
 */
typedef void courier_done_fn(void *context, int error, struct span detail);

/**
 * `sinks` are borrowed for the courier's life, at most CONFIG_SINKS; `helpers` has one courier at a time
 * (after a reload the old one is freed before the new one is made). Secrets and certificates are read with
 * the first notice to their sink, by its own process. Returns 0 or a negative errno.
 */
int courier_new(sd_event *event, struct helpers *helpers, const struct config_sink *sinks, size_t sink_count,
                struct courier **ret_courier);

/** Drops what is under way without calling back; programs that were started are ended. Not from within a
 * callback. */
void courier_free(struct courier *courier);

/**
 * Takes a notice (JSON, see pipeline/alert/notice.h) to sink number `sink`. Everything is copied. `done` is
 * called once, from the event loop, within the sink's timeout and 30 s (a program that waits for four others:
 * later). Returns 0; without a callback -EINVAL when there is no such sink, or -ENOMEM.
 */
int courier_send(struct courier *courier, size_t sink, struct span json, courier_done_fn *done,
                 void *context);
