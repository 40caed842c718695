/*
 * Text as cues are looked for in it: lower case, letters that look alike in Cyrillic, Latin and Greek made
 * one, diacritics, invisible characters and repeated letters gone, digits and signs inside words read as the
 * letters they stand for, letters set apart by spaces or dots put together. The cues are folded the same way,
 * so no decision is needed which script a word was meant in.
 */
#pragma once

#include "base/arena.h"

#include <stdint.h>

/** Folded text: words separated by single spaces, one space at each end. */
struct skeleton {
    uint16_t *at;
    uint32_t *from; /**< for each character the byte offset in its text where it stood */
    uint32_t *text; /**< for each character which text it came from */
    size_t size;
    size_t room;
};

/** Room for texts of `bytes` bytes altogether. Returns 0 or -ENOMEM. */
int skeleton_make(struct arena *arena, size_t bytes, struct skeleton *ret_skeleton);

/** Appends a text; `number` names it in `text`. What is beyond the room or a ceiling is left out. A `*` at a
 * word's end is kept when `stars` is set. */
void skeleton_add(struct skeleton *skeleton, struct span text, uint32_t number, bool stars);
