/*
 * Real pages are the stage; what replaces them are real defacements, real ordinary pages that naive detectors
 * take for such, pages of other sites, and messages of our own. Everything is made in the order of sorted
 * names, so the same data gives the same lessons.
 */
#include "curriculum.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "families.h"
#include "pipeline/read/read.h"
#include "shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    STAGES_MAX = 512,
    STAGES_A_SITE = 8,
    STAGE_LETTERS_MIN = 300,
    PAGES_A_PAGE = 12, /* stages each replacement is put on */
    DAY_S = 86400,
    PATH_MAX_BYTES = 4096,
};

/* A real page that something else will stand in the place of. */
struct stage {
    struct baseline *baseline;
    struct lesson_languages languages;
    struct reading reading;
    struct buf html;
    uint32_t site;
    char name[64];
    char guess[8];
};

struct curriculum {
    struct lesson_tools *tools;
    const struct curriculum_folders *folders;
    struct lesson_list *list;
    struct gallery *gallery;
    struct stage stages[STAGES_MAX];
    size_t stage_count;
    size_t turn; /* which stages come next */
    size_t
        measured_turn; /* the same for what is only measured, so that it moves nothing that is trained on */
    struct texts messages, news, notices, articles, greetings;
};

static uint32_t number_of(const char *name)
{
    uint32_t hash = (uint32_t)hash_span(span_of(name));
    return hash ? hash : 1;
}

static struct reading read_html(struct curriculum *curriculum, struct span html, const char *type)
{
    struct reading reading;
    struct read_request request = {.content_type = span_of(type)};
    double start = lesson_clock();
    read_page(html, &request, &reading);
    curriculum->tools->reading_s += lesson_clock() - start;
    return reading;
}

static bool read_file(struct curriculum *curriculum, const char *path, struct reading *ret_reading)
{
    buf_auto bytes = buf_new(0);
    if (!shelf_read(path, &bytes))
        return false;
    bool markdown = span_ends(span_of(path), SPAN(".md"));
    *ret_reading =
        read_html(curriculum, buf_span(&bytes), markdown ? "text/plain; charset=utf-8" : "text/html");
    return true;
}

static void add(struct curriculum *curriculum, const struct stage *stage, const struct reading *reading,
                const struct lesson *about)
{
    lesson_add(curriculum->tools, stage ? stage->baseline : NULL, stage ? &stage->languages : NULL, reading,
               about, curriculum->list);
}

static struct lesson about(enum lesson_kind kind, uint32_t site, uint32_t family, const char *expected,
                           const char *name, const char *at)
{
    struct lesson lesson = {.kind = kind, .site = site, .family = family};
    snprintf(lesson.expected, sizeof(lesson.expected), "%s", expected);
    snprintf(lesson.name, sizeof(lesson.name), "%.44s%s%.44s", name, *at ? " at " : "", at);
    return lesson;
}

static const struct stage *next_stage(struct curriculum *curriculum, size_t *turn)
{
    return &curriculum->stages[(*turn)++ * 7919 % curriculum->stage_count];
}

static bool is_only_measured(enum lesson_kind kind)
{
    return kind == LESSON_GREETING || kind == LESSON_ARTICLE || kind == LESSON_PADDED;
}

/* In place of some real pages, another set each time, and by itself. */
static void add_everywhere(struct curriculum *curriculum, const struct reading *reading,
                           enum lesson_kind there, enum lesson_kind alone, uint32_t family,
                           const char *expected, const char *name, size_t times)
{
    size_t *turn = is_only_measured(there) ? &curriculum->measured_turn : &curriculum->turn;
    for (size_t i = 0; i < times && curriculum->stage_count; i++) {
        const struct stage *stage = next_stage(curriculum, turn);
        struct lesson one = about(there, stage->site, family, expected, name, stage->name);
        add(curriculum, stage, reading, &one);
    }
    struct lesson one = about(alone, 0, family, expected, name, "");
    add(curriculum, NULL, reading, &one);
}

/* ---- histories
 * ----------------------------------------------------------------------------------------------- */

