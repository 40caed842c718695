/* The order of reading: character set, kind of text, tree, walk. Each has a file of its own. */
#include "pipeline/read/read.h"

#include "pipeline/read/charset.h"
#include "pipeline/read/declared_refresh.h"
#include "pipeline/read/html_tame.h"
#include "pipeline/read/html_tree.h"
#include "pipeline/read/page_walk.h"
#include "pipeline/read/plain_text.h"
#include "pipeline/read/read_limits.h"

#include <stdlib.h>

/* ---- what kind of text -----------------------------------------------------------------------------------
 */

enum kind { KIND_HTML, KIND_XML, KIND_PLAIN };

static bool looks_like_markup(struct span text)
{
    for (size_t at = 0; at + 1 < text.size; at++) {
        char next = (char)(text.at[at + 1] | 32);
        if (text.at[at] == '<' &&
            ((next >= 'a' && next <= 'z') || text.at[at + 1] == '!' || text.at[at + 1] == '?'))
            return true;
    }
    return false;
}

static bool is_feed(struct span head)
{
    static const struct span roots[] = {
        {"<rss", 4}, {"<feed", 5}, {"<rdf:RDF", 8}, {"<urlset", 7}, {"<sitemapindex", 13}};
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
        if (span_find(head, roots[i], 0) < head.size)
            return true;
    return false;
}

static enum kind kind_of(struct span text, struct span content_type)
{
    struct span head = span_cut(text, 0, 1024);
    struct span type = span_trim(span_cut(content_type, 0, span_find(content_type, SPAN(";"), 0)));
    bool xml =
        span_find_nocase(type, SPAN("xml"), 0) < type.size || span_starts(span_trim(head), SPAN("<?xml"));
    if (xml && is_feed(head))
        return KIND_XML;
    if (xml && span_find_nocase(head, SPAN("<html"), 0) == head.size && type.size > 0)
        return span_find_nocase(type, SPAN("html"), 0) < type.size ? KIND_HTML : KIND_XML;
    if (span_equal_nocase(type, SPAN("text/plain")) || span_find_nocase(type, SPAN("json"), 0) < type.size ||
        span_find_nocase(type, SPAN("javascript"), 0) < type.size ||
        span_equal_nocase(type, SPAN("text/css")))
        return KIND_PLAIN;
    return span_find_nocase(type, SPAN("html"), 0) < type.size || looks_like_markup(head) ? KIND_HTML
                                                                                          : KIND_PLAIN;
}

/* ---- what was left out -----------------------------------------------------------------------------------
 */

struct left_out {
    bool body, tree_size, tree_time, deep, attributes;
    struct page_cuts page;
};

static void say(struct buf *sentence, bool cut, const char *what)
{
    if (!cut)
        return;
    buf_add_text(sentence, sentence->size ? "; " : "");
    buf_add_text(sentence, what);
}

static void say_left_out(const struct left_out *out, struct reading *reading)
{
    buf_auto sentence = buf_new(1024);
    say(&sentence, out->body, "read the first 5 MB");
    say(&sentence, out->tree_size, "read without structure, because its tags need too much memory");
    say(&sentence, out->tree_time, "read without structure, because its tags would take more than 4 s");
    say(&sentence, out->deep, "left out tags nested deeper than 512");
    say(&sentence, out->attributes, "left out attributes beyond 256 in one tag");
    say(&sentence, out->page.text, "left out text beyond 50,000 blocks or 8 MB");
    say(&sentence, out->page.attributes, "read the first 4 KB of a title or an attribute");
    say(&sentence, out->page.pictures, "left out pictures beyond 512, or 4 MB of them inside the page");
    say(&sentence, out->page.hosts, "left out hosts beyond 512 in one list");
    say(&sentence, out->page.paths, "left out element paths beyond 8,192");
    say(&sentence, out->page.styles, "left out style rules beyond the limit");
    say(&sentence, out->page.frames, "left out pages inside the page");
    reading->cut = sentence.size > 0;
    if (sentence.size > 0)
        reading->cut_what = arena_copy(&reading->arena, buf_span(&sentence));
}

/* ---- reading ---------------------------------------------------------------------------------------------
 */

static bool read_without_tree(struct span text, enum html_parse why, struct reading *reading,
                              struct left_out *out)
{
    out->tree_size = why == HTML_TOO_LARGE || why == HTML_NO_MEMORY;
    out->tree_time = why == HTML_TOO_SLOW;
    return plain_text_read_markup(text, false, reading, &out->page.text);
}

static bool read_html(struct span text, struct span url, struct reading *reading, struct left_out *out)
{
    struct html_tame tame;
    struct html_tree *tree;
    struct span tamed = html_tame(text, &tame);
    out->deep = tame.tags > 0;
    out->attributes = tame.attributes > 0;
    enum html_parse parsed = tame.copy.failed ? HTML_NO_MEMORY : html_tree_parse(tamed, &tree);
    bool done;
    if (parsed == HTML_PARSED) {
        done = page_walk(tree, url, reading, &out->page);
        html_tree_free(tree);
    } else {
        done = read_without_tree(text, parsed, reading, out);
    }
    buf_free(&tame.copy);
    return done;
}

static bool read_text(struct span text, const struct read_request *request, struct reading *reading,
                      struct left_out *out)
{
    switch (kind_of(text, request->content_type)) {
    case KIND_PLAIN: return plain_text_read(text, reading, &out->page.text);
    case KIND_XML: return plain_text_read_markup(text, true, reading, &out->page.text);
    case KIND_HTML: break;
    }
    return read_html(text, request->url, reading, out);
}

static enum outcome read_bytes(struct span body, const struct read_request *request, struct reading *reading)
{
    struct charset_choice choice;
    /* The fetch keeps as much and no more: what has just this size was longer. */
    struct left_out out = {.body = body.size >= READ_BODY_BYTES};
    declared_refresh_take(reading, request->refresh); /* a header's comes before the document's own */
    body = span_cut(body, 0, READ_BODY_BYTES);
    if (span_trim(body).size == 0)
        return OUTCOME_EMPTY;
    if (!charset_decide(body, request->content_type, &choice))
        return OUTCOME_NOT_TEXT;
    reading->charset = arena_copy(&reading->arena, charset_name(choice.charset));
    reading->charset_by = arena_copy(&reading->arena, span_of(choice.by));
    struct span text = span_cut(body, choice.skip, body.size);
    buf_auto converted = buf_new(READ_UTF8_BYTES);
    if (!choice.clean) {
        if (!charset_convert(text, choice.charset, &converted) && converted.size == 0)
            return OUTCOME_NO_MEMORY;
        out.body |= converted.failed;
        text = buf_span(&converted);
    }
    if (!read_text(text, request, reading, &out))
        return OUTCOME_NO_MEMORY;
    say_left_out(&out, reading);
    return OUTCOME_OK;
}

enum outcome read_page(struct span body, const struct read_request *request, struct reading *ret_reading)
{
    *ret_reading = (struct reading){.arena = arena_new(READ_RECORD_BYTES)};
    ret_reading->outcome = read_bytes(body, request, ret_reading);
    return ret_reading->outcome;
}
