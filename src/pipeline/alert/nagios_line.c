/*
 * Passive check results. A semicolon parts the fields, a bar begins performance data, a backslash before an n
 * is a line end to Nagios, and macros are expanded into commands: none of `$&|'"<>\; may come from a page.
 */
#include "base/safe_text.h"
#include "base/utf8.h"
#include "pipeline/alert/alert.h"

enum plugin_code { PLUGIN_OK, PLUGIN_WARNING, PLUGIN_CRITICAL, PLUGIN_UNKNOWN };

static enum plugin_code code_of_verdict(enum verdict_kind verdict)
{
    switch (verdict) {
    case VERDICT_DEFACED: return PLUGIN_CRITICAL;
    case VERDICT_REPLACED: return PLUGIN_WARNING;
    case VERDICT_UNAVAILABLE: return PLUGIN_UNKNOWN;
    case VERDICT_NEW:
    case VERDICT_UNCHANGED:
    case VERDICT_EDITED:
    case VERDICT_KIND_COUNT: break;
    }
    return PLUGIN_OK;
}

static enum plugin_code code_of_urgency(enum urgency urgency)
{
    return urgency == URGENCY_CRITICAL  ? PLUGIN_CRITICAL
           : urgency == URGENCY_WARNING ? PLUGIN_WARNING
                                        : PLUGIN_OK;
}

static bool is_over(enum notice_kind kind)
{
    return kind == NOTICE_RECOVERED || kind == NOTICE_ACCEPTED || kind == NOTICE_CAMPAIGN_OVER;
}

/* A page of a campaign that came back, or was accepted, while others have not. */
static bool is_back(const struct notice_page *page)
{
    return span_equal(page->state, SPAN("recovered")) || span_equal(page->state, SPAN("accepted")) ||
           span_equal(page->state, SPAN("dismissed"));
}

static void add_field(struct buf *out, struct span text, size_t size)
{
    buf_auto plain = buf_new(4 * NAGIOS_LINE_BYTES);
    safe_text_add(&plain, utf8_prefix(text, size));
    for (size_t i = 0; i < plain.size; i++) {
        char c = plain.at[i];
        if (strchr("`$&'\"<>", c))
            buf_add_text(out, "’");
        else
            buf_add_byte(out, strchr("|\\", c) ? '/' : c == ';' ? ',' : c);
    }
}

/* The host of an address as Nagios may name it: no user, no port, no brackets. */
static struct span host_of(struct span url)
{
    size_t scheme = span_find(url, SPAN("://"), 0);
    struct span rest = scheme < url.size ? span_cut(url, scheme + 3, url.size) : url;
    size_t end = 0;
    while (end < rest.size && !strchr("/?#", rest.at[end]))
        end++;
    rest = span_cut(rest, 0, end);
    size_t at = rest.size;
    while (at > 0 && rest.at[at - 1] != '@')
        at--;
    rest = span_cut(rest, at, rest.size);
    if (rest.size && rest.at[0] == '[')
        return span_cut(rest, 1, span_find(rest, SPAN("]"), 0));
    return span_cut(rest, 0, span_find(rest, SPAN(":"), 0));
}

static void add_line(struct buf *out, int64_t at_s, struct span host, struct span service,
                     enum plugin_code code, struct span text)
{
    buf_add_format(out, "[%lld] PROCESS_SERVICE_CHECK_RESULT;", (long long)at_s);
    add_field(out, host.size ? host : SPAN("unknown"), NAGIOS_NAME_BYTES);
    buf_add_byte(out, ';');
    add_field(out, service.size ? service : SPAN("varta"), NAGIOS_NAME_BYTES);
    buf_add_format(out, ";%d;", code);
    add_field(out, text, NAGIOS_TEXT_BYTES);
    buf_add_byte(out, '\n');
}

void nagios_lines(const struct notice *notice, struct span host, struct buf *out)
{
    bool over = is_over(notice->kind);
    for (size_t i = 0; i < notice->list_count; i++) {
        const struct notice_page *page = &notice->list[i];
        add_line(out, notice->at_s, host_of(page->url), page->name,
                 over || is_back(page) ? PLUGIN_OK : code_of_verdict(page->verdict), notice->summary);
    }
    if (notice->list_count)
        return;
    if (notice->has_page)
        add_line(out, notice->at_s, host_of(notice->url), notice->name,
                 over ? PLUGIN_OK : code_of_verdict(notice->verdict), notice->summary);
    else
        add_line(out, notice->at_s, host, SPAN("varta"), over ? PLUGIN_OK : code_of_urgency(notice->urgency),
                 notice->summary);
}
