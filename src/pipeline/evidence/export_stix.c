/*
 * A STIX 2.1 bundle: an incident, what was observed (addresses, pictures), the message as a note, and a
 * report around it. No indicator: the page is the victim's.
 *
 * Observables have the identifiers that the specification computes from what they are (section 2.9: UUIDv5 of
 * the contributing properties in canonical JSON), so that every CERT's copy of one picture is one object.
 */
#include "pipeline/evidence/export_facts.h"

#include "base/json_writer.h"
#include "pipeline/evidence/report_page.h"

#include <stdio.h>
#include <stdlib.h>

enum { ID_BYTES = 64, STAMP_BYTES = 40, URI_BYTES = 1 << 18 };

/* Section 2.9: 00abedb4-aa42-466c-9c01-fed23315a9b7. */
static const unsigned char observable_space[16] = {0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c,
                                                   0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7};

/* One identity for every varta: who runs it says so in the report that goes along. */
#define VARTA_IDENTITY "identity--d1f6f2b0-97a5-5d0b-8f55-1f6a3a7a2c11"
#define VARTA_CREATED  "2026-01-01T00:00:00.000Z"

struct bundle {
    const struct export_facts *facts;
    json_t *objects, *observed; /* all; identifiers of what was observed */
    char incident[ID_BYTES];
    const struct marking *marking;
    char created[STAMP_BYTES], version[STAMP_BYTES]; /* of the incident, and of what is told of it */
    char at[STAMP_BYTES];                            /* when the page was seen so */
};

/* TLP 2.0 as OASIS published it for STIX 2.1 (cti-stix-common-objects, extension tlp-2.0): the
 * specification's own markings are TLP 1.0, which knows no stricter amber. */
#define TLP_EXTENSION "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
#define TLP_CREATED   "2022-10-01T00:00:00.000Z"

static const struct marking {
    const char *word, *name, *id;
} markings[] = {
    {"amber", "TLP:AMBER", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"},
    {"clear", "TLP:CLEAR", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"},
    {"green", "TLP:GREEN", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"},
    {"amber+strict", "TLP:AMBER+STRICT", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"},
    {"red", "TLP:RED", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"},
};

static const struct marking *marking_of(struct span tlp)
{
    for (size_t i = 0; i < sizeof(markings) / sizeof(markings[0]); i++)
        if (span_equal(tlp, span_of(markings[i].word)))
            return &markings[i];
    return &markings[0];
}

/* ---- domain objects ---- */

static void own_id(const struct bundle *bundle, const char *type, char ret_id[ID_BYTES])
{
    char uuid[EXPORT_UUID];
    export_uuid(bundle->facts, span_of(type), uuid);
    snprintf(ret_id, ID_BYTES, "%s--%s", type, uuid);
}

static json_t *domain_object(const struct bundle *bundle, const char *type)
{
    char id[ID_BYTES];
    own_id(bundle, type, id);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:[s]}", "type", type, "spec_version", "2.1", "id", id,
                     "created", bundle->created, "modified", bundle->version, "created_by_ref",
                     VARTA_IDENTITY, "object_marking_refs", bundle->marking->id);
}

static void add_identity(struct bundle *bundle)
{
    json_array_append_new(bundle->objects,
                          json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "type", "identity", "spec_version",
                                    "2.1", "id", VARTA_IDENTITY, "created", VARTA_CREATED, "modified",
                                    VARTA_CREATED, "name", "varta", "identity_class", "system"));
}

static void add_marking(struct bundle *bundle)
{
    const struct marking *marking = bundle->marking;
    json_array_append_new(bundle->objects,
                          json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:{s:s, s:s}}}", "type",
                                    "marking-definition", "spec_version", "2.1", "id", marking->id, "created",
                                    TLP_CREATED, "name", marking->name, "extensions", TLP_EXTENSION,
                                    "extension_type", "property-extension", "tlp_2_0", marking->word));
}

