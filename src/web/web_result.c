/* One result, as the watch keeps it: JSON of our own making, full of what others wrote. */
#include "base/percents.h"
#include "base/saying.h"
#include "web/web_layout.h"

#include <math.h>
#include <stdio.h>

enum { REASONS = 12 };

static struct span text_of(const json_t *object, const char *name)
{
    const json_t *text = json_object_get(object, name);
    return (struct span){json_string_value(text), json_string_length(text)};
}

static void write_reason(struct html *html, const json_t *one)
{
    enum tongue tongue = web_words_tongue(html->language);
    buf_auto said = buf_new(4096);
    bool translated = saying_translate(text_of(one, "code"), text_of(one, "text"), tongue, &said);
    buf_add_format(html->out, "<li%s>", translated || tongue == TONGUE_EN ? "" : " lang=\"en\"");
    html_foreign(html, translated ? buf_span(&said) : text_of(one, "text"));
    buf_add_text(html->out, "</li>\n");
}

/* One that weighs nothing; the heaviest comes first. */
static bool is_light(const json_t *reason)
{
    return fabs(json_number_value(json_object_get(reason, "weight"))) < 0.05;
}

static void write_reasons(struct layout *layout, const json_t *reasons)
{
    struct html *html = &layout->html;
    if (json_array_size(reasons) == 0)
        return;
    buf_add_text(html->out, "<h3>");
    html_say(html, WORD_WHY);
    buf_add_text(html->out, "</h3><ul class=\"reasons\">\n");
    bool weighed = !is_light(json_array_get(reasons, 0));
    for (size_t i = 0; i < json_array_size(reasons) && i < REASONS; i++)
        if (!weighed || !is_light(json_array_get(reasons, i)))
            write_reason(html, json_array_get(reasons, i));
    buf_add_text(html->out, "</ul>\n");
}

/* A class for the languages that come together on these pages; the others share one. */
static const char *tone_of(const char *tag)
{
    static const char *const known[] = {"uk", "ru", "pl", "en", "be"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(tag, known[i]) == 0)
            return known[i];
    return "other";
}

static void write_language(struct html *html, const json_t *one, int percent)
{
    struct span tag = text_of(one, "language");
    const char *name = web_words_language(html->language, tag.at ? tag.at : "und");
    buf_add_format(html->out, "<li class=\"tongue %s\">", tone_of(tag.at ? tag.at : "und"));
    html_foreign(html, span_of(name));
    buf_add_format(html->out, " <b>%d&#8239;%%</b></li>", percent);
}

static void write_languages(struct layout *layout, const json_t *languages)
{
    struct html *html = &layout->html;
    if (json_array_size(languages) == 0)
        return;
    buf_add_text(html->out, "<ul class=\"languages\"");
    html_attribute(html->out, "aria-label", span_of(html_word(html, WORD_LANGUAGES)));
    buf_add_text(html->out, ">");
    struct percents percents = {0};
    for (size_t i = 0; i < json_array_size(languages) && i < 8; i++) {
        const json_t *one = json_array_get(languages, i);
        double share = json_number_value(json_object_get(one, "share"));
        int percent = percents_next(&percents, share);
        if (percent)
            write_language(html, one, percent);
    }
    buf_add_text(html->out, "</ul>\n");
}

static void write_stretch(struct html *html, struct span text, const char *tag)
{
    buf_add_format(html->out, "<span class=\"tongue %s\"", tone_of(tag));
    html_attribute(html->out, "lang", span_of(tag));
    html_attribute(html->out, "title", span_of(web_words_language(html->language, tag)));
    buf_add_byte(html->out, '>');
    html_text(html->out, text);
    buf_add_text(html->out, "</span>");
}

