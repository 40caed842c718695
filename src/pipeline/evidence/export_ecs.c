/* A document of the Elastic Common Schema. What the schema has no field for stands under `varta`. */
#include "pipeline/evidence/export_facts.h"

#include "base/json_writer.h"
#include "pipeline/evidence/report_page.h"

#include <stdio.h>

#define ECS_VERSION "8.11.0"

/* A member object unless it is empty. */
static void set_object(json_t *document, const char *key, json_t *object)
{
    if (json_object_size(object))
        json_object_set_new(document, key, object);
    else
        json_decref(object);
}

static json_t *list_of(struct span text)
{
    json_t *list = json_array();
    if (text.size)
        json_array_append_new(list, json_writer_text(text));
    return list;
}

/* What is said to have happened: a notice's kind, else how it ended, else the moment. */
static struct span action_of(const struct export_facts *facts)
{
    if (facts->matter->action.size)
        return facts->matter->action;
    return span_of(facts->over ? export_state(facts) : dossier_moment_name(facts->dossier->moment));
}

static json_t *event(const struct export_facts *facts)
{
    const struct dossier *dossier = facts->dossier;
    char start[40], uuid[EXPORT_UUID], what[100];
    export_time(facts->from_s, ".000Z", start);
    struct span action = action_of(facts);
    snprintf(what, sizeof(what), "event/%lld/%.*s", (long long)dossier->at_s, (int)action.size, action.at);
    export_uuid(facts, span_of(what), uuid);
    json_t *object = json_pack("{s:s, s:[s], s:[s], s:s, s:s, s:s, s:i, s:s, s:o}", "kind",
                               facts->over ? "event" : "alert", "category", "web", "type", "info", "module",
                               "varta", "dataset", "varta.incident", "start", start, "severity",
                               export_severity(facts), "id", uuid, "reason", json_writer_text(facts->title));
    if (!facts->false_alarm)
        json_array_append_new(json_object_get(object, "category"), json_string("intrusion_detection"));
    if (facts->until_s) {
        char end[40];
        export_time(facts->until_s, ".000Z", end);
        json_object_set_new(object, "end", json_string(end));
    }
    export_set(object, "action", action);
    if (dossier->score >= 0)
        json_object_set_new(object, "risk_score", json_real(dossier->score * 100));
    return object;
}

static json_t *url(const struct export_facts *facts)
{
    json_t *object = json_object();
    export_set(object, "full", facts->dossier->url);
    export_set(object, "domain", facts->host);
    export_set(object, "scheme", facts->scheme);
    size_t fragment = span_find(facts->path, SPAN("#"), 0), query = span_find(facts->path, SPAN("?"), 0);
    export_set(object, "path", span_cut(facts->path, 0, query < fragment ? query : fragment));
    export_set(object, "query", span_cut(facts->path, query + 1, fragment));
    export_set(object, "fragment", span_cut(facts->path, fragment + 1, facts->path.size));
    if (facts->port)
        json_object_set_new(object, "port", json_integer(facts->port));
    return object;
}

static json_t *tls(const struct dossier *dossier)
{
    json_t *server = json_object();
    export_set(server, "subject", dossier->certificate_subject);
    export_set(server, "issuer", dossier->certificate_issuer);
    if (dossier->certificate_sha256.size) {
        buf_auto upper = buf_new(128);
        for (size_t i = 0; i < dossier->certificate_sha256.size; i++) {
            char c = dossier->certificate_sha256.at[i];
            buf_add_byte(&upper, c >= 'a' ? (char)(c - 32) : c);
        }
        json_object_set_new(server, "hash", json_pack("{s:o}", "sha256", json_writer_text(buf_span(&upper))));
    }
    json_t *object = json_object();
    set_object(object, "server", server);
    return object;
}

static json_t *related(const struct export_facts *facts)
{
    const struct dossier *dossier = facts->dossier;
    json_t *object = json_object(), *hashes = json_array();
    if (facts->host.size)
        json_object_set_new(object, "hosts", list_of(facts->host));
    if (facts->address.size)
        json_object_set_new(object, "ip", list_of(facts->address));
    for (size_t i = 0; i < dossier->picture_count; i++)
        if (dossier->pictures[i].fresh && dossier->pictures[i].sha256.size)
            json_array_append_new(hashes, json_writer_text(dossier->pictures[i].sha256));
    if (json_array_size(hashes))
        json_object_set(object, "hash", hashes);
    json_decref(hashes);
    return object;
}

static json_t *own(const struct export_facts *facts)
{
    const struct dossier *dossier = facts->dossier;
    json_t *object = json_object(), *languages = json_array();
    for (size_t i = 0; i < dossier->language_count; i++)
        json_array_append_new(languages, json_pack("{s:s, s:f}", "language", dossier->languages[i].language,
                                                   "share", dossier->languages[i].share));
    if (dossier->incident)
        json_object_set_new(object, "incident", json_integer(dossier->incident));
    if (dossier->verdict < VERDICT_KIND_COUNT)
        json_object_set_new(object, "verdict", json_string(verdict_name(dossier->verdict)));
    json_object_set_new(object, "languages", languages);
    export_set(object, "message", facts->message);
    export_set(object, "state", span_of(export_state(facts)));
    export_set(object, "cause", dossier->cause);
    export_set(object, "page", dossier->name);
    export_set(object, "group", dossier->group);
    return object;
}

json_t *export_ecs(const struct export_facts *facts)
{
    const struct dossier *dossier = facts->dossier;
    char at[40];
    export_time(dossier->at_s, ".000Z", at);
    json_t *server = json_object(), *tags = json_array();
    export_set(server, "ip", facts->address);
    export_set(server, "domain", facts->host);
    json_array_append_new(tags,
                          json_sprintf("tlp:%.*s", facts->matter->tlp.size ? (int)facts->matter->tlp.size : 5,
                                       facts->matter->tlp.size ? facts->matter->tlp.at : "amber"));
    json_array_append_new(tags, json_string(facts->false_alarm ? "false-alarm" : export_type(facts)));
    json_t *document =
        json_pack("{s:s, s:{s:s}, s:o, s:o, s:{s:s, s:s, s:s}, s:o}", "@timestamp", at, "ecs", "version",
                  ECS_VERSION, "message", json_writer_text(facts->title), "event", event(facts), "observer",
                  "product", "varta", "type", "website-monitor", "version", VARTA_VERSION, "tags", tags);
    if (!document)
        return NULL;
    set_object(document, "url", url(facts));
    set_object(document, "server", server);
    if (dossier->status)
        json_object_set_new(document, "http",
                            json_pack("{s:{s:I}}", "response", "status_code", (json_int_t)dossier->status));
    set_object(document, "tls", tls(dossier));
    set_object(document, "related", related(facts));
    set_object(document, "varta", own(facts));
    return document;
}