static void add_incident(struct bundle *bundle)
{
    const struct dossier *dossier = bundle->facts->dossier;
    json_t *incident = domain_object(bundle, "incident"), *labels = json_array();
    json_object_set_new(incident, "name", json_writer_text(bundle->facts->title));
    json_array_append_new(
        labels, json_string(bundle->facts->false_alarm ? "false-positive" : export_type(bundle->facts)));
    if (export_state(bundle->facts)[0])
        json_array_append_new(labels, json_string(export_state(bundle->facts)));
    if (dossier->verdict < VERDICT_KIND_COUNT)
        json_array_append_new(labels, json_string(verdict_name(dossier->verdict)));
    json_object_set_new(incident, "labels", labels);
    buf_auto text = buf_new(1 << 16);
    for (size_t i = 0; i < dossier->reason_count; i++) {
        buf_add_span(&text, dossier->reasons[i].text);
        buf_add_text(&text, i + 1 < dossier->reason_count ? "; " : "");
    }
    export_set(incident, "description", buf_span(&text));
    json_array_append_new(bundle->objects, incident);
}

static void add_note(struct bundle *bundle)
{
    if (bundle->facts->message.size == 0)
        return;
    json_t *note = domain_object(bundle, "note");
    buf_auto languages = buf_new(4096);
    buf_add_text(&languages, "What the page says");
    if (bundle->facts->dossier->language_count)
        buf_add_text(&languages, ": ");
    report_languages(bundle->facts->dossier, TONGUE_EN, &languages);
    json_object_set_new(note, "abstract", json_writer_text(buf_span(&languages)));
    json_object_set_new(note, "content", json_writer_text(bundle->facts->message));
    json_object_set_new(note, "object_refs", json_pack("[s]", bundle->incident));
    json_array_append_new(bundle->objects, note);
}

/* ---- observables ---- */

/* RFC 8785 writes control characters with small digits, jansson with capital ones. */
static void make_canonical(char *json)
{
    for (char *at = json; at && (at = strchr(at, '\\')); at += 2)
        for (char *digit = at + 2; at[1] == 'u' && digit < at + 6 && *digit; digit++)
            *digit = *digit >= 'A' && *digit <= 'F' ? (char)(*digit + 32) : *digit;
}

/* The contributing properties in canonical form: sorted, without white space. */
static void computed_id(const char *type, json_t *contributing, char ret_id[ID_BYTES])
{
    char uuid[EXPORT_UUID];
    char *canonical = json_dumps(contributing, JSON_COMPACT | JSON_SORT_KEYS);
    make_canonical(canonical);
    export_uuid_in(observable_space, span_of(canonical), uuid);
    snprintf(ret_id, ID_BYTES, "%s--%s", type, uuid);
    free(canonical);
    json_decref(contributing);
}

/* True for one that is in the bundle already: two addresses may be the same. */
static bool is_known(const struct bundle *bundle, const char *id)
{
    size_t index;
    json_t *one;
    json_array_foreach(bundle->objects, index,
                       one) if (strcmp(json_string_value(json_object_get(one, "id")), id) == 0) return true;
    return false;
}

/* Takes `object`. */
static void add_observable(struct bundle *bundle, const char *type, const char *id, json_t *object)
{
    if (!is_known(bundle, id)) {
        json_object_set_new(object, "type", json_string(type));
        json_object_set_new(object, "spec_version", json_string("2.1"));
        json_object_set_new(object, "id", json_string(id));
        json_object_set_new(object, "object_marking_refs", json_pack("[s]", bundle->marking->id));
        json_array_append_new(bundle->objects, json_incref(object));
        json_array_append_new(bundle->observed, json_string(id));
    }
    json_decref(object);
}

static void add_value(struct bundle *bundle, const char *type, struct span value)
{
    char id[ID_BYTES];
    if (value.size == 0)
        return;
    json_t *object = json_pack("{s:o}", "value", json_writer_text(value));
    computed_id(type, json_incref(object), id);
    add_observable(bundle, type, id, object);
}

static void add_address(struct bundle *bundle, struct span address)
{
    add_value(bundle, export_is_v6(address) ? "ipv6-addr" : "ipv4-addr", address);
}

static void add_url(struct bundle *bundle, struct span url)
{
    buf_auto uri = buf_new(URI_BYTES);
    export_uri(url, &uri);
    add_value(bundle, "url", buf_span(&uri));
}

static json_t *sha256(struct span digest)
{
    return json_pack("{s:o}", "SHA-256", json_writer_text(digest));
}

