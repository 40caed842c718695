/*
 * The first page: what is wrong, in words of one line; then what is open; then all pages, the worst first, to
 * be searched and filtered. Made for somebody who was woken by it.
 */
#include "web/web_layout.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

/* What the reader wants to see. */
struct filter {
    struct span text;          /* in the name or the address, without case */
    struct span group;         /* name; empty for all */
    enum verdict_kind verdict; /* VERDICT_KIND_COUNT + 1 for all */
    size_t from;
    bool all_groups;
};

enum { ALL_VERDICTS = VERDICT_KIND_COUNT + 1, FILTER_TEXT = 200 };

static size_t number_of(struct span text)
{
    size_t number = 0;
    for (size_t i = 0; i < text.size && i < 9 && text.at[i] >= '0' && text.at[i] <= '9'; i++)
        number = number * 10 + (size_t)(text.at[i] - '0');
    return number;
}

static struct filter filter_of(const struct web_request *request)
{
    struct span verdict = web_argument(request, "verdict");
    struct filter filter = {
        .text = utf8_prefix(span_trim(web_argument(request, "q")), FILTER_TEXT),
        .group = web_argument(request, "group"),
        .verdict = html_verdict_of(verdict),
        .from = number_of(web_argument(request, "from")),
        .all_groups = web_argument(request, "groups").size > 0,
    };
    if (filter.verdict == VERDICT_KIND_COUNT && !span_equal(verdict, SPAN("none")))
        filter.verdict = (enum verdict_kind)ALL_VERDICTS;
    return filter;
}

static void add_lower(struct buf *out, struct span text)
{
    char bytes[4];
    for (size_t at = 0; at < text.size;) {
        uint32_t character = utf8_lower(utf8_next(text, &at));
        buf_add(out, bytes, utf8_put(character, bytes));
    }
}

/* The wish is in lower case already. */
static bool has_text(struct buf *room, struct span in, struct span wish)
{
    buf_clear(room);
    add_lower(room, in);
    return span_find(buf_span(room), wish, 0) < room->size;
}

struct sieve {
    const struct filter *filter;
    const struct web_group *groups;
    struct buf wish, room;
};

static bool passes(struct sieve *sieve, const struct web_row *row)
{
    const struct filter *filter = sieve->filter;
    if ((unsigned)filter->verdict != ALL_VERDICTS && row->verdict != filter->verdict)
        return false;
    if (filter->group.size && !span_equal(sieve->groups[row->group].name, filter->group))
        return false;
    return filter->text.size == 0 || has_text(&sieve->room, row->name, buf_span(&sieve->wish)) ||
           has_text(&sieve->room, row->url, buf_span(&sieve->wish));
}

/* ---- what is wrong ---- */

/* How many of all pages nobody has looked at: of them nothing is known. */
static void write_unseen(struct html *html, enum web_word word, size_t unseen, size_t all)
{
    char numbers[2][24];
    snprintf(numbers[0], sizeof(numbers[0]), "%zu", unseen);
    snprintf(numbers[1], sizeof(numbers[1]), "%zu", all);
    html_fill(html, html_word(html, word), (const struct span[]){span_of(numbers[0]), span_of(numbers[1])},
              2);
}

static void write_headline(struct layout *layout)
{
    static const struct {
        enum verdict_kind verdict;
        enum web_plural words;
    } bad[] = {{VERDICT_DEFACED, PLURAL_DEFACED},
               {VERDICT_REPLACED, PLURAL_REPLACED},
               {VERDICT_UNAVAILABLE, PLURAL_UNAVAILABLE}};
    struct html *html = &layout->html;
    const size_t *counts = web_snapshot_counts(layout->web->snapshot);
    size_t all;
    const char *between = "";
    for (size_t i = 0; i < 3; i++) {
        if (counts[bad[i].verdict] == 0)
            continue;
        buf_add_text(html->out, between);
        html_plural(html, bad[i].words, counts[bad[i].verdict]);
        between = ", ";
    }
    web_snapshot_rows(layout->web->snapshot, &all);
    if (!*between && counts[VERDICT_KIND_COUNT])
        write_unseen(html, WORD_QUIET_SO_FAR, counts[VERDICT_KIND_COUNT], all);
    else if (!*between)
        html_say(html, WORD_ALL_QUIET);
}

