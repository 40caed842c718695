/* Incidents and campaigns: what happened, when, and what a person can do about it. */
#include "base/saying.h"
#include "watch/dossier_folder.h"
#include "web/web_layout.h"

#include <stdio.h>

/* ---- one incident ---- */

/* "unavailable (refused)": the verdict with its mark, and what the cause means. */
static void write_detail(struct html *html, struct span what, struct span detail)
{
    size_t open = span_find(detail, SPAN(" ("), 0);
    enum verdict_kind kind = html_verdict_of(span_cut(detail, 0, open));
    buf_auto said = buf_new(4096);
    if (kind != VERDICT_KIND_COUNT) {
        html_verdict(html, kind);
        if (open + 3 <= detail.size) {
            buf_add_byte(html->out, ' ');
            html_cause(html, span_cut(detail, open + 2, detail.size - 1));
        }
        return;
    }
    bool known = saying_detail(what, detail, NULL, web_words_tongue(html->language), &said);
    html_foreign(html, known ? buf_span(&said) : detail);
}

static void add_event(void *context, int64_t at_s, struct span what, struct span detail)
{
    struct layout *layout = context;
    struct html *html = &layout->html;
    const char *word = web_words_event(html->language, what);
    buf_add_text(html->out, "<tr><td class=\"time\">");
    html_time(html, at_s);
    buf_add_text(html->out, "</td><th scope=\"row\">");
    html_foreign(html, word ? span_of(word) : what);
    buf_add_text(html->out, "</th><td>");
    write_detail(html, what, detail);
    buf_add_text(html->out, "</td></tr>\n");
}

static void write_timeline(struct layout *layout, int64_t id)
{
    static const enum web_word heads[] = {WORD_WHEN, WORD_WHAT, WORD_DETAIL};
    struct html *html = &layout->html;
    buf_add_text(html->out,
                 "<section id=\"timeline\" data-live aria-labelledby=\"time-title\"><h2 id=\"time-title\">");
    html_say(html, WORD_TIMELINE);
    buf_add_text(html->out, "</h2><table class=\"rows events\"><thead><tr>");
    for (size_t i = 0; i < 3; i++) {
        buf_add_text(html->out, "<th scope=\"col\">");
        html_say(html, heads[i]);
        buf_add_text(html->out, "</th>");
    }
    buf_add_text(html->out, "</tr></thead><tbody>\n");
    store_events(web_snapshot_store(layout->web->snapshot), id, add_event, layout);
    buf_add_text(html->out, "</tbody></table></section>\n");
}

static void write_moment(struct html *html, enum web_word word, int64_t at_s)
{
    if (at_s == 0)
        return;
    html_fact(html, word);
    html_time(html, at_s);
    html_fact_end(html);
}

static void write_number(struct html *html, enum web_word word, const char *template, uint64_t number)
{
    html_fact(html, word);
    html_fill_number(html, template, number);
    html_fact_end(html);
}

static void write_facts(struct layout *layout, const struct incident *incident)
{
    struct html *html = &layout->html;
    buf_add_text(html->out, "<dl class=\"facts\">\n");
    html_fact(html, WORD_PAGE);
    layout_page_link(layout, incident->url, incident->name);
    html_fact_end(html);
    html_fact(html, WORD_GROUP);
    html_foreign(html, incident->group);
    html_fact_end(html);
    if (incident->contact.size) {
        html_fact(html, WORD_CONTACT);
        html_foreign(html, incident->contact);
        html_fact_end(html);
    }
    write_number(html, WORD_SEVERITY, html_word(html, WORD_SEVERITY_OF), incident->severity);
    write_moment(html, WORD_SINCE, incident->began_s);
    write_moment(html, WORD_CONFIRMED, incident->confirmed_s);
    write_moment(html, WORD_OVER, incident->closed_s);
    if (incident->acked_by.size) {
        html_fact(html, WORD_ACKED_BY);
        html_foreign(html, incident->acked_by);
        html_fact_end(html);
    }
    if (incident->flaps)
        write_number(html, WORD_CAME_BACK, "{}", incident->flaps);
    if (incident->campaign) {
        html_fact(html, WORD_PART_OF);
        buf_add_format(html->out, "<a href=\"/campaign/%lld\">", (long long)incident->campaign);
        html_fill_number(html, html_word(html, WORD_CAMPAIGN), (uint64_t)incident->campaign);
        buf_add_text(html->out, "</a>");
        html_fact_end(html);
    }
    buf_add_text(html->out, "</dl>\n");
    if (incident->cloaked) {
        buf_add_text(html->out, "<p class=\"note\">");
        html_say(html, WORD_CLOAKED);
        buf_add_text(html->out, "</p>\n");
    }
}

