/* Lines that mix scripts or sibling languages: which model's word stands where. */
#pragma once

#include "pipeline/ocr/models.h"

/** What one model made of a line. */
struct mixture_reading {
    const struct recognised *read; /**< NULL when it was not asked for the whole line */
    enum model_script script;
};

/** Adds a word to a line. A line that is full stays as it is. */
void mixture_append(struct recognised *line, struct span text, const struct recognised_word *word);

/** Text of a word of the line. */
struct span mixture_word(const struct recognised *line, size_t word);

/** Mean confidence over the letters of all words, 0 to 1000. */
uint16_t mixture_confidence(const struct recognised *line);

/** True for text of nothing but letters that the two scripts share or that look alike. */
bool mixture_looks_alike(struct span text);

/** True for a line of words that models of either script may see in the other's, none of them known. */
bool mixture_all_of_either(const struct recognised *line);

/**
 * Builds the line anew from readings[best], each word from the reading that is clearly surer of it. True when
 * a word came from another one; `*ret_line` may be the best reading itself.
 */
bool mixture_weave(const struct mixture_reading *readings, size_t count, size_t best,
                   struct recognised *ret_line);

/** Puts all words of `parts` in the place of one word. A line that would be too full stays as it is. */
void mixture_part(struct recognised *line, size_t word, const struct recognised *parts);

/** Words that follow each other, of which the line's models doubt one and know none. */
struct mixture_stretch {
    size_t from, to;      /**< words [from, to) */
    uint32_t left, right; /**< columns of the strip, up to half way to the words beside */
};

/** The stretch that is doubted most; false when none is doubted. `width` of the strip in pixels. */
bool mixture_doubted(const struct recognised *line, uint32_t width, struct mixture_stretch *ret_stretch);

/**
 * Puts what another model made of the stretch (its columns counted from the strip's left) into the line where
 * that is clearly surer. True when it changed something.
 */
bool mixture_patch(struct recognised *line, const struct mixture_stretch *stretch,
                   const struct recognised *other);
