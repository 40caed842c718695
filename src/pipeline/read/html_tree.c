/*
 * The only file that knows gumbo.
 *
 * Gumbo asks for memory in small pieces and trusts every answer, so it gets an arena with a ceiling, and the
 * arena leaves by longjmp where gumbo would have crashed: everything it made lies in the arena and goes at
 * once. The arena is also where time is watched, because some of gumbo's searches are quadratic in what a
 * hostile page may contain and every token allocates. The tree itself is never walked or freed by recursion.
 */
#include "pipeline/read/html_tree.h"

#include "pipeline/read/read_limits.h"
#include "pipeline/read/text_stash.h"

#include <gumbo.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum {
    CHUNK_BYTES = 1 << 20,
    FIRST_CHUNK_BYTES = 64 << 10,
    ALIGNMENT = 8,
    CLASS_COUNT = 8,         /* freed pieces of 8, 16 … 64 bytes are handed out again */
    LOOK_AT_CLOCK = 1 << 10, /* pieces between two looks at the clock */
};

struct chunk {
    struct chunk *next;
};

struct piece {
    struct piece *next;
};

struct html_tree {
    char *at; /* free room of the newest chunk */
    char *end;
    struct chunk *chunks;
    struct piece *freed[CLASS_COUNT];
    size_t used;
    uint32_t count;
    int64_t deadline_ms;
    enum html_parse failure;
    jmp_buf leave;
    GumboOutput *output;
    struct text_stash stash;
};