/* The original is known by its digest only; what goes along is what varta drew, as an artifact of its own. */
static void add_picture(struct bundle *bundle, const struct dossier_picture *picture)
{
    char id[ID_BYTES];
    buf_auto data = buf_new(REPORT_PICTURE_BYTES * 2);
    if (picture->sha256.size) {
        json_t *file = json_pack("{s:o}", "hashes", sha256(picture->sha256));
        computed_id("file", json_incref(file), id);
        add_observable(bundle, "file", id, file);
    }
    if (!export_picture(bundle->facts, picture, &data))
        return;
    json_t *artifact = json_pack("{s:o}", "payload_bin", json_writer_text(buf_span(&data)));
    computed_id("artifact", json_incref(artifact), id);
    json_object_set_new(artifact, "mime_type", json_string("image/png"));
    add_observable(bundle, "artifact", id, artifact);
}

static void add_hosts(struct bundle *bundle, const struct dossier_hosts *hosts)
{
    for (size_t i = 0; i < hosts->count; i++)
        if (export_is_numeric(hosts->at[i]))
            add_address(bundle, hosts->at[i]);
        else
            add_value(bundle, "domain-name", hosts->at[i]);
}

static void add_observables(struct bundle *bundle)
{
    const struct export_facts *facts = bundle->facts;
    const struct dossier *dossier = facts->dossier;
    add_url(bundle, dossier->url);
    add_url(bundle, dossier->final_url);
    if (!facts->numeric)
        add_value(bundle, "domain-name", facts->host);
    add_address(bundle, facts->address);
    add_hosts(bundle, &dossier->links);
    add_hosts(bundle, &dossier->scripts);
    add_hosts(bundle, &dossier->frames);
    add_hosts(bundle, &dossier->forms);
    for (size_t i = 0, shown = 0; i < dossier->picture_count && shown < REPORT_PICTURES; i++)
        if (dossier->pictures[i].fresh) {
            add_picture(bundle, &dossier->pictures[i]);
            shown++;
        }
    for (size_t i = 0; i < facts->matter->sibling_count && i < REPORT_SIBLINGS; i++)
        add_url(bundle, facts->matter->siblings[i].url);
}

static void add_observation(struct bundle *bundle)
{
    if (json_array_size(bundle->observed) == 0)
        return;
    char id[ID_BYTES];
    json_t *seen = domain_object(bundle, "observed-data");
    own_id(bundle, "observed-data", id);
    json_object_set_new(seen, "first_observed", json_string(bundle->at));
    json_object_set_new(seen, "last_observed", json_string(bundle->at));
    json_object_set_new(seen, "number_observed", json_integer(1));
    json_object_set(seen, "object_refs", bundle->observed);
    json_array_append_new(bundle->objects, seen);
    json_t *relation = domain_object(bundle, "relationship");
    json_object_set_new(relation, "relationship_type", json_string("related-to"));
    json_object_set_new(relation, "source_ref", json_string(bundle->incident));
    json_object_set_new(relation, "target_ref", json_string(id));
    json_array_append_new(bundle->objects, relation);
}

static void add_report(struct bundle *bundle)
{
    size_t index;
    json_t *one, *all = json_array(), *report = domain_object(bundle, "report");
    json_array_foreach(
        bundle->objects, index,
        one) if (strcmp(json_string_value(json_object_get(one, "type")), "marking-definition") != 0)
        json_array_append(all, json_object_get(one, "id"));
    json_object_set_new(report, "name", json_writer_text(bundle->facts->title));
    json_object_set_new(report, "report_types", json_pack("[s]", "observed-data"));
    json_object_set_new(report, "published", json_string(bundle->version));
    json_object_set_new(report, "object_refs", all);
    json_array_append_new(bundle->objects, report);
}

json_t *export_stix(const struct export_facts *facts)
{
    struct bundle bundle = {.facts = facts,
                            .objects = json_array(),
                            .observed = json_array(),
                            .marking = marking_of(facts->matter->tlp)};
    char id[ID_BYTES];
    export_time(facts->opened_s, ".000Z", bundle.created);
    export_time(facts->version_s, ".000Z", bundle.version);
    export_time(facts->dossier->at_s, ".000Z", bundle.at);
    own_id(&bundle, "incident", bundle.incident);
    add_identity(&bundle);
    add_marking(&bundle);
    add_incident(&bundle);
    add_note(&bundle);
    add_observables(&bundle);
    add_observation(&bundle);
    add_report(&bundle);
    json_decref(bundle.observed);
    own_id(&bundle, "bundle", id);
    return json_pack("{s:s, s:s, s:o}", "type", "bundle", "id", id, "objects", bundle.objects);
}
