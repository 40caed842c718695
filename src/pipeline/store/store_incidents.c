/* Incidents, their history, and campaigns. */
#include "pipeline/store/store_inside.h"

#include <errno.h>
#include <stdio.h>

enum { INCIDENT_BYTES = 1 << 20 };

/* ---- writing ---- */

static void bind_words(struct query *query, const struct incident *incident)
{
    query_text(query, 2, incident->url);
    query_text(query, 3, incident->name);
    query_text(query, 4, incident->group);
    query_text(query, 5, incident->contact);
    query_text(query, 6, span_of(incident_state_name(incident->state)));
    query_text(query, 7, span_of(verdict_name(incident->verdict)));
    query_text(query, 8, span_of(verdict_name(incident->pending)));
    query_text(query, 9, span_of(verdict_name(incident->last)));
    query_text(query, 10, span_of(incident->cause));
    query_real(query, 11, incident->score);
    query_text(query, 33, incident->acked_by);
    query_text(query, 34, incident->result);
    query_int(query, 35, incident->moved);
    query_int(query, 36, incident->began_s);
}

static void bind_numbers(struct query *query, const struct incident *incident)
{
    const int64_t numbers[] = {
        incident->opened_s,    incident->confirmed_s, incident->told_s,    incident->acked_s,
        incident->escalated_s, incident->closed_s,    incident->changed_s, incident->looks,
        incident->bad,         incident->good,        incident->tries,     incident->flaps,
        incident->escalations, incident->weight,      incident->severity,  incident->cloaked,
        incident->untold,
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        query_int(query, 12 + (int)i, numbers[i]);
    query_reference(query, 29, incident->campaign);
    query_blob(query, 30,
               (struct span){(const char *)incident->sketch.at,
                             incident->sketch.count * sizeof(incident->sketch.at[0])});
    query_blob(query, 31, (struct span){(const char *)incident->pictures, sizeof(incident->pictures)});
    query_int(query, 32, (int64_t)incident->landing);
}

int store_put_incident(struct store *store, struct incident *incident)
{
    query_auto *query = NULL;
    int result =
        query_begin(store->sql,
                    "INSERT INTO incident(id, " STORE_INCIDENT_COLUMNS
                    ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,"
                    "?23,?24,?25,?26,?27,?28,?29,?30,?31,?32,?33,?34,?35,?36) ON CONFLICT(id) DO UPDATE SET "
                    "(" STORE_INCIDENT_COLUMNS
                    ") = (?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,"
                    "?23,?24,?25,?26,?27,?28,?29,?30,?31,?32,?33,?34,?35,?36)",
                    &query);
    if (result < 0)
        return result;
    query_reference(query, 1, incident->id);
    bind_words(query, incident);
    bind_numbers(query, incident);
    result = query_step(query);
    if (result == 0 && incident->id == 0)
        incident->id = sql_last_id(store->sql);
    return result;
}

int store_put_event(struct store *store, int64_t incident, int64_t at_s, struct span what, struct span detail)
{
    query_auto *query = NULL;
    int result =
        query_begin(store->sql, "INSERT INTO event(incident, at, what, detail) VALUES(?1,?2,?3,?4)", &query);
    if (result < 0)
        return result;
    query_int(query, 1, incident);
    query_int(query, 2, at_s);
    query_text(query, 3, what);
    query_text(query, 4, detail);
    return query_step(query);
}

/* ---- reading ---- */

static enum verdict_kind verdict_of(struct span name)
{
    for (unsigned i = 0; i < VERDICT_KIND_COUNT; i++)
        if (span_equal(name, span_of(verdict_name((enum verdict_kind)i))))
            return (enum verdict_kind)i;
    return VERDICT_NEW;
}

static enum incident_state state_of(struct span name)
{
    for (unsigned i = 0; i < INCIDENT_STATE_COUNT; i++)
        if (span_equal(name, span_of(incident_state_name((enum incident_state)i))))
            return (enum incident_state)i;
    return INCIDENT_DISMISSED;
}

static void take_words(struct query *query, struct incident *incident)
{
    struct span cause = column_span(query, 9);
    incident->url = arena_copy(&incident->arena, column_span(query, 1));
    incident->name = arena_copy(&incident->arena, column_span(query, 2));
    incident->group = arena_copy(&incident->arena, column_span(query, 3));
    incident->contact = arena_copy(&incident->arena, column_span(query, 4));
    incident->state = state_of(column_span(query, 5));
    incident->verdict = verdict_of(column_span(query, 6));
    incident->pending = verdict_of(column_span(query, 7));
    incident->last = verdict_of(column_span(query, 8));
    snprintf(incident->cause, sizeof(incident->cause), "%.*s", (int)cause.size, cause.at ? cause.at : "");
    incident->score = column_real(query, 10);
    incident->acked_by = arena_copy(&incident->arena, column_span(query, 32));
    incident->result = arena_copy(&incident->arena, column_span(query, 33));
    incident->moved = column_int(query, 34) != 0;
}

static void take_numbers(struct query *query, struct incident *incident)
{
    incident->id = column_int(query, 0);
    incident->opened_s = column_int(query, 11);
    incident->confirmed_s = column_int(query, 12);
    incident->told_s = column_int(query, 13);
    incident->acked_s = column_int(query, 14);
    incident->escalated_s = column_int(query, 15);
    incident->closed_s = column_int(query, 16);
    incident->changed_s = column_int(query, 17);
    incident->looks = (uint32_t)column_int(query, 18);
    incident->bad = (uint32_t)column_int(query, 19);
    incident->good = (uint32_t)column_int(query, 20);
    incident->tries = (uint32_t)column_int(query, 21);
    incident->flaps = (uint32_t)column_int(query, 22);
    incident->escalations = (uint32_t)column_int(query, 23);
    incident->weight = (uint32_t)column_int(query, 24);
    incident->severity = (uint32_t)column_int(query, 25);
    incident->cloaked = column_int(query, 26) != 0;
    incident->untold = column_int(query, 27) != 0;
    incident->campaign = column_int(query, 28);
    incident->landing = (uint64_t)column_int(query, 31);
    incident->began_s = column_int(query, 35);
}

struct incident store_take_incident(struct query *query)
{
    struct incident incident = {.arena = arena_new(INCIDENT_BYTES)};
    take_words(query, &incident);
    take_numbers(query, &incident);
    struct span sketch = column_span(query, 29);
    if (sketch.size && sketch.size <= sizeof(incident.sketch.at)) {
        memcpy(incident.sketch.at, sketch.at, sketch.size);
        incident.sketch.count = (uint32_t)(sketch.size / sizeof(incident.sketch.at[0]));
    }
    struct span pictures = column_span(query, 30);
    if (pictures.size == sizeof(incident.pictures))
        memcpy(incident.pictures, pictures.at, pictures.size);
    return incident;
}

int store_each_incident(struct query *query, store_incident_fn *each, void *context)
{
    int count = 0, result;
    while ((result = query_step(query)) == 1) {
        struct incident incident = store_take_incident(query);
        each(context, &incident);
        incident_free(&incident);
        count++;
    }
    return result < 0 ? result : count;
}

int store_incidents(struct store *store, int64_t since_s, store_incident_fn *each, void *context)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql,
                             "SELECT id, " STORE_INCIDENT_COLUMNS
                             " FROM incident WHERE closed = 0 OR closed >= ?1 OR (told = 0 AND "
                             "campaign IN (SELECT id FROM campaign WHERE closed = 0)) ORDER BY id",
                             &query);
    if (result < 0)
        return result;
    query_int(query, 1, since_s);
    return store_each_incident(query, each, context);
}

