/*
 * What is to be told and has not been taken yet. A delivery is kept in the store with the incident it is
 * about, tried until its sink takes it, and only then ended: at least once, with an id by which a second time
 * can be told. Deliveries to a sink about the same incident keep their order; a sink that fails is left alone
 * for a while, longer each time. Pure but for the store: time and the way to the sinks are given.
 */
#pragma once

#include "config/config.h"
#include "pipeline/store/store.h"
#include "watch/teller.h"

struct outbox;

/** Takes a delivery to sink number `sink`; its end is told by outbox_sent() with the same `ticket`. Returns 0
 * or a negative errno. */
typedef int outbox_send_fn(void *context, size_t sink, struct span json, uint64_t ticket);

struct outbox_settings {
    const struct config_sink *sinks; /**< borrowed */
    size_t sink_count;
    struct store *store; /**< borrowed */
    outbox_send_fn *send;
    void (*say)(void *context, const char *text); /**< told when a sink begins or ceases to fail */
    void *context;
};

enum {
    OUTBOX_SHARE = 30,         /* deliveries of one sink in memory at least, of */
    OUTBOX_HELD = 2000,        /* deliveries in memory; what is more waits in the store */
    OUTBOX_FIRST_PAUSE_S = 2,  /* after a failure nothing is tried at that sink, */
    OUTBOX_LAST_PAUSE_S = 300, /* doubled up to this */
    OUTBOX_GIVE_UP_S =
        7 * 86400 /* what could not be told in a week is history: it stays readable in the store */
};

/** Loads what was left undelivered. Returns 0 or a negative errno. */
int outbox_new(const struct outbox_settings *settings, struct outbox **ret_outbox);
void outbox_free(struct outbox *outbox);

/** Other sinks from now on (after a reload); what is under way may still end. Deliveries to sinks that are
 * gone are given up. */
void outbox_use(struct outbox *outbox, const struct config_sink *sinks, size_t sink_count, int64_t now_s);

/**
 * Puts a notice in for each sink of the set `sinks` (bit i: sink i) that wants its urgency. To be called
 * inside the store's transaction of what it is about; outbox_save() writes. The notice is copied.
 */
int outbox_put(struct outbox *outbox, const struct teller_notice *notice, uint64_t sinks, int64_t now_s);

/** Writes what is not in the store yet, inside the caller's transaction. Returns 0 or a negative errno;
 * outbox_saved() tells it that the transaction held. */
int outbox_save(struct outbox *outbox);
void outbox_saved(struct outbox *outbox, bool held);

/** Sends what is due. Returns when something will be due next, seconds since 1970; INT64_MAX for never. */
int64_t outbox_turn(struct outbox *outbox, int64_t now_s);

/** The end of a delivery: `error` 0 when the sink took it, else a negative errno with a sentence. */
void outbox_sent(struct outbox *outbox, uint64_t ticket, int error, struct span detail, int64_t now_s);

/** True when something is not in the store yet. */
bool outbox_is_dirty(const struct outbox *outbox);

/** Deliveries that wait. */
size_t outbox_depth(const struct outbox *outbox);
