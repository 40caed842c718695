/*
 * The door of the store: what outlives a run. Pages with their last verdict, baselines as packed bytes (the
 * comparing step knows what is in them), what was last seen and may be accepted, the text of pictures by
 * content, incidents with their history, campaigns, and what is to be delivered. SQLite keeps it; nothing
 * else knows that.
 */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"

struct store;

enum { STORE_ERROR_BYTES = 512 };

/** What store_open() does when there is no such file; STORE_READING never writes, and takes none of another
 * layout. */
enum store_mode { STORE_EXISTING, STORE_CREATE, STORE_READING };

/**
 * Opens the store in `path`; makes it when there is none and the mode allows. Returns 0 or a negative errno
 * with a sentence that says what is wrong and what to do in `ret_error`: -ENOTSUP when a newer program wrote
 * it, -EBADMSG when it is damaged or no store, -EBUSY when another process holds it. `*ret_store` is owned by
 * the caller, store_close() frees it.
 */
int store_open(const char *path, enum store_mode mode, struct store **ret_store,
               char ret_error[STORE_ERROR_BYTES]);
void store_close(struct store *store);

/** The last failure in words; borrowed until the next call. */
const char *store_error(const struct store *store);

/** Milliseconds that a write waits for another process that writes; ten seconds unless told. Once it was in
 * vain, a tenth of a second until a write succeeds. */
void store_set_patience(struct store *store, int wait_ms);

/**
 * Gathers what is written from here on into one transaction, which store_commit() ends: many checks cost one
 * write to the disk. Inside, each call that writes is still all or nothing. Beginning twice is the same as
 * once. Returns 0 or a negative errno.
 */
int store_begin(struct store *store);

/** Ends the transaction, if there is one. On failure (negative errno) nothing since store_begin() was kept.
 */
int store_commit(struct store *store);
void store_rollback(struct store *store);
bool store_is_gathering(const struct store *store);

/** Eight hexadecimal digits made when the store was, for names that differ from those of other stores. */
const char *store_instance(const struct store *store);

/** What belongs to a page's baseline. */
struct store_baseline {
    struct span packed;    /**< by baseline_pack() */
    struct span languages; /**< lines of "TAG SHARE CONFIDENCE" */
    int64_t at_s;          /**< when the last version in it was seen */
    uint32_t versions;
};

/** Reads a page's baseline into the arena. Returns 1, 0 when the page has none, or a negative errno. */
int store_get_baseline(struct store *store, struct span url, struct arena *arena,
                       struct store_baseline *ret_baseline);

/** What the next check of a page can go by: the last answer that was found in order, and from where. */
struct store_known {
    bool is;
    struct digest body; /**< of the bytes */
    uint64_t place;     /**< hash of what else makes two answers the same: status, final address */
    struct span etag, modified;
    uint32_t since_whole; /**< checks since the page was last read in full */
    struct span address;  /**< it came from; may be empty */
    struct digest certificate;
    bool has_certificate;
    struct span issuer;
    struct span languages; /**< of the baseline */
    int64_t baseline_s;    /**< of the baseline, 0 when there is none */
    uint32_t versions;     /**< of the baseline */
};

/** Reads it into the arena. Returns 1, 0 when the page is not known, or a negative errno. */
int store_get_known(struct store *store, struct span url, struct arena *arena, struct store_known *ret_known);

/** What became of one check, written in one transaction. */
struct store_check {
    struct span url;
    struct span name;
    int64_t at_s;
    struct span verdict; /**< its name */
    double score;
    struct span cause;
    struct span result;                    /**< the JSON that was printed; empty keeps the old one */
    double kept, fresh;                    /**< of the change; below 0 when there was nothing to compare */
    const struct store_known *known;       /**< for the next check; NULL keeps the old one */
    const struct store_baseline *baseline; /**< the page's new baseline, or NULL to keep the old one */
    const struct store_baseline
        *seen;        /**< what would be the baseline if someone accepted it; NULL for none */
    bool seen_yields; /**< it waits only where nothing else does: an outage must not push out a redesign */
};