static enum verdict_kind worst(const struct web *web)
{
    static const enum verdict_kind order[] = {VERDICT_DEFACED, VERDICT_REPLACED, VERDICT_UNAVAILABLE};
    const size_t *counts = web_snapshot_counts(web->snapshot);
    for (size_t i = 0; i < 3; i++)
        if (counts[order[i]])
            return order[i];
    return counts[VERDICT_KIND_COUNT] ? VERDICT_KIND_COUNT : VERDICT_UNCHANGED;
}

static int64_t last_look(const struct web_row *rows, size_t count)
{
    int64_t last_s = 0;
    for (size_t i = 0; i < count; i++)
        if (rows[i].at_s > last_s)
            last_s = rows[i].at_s;
    return last_s;
}

static void write_summary(struct layout *layout, const struct web_row *rows, size_t count)
{
    struct html *html = &layout->html;
    enum verdict_kind kind = worst(layout->web);
    buf_add_format(html->out, "<div id=\"summary\" data-live class=\"summary %s\"><h1>",
                   html_verdict_name(kind));
    html_verdict_mark(html, kind);
    buf_add_text(html->out, "<span id=\"headline\">");
    write_headline(layout);
    buf_add_text(html->out, "</span></h1><p>");
    html_plural(html, PLURAL_WATCHED, count);
    buf_add_text(html->out, " · ");
    size_t unseen = web_snapshot_counts(layout->web->snapshot)[VERDICT_KIND_COUNT];
    if (unseen && kind != VERDICT_KIND_COUNT) {
        write_unseen(html, WORD_UNSEEN, unseen, count);
        buf_add_text(html->out, " · ");
    }
    int64_t last_s = last_look(rows, count);
    if (last_s) {
        buf_auto ago = buf_new(1024);
        struct html part = {&ago, html->language, html->now_s};
        const char *sentence = html_word(html, WORD_LAST_LOOK);
        struct span before = span_cut(span_of(sentence), 0, span_find(span_of(sentence), SPAN("{}"), 0));
        html_ago(&part, last_s);
        html_text(html->out, before);
        buf_add_span(html->out, buf_span(&ago));
    } else {
        html_say(html, WORD_NO_LOOK);
    }
    buf_add_text(html->out, "</p></div>\n");
}

/* ---- numbers by verdict: each leads to its pages ---- */

static void write_tiles(struct layout *layout, const struct filter *filter)
{
    static const enum verdict_kind order[] = {VERDICT_DEFACED,   VERDICT_REPLACED, VERDICT_UNAVAILABLE,
                                              VERDICT_EDITED,    VERDICT_NEW,      VERDICT_UNCHANGED,
                                              VERDICT_KIND_COUNT};
    struct html *html = &layout->html;
    const size_t *counts = web_snapshot_counts(layout->web->snapshot);
    buf_add_text(html->out, "<ul id=\"tiles\" data-live class=\"tiles\">");
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        enum verdict_kind kind = order[i];
        if (kind == VERDICT_KIND_COUNT && counts[kind] == 0)
            continue;
        buf_add_format(html->out, "<li><a class=\"tile %s%s\" href=\"/?verdict=%s#pages\"%s>",
                       html_verdict_name(kind), counts[kind] ? "" : " empty", html_verdict_name(kind),
                       filter->verdict == kind ? " aria-current=\"true\"" : "");
        html_verdict_mark(html, kind);
        buf_add_format(html->out, "<b>%zu</b> <span>", counts[kind]);
        html_verdict_of_many(html, kind, counts[kind]);
        buf_add_text(html->out, "</span></a></li>");
    }
    buf_add_text(html->out, "</ul>\n");
}

/* ---- open incidents, those of a campaign together ---- */

struct open_list {
    struct layout *layout;
    size_t count;
};

static void add_open(void *context, const struct incident *incident)
{
    struct open_list *list = context;
    if (list->count++ == 0)
        layout_incidents_head(list->layout, WORD_OPEN_INCIDENTS);
    if (list->count <= WEB_OPEN_ROWS)
        layout_incident(list->layout, incident);
}

