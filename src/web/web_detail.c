/* One page: what it is, how it went, what the last look found, its incidents, and that it may be accepted. */
#include "watch/acceptance.h"
#include "web/web_layout.h"

#include <stdio.h>

static void write_interval(struct html *html, uint32_t interval_s)
{
    uint32_t unit_s = interval_s % 3600 == 0 ? 3600 : interval_s % 60 == 0 ? 60 : 1;
    buf_add_format(html->out, "%u&#160;", (unsigned)(interval_s / unit_s));
    html_say(html, unit_s == 3600 ? WORD_HOURS : unit_s == 60 ? WORD_MINUTES : WORD_SECONDS);
}

/* The operator's own address, and the only link that leads out of here. */
static void write_address(struct html *html, const struct web_row *row)
{
    bool web = span_starts(row->url, SPAN("http://")) || span_starts(row->url, SPAN("https://"));
    html_fact(html, WORD_ADDRESS);
    if (web) {
        buf_add_text(html->out, "<a rel=\"noreferrer noopener external\"");
        html_attribute(html->out, "href", row->url);
        buf_add_byte(html->out, '>');
    }
    html_foreign(html, row->url);
    buf_add_text(html->out, web ? "</a>" : "");
    html_fact_end(html);
}

static void write_baseline(struct html *html, const struct web_row *row)
{
    html_fact(html, WORD_BASELINE);
    if (row->baseline_s) {
        html_plural(html, PLURAL_VERSIONS, row->versions);
        buf_add_text(html->out, ", ");
        html_time(html, row->baseline_s);
    } else {
        html_say(html, WORD_NO_BASELINE);
    }
    html_fact_end(html);
}

static void write_facts(struct layout *layout, const struct web_row *row)
{
    struct html *html = &layout->html;
    size_t count;
    const struct web_group *group = &web_snapshot_groups(layout->web->snapshot, &count)[row->group];
    buf_add_text(html->out, "<dl class=\"facts\">\n");
    write_address(html, row);
    html_fact(html, WORD_GROUP);
    buf_add_text(html->out, "<a href=\"/?group=");
    html_query(html->out, group->name);
    buf_add_text(html->out, "\">");
    html_foreign(html, group->name);
    buf_add_text(html->out, "</a>");
    html_fact_end(html);
    if (group->contact.size) {
        html_fact(html, WORD_CONTACT);
        html_foreign(html, group->contact);
        html_fact_end(html);
    }
    html_fact(html, WORD_INTERVAL);
    write_interval(html, row->interval_s);
    html_fact_end(html);
    html_fact(html, WORD_LOOKED);
    html_time(html, row->at_s);
    html_fact_end(html);
    write_baseline(html, row);
    buf_add_text(html->out, "</dl>\n");
}

static void write_history(struct layout *layout, const struct web_row *row)
{
    struct html *html = &layout->html;
    buf_add_text(html->out, "<section id=\"history\" data-live aria-labelledby=\"history-title\"><h2 "
                            "id=\"history-title\">");
    html_say(html, WORD_HISTORY);
    buf_add_text(html->out, "</h2>\n");
    if (!chart_write(layout, row->url, row->at_s)) {
        buf_add_text(html->out, "<p class=\"none\">");
        html_say(html, WORD_CHART_NOTHING);
        buf_add_text(html->out, "</p>\n");
    }
    buf_add_text(html->out, "</section>\n");
}

/* Read once: what is shown and what its button accepts are the same look. Empty when there is none. */
static struct span last_result(struct layout *layout, const struct web_row *row, struct arena *arena)
{
    struct store *store = web_snapshot_store(layout->web->snapshot);
    struct span json = {NULL, 0};
    if (!store || store_get_outcome(store, row->url, arena, &json) != 1)
        return (struct span){NULL, 0};
    return json;
}

static void take_id(void *context, const struct incident *incident)
{
    *(int64_t *)context = incident->id;
}

/* The page's newest incident, whose evidence knows which part of the message is in which language. */
static int64_t newest_incident(struct layout *layout, struct span url)
{
    struct store *store = web_snapshot_store(layout->web->snapshot);
    struct store_incident_query wish = {.url = url, .limit = 1};
    int64_t id = 0;
    if (store)
        store_list_incidents(store, &wish, take_id, &id);
    return id;
}

static void write_result(struct layout *layout, const struct web_row *row, struct span json)
{
    struct html *html = &layout->html;
    if (json.size == 0)
        return;
    buf_add_text(
        html->out,
        "<section id=\"result\" data-live aria-labelledby=\"result-title\"><h2 id=\"result-title\">");
    html_say(html, WORD_LAST_RESULT);
    buf_add_text(html->out, "</h2>\n");
    case_result(layout, json, newest_incident(layout, row->url));
    buf_add_text(html->out, "</section>\n");
}

