/*
 * The rules of innerText, in one walk: which text is shown, where a line ends, what is hidden. Each open
 * element has a frame with what it hands down; the frames stand in an array, so nesting cannot overflow the
 * stack.
 */
#include "pipeline/read/page_walk.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "pipeline/read/html_tame.h"
#include "pipeline/read/page_state.h"
#include "pipeline/read/staging.h"
#include "pipeline/read/style_media.h"

#include <stddef.h>
#include <stdlib.h>

enum { SCRATCH_BYTES = 16 << 20 };

/* ---- one element's frame ---------------------------------------------------------------------------------
 */

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

/* A class as the path sees it: numbers in it ("post-1234") change from day to day and count as nothing. */
static uint32_t class_without_digits(struct span word)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < word.size; i++)
        if (word.at[i] < '0' || word.at[i] > '9')
            hash = (hash ^ (unsigned char)word.at[i]) * 16777619u;
    return hash;
}

/* Hashes the classes for selectors; returns their sum for the path, in which their order means nothing. */
static uint64_t read_classes(struct span value, struct style_node *node)
{
    uint64_t sum = 0;
    for (size_t at = 0; at < value.size;) {
        while (at < value.size && is_space(value.at[at]))
            at++;
        size_t start = at;
        while (at < value.size && !is_space(value.at[at]))
            at++;
        struct span word = span_cut(value, start, at);
        if (word.size == 0)
            break;
        if (node->class_count < STYLE_CLASSES)
            node->classes[node->class_count++] = style_hash(word);
        sum += (uint64_t)class_without_digits(word) * UINT64_C(0x9E3779B97F4A7C15);
    }
    return sum;
}

static void fill_node(const struct html_element *element, const struct page_frame *parent,
                      struct page_frame *frame)
{
    frame->node = (struct style_node){.parent = &parent->node};
    frame->node.name = style_hash(element->name);
    if (html_has(element, ATTRIBUTE_ID))
        frame->node.id = style_hash(html_value(element, ATTRIBUTE_ID));
    uint64_t classes = read_classes(html_value(element, ATTRIBUTE_CLASS), &frame->node);
    bool above = element->element == ELEMENT_HTML || element->element == ELEMENT_HEAD;
    frame->path = above ? 0 : hash_mix(parent->path, frame->node.name + classes);
}

/* Rules and style attribute together. */
static struct style style_of(struct page *page, const struct html_element *element,
                             const struct page_frame *frame)
{
    struct style style = {0};
    if (page->sheet)
        style_sheet_match(page->sheet, &frame->node, &style);
    if (!html_has(element, ATTRIBUTE_STYLE))
        return style;
    struct style own = style_read(html_value(element, ATTRIBUTE_STYLE));
    for (int i = 0; i < STYLE_PROPERTY_COUNT; i++) {
        bool locked = (style.important & ~own.important) >> i & 1;
        if (!locked && own.values[i] != STYLE_UNSET)
            style.values[i] = own.values[i];
    }
    style.trick = own.trick;
    if (own.values[STYLE_DISPLAY] != STYLE_UNSET && !(style.doubt & DOUBT_IMPORTANT))
        style.doubt = 0;
    return style;
}

static bool is_hidden_by_element(const struct html_element *element)
{
    if (element->element == ELEMENT_DIALOG && !html_has(element, ATTRIBUTE_OPEN))
        return true;
    return html_has(element, ATTRIBUTE_HIDDEN);
}

static enum style_display default_display(const struct html_element *element)
{
    if (element->foreign)
        return element->element == ELEMENT_TEXT ? DISPLAY_BLOCK : DISPLAY_INLINE;
    if (is_hidden_by_element(element))
        return DISPLAY_NONE;
    switch (element_layout(element->element)) {
    case LAYOUT_BLOCK: return DISPLAY_BLOCK;
    case LAYOUT_CELL: return DISPLAY_CELL;
    case LAYOUT_NONE:
    case LAYOUT_INLINE:
    case LAYOUT_FALLBACK: break;
    }
    return DISPLAY_INLINE;
}