/** Returns 0 or a negative errno; on failure nothing of it is written. */
int store_put_check(struct store *store, const struct store_check *check);

/** One row of store_pages(); borrowed for the call. */
struct store_page {
    struct span url, name, verdict, cause;
    double score;
    int64_t at_s;       /**< of the last check */
    int64_t baseline_s; /**< of the baseline; 0 when there is none */
    uint32_t versions;
    bool acceptable; /**< something was seen that may be accepted */
};

typedef void store_page_fn(void *context, const struct store_page *page);

/** Calls `each` for every page, by URL. Returns the number of pages or a negative errno. */
int store_pages(struct store *store, store_page_fn *each, void *context);

/** What waits to be accepted, and what the last look said. */
struct store_waiting {
    int64_t seen_s;     /**< when what waits was seen; 0 when nothing does */
    struct span result; /**< JSON of the last look that was not byte for byte the one before; may be empty */
};

/** Reads it into the arena. Returns 1, 0 when the page is not known, or a negative errno. */
int store_get_waiting(struct store *store, struct span url, struct arena *arena,
                      struct store_waiting *ret_waiting);

/** Makes what was last seen of the page its baseline. Returns 1, 0 when the page is not known or has nothing
 * to accept, or a negative errno. */
int store_accept(struct store *store, struct span url);

/** The text of a picture read before, by content, as picture_text_put() wrote it. Returns 1, 0 when it is not
 * known, or a negative errno. */
int store_get_picture(struct store *store, const struct digest *digest, struct arena *arena,
                      struct span *ret_packed);
int store_put_picture(struct store *store, const struct digest *digest, struct span packed, int64_t at_s);

/* ---- incidents ---- */

/** Writes the incident as it is; one without an id gets one. Returns 0 or a negative errno. */
int store_put_incident(struct store *store, struct incident *incident);

/** Writes a line of an incident's history: `what` a word, `detail` a sentence. */
int store_put_event(struct store *store, int64_t incident, int64_t at_s, struct span what,
                    struct span detail);

/** Borrowed for the call. */
typedef void store_incident_fn(void *context, const struct incident *incident);

/** Calls `each` for incidents that are open, ended at or after `since_s`, or ended before the open campaign
 * they belong to told of them; oldest first, those only suspected included. Returns how many, or a negative
 * errno. */
int store_incidents(struct store *store, int64_t since_s, store_incident_fn *each, void *context);

/** Reads one into `*ret_incident` (free it with incident_free()). Returns 1, 0 when there is none, or a
 * negative errno. */
int store_get_incident(struct store *store, int64_t id, struct incident *ret_incident);

typedef void store_event_fn(void *context, int64_t at_s, struct span what, struct span detail);

/** An incident's history in order. Returns the number of lines or a negative errno. */
int store_events(struct store *store, int64_t incident, store_event_fn *each, void *context);

/** One with id 0 gets one. */
int store_put_campaign(struct store *store, struct campaign *campaign);

typedef void store_campaign_fn(void *context, const struct campaign *campaign);

/** Campaigns that are open or ended at or after `since_s`. */
int store_campaigns(struct store *store, int64_t since_s, store_campaign_fn *each, void *context);

/** The highest numbers ever given, also to what was removed since. */
int store_last_ids(struct store *store, int64_t *ret_incident, int64_t *ret_campaign);

/* ---- deliveries: the outbox ---- */

/** Something to be told to one sink. */
struct store_delivery {
    int64_t id; /**< 0 until it is kept; in order of writing */
    struct span
        notice;        /**< the notice's id: with the sink's name it is unique, a second one is not written */
    struct span sink;  /**< name */
    struct span about; /**< what it is about: deliveries to a sink about the same thing keep their order */
    struct span json;
    int64_t created_s, next_s; /**< when it was written, when it is to be tried */
    uint32_t attempts;
};

/** Returns 1 when written, 0 when it was there already, or a negative errno. */
int store_put_delivery(struct store *store, struct store_delivery *delivery);

/** After an attempt that failed: when the next one is due, and why it failed. */
int store_retry_delivery(struct store *store, int64_t id, int64_t next_s, uint32_t attempts,
                         struct span error);

