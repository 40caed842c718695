/* The numbers of the identifier that are chosen, not trained. Costs are in score units, LANGMODEL_NATS to the
 * nat; they were set on held-out training texts run together and checked on the development texts. */
#pragma once

enum {
    LANGLIMITS_WORD_FLOOR = 64, /* one word cannot speak more than this against a language: names, noise */

    LANGLIMITS_CHANGE_INSIDE = 120, /* a change of language without even a space */
    LANGLIMITS_CHANGE_SPACE = 72,
    LANGLIMITS_CHANGE_SYMBOL = 60, /* after a comma, a dash, a quotation mark */
    LANGLIMITS_CHANGE_STOP = 40,   /* after the end of a sentence */
    LANGLIMITS_CHANGE_LINE = 32,
    LANGLIMITS_CHANGE_CAPITAL = 12, /* less before a capital */

    LANGLIMITS_FOREIGN_WORD = 24, /* a word of another script within a stretch, and each of its letters */
    LANGLIMITS_FOREIGN_LETTER = 12,
    LANGLIMITS_FOREIGN_MAX = 96,

    LANGLIMITS_EXPECTED = 16 /* bonus of a language the caller expects: 2 nats, odds of 7 to 1 */
};
