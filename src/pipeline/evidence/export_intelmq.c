/* An IntelMQ event, keys as IntelMQ's harmonisation names them. `source` is the compromised resource there:
 * the page that was defaced. */
#include "pipeline/evidence/export_facts.h"

#include "base/json_writer.h"

static void add_source(const struct export_facts *facts, json_t *event)
{
    const struct dossier *dossier = facts->dossier;
    if (span_find(dossier->url, SPAN("://"), 0) < dossier->url.size)
        export_set(event, "source.url", dossier->url);
    if (facts->host.size && !facts->numeric) {
        buf_auto lower = buf_new(512);
        for (size_t i = 0; i < facts->host.size; i++) {
            char c = facts->host.at[i];
            buf_add_byte(&lower, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
        }
        while (lower.size && lower.at[lower.size - 1] == '.')
            lower.size--;
        export_set(event, "source.fqdn", buf_span(&lower));
    }
    export_set(event, "source.ip", facts->address);
    if (facts->port)
        json_object_set_new(event, "source.port", json_integer(facts->port));
}

static void add_extra(const struct export_facts *facts, json_t *event)
{
    const struct dossier *dossier = facts->dossier;
    buf_auto languages = buf_new(512);
    export_languages(dossier, &languages);
    if (dossier->verdict < VERDICT_KIND_COUNT)
        json_object_set_new(event, "extra.verdict", json_string(verdict_name(dossier->verdict)));
    if (dossier->score >= 0)
        json_object_set_new(event, "extra.score", json_real(dossier->score));
    if (dossier->incident)
        json_object_set_new(event, "extra.incident", json_integer(dossier->incident));
    export_set(event, "extra.languages", buf_span(&languages));
    export_set(event, "extra.message", facts->message);
    export_set(event, "extra.cause", dossier->cause);
    export_set(event, "extra.state", span_of(export_state(facts)));
    if (facts->until_s) {
        char end[40];
        export_time(facts->until_s, "+00:00", end);
        json_object_set_new(event, "extra.end", json_string(end));
    }
    export_set(event, "extra.action", facts->matter->action);
    export_set(event, "extra.tlp", facts->matter->tlp.size ? facts->matter->tlp : SPAN("amber"));
}

json_t *export_intelmq(const struct export_facts *facts)
{
    const struct dossier *dossier = facts->dossier;
    char seen[40], made[40];
    export_time(dossier->at_s, "+00:00", seen);
    export_time(facts->matter->made_s ? facts->matter->made_s : dossier->at_s, "+00:00", made);
    json_t *event = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "feed.name", "varta", "feed.provider",
                              "varta", "classification.taxonomy", export_class(facts), "classification.type",
                              export_type(facts), "time.source", seen, "time.observation", made,
                              "event_description.text", json_writer_text(facts->title));
    if (!event)
        return NULL;
    if (dossier->verdict == VERDICT_DEFACED && !facts->false_alarm)
        json_object_set_new(event, "classification.identifier", json_string("defacement"));
    if (facts->state < INCIDENT_STATE_COUNT) /* of what is malicious: the message on the page */
        json_object_set_new(event, "status", json_string(facts->over ? "offline" : "online"));
    export_set(event, "event_description.target", dossier->name);
    add_source(facts, event);
    add_extra(facts, event);
    return event;
}
