/* See renderings.h. */
#include "renderings.h"

#include "base/utf8.h"

#include <stdlib.h>

enum { OUT_BYTES = 8 << 20, HEADER_LINE = 998, BODY_LINE = 76 };

#define DEMAND(condition, rule)                                                                              \
    if (!(condition))                                                                                        \
    return rule

static bool is_steady(struct span text)
{
    if (!utf8_valid(text))
        return false;
    for (size_t at = 0; at < text.size;)
        if (utf8_is_steering(utf8_next(text, &at)))
            return false;
    return true;
}

static struct span rest_of(struct span text, size_t from)
{
    return span_cut(text, from, text.size);
}

/* ---- syslog ---- */

/* Behind one [id name="value"…] as RFC 5424 has it; 0 when it is none. */
static size_t behind_data(struct span text)
{
    size_t at = span_find(text, SPAN(" "), 0);
    if (text.size == 0 || text.at[0] != '[' || at >= text.size)
        return 0;
    while (at < text.size && text.at[at] == ' ') {
        size_t name = ++at;
        while (at < text.size && text.at[at] >= 'a' && text.at[at] <= 'z')
            at++;
        if (at == name || at + 1 >= text.size || text.at[at] != '=' || text.at[at + 1] != '"')
            return 0;
        for (at += 2; at < text.size && text.at[at] != '"'; at++) {
            if (text.at[at] == ']')
                return 0;
            if (text.at[at] == '\\')
                at++;
        }
        at++;
    }
    return at < text.size && text.at[at] == ']' ? at + 1 : 0;
}

static const char *line_fault(const struct notice *notice, size_t limit, bool whole)
{
    buf_auto out = buf_new(OUT_BYTES);
    syslog_line(notice, 3, SPAN("host"), 1, limit, &out);
    struct span line = buf_span(&out), word;
    DEMAND(!out.failed && line.size <= limit, "syslog: too long");
    size_t mark = span_find(line, SPAN("] \xEF\xBB\xBF"), 0);
    DEMAND(is_steady(span_cut(line, 0, mark)), "syslog: steering before the mark");
    DEMAND(mark == line.size || is_steady(rest_of(line, mark + 5)), "syslog: steering in the text");
    if (!whole)
        return NULL;
    for (int i = 0; i < 6; i++)
        DEMAND(span_next(&line, ' ', &word) && word.size, "syslog: a word of the header is missing");
    size_t end = behind_data(line);
    DEMAND(end && span_starts(rest_of(line, end), SPAN(" \xEF\xBB\xBF")), "syslog: structured data");
    return NULL;
}

/* ---- journal ---- */

static const char *journal_fault(const struct notice *notice)
{
    buf_auto out = buf_new(OUT_BYTES);
    journal_fields(notice, &out);
    struct span fields = buf_span(&out), line;
    DEMAND(!out.failed && fields.size && fields.at[fields.size - 1] == '\n', "journal: no last line end");
    int ids = 0, priorities = 0;
    fields.size--;
    while (span_next(&fields, '\n', &line)) {
        size_t at = 0;
        while (at < line.size && (line.at[at] == '_' || (line.at[at] >= 'A' && line.at[at] <= 'Z')))
            at++;
        DEMAND(at > 0 && at < line.size && line.at[at] == '=', "journal: no key");
        DEMAND(span_starts(line, SPAN("MESSAGE")) || span_starts(line, SPAN("PRIORITY=")) ||
                   span_starts(line, SPAN("SYSLOG_")) || span_starts(line, SPAN("VARTA_")),
               "journal: a key of somebody's");
        DEMAND(is_steady(line), "journal: steering");
        ids += span_starts(line, SPAN("MESSAGE_ID="));
        priorities += span_starts(line, SPAN("PRIORITY="));
    }
    return ids == 1 && priorities == 1 ? NULL : "journal: a key twice";
}

/* ---- mail ---- */

