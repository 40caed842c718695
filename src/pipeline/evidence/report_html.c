/* The report as one HTML file: the document around the parts, and its head, which must do for whoever reads
 * nothing else. */
#include "pipeline/evidence/report_page.h"
#include "pipeline/evidence/report_style.h"

/* ---- what keeps coming back ---- */

void report_page_word(const struct report_page *page, enum word word)
{
    markup_text(page->out, span_of(report_word(word, page->tongue)));
}

void report_page_element(const struct report_page *page, const char *open, enum word word, const char *close)
{
    markup_add(page->out, open);
    report_page_word(page, word);
    markup_add(page->out, close);
}

void report_page_foreign(const struct report_page *page, struct span text)
{
    markup_add(page->out, "<bdi>");
    markup_text(page->out, text);
    markup_add(page->out, "</bdi>");
}

struct filling {
    const struct report_page *page;
    const struct report_place *places;
    size_t count;
};

static void put(void *context, struct span text)
{
    const struct filling *filling = context;
    markup_text(filling->page->out, text);
}

static void fill(void *context, struct span name)
{
    const struct filling *filling = context;
    for (size_t i = 0; i < filling->count; i++) {
        const struct report_place *place = &filling->places[i];
        if (!span_equal(name, span_of(place->name)))
            continue;
        if (place->foreign)
            report_page_foreign(filling->page, place->text);
        else
            markup_text(filling->page->out, place->text);
    }
}

void report_page_fill(const struct report_page *page, enum word word, const struct report_place *places,
                      size_t count)
{
    struct filling filling = {page, places, count};
    report_word_fill(report_word(word, page->tongue), put, fill, &filling);
}

void report_page_fact(const struct report_page *page, enum word word, struct span text)
{
    if (text.size == 0)
        return;
    report_page_element(page, "<dt>", word, "</dt><dd>");
    report_page_foreign(page, text);
    markup_add(page->out, "</dd>\n");
}

void report_page_fact_address(const struct report_page *page, enum word word, struct span url)
{
    if (url.size == 0)
        return;
    report_page_element(page, "<dt>", word, "</dt><dd><code><bdi>");
    markup_defanged(page->out, url);
    markup_add(page->out, "</bdi></code></dd>\n");
}

/* ---- the head ---- */

static void sentence(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    buf_auto name = buf_new(1 << 16), from = buf_new(128), until = buf_new(128);
    int64_t until_s = report_until_s(page->matter);
    report_page_name(dossier, &name);
    report_word_minute(report_from_s(page->matter), page->tongue, &from);
    report_word_minute(until_s, page->tongue, &until);
    struct report_place places[] = {
        {"page", buf_span(&name), true},
        {"from", buf_span(&from), false},
        {"until", buf_span(&until), false},
    };
    report_page_fill(page, report_headline(page->matter, dossier->verdict), places, 3);
}

static void lead(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    if (dossier->language_count == 0 || dossier->verdict == VERDICT_UNAVAILABLE)
        return;
    buf_auto languages = buf_new(4096);
    report_languages(dossier, page->tongue, &languages);
    struct report_place place = {"languages", buf_span(&languages), false};
    markup_add(page->out, "<p class=\"lead\">");
    report_page_fill(page, WORD_IN_LANGUAGES, &place, 1);
    markup_add(page->out, "</p>\n");
}

static const char *verdict_mark(enum verdict_kind verdict)
{
    if (verdict == VERDICT_DEFACED)
        return "<li class=\"bad\">◆ ";
    if (verdict == VERDICT_REPLACED || verdict == VERDICT_UNAVAILABLE)
        return verdict == VERDICT_REPLACED ? "<li class=\"warn\">▲ " : "<li class=\"warn\">■ ";
    return "<li>● ";
}

static void duration(const struct report_page *page)
{
    buf_auto time = buf_new(128);
    int64_t until_s = report_until_s(page->matter);
    if (!until_s && !page->matter->incident) /* the evidence alone does not know */
        return;
    markup_add(page->out, until_s ? "<li class=\"good\">✓ " : "<li class=\"bad\">● ");
    if (until_s) {
        report_word_duration(until_s - report_from_s(page->matter), page->tongue, &time);
        struct report_place place = {"time", buf_span(&time), false};
        report_page_fill(page, WORD_LASTED, &place, 1);
    } else {
        report_page_word(page, WORD_LASTS);
    }
    markup_add(page->out, "</li>\n");
}