/* Between stretches, and where none is known, the text has no language. */
static void write_words(struct html *html, struct span message, const struct dossier *evidence)
{
    size_t at = 0;
    for (size_t i = 0; evidence && i < evidence->stretch_count; i++) {
        const struct dossier_stretch *one = &evidence->stretches[i];
        if (one->start < at || one->end > message.size || one->start > one->end)
            break;
        size_t start = dossier_stretch_start(evidence, i);
        html_text(html->out, span_cut(message, at, start));
        write_stretch(html, span_cut(message, start, one->end), one->language);
        at = one->end;
    }
    html_text(html->out, span_cut(message, at, message.size));
}

static void write_message(struct layout *layout, const json_t *result, const struct dossier *evidence)
{
    struct html *html = &layout->html;
    struct span message = text_of(result, "message");
    if (message.size == 0)
        return;
    buf_add_text(html->out, "<h3 id=\"message\">");
    html_say(html, WORD_MESSAGE);
    if (span_equal(text_of(result, "origin"), SPAN("image"))) {
        buf_add_text(html->out, " <small>");
        html_say(html, WORD_MESSAGE_PICTURE);
        buf_add_text(html->out, "</small>");
    }
    buf_add_text(html->out, "</h3>\n");
    write_languages(layout, json_object_get(result, "languages"));
    buf_add_text(html->out,
                 "<blockquote dir=\"auto\" lang=\"und\" tabindex=\"0\" aria-labelledby=\"message\">");
    bool same = evidence && span_equal(evidence->message, message) && message.size <= HTML_MESSAGE_BYTES;
    if (same)
        write_words(html, message, evidence);
    else
        html_text_cut(html->out, message, HTML_MESSAGE_BYTES);
    buf_add_text(html->out, "</blockquote>\n");
}

static void write_share(struct html *html, const json_t *change, const char *name, enum web_word word)
{
    if (!json_is_number(json_object_get(change, name)))
        return;
    html_fact(html, word);
    buf_add_format(html->out, "%.0f&#8239;%%", json_number_value(json_object_get(change, name)) * 100);
    html_fact_end(html);
}

static void write_server(struct html *html, const json_t *result)
{
    const json_t *http = json_object_get(result, "http");
    struct span url = text_of(result, "url"), final_url = text_of(http, "final_url");
    long long status = json_integer_value(json_object_get(http, "status"));
    if (status) {
        html_fact(html, WORD_STATUS);
        buf_add_format(html->out, "%lld", status);
        html_fact_end(html);
    }
    if (text_of(http, "address").size) {
        html_fact(html, WORD_SERVED_FROM);
        html_foreign(html, text_of(http, "address"));
        html_fact_end(html);
    }
    if (final_url.size && !span_equal(final_url, url)) {
        html_fact(html, WORD_LEADS_TO);
        html_defanged(html, final_url);
        html_fact_end(html);
    }
}

static void write_facts(struct layout *layout, const json_t *result)
{
    struct html *html = &layout->html;
    const json_t *change = json_object_get(result, "change");
    buf_add_text(html->out, "<dl class=\"facts\">\n");
    if (text_of(result, "cause").size) {
        html_fact(html, WORD_CAUSE);
        html_cause(html, text_of(result, "cause"));
        html_fact_end(html);
    }
    html_fact(html, WORD_SCORE);
    double score = json_number_value(json_object_get(result, "score"));
    buf_add_format(html->out, "%.*f&#8239;%%", score > 0.995 || score < 0.005 ? 1 : 0,
                   floor(score * 1000) / 10);
    html_fact_end(html);
    write_share(html, change, "kept", WORD_KEPT);
    write_share(html, change, "new", WORD_FRESH);
    write_server(html, result);
    buf_add_text(html->out, "</dl>\n");
}

void result_write(struct layout *layout, struct span json, const struct dossier *evidence)
{
    json_error_t fault;
    json_t *result = json_loadb(json.size ? json.at : "", json.size, 0, &fault);
    if (json_is_object(result)) {
        write_message(layout, result, evidence);
        write_reasons(layout, json_object_get(result, "reasons"));
        write_facts(layout, result);
    }
    json_decref(result);
}
