/* The pictures a page refers to, each once, with the bytes of those that stand in the page itself. */
#pragma once

#include "pipeline/page.h"
#include "pipeline/read/read_limits.h"

struct picture_list {
    struct reading *reading; /**< borrowed */
    size_t room;
    uint64_t hashes[READ_PICTURES]; /**< of the addresses, by index */
    size_t inline_bytes;            /**< decoded so far */
    bool cut;
};

/**
 * Adds a picture unless its address stands in the list already; `how` gives kind, hidden, size and place, its
 * kind becomes PICTURE_INLINE for a data: address. Returns its index, or UINT32_MAX when there is nothing to
 * add or no room.
 */
uint32_t picture_list_add(struct picture_list *list, struct span url, const struct picture_ref *how);

/** The address of a srcset that shows most: the greatest width or density. Empty when there is none. */
struct span picture_best_of(struct span srcset);

/** The address of a srcset that a browser takes on an ordinary screen: for 1x, or for 1,280 pixels of width.
 * Empty when there is none. */
struct span picture_usual_of(struct span srcset);

/** Adds every url(…) of style text, escapes resolved. Fonts and other things that are no picture are left
 * out. */
void picture_list_add_style(struct picture_list *list, struct span css, const struct picture_ref *how);
