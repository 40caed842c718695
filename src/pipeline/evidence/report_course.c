/* Why it was judged so, what happened when, and which other pages it happened to. */
#include "base/saying.h"
#include "pipeline/evidence/report_page.h"

#include <math.h>
#include <stdio.h>

/* ---- reasons ---- */

enum { BAR_HALF = 60, LEAST_SHOWN = 1 };

struct scale {
    double heaviest;
    bool one_sided;
};

/* From the middle to both sides; only the right half where nothing speaks against. */
static void weight_bar(const struct report_page *page, double weight, const struct scale *scale)
{
    double width = scale->heaviest > 0 ? fabs(weight) / scale->heaviest * (BAR_HALF - 2) : 0;
    buf_add_format(page->out, "<svg viewBox=\"%s 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
                   scale->one_sided ? "59 0 61" : "0 0 120");
    if (width >= LEAST_SHOWN)
        buf_add_format(page->out, "<rect class=\"%s\" x=\"%.1f\" y=\"1\" width=\"%.1f\" height=\"8\"/>",
                       weight > 0 ? "for" : "against", weight > 0 ? BAR_HALF : BAR_HALF - width, width);
    markup_add(page->out, "<path class=\"axis\" d=\"M60 0V10\"/></svg>");
}

static void said(const struct report_page *page, const char *element, const struct dossier_reason *one)
{
    buf_auto text = buf_new(4096);
    bool translated = saying_translate(one->code, one->text, page->tongue, &text);
    buf_add_format(page->out, "<%s%s>", element,
                   translated || page->tongue == TONGUE_EN ? "" : " lang=\"en\"");
    report_page_foreign(page, translated ? buf_span(&text) : one->text);
}

static void reason(const struct report_page *page, const struct dossier_reason *one,
                   const struct scale *scale)
{
    char text[REPORT_WEIGHT];
    markup_add(page->out, "<tr>");
    said(page, "td", one);
    if (one->weight < 0)
        report_page_element(page, " <small>(", WORD_AGAINST, ")</small>");
    markup_add(page->out, "</td><td class=\"w\">");
    weight_bar(page, one->weight, scale);
    report_weight(one->weight, page->tongue, text);
    buf_add_format(page->out, "</td><td class=\"n\">%s</td></tr>\n", text);
}

static void bare_reasons(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    markup_add(page->out, "<ul>\n");
    for (size_t i = 0; i < dossier->reason_count; i++) {
        if (!report_tells(dossier, &dossier->reasons[i]))
            continue;
        said(page, "li", &dossier->reasons[i]);
        markup_add(page->out, "</li>\n");
    }
    markup_add(page->out, "</ul>\n");
}

