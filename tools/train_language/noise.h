/* What happens to texts on their way to us: pictures read with errors, twins, lost spaces, capitals. */
#pragma once

#include "corpus.h"
#include "points.h"

/* Changes the text in none, one or two of the ways, drawn. */
void noise(const struct corpus_language *language, struct dice *dice, struct points *text);

/* `percent` of the letters replaced, left out, doubled or swapped with their neighbour. */
void noise_letters(const struct corpus_language *language, struct dice *dice, uint32_t percent,
                   struct points *text);

/* `percent` of the letters that have a twin in the other script replaced by it. */
void noise_twins(struct dice *dice, uint32_t percent, struct points *text);

/* Latin letters without their diacritics. */
void noise_plain(struct points *text);
