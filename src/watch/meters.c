/* See meters.h. Names follow https://prometheus.io/docs/practices/naming/. */
#include "watch/meters.h"

#include <string.h>

/* Seconds: from an unchanged page to one with many pictures. */
static const double bounds[METERS_BUCKETS] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                              0.5,   1,      2.5,   5,    10,    30,   60};

static const char *const step_names[METERS_STEPS] = {
    [JOURNEY_FETCHING] = "fetch", [JOURNEY_READING] = "read", [JOURNEY_PICTURES] = "pictures",
    [JOURNEY_JUDGING] = "judge",  [JOURNEY_DONE] = "all",
};

/* ---- counting ---- */

static void add_duration(struct meters_histogram *histogram, int64_t took_us)
{
    double seconds = took_us > 0 ? (double)took_us / 1e6 : 0;
    size_t bucket = 0;
    while (bucket < METERS_BUCKETS && seconds > bounds[bucket])
        bucket++;
    histogram->at[bucket]++;
    histogram->sum_s += seconds;
}

void meters_look(struct meters *meters, const struct journey *journey, bool ours)
{
    if (ours) {
        meters->failures++;
        return;
    }
    int64_t all_us = 0;
    meters->checks[journey->verdict.kind]++;
    for (size_t i = 0; i < JOURNEY_DONE; i++) {
        if (journey->took_us[i] <= 0)
            continue;
        add_duration(&meters->steps[i], journey->took_us[i]);
        all_us += journey->took_us[i];
    }
    add_duration(&meters->steps[JOURNEY_DONE], all_us);
}

void meters_delivery(struct meters *meters, size_t sink, bool taken)
{
    if (sink < CONFIG_SINKS)
        meters->deliveries[sink][!taken]++;
}

void meters_use(struct meters *meters)
{
    memset(meters->deliveries, 0, sizeof(meters->deliveries));
}

/* ---- writing ---- */

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_add_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void gauge(struct buf *out, const char *name, const char *help, double value)
{
    head(out, name, "gauge", help);
    buf_add_format(out, "%s %.15g\n", name, value);
}

/* A label's value: backslash, quote and line feed are escaped, as the format says. */
static void add_label(struct buf *out, struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] == '\\' || text.at[i] == '"')
            buf_add_byte(out, '\\');
        buf_add_byte(out, text.at[i] == '\n' ? ' ' : text.at[i]);
    }
}

static void write_checks(const struct meters *meters, struct buf *out)
{
    head(out, "varta_checks_total", "counter", "Checks of pages that ended, by verdict.");
    for (unsigned i = 0; i < VERDICT_KIND_COUNT; i++)
        buf_add_format(out, "varta_checks_total{verdict=\"%s\"} %llu\n", verdict_name((enum verdict_kind)i),
                       (unsigned long long)meters->checks[i]);
    head(out, "varta_check_failures_total", "counter",
         "Checks that failed for reasons of this machine's own.");
    buf_add_format(out, "varta_check_failures_total %llu\n", (unsigned long long)meters->failures);
}

static void write_histogram(const char *step, const struct meters_histogram *histogram, struct buf *out)
{
    uint64_t count = 0;
    for (size_t i = 0; i < METERS_BUCKETS; i++) {
        count += histogram->at[i];
        buf_add_format(out, "varta_step_duration_seconds_bucket{step=\"%s\",le=\"%g\"} %llu\n", step,
                       bounds[i], (unsigned long long)count);
    }
    count += histogram->at[METERS_BUCKETS];
    buf_add_format(out, "varta_step_duration_seconds_bucket{step=\"%s\",le=\"+Inf\"} %llu\n", step,
                   (unsigned long long)count);
    buf_add_format(out, "varta_step_duration_seconds_sum{step=\"%s\"} %.6f\n", step, histogram->sum_s);
    buf_add_format(out, "varta_step_duration_seconds_count{step=\"%s\"} %llu\n", step,
                   (unsigned long long)count);
}

static void write_steps(const struct meters *meters, struct buf *out)
{
    head(out, "varta_step_duration_seconds", "histogram",
         "How long the steps of a check took, waiting for helpers included.");
    for (size_t i = 0; i < METERS_STEPS; i++)
        write_histogram(step_names[i], &meters->steps[i], out);
}

