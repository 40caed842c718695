/*
 * RFC 5424 messages. The danger is in the text: a newline, a quote or a closing bracket from the page must
 * not begin a new line, end a parameter or close the structured data, and a direction mark must not turn the
 * line around.
 */
#include "base/safe_text.h"
#include "base/utf8.h"
#include "pipeline/alert/alert.h"

enum {
    LOCAL_FACTOR = 8,
};

int syslog_severity(enum urgency urgency)
{
    static const int severities[URGENCY_COUNT] = {
        [URGENCY_INFO] = 6, [URGENCY_NOTICE] = 5, [URGENCY_WARNING] = 4, [URGENCY_CRITICAL] = 2};
    return severities[urgency];
}

static void add_parameter(struct buf *out, const char *name, struct span value, size_t size)
{
    if (value.size == 0)
        return;
    buf_auto plain = buf_new(SYSLOG_LONG_BYTES * 4);
    safe_text_add(&plain, utf8_prefix(value, size));
    struct span clean = buf_span(&plain);
    buf_add_format(out, " %s=\"", name);
    for (size_t i = 0; i < clean.size; i++) {
        if (clean.at[i] == '"' || clean.at[i] == '\\' || clean.at[i] == ']')
            buf_add_byte(out, '\\');
        buf_add_byte(out, clean.at[i]);
    }
    buf_add_byte(out, '"');
}

static void add_number(struct buf *out, const char *name, int64_t number)
{
    buf_add_format(out, " %s=\"%lld\"", name, (long long)number);
}

void syslog_languages(const struct notice *notice, struct buf *out)
{
    for (size_t i = 0; i < notice->language_count; i++)
        buf_add_format(out, "%s%s:%.2f", i ? "," : "", notice->languages[i].language,
                       notice->languages[i].share);
}

static void add_look(struct buf *out, const struct notice *notice)
{
    if (notice->verdict < VERDICT_KIND_COUNT)
        add_parameter(out, "verdict", span_of(verdict_name(notice->verdict)), SYSLOG_SHORT_BYTES);
    add_parameter(out, "url", notice->url, SYSLOG_LONG_BYTES);
    add_parameter(out, "name", notice->name, SYSLOG_LONG_BYTES);
    if (notice->score >= 0)
        buf_add_format(out, " score=\"%.3f\"", notice->score);
    add_parameter(out, "cause", notice->cause, SYSLOG_SHORT_BYTES);
    if (notice->language_count) {
        buf_add_text(out, " languages=\"");
        syslog_languages(notice, out);
        buf_add_byte(out, '"');
    }
    if (notice->message.size)
        add_parameter(out, "origin", notice->origin, SYSLOG_SHORT_BYTES);
    if (notice->status)
        add_number(out, "status", notice->status);
    add_parameter(out, "address", notice->address, SYSLOG_SHORT_BYTES);
}

static void add_structured_data(struct buf *out, const struct notice *notice)
{
    buf_add_text(out, "[varta@32473");
    add_look(out, notice);
    add_parameter(out, "notice", notice->id, SYSLOG_ID_BYTES);
    add_parameter(out, "kind", span_of(notice_kind_name(notice->kind)), SYSLOG_SHORT_BYTES);
    if (notice->has_incident)
        add_number(out, "incident", notice->incident);
    if (notice->campaign)
        add_number(out, "campaign", notice->campaign);
    if (notice->has_campaign)
        add_number(out, "pages", notice->pages);
    buf_add_byte(out, ']');
}

static void add_header(struct buf *out, const struct notice *notice, int facility, struct span host, int pid)
{
    buf_add_format(out, "<%d>1 %.*s ", facility * LOCAL_FACTOR + syslog_severity(notice->urgency),
                   (int)notice->at.size, notice->at.at);
    if (host.size)
        buf_add_span(out, span_cut(host, 0, 255));
    else
        buf_add_byte(out, '-');
    bool look = notice->kind == NOTICE_RESULT;
    buf_add_format(out, " varta %d %s ", pid,
                   look ? verdict_name(notice->verdict) : notice_kind_name(notice->kind));
}

void syslog_line(const struct notice *notice, int facility, struct span host, int pid, size_t limit,
                 struct buf *out)
{
    buf_auto line = buf_new(SYSLOG_LINE_BYTES + 4 * NOTICE_BYTES);
    add_header(&line, notice, facility, host, pid);
    add_structured_data(&line, notice);
    buf_add_text(&line, " \xEF\xBB\xBF");
    safe_text_add(&line, notice->summary);
    if (line.failed)
        out->failed = true;
    buf_add_span(out, utf8_prefix(buf_span(&line), limit));
}

void syslog_text_line(const struct notice *notice, struct span text, int facility, struct span host, int pid,
                      size_t limit, struct buf *out)
{
    buf_auto line = buf_new(SYSLOG_LINE_BYTES + 4 * NOTICE_BYTES);
    add_header(&line, notice, facility, host, pid);
    buf_add_text(&line, "- ");
    safe_text_add(&line, text);
    if (line.failed)
        out->failed = true;
    buf_add_span(out, utf8_prefix(buf_span(&line), limit));
}