int store_get_incident(struct store *store, int64_t id, struct incident *ret_incident)
{
    query_auto *query = NULL;
    int result =
        query_begin(store->sql, "SELECT id, " STORE_INCIDENT_COLUMNS " FROM incident WHERE id = ?1", &query);
    if (result < 0)
        return result;
    query_int(query, 1, id);
    result = query_step(query);
    if (result == 1)
        *ret_incident = store_take_incident(query);
    return result;
}

int store_events(struct store *store, int64_t incident, store_event_fn *each, void *context)
{
    query_auto *query = NULL;
    int result =
        query_begin(store->sql, "SELECT at, what, detail FROM event WHERE incident = ?1 ORDER BY id", &query);
    if (result < 0)
        return result;
    int count = 0;
    query_int(query, 1, incident);
    while ((result = query_step(query)) == 1) {
        each(context, column_int(query, 0), column_span(query, 1), column_span(query, 2));
        count++;
    }
    return result < 0 ? result : count;
}

/* ---- campaigns ---- */

int store_put_campaign(struct store *store, struct campaign *campaign)
{
    query_auto *query = NULL;
    int result = query_begin(
        store->sql,
        "INSERT INTO campaign(id, outage, opened, changed, told, closed, pages, told_pages, tells, told_back)"
        " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10) ON CONFLICT(id) DO UPDATE SET outage = ?2, opened = ?3,"
        " changed = ?4, told = ?5, closed = ?6, pages = ?7, told_pages = ?8, tells = ?9, told_back = ?10",
        &query);
    if (result < 0)
        return result;
    query_reference(query, 1, campaign->id);
    query_int(query, 2, campaign->outage);
    query_int(query, 3, campaign->opened_s);
    query_int(query, 4, campaign->changed_s);
    query_int(query, 5, campaign->told_s);
    query_int(query, 6, campaign->closed_s);
    query_int(query, 7, campaign->pages);
    query_int(query, 8, campaign->told_pages);
    query_int(query, 9, campaign->tells);
    query_int(query, 10, campaign->told_back);
    result = query_step(query);
    if (result == 0 && campaign->id == 0)
        campaign->id = sql_last_id(store->sql);
    return result;
}

struct campaign store_take_campaign(struct query *query)
{
    return (struct campaign){
        .id = column_int(query, 0),
        .outage = column_int(query, 1) != 0,
        .opened_s = column_int(query, 2),
        .changed_s = column_int(query, 3),
        .told_s = column_int(query, 4),
        .closed_s = column_int(query, 5),
        .pages = (uint32_t)column_int(query, 6),
        .told_pages = (uint32_t)column_int(query, 7),
        .tells = (uint32_t)column_int(query, 8),
        .told_back = (uint32_t)column_int(query, 9),
    };
}

int store_campaigns(struct store *store, int64_t since_s, store_campaign_fn *each, void *context)
{
    query_auto *query = NULL;
    int result = query_begin(
        store->sql,
        "SELECT id, outage, opened, changed, told, closed, pages, told_pages, tells, told_back FROM campaign"
        " WHERE closed = 0 OR closed >= ?1 ORDER BY id",
        &query);
    if (result < 0)
        return result;
    int count = 0;
    query_int(query, 1, since_s);
    while ((result = query_step(query)) == 1) {
        struct campaign campaign = store_take_campaign(query);
        each(context, &campaign);
        count++;
    }
    return result < 0 ? result : count;
}

int store_last_ids(struct store *store, int64_t *ret_incident, int64_t *ret_campaign)
{
    int result = sql_ask(store->sql, "SELECT seq FROM sqlite_sequence WHERE name = 'incident'", ret_incident);
    return result < 0
               ? result
               : sql_ask(store->sql, "SELECT seq FROM sqlite_sequence WHERE name = 'campaign'", ret_campaign);
}