static void set_stage(struct curriculum *curriculum, const char *path, const char *site, const char *guess,
                      const char *name)
{
    struct stage stage = {.site = number_of(site), .baseline = baseline_new()};
    if (curriculum->stage_count == STAGES_MAX || !shelf_read(path, &stage.html))
        return;
    stage.reading = read_html(curriculum, buf_span(&stage.html), "text/html");
    if (stage.reading.letters < STAGE_LETTERS_MIN) {
        reading_free(&stage.reading);
        buf_free(&stage.html);
        baseline_free(stage.baseline);
        return;
    }
    if (baseline_learn(stage.baseline, &stage.reading, DAY_S))
        abort();
    stage.languages = lesson_languages(curriculum->tools, stage.baseline);
    snprintf(stage.guess, sizeof(stage.guess), "%s", guess);
    snprintf(stage.name, sizeof(stage.name), "%s", name);
    curriculum->stages[curriculum->stage_count++] = stage;
}

static void add_pair(struct curriculum *curriculum, const struct reading *before, const struct reading *now,
                     const struct lesson *one)
{
    struct baseline *baseline = baseline_new();
    if (baseline_learn(baseline, before, DAY_S))
        abort();
    struct lesson_languages languages = lesson_languages(curriculum->tools, baseline);
    lesson_add(curriculum->tools, baseline, &languages, now, one, curriculum->list);
    baseline_free(baseline);
}

static void add_version(struct curriculum *curriculum, struct baseline *baseline, const struct reading *now,
                        int64_t at_s, const struct lesson *one)
{
    struct lesson_languages languages = lesson_languages(curriculum->tools, baseline);
    const struct lesson *lesson =
        lesson_add(curriculum->tools, baseline, &languages, now, one, curriculum->list);
    if (lesson->otherwise == VERDICT_UNAVAILABLE)
        return;
    if (lesson->otherwise == VERDICT_REPLACED ? baseline_accept(baseline, now, at_s)
                                              : baseline_learn(baseline, now, at_s))
        abort();
}

/* One page's history: each version against those before it. */
static void add_history(struct curriculum *curriculum, const char *folder, const char *site, const char *page)
{
    struct shelf_names names = shelf_list(folder);
    struct baseline *baseline = baseline_new();
    struct reading before = {0};
    for (size_t i = 0; i < names.count; i++) {
        char path[PATH_MAX_BYTES + 256], name[64];
        struct reading now;
        snprintf(path, sizeof(path), "%s/%s", folder, names.at[i]);
        snprintf(name, sizeof(name), "%.16s/%.12s/%.12s", site, page, names.at[i]);
        if (!read_file(curriculum, path, &now))
            continue;
        struct lesson one =
            about(i ? LESSON_VERSION : LESSON_VERSION_ALONE, number_of(site), 0, "", name, "");
        if (i) {
            add_version(curriculum, baseline, &now, (int64_t)(i + 1) * DAY_S, &one);
            one.kind = LESSON_PAIR;
            add_pair(curriculum, &before, &now, &one);
        } else {
            add(curriculum, NULL, &now, &one);
            if (baseline_learn(baseline, &now, DAY_S))
                abort();
        }
        reading_free(&before);
        before = now;
    }
    reading_free(&before);
    baseline_free(baseline);
    shelf_free(&names);
}

struct history_rows {
    struct curriculum *curriculum;
    size_t row;
    uint32_t site; /* the site being read, and how many of its pages came */
    size_t pages;
    size_t staged;
};

static bool on_stage(struct span guess)
{
    static const char *const wanted[] = {"uk", "ru", "pl", "be", "en"};
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        if (span_equal(guess, span_of(wanted[i])))
            return true;
    return false;
}

static void take_history(void *context, const struct span *cells, size_t count)
{
    struct history_rows *rows = context;
    struct curriculum *curriculum = rows->curriculum;
    char site[64], page[64], guess[8], folder[PATH_MAX_BYTES], path[PATH_MAX_BYTES + 300], name[64];
    if (count < 4)
        return;
    snprintf(site, sizeof(site), "%.*s", (int)cells[0].size, cells[0].at);
    snprintf(page, sizeof(page), "%.*s", (int)cells[1].size, cells[1].at);
    snprintf(guess, sizeof(guess), "%.*s", (int)cells[3].size, cells[3].at);
    snprintf(folder, sizeof(folder), "%s/%s/%s", curriculum->folders->histories, site, page);
    if (rows->site != number_of(site))
        rows->pages = rows->staged = 0;
    rows->site = number_of(site);
    size_t order = rows->pages++;
    if (on_stage(cells[3]) && rows->staged < STAGES_A_SITE && (order % 5 == 0 || order < 3)) {
        struct shelf_names names = shelf_list(folder);
        if (names.count) {
            snprintf(path, sizeof(path), "%s/%s", folder, names.at[names.count - 1]);
            snprintf(name, sizeof(name), "%.20s/%.10s", site, page);
            size_t had = curriculum->stage_count;
            set_stage(curriculum, path, site, guess, name);
            rows->staged += curriculum->stage_count - had;
        }
        shelf_free(&names);
    }
    if (!curriculum->folders->quick || rows->row % 10 == 0)
        add_history(curriculum, folder, site, page);
    rows->row++;
}