static int64_t cpu_ms(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static _Noreturn void give_up(struct html_tree *tree, enum html_parse why)
{
    tree->failure = why;
    longjmp(tree->leave, 1);
}

static void add_chunk(struct html_tree *tree, size_t needed)
{
    size_t size = tree->chunks ? CHUNK_BYTES : FIRST_CHUNK_BYTES;
    if (size < needed + sizeof(struct chunk))
        size = needed + sizeof(struct chunk);
    if (size > READ_PARSE_BYTES - tree->used)
        give_up(tree, HTML_TOO_LARGE);
    struct chunk *chunk = malloc(size);
    if (!chunk)
        give_up(tree, HTML_NO_MEMORY);
    chunk->next = tree->chunks;
    tree->chunks = chunk;
    tree->used += size;
    tree->at = (char *)(chunk + 1);
    tree->end = (char *)chunk + size;
}

/* Each piece stands behind its size, so that a freed one can be handed out again. */
static void *tree_alloc(void *userdata, size_t size)
{
    struct html_tree *tree = userdata;
    if (size > READ_PARSE_BYTES)
        give_up(tree, HTML_TOO_LARGE);
    size = size ? (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1) : ALIGNMENT;
    if (++tree->count % LOOK_AT_CLOCK == 0 && cpu_ms() > tree->deadline_ms)
        give_up(tree, HTML_TOO_SLOW);
    size_t class = size / ALIGNMENT - 1;
    if (class < CLASS_COUNT && tree->freed[class]) {
        struct piece *piece = tree->freed[class];
        tree->freed[class] = piece->next;
        return piece;
    }
    if ((size_t)(tree->end - tree->at) < size + sizeof(uint64_t))
        add_chunk(tree, size + sizeof(uint64_t));
    uint64_t whole = size;
    memcpy(tree->at, &whole, sizeof(whole));
    char *piece = tree->at + sizeof(whole);
    tree->at = piece + size;
    return piece;
}

static void tree_release(void *userdata, void *at)
{
    struct html_tree *tree = userdata;
    if (!at)
        return;
    uint64_t size;
    memcpy(&size, (char *)at - sizeof(size), sizeof(size));
    size_t class = size / ALIGNMENT - 1;
    if (class < CLASS_COUNT) {
        struct piece *piece = at;
        piece->next = tree->freed[class];
        tree->freed[class] = piece;
    } else if ((char *)at + size == tree->at) {
        tree->at = (char *)at - sizeof(size);
    }
}

void html_tree_free(struct html_tree *tree)
{
    if (!tree)
        return;
    for (struct chunk *chunk = tree->chunks; chunk;) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    text_stash_free(&tree->stash);
    free(tree);
}

static const GumboVector *children_of(const GumboNode *node)
{
    return &node->v.element.children;
}

/* The node behind `node` in document order, its own content left out; NULL at the end. */
static const GumboNode *behind(const GumboNode *node)
{
    for (; node->parent && node->parent->type != GUMBO_NODE_DOCUMENT; node = node->parent) {
        const GumboVector *siblings = children_of(node->parent);
        if (node->index_within_parent + 1 < siblings->length)
            return siblings->data[node->index_within_parent + 1];
    }
    return NULL;
}

/* ---- what was put aside comes back: in the tree's own memory, so that its ceilings hold ---- */

static void restore_text(struct html_tree *tree, const char **text)
{
    struct span standing = span_of(*text);
    size_t size = text_stash_size(&tree->stash, standing);
    if (size == 0)
        return;
    char *whole = tree_alloc(tree, size + 1);
    text_stash_restore(&tree->stash, standing, whole);
    whole[size] = '\0';
    *text = whole;
}

static bool is_element(const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

static void restore_node(struct html_tree *tree, GumboNode *node)
{
    if (!is_element(node)) {
        restore_text(tree, &node->v.text.text);
        return;
    }
    const GumboVector *attributes = &node->v.element.attributes;
    for (unsigned i = 0; i < attributes->length; i++)
        restore_text(tree, &((GumboAttribute *)attributes->data[i])->value);
}

static void restore_all(struct html_tree *tree)
{
    GumboNode *node = tree->output->root;
    while (node) {
        restore_node(tree, node);
        if (is_element(node) && node->v.element.children.length > 0) {
            node = node->v.element.children.data[0];
            continue;
        }
        node = (GumboNode *)(uintptr_t)behind(node);
    }
}

static void parse_into(struct html_tree *tree, struct span text)
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = tree_alloc;
    options.deallocator = tree_release;
    options.userdata = tree;
    options.max_errors = 0;
    if (setjmp(tree->leave) == 0) {
        tree->output = gumbo_parse_with_options(&options, text.size ? text.at : "", text.size);
        if (tree->stash.runs.size)
            restore_all(tree);
    }
}

enum html_parse html_tree_parse(struct span text, struct html_tree **ret_tree)
{
    struct html_tree *tree = calloc(1, sizeof(*tree));
    if (!tree)
        return HTML_NO_MEMORY;
    tree->deadline_ms = cpu_ms() + READ_PARSE_MS;
    tree->failure = HTML_PARSED;
    parse_into(tree, text_stash_make(text, &tree->stash));
    if (tree->failure != HTML_PARSED) {
        enum html_parse failure = tree->failure;
        html_tree_free(tree);
        return failure;
    }
    *ret_tree = tree;
    return HTML_PARSED;
}

/* ---- the walk --------------------------------------------------------------------------------------------
 */

struct html_walk html_walk_new(const struct html_tree *tree)
{
    return (struct html_walk){tree->output->root, false};
}

static enum element element_of(const GumboElement *from)
{
    /* one more than the element; 0 for tags that mean nothing here */
    static const uint8_t known[GUMBO_TAG_LAST] = {
        [GUMBO_TAG_A] = ELEMENT_A + 1,
        [GUMBO_TAG_ADDRESS] = ELEMENT_ADDRESS + 1,
        [GUMBO_TAG_AREA] = ELEMENT_AREA + 1,
        [GUMBO_TAG_ARTICLE] = ELEMENT_ARTICLE + 1,
        [GUMBO_TAG_ASIDE] = ELEMENT_ASIDE + 1,
        [GUMBO_TAG_AUDIO] = ELEMENT_AUDIO + 1,
        [GUMBO_TAG_BASE] = ELEMENT_BASE + 1,
        [GUMBO_TAG_BASEFONT] = ELEMENT_BASEFONT + 1,
        [GUMBO_TAG_BLOCKQUOTE] = ELEMENT_BLOCKQUOTE + 1,
        [GUMBO_TAG_BODY] = ELEMENT_BODY + 1,
        [GUMBO_TAG_BR] = ELEMENT_BR + 1,
        [GUMBO_TAG_BUTTON] = ELEMENT_BUTTON + 1,
        [GUMBO_TAG_CANVAS] = ELEMENT_CANVAS + 1,
        [GUMBO_TAG_CAPTION] = ELEMENT_CAPTION + 1,
        [GUMBO_TAG_CENTER] = ELEMENT_CENTER + 1,
        [GUMBO_TAG_COL] = ELEMENT_COL + 1,
        [GUMBO_TAG_COLGROUP] = ELEMENT_COLGROUP + 1,
        [GUMBO_TAG_DATALIST] = ELEMENT_DATALIST + 1,
        [GUMBO_TAG_DD] = ELEMENT_DD + 1,
        [GUMBO_TAG_DETAILS] = ELEMENT_DETAILS + 1,
        [GUMBO_TAG_DIR] = ELEMENT_DIR + 1,
        [GUMBO_TAG_DIV] = ELEMENT_DIV + 1,
        [GUMBO_TAG_DL] = ELEMENT_DL + 1,
        [GUMBO_TAG_DT] = ELEMENT_DT + 1,
        [GUMBO_TAG_EMBED] = ELEMENT_EMBED + 1,
        [GUMBO_TAG_FIELDSET] = ELEMENT_FIELDSET + 1,
        [GUMBO_TAG_FIGCAPTION] = ELEMENT_FIGCAPTION + 1,
        [GUMBO_TAG_FIGURE] = ELEMENT_FIGURE + 1,
        [GUMBO_TAG_FOOTER] = ELEMENT_FOOTER + 1,
        [GUMBO_TAG_FORM] = ELEMENT_FORM + 1,
        [GUMBO_TAG_FRAME] = ELEMENT_FRAME + 1,
        [GUMBO_TAG_FRAMESET] = ELEMENT_FRAMESET + 1,
        [GUMBO_TAG_H1] = ELEMENT_H1 + 1,
        [GUMBO_TAG_H2] = ELEMENT_H2 + 1,
        [GUMBO_TAG_H3] = ELEMENT_H3 + 1,
        [GUMBO_TAG_H4] = ELEMENT_H4 + 1,
        [GUMBO_TAG_H5] = ELEMENT_H5 + 1,
        [GUMBO_TAG_H6] = ELEMENT_H6 + 1,
        [GUMBO_TAG_HEAD] = ELEMENT_HEAD + 1,
        [GUMBO_TAG_HEADER] = ELEMENT_HEADER + 1,
        [GUMBO_TAG_HGROUP] = ELEMENT_HGROUP + 1,
        [GUMBO_TAG_HR] = ELEMENT_HR + 1,
        [GUMBO_TAG_HTML] = ELEMENT_HTML + 1,
        [GUMBO_TAG_IFRAME] = ELEMENT_IFRAME + 1,
        [GUMBO_TAG_IMG] = ELEMENT_IMG + 1,
        [GUMBO_TAG_INPUT] = ELEMENT_INPUT + 1,
        [GUMBO_TAG_LEGEND] = ELEMENT_LEGEND + 1,
        [GUMBO_TAG_LI] = ELEMENT_LI + 1,
        [GUMBO_TAG_LINK] = ELEMENT_LINK + 1,
        [GUMBO_TAG_LISTING] = ELEMENT_LISTING + 1,
        [GUMBO_TAG_MAIN] = ELEMENT_MAIN + 1,
        [GUMBO_TAG_MARQUEE] = ELEMENT_MARQUEE + 1,
        [GUMBO_TAG_MATH] = ELEMENT_MATH + 1,
        [GUMBO_TAG_MENU] = ELEMENT_MENU + 1,
        [GUMBO_TAG_META] = ELEMENT_META + 1,
        [GUMBO_TAG_METER] = ELEMENT_METER + 1,
        [GUMBO_TAG_NAV] = ELEMENT_NAV + 1,
        [GUMBO_TAG_NOEMBED] = ELEMENT_NOEMBED + 1,
        [GUMBO_TAG_NOFRAMES] = ELEMENT_NOFRAMES + 1,
        [GUMBO_TAG_NOSCRIPT] = ELEMENT_NOSCRIPT + 1,
        [GUMBO_TAG_OBJECT] = ELEMENT_OBJECT + 1,
        [GUMBO_TAG_OL] = ELEMENT_OL + 1,
        [GUMBO_TAG_OPTGROUP] = ELEMENT_OPTGROUP + 1,
        [GUMBO_TAG_OPTION] = ELEMENT_OPTION + 1,
        [GUMBO_TAG_P] = ELEMENT_P + 1,
        [GUMBO_TAG_PARAM] = ELEMENT_PARAM + 1,
        [GUMBO_TAG_PLAINTEXT] = ELEMENT_PLAINTEXT + 1,
        [GUMBO_TAG_PRE] = ELEMENT_PRE + 1,
        [GUMBO_TAG_PROGRESS] = ELEMENT_PROGRESS + 1,
        [GUMBO_TAG_RP] = ELEMENT_RP + 1,
        [GUMBO_TAG_SCRIPT] = ELEMENT_SCRIPT + 1,
        [GUMBO_TAG_SECTION] = ELEMENT_SECTION + 1,
        [GUMBO_TAG_SELECT] = ELEMENT_SELECT + 1,
        [GUMBO_TAG_SOURCE] = ELEMENT_SOURCE + 1,
        [GUMBO_TAG_SPAN] = ELEMENT_SPAN + 1,
        [GUMBO_TAG_STYLE] = ELEMENT_STYLE + 1,
        [GUMBO_TAG_SUMMARY] = ELEMENT_SUMMARY + 1,
        [GUMBO_TAG_SVG] = ELEMENT_SVG + 1,
        [GUMBO_TAG_TABLE] = ELEMENT_TABLE + 1,
        [GUMBO_TAG_TBODY] = ELEMENT_TBODY + 1,
        [GUMBO_TAG_TD] = ELEMENT_TD + 1,
        [GUMBO_TAG_TEMPLATE] = ELEMENT_TEMPLATE + 1,
        [GUMBO_TAG_TEXTAREA] = ELEMENT_TEXTAREA + 1,
        [GUMBO_TAG_TFOOT] = ELEMENT_TFOOT + 1,
        [GUMBO_TAG_TH] = ELEMENT_TH + 1,
        [GUMBO_TAG_THEAD] = ELEMENT_THEAD + 1,
        [GUMBO_TAG_TITLE] = ELEMENT_TITLE + 1,
        [GUMBO_TAG_TR] = ELEMENT_TR + 1,
        [GUMBO_TAG_TRACK] = ELEMENT_TRACK + 1,
        [GUMBO_TAG_UL] = ELEMENT_UL + 1,
        [GUMBO_TAG_VIDEO] = ELEMENT_VIDEO + 1,
        [GUMBO_TAG_XMP] = ELEMENT_XMP + 1,
    };
    if (from->tag >= GUMBO_TAG_UNKNOWN)
        return ELEMENT_COUNT;
    return known[from->tag] ? (enum element)(known[from->tag] - 1) : ELEMENT_OTHER;
}

/* An element that gumbo has no number for: by the name as written. */
static struct span written_name(const GumboElement *from)
{
    GumboStringPiece tag = from->original_tag;
    gumbo_tag_from_original_text(&tag);
    return (struct span){tag.data, tag.length};
}

static void fill_attributes(const GumboElement *from, struct html_element *ret_element)
{
    for (unsigned i = 0; i < from->attributes.length; i++) {
        const GumboAttribute *attribute = from->attributes.data[i];
        enum attribute known = attribute_by_name(span_of(attribute->name));
        if (known == ATTRIBUTE_COUNT)
            continue;
        ret_element->attributes[known] = span_of(attribute->value);
        ret_element->present |= UINT64_C(1) << known;
    }
}

static void fill_element(const GumboElement *from, struct html_element *ret_element)
{
    enum element element = element_of(from);
    ret_element->foreign = from->tag_namespace != GUMBO_NAMESPACE_HTML;
    ret_element->present = 0;
    if (element == ELEMENT_COUNT) {
        ret_element->name = written_name(from);
        element = element_by_name(ret_element->name);
    } else {
        ret_element->name =
            element == ELEMENT_OTHER ? span_of(gumbo_normalized_tagname(from->tag)) : element_name(element);
    }
    ret_element->element = element;
    fill_attributes(from, ret_element);
}

static bool is_style(const GumboNode *node, struct span *ret_css, struct span *ret_media)
{
    if (node->type != GUMBO_NODE_ELEMENT || node->v.element.tag != GUMBO_TAG_STYLE ||
        children_of(node)->length == 0)
        return false;
    const GumboNode *text = children_of(node)->data[0];
    const GumboAttribute *media = gumbo_get_attribute(&node->v.element.attributes, "media");
    if (text->type != GUMBO_NODE_TEXT)
        return false;
    *ret_css = span_of(text->v.text.text);
    *ret_media = media ? span_of(media->value) : (struct span){NULL, 0};
    return true;
}

bool html_tree_next_style(const struct html_tree *tree, const void **cursor, struct span *ret_css,
                          struct span *ret_media)
{
    const GumboNode *node = *cursor ? behind(*cursor) : tree->output->root;
    while (node && !is_style(node, ret_css, ret_media)) {
        bool enter = node->type == GUMBO_NODE_ELEMENT && children_of(node)->length > 0;
        node = enter ? (const GumboNode *)children_of(node)->data[0] : behind(node);
    }
    *cursor = node;
    return node != NULL;
}

/* Moves from a node that is done to what follows it. */
static void move_on(struct html_walk *walk, const GumboNode *node)
{
    const GumboNode *parent = node->parent;
    if (!parent || parent->type == GUMBO_NODE_DOCUMENT) {
        walk->node = NULL;
        return;
    }
    const GumboVector *siblings = children_of(parent);
    size_t next = node->index_within_parent + 1;
    walk->closing = next >= siblings->length;
    walk->node = walk->closing ? parent : (const GumboNode *)siblings->data[next];
}

static enum html_step open_element(struct html_walk *walk, const GumboNode *node,
                                   struct html_element *ret_element)
{
    fill_element(&node->v.element, ret_element);
    const GumboVector *children = children_of(node);
    if (children->length > 0)
        walk->node = children->data[0];
    else
        walk->closing = true;
    return HTML_OPEN;
}

enum html_step html_walk_next(struct html_walk *walk, struct html_element *ret_element, struct span *ret_text)
{
    while (walk->node) {
        const GumboNode *node = walk->node;
        if (walk->closing) {
            move_on(walk, node);
            return HTML_CLOSE;
        }
        if (is_element(node))
            return open_element(walk, node, ret_element);
        move_on(walk, node);
        if (node->type == GUMBO_NODE_COMMENT || node->type == GUMBO_NODE_DOCUMENT)
            continue;
        *ret_text = span_of(node->v.text.text);
        return HTML_TEXT;
    }
    return HTML_END;
}

void html_walk_skip(struct html_walk *walk)
{
    if (walk->closing || !walk->node)
        return;
    walk->node = ((const GumboNode *)walk->node)->parent;
    walk->closing = true;
}
