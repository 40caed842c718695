/* Before and after, side by side. Each passage has a sign, a word for those who hear the page, and a colour:
 * what stayed is dim, what went is struck out, what came stands out. */
#include "pipeline/evidence/report_page.h"

#include <stdio.h>

struct look {
    const char *open, *close;
    enum word word;
};

static const struct look looks[] = {
    [CHANGE_KEPT] = {"<p class=\"b kept\" dir=\"auto\"><i aria-hidden=\"true\">=</i>", "</p>\n",
                     WORD_SIGN_KEPT},
    [CHANGE_MOVED] = {"<p class=\"b kept\" dir=\"auto\"><i aria-hidden=\"true\">=</i>", "</p>\n",
                      WORD_SIGN_KEPT},
    [CHANGE_NEW] = {"<p class=\"b fresh\" dir=\"auto\"><i aria-hidden=\"true\">+</i>", "</ins></p>\n",
                    WORD_SIGN_NEW},
    [CHANGE_GONE] = {"<p class=\"b gone\" dir=\"auto\"><i aria-hidden=\"true\">−</i>", "</del></p>\n",
                     WORD_SIGN_GONE},
    [CHANGE_VOLATILE] = {"<p class=\"b volatile\" dir=\"auto\"><i aria-hidden=\"true\">~</i>", "</p>\n",
                         WORD_SIGN_VOLATILE},
};

static bool stands(const struct dossier_block *block, bool before)
{
    if (block->kind == CHANGE_GONE)
        return before;
    if (block->kind == CHANGE_NEW || block->kind == CHANGE_VOLATILE)
        return !before;
    return true;
}

static void remark(const struct report_page *page, const struct dossier_block *block)
{
    if (block->hidden)
        report_page_element(page, "<small>(", WORD_HIDDEN, ")</small>");
    else if (block->picture || span_equal(block->origin, SPAN("image")))
        report_page_element(page, "<small>(", WORD_FROM_PICTURE, ")</small>");
    else if (span_equal(block->origin, SPAN("title")))
        report_page_element(page, "<small>(", WORD_TITLE, ")</small>");
}

static void passage(const struct report_page *page, const struct dossier_block *block)
{
    const struct look *look = &looks[block->kind];
    markup_add(page->out, look->open);
    report_page_element(page, "<span class=\"v\">", look->word, ": </span>");
    remark(page, block);
    if (block->kind == CHANGE_NEW || block->kind == CHANGE_GONE)
        markup_add(page->out, block->kind == CHANGE_NEW ? "<ins>" : "<del>");
    if (block->heading)
        markup_add(page->out, "<span class=\"heading\">");
    markup_text(page->out, block->text);
    if (block->heading)
        markup_add(page->out, "</span>");
    markup_add(page->out, look->close);
}

static void side(const struct report_page *page, bool before)
{
    const struct dossier *dossier = page->dossier;
    size_t bytes = 0, left_out = 0, shown = 0;
    report_page_element(page, "<section><h3>", before ? WORD_BEFORE : WORD_AFTER, "</h3>\n");
    for (size_t i = 0; i < dossier->block_count; i++) {
        const struct dossier_block *block = &dossier->blocks[i];
        if (!stands(block, before) || block->text.size == 0)
            continue;
        bytes += block->text.size;
        if (bytes > REPORT_SIDE_BYTES && shown) {
            left_out++;
            continue;
        }
        passage(page, block);
        shown++;
    }
    if (!shown)
        report_page_element(page, "<p class=\"note\">", WORD_NO_BLOCKS, "</p>\n");
    if (left_out) {
        char text[24];
        snprintf(text, sizeof(text), "%zu", left_out);
        struct report_place place = {"count", span_of(text), false};
        markup_add(page->out, "<p class=\"note\">");
        report_page_fill(page, WORD_MORE_BLOCKS, &place, 1);
        markup_add(page->out, "</p>\n");
    }
    markup_add(page->out, "</section>\n");
}

static void shares(const struct report_page *page)
{
    const struct dossier *dossier = page->dossier;
    if (dossier->kept < 0 || dossier->fresh < 0)
        return;
    buf_auto kept = buf_new(16), fresh = buf_new(16);
    report_page_percent(dossier->kept, &kept);
    report_page_percent(dossier->fresh, &fresh);
    struct report_place places[] = {{"kept", buf_span(&kept), false}, {"new", buf_span(&fresh), false}};
    markup_add(page->out, "<p>");
    report_page_fill(page, WORD_CHANGE_LEAD, places, 2);
    markup_add(page->out, "</p>\n");
}

void report_change(const struct report_page *page)
{
    if (page->dossier->block_count == 0)
        return;
    report_page_element(page, "<h2>", WORD_CHANGE, "</h2>\n");
    shares(page);
    report_page_element(page, "<p><span class=\"key kept\">= ", WORD_SIGN_KEPT, "</span>");
    report_page_element(page, "<span class=\"key gone\">− ", WORD_SIGN_GONE, "</span>");
    report_page_element(page, "<span class=\"key fresh\">+ ", WORD_SIGN_NEW, "</span>");
    report_page_element(page, "<span class=\"key volatile\">~ ", WORD_SIGN_VOLATILE, "</span></p>\n");
    markup_add(page->out, "<div class=\"cols\">\n");
    side(page, true);
    side(page, false);
    markup_add(page->out, "</div>\n");
}