static void write_deliveries(const struct meters *meters, const struct config *config, struct buf *out)
{
    static const char *const outcomes[] = {"taken", "failed"};
    head(out, "varta_deliveries_total", "counter",
         "Attempts to deliver a notice, by sink and how they ended.");
    for (size_t i = 0; i < config->sink_count; i++)
        for (size_t at = 0; at < 2; at++) {
            buf_add_text(out, "varta_deliveries_total{sink=\"");
            add_label(out, config->sinks[i].name);
            buf_add_format(out, "\",outcome=\"%s\"} %llu\n", outcomes[at],
                           (unsigned long long)meters->deliveries[i][at]);
        }
}

static void write_helpers(const struct meters *meters, const struct helpers_tally *tally, struct buf *out)
{
    head(out, "varta_helper_jobs_total", "counter",
         "Jobs of helpers that ended, by helper and whether with an answer.");
    for (unsigned i = 0; i < HELPERS_ROLES; i++) {
        buf_add_format(out, "varta_helper_jobs_total{role=\"%s\",outcome=\"answered\"} %llu\n",
                       helpers_role(i), (unsigned long long)tally->answered[i]);
        buf_add_format(out, "varta_helper_jobs_total{role=\"%s\",outcome=\"failed\"} %llu\n", helpers_role(i),
                       (unsigned long long)tally->failed[i]);
    }
    head(out, "varta_helper_deaths_total", "counter",
         "Helpers and their children that died, by role and cause.");
    for (unsigned i = 0; i < HELPERS_ROLES; i++)
        for (unsigned cause = 0; cause < HELPERS_CAUSES; cause++)
            buf_add_format(out, "varta_helper_deaths_total{role=\"%s\",cause=\"%s\"} %llu\n", helpers_role(i),
                           helpers_cause(cause), (unsigned long long)tally->deaths[i][cause]);
    buf_add_format(out, "varta_helper_deaths_total{role=\"web\",cause=\"any\"} %llu\n",
                   (unsigned long long)meters->web_deaths);
}

static void write_pictures(const struct meters_now *now, struct buf *out)
{
    head(out, "varta_picture_lookups_total", "counter",
         "Pictures on pages, by whether their text was known already (hit) or had to be read (miss).");
    buf_add_format(out, "varta_picture_lookups_total{result=\"hit\"} %llu\n",
                   (unsigned long long)now->pictures.hits);
    buf_add_format(out, "varta_picture_lookups_total{result=\"miss\"} %llu\n",
                   (unsigned long long)now->pictures.misses);
}

static void write_incidents(const struct meters_now *now, struct buf *out)
{
    head(out, "varta_incidents", "gauge", "Open incidents, by state.");
    buf_add_format(out, "varta_incidents{state=\"suspected\"} %zu\n", now->suspected);
    buf_add_format(out, "varta_incidents{state=\"confirmed\"} %zu\n", now->confirmed);
    buf_add_format(out, "varta_incidents{state=\"acknowledged\"} %zu\n", now->acknowledged);
    gauge(out, "varta_campaigns", "Open campaigns.", (double)now->campaigns);
}

void meters_write(const struct meters *meters, const struct meters_now *now, struct buf *out)
{
    head(out, "varta_build_info", "gauge", "Always 1; the version is in the label.");
    buf_add_text(out, "varta_build_info{version=\"" VARTA_VERSION "\"} 1\n");
    gauge(out, "varta_start_time_seconds", "When the watch was started, seconds since 1970.",
          (double)meters->started_s);
    gauge(out, "varta_pages", "Pages that are watched.", (double)now->pages);
    gauge(out, "varta_pages_looking", "Pages that are being looked at now.", (double)now->looking);
    write_checks(meters, out);
    write_steps(meters, out);
    gauge(out, "varta_late_seconds", "How late the latest check of the last ten seconds began.",
          (double)now->late_ms / 1000);
    gauge(out, "varta_outbox_notices", "Notices that wait to be delivered.", (double)now->to_be_told);
    write_deliveries(meters, now->config, out);
    write_helpers(meters, now->helpers, out);
    write_pictures(now, out);
    write_incidents(now, out);
    gauge(out, "varta_store_bytes", "Bytes of the store that are in use.", (double)now->store_bytes);
    gauge(out, "varta_store_failing", "1 while the store takes nothing.", now->unsaved);
    gauge(out, "varta_blind", "1 while no page can be reached.", now->blind);
}
