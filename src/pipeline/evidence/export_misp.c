/*
 * A MISP core-format event. Attributes say what it is about and are never marked for detection systems
 * (to_ids): the page is a victim. The picture goes along as an attachment, in a `file` object with its
 * digest. Distribution is "your organisation only"; whoever imports it decides how far it goes.
 */
#include "pipeline/evidence/export_facts.h"

#include "base/json_writer.h"
#include "pipeline/evidence/report_page.h"

#include <stdio.h>

/* Templates of MISP's object collection that varta fills. */
#define FILE_TEMPLATE "688c46fb-5edb-40a3-8273-1af7923e2215"
#define URL_TEMPLATE  "60efb77b-40b5-4c46-871b-ed1ed999fce5"

enum { NAME_BYTES = 1 << 16 };

struct event {
    const struct export_facts *facts;
    json_t *attributes, *objects;
    char stamp[24]; /* seconds since 1970 */
};

/* Named by what it says, not by its place: an attribute keeps its name when others join it. */
static json_t *attribute(const struct event *event, const char *category, const char *type,
                         const char *relation, struct span value, const char *comment)
{
    char uuid[EXPORT_UUID];
    buf_auto what = buf_new(NAME_BYTES);
    buf_add_format(&what, "attribute/%s/%s/%s/", type, relation, comment);
    buf_add_span(&what, span_cut(value, 0, NAME_BYTES / 2));
    export_uuid(event->facts, buf_span(&what), uuid);
    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:b, s:s, s:s, s:b}", "uuid", uuid, "category", category,
                     "type", type, "value", json_writer_text(value), "comment", comment, "to_ids", 0,
                     "timestamp", event->stamp, "distribution", "5", "disable_correlation", 0);
}

/* One of a few words that many events have: it ties none of them together. Named by what it is about, for its
 * value changes. */
static void add_word(struct event *event, const char *value, const char *comment)
{
    char uuid[EXPORT_UUID];
    buf_auto what = buf_new(NAME_BYTES);
    if (!value[0])
        return;
    json_t *one = attribute(event, "Other", "text", "", span_of(value), comment);
    buf_add_format(&what, "word/%s", comment);
    export_uuid(event->facts, buf_span(&what), uuid);
    json_object_set_new(one, "uuid", json_string(uuid));
    json_object_set_new(one, "disable_correlation", json_true());
    json_array_append_new(event->attributes, one);
}

static void add(struct event *event, const char *category, const char *type, struct span value,
                const char *comment)
{
    if (value.size)
        json_array_append_new(event->attributes, attribute(event, category, type, "", value, comment));
}

static void relate(struct event *event, json_t *list, const char *relation, const char *category,
                   const char *type, struct span value)
{
    if (value.size == 0)
        return;
    json_t *one = attribute(event, category, type, relation, value, "");
    json_object_set_new(one, "object_relation", json_string(relation));
    json_array_append_new(list, one);
}

static void add_object(struct event *event, const char *name, const char *meta, const char *template,
                       const char *version, struct span key, json_t *attributes)
{
    char uuid[EXPORT_UUID];
    buf_auto what = buf_new(NAME_BYTES);
    buf_add_format(&what, "object/%s/", name);
    buf_add_span(&what, span_cut(key, 0, NAME_BYTES / 2));
    export_uuid(event->facts, buf_span(&what), uuid);
    json_array_append_new(event->objects,
                          json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "uuid", uuid, "name",
                                    name, "meta-category", meta, "template_uuid", template,
                                    "template_version", version, "description", "", "timestamp", event->stamp,
                                    "distribution", "5", "Attribute", attributes));
}

/* ---- what it is about ---- */

static void add_page(struct event *event)
{
    const struct export_facts *facts = event->facts;
    const struct dossier *dossier = facts->dossier;
    json_t *list = json_array();
    relate(event, list, "url", "Network activity", "url", dossier->url);
    if (facts->host.size)
        relate(event, list, facts->numeric ? "ip" : "domain", "Network activity",
               facts->numeric ? "ip-dst" : "domain", facts->host);
    relate(event, list, "text", "Other", "text", dossier->name);
    if (dossier->url.size)
        add_object(event, "url", "network", URL_TEMPLATE, "9", dossier->url, list);
    else
        json_decref(list);
    add(event, "Network activity", "ip-dst", facts->address, "the server that answered");
    if (!span_equal(dossier->final_url, dossier->url))
        add(event, "Network activity", "url", dossier->final_url, "where the page led");
    add(event, "Network activity", "x509-fingerprint-sha256", dossier->certificate_sha256,
        "of the server's certificate");
}

