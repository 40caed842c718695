/*
 * READ THIS FIRST. A page's way, state by state:
 *
 *     FETCHING   varta-fetch gets the page                 → capture
 *                (the very bytes that were found in order last time go straight to DONE: unchanged)
 *     READING    a child of varta-read reads it            → reading
 *     PICTURES   varta-fetch gets the pictures a visitor sees, a child of varta-ocr reads each one whose
 *                content was never read before             → picture blocks in the reading
 *     JUDGING    compare with the baseline, identify the languages, judge: in this process, on clean records
 *                (a page that is not defaced and leads on by a refresh is followed: back to FETCHING; what it
 *                showed meanwhile is judged too, see faces.h)
 *     DONE       the one callback
 *
 * Whatever happens on the way, DONE is reached exactly once, with a verdict.
 */
#pragma once

#include "config/pagelist.h"
#include "pipeline/compare/compare.h"
#include "pipeline/judge/judge.h"
#include "watch/cookie_jar.h"
#include "watch/faces.h"
#include "watch/helpers.h"
#include "watch/hoard.h"
#include "watch/languages.h"
#include "watch/page_pictures.h"
#include "watch/picture_cache.h"
#include "watch/watch_limits.h"

enum journey_state { JOURNEY_FETCHING, JOURNEY_READING, JOURNEY_PICTURES, JOURNEY_JUDGING, JOURNEY_DONE };

/** What every journey shares; all borrowed for its life. */
struct journey_tools {
    struct helpers *helpers;
    struct picture_cache *pictures;
    const struct judge *judge;
    const struct languages *languages;
    struct span user_agent;
    uint32_t connect_ms, total_ms; /**< time limits of a fetch */
    bool read_pictures;            /**< false: pictures are not even fetched */
    struct hoard *hoard;           /**< what came is held there until the journey's end; NULL: it is not */
};

/** A page that stands in a file instead of on a server. */
struct local_file {
    int body;   /**< sealed memory file with its bytes */
    int folder; /**< where its pictures are looked up, see local_picture_copy(); -1 for nowhere */
};

/** What is known of a page's last version that was found in order. All borrowed. */
struct journey_known {
    bool is;            /**< there is one */
    struct digest body; /**< of the bytes */
    uint64_t place;     /**< see journey_place() */
    struct span etag, modified;
    const struct language_share *languages; /**< language_count, of its text */
    size_t language_count;
};

/** How the page is asked for. */
struct journey_manner {
    struct span user_agent; /**< empty for that of the tools */
    struct span proxy;      /**< empty for none */
    bool browser;           /**< with a browser's headers */
    bool fresh;             /**< over a connection of its own */
    bool conditional;       /**< the server may answer that nothing changed since the known version */
    bool blind;             /**< its pictures are not looked at */
    bool whole;             /**< the body is asked for and read even when nothing seems to have changed */
    bool slow;              /**< it was slow before: it gets what slow pages share, see journey_was_slow() */
    bool record;            /**< heads and bodies are held as evidence, when the tools have a hoard */
    bool record_pictures;   /**< pictures too */
};

/** A page that led on by a refresh. Owned by the journey. */
struct journey_leg {
    struct capture capture;
    struct hoarded *body; /**< NULL when it was not held */
};

/** Where a page has arrived. The journey owns the records; a callback may take one by zeroing it here. */
struct journey {
    const struct journey_tools *tools;
    const struct page *page;
    const struct local_file *file; /**< NULL for a page on a server; borrowed */
    struct journey_manner manner;
    struct journey_known known;
    const struct baseline *baseline; /**< NULL when the page has none; borrowed */
    const struct language_share *baseline_languages;
    size_t baseline_language_count;

    enum journey_state state;
    int64_t entered_us;            /**< steady time at which it came to this state */
    int64_t took_us[JOURNEY_DONE]; /**< in each state, over all times that it was there */
    int64_t started_us;            /**< wall clock, microseconds since 1970 */
    struct capture capture;
    struct reading reading;
    bool has_reading;
    struct change change;
    bool has_change;
    struct verdict verdict;
    struct page_pictures pictures;
    unsigned refreshes;
    bool led_on; /**< the page itself leads on, so that another address says what it shows */
    struct faces faces;
    struct buf cookies; /**< of this look */
    uint32_t read_ms;   /**< that its reader took */
    struct journey_leg
        legs[JOURNEY_REFRESHES]; /**< `refreshes` pages that led on, in order; of one to be recorded */
    struct hoarded *body;        /**< of the capture; NULL when it was not held */
    bool same_bytes;             /**< it says what it said, byte for byte, so that nothing was read */

    /** Told once when the page is not the known one, before anything is read: the time to set the baseline
     * and its languages. May be NULL. */
    void (*changed)(void *context, struct journey *journey);
    void (*done)(void *context, struct journey *journey);
    void *context;
};

/** What else than the body makes two answers the same: the status, the address that answered in the end,
 * where a Refresh header leads; hashed. */
uint64_t journey_place(const struct capture *capture);

/** True when this page took what would keep others waiting if there were many like it: time, size, a limit.
 * The next look at it should be slow in `manner`. */
bool journey_was_slow(const struct journey *journey);

/**
 * Sets a page on its way; `done` is called once, from the event loop or from here. `start` carries tools,
 * page, file, manner, known, baseline, changed, done and context; the rest is ignored. Returns 0, or -ENOMEM
 * without a callback. After `done` returns the journey is freed.
 */
int journey_start(const struct journey *start);
