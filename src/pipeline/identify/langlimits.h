/* The numbers of the identifier that are chosen, not trained. Costs are in score units, LANGMODEL_NATS to the
 * nat; they were set on held-out training texts run together and checked on the development texts. */
#pragma once

enum {
    LANGLIMITS_WORD_FLOOR = 64, /* one word cannot speak more than this against a language: names, noise */

    /* A change of language costs by what stands before the word … */
    LANGLIMITS_CHANGE_INSIDE = 72, /* not even a space */
    LANGLIMITS_CHANGE_SPACE = 10,
    LANGLIMITS_CHANGE_SYMBOL = 10, /* a comma, a dash, a quotation mark */
    LANGLIMITS_CHANGE_STOP = -28,  /* the end of a sentence */
    LANGLIMITS_CHANGE_LINE = -28,
    LANGLIMITS_CHANGE_CAPITAL = 6, /* less before a capital */
    /* … and the more, the longer the text: there are as many places for it as words. For each doubling. */
    LANGLIMITS_CHANGE_DOUBLING = 9,
    LANGLIMITS_CHANGE_LEAST = 8, /* never less */
    /* A language costs by its share in the text, as the first division found it; before that all alike. */
    LANGLIMITS_ENTRY_FIRST = 16,
    LANGLIMITS_ENTRY_DOUBLING = 6, /* for each halving of its share */
    LANGLIMITS_ENTRY_MOST = 32,
    LANGLIMITS_DIVISIONS = 3,

    /* When only the main language is asked for: after so many words, if the best language leads by so much,
     * most words are skipped; one in SPARSE_EVERY of at least SPARSE_LETTERS letters is still looked at, for
     * a change. */
    LANGLIMITS_CLEAR_WORDS = 3,
    LANGLIMITS_CLEAR_LEAD = 96,
    LANGLIMITS_SPARSE_EVERY = 6,
    LANGLIMITS_SPARSE_LETTERS = 5,
    LANGLIMITS_SPARSE_MOST = 1024, /* words skipped in one window */

    /* A text is code if it has so many code signs without spaces around, one to so many letters at least;
     * then every word beside one speaks that much more for no language. */
    LANGLIMITS_CODE_SIGNS = 5,
    LANGLIMITS_CODE_LETTERS = 9,
    LANGLIMITS_CODE_BONUS = 80,

    LANGLIMITS_FOREIGN_WORD = 24, /* a word of another script within a stretch, and each of its letters */
    LANGLIMITS_FOREIGN_LETTER = 12,
    LANGLIMITS_FOREIGN_MAX = 96,

    LANGLIMITS_EXPECTED = 16 /* bonus of a language the caller expects: 2 nats, odds of 7 to 1 */
};
