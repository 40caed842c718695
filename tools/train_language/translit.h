/* Cyrillic text in Latin letters, the several ways people and machines write it. */
#pragma once

#include "corpus.h"
#include "points.h"

/* `made` names the language; the scheme is drawn. */
void translit(const struct points *text, enum corpus_made made, struct dice *dice, struct points *ret_text);
