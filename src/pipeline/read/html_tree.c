/*
 * The only file that knows gumbo.
 *
 * Gumbo asks for memory in small pieces and trusts every answer, so it gets an arena with a ceiling, and the arena leaves
 * by longjmp where gumbo would have crashed: everything it made lies in the arena and goes at once. The arena is also
 * where time is watched, because some of gumbo's searches are quadratic in what a hostile page may contain and every
 * token allocates. The tree itself is never walked or freed by recursion.
 */
#include "pipeline/read/html_tree.h"

#include "pipeline/read/read_limits.h"

#include <gumbo.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum {
    CHUNK_BYTES = 1 << 20,
    FIRST_CHUNK_BYTES = 64 << 10,
    ALIGNMENT = 8,
    CLASS_COUNT = 8,       /* freed pieces of 8, 16 … 64 bytes are handed out again */
    LOOK_AT_CLOCK = 1 << 12, /* pieces between two looks at the clock */
};

struct chunk {
    struct chunk *next;
};

struct piece {
    struct piece *next;
};

struct html_tree {
    char *at;  /* free room of the newest chunk */
    char *end;
    struct chunk *chunks;
    struct piece *freed[CLASS_COUNT];
    size_t used;
    uint32_t count;
    int64_t deadline_ms;
    enum html_parse failure;
    jmp_buf leave;
    GumboOutput *output;
    bool quirks;
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
    free(tree);
}

static void parse_into(struct html_tree *tree, struct span text)
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = tree_alloc;
    options.deallocator = tree_release;
    options.userdata = tree;
    options.max_errors = 0;
    if (setjmp(tree->leave) == 0)
        tree->output = gumbo_parse_with_options(&options, text.size ? text.at : "", text.size);
}

enum html_parse html_tree_parse(struct span text, struct html_tree **ret_tree)
{
    struct html_tree *tree = calloc(1, sizeof(*tree));
    if (!tree)
        return HTML_NO_MEMORY;
    tree->deadline_ms = cpu_ms() + READ_PARSE_MS;
    tree->failure = HTML_PARSED;
    parse_into(tree, text);
    if (tree->failure != HTML_PARSED) {
        enum html_parse failure = tree->failure;
        html_tree_free(tree);
        return failure;
    }
    tree->quirks = tree->output->document->v.document.doc_type_quirks_mode == GUMBO_DOCTYPE_QUIRKS;
    *ret_tree = tree;
    return HTML_PARSED;
}

bool html_tree_quirks(const struct html_tree *tree)
{
    return tree->quirks;
}

/* ---- the walk -------------------------------------------------------------------------------------------- */