static void write_ack(struct layout *layout, const char *id, enum web_word word)
{
    struct html *html = &layout->html;
    layout_form(layout, "/ack");
    buf_add_format(html->out, "<input type=\"hidden\" name=\"id\" value=\"%s\"><p>", id);
    html_say(html, WORD_ACK_HELP);
    buf_add_text(html->out, "</p><button class=\"main\">");
    html_say(html, word);
    buf_add_text(html->out, "</button></form>\n");
}

static void write_acts(struct layout *layout, const struct incident *incident)
{
    struct html *html = &layout->html;
    char id[24];
    if (incident->closed_s)
        return;
    buf_add_text(html->out, "<section class=\"acts\" aria-labelledby=\"act-title\"><h2 id=\"act-title\">");
    html_say(html, WORD_ACT);
    buf_add_text(html->out, "</h2>\n");
    if (!layout->session.is) {
        buf_add_text(html->out, "<p>");
        html_say(html, layout->web->keys.any ? WORD_LOG_IN_TO_ACT : WORD_READING_ONLY);
        buf_add_text(html->out, "</p>\n");
    } else if (incident->state == INCIDENT_CONFIRMED) {
        snprintf(id, sizeof(id), "%lld", (long long)incident->id);
        write_ack(layout, id, WORD_ACK);
    }
    if (layout->session.is) {
        buf_add_text(html->out, "<p>");
        layout_page_link(layout, incident->url, span_of(html_word(html, WORD_ACCEPT)));
        buf_add_text(html->out, "</p>\n");
    }
    buf_add_text(html->out, "</section>\n");
}

static void write_title(struct html *html, struct buf *out, enum web_word word, int64_t id)
{
    struct buf *before = html->out;
    html->out = out;
    html_fill_number(html, html_word(html, word), (uint64_t)id);
    html->out = before;
}

/* The moments of its evidence are in order of time: the last one that is not about its end. */
void case_result(struct layout *layout, struct span json, int64_t incident)
{
    struct dossier_folder folder;
    buf_auto why = buf_new(1024);
    const struct dossier *evidence = NULL;
    bool kept = incident && dossier_folder_open(layout->web->order.evidence.at, incident, &folder, &why) == 0;
    for (size_t i = 0; kept && i < folder.count; i++)
        if (folder.moments[i].moment != MOMENT_RECOVERED)
            evidence = &folder.moments[i];
    result_write(layout, json, evidence);
    if (kept)
        dossier_folder_free(&folder);
}

static void write_incident(struct layout *layout, const struct incident *incident)
{
    struct html *html = &layout->html;
    buf_auto title = buf_new(1024);
    write_title(html, &title, WORD_INCIDENT, incident->id);
    layout_head(layout, buf_span(&title), "");
    layout_done(layout);
    buf_add_format(html->out, "<div id=\"head\" data-live class=\"head %s\"><p>",
                   incident->closed_s ? "over" : html_verdict_name(incident->verdict));
    html_verdict(html, incident->verdict);
    buf_add_byte(html->out, ' ');
    layout_state(layout, incident);
    buf_add_text(html->out, "</p><h1>");
    html_text(html->out, buf_span(&title));
    buf_add_text(html->out, ": ");
    html_foreign(html, incident->name.size ? incident->name : incident->url);
    buf_add_text(html->out, "</h1>\n");
    write_facts(layout, incident);
    buf_add_text(html->out, "</div>\n");
    write_acts(layout, incident);
    buf_add_format(html->out, "<p class=\"report\"><a class=\"button\" href=\"/incident/%lld/report\">",
                   (long long)incident->id);
    html_say(html, WORD_REPORT);
    buf_add_text(html->out, "</a></p>\n<section id=\"result\" data-live>");
    case_result(layout, incident->result, incident->id);
    buf_add_text(html->out, "</section>\n");
    write_timeline(layout, incident->id);
    layout_foot(layout);
}

void case_write(struct layout *layout, int64_t id)
{
    struct store *store = web_snapshot_store(layout->web->snapshot);
    struct incident incident;
    int found = store ? store_get_incident(store, id, &incident) : -1;
    if (found == 1) {
        write_incident(layout, &incident);
        incident_free(&incident);
    } else {
        layout_plain(layout, found < 0 ? 503 : 404, found < 0 ? WORD_BUSY : WORD_NOT_FOUND,
                     found < 0 ? WORD_STORE_GONE : WORD_NOT_FOUND_HELP);
    }
}

