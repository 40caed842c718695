/* The report of an incident, made anew from its evidence each time somebody opens it. */
#include "web/web_layout.h"

#include "watch/dossier_folder.h"

#include <stdio.h>
#include <stdlib.h>

enum { EVENTS = 500, MATTER_BYTES = 4 << 20 };

/* What the report is made of beside the evidence. */
struct matter {
    struct arena arena;
    struct report_event events[EVENTS];
    size_t event_count;
    struct report_sibling siblings[REPORT_SIBLINGS];
    size_t sibling_count;
    int64_t incident;
};

static void add_event(void *context, int64_t at_s, struct span what, struct span detail)
{
    struct matter *matter = context;
    if (matter->event_count < EVENTS)
        matter->events[matter->event_count++] =
            (struct report_event){at_s, arena_copy(&matter->arena, what), arena_copy(&matter->arena, detail)};
}

static void add_sibling(void *context, const struct incident *incident)
{
    struct matter *matter = context;
    if (matter->sibling_count == REPORT_SIBLINGS || incident->id == matter->incident)
        return;
    matter->siblings[matter->sibling_count++] = (struct report_sibling){
        .incident = incident->id,
        .url = arena_copy(&matter->arena, incident->url),
        .name = arena_copy(&matter->arena, incident->name),
        .verdict = incident->verdict,
        .state = span_of(incident_state_name(incident->state)),
        .opened_s = incident->opened_s,
    };
}

static void collect(struct store *store, const struct incident *incident, struct matter *matter)
{
    matter->arena = arena_new(MATTER_BYTES);
    matter->incident = incident->id;
    store_events(store, incident->id, add_event, matter);
    struct store_incident_query wish = {.campaign = incident->campaign, .limit = REPORT_SIBLINGS + 1};
    if (incident->campaign)
        store_list_incidents(store, &wish, add_sibling, matter);
}

static void write_report(struct layout *layout, const struct incident *incident,
                         struct dossier_folder *folder)
{
    struct matter *matter = calloc(1, sizeof(*matter));
    if (!matter) {
        layout_plain(layout, 503, WORD_BUSY, WORD_BUSY_HELP);
        return;
    }
    collect(web_snapshot_store(layout->web->snapshot), incident, matter);
    struct report_matter report = {
        .moments = folder->moments,
        .moment_count = folder->count,
        .incident = incident,
        .events = matter->events,
        .event_count = matter->event_count,
        .siblings = matter->siblings,
        .sibling_count = matter->sibling_count,
        .bytes = dossier_folder_bytes,
        .context = folder,
        .made_s = layout->html.now_s,
    };
    size_t counts[INCIDENT_STATE_COUNT], all = 0;
    if (incident->campaign &&
        store_count_states(web_snapshot_store(layout->web->snapshot), incident->campaign, counts) == 0)
        for (size_t i = 0; i < INCIDENT_STATE_COUNT; i++)
            all += counts[i];
    report.siblings_left = all > matter->sibling_count + 1 ? all - matter->sibling_count - 1 : 0;
    layout->reply->report = true;
    layout->reply->body.ceiling = REPORT_BYTES;
    report_html(&report, web_words_tongue(layout->html.language), &layout->reply->body);
    arena_free(&matter->arena);
    free(matter);
}

static void look_for_evidence(void *context, int64_t at_s, struct span what, struct span detail)
{
    (void)at_s;
    (void)detail;
    *(bool *)context |= span_equal(what, SPAN("evidence"));
}

void report_write(struct layout *layout, int64_t id)
{
    struct store *store = web_snapshot_store(layout->web->snapshot);
    struct incident incident;
    struct dossier_folder folder;
    buf_auto why = buf_new(1024);
    if (!store || store_get_incident(store, id, &incident) != 1) {
        layout_plain(layout, 404, WORD_NOT_FOUND, WORD_NOT_FOUND_HELP);
        return;
    }
    if (dossier_folder_open(layout->web->order.evidence.at, id, &folder, &why) == 0) {
        write_report(layout, &incident, &folder);
        dossier_folder_free(&folder);
    } else {
        bool kept = false;
        store_events(store, id, look_for_evidence, &kept);
        layout_plain(layout, 404, WORD_NOT_FOUND, kept ? WORD_REPORT_GONE : WORD_NO_REPORT);
    }
    incident_free(&incident);
}
