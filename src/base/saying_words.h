/* The tables behind saying.h: a row is a sentence, its columns are the languages. */
#pragma once

#include "base/language_name.h"

#include <stddef.h>

/**
 * Places in the sentences: {n} digits; {quote} nothing or ": «…»", last; {languages} and {ways} lists of
 * names, which are translated; {cause} one of saying_outcomes; any other is taken over as it is. The English
 * column is what the program writes elsewhere, to the letter: tests/structure/sayings.py compares.
 */
struct saying {
    const char *code;
    const char *in[TONGUE_COUNT];
};

extern const struct saying saying_rows[];
extern const size_t saying_row_count;

/** By the name of a cause; the English column of an outcome is outcome_text(). */
extern const struct saying saying_causes[];
extern const size_t saying_cause_count;

/** How a page is staged: parts of a list in one reason. */
extern const struct saying saying_ways[];
extern const size_t saying_way_count;
