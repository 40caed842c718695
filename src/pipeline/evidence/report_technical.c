/* What whoever follows it up needs: addresses (never as links), the server, what the picture files claim,
 * the files that prove it, and how to check that nobody changed them. */
#include "pipeline/evidence/report_page.h"

#include <stdio.h>

/* ---- the server ---- */

static void redirects(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    if (dossier->redirect_count == 0)
        return;
    report_page_element(page, "<dt>", WORD_REDIRECTS, "</dt><dd>");
    for (size_t i = 0; i < dossier->redirect_count; i++) {
        buf_add_format(page->out, "%s%lld <code><bdi>", i ? "<br>" : "",
                       (long long)dossier->redirects[i].status);
        markup_defanged(page->out, dossier->redirects[i].from);
        markup_add(page->out, "</bdi></code>");
    }
    markup_add(page->out, "</dd>\n");
}

static void certificate(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    if (dossier->certificate_sha256.size == 0 && dossier->certificate_subject.size == 0)
        return;
    report_page_element(page, "<dt>", WORD_CERTIFICATE, "</dt><dd>");
    report_page_foreign(page, dossier->certificate_subject);
    if (dossier->certificate_issuer.size) {
        report_page_element(page, ", ", WORD_ISSUER, " ");
        report_page_foreign(page, dossier->certificate_issuer);
    }
    if (dossier->certificate_from.size) {
        report_page_element(page, ", ", WORD_VALID, " ");
        report_page_foreign(page, dossier->certificate_from);
        markup_add(page->out, " – ");
        report_page_foreign(page, dossier->certificate_until);
    }
    if (dossier->certificate_sha256.size) {
        markup_add(page->out, "<br>SHA-256 <span class=\"hash\">");
        markup_text(page->out, dossier->certificate_sha256);
        markup_add(page->out, "</span>");
    }
    markup_add(page->out, "</dd>\n");
}

static void hosts(const struct report_page *page, enum word word, const struct dossier_hosts *list)
{
    if (list->count == 0)
        return;
    report_page_element(page, "<dt>", word, "</dt><dd>");
    for (size_t i = 0; i < list->count; i++) {
        markup_add(page->out, i ? "<br><code><bdi>" : "<code><bdi>");
        markup_defanged(page->out, list->at[i]);
        markup_add(page->out, "</bdi></code>");
    }
    markup_add(page->out, "</dd>\n");
}

static void server(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    char status[24] = "";
    if (dossier->status)
        snprintf(status, sizeof(status), "%lld", (long long)dossier->status);
    markup_add(page->out, "<dl>\n");
    report_page_fact_address(page, WORD_ADDRESS, dossier->url);
    if (!span_equal(dossier->final_url, dossier->url))
        report_page_fact_address(page, WORD_FINAL_ADDRESS, dossier->final_url);
    redirects(page);
    report_page_fact_address(page, WORD_IP, dossier->address);
    report_page_fact(page, WORD_HTTP_STATUS, span_of(status));
    report_page_fact(page, WORD_SERVER, dossier->server);
    report_page_fact(page, WORD_CONTENT_TYPE, dossier->content_type);
    certificate(page);
    hosts(page, WORD_NEW_LINKS, &dossier->links);
    hosts(page, WORD_NEW_SCRIPTS, &dossier->scripts);
    hosts(page, WORD_NEW_FRAMES, &dossier->frames);
    hosts(page, WORD_NEW_FORMS, &dossier->forms);
    markup_add(page->out, "</dl>\n");
}

/* ---- what the picture files say ---- */

static void place(const struct report_page *page, const struct dossier_picture *picture)
{
    char text[REPORT_PLACE];
    if (picture->has_place)
        report_page_fact(page, WORD_PLACE, report_where(picture, text));
}

