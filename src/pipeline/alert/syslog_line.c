/*
 * RFC 5424 messages. The danger is in the text: a newline, a quote or a closing bracket from the page must
 * not begin a new line, end a parameter or close the structured data, and a direction mark must not turn the
 * line around.
 */
#include "base/utf8.h"
#include "os/clock.h"
#include "pipeline/alert/alert.h"

#include <stdio.h>

enum {
    LOCAL_FACTOR = 8,
    VALUE_BYTES = 400,
    /* of a value: escaped twice as long, two of them leave room in a datagram */ QUOTE_BYTES = 300
};

int alert_severity(enum verdict_kind verdict)
{
    switch (verdict) {
    case VERDICT_DEFACED: return 2;
    case VERDICT_REPLACED: return 4;
    case VERDICT_UNAVAILABLE: return 5;
    case VERDICT_NEW:
    case VERDICT_UNCHANGED:
    case VERDICT_EDITED:
    case VERDICT_KIND_COUNT: break;
    }
    return 6;
}

/* Text for a log: what steers a terminal or turns the direction of writing becomes a space. */
static void add_plain(struct buf *out, struct span text)
{
    for (size_t at = 0; at < text.size;) {
        char bytes[4];
        uint32_t character = utf8_next(text, &at);
        buf_add(out, bytes, utf8_put(utf8_is_steering(character) ? ' ' : character, bytes));
    }
}

static void add_parameter(struct buf *out, const char *name, struct span value)
{
    buf_auto plain = buf_new(VALUE_BYTES * 4);
    add_plain(&plain, utf8_prefix(value, VALUE_BYTES));
    struct span clean = buf_span(&plain);
    buf_add_format(out, " %s=\"", name);
    for (size_t i = 0; i < clean.size; i++) {
        if (clean.at[i] == '"' || clean.at[i] == '\\' || clean.at[i] == ']')
            buf_add_byte(out, '\\');
        buf_add_byte(out, clean.at[i]);
    }
    buf_add_byte(out, '"');
}

static void add_languages(struct buf *out, const struct verdict *verdict)
{
    buf_auto list = buf_new(VALUE_BYTES);
    for (size_t i = 0; i < verdict->language_count && i < 8; i++)
        buf_add_format(&list, "%s%s:%.2f", i ? "," : "", verdict->languages[i].language,
                       verdict->languages[i].share);
    add_parameter(out, "languages", buf_span(&list));
}

static void add_structured_data(struct buf *out, const struct alert *alert)
{
    const struct verdict *verdict = alert->verdict;
    char number[32];
    buf_add_text(out, "[varta@32473");
    add_parameter(out, "verdict", span_of(verdict_name(verdict->kind)));
    add_parameter(out, "url", alert->url);
    if (alert->name.size)
        add_parameter(out, "name", alert->name);
    snprintf(number, sizeof(number), "%.3f", verdict->score);
    add_parameter(out, "score", span_of(number));
    if (verdict->cause[0])
        add_parameter(out, "cause", span_of(verdict->cause));
    if (verdict->language_count)
        add_languages(out, verdict);
    if (verdict->message.size)
        add_parameter(out, "origin", span_of(origin_name(verdict->message_origin)));
    if (alert->capture->status) {
        snprintf(number, sizeof(number), "%u", (unsigned)alert->capture->status);
        add_parameter(out, "status", span_of(number));
    }
    if (alert->capture->address.size)
        add_parameter(out, "address", alert->capture->address);
    buf_add_byte(out, ']');
}

static void add_quote(struct buf *out, const struct verdict *verdict)
{
    if (verdict->message.size == 0)
        return;
    struct span quote = utf8_prefix(verdict->message, QUOTE_BYTES);
    buf_add_text(out, " «");
    add_plain(out, quote);
    buf_add_text(out, quote.size < verdict->message.size ? "…»" : "»");
}

void alert_sentence(const struct alert *alert, struct buf *out)
{
    const struct verdict *verdict = alert->verdict;
    add_plain(out, alert->url);
    buf_add_format(out, " is %s", verdict_name(verdict->kind));
    if (verdict->cause[0])
        buf_add_format(out, " (%s)", verdict->cause);
    size_t told = 0, most = verdict->kind == VERDICT_UNAVAILABLE ? 1 : 3;
    for (size_t i = 0; i < verdict->reason_count && told < most; i++) {
        if (!verdict_rests_on(verdict, &verdict->reasons[i]))
            continue;
        buf_add_text(out, told++ ? "; " : ": ");
        add_plain(out, verdict->reasons[i].text);
    }
    if (verdict->kind == VERDICT_DEFACED || verdict->kind == VERDICT_REPLACED)
        add_quote(out, verdict);
}

void syslog_line(const struct alert *alert, int facility, struct span host, int pid, size_t limit,
                 struct buf *out)
{
    char at[CLOCK_TEXT_SIZE];
    clock_text_us(alert->at_us, at);
    buf_auto line = buf_new(SYSLOG_LINE_BYTES * 4);
    buf_add_format(&line, "<%d>1 %s ", facility * LOCAL_FACTOR + alert_severity(alert->verdict->kind), at);
    if (host.size)
        buf_add_span(&line, span_cut(host, 0, 255));
    else
        buf_add_byte(&line, '-');
    buf_add_format(&line, " varta %d %s ", pid, verdict_name(alert->verdict->kind));
    add_structured_data(&line, alert);
    buf_add_text(&line, " \xEF\xBB\xBF");
    alert_sentence(alert, &line);
    buf_add_span(out, utf8_prefix(buf_span(&line), limit));
}
