/* See daemon_answers.h. */
#include "watch/daemon_answers.h"

#include "os/clock.h"
#include "watch/acceptance.h"
#include "watch/result.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { DAY_S = 86400 };

struct store_retention config_retention(const struct config *config, int64_t now_s)
{
    return (struct store_retention){
        .incidents_before_s = now_s - (int64_t)config->keep_incidents_d * DAY_S,
        .pictures_before_s = now_s - (int64_t)config->keep_pictures_d * DAY_S,
        .deliveries_before_s = now_s - (int64_t)config->keep_deliveries_d * DAY_S,
        .bytes = config->keep_bytes,
    };
}

struct clear_order config_evidence_retention(const struct config *config, int64_t now_s)
{
    return (struct clear_order){.before_s = now_s - (int64_t)config->evidence_d * DAY_S,
                                .bytes = config->evidence_bytes};
}

/* Takes the object. */
static void add_line(struct buf *reply, json_t *object)
{
    char *line = object ? json_dumps(object, RESULT_JSON_FORMAT) : NULL;
    if (line)
        buf_add_format(reply, "%s\n", line);
    free(line);
    json_decref(object);
}

static void add_error(struct buf *reply, const char *text)
{
    add_line(reply, json_pack("{s:o}", "error", result_string(span_of(text))));
}

static void set_time(json_t *object, const char *key, int64_t at_s)
{
    char text[CLOCK_TEXT_SIZE];
    if (at_s == 0)
        return;
    clock_text(at_s, text);
    json_object_set_new(object, key, json_string(text));
}

static void set_text(json_t *object, const char *key, struct span text)
{
    if (text.size)
        json_object_set_new(object, key, result_string(text));
}

static json_t *incident_object(const struct incident *incident)
{
    json_t *object = json_pack(
        "{s:I, s:o, s:s, s:s, s:s, s:f, s:I, s:I}", "id", (json_int_t)incident->id, "url",
        result_string(incident->url), "state", incident_state_name(incident->state), "verdict",
        verdict_name(incident->verdict), "last", verdict_name(incident->last), "score", incident->score,
        "severity", (json_int_t)incident->severity, "looks", (json_int_t)incident->looks);
    if (!object)
        return NULL;
    set_text(object, "name", incident->name);
    set_text(object, "group", incident->group);
    set_text(object, "contact", incident->contact);
    set_text(object, "cause", span_of(incident->cause));
    set_text(object, "acknowledged_by", incident->acked_by);
    char digest[ACCEPTANCE_DIGEST_BYTES];
    if (acceptance_digest(incident->result, digest))
        json_object_set_new(object, "digest", json_string(digest));
    set_time(object, "opened", incident->opened_s);
    set_time(object, "began", incident->began_s);
    set_time(object, "confirmed", incident->confirmed_s);
    set_time(object, "told", incident->told_s);
    set_time(object, "acknowledged", incident->acked_s);
    set_time(object, "closed", incident->closed_s);
    if (incident->campaign)
        json_object_set_new(object, "campaign", json_integer(incident->campaign));
    if (incident->cloaked)
        json_object_set_new(object, "cloaked", json_true());
    if (incident->flaps)
        json_object_set_new(object, "came_back", json_integer(incident->flaps));
    return object;
}

/* ---- status ---- */

static void answer_status(const struct daemon_parts *parts, struct buf *reply)
{
    struct caseload_state cases = caseload_state(parts->caseload);
    struct warden_state watch = warden_state(parts->warden, clock_steady_ms());
    add_line(reply, json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:b}", "version",
                              VARTA_VERSION, "pages", (json_int_t)watch.roster.pages, "looking",
                              (json_int_t)watch.roster.looking, "looks", (json_int_t)watch.looks, "late_ms",
                              (json_int_t)watch.roster.late_ms, "suspected", (json_int_t)cases.suspected,
                              "confirmed", (json_int_t)cases.confirmed, "acknowledged",
                              (json_int_t)cases.acknowledged, "campaigns", (json_int_t)cases.campaigns,
                              "to_be_told", (json_int_t)outbox_depth(parts->outbox), "blind", watch.blind,
                              "unsaved", cases.unsaved || parts->store_gone));
}

static void answer_metrics(const struct daemon_parts *parts, struct buf *reply)
{
    if (!parts->meters) {
        add_error(reply, "nothing is counted here");
        return;
    }
    struct caseload_state cases = caseload_state(parts->caseload);
    struct warden_state watch = warden_state(parts->warden, clock_steady_ms());
    struct meters_now now = {
        .config = parts->config,
        .helpers = helpers_tally(parts->desk->helpers),
        .pictures = picture_cache_tally(parts->desk->pictures),
        .pages = watch.roster.pages,
        .looking = watch.roster.looking,
        .to_be_told = outbox_depth(parts->outbox),
        .suspected = cases.suspected,
        .confirmed = cases.confirmed,
        .acknowledged = cases.acknowledged,
        .campaigns = cases.campaigns,
        .late_ms = watch.roster.late_ms,
        .blind = watch.blind,
        .unsaved = cases.unsaved || parts->store_gone,
    };
    buf_auto text = buf_new(METERS_TEXT_BYTES);
    if (store_bytes(parts->store, &now.store_bytes) < 0)
        now.store_bytes = 0;
    meters_write(parts->meters, &now, &text);
    add_line(reply, json_pack("{s:o}", "metrics", result_string(buf_span(&text))));
}

/* ---- incidents ---- */

struct listing {
    struct buf *reply;
    bool all;
};

