/*
 * One door for everything that leaves: takes a finished notice to a sink, whatever the sink is, and says how
 * it went. It keeps no memory of what was sent: retrying is the outbox's.
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

/** `sinks` are borrowed for the courier's life. Returns 0 or a negative errno. */
int courier_new(sd_event *event, struct helpers *helpers, const struct config_sink *sinks, size_t sink_count,
                struct courier **ret_courier);

/** Drops what is under way without calling back; programs that were started are ended. */
void courier_free(struct courier *courier);

/**
 * Takes a notice (JSON, see pipeline/alert/notice.h) to sink number `sink`. Everything is copied. `done` is
 * called once, from the event loop. Returns 0, or -ENOMEM without a callback.
 */
int courier_send(struct courier *courier, size_t sink, struct span json, courier_done_fn *done,
                 void *context);