static void picture(const struct report_page *page, const struct dossier_picture *one, size_t index)
{
    char number[24], size[48] = "";
    snprintf(number, sizeof(number), "%zu", index + 1);
    if (one->width)
        snprintf(size, sizeof(size), "%lld × %lld", (long long)one->width, (long long)one->height);
    struct report_place filled = {"number", span_of(number), false};
    markup_add(page->out, "<h3>");
    report_page_fill(page, WORD_PICTURE, &filled, 1);
    markup_add(page->out, "</h3>\n<dl>\n");
    report_page_fact_address(page, WORD_ADDRESS, one->url);
    report_page_fact(page, WORD_FORMAT, one->format);
    report_page_fact(page, WORD_SIZE, span_of(size));
    report_page_fact(page, WORD_SOFTWARE, one->software);
    report_page_fact(page, WORD_TAKEN, one->taken);
    report_page_fact(page, WORD_CAMERA, one->camera);
    report_page_fact(page, WORD_COMMENT, one->comment);
    place(page, one);
    if (one->sha256.size) {
        report_page_element(page, "<dt>", WORD_HASH, "</dt><dd class=\"hash\">");
        markup_text(page->out, one->sha256);
        markup_add(page->out, "</dd>\n");
    }
    markup_add(page->out, "</dl>\n");
}

static void pictures(const struct report_page *page)
{
    struct report_shown shown = report_shown(page->dossier);
    if (shown.count == 0)
        return;
    report_page_element(page, "<h2>", WORD_PICTURE_FACTS, "</h2>\n");
    report_page_element(page, "<p class=\"warning\">⚠ ", WORD_PICTURE_WARNING, "</p>\n");
    for (size_t i = 0; i < shown.count; i++)
        picture(page, &page->dossier->pictures[shown.at[i]], shown.at[i]);
}

void report_technical(const struct report_page *page)
{
    report_page_element(page, "<h2>", WORD_TECHNICAL, "</h2>\n");
    server(page);
    pictures(page);
}

/* ---- the proof ---- */

static void files(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    report_page_element(page, "<table class=\"r\"><thead><tr><th scope=\"col\">", WORD_FILE, "</th>");
    report_page_element(page, "<th scope=\"col\" class=\"n\">", WORD_BYTES, "</th>");
    report_page_element(page, "<th scope=\"col\">", WORD_HASH, "</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < dossier->file_count; i++) {
        markup_add(page->out, "<tr><td><code>");
        markup_text(page->out, dossier->files[i].file);
        buf_add_format(page->out, "</code></td><td class=\"n\">%lld</td><td class=\"hash\">",
                       (long long)dossier->files[i].bytes);
        markup_text(page->out, dossier->files[i].sha256);
        markup_add(page->out, "</td></tr>\n");
    }
    markup_add(page->out, "</tbody></table>\n");
}

void report_proof(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    char folder[16];
    if (page->matter->evidence != REPORT_EVIDENCE_THERE) {
        report_page_element(page, "<h2>", WORD_PROOF, "</h2>\n");
        report_page_element(page, "<p class=\"warning\">", report_word_evidence(page->matter->evidence),
                            "</p>\n");
        return;
    }
    if (dossier->file_count == 0)
        return;
    snprintf(folder, sizeof(folder), "%08lld", (long long)dossier->incident);
    struct report_place where = {"folder", span_of(folder), false};
    report_page_element(page, "<h2>", WORD_PROOF, "</h2>\n<p class=\"note\">");
    report_page_fill(page, WORD_PROOF_LEAD, &where, 1);
    markup_add(page->out, "</p>\n");
    files(page);
    report_page_element(page, "<ol><li>", WORD_VERIFY_ONE, "<pre>sha256sum ");
    buf_add_format(page->out, "%s/*</pre></li>\n", folder);
    report_page_element(page, "<li>", WORD_VERIFY_TWO, "<pre>varta evidence verify .</pre></li>\n");
    report_page_element(page, "<li>", WORD_VERIFY_THREE, "</li></ol>\n");
}
