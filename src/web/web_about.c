/* The watch itself: for people, for probes, for the script of the page; and the log in. */
#include "web/web_layout.h"

#include <stdio.h>

static void write_count(struct html *html, enum web_word word, int64_t number)
{
    html_fact(html, word);
    buf_add_format(html->out, "%lld", (long long)number);
    html_fact_end(html);
}

static void write_health(struct layout *layout)
{
    enum web_word faults[4];
    struct html *html = &layout->html;
    bool gone = web_snapshot_store(layout->web->snapshot) == NULL;
    html_fact(html, WORD_HEALTH);
    html_say(html, layout_faults(layout->web, gone, html->now_s, faults) ? faults[0] : WORD_HEALTHY);
    html_fact_end(html);
}

static void write_store_size(struct layout *layout)
{
    struct html *html = &layout->html;
    struct store *store = web_snapshot_store(layout->web->snapshot);
    int64_t bytes = 0;
    if (!store || store_bytes(store, &bytes) < 0)
        return;
    html_fact(html, WORD_STORE_SIZE);
    html_decimal(html, (double)bytes / (1 << 20), WORD_MEBIBYTES);
    html_fact_end(html);
}

void about_write(struct layout *layout)
{
    struct html *html = &layout->html;
    const struct web *web = layout->web;
    layout_head(layout, span_of(html_word(html, WORD_ABOUT)), "/about");
    buf_add_text(html->out, "<h1>");
    html_say(html, WORD_ABOUT);
    buf_add_text(html->out, "</h1>\n<dl id=\"health\" data-live class=\"facts\">\n");
    write_health(layout);
    html_fact(html, WORD_VERSION);
    buf_add_text(html->out, VARTA_VERSION);
    html_fact_end(html);
    write_count(html, WORD_PAGES, layout_status(web, "pages"));
    write_count(html, WORD_LOOKS, layout_status(web, "looks"));
    html_fact(html, WORD_LATE);
    html_decimal(html, (double)layout_status(web, "late_ms") / 1000, WORD_SECONDS);
    html_fact_end(html);
    write_count(html, WORD_TO_BE_TOLD, layout_status(web, "to_be_told"));
    write_store_size(layout);
    html_fact(html, WORD_MACHINES);
    buf_add_text(html->out, "<a href=\"/metrics\">/metrics</a>, <a href=\"/healthz\">/healthz</a>, <a "
                            "href=\"/live.json\">/live.json</a>");
    html_fact_end(html);
    html_fact(html, WORD_KEYBOARD);
    html_say(html, WORD_KEYBOARD_HELP);
    html_fact_end(html);
    buf_add_text(html->out, "</dl>\n");
    layout_foot(layout);
}

/* For a probe: 200, or 503 with what is wrong, a line each. */
void about_health(struct layout *layout)
{
    static const struct {
        enum web_word word;
        const char *line;
    } lines[] = {{WORD_WATCH_SILENT, "the watch does not answer"},
                 {WORD_BLIND, "no page can be reached"},
                 {WORD_UNSAVED, "the store takes nothing"},
                 {WORD_STORE_GONE, "the store cannot be read"}};
    enum web_word faults[4];
    struct web_reply *reply = layout->reply;
    bool gone = web_snapshot_store(layout->web->snapshot) == NULL;
    size_t count = layout_faults(layout->web, gone, layout->html.now_s, faults);
    bool late = layout_status(layout->web, "late_ms") >= WEB_STALE_S * 1000LL;
    reply->type = "text/plain; charset=utf-8";
    reply->status = count || late ? 503 : 200;
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at < 4; at++)
            if (lines[at].word == faults[i])
                buf_add_format(&reply->body, "%s\n", lines[at].line);
    if (late)
        buf_add_text(&reply->body, "looks are late\n");
    if (reply->status == 200)
        buf_add_text(&reply->body, "ok\n");
}

/* What the script asks every few seconds: whether it is worth fetching the page anew. */
void about_live(struct layout *layout)
{
    struct web_reply *reply = layout->reply;
    const size_t *counts = web_snapshot_counts(layout->web->snapshot);
    reply->type = "application/json";
    buf_add_format(&reply->body, "{\"mark\":%llu,\"counts\":{",
                   (unsigned long long)web_snapshot_mark(layout->web->snapshot));
    for (unsigned i = 0; i <= VERDICT_KIND_COUNT; i++)
        buf_add_format(&reply->body, "%s\"%s\":%zu", i ? "," : "", html_verdict_name((enum verdict_kind)i),
                       counts[i]);
    buf_add_format(&reply->body, "},\"confirmed\":%lld,\"acknowledged\":%lld}\n",
                   (long long)layout_status(layout->web, "confirmed"),
                   (long long)layout_status(layout->web, "acknowledged"));
}

void login_write(struct layout *layout, bool wrong)
{
    struct html *html = &layout->html;
    layout->reply->status = wrong ? 403 : 200;
    layout->reply->forms = true;
    layout_head(layout, span_of(html_word(html, WORD_LOG_IN)), "");
    buf_add_text(html->out, "<h1>");
    html_say(html, WORD_LOG_IN);
    buf_add_text(html->out, "</h1>\n");
    if (!layout->web->keys.any) {
        buf_add_text(html->out, "<p>");
        html_say(html, WORD_NO_TOKEN_FILE);
        buf_add_text(html->out, "</p>\n");
        layout_foot(layout);
        return;
    }
    if (wrong) {
        buf_add_text(html->out, "<p class=\"fault\" role=\"alert\" id=\"wrong\">");
        html_say(html, WORD_WRONG_TOKEN);
        buf_add_text(html->out, "</p>\n");
    }
    buf_add_text(html->out, "<form method=\"post\" action=\"/login\" class=\"login\"><label><span>");
    html_say(html, WORD_TOKEN);
    buf_add_text(html->out,
                 "</span><input type=\"password\" name=\"token\" required autocomplete=\"current-password\"");
    buf_add_text(html->out, wrong ? " aria-invalid=\"true\" aria-describedby=\"wrong\"" : "");
    buf_add_text(html->out, "></label><label><span>");
    html_say(html, WORD_YOUR_NAME);
    buf_add_format(html->out,
                   "</span><input name=\"name\" maxlength=\"%d\" autocomplete=\"name\" required "
                   "aria-describedby=\"name-help\"></label><p id=\"name-help\" class=\"under\">",
                   SESSION_NAME_BYTES);
    html_say(html, WORD_NAME_HELP);
    buf_add_text(html->out, "</p><button class=\"main\">");
    html_say(html, WORD_LOG_IN);
    buf_add_text(html->out, "</button></form>\n");
    layout_foot(layout);
}
