/* A page's tree into its reading: text in order, and what the page points to. */
#pragma once

#include "pipeline/page.h"
#include "pipeline/read/html_tree.h"

/** What was left out while reading; each becomes a part of `cut_what`. */
struct page_cuts {
    bool text, attributes, pictures, hosts, paths, styles, frames;
};

/**
 * Walks the page once. `url` is the page's own address or empty. Fills `reading` (whose arena is set) except
 * for charset, outcome and cut. False without memory.
 */
bool page_walk(struct html_tree *tree, struct span url, struct reading *reading, struct page_cuts *ret_cuts);