/* One row for all its pages: seventy of them must not hide what else is open. */
static void add_campaign(void *context, const struct campaign *campaign)
{
    struct open_list *list = context;
    struct html *html = &list->layout->html;
    enum verdict_kind kind = campaign->outage ? VERDICT_UNAVAILABLE : VERDICT_DEFACED;
    if (campaign->closed_s)
        return;
    if (list->count++ == 0)
        layout_incidents_head(list->layout, WORD_OPEN_INCIDENTS);
    buf_add_format(html->out, "<tr class=\"%s\"><td>", html_verdict_name(kind));
    html_verdict(html, kind);
    buf_add_format(html->out, "</td><th scope=\"row\"><a href=\"/campaign/%lld\">", (long long)campaign->id);
    html_fill_number(html, html_word(html, campaign->outage ? WORD_CAMPAIGN_OUTAGE : WORD_CAMPAIGN),
                     (uint64_t)campaign->id);
    buf_add_text(html->out, "</a><span class=\"under\">");
    html_plural(html, PLURAL_PAGES, campaign->pages);
    buf_add_text(html->out, "</span></th><td>");
    layout_tally(list->layout, campaign);
    buf_add_text(html->out, "</td><td class=\"time\">");
    html_ago(html, campaign->opened_s);
    buf_add_text(html->out, "</td></tr>\n");
}

static void write_open(struct layout *layout)
{
    struct html *html = &layout->html;
    struct store *store = web_snapshot_store(layout->web->snapshot);
    struct store_incident_query wish = {.open = true, .limit = WEB_OPEN_ROWS + 1};
    struct open_list list = {layout, 0};
    buf_add_text(html->out,
                 "<section id=\"open\" data-live aria-labelledby=\"open-title\"><h2 id=\"open-title\">");
    html_say(html, WORD_OPEN_INCIDENTS);
    buf_add_text(html->out, "</h2>\n");
    if (store) {
        store_campaigns(store, INT64_MAX, add_campaign, &list);
        store_list_incidents(store, &wish, add_open, &list);
    }
    if (list.count) {
        layout_incidents_foot(layout);
    } else {
        buf_add_text(html->out, "<p class=\"none\">");
        html_say(html, WORD_NO_INCIDENTS);
        buf_add_text(html->out, "</p>\n");
    }
    if (list.count > WEB_OPEN_ROWS) {
        buf_add_text(html->out, "<p><a href=\"/incidents\">");
        html_say(html, WORD_ALL_INCIDENTS);
        buf_add_text(html->out, "</a></p>\n");
    }
    buf_add_text(html->out, "</section>\n");
}

/* ---- groups ---- */

struct group_counts {
    uint32_t group;
    uint32_t at[VERDICT_KIND_COUNT + 1];
    uint32_t all;
};

static int worst_group(const void *a, const void *b)
{
    static const enum verdict_kind order[] = {VERDICT_DEFACED, VERDICT_REPLACED, VERDICT_UNAVAILABLE,
                                              VERDICT_EDITED};
    const struct group_counts *one = a, *other = b;
    for (size_t i = 0; i < 4; i++)
        if (one->at[order[i]] != other->at[order[i]])
            return one->at[order[i]] > other->at[order[i]] ? -1 : 1;
    return one->group < other->group ? -1 : one->group > other->group;
}

static void write_bar(struct layout *layout, const struct group_counts *counts)
{
    static const enum verdict_kind order[] = {VERDICT_DEFACED,   VERDICT_REPLACED, VERDICT_UNAVAILABLE,
                                              VERDICT_EDITED,    VERDICT_NEW,      VERDICT_UNCHANGED,
                                              VERDICT_KIND_COUNT};
    struct buf *out = layout->html.out;
    double x = 0;
    buf_add_text(
        out,
        "<svg class=\"bar\" viewBox=\"0 0 100 8\" width=\"100\" height=\"8\" preserveAspectRatio=\"none\" "
        "aria-hidden=\"true\" focusable=\"false\">");
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        double width = counts->all ? 100.0 * counts->at[order[i]] / counts->all : 0;
        if (width > 0)
            buf_add_format(out, "<rect class=\"%s\" x=\"%.2f\" width=\"%.2f\" height=\"8\"/>",
                           html_verdict_name(order[i]), x, width);
        x += width;
    }
    buf_add_text(out, "</svg>");
}

