/*
 * Many small writes, one transaction: what is written between gather_begin() and a moment later reaches the
 * disk together. Ten thousand unchanged pages would otherwise cost ten thousand waits for the disk. What a
 * kill loses are the last moments' unchanged pages; incidents are committed at once (see warden.h).
 */
#pragma once

#include "pipeline/store/store.h"

#include <systemd/sd-event.h>

enum { GATHER_MS = 250 /* milliseconds that a write may wait, and that another process may be kept out */ };

/** Told when what was gathered could not be kept: `error` is a negative errno. */
typedef void gather_failed_fn(void *context, int error);

struct gather {
    struct store *store; /**< borrowed */
    sd_event *event;     /**< borrowed */
    gather_failed_fn *failed;
    void *context;
    sd_event_source *timer; /**< owned */
};

/** Makes sure that a transaction is open and will be ended. Returns 0 or a negative errno. */
int gather_begin(struct gather *gather);

/** Ends it now. Returns 0 or a negative errno, after telling. */
int gather_end(struct gather *gather);

/** gather_end(), and lets go of the event loop. */
void gather_close(struct gather *gather);
