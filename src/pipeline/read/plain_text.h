/* Text without a tree: text/plain, XML feeds, and HTML that no parser could finish. */
#pragma once

#include "pipeline/page.h"

/** Paragraphs, parted by empty lines, as blocks. False without memory; `*ret_cut` tells that text was left
 * out. */
bool plain_text_read(struct span text, struct reading *reading, bool *ret_cut);

/**
 * Text between tags, in linear time whatever the nesting; scripts and styles are left out, CDATA is text, and
 * in `xml` every tag ends a block. Nothing is known to be hidden this way.
 */
bool plain_text_read_markup(struct span text, bool xml, struct reading *reading, bool *ret_cut);
