/* See web_layout.h. */
#include "web/web_layout.h"

#include <stdio.h>
#include <string.h>

/* ---- who asks ---- */

static enum web_language language_of(const struct web_request *request)
{
    enum web_language wish = web_words_find(web_argument(request, "lang"));
    if (wish == WEB_LANGUAGE_COUNT)
        wish = web_words_find(session_cookie(request->cookie, SPAN("lang")));
    return wish == WEB_LANGUAGE_COUNT ? web_words_choose(request->accept_language) : wish;
}

struct layout layout_begin(struct web *web, const struct web_request *request, struct web_reply *reply)
{
    struct layout layout = {.web = web, .request = request, .reply = reply};
    layout.session = session_of(&web->keys, &web->ends, request->cookie, request->now_s);
    layout.html = (struct html){&reply->body, language_of(request), request->now_s};
    reply->type = "text/html; charset=utf-8";
    return layout;
}

/* ---- the watch itself ---- */

int64_t layout_status(const struct web *web, const char *name)
{
    return json_integer_value(json_object_get(web->status, name));
}

size_t layout_faults(const struct web *web, bool store_gone, int64_t now_s, enum web_word ret_words[4])
{
    size_t count = 0;
    if (!web->status || now_s - web->status_s > WEB_STATUS_OLD_S)
        ret_words[count++] = WORD_WATCH_SILENT;
    if (json_is_true(json_object_get(web->status, "blind")))
        ret_words[count++] = WORD_BLIND;
    if (json_is_true(json_object_get(web->status, "unsaved")))
        ret_words[count++] = WORD_UNSAVED;
    if (store_gone)
        ret_words[count++] = WORD_STORE_GONE;
    return count;
}

static void write_faults(struct layout *layout)
{
    enum web_word faults[4];
    bool gone = web_snapshot_store(layout->web->snapshot) == NULL;
    size_t count = layout_faults(layout->web, gone, layout->html.now_s, faults);
    for (size_t i = 0; i < count; i++) {
        buf_add_text(layout->html.out, "<p class=\"fault\"><strong aria-hidden=\"true\">!</strong> ");
        html_say(&layout->html, faults[i]);
        buf_add_text(layout->html.out, "</p>\n");
    }
}

/* ---- head and foot ---- */

static void write_nav(struct layout *layout, const char *here)
{
    static const struct {
        const char *path;
        enum web_word word;
    } places[] = {{"/", WORD_OVERVIEW}, {"/incidents", WORD_INCIDENTS}, {"/about", WORD_ABOUT}};
    struct html *html = &layout->html;
    buf_add_text(html->out, "<nav");
    html_attribute(html->out, "aria-label", span_of(html_word(html, WORD_NAV)));
    buf_add_text(html->out, "><ul>");
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        bool current = strcmp(places[i].path, here) == 0;
        buf_add_format(html->out, "<li><a href=\"%s\"%s>", places[i].path,
                       current ? " aria-current=\"page\"" : "");
        html_say(html, places[i].word);
        buf_add_text(html->out, "</a></li>");
    }
    buf_add_text(html->out, "</ul></nav>\n");
}

/* The same place in another language; what a form had sent is not asked for again. */
static void write_languages(struct layout *layout)
{
    struct html *html = &layout->html;
    const struct web_request *request = layout->request;
    buf_add_text(html->out, "<nav class=\"tongues\"");
    html_attribute(html->out, "aria-label", span_of(html_word(html, WORD_LANGUAGE)));
    buf_add_text(html->out, "><ul>");
    for (unsigned i = 0; i < WEB_LANGUAGE_COUNT; i++) {
        const struct web_words *words = web_words_of((enum web_language)i);
        buf_add_text(html->out, "<li><a href=\"");
        html_text(html->out, request->path);
        buf_add_byte(html->out, '?');
        for (size_t at = 0; at < request->argument_count; at++) {
            if (span_equal(request->arguments[at].name, SPAN("lang")))
                continue;
            html_query(html->out, request->arguments[at].name);
            buf_add_byte(html->out, '=');
            html_query(html->out, request->arguments[at].value);
            buf_add_text(html->out, "&amp;");
        }
        buf_add_format(html->out, "lang=%s\" lang=\"%s\" hreflang=\"%s\"%s>%s</a></li>", words->tag,
                       words->tag, words->tag, i == html->language ? " aria-current=\"true\"" : "",
                       words->name);
    }
    buf_add_text(html->out, "</ul></nav>\n");
}