/* MISP takes no address and no single word for a host name. */
static void add_hosts(struct event *event, const struct dossier_hosts *hosts, const char *comment)
{
    for (size_t i = 0; i < hosts->count; i++) {
        struct span host = hosts->at[i];
        bool named = span_find(host, SPAN("."), 0) < host.size;
        if (export_is_numeric(host))
            add(event, "Network activity", "ip-dst", host, comment);
        else
            add(event, named ? "Network activity" : "Other", named ? "hostname" : "text", host, comment);
    }
}

static void add_words(struct event *event)
{
    const struct dossier *dossier = event->facts->dossier;
    buf_auto languages = buf_new(4096);
    report_languages(dossier, TONGUE_EN, &languages);
    add(event, "Other", "text", event->facts->message, "what the page says");
    add(event, "Other", "comment", buf_span(&languages), "languages of it, by share of the letters");
    if (dossier->verdict < VERDICT_KIND_COUNT)
        add_word(event, verdict_name(dossier->verdict), "varta's verdict");
    add_word(event, export_state(event->facts), "state of the incident");
    if (event->facts->until_s) {
        char end[40];
        export_time(event->facts->until_s, "Z", end);
        add_word(event, end, "when it ended");
    }
}

static void add_picture(struct event *event, const struct dossier_picture *picture)
{
    buf_auto data = buf_new(REPORT_PICTURE_BYTES * 2);
    json_t *list = json_array();
    relate(event, list, "sha256", "External analysis", "sha256", picture->sha256);
    if (picture->file.size && export_picture(event->facts, picture, &data)) {
        json_t *one = attribute(event, "External analysis", "attachment", "attachment", picture->file,
                                "drawn anew by varta, not the original bytes");
        json_object_set_new(one, "object_relation", json_string("attachment"));
        json_object_set_new(one, "data", json_writer_text(buf_span(&data)));
        json_array_append_new(list, one);
    }
    add(event, "Network activity", "url", picture->url, "a picture new to the page");
    if (json_array_size(list))
        add_object(event, "file", "file", FILE_TEMPLATE, "24",
                   picture->sha256.size ? picture->sha256 : picture->file, list);
    else
        json_decref(list);
}

static void add_all(struct event *event)
{
    const struct dossier *dossier = event->facts->dossier;
    const struct report_matter *matter = event->facts->matter;
    add_page(event);
    add_words(event);
    add_hosts(event, &dossier->links, "newly linked to");
    add_hosts(event, &dossier->scripts, "a script is newly loaded from there");
    add_hosts(event, &dossier->frames, "a frame is newly loaded from there");
    add_hosts(event, &dossier->forms, "a form newly sends there");
    for (size_t i = 0, shown = 0; i < dossier->picture_count && shown < REPORT_PICTURES; i++)
        if (dossier->pictures[i].fresh) {
            add_picture(event, &dossier->pictures[i]);
            shown++;
        }
    for (size_t i = 0; i < matter->sibling_count && i < REPORT_SIBLINGS; i++)
        add(event, "Network activity", "url", matter->siblings[i].url, "a page of the same campaign");
}

/* ---- the event ---- */

static json_t *tags(const struct export_facts *facts)
{
    struct span tlp = facts->matter->tlp.size ? facts->matter->tlp : SPAN("amber");
    json_t *list = json_array();
    json_array_append_new(list, json_pack("{s:o}", "name", json_sprintf("tlp:%.*s", (int)tlp.size, tlp.at)));
    json_array_append_new(
        list, facts->false_alarm
                  ? json_pack("{s:s}", "name", "false-positive:risk=\"high\"")
                  : json_pack("{s:o}", "name",
                              json_sprintf("rsit:%s=\"%s\"", export_class(facts), export_type(facts))));
    return list;
}

static const char *threat_level(const struct export_facts *facts)
{
    enum verdict_kind verdict = facts->false_alarm ? VERDICT_KIND_COUNT : facts->dossier->verdict;
    return verdict == VERDICT_DEFACED ? "2" : verdict == VERDICT_REPLACED ? "3" : "4"; /* medium, low, none */
}

json_t *export_misp(const struct export_facts *facts)
{
    struct event event = {facts, json_array(), json_array(), ""};
    char date[40], uuid[EXPORT_UUID];
    snprintf(event.stamp, sizeof(event.stamp), "%lld", (long long)facts->version_s);
    export_time(facts->from_s, "", date);
    date[sizeof("2022-01-14") - 1] = '\0';
    export_uuid(facts, SPAN("event"), uuid);
    add_all(&event);
    return json_pack("{s:{s:s, s:o, s:s, s:s, s:b, s:s, s:s, s:s, s:o, s:o, s:o}}", "Event", "uuid", uuid,
                     "info", json_writer_text(facts->title), "date", date, "timestamp", event.stamp,
                     "published", 0, "analysis", facts->over ? "2" : "1", "threat_level_id",
                     threat_level(facts), "distribution", "0", "Attribute", event.attributes, "Object",
                     event.objects, "Tag", tags(facts));
}
