/*
 * The pictures new to the page, as varta drew them again, with boxes around what was read. Only bytes that
 * are a PNG by their first bytes go in; the boxes lie over the picture in the original's own pixels.
 */
#include "pipeline/evidence/report_page.h"

static bool get_png(const struct report_page *page, const struct dossier_picture *picture, struct buf *png)
{
    const struct report_matter *matter = page->matter;
    if (!matter->bytes || picture->file.size == 0 || !matter->bytes(matter->context, picture->file, png))
        return false;
    return !png->failed && span_starts(buf_span(png), SPAN("\x89PNG\r\n\x1a\n"));
}

enum { BOX_MARGIN = 4 /* pixels of the original: the frame stands beside the letters, not on them */ };

static void box(const struct report_page *page, const struct dossier_line *line, const char *class)
{
    buf_add_format(page->out,
                   "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>",
                   class, line->x - BOX_MARGIN, line->y - BOX_MARGIN, line->width + 2 * BOX_MARGIN,
                   line->height + 2 * BOX_MARGIN);
}

static void boxes(const struct report_page *page, const struct dossier_picture *picture)
{
    if (picture->line_count == 0 || picture->width == 0 || picture->height == 0)
        return;
    buf_add_format(page->out,
                   "<svg viewBox=\"0 0 %lld %lld\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
                   (long long)picture->width, (long long)picture->height);
    for (size_t i = 0; i < picture->line_count; i++) {
        box(page, &picture->lines[i], "under");
        box(page, &picture->lines[i], picture->lines[i].doubtful ? "doubt" : "sure");
    }
    markup_add(page->out, "</svg>");
}

static void shot(const struct report_page *page, const struct dossier_picture *picture,
                 struct report_place number)
{
    buf_auto png = buf_new(REPORT_PICTURE_BYTES);
    if (!get_png(page, picture, &png)) {
        report_page_element(page, "<div class=\"side\"><p>", WORD_PICTURE_LOST, "</p></div>\n");
        return;
    }
    markup_add(page->out, "<div class=\"shot\"><img alt=\"");
    report_page_fill(page, WORD_PICTURE, &number, 1);
    markup_add(page->out, "\" src=\"data:image/png;base64,");
    markup_base64(page->out, buf_span(&png));
    markup_add(page->out, "\">");
    boxes(page, picture);
    markup_add(page->out, "</div>\n");
}

static void line(const struct report_page *page, const struct dossier_line *one)
{
    markup_add(page->out, "<li lang=\"");
    markup_attribute(page->out, span_of(one->language[0] ? one->language : "und"));
    markup_add(page->out, "\" dir=\"auto\">");
    report_page_foreign(page, one->text);
    if (one->doubtful)
        report_page_element(page, " <small>(", WORD_DOUBTFUL, "?)</small>");
    markup_add(page->out, "</li>\n");
}

static void side(const struct report_page *page, const struct dossier_picture *picture,
                 struct report_place number)
{
    markup_add(page->out, "<div class=\"side\"><h3>");
    report_page_fill(page, WORD_PICTURE_READ, &number, 1);
    markup_add(page->out, "</h3>\n");
    if (picture->line_count == 0)
        report_page_element(page, "<p>", WORD_PICTURE_SILENT, "</p>\n");
    else
        markup_add(page->out, "<ol>\n");
    for (size_t i = 0; i < picture->line_count; i++)
        line(page, &picture->lines[i]);
    if (picture->line_count)
        markup_add(page->out, "</ol>\n");
    markup_add(page->out, "</div>\n");
}

static void caption(const struct report_page *page, const struct dossier_picture *picture)
{
    const char *mark = "";
    markup_add(page->out, "<figcaption>");
    if (picture->url.size) {
        markup_add(page->out, "<code><bdi>");
        markup_defanged(page->out, picture->url);
        markup_add(page->out, "</bdi></code>");
        mark = " · ";
    }
    if (picture->width) {
        buf_add_format(page->out, "%s%lld × %lld", mark, (long long)picture->width,
                       (long long)picture->height);
        mark = " · ";
    }
    if (picture->format.size)
        markup_add(page->out, mark);
    markup_text(page->out, picture->format);
    markup_add(page->out, "</figcaption>\n");
}

static void picture(const struct report_page *page, const struct dossier_picture *one, size_t index)
{
    char text[24];
    struct report_place number = report_number("number", index + 1, text);
    markup_add(page->out, "<figure>\n<div class=\"pic\">\n");
    shot(page, one, number);
    side(page, one, number);
    markup_add(page->out, "</div>\n");
    caption(page, one);
    markup_add(page->out, "</figure>\n");
}

static void more(const struct report_page *page, size_t count)
{
    char text[24];
    struct report_place place = report_number("count", count, text);
    markup_add(page->out, "<p class=\"warning\">");
    report_page_fill(page, WORD_MORE_PICTURES, &place, 1);
    markup_add(page->out, "</p>\n");
}

void report_pictures(const struct report_page *page)
{
    struct report_shown shown = report_shown(page->dossier);
    if (shown.count == 0)
        return;
    report_page_element(page, "<h2>", WORD_PICTURES, "</h2>\n");
    report_page_element(page, "<p class=\"note\">", WORD_PICTURES_LEAD, "</p>\n");
    for (size_t i = 0; i < shown.count; i++)
        picture(page, &page->dossier->pictures[shown.at[i]], shown.at[i]);
    if (shown.more)
        more(page, shown.more);
}