static void write_door(struct layout *layout)
{
    struct html *html = &layout->html;
    if (!layout->web->keys.any)
        return;
    if (!layout->session.is) {
        buf_add_text(html->out, "<a class=\"door\" href=\"/login\">");
        html_say(html, WORD_LOG_IN);
        buf_add_text(html->out, "</a>\n");
        return;
    }
    layout_form(layout, "/logout");
    buf_add_text(html->out, "<button class=\"door\" title=\"");
    struct span name = span_of(layout->session.name[0] ? layout->session.name : "–");
    html_fill(html, html_word(html, WORD_LOGGED_IN_AS), &name, 1);
    buf_add_text(html->out, "\">");
    html_say(html, WORD_LOG_OUT);
    buf_add_text(html->out, "</button></form>\n");
}

void layout_head(struct layout *layout, struct span title, const char *here)
{
    struct html *html = &layout->html;
    buf_add_format(html->out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                   web_words_of(html->language)->tag);
    buf_add_text(html->out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                            "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    html_text_cut(html->out, title, HTML_LINE_BYTES);
    buf_add_text(html->out, " · varta</title>\n<link rel=\"stylesheet\" href=\"/status.css\">\n"
                            "<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n");
    if (!layout->request->post && layout->reply->status == 200 && !layout->reply->report)
        buf_add_text(html->out, "<script src=\"/status.js\" defer></script>\n"
                                "<noscript><meta http-equiv=\"refresh\" content=\"60\"></noscript>\n");
    buf_add_text(html->out, "</head>\n<body>\n<a class=\"skip\" href=\"#content\">");
    html_say(html, WORD_SKIP);
    buf_add_text(html->out,
                 "</a>\n<header class=\"top\"><a class=\"brand\" href=\"/\"><svg viewBox=\"0 0 24 24\" "
                 "width=\"24\" height=\"24\" aria-hidden=\"true\" focusable=\"false\"><path d=\"M12 2l8 "
                 "3v6c0 5-3.4 9-8 11-4.6-2-8-6-8-11V5z\"/></svg>varta</a>\n");
    write_nav(layout, here);
    buf_add_text(html->out, "<div class=\"aside\">");
    write_languages(layout);
    write_door(layout);
    buf_add_text(html->out,
                 "</div></header>\n<main id=\"content\" tabindex=\"-1\">\n<div id=\"faults\" data-live>");
    write_faults(layout);
    buf_add_text(html->out, "</div>\n");
}

void layout_foot(struct layout *layout)
{
    struct html *html = &layout->html;
    buf_add_text(html->out, "</main>\n<footer><p>varta " VARTA_VERSION " · <span id=\"live\"");
    html_attribute(html->out, "data-on", span_of(html_word(html, WORD_LIVE)));
    html_attribute(html->out, "data-off", span_of(html_word(html, WORD_NOT_LIVE)));
    html_attribute(html->out, "data-updated", span_of(html_word(html, WORD_UPDATED)));
    buf_add_text(html->out, "></span> ");
    html_time(html, html->now_s);
    buf_add_text(html->out,
                 "</p><p id=\"news\" class=\"unseen\" role=\"status\" aria-live=\"polite\"></p></footer>\n"
                 "</body>\n</html>\n");
}

void layout_plain(struct layout *layout, unsigned status, enum web_word title, enum web_word text)
{
    struct html *html = &layout->html;
    layout->reply->status = status;
    layout_head(layout, span_of(html_word(html, title)), "");
    buf_add_text(html->out, "<h1>");
    html_say(html, title);
    buf_add_text(html->out, "</h1>\n<p>");
    html_say(html, text);
    buf_add_text(html->out, "</p>\n<p><a href=\"/\">");
    html_say(html, WORD_OVERVIEW);
    buf_add_text(html->out, "</a></p>\n");
    layout_foot(layout);
}

void layout_form(struct layout *layout, const char *action)
{
    struct buf *out = layout->html.out;
    layout->reply->forms = true;
    buf_add_format(out, "<form method=\"post\" action=\"%s\">", action);
    buf_add_format(out, "<input type=\"hidden\" name=\"seal\" value=\"%s\">", layout->session.form_seal);
}

/* ---- pages and incidents ---- */

void layout_done(struct layout *layout)
{
    static const struct {
        const char *name;
        enum web_word word;
    } said[] = {{"ack", WORD_DONE_ACK}, {"accept", WORD_DONE_ACCEPT}, {"nothing", WORD_DONE_NOTHING}};
    struct span done = web_argument(layout->request, "done");
    for (size_t i = 0; i < 3; i++) {
        if (!span_equal(done, span_of(said[i].name)))
            continue;
        buf_add_text(layout->html.out, "<p class=\"done\" role=\"status\">");
        html_say(&layout->html, said[i].word);
        buf_add_text(layout->html.out, "</p>\n");
    }
}

void layout_page_link(struct layout *layout, struct span url, struct span name)
{
    struct buf *out = layout->html.out;
    buf_add_text(out, "<a href=\"/page?url=");
    html_query(out, url);
    buf_add_text(out, "\">");
    html_foreign(&layout->html, name.size ? name : url);
    buf_add_text(out, "</a>");
}

void layout_state(struct layout *layout, const struct incident *incident)
{
    struct html *html = &layout->html;
    buf_add_format(html->out, "<span class=\"state %s\">", incident_state_name(incident->state));
    html_say(html, (enum web_word)(WORD_SUSPECTED + incident->state));
    buf_add_text(html->out, "</span>");
}

void layout_incidents_head(struct layout *layout, enum web_word caption)
{
    static const enum web_word heads[] = {WORD_VERDICT, WORD_PAGE, WORD_STATE, WORD_SINCE};
    struct html *html = &layout->html;
    buf_add_text(html->out, "<table class=\"rows incidents\"><caption class=\"unseen\">");
    html_say(html, caption);
    buf_add_text(html->out, "</caption><thead><tr>");
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        buf_add_text(html->out, "<th scope=\"col\">");
        html_say(html, heads[i]);
        buf_add_text(html->out, "</th>");
    }
    buf_add_text(html->out, "</tr></thead><tbody>\n");
}

