/* See case_matter.h. */
#include "cli/case_matter.h"

#include "base/json_reader.h"
#include "cli/cli.h"
#include "cli/control_client.h"
#include "os/clock.h"
#include "pipeline/evidence/evidence.h"
#include "watch/result.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_BYTES = 16 << 20 };

static struct span text_of(const json_t *object, const char *key)
{
    return json_reader_value(json_object_get(object, key));
}

static int64_t time_of(const json_t *object, const char *key)
{
    int64_t at_s = 0;
    struct span text = text_of(object, key);
    return text.size && json_reader_moment(text, &at_s) ? at_s : 0;
}

static enum verdict_kind verdict_of(const json_t *object)
{
    for (unsigned i = 0; i < VERDICT_KIND_COUNT; i++)
        if (span_equal(text_of(object, "verdict"), span_of(verdict_name((enum verdict_kind)i))))
            return (enum verdict_kind)i;
    return VERDICT_KIND_COUNT;
}

static enum incident_state state_of(const json_t *object)
{
    for (unsigned i = 0; i < INCIDENT_STATE_COUNT; i++)
        if (span_equal(text_of(object, "state"), span_of(incident_state_name((enum incident_state)i))))
            return (enum incident_state)i;
    return INCIDENT_SUSPECTED;
}

/* ---- what the daemon says ---- */

static void on_record(void *context, const json_t *object)
{
    struct case_matter *one = context;
    json_decref(one->record);
    one->record = json_deep_copy(object);
}

static void read_record(struct case_matter *one)
{
    const json_t *record = one->record;
    one->incident = (struct incident){
        .id = json_integer_value(json_object_get(record, "id")),
        .url = text_of(record, "url"),
        .name = text_of(record, "name"),
        .state = state_of(record),
        .verdict = verdict_of(record),
        .opened_s = time_of(record, "opened"),
        .began_s = time_of(record, "began"),
        .confirmed_s = time_of(record, "confirmed"),
        .told_s = time_of(record, "told"),
        .acked_s = time_of(record, "acknowledged"),
        .closed_s = time_of(record, "closed"),
        .acked_by = text_of(record, "acknowledged_by"),
        .campaign = json_integer_value(json_object_get(record, "campaign")),
    };
    one->matter.incident = &one->incident;
}

static void read_history(struct case_matter *one)
{
    const json_t *history = json_object_get(one->record, "history");
    size_t count = json_array_size(history);
    struct report_event *events = arena_alloc(&one->arena, count + 1, sizeof(*events));
    for (size_t i = 0; events && i < count; i++) {
        const json_t *event = json_array_get(history, i);
        events[i] =
            (struct report_event){time_of(event, "at"), text_of(event, "what"), text_of(event, "detail")};
    }
    one->matter.events = events;
    one->matter.event_count = events ? count : 0;
}

struct gathering {
    struct case_matter *one;
    struct report_sibling *siblings;
    size_t count, room;
};

static void on_incident(void *context, const json_t *object)
{
    struct gathering *gathering = context;
    struct arena *arena = &gathering->one->arena;
    int64_t id = json_integer_value(json_object_get(object, "id"));
    if (id == gathering->one->incident.id ||
        json_integer_value(json_object_get(object, "campaign")) != gathering->one->incident.campaign)
        return;
    struct report_sibling *grown =
        arena_grow(arena, gathering->siblings, gathering->count, &gathering->room, sizeof(*grown));
    if (!grown)
        return;
    gathering->siblings = grown;
    grown[gathering->count++] = (struct report_sibling){id,
                                                        arena_copy(arena, text_of(object, "url")),
                                                        arena_copy(arena, text_of(object, "name")),
                                                        verdict_of(object),
                                                        arena_copy(arena, text_of(object, "state")),
                                                        time_of(object, "opened")};
}

static void read_campaign(struct case_matter *one, const char *control)
{
    struct gathering gathering = {.one = one};
    if (one->incident.campaign == 0)
        return;
    control_ask(control, json_pack("{s:s, s:b}", "command", "incidents", "all", 1), on_incident, &gathering);
    one->matter.siblings = gathering.siblings;
    one->matter.sibling_count = gathering.count;
}

