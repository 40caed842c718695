/*
 * What an attacker wrote, made harmless before it stands in a line, a header or a terminal: whatever steers
 * instead of showing (controls, line ends, direction marks, invisible joiners) becomes a space.
 */
#pragma once

#include "base/buf.h"

/** Appends the text on one line, steering characters (utf8_is_steering()) as spaces. */
void safe_text_add(struct buf *out, struct span text);

/** The same, of at most `size` bytes of the text, cut between characters, with "…" behind what was cut. */
void safe_text_add_cut(struct buf *out, struct span text, size_t size);
