/*
 * The rules of a page's style elements that show or hide something, and which of them an element matches.
 *
 * Understood: lists of selectors made of names, #ids and .classes, joined by descent and '>'; @media for a
 * screen of STYLE_SCREEN_WIDTH, @layer; !important and specificity. Not understood: pseudo-classes, attribute
 * selectors, '+' and '~', nesting, @supports, @container, and whatever a separate style sheet says, because
 * it is not fetched. What is not understood hides nothing; where it may show an element, the element is in
 * doubt, and so is one that is hidden under a condition that does not hold for every visitor.
 */
#pragma once

#include "base/arena.h"
#include "pipeline/read/style.h"
#include "pipeline/read/style_media.h"

enum {
    STYLE_SCREEN_WIDTH = 1366, /* px; the commonest screen of an office */
    STYLE_SCREEN_HEIGHT = 768,
    STYLE_CLASSES = 12, /* classes of one element that rules are looked up by */
};

/** What selectors see of an element. */
struct style_node {
    const struct style_node *parent;
    uint32_t name; /**< style_hash() of the name */
    uint32_t id;   /**< 0 when none */
    uint32_t classes[STYLE_CLASSES];
    uint32_t class_count;
};

/** Hash of a name, id or class; never 0. */
uint32_t style_hash(struct span word);

struct style_sheet;

/** An empty sheet in the arena; NULL without memory. */
struct style_sheet *style_sheet_new(struct arena *arena);

/** Adds the rules of one style element, which stand under this condition. `css` is borrowed for the call. */
void style_sheet_add(struct style_sheet *sheet, struct span css, enum style_media media);

/**
 * Fills `ret_style->values` with what the rules say for the node; `ret_style->important` marks what not even
 * a style attribute overrules.
 */
void style_sheet_match(struct style_sheet *sheet, const struct style_node *node, struct style *ret_style);

/** True when rules were left out at a limit. */
bool style_sheet_cut(const struct style_sheet *sheet);