static bool is_block(const struct style *style, enum style_display display, const struct page_frame *parent)
{
    if (display == DISPLAY_BLOCK || display == DISPLAY_FLEX || display == DISPLAY_CELL)
        return true;
    if (display == DISPLAY_CONTENTS || display == DISPLAY_NONE)
        return false;
    return parent->blockifies || style->values[STYLE_FLOAT] == FLOAT_SIDE ||
           style->values[STYLE_POSITION] >= POSITION_OUT;
}

/* A rule that was not understood may show what another hides. */
static enum style_display display_of(const struct style *style, const struct html_element *element)
{
    int own = style->values[STYLE_DISPLAY];
    enum style_display display =
        own == STYLE_UNSET || own == DISPLAY_OTHER ? default_display(element) : (enum style_display)own;
    if (display != DISPLAY_NONE)
        return display;
    if (own == DISPLAY_OTHER)
        return DISPLAY_BLOCK;
    bool until_found = span_equal_nocase(html_value(element, ATTRIBUTE_HIDDEN), SPAN("until-found"));
    return style->doubt || until_found ? DISPLAY_DOUBT : DISPLAY_NONE;
}

/* A size or a colour of its own may stand in any rule that knows it. */
static bool may_undo_faintness(const struct html_element *element)
{
    return html_has(element, ATTRIBUTE_STYLE) || html_has(element, ATTRIBUTE_CLASS) ||
           html_has(element, ATTRIBUTE_ID) || html_has(element, ATTRIBUTE_COLOR) ||
           span_equal_nocase(element->name, SPAN("font"));
}

/* What covers the page for certain, and not only a box that may be small. */
static void lay_over(const struct html_element *element, const struct style *style,
                     const struct page_frame *parent, struct page_frame *frame)
{
    bool covers = style_covers(style);
    bool whole = element->element == ELEMENT_HTML || element->element == ELEMENT_BODY;
    bool fixed = style->values[STYLE_POSITION] == POSITION_FIXED;
    frame->veil = parent->veil || (covers && (fixed || !parent->contained));
    frame->contained = !whole && (parent->contained || style->values[STYLE_POSITION] != STYLE_UNSET ||
                                  html_has(element, ATTRIBUTE_CLASS) || html_has(element, ATTRIBUTE_ID));
}

static void lay_out(struct page *page, const struct html_element *element, const struct page_frame *parent,
                    struct page_frame *frame)
{
    struct style style = style_of(page, element, frame);
    enum style_display display = display_of(&style, element);
    frame->gone = parent->gone || display == DISPLAY_NONE || style.trick == TRICK_TRANSPARENT ||
                  style.trick == TRICK_CLIPPED || element_layout(element->element) == LAYOUT_FALLBACK;
    frame->boxed = (parent->boxed && style.values[STYLE_POSITION] < POSITION_OUT) ||
                   style.trick == TRICK_AWAY || style.trick == TRICK_BOXED;
    frame->doubted = parent->doubted || display == DISPLAY_DOUBT;
    frame->faint = (parent->faint && !may_undo_faintness(element)) || style.trick == TRICK_TINY ||
                   style.trick == TRICK_SAME_COLOUR;
    frame->hidden = frame->gone || frame->boxed || frame->doubted;
    frame->layer = parent->layer || style_covers(&style);
    frame->told = style.values[STYLE_DISPLAY] != STYLE_UNSET && display != DISPLAY_NONE;
    frame->off = display == DISPLAY_NONE || style.trick != TRICK_NONE;
    lay_over(element, &style, parent, frame);
    frame->invisible =
        style.values[STYLE_VISIBILITY] == STYLE_UNSET || style.values[STYLE_VISIBILITY] == VISIBILITY_PARENTS
            ? parent->invisible
            : style.values[STYLE_VISIBILITY] == VISIBILITY_HIDDEN;
    frame->lines = style.values[STYLE_WHITE_SPACE] == STYLE_UNSET
                       ? parent->lines || element->element == ELEMENT_PRE ||
                             element->element == ELEMENT_TEXTAREA || element->element == ELEMENT_XMP ||
                             element->element == ELEMENT_LISTING || element->element == ELEMENT_PLAINTEXT
                       : style.values[STYLE_WHITE_SPACE] == WHITE_SPACE_PRE;
    frame->breaks = is_block(&style, display, parent);
    frame->blockifies = display == DISPLAY_FLEX || display == DISPLAY_INLINE_FLEX ||
                        (display == DISPLAY_CONTENTS && parent->blockifies);
    frame->block_path = frame->breaks ? frame->path : parent->block_path;
}

