/*
 * One visit to a page: its journey, with what the store knows of it before and what it may learn afterwards.
 * Rounds and the daemon visit pages the same way; what they do with the end differs.
 */
#pragma once

#include "pipeline/store/store.h"
#include "watch/desk.h"
#include "watch/result.h"

/** What every visit shares; borrowed for its life. The store is the desk's, and may be NULL. */
struct visitor {
    struct desk *desk;
    bool learn;          /**< a page without a baseline gets one, when nothing about it is suspicious */
    uint32_t full_every; /**< a page that says the same bytes is read in full every so many visits all the
                            same: its pictures may differ. 1: always */
};

struct visit_order {
    const struct page *page; /**< borrowed until the end */
    struct journey_manner manner;
    uint32_t full_every; /**< 0: the visitor's */
    bool only_look;      /**< nothing is learnt */
};

/** How a visit ended; everything is borrowed for the call. */
struct visit_end {
    const struct page *page;
    const struct journey *journey;
    struct result result;
    struct store_check check;  /**< ready for store_put_check(), but for `result`, the JSON */
    struct store_known before; /**< what was known; `is` false for nothing */
    bool without_baseline;     /**< it has a baseline that could not be loaded */
    uint64_t
        pictures[4]; /**< beginnings of the digests of pictures new to the page that carry text; 0 for none */
    bool first_learnt; /**< it had no baseline, and has one with this check */
    int failed;        /**< 0, or the negative errno of learning */
};

typedef void visit_done_fn(void *context, const struct visit_end *end);

/** Starts a visit; `done` is called once, from the event loop or from here. Returns 0, or -ENOMEM without a
 * callback. */
int visit_start(const struct visitor *visitor, const struct visit_order *order, visit_done_fn *done,
                void *context);