static void states(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    markup_add(page->out, "<ul class=\"state\">\n");
    markup_add(page->out, verdict_mark(dossier->verdict));
    report_page_word(page, report_word_verdict(dossier->verdict));
    markup_add(page->out, "</li>\n");
    duration(page);
    if (page->matter->incident) {
        struct span state = span_of(incident_state_name(page->matter->incident->state));
        report_page_element(page, "<li>", report_word_event(state), "</li>\n");
    }
    if (dossier->score >= 0 && dossier->verdict != VERDICT_UNAVAILABLE) {
        buf_auto score = buf_new(64);
        report_score(dossier->score, page->tongue, &score);
        struct report_place place = {"score", buf_span(&score), false};
        markup_add(page->out, "<li>");
        report_page_fill(page, WORD_CERTAINTY, &place, 1);
        markup_add(page->out, "</li>\n");
    }
    markup_add(page->out, "</ul>\n");
}

static void facts(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    buf_auto cause = buf_new(8192);
    markup_add(page->out, "<dl>\n");
    report_page_fact(page, WORD_PAGE, dossier->name);
    report_page_fact_address(page, WORD_ADDRESS, dossier->url);
    report_page_fact(page, WORD_GROUP, dossier->group);
    report_page_fact(page, WORD_CONTACT, dossier->contact);
    report_word_cause(dossier->cause, page->tongue, &cause);
    report_page_fact(page, WORD_CAUSE, buf_span(&cause));
    markup_add(page->out, "</dl>\n");
}

/* ---- the document ---- */

static struct span tlp_of(const struct report_matter *matter)
{
    return report_is_tlp(matter->tlp) ? matter->tlp : SPAN("amber");
}

static void tlp(const struct report_page *page)
{
    struct span word = tlp_of(page->matter);
    struct span class = span_cut(word, 0, span_find(word, SPAN("+"), 0));
    buf_add_format(page->out, "<p class=\"tlp %.*s\">TLP:", (int)class.size, class.at);
    for (size_t i = 0; i < word.size; i++)
        buf_add_byte(page->out,
                     word.at[i] >= 'a' && word.at[i] <= 'z' ? (char)(word.at[i] - 32) : word.at[i]);
    markup_add(page->out, "</p>\n");
}

static void open_document(const struct report_page *page)
{
    struct buf *out = page->out;
    buf_auto policy = buf_new(1024);
    report_policy(&policy);
    out->failed |= policy.failed;
    buf_add_format(out,
                   "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"",
                   report_tongue_name(page->tongue));
    markup_attribute(out, buf_span(&policy));
    markup_add(out,
               "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"referrer\" content=\"no-referrer\">\n"
               "<meta name=\"robots\" content=\"noindex\">\n"
               "<meta name=\"format-detection\" content=\"telephone=no, address=no, email=no\">\n<title>");
    report_page_word(page, WORD_REPORT);
    buf_add_format(out, " %lld</title>\n<style>", (long long)page->dossier->incident);
    buf_add_text(out, report_style);
    markup_add(out,
               "</style>\n</head>\n<body>\n<div class=\"sheet\">\n<header>\n<p><strong>varta</strong> · ");
    report_page_word(page, WORD_REPORT);
    buf_add_format(out, " %lld</p>\n", (long long)page->dossier->incident);
    tlp(page);
    markup_add(out, "</header>\n<main>\n");
}

static void close_document(const struct report_page *page)
{
    buf_auto when = buf_new(128), number = buf_new(32);
    report_word_minute(page->matter->made_s, page->tongue, &when);
    buf_add_format(&number, "%lld", (long long)page->dossier->incident);
    struct report_place places[] = {{"when", buf_span(&when), false},
                                    {"version", SPAN(VARTA_VERSION), false},
                                    {"number", buf_span(&number), false}};
    markup_add(page->out, "</main>\n<footer>\n<p>");
    report_page_fill(page, WORD_MADE, places, 3);
    report_page_element(page, "</p>\n<p>", WORD_DEFANGED, "</p>\n</footer>\n</div>\n</body>\n</html>\n");
}

void report_html(const struct report_matter *matter, enum tongue tongue, struct buf *out)
{
    struct report_page page = {matter, report_moment(matter), tongue, out};
    open_document(&page);
    markup_add(out, "<h1>");
    sentence(&page);
    markup_add(out, "</h1>\n");
    lead(&page);
    states(&page);
    facts(&page);
    report_message(&page);
    report_pictures(&page);
    report_change(&page);
    report_reasons(&page);
    report_timeline(&page);
    report_campaign(&page);
    report_technical(&page);
    report_proof(&page);
    close_document(&page);
}