static bool add_histories(struct curriculum *curriculum)
{
    char path[PATH_MAX_BYTES];
    struct history_rows rows = {.curriculum = curriculum};
    snprintf(path, sizeof(path), "%s/manifest.tsv", curriculum->folders->histories);
    return shelf_table(path, take_history, &rows);
}

/* Each stage's page in place of some others: of other sites, and of the same site in another language. */
static void add_other_pages(struct curriculum *curriculum)
{
    for (size_t i = 0; i < curriculum->stage_count; i++)
        for (size_t j = 0; j < curriculum->stage_count; j++) {
            const struct stage *there = &curriculum->stages[i], *here = &curriculum->stages[j];
            bool same_site = there->site == here->site;
            bool same_language = strcmp(there->guess, here->guess) == 0;
            if (i == j || (same_site && same_language) || (!same_site && (i * 31 + j * 17) % 11))
                continue;
            struct lesson one = about(same_site ? LESSON_OTHER_LANGUAGE : LESSON_OTHER_PAGE, there->site,
                                      here->site, "", here->name, there->name);
            add(curriculum, there, &here->reading, &one);
        }
}

/* ---- defacements
 * ------------------------------------------------------------------------------------------- */

struct defacement_rows {
    struct curriculum *curriculum;
    struct families *families;
    bool counting; /* first the families are told, then the lessons made */
    size_t index;
};

static bool open_defacement(struct curriculum *curriculum, const char *id, struct reading *ret_reading)
{
    char path[PATH_MAX_BYTES];
    snprintf(path, sizeof(path), "%s/%s/index.html", curriculum->folders->defacements, id);
    if (!read_file(curriculum, path, ret_reading))
        return false;
    snprintf(path, sizeof(path), "%s/%s/images", curriculum->folders->defacements, id);
    gallery_hang(curriculum->gallery, path, ret_reading);
    return true;
}

static void add_defacement(struct curriculum *curriculum, const struct reading *reading, const char *state,
                           uint32_t family, const char *id)
{
    if (strcmp(state, "full") == 0)
        add_everywhere(curriculum, reading, LESSON_DEFACED, LESSON_DEFACED_ALONE, family, "", id,
                       PAGES_A_PAGE);
    else if (strcmp(state, "js") == 0)
        add_everywhere(curriculum, reading, LESSON_SCRIPTED, LESSON_SCRIPTED_ALONE, family, "", id,
                       PAGES_A_PAGE);
    else if (strcmp(state, "partial") == 0)
        add_everywhere(curriculum, reading, LESSON_PARTIAL_ALONE, LESSON_PARTIAL_ALONE, family, "", id, 0);
}

static void take_defacement(void *context, const struct span *cells, size_t count)
{
    struct defacement_rows *rows = context;
    char id[32], state[16];
    struct reading reading;
    if (count < 2)
        return;
    snprintf(id, sizeof(id), "%.*s", (int)cells[0].size, cells[0].at);
    snprintf(state, sizeof(state), "%.*s", (int)cells[1].size, cells[1].at);
    if (!open_defacement(rows->curriculum, id, &reading))
        return;
    if (rows->counting)
        families_add(rows->families, &reading);
    else
        add_defacement(rows->curriculum, &reading, state, families_of(rows->families, rows->index++), id);
    reading_free(&reading);
}

static bool add_defacements(struct curriculum *curriculum)
{
    char path[PATH_MAX_BYTES];
    struct families *families = families_new();
    struct defacement_rows rows = {.curriculum = curriculum, .families = families, .counting = true};
    snprintf(path, sizeof(path), "%s/manifest.tsv", curriculum->folders->defacements);
    bool found = shelf_table(path, take_defacement, &rows);
    families_join(families);
    rows.counting = false;
    found = found && shelf_table(path, take_defacement, &rows);
    families_free(families);
    return found;
}