struct listing {
    struct layout *layout;
    size_t count;
};

static void add_incident(void *context, const struct incident *incident)
{
    struct listing *listing = context;
    if (listing->count++ == 0)
        layout_incidents_head(listing->layout, WORD_INCIDENTS);
    if (listing->count <= WEB_INCIDENT_ROWS)
        layout_incident(listing->layout, incident);
}

static void write_incidents(struct layout *layout, const struct web_row *row)
{
    struct html *html = &layout->html;
    struct store *store = web_snapshot_store(layout->web->snapshot);
    struct listing listing = {layout, 0};
    struct store_incident_query wish = {.url = row->url, .limit = WEB_INCIDENT_ROWS + 1};
    buf_add_text(html->out, "<section id=\"incidents\" data-live aria-labelledby=\"incidents-title\"><h2 "
                            "id=\"incidents-title\">");
    html_say(html, WORD_INCIDENTS);
    buf_add_text(html->out, "</h2>\n");
    if (store)
        store_list_incidents(store, &wish, add_incident, &listing);
    layout_incidents_end(layout, listing.count);
    if (listing.count > WEB_INCIDENT_ROWS) {
        buf_add_text(html->out, "<p class=\"none\">");
        html_fill_number(html, html_word(html, WORD_NEWEST), WEB_INCIDENT_ROWS);
        buf_add_text(html->out, "</p>\n");
    }
    buf_add_text(html->out, "</section>\n");
}

/* With what is on the screen: when the page says something else by then, this button does nothing. */
static void write_accept(struct layout *layout, const struct web_row *row, const char *digest)
{
    struct html *html = &layout->html;
    layout_form(layout, "/accept");
    buf_add_text(html->out, "<input type=\"hidden\" name=\"url\"");
    html_attribute(html->out, "value", row->url);
    buf_add_format(html->out, "><input type=\"hidden\" name=\"seen\" value=\"%s\"><p>", digest);
    html_say(html, WORD_ACCEPT_HELP);
    buf_add_text(html->out,
                 "</p><p><label class=\"check\"><input type=\"checkbox\" name=\"sure\" value=\"yes\" "
                 "required> ");
    html_say(html, WORD_ACCEPT_SURE);
    buf_add_text(html->out, "</label></p><button>");
    html_say(html, WORD_ACCEPT);
    buf_add_text(html->out, "</button></form>\n");
}

static void write_acts(struct layout *layout, const struct web_row *row, struct span shown)
{
    struct html *html = &layout->html;
    char digest[ACCEPTANCE_DIGEST_BYTES];
    if (!row->acceptable || !acceptance_digest(shown, digest))
        return;
    buf_add_text(html->out, "<section class=\"acts\" aria-labelledby=\"act-title\"><h2 id=\"act-title\">");
    html_say(html, WORD_ACT);
    buf_add_text(html->out, "</h2>\n");
    if (layout->session.is) {
        write_accept(layout, row, digest);
    } else {
        buf_add_text(html->out, "<p>");
        html_say(html, layout->web->keys.any ? WORD_LOG_IN_TO_ACT : WORD_READING_ONLY);
        buf_add_text(html->out, "</p>\n");
    }
    buf_add_text(html->out, "</section>\n");
}

void detail_write(struct layout *layout)
{
    struct html *html = &layout->html;
    const struct web_row *row =
        web_snapshot_find(layout->web->snapshot, web_argument(layout->request, "url"));
    if (!row) {
        layout_plain(layout, 404, WORD_NOT_FOUND, WORD_NOT_WATCHED);
        return;
    }
    struct span name = row->name.size ? row->name : row->url;
    layout_head(layout, name, "");
    layout_done(layout);
    buf_add_format(html->out, "<div id=\"head\" data-live class=\"head %s\"><p>",
                   html_verdict_name(row->verdict));
    html_verdict(html, row->verdict);
    buf_add_text(html->out, "</p><h1>");
    html_foreign(html, name);
    buf_add_text(html->out, "</h1>\n");
    write_facts(layout, row);
    buf_add_text(html->out, "</div>\n");
    write_history(layout, row);
    arena_auto arena = arena_new(4 << 20);
    struct span shown = last_result(layout, row, &arena);
    write_result(layout, row, shown);
    write_incidents(layout, row);
    write_acts(layout, row, shown);
    layout_foot(layout);
}
