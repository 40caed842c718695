/*
 * When each page is looked at. Pure timing: steady milliseconds go in, the pages whose turn it is come out.
 * Every page is either waiting for its time, ready and held back by a limit, or being looked at; a look that
 * never ends is called off.
 */
#pragma once

#include "config/pagelist.h"

#include <stdint.h>

struct roster;

struct roster_settings {
    unsigned parallel;       /**< looks at once */
    unsigned per_domain;     /**< of one registrable domain at once */
    unsigned jitter_percent; /**< of an interval, either way */
    uint64_t seed;           /**< of the jitter */
};

enum {
    ROSTER_RESERVE = 4, /* one look in so many of those at once is kept from slow pages */
    ROSTER_SPREAD_MS =
        10, /* milliseconds of the first round a page: ten thousand pages are first seen within 100 s */
    ROSTER_DEADLINE_MS =
        900000 /* milliseconds: longer than everything a look may wait for; then it is called off */
};

int roster_new(const struct roster_settings *settings, const struct page_list *list,
               const uint32_t *interval_s, int64_t now_ms, struct roster **ret_roster);
void roster_free(struct roster *roster);

/** The next page whose turn it is; it is then being looked at, as look number `*ret_look`. False when there
 * is none. */
bool roster_next(struct roster *roster, int64_t now_ms, size_t *ret_page, uint64_t *ret_look);

/** From its next turn on the page is a slow one, or none: slow ones together have only a share of the looks
 * at once, and those of one domain only half of its looks, so that the others never wait for them. */
void roster_set_slow(struct roster *roster, size_t page, bool slow);

/** True while look number `look` at the page is under way. */
bool roster_looks(const struct roster *roster, size_t page, uint64_t look);

/** The look has ended; the page's next turn is in `wait_ms`, jittered when `jitter`. False for a look that
 * was called off: its result must not be used. */
bool roster_ended(struct roster *roster, size_t page, uint64_t look, int64_t now_ms, int64_t wait_ms,
                  bool jitter);

/** When something can happen next without a look ending, in steady milliseconds; INT64_MAX for never. */
int64_t roster_wake(const struct roster *roster);

/** Calls off looks that take too long; returns how many, and gives their pages a new turn. */
size_t roster_call_off(struct roster *roster, int64_t now_ms);

/** A waiting page's turn comes now. */
void roster_hurry(struct roster *roster, size_t page, int64_t now_ms);

struct roster_state {
    size_t pages, looking, ready; /**< ready: held back by a limit */
    int64_t late_ms; /**< how late the latest start was, since the last roster_forget_lateness(), or how late
                          somebody is by now who is held back */
};

struct roster_state roster_state(const struct roster *roster, int64_t now_ms);
void roster_forget_lateness(struct roster *roster);