/* ---- all of them ---- */

struct listing {
    struct layout *layout;
    size_t count;
    int64_t last;
};

static void add_incident(void *context, const struct incident *incident)
{
    struct listing *listing = context;
    if (listing->count++ == 0)
        layout_incidents_head(listing->layout, WORD_INCIDENTS);
    if (listing->count > WEB_INCIDENT_ROWS)
        return;
    layout_incident(listing->layout, incident);
    listing->last = incident->id;
}

static int64_t number_of(struct span text)
{
    int64_t number = 0;
    for (size_t i = 0; i < text.size && i < 15 && text.at[i] >= '0' && text.at[i] <= '9'; i++)
        number = number * 10 + (text.at[i] - '0');
    return number;
}

/* A leaf of them, and where the next one is; `here` is the path that lists them. */
static void write_list(struct layout *layout, struct store_incident_query wish, const char *here)
{
    struct html *html = &layout->html;
    struct store *store = web_snapshot_store(layout->web->snapshot);
    struct listing listing = {layout, 0, 0};
    wish.before = number_of(web_argument(layout->request, "before"));
    wish.limit = WEB_INCIDENT_ROWS + 1;
    buf_add_text(html->out, "<div id=\"list\" data-live>");
    if (store)
        store_list_incidents(store, &wish, add_incident, &listing);
    layout_incidents_end(layout, listing.count);
    if (listing.count > WEB_INCIDENT_ROWS) {
        buf_add_format(html->out, "<p class=\"turns\"><a class=\"button\" href=\"%s?before=%lld\">", here,
                       (long long)listing.last);
        html_say(html, WORD_NEXT);
        buf_add_text(html->out, "</a></p>\n");
    }
    buf_add_text(html->out, "</div>\n");
}

void case_list(struct layout *layout)
{
    struct html *html = &layout->html;
    layout_head(layout, span_of(html_word(html, WORD_INCIDENTS)), "/incidents");
    buf_add_text(html->out, "<h1>");
    html_say(html, WORD_INCIDENTS);
    buf_add_text(html->out, "</h1>\n");
    write_list(layout, (struct store_incident_query){.before = 0}, "/incidents");
    layout_foot(layout);
}

/* ---- a campaign ---- */

static void write_campaign(struct layout *layout, const struct campaign *campaign)
{
    struct html *html = &layout->html;
    char id[24], here[48];
    buf_auto title = buf_new(1024);
    write_title(html, &title, campaign->outage ? WORD_CAMPAIGN_OUTAGE : WORD_CAMPAIGN, campaign->id);
    layout_head(layout, buf_span(&title), "");
    layout_done(layout);
    buf_add_text(html->out, "<div id=\"head\" data-live class=\"head\"><h1>");
    html_text(html->out, buf_span(&title));
    buf_add_text(html->out, "</h1><dl class=\"facts\">");
    html_fact(html, WORD_PAGES);
    html_plural(html, PLURAL_PAGES, campaign->pages);
    html_fact_end(html);
    html_fact(html, WORD_STATE);
    layout_tally(layout, campaign);
    html_fact_end(html);
    write_moment(html, WORD_SINCE, campaign->opened_s);
    write_moment(html, WORD_OVER, campaign->closed_s);
    buf_add_text(html->out, "</dl></div>\n");
    if (layout->session.is && !campaign->closed_s) {
        snprintf(id, sizeof(id), "c%lld", (long long)campaign->id);
        buf_add_text(html->out, "<section class=\"acts\">");
        write_ack(layout, id, WORD_ACK_ALL);
        buf_add_text(html->out, "</section>\n");
    }
    snprintf(here, sizeof(here), "/campaign/%lld", (long long)campaign->id);
    write_list(layout, (struct store_incident_query){.campaign = campaign->id}, here);
    layout_foot(layout);
}

void campaign_write(struct layout *layout, int64_t id)
{
    struct store *store = web_snapshot_store(layout->web->snapshot);
    struct campaign campaign;
    int found = store ? store_get_campaign(store, id, &campaign) : -1;
    if (found == 1)
        write_campaign(layout, &campaign);
    else
        layout_plain(layout, found < 0 ? 503 : 404, found < 0 ? WORD_BUSY : WORD_NOT_FOUND,
                     found < 0 ? WORD_STORE_GONE : WORD_NOT_FOUND_HELP);
}