static void write_group(struct layout *layout, const struct web_group *group,
                        const struct group_counts *counts)
{
    static const enum verdict_kind told[] = {VERDICT_DEFACED, VERDICT_REPLACED, VERDICT_UNAVAILABLE};
    struct html *html = &layout->html;
    buf_add_text(html->out, "<li><a href=\"/?group=");
    html_query(html->out, group->name);
    buf_add_text(html->out, "#pages\">");
    html_foreign(html, group->name);
    buf_add_text(html->out, "</a> <span class=\"under\">");
    html_plural(html, PLURAL_PAGES, counts->all);
    for (size_t i = 0; i < 3; i++) {
        if (counts->at[told[i]] == 0)
            continue;
        buf_add_format(html->out, " <span class=\"verdict %s\">", html_verdict_name(told[i]));
        html_verdict_mark(html, told[i]);
        buf_add_format(html->out, " %u <span class=\"unseen\">", (unsigned)counts->at[told[i]]);
        html_verdict_of_many(html, told[i], counts->at[told[i]]);
        buf_add_text(html->out, "</span></span>");
    }
    buf_add_text(html->out, "</span>");
    write_bar(layout, counts);
    buf_add_text(html->out, "</li>\n");
}

static void write_group_list(struct layout *layout, const struct group_counts *counts, size_t count, bool all)
{
    struct html *html = &layout->html;
    size_t group_count, shown = 0, used = 0;
    const struct web_group *groups = web_snapshot_groups(layout->web->snapshot, &group_count);
    for (size_t i = 0; i < count; i++)
        used += counts[i].all > 0;
    if (used < 2)
        return;
    buf_add_text(
        html->out,
        "<section id=\"groups\" data-live aria-labelledby=\"groups-title\"><h2 id=\"groups-title\">");
    html_say(html, WORD_GROUPS);
    buf_add_text(html->out, "</h2><ul class=\"groups\">\n");
    for (size_t i = 0; i < count && (all || shown < WEB_GROUP_ROWS); i++) {
        if (counts[i].all == 0)
            continue;
        write_group(layout, &groups[counts[i].group], &counts[i]);
        shown++;
    }
    buf_add_text(html->out, "</ul>\n");
    if (shown < used) {
        buf_add_text(html->out, "<p><a href=\"/?groups=all#groups\">");
        html_fill_number(html, html_word(html, WORD_MORE_GROUPS), used);
        buf_add_text(html->out, "</a></p>\n");
    }
    buf_add_text(html->out, "</section>\n");
}

static void write_groups(struct layout *layout, const struct web_row *rows, size_t count, bool all)
{
    size_t group_count;
    web_snapshot_groups(layout->web->snapshot, &group_count);
    struct group_counts *counts = calloc(group_count + 1, sizeof(*counts));
    if (!counts)
        return;
    for (size_t i = 0; i < group_count; i++)
        counts[i].group = (uint32_t)i;
    for (size_t i = 0; i < count; i++) {
        counts[rows[i].group].at[rows[i].verdict]++;
        counts[rows[i].group].all++;
    }
    qsort(counts, group_count, sizeof(*counts), worst_group);
    write_group_list(layout, counts, group_count, all);
    free(counts);
}

/* ---- all pages ---- */

static void write_option(struct html *html, struct span value, bool chosen)
{
    buf_add_text(html->out, "<option");
    html_attribute(html->out, "value", value);
    buf_add_text(html->out, chosen ? " selected>" : ">");
}

static void write_group_choice(struct layout *layout, const struct filter *filter)
{
    struct html *html = &layout->html;
    size_t count;
    const struct web_group *groups = web_snapshot_groups(layout->web->snapshot, &count);
    buf_add_text(html->out, "<label><span>");
    html_say(html, WORD_GROUP);
    buf_add_text(html->out, "</span><select name=\"group\"><option value=\"\">");
    html_say(html, WORD_ALL_GROUPS);
    buf_add_text(html->out, "</option>");
    for (size_t i = 0; i < count; i++) {
        write_option(html, groups[i].name, span_equal(groups[i].name, filter->group));
        html_text_cut(html->out, groups[i].name, 60);
        buf_add_text(html->out, "</option>");
    }
    buf_add_text(html->out, "</select></label>");
}