/* A closed details element shows its first summary and nothing else. */
static void apply_details(struct page_frame *parent, struct page_frame *frame)
{
    if (!parent->closed)
        return;
    if (frame->element == ELEMENT_SUMMARY && !parent->seen)
        parent->seen = true;
    else
        frame->hidden = frame->gone = true;
}

/* Elements that are never shown are, where a style says so. */
static bool is_silent(const struct html_element *element, const struct page_frame *parent,
                      const struct page_frame *frame)
{
    if (element->foreign && element->element == ELEMENT_SVG)
        return true;
    if (element->foreign && element->element == ELEMENT_TITLE)
        return true;
    if (element->foreign &&
        (element->element == ELEMENT_TEXT || span_equal_nocase(element->name, SPAN("foreignobject"))))
        return false;
    if (element_layout(element->element) == LAYOUT_NONE)
        return parent->silent || !frame->told;
    return parent->silent;
}

static void fill_frame(struct page *page, const struct html_element *element, struct page_frame *parent,
                       struct page_frame *frame)
{
    *frame = (struct page_frame){.element = element->foreign ? ELEMENT_OTHER : element->element};
    fill_node(element, parent, frame);
    lay_out(page, element, parent, frame);
    int heading = element_heading(element->element);
    frame->heading = heading ? (uint8_t)heading : parent->heading;
    frame->silent = is_silent(element, parent, frame);
    frame->link = parent->link || (element->element == ELEMENT_A && html_has(element, ATTRIBUTE_HREF));
    frame->noscript = parent->noscript || element->element == ELEMENT_NOSCRIPT;
    frame->closed = element->element == ELEMENT_DETAILS && !html_has(element, ATTRIBUTE_OPEN);
    apply_details(parent, frame);
}

/* ---- text ------------------------------------------------------------------------------------------------
 */

/* What a text field holds is shown, but in a box of its own: it does not part the words around it. */
static bool is_aside(const struct page_frame *frame)
{
    return frame->hidden || frame->invisible || frame->faint || frame->noscript ||
           frame->element == ELEMENT_TEXTAREA;
}

static void break_aside(struct page *page)
{
    page->aside.ahead = page->shown.letters;
    text_flow_break(&page->aside);
}

static void break_at(struct page *page, const struct page_frame *frame)
{
    if (is_aside(frame))
        break_aside(page);
    else
        text_flow_break(&page->shown);
}

/* Words beside the text: what a field holds, what a style sheet draws. A visitor sees them. */
static void add_beside(struct page *page, struct span text)
{
    const struct page_frame *frame = page_top(page);
    struct text_place place = {.origin = ORIGIN_ATTRIBUTE,
                               .maybe = !frame->hidden && !frame->invisible,
                               .hidden = frame->hidden || frame->invisible,
                               .layer = frame->layer,
                               .path = frame->block_path,
                               .picture = UINT32_MAX};
    break_aside(page);
    page->cuts.attributes |= text.size > READ_ATTRIBUTE_BYTES;
    text_flow_add(&page->aside, utf8_prefix(text, READ_ATTRIBUTE_BYTES), &place);
    break_aside(page);
}

void page_add_drawn(struct page *page, struct span text)
{
    if (text.size)
        add_beside(page, text);
}

void page_add_aside(struct page *page, struct span text, enum origin origin, uint32_t picture)
{
    const struct page_frame *frame = page_top(page);
    if (text.size == 0)
        return;
    struct text_place place = {.origin = origin,
                               .hidden = (frame->hidden || frame->invisible) && origin == ORIGIN_ATTRIBUTE,
                               .link = frame->link,
                               .path = frame->block_path,
                               .picture = picture};
    break_aside(page);
    page->cuts.attributes |= text.size > READ_ATTRIBUTE_BYTES;
    text_flow_add(&page->aside, utf8_prefix(text, READ_ATTRIBUTE_BYTES), &place);
    break_aside(page);
}

enum { DRAWN_LETTERS_MIN = 12, DRAWN_MAX = 64 };