static bool is_element(const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

struct html_walk html_walk_new(const struct html_tree *tree)
{
    return (struct html_walk){tree->output->root, false};
}

static enum element element_of(const GumboElement *from)
{
    static const uint8_t known[GUMBO_TAG_LAST] = {
        [0 ... GUMBO_TAG_LAST - 1] = ELEMENT_OTHER,
        [GUMBO_TAG_A] = ELEMENT_A,
        [GUMBO_TAG_ADDRESS] = ELEMENT_ADDRESS,
        [GUMBO_TAG_AREA] = ELEMENT_AREA,
        [GUMBO_TAG_ARTICLE] = ELEMENT_ARTICLE,
        [GUMBO_TAG_ASIDE] = ELEMENT_ASIDE,
        [GUMBO_TAG_AUDIO] = ELEMENT_AUDIO,
        [GUMBO_TAG_BASE] = ELEMENT_BASE,
        [GUMBO_TAG_BASEFONT] = ELEMENT_BASEFONT,
        [GUMBO_TAG_BLOCKQUOTE] = ELEMENT_BLOCKQUOTE,
        [GUMBO_TAG_BODY] = ELEMENT_BODY,
        [GUMBO_TAG_BR] = ELEMENT_BR,
        [GUMBO_TAG_BUTTON] = ELEMENT_BUTTON,
        [GUMBO_TAG_CANVAS] = ELEMENT_CANVAS,
        [GUMBO_TAG_CAPTION] = ELEMENT_CAPTION,
        [GUMBO_TAG_CENTER] = ELEMENT_CENTER,
        [GUMBO_TAG_COL] = ELEMENT_COL,
        [GUMBO_TAG_COLGROUP] = ELEMENT_COLGROUP,
        [GUMBO_TAG_DATALIST] = ELEMENT_DATALIST,
        [GUMBO_TAG_DD] = ELEMENT_DD,
        [GUMBO_TAG_DETAILS] = ELEMENT_DETAILS,
        [GUMBO_TAG_DIR] = ELEMENT_DIR,
        [GUMBO_TAG_DIV] = ELEMENT_DIV,
        [GUMBO_TAG_DL] = ELEMENT_DL,
        [GUMBO_TAG_DT] = ELEMENT_DT,
        [GUMBO_TAG_EMBED] = ELEMENT_EMBED,
        [GUMBO_TAG_FIELDSET] = ELEMENT_FIELDSET,
        [GUMBO_TAG_FIGCAPTION] = ELEMENT_FIGCAPTION,
        [GUMBO_TAG_FIGURE] = ELEMENT_FIGURE,
        [GUMBO_TAG_FOOTER] = ELEMENT_FOOTER,
        [GUMBO_TAG_FORM] = ELEMENT_FORM,
        [GUMBO_TAG_FRAME] = ELEMENT_FRAME,
        [GUMBO_TAG_FRAMESET] = ELEMENT_FRAMESET,
        [GUMBO_TAG_H1] = ELEMENT_H1,
        [GUMBO_TAG_H2] = ELEMENT_H2,
        [GUMBO_TAG_H3] = ELEMENT_H3,
        [GUMBO_TAG_H4] = ELEMENT_H4,
        [GUMBO_TAG_H5] = ELEMENT_H5,
        [GUMBO_TAG_H6] = ELEMENT_H6,
        [GUMBO_TAG_HEAD] = ELEMENT_HEAD,
        [GUMBO_TAG_HEADER] = ELEMENT_HEADER,
        [GUMBO_TAG_HGROUP] = ELEMENT_HGROUP,
        [GUMBO_TAG_HR] = ELEMENT_HR,
        [GUMBO_TAG_HTML] = ELEMENT_HTML,
        [GUMBO_TAG_IFRAME] = ELEMENT_IFRAME,
        [GUMBO_TAG_IMG] = ELEMENT_IMG,
        [GUMBO_TAG_INPUT] = ELEMENT_INPUT,
        [GUMBO_TAG_LEGEND] = ELEMENT_LEGEND,
        [GUMBO_TAG_LI] = ELEMENT_LI,
        [GUMBO_TAG_LINK] = ELEMENT_LINK,
        [GUMBO_TAG_LISTING] = ELEMENT_LISTING,
        [GUMBO_TAG_MAIN] = ELEMENT_MAIN,
        [GUMBO_TAG_MARQUEE] = ELEMENT_MARQUEE,
        [GUMBO_TAG_MATH] = ELEMENT_MATH,
        [GUMBO_TAG_MENU] = ELEMENT_MENU,
        [GUMBO_TAG_META] = ELEMENT_META,
        [GUMBO_TAG_METER] = ELEMENT_METER,
        [GUMBO_TAG_NAV] = ELEMENT_NAV,
        [GUMBO_TAG_NOEMBED] = ELEMENT_NOEMBED,
        [GUMBO_TAG_NOFRAMES] = ELEMENT_NOFRAMES,
        [GUMBO_TAG_NOSCRIPT] = ELEMENT_NOSCRIPT,
        [GUMBO_TAG_OBJECT] = ELEMENT_OBJECT,
        [GUMBO_TAG_OL] = ELEMENT_OL,
        [GUMBO_TAG_OPTGROUP] = ELEMENT_OPTGROUP,
        [GUMBO_TAG_OPTION] = ELEMENT_OPTION,
        [GUMBO_TAG_P] = ELEMENT_P,
        [GUMBO_TAG_PARAM] = ELEMENT_PARAM,
        [GUMBO_TAG_PLAINTEXT] = ELEMENT_PLAINTEXT,
        [GUMBO_TAG_PRE] = ELEMENT_PRE,
        [GUMBO_TAG_PROGRESS] = ELEMENT_PROGRESS,
        [GUMBO_TAG_RP] = ELEMENT_RP,
        [GUMBO_TAG_SCRIPT] = ELEMENT_SCRIPT,
        [GUMBO_TAG_SECTION] = ELEMENT_SECTION,
        [GUMBO_TAG_SELECT] = ELEMENT_SELECT,
        [GUMBO_TAG_SOURCE] = ELEMENT_SOURCE,
        [GUMBO_TAG_SPAN] = ELEMENT_SPAN,
        [GUMBO_TAG_STYLE] = ELEMENT_STYLE,
        [GUMBO_TAG_SUMMARY] = ELEMENT_SUMMARY,
        [GUMBO_TAG_SVG] = ELEMENT_SVG,
        [GUMBO_TAG_TABLE] = ELEMENT_TABLE,
        [GUMBO_TAG_TBODY] = ELEMENT_TBODY,
        [GUMBO_TAG_TD] = ELEMENT_TD,
        [GUMBO_TAG_TEMPLATE] = ELEMENT_TEMPLATE,
        [GUMBO_TAG_TEXTAREA] = ELEMENT_TEXTAREA,
        [GUMBO_TAG_TFOOT] = ELEMENT_TFOOT,
        [GUMBO_TAG_TH] = ELEMENT_TH,
        [GUMBO_TAG_THEAD] = ELEMENT_THEAD,
        [GUMBO_TAG_TITLE] = ELEMENT_TITLE,
        [GUMBO_TAG_TR] = ELEMENT_TR,
        [GUMBO_TAG_TRACK] = ELEMENT_TRACK,
        [GUMBO_TAG_UL] = ELEMENT_UL,
        [GUMBO_TAG_VIDEO] = ELEMENT_VIDEO,
        [GUMBO_TAG_XMP] = ELEMENT_XMP,
    };
    if (from->tag < GUMBO_TAG_LAST)
        return (enum element)known[from->tag];
    return ELEMENT_COUNT;
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
        ret_element->name = element == ELEMENT_OTHER ? span_of(gumbo_normalized_tagname(from->tag))
                                                     : element_name(element);
    }
    ret_element->element = element;
    fill_attributes(from, ret_element);
}

static const GumboVector *children_of(const GumboNode *node)
{
    return &node->v.element.children;
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

static enum html_step open_element(struct html_walk *walk, const GumboNode *node, struct html_element *ret_element)
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
