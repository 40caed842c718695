/*
 * All incidents and campaigns, in memory and in the store: takes looks in, decides what is told and when, and
 * keeps everything in one transaction with what is to be told about it. Memory is ahead of the store only
 * while the store fails; then it says so, goes on, and catches up. Time is given.
 */
#pragma once

#include "config/config.h"
#include "pipeline/alert/alert.h"
#include "watch/outbox.h"

struct caseload;

/** What is kept of an incident. */
enum caseload_moment { CASELOAD_CONFIRMED, CASELOAD_WORSE, CASELOAD_RECOVERED, CASELOAD_MOMENTS };

struct caseload_settings {
    const struct config *config; /**< borrowed */
    struct store *store;         /**< borrowed */
    struct outbox *outbox;       /**< borrowed */
    void (*say)(void *context, const char *text);
    void *context;
    /** The look that was just taken in is a moment of an incident, to be kept as evidence. May be NULL. */
    void (*moment)(void *context, enum caseload_moment moment, const struct incident *incident);
};

/** What one look saw, for the incident it belongs to. All borrowed. */
struct sighting {
    enum verdict_kind verdict;
    const char *cause; /**< of `unavailable`; else "" */
    double score;
    struct span message;  /**< of the page */
    uint64_t pictures[4]; /**< see struct incident */
    uint64_t landing;     /**< see struct incident */
    struct span result;   /**< JSON */
    struct span signs[4]; /**< sign_count sentences: what else is new about the server */
    size_t sign_count;
    bool moved; /**< see struct incident */
};

enum {
    CASELOAD_GROWN_S = 30, /* seconds: the longest wait before a campaign that grew is told again, doubled
                              with each time, */
    CASELOAD_TELL_S = 300, /* seconds: up to this */
    CASELOAD_LINGER_S = 5, /* seconds beyond incidents.gather, while other pages are under suspicion */
    CASELOAD_SAVE_S = 5,   /* seconds between attempts while the store fails */
};

/** Loads what is open or ended lately. Returns 0 or a negative errno. */
int caseload_new(const struct caseload_settings *settings, int64_t now_s, struct caseload **ret_caseload);
void caseload_free(struct caseload *caseload);

/** Another configuration from now on: its list has the pages. Returns 0 or -ENOMEM. */
int caseload_use(struct caseload *caseload, const struct config *config);

/** What a look means. Returns true when the page is to be looked at again at once, as `*ret_look` says. */
bool caseload_look(struct caseload *caseload, size_t page, enum incident_look look,
                   const struct sighting *sighting, int64_t now_s, enum incident_look *ret_look);

/** How the page is to be looked at when its turn comes: LOOK_ROUTINE unless a suspicion is open (after a
 * restart). */
enum incident_look caseload_manner(const struct caseload *caseload, size_t page);

/** True while something hostile was seen on this page and is to be looked at again. */
bool caseload_is_in_doubt(const struct caseload *caseload, size_t page);

/** True while the page has a certain incident. */
bool caseload_is_bad(const struct caseload *caseload, size_t page);

/** Tells what is due and writes what is not kept yet. `blind`: nothing at all can be reached, so nothing is
 * said of pages that are down. Returns when to call again at the latest, seconds since 1970. */
int64_t caseload_turn(struct caseload *caseload, bool blind, int64_t now_s);

/** Writes what is not kept yet, whatever failed before: the last thing that is done. */
void caseload_save(struct caseload *caseload, int64_t now_s);

/** Puts in a notice about varta itself. */
void caseload_tell_self(struct caseload *caseload, const char *what, const char *text, int64_t now_s);

/** Acknowledges an incident, or all of a campaign ("17", "i17", "c3"), or all when `id` is "all". Returns how
 * many. */
size_t caseload_acknowledge(struct caseload *caseload, struct span id, struct span who, int64_t now_s);

/** The page is accepted as it is. Returns true when an incident ended by it. */
bool caseload_accept(struct caseload *caseload, struct span url, struct span who, int64_t now_s);

/** Told of each incident that is remembered, by id; borrowed for the call. */
typedef void caseload_each_fn(void *context, const struct incident *incident);
void caseload_each(const struct caseload *caseload, caseload_each_fn *each, void *context);

/** The one of that number, or the newest of that page; NULL when it is not remembered. Borrowed until the
 * next call that changes something. */
const struct incident *caseload_find(const struct caseload *caseload, int64_t id);
const struct incident *caseload_of_page(const struct caseload *caseload, struct span url);

/** Told of each line of an incident's history that is not in the store yet, in order. */
typedef void caseload_line_fn(void *context, int64_t at_s, struct span what, struct span detail);
void caseload_lines(const struct caseload *caseload, int64_t id, caseload_line_fn *each, void *context);

/** True when the incident is in the store and nothing about it waits to be told. */
bool caseload_is_out(const struct caseload *caseload, int64_t id);

/** The number of the page's incident that is certain and not over; 0 for none. */
int64_t caseload_certain(const struct caseload *caseload, size_t page);

/** Adds a line to an incident's history. */
void caseload_note(struct caseload *caseload, int64_t id, const char *what, struct span detail,
                   int64_t now_s);

/** The numbers of up to `room` incidents that are not over, ascending. Returns how many. */
size_t caseload_open(const struct caseload *caseload, int64_t *ret_ids, size_t room);

struct caseload_state {
    size_t suspected, confirmed, acknowledged, campaigns;
    bool unsaved; /**< the store does not take what happened */
};

struct caseload_state caseload_state(const struct caseload *caseload);
