/*
 * A page's history as a picture: how much of the baseline's text each look found, and how much that was new,
 * over time, with the verdicts as a band below. The same stands in a table, for whoever does not see
 * pictures.
 */
#include "web/web_layout.h"

#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 640, TOP = 8, PLOT = 96, BAND = 10, HEIGHT = 140, LEFT = 34, RIGHT = 632, TABLE_ROWS = 30 };

struct point {
    int64_t at_s;
    enum verdict_kind verdict;
    double kept, fresh;
};

struct chart {
    struct point points[STORE_LOOKS + 1]; /* count */
    size_t count;
    int64_t from_s, until_s;
};

static void add_point(void *context, const struct store_look *look)
{
    struct chart *chart = context;
    if (chart->count <= STORE_LOOKS)
        chart->points[chart->count++] =
            (struct point){look->at_s, html_verdict_of(look->verdict), look->kept, look->fresh};
}

static double x_of(const struct chart *chart, int64_t at_s)
{
    double span = (double)(chart->until_s - chart->from_s);
    return LEFT + (RIGHT - LEFT) * (span > 0 ? (double)(at_s - chart->from_s) / span : 0);
}

static int64_t end_of(const struct chart *chart, size_t i)
{
    return i + 1 < chart->count ? chart->points[i + 1].at_s : chart->until_s;
}

/* Steps: what was seen holds until something else was. Where nothing was compared there is a gap. */
static void write_line(struct buf *out, const struct chart *chart, bool fresh)
{
    bool open = false;
    buf_add_format(out, "<path class=\"line %s\" d=\"", fresh ? "fresh" : "kept");
    for (size_t i = 0; i < chart->count; i++) {
        double value = fresh ? chart->points[i].fresh : chart->points[i].kept;
        if (value < 0) {
            open = false;
            continue;
        }
        double y = TOP + PLOT * (1 - (value > 1 ? 1 : value));
        buf_add_format(out, "%s%.1f %.1fH%.1f", open ? "L" : "M", x_of(chart, chart->points[i].at_s), y,
                       x_of(chart, end_of(chart, i)));
        open = true;
    }
    buf_add_text(out, "\"/>");
}

static void write_band(struct buf *out, const struct chart *chart)
{
    for (size_t i = 0; i < chart->count; i++) {
        double x = x_of(chart, chart->points[i].at_s), width = x_of(chart, end_of(chart, i)) - x;
        buf_add_format(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                       html_verdict_name(chart->points[i].verdict), x, TOP + PLOT + 6,
                       width < 1 ? 1.0 : width, BAND);
    }
}

static void write_axes(struct buf *out)
{
    for (int percent = 0; percent <= 100; percent += 50)
        buf_add_format(out,
                       "<path class=\"axis\" d=\"M%d %dH%d\"/><text x=\"%d\" y=\"%d\" "
                       "text-anchor=\"end\">%d&#8239;%%</text>",
                       LEFT, TOP + PLOT * (100 - percent) / 100, RIGHT, LEFT - 4,
                       TOP + PLOT * (100 - percent) / 100 + 4, percent);
}

/* All verdicts that occur, worst first. */
static void write_verdicts(struct html *html, const struct chart *chart)
{
    bool seen[VERDICT_KIND_COUNT + 1] = {false};
    const char *between = "";
    for (size_t i = 0; i < chart->count; i++)
        seen[chart->points[i].verdict] = true;
    for (unsigned rank = 0; rank <= VERDICT_KIND_COUNT; rank++)
        for (unsigned kind = 0; kind < VERDICT_KIND_COUNT; kind++)
            if (seen[kind] && web_snapshot_rank((enum verdict_kind)kind) == rank) {
                buf_add_text(html->out, between);
                html_say(html, html_verdict_word((enum verdict_kind)kind));
                between = ", ";
            }
}

static void write_description(struct html *html, const struct chart *chart)
{
    struct span sentence = span_of(html_word(html, WORD_CHART_ALL));
    size_t place = span_find(sentence, SPAN("{}"), 0);
    html_text(html->out, span_cut(sentence, 0, place));
    write_verdicts(html, chart);
    html_text(html->out, span_cut(sentence, place + 2, sentence.size));
}

static void write_picture(struct layout *layout, const struct chart *chart)
{
    struct html *html = &layout->html;
    buf_add_format(
        html->out,
        "<figure class=\"chart\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"chart-title "
        "chart-text\"><title id=\"chart-title\">",
        WIDTH, HEIGHT - 16);
    html_say(html, WORD_CHART_TITLE);
    buf_add_text(html->out, "</title><desc id=\"chart-text\">");
    write_description(html, chart);
    buf_add_text(html->out, "</desc>");
    write_axes(html->out);
    write_line(html->out, chart, false);
    write_line(html->out, chart, true);
    write_band(html->out, chart);
    buf_add_text(html->out, "</svg><figcaption><span class=\"ends\">");
    html_time(html, chart->from_s);
    buf_add_text(html->out, " – ");
    html_time(html, chart->until_s);
    buf_add_text(html->out, "</span> <span class=\"key kept\">");
    html_say(html, WORD_CHART_KEPT);
    buf_add_text(html->out, "</span> <span class=\"key fresh\">");
    html_say(html, WORD_CHART_FRESH);
    buf_add_text(html->out, "</span></figcaption></figure>\n");
}

static void write_share(struct buf *out, double share)
{
    if (share < 0)
        buf_add_text(out, "<td>–</td>");
    else
        buf_add_format(out, "<td>%.0f&#8239;%%</td>", share * 100);
}

static void write_table(struct layout *layout, const struct chart *chart)
{
    static const enum web_word heads[] = {WORD_SINCE, WORD_VERDICT, WORD_KEPT, WORD_FRESH};
    struct html *html = &layout->html;
    buf_add_text(html->out, "<details><summary>");
    html_say(html, WORD_HISTORY_TABLE);
    buf_add_text(html->out, "</summary><table class=\"rows small\"><thead><tr>");
    for (size_t i = 0; i < 4; i++) {
        buf_add_text(html->out, "<th scope=\"col\">");
        html_say(html, heads[i]);
        buf_add_text(html->out, "</th>");
    }
    buf_add_text(html->out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < chart->count && i < TABLE_ROWS; i++) {
        const struct point *point = &chart->points[chart->count - 1 - i];
        buf_add_text(html->out, "<tr><th scope=\"row\">");
        html_time(html, point->at_s);
        buf_add_text(html->out, "</th><td>");
        html_verdict(html, point->verdict);
        buf_add_text(html->out, "</td>");
        write_share(html->out, point->kept);
        write_share(html->out, point->fresh);
        buf_add_text(html->out, "</tr>\n");
    }
    buf_add_text(html->out, "</tbody></table></details>\n");
}

bool chart_write(struct layout *layout, struct span url, int64_t until_s)
{
    struct store *store = web_snapshot_store(layout->web->snapshot);
    struct chart *chart = calloc(1, sizeof(*chart));
    bool some = chart && store && store_looks(store, url, add_point, chart) > 0;
    if (some) {
        chart->from_s = chart->points[0].at_s;
        chart->until_s = until_s > chart->points[chart->count - 1].at_s
                             ? until_s
                             : chart->points[chart->count - 1].at_s + 1;
        write_picture(layout, chart);
        write_table(layout, chart);
    }
    free(chart);
    return some;
}