/* ---- ordinary pages
 * ---------------------------------------------------------------------------------------- */

static void take_ordinary(void *context, const struct span *cells, size_t count)
{
    struct curriculum *curriculum = context;
    char path[PATH_MAX_BYTES], kind[32], file[128], origin[128];
    struct reading reading;
    if (count < 4)
        return;
    snprintf(kind, sizeof(kind), "%.*s", (int)cells[0].size, cells[0].at);
    snprintf(file, sizeof(file), "%.*s", (int)cells[1].size, cells[1].at);
    snprintf(origin, sizeof(origin), "%.*s", (int)cells[3].size, cells[3].at);
    snprintf(path, sizeof(path), "%s/%s", curriculum->folders->ordinary, file);
    if (!read_file(curriculum, path, &reading))
        return;
    /* two of the origins are collections of unlike pages; in the others one origin is one template */
    bool collection = strstr(origin, "ISI-PROJECT2") || strstr(origin, "bugbounty") ||
                      strstr(origin, "DeepPress") || strstr(origin, "articleMD");
    uint32_t family = number_of(collection ? file : origin);
    add_everywhere(curriculum, &reading, LESSON_ORDINARY, LESSON_ORDINARY_ALONE, family, kind, file,
                   PAGES_A_PAGE);
    reading_free(&reading);
}

/* ---- texts of our own
 * ----------------------------------------------------------------------------------------- */

enum shape { SHAPE_PLAIN, SHAPE_HEADLINE, SHAPE_PICTURE, SHAPE_COUNT };

/* How many pages a message stands above the text of. */
enum { PADDED_TIMES = 2 };

/* Of a stage's own blocks, those that an article is put between: its menu and its foot. */
enum { MENU_BLOCKS = 12, MENU_LETTERS_MAX = 60, FOOT_BLOCKS = 3 };

static void write_lines(struct buf *html, const struct span *lines, size_t count, enum shape shape)
{
    static const char *const heads[SHAPE_COUNT] = {
        "<html><head></head><body bgcolor=black text=white><center>",
        "<!DOCTYPE html><html><head><title>!</title></head><body>",
        "<html><head></head><body><center><img src=\"1.png\"></center></body></html>"};
    buf_add_text(html, heads[shape]);
    for (size_t i = 0; i < count && shape != SHAPE_PICTURE; i++)
        buf_add_format(html, shape == SHAPE_HEADLINE && !i ? "<h1>%.*s</h1>" : "<p>%.*s</p>",
                       (int)lines[i].size, lines[i].at);
    if (shape != SHAPE_PICTURE)
        buf_add_text(html, "</body></html>");
}

/* What is written, in what manner, and what it is lessons of. */
struct writing {
    const struct span *lines;
    size_t count;
    enum lesson_kind there, alone;
    uint32_t family;
    const char *expected;
};

static void add_writing(struct curriculum *curriculum, const struct writing *writing, enum shape shape,
                        const char *name)
{
    buf_auto html = buf_new(1 << 20);
    write_lines(&html, writing->lines, writing->count, shape);
    struct reading reading = read_html(curriculum, buf_span(&html), "text/html; charset=utf-8");
    if (shape == SHAPE_PICTURE)
        gallery_write(&reading, writing->lines, writing->count);
    add_everywhere(curriculum, &reading, writing->there, writing->alone, writing->family, writing->expected,
                   name, PAGES_A_PAGE / 2);
    reading_free(&reading);
}

/* In every shape. */
static void add_shapes(struct curriculum *curriculum, const struct writing *writing, const char *family,
                       const char *language)
{
    static const char *const shapes[SHAPE_COUNT] = {"plain", "headline", "picture"};
    for (enum shape shape = 0; shape < SHAPE_COUNT; shape++) {
        char name[64];
        snprintf(name, sizeof(name), "%s-%s-%s", family, language, shapes[shape]);
        add_writing(curriculum, writing, shape, name);
    }
}

