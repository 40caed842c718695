/*
 * The door of the fetching step: addresses in, captures and bodies out, many at a time. The only step with a
 * network, and the only one that knows libcurl. It interprets nothing of a body, it only decompresses it.
 */
#pragma once

#include "pipeline/page.h"

struct fetcher;

/** Called for each finished order. `capture` is the callee's to free; `body` is borrowed for the call. */
typedef void fetch_done_fn(void *context, uint64_t job, struct capture *capture, struct span body);

/**
 * A fetcher with its pool of connections. `ca_file` names the PEM file of the authorities that certificates
 * are checked against, borrowed for the fetcher's life; NULL for the system's. Returns 0 or -ENOMEM.
 * fetcher_free() drops what is in flight.
 */
int fetcher_new(const char *ca_file, fetch_done_fn *done, void *context, struct fetcher **ret_fetcher);
void fetcher_free(struct fetcher *fetcher);

/** Starts an order; everything in it is copied. An order that cannot be started is finished at once, with its
 * outcome. */
void fetcher_start(struct fetcher *fetcher, uint64_t job, const struct fetch_order *order);

/**
 * Moves all transfers on, waiting up to `wait_ms` for something to happen on them or on descriptor `other`
 * (-1 for none; always the same one). Sets `*ret_readable` when `other` has something to read or its end is
 * gone.
 */
void fetcher_turn(struct fetcher *fetcher, int other, int wait_ms, bool *ret_readable);

/** Transfers in flight. */
size_t fetcher_busy(const struct fetcher *fetcher);