/* A text in quotation marks with its escapes resolved. Returns where it ends. */
static size_t take_quoted(struct span css, size_t at, struct buf *out, size_t *letters)
{
    char quote = css.at[at++];
    while (at < css.size && css.at[at] != quote && css.at[at] != '\n') {
        uint32_t c = css.at[at] == '\\' ? style_escape(css, &at) : utf8_next(css, &at);
        char bytes[4];
        *letters += utf8_is_letter(c);
        if (c)
            buf_add(out, bytes, utf8_put(c, bytes));
    }
    return at + 1;
}

/* What one declaration draws: words, or something that is not worked out. */
static size_t drawn_by(struct page *page, struct span css, size_t at)
{
    size_t end = at, letters = 0;
    buf_auto text = buf_new(READ_ATTRIBUTE_BYTES);
    while (end < css.size && css.at[end] != ';' && css.at[end] != '}')
        end = css.at[end] == '"' || css.at[end] == '\'' ? take_quoted(css, end, &text, &letters) : end + 1;
    struct span value = span_cut(css, at, end);
    bool hidden_words =
        span_find(value, SPAN("attr("), 0) < value.size || span_find(value, SPAN("var("), 0) < value.size;
    if (letters >= DRAWN_LETTERS_MIN && page->drawn++ < DRAWN_MAX)
        page_add_drawn(page, buf_span(&text));
    else if (hidden_words)
        page_sign(page, SIGN_DRAWN, value);
    return end;
}

void drawn_words(struct page *page, struct span css)
{
    static const char *const names[] = {"content", "quotes", "list-style", "--"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct span name = span_of(names[i]);
        for (size_t at = 0; (at = span_find_nocase(css, name, at)) < css.size;) {
            bool starts =
                at == 0 || css.at[at - 1] == '{' || css.at[at - 1] == ';' || is_space(css.at[at - 1]);
            size_t colon = at + name.size;
            while (colon < css.size && css.at[colon] != ':' && css.at[colon] != ';' && css.at[colon] != '}')
                colon++;
            at = colon + 1;
            if (starts && colon < css.size && css.at[colon] == ':')
                at = drawn_by(page, css, at);
        }
    }
}

static void add_title(struct page *page, struct span text)
{
    struct reading *reading = page->reading;
    size_t before = reading->block_count;
    if (reading->title.size > 0 || page->level > 0)
        return;
    page_add_aside(page, text, ORIGIN_TITLE, UINT32_MAX);
    if (reading->block_count > before)
        reading->title = reading->blocks[before].text;
}

void page_sign(struct page *page, enum page_sign sign, struct span of)
{
    uint64_t low = of.size ? hash_span(of) & 0xFFFF : 0;
    if (page->signs++ < PAGE_SIGNS_MAX)
        path_table_count(&page->paths, (uint64_t)sign << 16 | low);
}

/* Ways in which a script writes over the page, or leads away from it. */
static void sign_script(struct page *page, struct span text)
{
    static const char *const ways[] = {"document.write", "document.body",   "document.documentElement",
                                       "location.repl",  "location.assign", "location.href",
                                       "location=",      "location =",      "showModal",
                                       "attachShadow",   "srcdoc",          "setHTMLUnsafe",
                                       "document.open",  "parseFromString"};
    text = span_cut(text, 0, text.size < READ_STAGING_BYTES ? text.size : READ_STAGING_BYTES);
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (span_find(text, span_of(ways[i]), 0) < text.size)
            page_sign(page, SIGN_SCRIPT, span_of(ways[i]));
}

static void add_script(struct page *page, struct span text)
{
    sign_script(page, text);
    page->reading->script_bytes += (uint32_t)text.size;
    page->reading->staging |= staging_of_script(text);
}

