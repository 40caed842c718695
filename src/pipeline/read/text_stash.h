/*
 * Puts words aside before a page is parsed. Gumbo makes a token of every character, which for a page in
 * Ukrainian is most of the time that reading it takes; but within a run of Cyrillic words no character means
 * anything to HTML. So each long run gives its place to one character that no page uses, and comes back when
 * the tree stands.
 *
 * That this changes no tree rests on four rules: a run begins and ends with a two-byte letter, so that blanks
 * and signs beside it stay where they mean something; within it stand only such letters, blanks, digits and ,
 * . : ; ( ), none of which starts, ends or parts anything in text, and no ASCII letter, so that no
 * attribute's name is ever put aside; neither < nor = stands between it and the > before it, so that it is in
 * no attribute's value that a blank would end; and a page that uses the stand-ins itself is parsed as it is.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

enum {
    STASH_RUN_BYTES = 24,  /* shorter ones cost as much to put aside as to parse */
    STASH_RUNS = 60000,    /* there are not many more stand-ins; what comes after is parsed as it is */
    STASH_TEXT_BYTES = 512 /* texts shorter than this are not worth a pass */
};

struct text_stash {
    struct buf copy; /**< the page with stand-ins; empty when nothing was put aside */
    struct buf runs; /**< array of struct span, borrowed from the text */
};

/** Fills `*ret_stash` and returns the text to parse: `text` itself when nothing was put aside or memory ran
 * out. */
struct span text_stash_make(struct span text, struct text_stash *ret_stash);
void text_stash_free(struct text_stash *stash);

/** Bytes of `text` once what was put aside stands in it again; 0 when it holds no stand-in. */
size_t text_stash_size(const struct text_stash *stash, struct span text);

/** Writes these bytes, text_stash_size() of them, to `out`. */
void text_stash_restore(const struct text_stash *stash, struct span text, char *out);
