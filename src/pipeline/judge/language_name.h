/* What a language is called in a sentence. */
#pragma once

/** "Ukrainian" for "uk"; "Russian in Latin letters" for "ru-Latn"; the tag itself when it has no name here.
 */
const char *language_name(const char *tag);
