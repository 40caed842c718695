/*
 * What a monitoring of the monitor asks: how often, how long, how late. Counters begin with the process and
 * only grow; Prometheus knows what a restart is. No address and no name of a page is among them.
 */
#pragma once

#include "base/buf.h"
#include "config/config.h"
#include "pipeline/page.h"
#include "watch/helpers.h"
#include "watch/journey.h"
#include "watch/picture_cache.h"

enum {
    METERS_STEPS = JOURNEY_DONE + 1, /* the journey's states; the last stands for the whole way */
    METERS_BUCKETS = 15,
    METERS_TEXT_BYTES = 1 << 20, /* bytes of all metrics: some 25 KB without sinks */
};

/** Seconds, cumulative when written. */
struct meters_histogram {
    uint64_t at[METERS_BUCKETS + 1]; /**< the last: longer than all */
    double sum_s;
};

struct meters {
    uint64_t checks[VERDICT_KIND_COUNT];
    uint64_t failures; /**< looks that failed for reasons of our own */
    struct meters_histogram steps[METERS_STEPS];
    uint64_t deliveries[CONFIG_SINKS][2]; /**< by sink of this configuration: taken, failed */
    uint64_t web_deaths;
    int64_t started_s;
};

/** A look has ended; `ours`: it failed for a reason of our own. */
void meters_look(struct meters *meters, const struct journey *journey, bool ours);
void meters_delivery(struct meters *meters, size_t sink, bool taken);

/** Other sinks from now on: what was counted of those before is forgotten. */
void meters_use(struct meters *meters);

/** What is only known elsewhere, at this moment; all borrowed. */
struct meters_now {
    const struct config *config;
    const struct helpers_tally *helpers;
    struct picture_cache_tally pictures;
    size_t pages, looking, to_be_told, suspected, confirmed, acknowledged, campaigns;
    int64_t late_ms, store_bytes;
    bool blind, unsaved;
};

/** Appends all of it in the text format of Prometheus, version 0.0.4. */
void meters_write(const struct meters *meters, const struct meters_now *now, struct buf *out);
