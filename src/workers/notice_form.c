/* See notice_form.h. */
#include "workers/notice_form.h"

#include "base/json_reader.h"
#include "pipeline/evidence/exports.h"

enum { INSTANCE_DIGITS = 8, PAGES = 200 };

bool notice_form_suits(const struct notice *notice, enum sink_format format)
{
    return notice->kind != NOTICE_SELF || format == FORMAT_CEF || format == FORMAT_ECS;
}

/* The store's name heads a notice's id, "5eed0001-i17-…". */
static struct span instance_of(const struct notice *notice)
{
    size_t mark = span_find(notice->id, SPAN("-"), 0);
    bool is = mark == INSTANCE_DIGITS && (notice->has_incident || notice->has_campaign);
    return span_cut(notice->id, 0, is ? mark : 0);
}

static void fill_page(struct dossier *dossier, const struct notice *notice)
{
    const struct notice_page *first = notice->list_count ? &notice->list[0] : NULL;
    dossier->url = notice->url;
    dossier->name = notice->name;
    dossier->group = notice->group;
    dossier->contact = notice->contact;
    dossier->verdict = notice->verdict;
    if (notice->has_page || !first)
        return;
    dossier->url = first->url;
    dossier->name = first->name;
    dossier->contact = first->contact;
    dossier->verdict = first->verdict;
}

static struct dossier dossier_of(const struct notice *notice, struct dossier_reason reasons[NOTICE_REASONS])
{
    struct dossier dossier = {
        .incident = notice->incident,
        .moment = notice->kind == NOTICE_RECOVERED ? MOMENT_RECOVERED
                  : notice->kind == NOTICE_WORSE   ? MOMENT_WORSE
                                                   : MOMENT_CONFIRMED,
        .at = notice->at,
        .at_s = notice->at_s,
        .instance = instance_of(notice),
        .score = notice->has_result ? notice->score : -1,
        .cause = notice->cause,
        .reasons = reasons,
        .reason_count = notice->reason_count,
        .message = notice->message,
        .origin = notice->origin,
        .kept = -1,
        .fresh = -1,
        .structure = -1,
        .status = notice->status,
        .final_url = notice->final_url,
        .address = notice->address,
    };
    fill_page(&dossier, notice);
    _Static_assert((int)NOTICE_LANGUAGES <= (int)DOSSIER_LANGUAGES,
                   "a notice's languages fit into a dossier");
    for (size_t i = 0; i < notice->language_count && i < NOTICE_LANGUAGES; i++)
        dossier.languages[dossier.language_count++] = notice->languages[i];
    for (size_t i = 0; i < notice->reason_count; i++)
        reasons[i] = (struct dossier_reason){.text = notice->reasons[i]};
    return dossier;
}

static size_t list_pages(const struct notice *notice, struct report_sibling siblings[PAGES])
{
    size_t count = 0;
    for (size_t i = 1; i < notice->list_count && count < PAGES; i++)
        siblings[count++] = (struct report_sibling){.incident = notice->list[i].incident,
                                                    .url = notice->list[i].url,
                                                    .name = notice->list[i].name,
                                                    .verdict = notice->list[i].verdict,
                                                    .state = notice->list[i].state};
    return count;
}

/* ---- its record, as far as a notice tells it ---- */

static int64_t time_of(struct span text, int64_t otherwise_s)
{
    int64_t at_s = 0;
    return text.size && json_reader_moment(text, &at_s) ? at_s : otherwise_s;
}

static enum incident_state state_of(const struct notice *notice)
{
    if (notice->kind == NOTICE_RECOVERED)
        return INCIDENT_RECOVERED;
    for (unsigned i = 0; i < INCIDENT_STATE_COUNT; i++)
        if (span_equal(notice->state, span_of(incident_state_name((enum incident_state)i))))
            return (enum incident_state)i;
    return notice->kind == NOTICE_ACCEPTED ? INCIDENT_ACCEPTED : INCIDENT_CONFIRMED;
}

/* A campaign that is over is a false alarm when every page of it was one. */
static enum incident_state state_of_campaign(const struct notice *notice)
{
    size_t accepted = 0;
    if (notice->kind != NOTICE_CAMPAIGN_OVER)
        return INCIDENT_CONFIRMED;
    for (size_t i = 0; i < notice->list_count; i++)
        accepted += span_equal(notice->list[i].state, span_of(incident_state_name(INCIDENT_ACCEPTED)));
    return accepted && accepted == notice->list_count && notice->left_out == 0 ? INCIDENT_ACCEPTED
                                                                               : INCIDENT_RECOVERED;
}

static struct incident record_of(const struct notice *notice)
{
    struct incident record = {
        .id = notice->incident,
        .state = notice->has_incident ? state_of(notice) : state_of_campaign(notice),
        .opened_s = time_of(notice->has_incident ? notice->opened : notice->first, notice->at_s),
    };
    record.began_s = time_of(notice->began, record.opened_s);
    if (record.state == INCIDENT_RECOVERED || record.state == INCIDENT_ACCEPTED)
        record.closed_s = time_of(notice->closed, notice->at_s);
    return record;
}

void notice_form_put(const struct notice *notice, enum sink_format format, struct buf *out)
{
    static const enum export_form forms[FORMAT_COUNT] = {
        [FORMAT_MISP] = EXPORT_MISP, [FORMAT_INTELMQ] = EXPORT_INTELMQ, [FORMAT_STIX] = EXPORT_STIX,
        [FORMAT_CEF] = EXPORT_CEF,   [FORMAT_ECS] = EXPORT_ECS,
    };
    struct dossier_reason reasons[NOTICE_REASONS];
    struct report_sibling siblings[PAGES];
    struct dossier dossier = dossier_of(notice, reasons);
    struct incident record = record_of(notice);
    bool recorded = notice->has_incident || notice->has_campaign;
    struct report_matter matter = {
        .incident = recorded ? &record : NULL,
        .campaign = notice->has_campaign && !notice->has_incident ? notice->campaign : 0,
        .moments = &dossier,
        .moment_count = 1,
        .siblings = siblings,
        .sibling_count = list_pages(notice, siblings),
        .title = notice->summary,
        .action = span_of(notice_kind_name(notice->kind)),
        .id = notice->id,
        .made_s = notice->at_s,
    };
    export_line(forms[format], &matter, out);
}
