/* The message, each language in its colour, its underline and with its tag; and how much there is of each. */
#include "base/percents.h"
#include "pipeline/evidence/report_page.h"

enum { LANGUAGE_STYLES = 6, OTHERS = LANGUAGE_STYLES - 1, BAR_UNITS = 1000 };

/* The style of a language: the same in every report, and of the same colour on the status page. The last is
 * for all others. */
static size_t style_of(const char *tag)
{
    static const char *const own[OTHERS] = {"uk", "be", "en", "pl", "ru"};
    for (size_t i = 0; i < OTHERS; i++)
        if (strcmp(own[i], tag) == 0)
            return i;
    return OTHERS;
}

static void bar(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    double at = 0;
    buf_add_format(page->out,
                   "<svg class=\"bar\" viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" "
                   "aria-hidden=\"true\">",
                   BAR_UNITS);
    for (size_t i = 0; i < dossier->language_count; i++) {
        double width = dossier->languages[i].share * BAR_UNITS;
        buf_add_format(page->out, "<rect class=\"f%zu\" x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"10\"/>",
                       style_of(dossier->languages[i].language), at, width > 3 ? width - 3 : width);
        at += width;
    }
    markup_add(page->out, "</svg>\n");
}

static void legend(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    buf_add_format(page->out, "<ul class=\"legend\" aria-label=\"");
    markup_attribute(page->out, span_of(report_word(WORD_LANGUAGES, page->tongue)));
    markup_add(page->out, "\">\n");
    struct percents percents = {0};
    for (size_t i = 0; i < dossier->language_count; i++) {
        const struct language_share *one = &dossier->languages[i];
        int percent = percents_next(&percents, one->share);
        if (percent == 0)
            continue;
        buf_add_format(page->out, "<li><span class=\"l l%zu\"><span class=\"tag\">", style_of(one->language));
        markup_text(page->out, span_of(one->language));
        markup_add(page->out, "</span>");
        markup_text(page->out, span_of(language_name(one->language, page->tongue)));
        buf_add_format(page->out, "</span> %d" REPORT_PERCENT "</li>\n", percent);
    }
    markup_add(page->out, "</ul>\n");
}

static void stretch(const struct report_page *page, const struct dossier_stretch *one, size_t start)
{
    struct span text = span_cut(page->dossier->message, start, one->end);
    if (text.size == 0)
        return;
    buf_add_format(page->out, "<span class=\"l l%zu\" lang=\"", style_of(one->language));
    markup_attribute(page->out, span_of(one->language[0] ? one->language : "und"));
    markup_add(page->out, "\" dir=\"auto\"><span class=\"tag\" aria-hidden=\"true\">");
    markup_text(page->out, span_of(one->language));
    markup_add(page->out, "</span>");
    markup_text(page->out, text);
    markup_add(page->out, "</span>");
}

static void words(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    size_t at = 0;
    markup_add(page->out, "<blockquote dir=\"auto\" lang=\"und\">");
    for (size_t i = 0; i < dossier->stretch_count; i++) {
        size_t start = dossier_stretch_start(dossier, i);
        markup_text(page->out, span_cut(dossier->message, at, start));
        stretch(page, &dossier->stretches[i], start);
        at = dossier->stretches[i].end;
    }
    markup_text(page->out, span_cut(dossier->message, at, dossier->message.size));
    markup_add(page->out, "</blockquote>\n");
}

void report_message(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    report_page_element(page, "<h2>", dossier->verdict == VERDICT_DEFACED ? WORD_MESSAGE : WORD_NEW_TEXT,
                        "</h2>\n");
    if (dossier->message.size == 0) {
        report_page_element(page, "<p>", WORD_MESSAGE_NONE, "</p>\n");
        return;
    }
    markup_add(page->out, "<p class=\"note\">");
    if (span_equal(dossier->origin, SPAN("image"))) {
        report_page_word(page, WORD_MESSAGE_IMAGE);
        markup_add(page->out, " ");
    }
    report_page_element(page, "", WORD_MESSAGE_TEXT, "</p>\n");
    if (dossier->language_count) {
        bar(page);
        legend(page);
    }
    words(page);
}
