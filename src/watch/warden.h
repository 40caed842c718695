/*
 * The watch over all pages: whose turn it is, what a look means, what is looked at again and how soon. Time
 * and the looks themselves are given, so that tests run a month of nights in seconds; the daemon gives it
 * real ones.
 */
#pragma once

#include "watch/caseload.h"
#include "watch/roster.h"

struct warden;

/** How a page is to be looked at. */
struct warden_look {
    size_t page;
    uint64_t ticket; /**< to be given back with its end */
    enum incident_look how;
    bool whole; /**< nothing the server says of "not changed" is believed */
    bool learn; /**< what is seen may be learnt */
    bool slow;  /**< one of its last looks was slow */
};

struct warden_settings {
    const struct config *config; /**< borrowed */
    struct caseload *caseload;   /**< borrowed */
    uint64_t seed;
    /** Starts a look; its end comes by warden_looked(), later or from here. Returns 0 or a negative errno. */
    int (*look)(void *context, const struct warden_look *look);
    void (*say)(void *context, const char *text);
    void *context;
};

/** What came of a look. */
struct warden_end {
    struct sighting sighting;
    bool reached;      /**< the server answered something over HTTP */
    bool ours;         /**< we failed, not the page: a helper died, memory ran out */
    bool blamed;       /**< we failed, and by warden_blames() it is the page's doing: not `ours` */
    bool slow;         /**< it kept others waiting, see journey_was_slow() */
    bool first_learnt; /**< the page has a baseline only now: it is looked at once more soon, as a browser */
    uint32_t retry_after_s; /**< the server asks not to come back earlier; 0 for nothing */
};

enum {
    WARDEN_SIBLINGS = 200,      /* pages of the same group or domain whose turn comes at once when one is
                                   suspected: what befell      one may have befallen all */
    WARDEN_SIBLINGS_MS = 60000, /* milliseconds until the next suspicion may do so again */
    WARDEN_OUTAGE_FACTOR =
        15, /* a page that is down is looked at again after so many times `confirm.after` */
    WARDEN_SLOW_LOOKS =
        8, /* looks that a page counts as slow after one that was: it may be so every second time */
    WARDEN_SECOND_MS = 1000, /* milliseconds to the second look at a page that was just learnt */
    WARDEN_OURS_FIRST_MS =
        1000,                  /* milliseconds to the next look after a failure of ours: a helper that was
                                  killed is there again at once; doubled with each further one of the page */
    WARDEN_OURS_MS = 30000,    /* up to this: what is short stays so for a while */
    WARDEN_OURS_OF_A_PAGE = 6, /* failures of ours in a row at one page, while others are seen: its doing */
    WARDEN_RETRY_AFTER = 2,    /* intervals: what a server may ask for at most, by Retry-After */
    WARDEN_BACKOFF_LOOKS = 6,  /* bad looks after which the interval of a page that is down grows by itself */
    WARDEN_BLIND_DOMAINS = 20, /* as many domains, or half of those watched, out of reach with none reached in
                                  between: it is we who are cut off */
    WARDEN_BLIND_LEAST = 5,    /* domains: fewer may well be down together */
    WARDEN_SIGHT_MS = 180000,  /* milliseconds after sight is back before pages that are down are told: each
                                  was looked at  again by then */
    WARDEN_OURS_IN_A_ROW = 10, /* failures of ours in a row, */
    WARDEN_OURS_LASTING_MS = 5000, /* over at least so many milliseconds, before it is told: one helper that
                                      dies takes all its looks with it */
};

int warden_new(const struct warden_settings *settings, int64_t now_ms, struct warden **ret_warden);
void warden_free(struct warden *warden);

/** A new one takes over what `before` knew of the pages that both watch, and whether this watch is cut off.
 */
void warden_inherit(struct warden *warden, const struct warden *before);

/** Starts the looks whose turn it is and tells what is due. Returns when to call again at the latest, steady
 * milliseconds; earlier calls do no harm. */
int64_t warden_turn(struct warden *warden, int64_t now_ms, int64_t now_s);

/**
 * Whether one more failure of ours at this page is its own doing: it fails us again and again, while others
 * do not. Such a page is told of as one that cannot be had; silence would be what its attacker wants.
 */
bool warden_blames(const struct warden *warden, size_t page);

/** A look has ended. One that was called off is ignored. */
void warden_looked(struct warden *warden, size_t page, uint64_t ticket, const struct warden_end *end,
                   int64_t now_ms, int64_t now_s);

/** No further looks are started. */
void warden_rest(struct warden *warden);

struct warden_state {
    struct roster_state roster;
    uint64_t looks;       /**< ended since the start */
    int64_t last_look_ms; /**< when the last one ended; 0 for never */
    bool blind;
};

struct warden_state warden_state(const struct warden *warden, int64_t now_ms);

/** The lateness that warden_state() tells is counted from now on. */
void warden_forget_lateness(struct warden *warden);