static void add_text(struct page *page, struct span text)
{
    const struct page_frame *frame = page_top(page);
    if (frame->element == ELEMENT_SCRIPT)
        add_script(page, text);
    if (frame->element == ELEMENT_TITLE)
        add_title(page, text);
    if (frame->silent)
        return;
    bool surely = frame->gone || frame->boxed || frame->invisible || frame->faint || frame->closed;
    bool hidden = surely || frame->doubted;
    struct text_place place = {.origin = frame->noscript ? ORIGIN_NOSCRIPT : ORIGIN_HTML,
                               .hidden = hidden,
                               .maybe = frame->doubted && !surely,
                               .layer = frame->layer,
                               .link = frame->link,
                               .lines = frame->lines,
                               .heading = frame->heading,
                               .path = frame->block_path,
                               .picture = UINT32_MAX};
    page->aside.ahead = page->shown.letters;
    text_flow_add(hidden || is_aside(frame) ? &page->aside : &page->shown, text, &place);
}

/* ---- the walk --------------------------------------------------------------------------------------------
 */

static void walk_tree(struct page *page, struct html_tree *tree);

/* A page inside the page: read where it stands. */
static void walk_srcdoc(struct page *page, struct span html)
{
    struct html_tame tame;
    struct html_tree *tree;
    page->cuts.frames |= page->inside >= READ_FRAMES_INSIDE || page->level >= READ_FRAMES_DEEP;
    if (page->inside >= READ_FRAMES_INSIDE || page->level >= READ_FRAMES_DEEP)
        return;
    page->inside++;
    struct span text = html_tame(html, &tame);
    if (html_tree_parse(text, &tree) == HTML_PARSED) {
        struct page_frame *top = page_top(page), own = *top, *around = page->depth > 1 ? top - 1 : top;
        top->hidden = around->hidden;
        top->gone = around->gone;
        page->level++;
        walk_tree(page, tree);
        page->level--;
        *top = own;
        html_tree_free(tree);
    } else {
        page->cuts.frames = true;
    }
    buf_free(&tame.copy);
}

static bool is_raw(enum element element)
{
    return element == ELEMENT_IFRAME || element == ELEMENT_NOFRAMES || element == ELEMENT_NOEMBED ||
           element == ELEMENT_TEMPLATE || element == ELEMENT_STYLE;
}

/* What stands in a shadow root is shown in place of the element's own content, but for slots. */
static void open_shadow(struct page *page, const struct page_frame *parent, struct page_frame *frame)
{
    bool whole = parent->element == ELEMENT_BODY;
    page_sign(page, whole ? SIGN_VEIL : SIGN_SHADOW, SPAN("shadow"));
    frame->silent = parent->silent;
    frame->layer = frame->veil = parent->layer || whole;
}

/* A style element that the style sheet shows. */
static bool is_shown_raw(const struct html_element *element, const struct page_frame *frame)
{
    return element->element == ELEMENT_STYLE && !frame->silent;
}

static void open_element(struct page *page, struct html_walk *walk, const struct html_element *element)
{
    page->reading->element_count++;
    if (page->depth == PAGE_FRAMES) {
        page->beyond++;
        return;
    }
    struct page_frame *parent = page_top(page);
    struct page_frame *frame = parent + 1;
    fill_frame(page, element, parent, frame);
    page->depth++;
    if (frame->path)
        path_table_count(&page->paths, frame->path);
    if (frame->breaks || is_aside(frame) != is_aside(parent) || frame->doubted != parent->doubted)
        break_at(page, frame);
    if (element->element == ELEMENT_BR && !element->foreign)
        text_flow_line(is_aside(frame) ? &page->aside : &page->shown);
    page_facts(page, element, frame);
    bool shadow = element->element == ELEMENT_TEMPLATE && html_has(element, ATTRIBUTE_SHADOWROOTMODE);
    if (shadow)
        open_shadow(page, parent, frame);
    else if (is_raw(element->element) && !element->foreign && !is_shown_raw(element, frame)) {
        if (html_has(element, ATTRIBUTE_SRCDOC) && element->element == ELEMENT_IFRAME)
            walk_srcdoc(page, html_value(element, ATTRIBUTE_SRCDOC));
        html_walk_skip(walk);
    }
}

static void close_element(struct page *page)
{
    if (page->beyond > 0) {
        page->beyond--;
        return;
    }
    const struct page_frame *frame = page_top(page);
    if (frame->breaks || is_aside(frame) != is_aside(frame - 1) || frame->doubted != (frame - 1)->doubted)
        break_at(page, frame);
    page->depth--;
}

