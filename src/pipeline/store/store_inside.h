/* What the store's own files share. */
#pragma once

#include "pipeline/store/sql.h"
#include "pipeline/store/store.h"

struct store {
    struct sql *sql;
    bool gathering; /* inside store_begin() and store_commit() */
    char instance[16];
    int patience_ms; /* for another process that writes */
};

typedef int store_work_fn(struct store *store, const void *context);

/** Runs `work` all or nothing: as a transaction of its own, or as a part of the one that is open. Returns
 * what `work` does, or a negative errno. */
int store_whole(struct store *store, store_work_fn *work, const void *context);

/** Columns 0 to 35 of an incident, as store_take_incident() reads them. */
#define STORE_INCIDENT_COLUMNS                                                                               \
    "url, name, grp, contact, state, verdict, pending, last, cause, score, opened, confirmed, told, acked, " \
    "escalated,"                                                                                             \
    " closed, changed, looks, bad, good, tries, flaps, escalations, weight, severity, cloaked, untold, "     \
    "campaign, sketch,"                                                                                      \
    " pictures, landing, acked_by, result, moved, began"

/** The incident of the row "id, STORE_INCIDENT_COLUMNS"; the caller frees it. */
struct incident store_take_incident(struct query *query);

/** Calls `each` for every incident that a query gives. Returns how many, or a negative errno. */
int store_each_incident(struct query *query, store_incident_fn *each, void *context);

/** The campaign of the row "id, STORE_CAMPAIGN_COLUMNS". */
#define STORE_CAMPAIGN_COLUMNS "outage, opened, changed, told, closed, pages, told_pages, tells, told_back"
struct campaign store_take_campaign(struct query *query);

/** 0 when the layout is the newest one, -ENOTSUP when it is another, or a negative errno. */
int store_is_current(struct store *store);

/** The newest layout: creates it in an empty file, brings an older one up to it. */
int store_schema(struct store *store);