static void write_verdict_choice(struct html *html, const struct filter *filter)
{
    buf_add_text(html->out, "<label><span>");
    html_say(html, WORD_STATE);
    buf_add_text(html->out, "</span><select name=\"verdict\"><option value=\"\">");
    html_say(html, WORD_ALL_VERDICTS);
    buf_add_text(html->out, "</option>");
    for (unsigned i = 0; i <= VERDICT_KIND_COUNT; i++) {
        enum verdict_kind kind = (enum verdict_kind)i;
        write_option(html, span_of(html_verdict_name(kind)), filter->verdict == kind);
        html_say(html, html_verdict_word(kind));
        buf_add_text(html->out, "</option>");
    }
    buf_add_text(html->out, "</select></label>");
}

static void write_filter(struct layout *layout, const struct filter *filter)
{
    struct html *html = &layout->html;
    bool any = filter->text.size || filter->group.size || (unsigned)filter->verdict != ALL_VERDICTS;
    buf_add_text(html->out,
                 "<form method=\"get\" action=\"/#pages\" role=\"search\" class=\"filter\"><label><span>");
    html_say(html, WORD_SEARCH);
    buf_add_text(
        html->out,
        "</span><input type=\"search\" id=\"search\" name=\"q\" autocomplete=\"off\" maxlength=\"200\"");
    html_attribute(html->out, "value", filter->text);
    buf_add_text(html->out, "></label>");
    write_group_choice(layout, filter);
    write_verdict_choice(html, filter);
    buf_add_text(html->out, "<button>");
    html_say(html, WORD_SHOW);
    buf_add_text(html->out, "</button>");
    if (any) {
        buf_add_text(html->out, "<a class=\"button\" href=\"/#pages\">");
        html_say(html, WORD_CLEAR);
        buf_add_text(html->out, "</a>");
    }
    buf_add_text(html->out, "</form>\n");
}

static void write_row(struct layout *layout, const struct web_row *row, const struct web_group *groups)
{
    struct html *html = &layout->html;
    buf_add_format(html->out, "<tr class=\"%s\"><td>", html_verdict_name(row->verdict));
    html_verdict(html, row->verdict);
    if (row->verdict == VERDICT_UNAVAILABLE && row->cause[0]) {
        buf_add_text(html->out, "<span class=\"under\">");
        html_cause(html, span_of(row->cause));
        buf_add_text(html->out, "</span>");
    }
    buf_add_text(html->out, "</td><th scope=\"row\">");
    layout_page_link(layout, row->url, row->name);
    if (row->name.size) {
        buf_add_text(html->out, "<span class=\"under\">");
        html_foreign(html, row->url);
        buf_add_text(html->out, "</span>");
    }
    buf_add_text(html->out, "</th><td class=\"group\">");
    html_foreign(html, groups[row->group].name);
    buf_add_text(html->out, "</td><td class=\"time\">");
    html_ago(html, row->at_s);
    buf_add_text(html->out, "</td></tr>\n");
}

static void write_turn(struct layout *layout, const struct filter *filter, size_t from, enum web_word word)
{
    struct html *html = &layout->html;
    buf_add_text(html->out, "<a class=\"button\" href=\"/?q=");
    html_query(html->out, filter->text);
    buf_add_text(html->out, "&amp;group=");
    html_query(html->out, filter->group);
    if ((unsigned)filter->verdict != ALL_VERDICTS)
        buf_add_format(html->out, "&amp;verdict=%s", html_verdict_name(filter->verdict));
    buf_add_format(html->out, "&amp;from=%zu#pages\">", from);
    html_say(html, word);
    buf_add_text(html->out, "</a> ");
}