/** The sink took it (`error` empty), or it is given up. */
int store_end_delivery(struct store *store, int64_t id, int64_t at_s, struct span error);

/** Ends what was not delivered to sinks of other names than these. */
int store_end_unnamed(struct store *store, const struct span *names, size_t count, struct span error);

typedef void store_delivery_fn(void *context, const struct store_delivery *delivery);

/** What has not been delivered to `sink` yet, in order of writing, from id `after` on. Returns how many or a
 * negative errno. */
int store_deliveries(struct store *store, struct span sink, int64_t after, size_t limit,
                     store_delivery_fn *each, void *context);

/* ---- for people who look ---- */

enum {
    STORE_LOOKS = 200 /* rows of a page's history: a year of a page that changes every other day; 10 KB */
};

/** Reads a page's row into the arena. Returns 1, 0 when the page is not known, or a negative errno. */
int store_get_page(struct store *store, struct span url, struct arena *arena, struct store_page *ret_page);

/** The JSON of the page's last look that was not the same bytes. Returns likewise. */
int store_get_outcome(struct store *store, struct span url, struct arena *arena, struct span *ret_json);

/** What a page went through: a row holds until the next one. */
struct store_look {
    int64_t at_s;
    struct span verdict; /**< borrowed for the call */
    double kept, fresh;  /**< of its text, 0 to 1; below 0 when there was nothing to compare */
};

typedef void store_look_fn(void *context, const struct store_look *look);

/** A page's history, oldest first. Returns how many or a negative errno. */
int store_looks(struct store *store, struct span url, store_look_fn *each, void *context);

/** The newest incident of each page, ascending; an array that is the caller's, free(). Returns 0 or a
 * negative errno. */
int store_latest_incidents(struct store *store, int64_t **ret_ids, size_t *ret_count);

/** Which incidents store_list_incidents() gives: of a page, or of a campaign, or all, newest first; or those
 * that are not over and belong to no campaign, the most severe first. Suspicions that were never confirmed
 * are none. */
struct store_incident_query {
    struct span url;
    int64_t campaign;
    bool open;
    int64_t before; /**< with smaller numbers; 0 for all */
    size_t limit;   /**< so many at most */
};

int store_list_incidents(struct store *store, const struct store_incident_query *wish,
                         store_incident_fn *each, void *context);

/** How many incidents of a campaign are in each state; of those that store_list_incidents() gives. Returns 0
 * or a negative errno. */
int store_count_states(struct store *store, int64_t campaign, size_t ret_counts[INCIDENT_STATE_COUNT]);

/** Returns 1, 0 when there is no such campaign, or a negative errno. */
int store_get_campaign(struct store *store, int64_t id, struct campaign *ret_campaign);

/** A number that differs when another process has written since; and the bytes of the file. */
int store_mark(struct store *store, int64_t *ret_mark);
int store_bytes(struct store *store, int64_t *ret_bytes);

/* ---- keeping it small and whole ---- */

struct store_retention {
    int64_t incidents_before_s;  /**< ended before: goes, with its history; pages last checked before go with
                                    their baselines */
    int64_t pictures_before_s;   /**< texts of pictures read before */
    int64_t deliveries_before_s; /**< delivered or given up before */
    uint64_t bytes; /**< the file should not be larger: texts of pictures go first; 0 for no limit */
};

struct store_sweep {
    int64_t incidents, pictures, deliveries, pages; /**< rows that went, or would go */
    int64_t bytes_before, bytes_after;              /**< of the file; the same when nothing was done */
};

/** Removes what is too old. With `dry` nothing is changed, only counted. Returns 0 or a negative errno. */
int store_sweep(struct store *store, const struct store_retention *retention, bool dry,
                struct store_sweep *ret_sweep);

/** Copies the store while it is in use. Returns 0 or a negative errno. */
int store_backup(struct store *store, const char *path);

/** Every page of the file and every reference. Returns 0, -EBADMSG with the first fault in store_error(), or
 * a negative errno. */
int store_verify(struct store *store);
