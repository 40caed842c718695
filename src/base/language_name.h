/* What a language is called, in the languages that varta speaks to people. */
#pragma once

#include "base/span.h"

/** A language that people are spoken to in. */
enum tongue { TONGUE_EN, TONGUE_UK, TONGUE_PL, TONGUE_COUNT };

/** "Ukrainian" for "uk"; "Russian in Latin letters" for "ru-Latn"; the tag itself when it has no name here.
 */
const char *language_name(const char *tag, enum tongue tongue);

/** The same by the English name, "Ukrainian"; NULL when there is none of it. */
const char *language_name_from_english(struct span name, enum tongue tongue);
