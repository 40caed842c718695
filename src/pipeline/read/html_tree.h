/*
 * A page's HTML as a walk over its elements and texts. This door hides the parser: only html_tree.c knows it.
 * The walk needs no recursion, so nesting costs nothing on the stack.
 */
#pragma once

#include "base/span.h"
#include "pipeline/read/element.h"

struct html_tree; /* owned, free with html_tree_free() */

/** One element as the walk meets it; spans are borrowed from the tree. */
struct html_element {
    enum element element;
    bool foreign;     /**< inside svg or math: names mean something else there */
    struct span name; /**< as written for ELEMENT_OTHER, else the name in small letters */
    uint64_t present; /**< bit by enum attribute: `attributes` is set only where its bit is */
    struct span attributes[ATTRIBUTE_COUNT];
};

/** True and the value when the element has the attribute. */
static inline bool html_has(const struct html_element *element, enum attribute attribute)
{
    return element->present >> attribute & 1;
}

/** The value, or the empty span. */
static inline struct span html_value(const struct html_element *element, enum attribute attribute)
{
    return html_has(element, attribute) ? element->attributes[attribute] : (struct span){NULL, 0};
}

enum html_parse { HTML_PARSED, HTML_TOO_LARGE, HTML_TOO_SLOW, HTML_NO_MEMORY };

/**
 * Parses well-formed UTF-8 by the HTML5 rules. `text` is borrowed as long as the tree lives. Gives up, with
 * the reason and no tree, at READ_PARSE_BYTES or READ_PARSE_MS: the page can still be read without a tree.
 */
enum html_parse html_tree_parse(struct span text, struct html_tree **ret_tree);

void html_tree_free(struct html_tree *tree);

/**
 * The next style element's text and media attribute (empty when it has none), before the walk proper: rules
 * count for what stands above them too. `*cursor` starts as NULL. False when there is no further one.
 */
bool html_tree_next_style(const struct html_tree *tree, const void **cursor, struct span *ret_css,
                          struct span *ret_media);

enum html_step { HTML_END, HTML_OPEN, HTML_TEXT, HTML_CLOSE };

/** Where a walk stands. */
struct html_walk {
    const void *node; /**< private */
    bool closing;     /**< private */
};

struct html_walk html_walk_new(const struct html_tree *tree);

/**
 * The next step in document order: HTML_OPEN fills `*ret_element`, HTML_TEXT fills `*ret_text`; HTML_CLOSE
 * comes once for every HTML_OPEN. Comments are passed over.
 */
enum html_step html_walk_next(struct html_walk *walk, struct html_element *ret_element,
                              struct span *ret_text);

/** After HTML_OPEN: passes over the element's content; the next step is its HTML_CLOSE. */
void html_walk_skip(struct html_walk *walk);