static void ask(struct case_matter *one, const struct case_source *source)
{
    if (control_reach(source->control) < 0)
        return;
    json_t *request = json_pack("{s:s, s:I}", "command", "show", "id", (json_int_t)source->incident);
    if (control_ask(source->control, request, on_record, one) != EXIT_NOTHING || !one->record)
        return;
    read_record(one);
    read_history(one);
    read_campaign(one, source->control);
}

/* ---- where no evidence was kept ---- */

/* Returns 0 or a negative errno. */
static int make_dossier(struct case_matter *one)
{
    static const char *const kept[] = {"url", "name", "group", "contact"};
    const char *why = "";
    json_t *page = json_object(), *result = json_object_get(one->record, "result");
    struct span at = text_of(one->record, "confirmed");
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        json_object_set(page, kept[i], json_object_get(one->record, kept[i]));
    if (!result)
        result = one->record; /* it has a verdict, a score and a cause as well */
    json_t *dossier = json_pack("{s:i, s:I, s:s, s:o, s:o, s:O}", "format", DOSSIER_FORMAT, "incident",
                                (json_int_t)one->incident.id, "moment", "confirmed", "at",
                                result_string(at.size ? at : text_of(one->record, "opened")), "page", page,
                                "result", result);
    json_object_set(dossier, "instance", json_object_get(one->record, "instance"));
    char *text = dossier ? json_dumps(dossier, JSON_COMPACT) : NULL;
    int made = text ? dossier_parse(span_of(text), &one->made, &why) : -1;
    free(text);
    json_decref(dossier);
    if (made < 0)
        cli_error("the record of the incident cannot be used: %s", why);
    return made;
}

static const char *why_no_record(const char *control)
{
    int reached = control_reach(control);
    return reached == 0         ? "it has no record at the daemon"
           : reached == -EACCES ? "you may not talk to the daemon"
                                : "no varta watch listens at";
}

static bool was_kept(const struct case_matter *one)
{
    for (size_t i = 0; i < one->matter.event_count; i++)
        if (span_equal(one->matter.events[i].what, SPAN("evidence")))
            return true;
    return false;
}

static int find_moments(struct case_matter *one, const struct case_source *source)
{
    const char *named = json_string_value(json_object_get(one->record, "evidence"));
    buf_auto why = buf_new(1024);
    one->evidence = source->evidence ? source->evidence : named ? named : CASE_EVIDENCE_FOLDER;
    if (dossier_folder_open(one->evidence, source->incident, &one->folder, &why) == 0) {
        one->matter.moments = one->folder.moments;
        one->matter.moment_count = one->folder.count;
        one->matter.bytes = dossier_folder_bytes;
        one->matter.context = &one->folder;
        return EXIT_NOTHING;
    }
    one->folder.fd = -1;
    if (!one->record) {
        cli_error("nothing is known of incident %lld: %s %s, and in the evidence %s",
                  (long long)source->incident, why_no_record(source->control), source->control,
                  buf_text(&why));
        return EXIT_FAILED;
    }
    if (source->evidence)
        cli_error("from the record alone: %s", buf_text(&why));
    if (make_dossier(one) < 0)
        return EXIT_FAILED;
    one->matter.moments = &one->made;
    one->matter.moment_count = 1;
    if (was_kept(one))
        one->matter.evidence = evidence_was_removed(one->evidence, source->incident) ? REPORT_EVIDENCE_REMOVED
                                                                                     : REPORT_EVIDENCE_ABSENT;
    return EXIT_NOTHING;
}

int case_matter_open(const struct case_source *source, struct case_matter *ret_case)
{
    struct case_matter *one = ret_case;
    *one = (struct case_matter){.folder = {.fd = -1}, .arena = arena_new(ARENA_BYTES)};
    one->matter.made_s = clock_wall_s();
    ask(one, source);
    int code = find_moments(one, source);
    if (code != EXIT_NOTHING)
        case_matter_free(one);
    return code;
}

void case_matter_free(struct case_matter *one)
{
    dossier_folder_free(&one->folder);
    dossier_free(&one->made);
    json_decref(one->record);
    arena_free(&one->arena);
    *one = (struct case_matter){.folder = {.fd = -1}};
}