/* Above the text of another page: whoever hides behind length still says it first. */
static void add_padded(struct curriculum *curriculum, const struct text *text)
{
    for (size_t time = 0; time < PADDED_TIMES && curriculum->stage_count; time++) {
        const struct stage *there = next_stage(curriculum, &curriculum->measured_turn);
        const struct stage *below = next_stage(curriculum, &curriculum->measured_turn);
        buf_auto html = buf_new(1 << 20);
        char name[64];
        write_lines(&html, text->lines, text->line_count, SHAPE_HEADLINE);
        for (size_t i = 0; i < below->reading.block_count; i++)
            if (below->reading.blocks[i].origin == ORIGIN_HTML && !below->reading.blocks[i].hidden)
                buf_add_format(&html, "<p>%.*s</p>", (int)below->reading.blocks[i].text.size,
                               below->reading.blocks[i].text.at);
        struct reading reading = read_html(curriculum, buf_span(&html), "text/html; charset=utf-8");
        snprintf(name, sizeof(name), "%s-%s-padded", text->family, text->language);
        struct lesson one = about(LESSON_PADDED, there->site, number_of(text->family), "", name, there->name);
        add(curriculum, there, &reading, &one);
        one.kind = LESSON_PADDED_ALONE;
        add(curriculum, NULL, &reading, &one);
        reading_free(&reading);
    }
}

/* Every text by itself, and all the languages of a family together. */
static void add_messages(struct curriculum *curriculum)
{
    const struct texts *texts = &curriculum->messages;
    for (size_t i = 0, first = 0; i < texts->count; i++) {
        const struct text *text = &texts->at[i];
        struct writing writing = {text->lines,      text->line_count,        LESSON_OWN,
                                  LESSON_OWN_ALONE, number_of(text->family), ""};
        add_shapes(curriculum, &writing, text->family, text->language);
        add_padded(curriculum, text);
        bool last = i + 1 == texts->count || strcmp(texts->at[i + 1].family, text->family) != 0;
        if (!last)
            continue;
        struct span lines[TEXTS_LINES_MAX * 8];
        size_t count = 0;
        for (size_t j = first; j <= i; j++)
            for (size_t k = 0; k < texts->at[j].line_count && count < TEXTS_LINES_MAX * 8; k++)
                lines[count++] = texts->at[j].lines[k];
        writing.lines = lines;
        writing.count = count;
        add_shapes(curriculum, &writing, text->family, "all");
        first = i + 1;
    }
}

/* What says in a few words why a page is not there: it speaks to the reader too, and is no message. */
static void add_notices(struct curriculum *curriculum)
{
    for (size_t i = 0; i < curriculum->notices.count; i++) {
        const struct text *text = &curriculum->notices.at[i];
        struct writing writing = {text->lines,         text->line_count,        LESSON_NOTICE,
                                  LESSON_NOTICE_ALONE, number_of(text->family), text->kind};
        add_shapes(curriculum, &writing, text->family, text->language);
    }
}

/* What an office says to its visitors in a line or two. */
static void add_greetings(struct curriculum *curriculum)
{
    for (size_t i = 0; i < curriculum->greetings.count; i++) {
        const struct text *text = &curriculum->greetings.at[i];
        struct writing writing = {text->lines,           text->line_count,        LESSON_GREETING,
                                  LESSON_GREETING_ALONE, number_of(text->family), text->kind};
        char name[64];
        for (enum shape shape = SHAPE_PLAIN; shape <= SHAPE_HEADLINE; shape++) {
            snprintf(name, sizeof(name), "%s-%s-%s", text->family, text->language,
                     shape == SHAPE_PLAIN ? "plain" : "headline");
            add_writing(curriculum, &writing, shape, name);
        }
    }
}

/* ---- an article in place of a page
 * ----------------------------------------------------------------------------------------------- */

static bool is_menu(const struct block *block)
{
    return block->origin == ORIGIN_HTML && !block->hidden && block->text.size &&
           block->text.size < MENU_LETTERS_MAX;
}

static void write_menu(const struct reading *reading, struct buf *html)
{
    buf_add_text(html, "<nav><ul>");
    for (size_t i = 0, count = 0; i < reading->block_count && count < MENU_BLOCKS; i++)
        if (is_menu(&reading->blocks[i]))
            buf_add_format(html, "<li><a href=\"/%zu\">%.*s</a></li>", count++,
                           (int)reading->blocks[i].text.size, reading->blocks[i].text.at);
    buf_add_text(html, "</ul></nav>");
}

