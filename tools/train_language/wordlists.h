/* What the word lists, made from subtitles, contain of other languages, and how they are freed of it. */
#pragma once

#include "corpus.h"

/* Lowers the counts of list words of one script group by what other languages explain of them; words that are
 * not the language's own get a count of zero, or are taken out of the held-out ones. */
void wordlists_clean(struct corpus *corpus, unsigned group);

/* Gives languages made from another one's texts its cleaned counts. */
void wordlists_copy(struct corpus *corpus);
