/*
 * All pages in memory, as the store had them a moment ago: ten thousand rows are filtered and sorted in a
 * millisecond there, and a browser that asks again and again costs the store one reading a second at most.
 */
#pragma once

#include "pipeline/store/store.h"
#include "wire/web_order.h"

struct web_snapshot;

/** One page; borrowed until the next web_snapshot_fresh() or web_snapshot_roll(). */
struct web_row {
    struct span url, name;
    uint32_t group, interval_s;
    enum verdict_kind verdict; /**< VERDICT_KIND_COUNT: not looked at yet */
    char cause[32];
    double score;
    int64_t at_s, baseline_s;
    uint32_t versions;
    bool acceptable;
};

enum { WEB_SNAPSHOT_MS = 1000 /* milliseconds that a reading is good for */ };

/** Borrows the path. Returns 0 or -ENOMEM. */
int web_snapshot_new(struct span store_path, struct web_snapshot **ret_snapshot);
void web_snapshot_free(struct web_snapshot *snapshot);

/** The pages that are watched from now on, a web_roll. Returns false when it is malformed. */
bool web_snapshot_roll(struct web_snapshot *snapshot, struct span payload);

/** Reads anew what has changed. Returns 0, or a negative errno while the store cannot be read: then the rows
 * are those of before, and web_snapshot_store() gives NULL. */
int web_snapshot_fresh(struct web_snapshot *snapshot);

/** The store, opened for reading; NULL while it cannot be. */
struct store *web_snapshot_store(struct web_snapshot *snapshot);

/** The rows, what is worst first, then by group and name. */
const struct web_row *web_snapshot_rows(const struct web_snapshot *snapshot, size_t *ret_count);
const struct web_row *web_snapshot_find(const struct web_snapshot *snapshot, struct span url);

const struct web_group *web_snapshot_groups(const struct web_snapshot *snapshot, size_t *ret_count);

/** How many pages have each verdict, VERDICT_KIND_COUNT for none yet. */
const size_t *web_snapshot_counts(const struct web_snapshot *snapshot);

/** Differs when something was written or other pages are watched. */
uint64_t web_snapshot_mark(const struct web_snapshot *snapshot);

/** 0 for the worst verdict; more for better ones. */
unsigned web_snapshot_rank(enum verdict_kind verdict);