static void write_foot(const struct reading *reading, struct buf *html)
{
    buf_add_text(html, "<footer>");
    size_t first = reading->block_count > FOOT_BLOCKS ? reading->block_count - FOOT_BLOCKS : 0;
    for (size_t i = first; i < reading->block_count; i++)
        if (reading->blocks[i].origin == ORIGIN_HTML && !reading->blocks[i].hidden)
            buf_add_format(html, "<p>%.*s</p>", (int)reading->blocks[i].text.size,
                           reading->blocks[i].text.at);
    buf_add_text(html, "</footer>");
}

/* The page is nothing but the article, or the article between the stage's menu and its foot. */
static void write_article(const struct text *text, const struct stage *around, struct buf *html)
{
    buf_add_format(html, "<!DOCTYPE html><html><head><title>%.*s</title></head><body>",
                   (int)text->lines[0].size, text->lines[0].at);
    if (around)
        write_menu(&around->reading, html);
    buf_add_text(html, "<article>");
    for (size_t i = 0; i < text->line_count; i++)
        buf_add_format(html, !i ? "<h1>%.*s</h1>" : "<p>%.*s</p>", (int)text->lines[i].size,
                       text->lines[i].at);
    buf_add_text(html, "</article>");
    if (around)
        write_foot(&around->reading, html);
    buf_add_text(html, "</body></html>");
}

static void add_article_at(struct curriculum *curriculum, const struct text *text, const struct stage *stage,
                           bool framed)
{
    buf_auto html = buf_new(1 << 20);
    char name[64];
    write_article(text, framed ? stage : NULL, &html);
    struct reading reading = read_html(curriculum, buf_span(&html), "text/html; charset=utf-8");
    snprintf(name, sizeof(name), "%s-%s-%s", text->family, text->language, framed ? "framed" : "bare");
    struct lesson one = about(LESSON_ARTICLE, stage->site, number_of(text->family), "", name, stage->name);
    add(curriculum, stage, &reading, &one);
    one.kind = LESSON_ARTICLE_ALONE;
    add(curriculum, NULL, &reading, &one);
    reading_free(&reading);
}

static void add_articles(struct curriculum *curriculum, const struct texts *texts)
{
    for (size_t i = 0; i < texts->count && curriculum->stage_count; i++)
        for (size_t time = 0; time < PAGES_A_PAGE / 2; time++) {
            const struct stage *stage = next_stage(curriculum, &curriculum->measured_turn);
            add_article_at(curriculum, &texts->at[i], stage, time % 2 == 1);
        }
}

/* ---- inside a page
 * ----------------------------------------------------------------------------------------------- */

static size_t behind_tag(struct span html, const char *tag, size_t from)
{
    size_t at = span_find_nocase(html, span_of(tag), from);
    size_t end = span_find(html, SPAN(">"), at);
    return end < html.size ? end + 1 : html.size;
}

/* The page with the text as its first article (or among the others). */
static void insert(const struct stage *stage, const struct text *text, bool on_top, struct buf *ret_html)
{
    struct span html = buf_span(&stage->html);
    size_t body = behind_tag(html, "<body", 0);
    size_t at = on_top ? body : behind_tag(html, "</p", body + (html.size - body) / 3);
    if (at >= html.size)
        at = body < html.size ? body : 0;
    *ret_html = buf_new(html.size + (1 << 16));
    buf_add_span(ret_html, span_cut(html, 0, at));
    for (size_t i = 0; i < text->line_count; i++)
        buf_add_format(ret_html, !i ? "<h2>%.*s</h2>" : "<p>%.*s</p>", (int)text->lines[i].size,
                       text->lines[i].at);
    buf_add_span(ret_html, span_cut(html, at, html.size));
}

static void add_inside(struct curriculum *curriculum, const struct text *text, bool on_top, bool news)
{
    for (size_t i = 0; i < PAGES_A_PAGE / 2; i++) {
        const struct stage *stage = next_stage(curriculum, &curriculum->turn);
        buf_auto html = buf_new(0);
        char name[64];
        insert(stage, text, on_top, &html);
        struct reading reading = read_html(curriculum, buf_span(&html), "text/html; charset=utf-8");
        snprintf(name, sizeof(name), "%s-%s-%s", text->family, text->language, on_top ? "top" : "middle");
        struct lesson one = about(news ? LESSON_NEWS : LESSON_INJECTED, stage->site, number_of(text->family),
                                  "", name, stage->name);
        add(curriculum, stage, &reading, &one);
        if (news) {
            one.kind = LESSON_NEWS_ALONE;
            add(curriculum, NULL, &reading, &one);
        }
        reading_free(&reading);
    }
}

