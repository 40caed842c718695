/* More text for a language from its nearest kin. */
#pragma once

#include "corpus.h"

/* Adds to Serbian in Cyrillic what Croatian and Bosnian texts and lists have, in Cyrillic letters. Held-out
 * texts stay its own. The lists are cleaned already. */
void kindred_add(struct corpus *corpus);