static bool is_known_header(struct span line)
{
    static const char *const known[] = {" ",
                                        "Date: ",
                                        "From: varta <",
                                        "To: ",
                                        "Subject: =?UTF-8?B?",
                                        "Message-ID: <",
                                        "References:",
                                        "Auto-Submitted: ",
                                        "X-Auto-Response-Suppress: ",
                                        "X-Varta-",
                                        "Importance: ",
                                        "X-Priority: ",
                                        "MIME-Version: ",
                                        "Content-"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (span_starts(line, span_of(known[i])))
            return true;
    return false;
}

static const char *mail_fault(const struct notice *notice)
{
    struct span to[MAIL_RECIPIENTS];
    struct sink_order order = {.from = SPAN("varta@cert.example")};
    struct mail_people people = {order.from, to, mail_recipients(&order, notice, to)};
    buf_auto out = buf_new(OUT_BYTES);
    mail_text(notice, &people, &out);
    struct span rest = buf_span(&out);
    DEMAND(!out.failed && people.to_count > 0, "mail: failed");
    bool header = true;
    while (rest.size) {
        size_t end = span_find(rest, SPAN("\r\n"), 0);
        struct span line = span_cut(rest, 0, end);
        DEMAND(end < rest.size, "mail: no line end at the end");
        for (size_t i = 0; i < line.size; i++)
            DEMAND(line.at[i] >= ' ' && line.at[i] < 0x7F, "mail: control or bare line end");
        DEMAND(line.size <= (header ? HEADER_LINE : BODY_LINE), "mail: a line too long");
        DEMAND(!header || line.size == 0 || is_known_header(line), "mail: a header of somebody's");
        header = header && line.size > 0;
        rest = rest_of(rest, end + 2);
    }
    return header ? "mail: no body" : NULL;
}

/* ---- Nagios ---- */

static const char *nagios_fault(const struct notice *notice)
{
    buf_auto out = buf_new(OUT_BYTES);
    nagios_lines(notice, SPAN("host"), &out);
    struct span lines = buf_span(&out), line, field;
    DEMAND(!out.failed && lines.size && lines.at[lines.size - 1] == '\n', "nagios: no last line end");
    lines.size--;
    while (span_next(&lines, '\n', &line)) {
        DEMAND(line.size < NAGIOS_LINE_BYTES && line.size && line.at[0] == '[', "nagios: line");
        DEMAND(is_steady(line), "nagios: steering");
        for (size_t i = 0; i < line.size; i++)
            DEMAND(!strchr("|\\`$&\"<>", line.at[i]), "nagios: a character that means something");
        size_t fields = 0;
        for (; span_next(&line, ';', &field); fields++)
            DEMAND(fields != 3 || (field.size == 1 && field.at[0] >= '0' && field.at[0] <= '3'),
                   "nagios: code");
        DEMAND(fields == 5, "nagios: fields");
    }
    return NULL;
}

/* ---- JSON ---- */

static const char *json_fault(const struct notice *notice)
{
    buf_auto out = buf_new(OUT_BYTES);
    struct notice again;
    const char *why;
    notice_line(notice, &out);
    DEMAND(!out.failed && is_steady(buf_span(&out)), "json: steering");
    if (out.size > NOTICE_BYTES) /* escapes take more room */
        return NULL;
    DEMAND(notice_parse(buf_span(&out), &again, &why) == 0, "json: refused again");
    bool same = span_equal(again.id, notice->id) && again.kind == notice->kind &&
                span_equal(again.summary, notice->summary) && span_equal(again.message, notice->message) &&
                again.list_count == notice->list_count;
    notice_free(&again);
    return same ? NULL : "json: another notice";
}

const char *renderings_fault(const struct notice *notice)
{
    const char *fault = line_fault(notice, 480, false);
    if (!fault)
        fault = line_fault(notice, SYSLOG_DATAGRAM_BYTES, true);
    if (!fault)
        fault = line_fault(notice, SYSLOG_LINE_BYTES, true);
    if (!fault)
        fault = journal_fault(notice);
    if (!fault)
        fault = mail_fault(notice);
    if (!fault)
        fault = nagios_fault(notice);
    return fault ? fault : json_fault(notice);
}