static void weighed_reasons(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    struct scale scale = {0, true};
    for (size_t i = 0; i < dossier->reason_count; i++) {
        scale.heaviest = fmax(scale.heaviest, fabs(dossier->reasons[i].weight));
        scale.one_sided &= dossier->reasons[i].weight >= 0;
    }
    report_page_element(page, "<p class=\"note\">", WORD_REASONS_LEAD, "</p>\n");
    report_page_element(page, "<table class=\"r\"><thead><tr><th scope=\"col\">", WORD_REASON, "</th>");
    report_page_element(page, "<th scope=\"col\" colspan=\"2\">", WORD_WEIGHT, "</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < dossier->reason_count; i++)
        if (report_tells(dossier, &dossier->reasons[i]))
            reason(page, &dossier->reasons[i], &scale);
    markup_add(page->out, "</tbody></table>\n");
}

void report_reasons(const struct report_page *page)
{
    if (page->dossier->reason_count == 0)
        return;
    report_page_element(page, "<h2>", WORD_REASONS, "</h2>\n");
    if (report_weighs(page->dossier))
        weighed_reasons(page);
    else
        bare_reasons(page);
}

/* ---- the course of events ---- */

static void event(void *context, const struct report_step *step)
{
    const struct report_page *page = context;
    buf_auto time = buf_new(128), detail = buf_new(8192);
    report_word_time(step->at_s, page->tongue, &time);
    report_word_said(step->what, step->detail, page->tongue, &detail);
    markup_add(page->out, "<tr><td class=\"t\">");
    markup_text(page->out, buf_span(&time));
    markup_add(page->out, "</td><td>");
    if (step->word < WORD_COUNT)
        report_page_word(page, step->word);
    else
        report_page_foreign(page, step->what);
    markup_add(page->out, "</td><td>");
    if (step->detail.size)
        report_page_foreign(page, buf_span(&detail));
    markup_add(page->out, "</td></tr>\n");
}

void report_timeline(const struct report_page *page)
{
    report_page_element(page, "<h2>", WORD_TIMELINE, "</h2>\n<table class=\"r\"><thead><tr>");
    report_page_element(page, "<th scope=\"col\">", WORD_TIME, "</th>");
    report_page_element(page, "<th scope=\"col\">", WORD_EVENT, "</th>");
    report_page_element(page, "<th scope=\"col\">", WORD_DETAIL, "</th></tr></thead><tbody>\n");
    report_steps(page->matter, event, (void *)(uintptr_t)page);
    markup_add(page->out, "</tbody></table>\n");
}

/* ---- the campaign ---- */

static void sibling(const struct report_page *page, const struct report_sibling *one)
{
    buf_auto time = buf_new(128);
    enum word state = report_word_event(one->state);
    report_word_time(one->opened_s, page->tongue, &time);
    buf_add_format(page->out, "<tr><td class=\"n\">%lld</td><td>", (long long)one->incident);
    if (one->name.size) {
        report_page_foreign(page, one->name);
        markup_add(page->out, "<br>");
    }
    markup_add(page->out, "<code><bdi>");
    markup_defanged(page->out, one->url);
    markup_add(page->out, "</bdi></code></td><td>");
    if (one->verdict < VERDICT_KIND_COUNT)
        report_page_word(page, report_word_verdict(one->verdict));
    markup_add(page->out, "</td><td>");
    if (state < WORD_COUNT)
        report_page_word(page, state);
    markup_add(page->out, "</td><td class=\"t\">");
    if (one->opened_s)
        markup_text(page->out, buf_span(&time));
    markup_add(page->out, "</td></tr>\n");
}

static void fill_count(const struct report_page *page, enum word word, size_t count)
{
    char text[24], campaign[24];
    snprintf(text, sizeof(text), "%zu", count);
    snprintf(campaign, sizeof(campaign), "%lld",
             (long long)(page->matter->incident ? page->matter->incident->campaign : 0));
    struct report_place places[] = {{"count", span_of(text), false}, {"campaign", span_of(campaign), false}};
    markup_add(page->out, "<p class=\"note\">");
    report_page_fill(page, word, places, 2);
    markup_add(page->out, "</p>\n");
}

void report_campaign(const struct report_page *page)
{
    const struct report_matter *matter = page->matter;
    static const enum word heads[] = {WORD_INCIDENT, WORD_PAGE, WORD_VERDICT, WORD_STATE, WORD_SINCE};
    size_t shown = matter->sibling_count < REPORT_SIBLINGS ? matter->sibling_count : REPORT_SIBLINGS;
    size_t left = matter->sibling_count - shown + matter->siblings_left;
    if (shown == 0)
        return;
    report_page_element(page, "<h2>", WORD_CAMPAIGN, "</h2>\n");
    fill_count(page, WORD_CAMPAIGN_LEAD, shown + left);
    markup_add(page->out, "<table class=\"r\"><thead><tr>");
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        report_page_element(page, i ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">", heads[i],
                            "</th>");
    markup_add(page->out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < shown; i++)
        sibling(page, &matter->siblings[i]);
    markup_add(page->out, "</tbody></table>\n");
    if (left)
        fill_count(page, WORD_MORE_SIBLINGS, left);
}
