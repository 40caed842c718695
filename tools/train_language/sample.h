/* One training text: a word, two words, a piece of a sentence or a whole one, as it may reach us. */
#pragma once

#include "corpus.h"
#include "points.h"

enum { SAMPLE_BYTES_MAX = 4 * POINTS_MAX };

enum sample_kind { SAMPLE_ANY, SAMPLE_WORD, SAMPLE_PAIR, SAMPLE_PIECE, SAMPLE_SENTENCE };

struct sample_source {
    int held;  /* from the held-out part */
    int noisy; /* with noise */
};

/* Writes a text of `language` and returns its size. For und, `group` says of which script. */
size_t sample_draw(const struct corpus_language *language, enum letters_class group,
                   struct sample_source source, enum sample_kind kind, struct dice *dice,
                   char ret_text[SAMPLE_BYTES_MAX]);
