/* See web_html.h. */
#include "web/web_html.h"

#include "base/defang.h"
#include "base/saying.h"
#include "base/utf8.h"
#include "os/clock.h"

#include <stdio.h>
#include <time.h>

/* ---- text ---- */

static const char *entity(uint32_t character)
{
    switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void html_text(struct buf *out, struct span text)
{
    for (size_t at = 0; at < text.size;) {
        char bytes[4];
        uint32_t character = utf8_next(text, &at);
        const char *escaped = entity(character);
        if (escaped)
            buf_add_text(out, escaped);
        else if (utf8_is_steering(character) && character != '\n' && character != '\t')
            buf_add_format(out, "⟨U+%04X⟩", (unsigned)character);
        else
            buf_add(out, bytes, utf8_put(character, bytes));
    }
}

void html_text_cut(struct buf *out, struct span text, size_t size)
{
    struct span part = utf8_words(text, size);
    html_text(out, part);
    if (part.size < text.size)
        buf_add_text(out, "…");
}

void html_foreign(struct html *html, struct span text)
{
    buf_add_text(html->out, "<bdi>");
    html_text_cut(html->out, text, HTML_LINE_BYTES);
    buf_add_text(html->out, "</bdi>");
}

void html_defanged(struct html *html, struct span url)
{
    buf_auto text = buf_new(4 * HTML_LINE_BYTES);
    defang_add(&text, utf8_prefix(url, HTML_LINE_BYTES));
    html_foreign(html, buf_span(&text));
}

/* ---- words ---- */

const char *html_word(const struct html *html, enum web_word word)
{
    return web_words_of(html->language)->texts[word];
}

void html_say(struct html *html, enum web_word word)
{
    html_text(html->out, span_of(html_word(html, word)));
}

void html_fill(struct html *html, const char *template, const struct span *texts, size_t count)
{
    struct span rest = span_of(template);
    for (size_t i = 0; i < count; i++) {
        size_t place = span_find(rest, SPAN("{}"), 0);
        html_text(html->out, span_cut(rest, 0, place));
        if (place < rest.size)
            html_text_cut(html->out, texts[i], HTML_LINE_BYTES);
        rest = span_cut(rest, place + 2, rest.size);
    }
    html_text(html->out, rest);
}

void html_fill_number(struct html *html, const char *template, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    html_fill(html, template, &(struct span){text, strlen(text)}, 1);
}

void html_plural(struct html *html, enum web_plural what, uint64_t number)
{
    html_fill_number(html, web_words_plural(html->language, what, number), number);
}

void html_decimal(struct html *html, double number, enum web_word unit)
{
    char text[32];
    snprintf(text, sizeof(text), "%.1f", number);
    for (char *at = text; html->language != WEB_ENGLISH && *at; at++)
        *at = *at == '.' ? ',' : *at;
    buf_add_format(html->out, "%s&#160;", text);
    html_say(html, unit);
}

/* ---- attributes ---- */

void html_attribute(struct buf *out, const char *name, struct span value)
{
    buf_add_format(out, " %s=\"", name);
    html_text(out, value);
    buf_add_byte(out, '"');
}

void html_query(struct buf *out, struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || strchr("-._~", (char)byte);
        if (plain && byte)
            buf_add_byte(out, (char)byte);
        else
            buf_add_format(out, "%%%02X", byte);
    }
}

/* ---- time ---- */

void html_time(struct html *html, int64_t at_s)
{
    char machine[CLOCK_TEXT_SIZE], person[64];
    time_t at = (time_t)at_s;
    struct tm parts;
    if (at_s == 0 || !localtime_r(&at, &parts)) {
        buf_add_text(html->out, "–");
        return;
    }
    clock_text(at_s, machine);
    strftime(person, sizeof(person), "%Y-%m-%d %H:%M:%S %Z", &parts);
    buf_add_format(html->out, "<time datetime=\"%s\" title=\"%s\">%s</time>", machine, machine, person);
}