static void list_one(void *context, const struct incident *incident)
{
    const struct listing *listing = context;
    bool open = incident->closed_s == 0 && incident->state != INCIDENT_SUSPECTED;
    if (open || listing->all)
        add_line(listing->reply, incident_object(incident));
}

/* What is open stands in memory, which is ahead of a store that fails; what is long over only in the store.
 */
static void answer_incidents(const struct daemon_parts *parts, const json_t *request, struct buf *reply)
{
    struct listing listing = {reply, json_is_true(json_object_get(request, "all"))};
    size_t start = reply->size;
    bool ahead = caseload_state(parts->caseload).unsaved;
    if (listing.all && !ahead && store_incidents(parts->store, 1, list_one, &listing) >= 0)
        return;
    reply->size = start;
    caseload_each(parts->caseload, list_one, &listing);
}

static void add_event(void *context, int64_t at_s, struct span what, struct span detail)
{
    json_t *event = json_pack("{s:o}", "what", result_string(what));
    set_time(event, "at", at_s);
    set_text(event, "detail", detail);
    json_array_append_new(context, event);
}

static void show_one(const struct daemon_parts *parts, const struct incident *incident, struct buf *reply)
{
    json_t *object = incident_object(incident);
    json_t *history = json_array();
    store_events(parts->store, incident->id, add_event, history);
    caseload_lines(parts->caseload, incident->id, add_event, history);
    json_object_set_new(object, "history", history);
    json_t *result =
        json_loadb(incident->result.size ? incident->result.at : "", incident->result.size, 0, NULL);
    if (result)
        json_object_set_new(object, "result", result);
    set_text(object, "instance", span_of(store_instance(parts->store)));
    if (parts->config->evidence_keep)
        set_text(object, "evidence", parts->config->evidence_folder);
    add_line(reply, object);
}

static void answer_show(const struct daemon_parts *parts, const json_t *request, struct buf *reply)
{
    struct incident incident;
    json_int_t id = json_integer_value(json_object_get(request, "id"));
    const struct incident *remembered = caseload_find(parts->caseload, id);
    if (remembered) {
        show_one(parts, remembered, reply);
        return;
    }
    int found = store_get_incident(parts->store, id, &incident);
    if (found < 1) {
        add_error(reply, found < 0 ? store_error(parts->store) : "there is no such incident");
        return;
    }
    show_one(parts, &incident, reply);
    incident_free(&incident);
}

/* ---- people act ---- */

static void answer_acknowledge(const struct daemon_parts *parts, const json_t *request, const char *user,
                               int64_t now_s, struct buf *reply)
{
    const char *id = json_string_value(json_object_get(request, "id"));
    if (!id) {
        add_error(reply, "ack needs the id of an incident, of a campaign, or all");
        return;
    }
    size_t count = caseload_acknowledge(parts->caseload, span_of(id), span_of(user), now_s);
    caseload_save(parts->caseload, now_s);
    add_line(reply, json_pack("{s:I}", "acknowledged", (json_int_t)count));
}

/* Null, or why this may not be accepted as it is. */
static const char *objection(const struct daemon_parts *parts, const json_t *request, struct span url)
{
    arena_auto arena = arena_new(1 << 20);
    struct store_waiting waiting;
    const char *digest = json_string_value(json_object_get(request, "digest"));
    const struct incident *incident = caseload_of_page(parts->caseload, url);
    if (json_is_true(json_object_get(request, "force")) ||
        store_get_waiting(parts->store, url, &arena, &waiting) != 1 || waiting.seen_s == 0)
        return NULL;
    if (digest)
        return acceptance_of_digest(incident, &waiting, digest);
    return incident && incident_is_open(incident) ? acceptance_of_incident(incident, &waiting) : NULL;
}

static void accept_page(const struct daemon_parts *parts, struct span url, const char *user, int64_t now_s,
                        struct buf *reply)
{
    int accepted = store_accept(parts->store, url);
    if (accepted < 0) {
        add_error(reply, store_error(parts->store));
        return;
    }
    bool ended = accepted == 1 && caseload_accept(parts->caseload, url, span_of(user), now_s);
    caseload_save(parts->caseload, now_s);
    add_line(reply, json_pack("{s:b, s:b}", "accepted", accepted == 1, "ended", ended));
}

static void answer_accept(const struct daemon_parts *parts, const json_t *request, const char *user,
                          int64_t now_s, struct buf *reply)
{
    const char *url = json_string_value(json_object_get(request, "url"));
    if (!url) {
        add_error(reply, "accept needs the url of a page");
        return;
    }
    gather_end(parts->gather);
    const char *why_not = objection(parts, request, span_of(url));
    if (why_not)
        add_error(reply, why_not);
    else
        accept_page(parts, span_of(url), user, now_s, reply);
}

void daemon_answer(const struct daemon_parts *parts, const json_t *request, const char *user, int64_t now_s,
                   struct buf *reply)
{
    struct span command = span_of(json_string_value(json_object_get(request, "command")));
    if (span_equal(command, SPAN("status")))
        answer_status(parts, reply);
    else if (span_equal(command, SPAN("metrics")))
        answer_metrics(parts, reply);
    else if (span_equal(command, SPAN("incidents")))
        answer_incidents(parts, request, reply);
    else if (span_equal(command, SPAN("show")))
        answer_show(parts, request, reply);
    else if (span_equal(command, SPAN("ack")))
        answer_acknowledge(parts, request, user, now_s, reply);
    else if (span_equal(command, SPAN("accept")))
        answer_accept(parts, request, user, now_s, reply);
    else
        add_error(reply, "the commands are status, metrics, incidents, show, ack, accept and reload");
}