static void sign_import(struct page *page, struct span css)
{
    size_t at = span_find_nocase(css, SPAN("@import"), 0);
    if (at < css.size)
        page_sign(page, SIGN_SHEET, span_cut(css, at, span_find(css, SPAN(";"), at)));
}

/* A function whose name is written in escapes is not looked for as what it is. */
static void sign_escaped(struct page *page, struct span css)
{
    for (size_t at = 0; (at = span_find(css, SPAN("("), at)) < css.size; at++) {
        size_t back = at;
        while (back > 0 && at - back < 16 &&
               (is_space(css.at[back - 1]) || (css.at[back - 1] | 32) >= 'a' ||
                (css.at[back - 1] >= '0' && css.at[back - 1] <= '9')))
            if (css.at[--back] == '\\') {
                page_sign(page, SIGN_DRAWN, SPAN("escaped"));
                return;
            }
    }
}

static void add_sheets(struct page *page, const struct html_tree *tree)
{
    struct span css, media;
    const void *cursor = NULL;
    while (html_tree_next_style(tree, &cursor, &css, &media)) {
        if (!page->sheet)
            page->sheet = style_sheet_new(&page->scratch);
        sign_import(page, css);
        sign_escaped(page, css);
        drawn_words(page, css);
        if (page->sheet)
            style_sheet_add(page->sheet, css, style_media_of(media));
        if (page->level == 0 && style_media_holds(media))
            page->reading->staging |= staging_of_css(css);
    }
}

static void add_sheet_pictures(struct page *page, const struct html_tree *tree)
{
    struct span css, media;
    const struct picture_ref how = {.kind = PICTURE_BACKGROUND};
    const void *cursor = NULL;
    while (html_tree_next_style(tree, &cursor, &css, &media))
        picture_list_add_style(&page->pictures, css, &how);
}

static void walk_tree(struct page *page, struct html_tree *tree)
{
    struct html_element element;
    struct span text;
    size_t floor = page->depth;
    add_sheets(page, tree);
    struct html_walk walk = html_walk_new(tree);
    for (enum html_step step; (step = html_walk_next(&walk, &element, &text)) != HTML_END;) {
        if (step == HTML_OPEN)
            open_element(page, &walk, &element);
        else if (step == HTML_TEXT)
            add_text(page, text);
        else
            close_element(page);
    }
    page->depth = floor;
    text_flow_break(&page->shown);
    break_aside(page);
    if (page->sheet)
        add_sheet_pictures(page, tree);
}

static struct page *page_new(struct reading *reading, struct span url)
{
    struct page *page = malloc(sizeof(*page));
    if (!page)
        return NULL;
    /* The frames are set as elements open; clearing them all would cost more than a small page. */
    memset(page, 0, offsetof(struct page, frames) + sizeof(page->frames[0]));
    page->reading = reading;
    page->scratch = arena_new(SCRATCH_BYTES);
    page->shown = (struct text_flow){
        .reading = reading, .text_bytes = &page->text_bytes, .block_room = &page->block_room};
    page->aside = page->shown;
    page->pictures.reading = reading;
    page->depth = 1;
    host_name_of(url, page->own_room, &page->own_host);
    return page;
}

static void page_free(struct page *page)
{
    arena_free(&page->scratch);
    text_flow_free(&page->shown);
    text_flow_free(&page->aside);
    path_table_free(&page->paths);
    free(page);
}

static struct page_cuts cuts_of(const struct page *page)
{
    struct page_cuts cuts = page->cuts;
    cuts.text |= page->shown.cut || page->aside.cut;
    cuts.pictures |= page->pictures.cut;
    cuts.paths |= page->paths.cut;
    cuts.styles |= page->sheet && style_sheet_cut(page->sheet);
    return cuts;
}

bool page_walk(struct html_tree *tree, struct span url, struct reading *reading, struct page_cuts *ret_cuts)
{
    struct page *page = page_new(reading, url);
    if (!page)
        return false;
    path_table_count(&page->paths, (uint64_t)SIGN_READER << 16 | 1);
    walk_tree(page, tree);
    bool done = path_table_store(&page->paths, reading) && !page->shown.failed && !page->aside.failed &&
                !page->paths.failed && !reading->arena.failed;
    *ret_cuts = cuts_of(page);
    page_free(page);
    return done;
}