void html_ago(struct html *html, int64_t at_s)
{
    static const struct {
        int64_t unit_s;
        enum web_word word;
    } steps[] = {{86400, WORD_AGO_D}, {3600, WORD_AGO_H}, {60, WORD_AGO_MIN}, {1, WORD_AGO_S}};
    char machine[CLOCK_TEXT_SIZE];
    int64_t gone_s = html->now_s > at_s ? html->now_s - at_s : 0;
    size_t i = 0;
    if (at_s == 0) {
        buf_add_text(html->out, "–");
        return;
    }
    while (i < 3 && gone_s < 2 * steps[i].unit_s)
        i++;
    clock_text(at_s, machine);
    buf_add_format(html->out, "<time datetime=\"%s\" title=\"%s\">", machine, machine);
    html_fill_number(html, html_word(html, steps[i].word), (uint64_t)(gone_s / steps[i].unit_s));
    buf_add_text(html->out, "</time>");
}

/* ---- verdicts: a shape for each, so that colour is not needed ---- */

void html_cause(struct html *html, struct span cause)
{
    buf_auto said = buf_new(4096);
    bool known = saying_cause(cause, web_words_tongue(html->language), &said);
    html_foreign(html, known ? buf_span(&said) : cause);
}

enum verdict_kind html_verdict_of(struct span name)
{
    for (unsigned i = 0; i < VERDICT_KIND_COUNT; i++)
        if (span_equal(name, span_of(verdict_name((enum verdict_kind)i))))
            return (enum verdict_kind)i;
    return VERDICT_KIND_COUNT;
}

const char *html_verdict_name(enum verdict_kind kind)
{
    return kind == VERDICT_KIND_COUNT ? "none" : verdict_name(kind);
}

enum web_word html_verdict_word(enum verdict_kind kind)
{
    return kind == VERDICT_KIND_COUNT ? WORD_NOT_YET : (enum web_word)(WORD_NEW + kind);
}

void html_verdict_of_many(struct html *html, enum verdict_kind kind, uint64_t number)
{
    enum web_plural what = (enum web_plural)(PLURAL_OF_VERDICTS + kind);
    html_text(html->out, span_of(web_words_plural(html->language, what, number)));
}

void html_verdict_mark(struct html *html, enum verdict_kind kind)
{
    static const char *const shapes[VERDICT_KIND_COUNT + 1] = {
        [VERDICT_NEW] = "<path d=\"M8 3v10M3 8h10\"/>",
        [VERDICT_UNCHANGED] = "<path d=\"M3 8.5l3.5 3.5L13 4.5\"/>",
        [VERDICT_EDITED] = "<path d=\"M3 13l1-4 7-7 3 3-7 7z\"/>",
        [VERDICT_REPLACED] = "<path class=\"full\" d=\"M8 1.5L14.5 8 8 14.5 1.5 8z\"/>",
        [VERDICT_DEFACED] = ("<path class=\"full\" d=\"M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2z\"/>"
                             "<path class=\"cut\" d=\"M8 4v5M8 11v1.2\"/>"),
        [VERDICT_UNAVAILABLE] = "<circle cx=\"8\" cy=\"8\" r=\"5.5\"/><path d=\"M4 12l8-8\"/>",
        [VERDICT_KIND_COUNT] = "<circle cx=\"8\" cy=\"8\" r=\"5\" stroke-dasharray=\"2 2.5\"/>",
    };
    buf_add_format(
        html->out,
        "<svg class=\"mark %s\" viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\" "
        "focusable=\"false\">%s</svg>",
        html_verdict_name(kind), shapes[kind]);
}

void html_verdict(struct html *html, enum verdict_kind kind)
{
    buf_add_format(html->out, "<span class=\"verdict %s\">", html_verdict_name(kind));
    html_verdict_mark(html, kind);
    buf_add_byte(html->out, ' ');
    html_say(html, html_verdict_word(kind));
    buf_add_text(html->out, "</span>");
}

void html_fact(struct html *html, enum web_word word)
{
    buf_add_text(html->out, "<div><dt>");
    html_say(html, word);
    buf_add_text(html->out, "</dt><dd>");
}

void html_fact_end(struct html *html)
{
    buf_add_text(html->out, "</dd></div>\n");
}