/* ---- the whole
 * ------------------------------------------------------------------------------------------------- */

static bool open_if_there(const char *folder, const char *name, struct texts *ret_texts)
{
    char path[PATH_MAX_BYTES];
    snprintf(path, sizeof(path), "%s/%s.txt", folder, name);
    return access(path, F_OK) || texts_read(path, ret_texts);
}

static bool open_texts(struct curriculum *curriculum, const char *folder)
{
    char path[PATH_MAX_BYTES];
    snprintf(path, sizeof(path), "%s/messages.txt", folder);
    if (!texts_read(path, &curriculum->messages))
        return false;
    snprintf(path, sizeof(path), "%s/news.txt", folder);
    if (!texts_read(path, &curriculum->news))
        return false;
    return open_if_there(folder, "notices", &curriculum->notices) &&
           open_if_there(folder, "articles", &curriculum->articles) &&
           open_if_there(folder, "greetings", &curriculum->greetings);
}

static void add_inside_pages(struct curriculum *curriculum)
{
    for (int on_top = 0; on_top < 2 && curriculum->stage_count; on_top++) {
        for (size_t i = 0; i < curriculum->messages.count; i++)
            add_inside(curriculum, &curriculum->messages.at[i], on_top, false);
        for (size_t i = 0; i < curriculum->news.count; i++)
            add_inside(curriculum, &curriculum->news.at[i], on_top, true);
    }
}

static bool add_texts(struct curriculum *curriculum, const char *folder, bool held_out)
{
    size_t had = curriculum->list->count;
    bool found = open_texts(curriculum, folder);
    if (found) {
        add_messages(curriculum);
        add_inside_pages(curriculum);
        add_notices(curriculum);
        add_articles(curriculum, &curriculum->news);
        add_articles(curriculum, &curriculum->articles);
        add_greetings(curriculum);
    }
    for (size_t i = had; i < curriculum->list->count; i++)
        curriculum->list->at[i].held_out = held_out;
    texts_free(&curriculum->messages);
    texts_free(&curriculum->news);
    texts_free(&curriculum->notices);
    texts_free(&curriculum->articles);
    texts_free(&curriculum->greetings);
    return found;
}

static bool make_all(struct curriculum *curriculum)
{
    const struct curriculum_folders *folders = curriculum->folders;
    char path[PATH_MAX_BYTES];
    if ((folders->histories && !add_histories(curriculum)) ||
        (folders->defacements && !add_defacements(curriculum)))
        return false;
    snprintf(path, sizeof(path), "%s/manifest.tsv", folders->ordinary ? folders->ordinary : "");
    if (folders->ordinary && !shelf_table(path, take_ordinary, curriculum))
        return false;
    add_other_pages(curriculum);
    if (!add_texts(curriculum, folders->texts, false))
        return false;
    return !folders->other_texts || add_texts(curriculum, folders->other_texts, true);
}

static void strike_stages(struct curriculum *curriculum)
{
    for (size_t i = 0; i < curriculum->stage_count; i++) {
        reading_free(&curriculum->stages[i].reading);
        buf_free(&curriculum->stages[i].html);
        baseline_free(curriculum->stages[i].baseline);
    }
}

bool curriculum_make(struct lesson_tools *tools, const struct curriculum_folders *folders,
                     struct lesson_list *ret_list)
{
    struct curriculum *curriculum = calloc(1, sizeof(*curriculum));
    if (!curriculum)
        abort();
    curriculum->tools = tools;
    curriculum->folders = folders;
    curriculum->list = ret_list;
    curriculum->gallery = gallery_open(folders->cache);
    bool made = make_all(curriculum);
    if (!made)
        fprintf(stderr, "the data folders lack a manifest.tsv or our own texts\n");
    strike_stages(curriculum);
    gallery_close(curriculum->gallery);
    free(curriculum);
    return made;
}