void layout_incident(struct layout *layout, const struct incident *incident)
{
    struct html *html = &layout->html;
    buf_add_format(html->out, "<tr class=\"%s\"><td>", html_verdict_name(incident->verdict));
    html_verdict(html, incident->verdict);
    buf_add_format(html->out, "</td><th scope=\"row\"><a href=\"/incident/%lld\">", (long long)incident->id);
    html_foreign(html, incident->name.size ? incident->name : incident->url);
    buf_add_text(html->out, "</a><span class=\"under\">");
    html_fill_number(html, html_word(html, WORD_INCIDENT), (uint64_t)incident->id);
    if (incident->campaign) {
        buf_add_format(html->out, " · <a href=\"/campaign/%lld\">", (long long)incident->campaign);
        html_fill_number(html, html_word(html, WORD_CAMPAIGN), (uint64_t)incident->campaign);
        buf_add_text(html->out, "</a>");
    }
    buf_add_text(html->out, "</span></th><td>");
    layout_state(layout, incident);
    if (incident->acked_by.size) {
        buf_add_text(html->out, "<span class=\"under\">");
        html_foreign(html, incident->acked_by);
        buf_add_text(html->out, "</span>");
    }
    buf_add_text(html->out, "</td><td class=\"time\">");
    html_ago(html, incident->began_s);
    buf_add_text(html->out, "</td></tr>\n");
}

void layout_incidents_foot(struct layout *layout)
{
    buf_add_text(layout->html.out, "</tbody></table>\n");
}

void layout_incidents_end(struct layout *layout, size_t count)
{
    struct html *html = &layout->html;
    if (count) {
        layout_incidents_foot(layout);
        return;
    }
    buf_add_text(html->out, "<p class=\"none\">");
    html_say(html, WORD_NO_INCIDENTS);
    buf_add_text(html->out, "</p>\n");
}

void layout_tally(struct layout *layout, const struct campaign *campaign)
{
    struct html *html = &layout->html;
    struct store *store = web_snapshot_store(layout->web->snapshot);
    size_t counts[INCIDENT_STATE_COUNT] = {0};
    const char *between = "";
    if (store)
        store_count_states(store, campaign->id, counts);
    for (unsigned i = 0; i < INCIDENT_STATE_COUNT; i++) {
        if (counts[i] == 0)
            continue;
        buf_add_format(html->out, "%s<span class=\"state %s\">", between,
                       incident_state_name((enum incident_state)i));
        html_say(html, (enum web_word)(WORD_SUSPECTED + i));
        buf_add_format(html->out, " %zu</span>", counts[i]);
        between = ", ";
    }
}