static void write_range(struct html *html, size_t from, size_t to, size_t all)
{
    char numbers[3][24];
    snprintf(numbers[0], sizeof(numbers[0]), "%zu", from);
    snprintf(numbers[1], sizeof(numbers[1]), "%zu", to);
    snprintf(numbers[2], sizeof(numbers[2]), "%zu", all);
    const struct span texts[] = {span_of(numbers[0]), span_of(numbers[1]), span_of(numbers[2])};
    html_fill(html, html_word(html, WORD_RANGE), texts, 3);
}

static void write_table_head(struct html *html)
{
    static const enum web_word heads[] = {WORD_STATE, WORD_PAGE, WORD_GROUP, WORD_LOOKED};
    static const char *const classes[] = {"", "", " class=\"group\"", ""};
    buf_add_text(html->out, "<table class=\"rows\"><caption class=\"unseen\">");
    html_say(html, WORD_PAGES);
    buf_add_text(html->out, "</caption><thead><tr>");
    for (size_t i = 0; i < 4; i++) {
        buf_add_format(html->out, "<th scope=\"col\"%s>", classes[i]);
        html_say(html, heads[i]);
        buf_add_text(html->out, "</th>");
    }
    buf_add_text(html->out, "</tr></thead><tbody>\n");
}

/* Writes the rows of this leaf. Returns how many pages fit the filter. */
static size_t write_rows(struct layout *layout, const struct filter *filter, const struct web_row *rows,
                         size_t count)
{
    size_t group_count, fit = 0;
    struct sieve sieve = {filter, web_snapshot_groups(layout->web->snapshot, &group_count),
                          buf_new(4 * FILTER_TEXT), buf_new(64 << 10)};
    add_lower(&sieve.wish, filter->text);
    for (size_t i = 0; i < count; i++) {
        if (!passes(&sieve, &rows[i]))
            continue;
        if (fit >= filter->from && fit < filter->from + WEB_ROWS)
            write_row(layout, &rows[i], sieve.groups);
        fit++;
    }
    buf_free(&sieve.wish);
    buf_free(&sieve.room);
    return fit;
}

static void write_turns(struct layout *layout, const struct filter *filter, size_t fit)
{
    struct html *html = &layout->html;
    size_t to = filter->from + WEB_ROWS < fit ? filter->from + WEB_ROWS : fit;
    buf_add_text(html->out, "<p class=\"turns\">");
    if (fit == 0 || filter->from >= fit)
        html_say(html, WORD_NOTHING_FOUND);
    else
        write_range(html, filter->from + 1, to, fit);
    buf_add_byte(html->out, ' ');
    if (filter->from)
        write_turn(layout, filter, filter->from > WEB_ROWS ? filter->from - WEB_ROWS : 0, WORD_PREVIOUS);
    if (to < fit)
        write_turn(layout, filter, to, WORD_NEXT);
    buf_add_text(html->out, "</p>\n");
}

static void write_pages(struct layout *layout, const struct filter *filter, const struct web_row *rows,
                        size_t count)
{
    struct html *html = &layout->html;
    buf_add_text(html->out, "<section id=\"pages\" aria-labelledby=\"pages-title\"><h2 id=\"pages-title\">");
    html_say(html, WORD_PAGES);
    buf_add_text(html->out, "</h2>\n");
    write_filter(layout, filter);
    buf_add_text(html->out, "<div id=\"rows\" data-live>");
    write_table_head(html);
    size_t fit = write_rows(layout, filter, rows, count);
    buf_add_text(html->out, "</tbody></table>\n");
    write_turns(layout, filter, fit);
    buf_add_text(html->out, "</div></section>\n");
}

void overview_write(struct layout *layout)
{
    size_t count;
    const struct web_row *rows = web_snapshot_rows(layout->web->snapshot, &count);
    struct filter filter = filter_of(layout->request);
    buf_auto title = buf_new(4096);
    struct buf *out = layout->html.out;
    layout->html.out = &title;
    write_headline(layout);
    layout->html.out = out;
    layout_head(layout, buf_span(&title), "/");
    write_summary(layout, rows, count);
    write_tiles(layout, &filter);
    write_open(layout);
    write_groups(layout, rows, count, filter.all_groups);
    write_pages(layout, &filter, rows, count);
    layout_foot(layout);
}
