/* Which languages the model knows. */
#pragma once

#include "corpus.h"

/* Fills languages (und first), without texts; lanes are given in order, lane 0 of every group is und. */
void corpus_languages_list(struct corpus *corpus);
