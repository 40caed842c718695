/* Schemes: for Russian BGN/PCGN, ICAO 9303, ISO 9 and two informal ones; for Ukrainian the cabinet's
 * resolution 55 of 2010, BGN/PCGN 1965, ISO 9 and two informal ones; for Serbian its own Latin alphabet. */
#include "translit.h"

#include <string.h>

enum { SCHEMES = 5, ALPHABET = 38 };

/* а-я without ё, then ё і ї є ґ ' */
static const uint16_t extra[] = {0x451, 0x456, 0x457, 0x454, 0x491, 0x2019};

static const char *const russian[SCHEMES][ALPHABET] = {
    {"a", "b", "v", "g", "d",  "e",  "zh", "z", "i",  "y",  "k",  "l",  "m",
     "n", "o", "p", "r", "s",  "t",  "u",  "f", "kh", "ts", "ch", "sh", "shch",
     "",  "y", "",  "e", "yu", "ya", "yo", "i", "yi", "ye", "g",  ""},
    {"a", "b", "v",  "g",  "d",  "e",  "zh",   "z",  "i", "i", "k", "l",  "m",  "n", "o", "p", "r",  "s", "t",
     "u", "f", "kh", "ts", "ch", "sh", "shch", "ie", "y", "",  "e", "iu", "ia", "e", "i", "i", "ie", "g", ""},
    {"a", "b", "v", "g", "d", "e", "ž", "z", "i", "j", "k", "l", "m", "n", "o", "p", "r", "s", "t",
     "u", "f", "h", "c", "č", "š", "ŝ", "",  "y", "'", "è", "û", "â", "ë", "ì", "ï", "ê", "g", ""},
    {"a", "b", "v", "g", "d",  "e",  "zh",  "z", "i", "j", "k", "l",  "m",  "n", "o", "p",  "r", "s", "t",
     "u", "f", "h", "c", "ch", "sh", "sch", "",  "y", "'", "e", "yu", "ya", "e", "i", "yi", "e", "g", ""},
    {"a", "b", "v", "g",  "d",  "e",  "j",  "z", "i", "y", "k", "l", "m",  "n",  "o", "p",  "r", "s", "t",
     "u", "f", "h", "ts", "ch", "sh", "sh", "",  "i", "",  "e", "u", "ja", "jo", "i", "ji", "e", "g", ""},
};

static const char *const ukrainian[SCHEMES][ALPHABET] = {
    {"a", "b", "v",  "h",  "d",  "e",  "zh",   "z", "y", "i", "k", "l",  "m",  "n", "o", "p", "r",  "s", "t",
     "u", "f", "kh", "ts", "ch", "sh", "shch", "",  "y", "",  "e", "iu", "ia", "e", "i", "i", "ie", "g", ""},
    {"a", "b", "v", "h", "d",  "e",  "zh", "z", "y",  "y",  "k",  "l",  "m",
     "n", "o", "p", "r", "s",  "t",  "u",  "f", "kh", "ts", "ch", "sh", "shch",
     "",  "y", "'", "e", "yu", "ya", "yo", "i", "yi", "ye", "g",  ""},
    {"a", "b", "v", "g", "d", "e", "ž", "z", "i", "j", "k", "l", "m", "n", "o", "p", "r", "s", "t",
     "u", "f", "h", "c", "č", "š", "ŝ", "",  "y", "'", "è", "û", "â", "ë", "ì", "ï", "ê", "g̀", "'"},
    {"a", "b", "v", "g", "d",  "e",  "zh",  "z", "y", "j", "k", "l",  "m",  "n",  "o", "p",  "r",  "s", "t",
     "u", "f", "h", "c", "ch", "sh", "sch", "",  "y", "",  "e", "yu", "ya", "yo", "i", "yi", "ye", "g", ""},
    {"a", "b", "v", "h",  "d",  "e",  "j",   "z", "y", "y", "k", "l",  "m",  "n",  "o", "p",  "r",  "s", "t",
     "u", "f", "h", "ts", "ch", "sh", "sch", "",  "y", "'", "e", "ju", "ja", "jo", "i", "ji", "je", "g", "'"},
};

struct letter {
    uint16_t cyrillic;
    const char *latin;
};

static const struct letter serbian[] = {
    {0x430, "a"}, {0x431, "b"},  {0x432, "v"}, {0x433, "g"}, {0x434, "d"},  {0x452, "đ"},
    {0x435, "e"}, {0x436, "ž"},  {0x437, "z"}, {0x438, "i"}, {0x458, "j"},  {0x43A, "k"},
    {0x43B, "l"}, {0x459, "lj"}, {0x43C, "m"}, {0x43D, "n"}, {0x45A, "nj"}, {0x43E, "o"},
    {0x43F, "p"}, {0x440, "r"},  {0x441, "s"}, {0x442, "t"}, {0x45B, "ć"},  {0x443, "u"},
    {0x444, "f"}, {0x445, "h"},  {0x446, "c"}, {0x447, "č"}, {0x45F, "dž"}, {0x448, "š"},
};

static const char *serbian_letter(uint32_t lower)
{
    for (unsigned i = 0; i < sizeof serbian / sizeof serbian[0]; i++)
        if (serbian[i].cyrillic == lower)
            return serbian[i].latin;
    return NULL;
}

static const char *scheme_letter(const char *const scheme[ALPHABET], uint32_t lower)
{
    if (lower >= 0x430 && lower <= 0x44F)
        return scheme[lower - 0x430];
    for (unsigned i = 0; i < sizeof extra / sizeof extra[0]; i++)
        if (extra[i] == lower)
            return scheme[32 + i];
    return NULL;
}

static void add_letters(struct points *to, const char *latin, int upper)
{
    struct points letters;

    points_read(&letters, latin, strlen(latin));
    for (unsigned i = 0; i < letters.length; i++)
        points_add(to, upper && i == 0 ? points_upper(letters.at[i]) : letters.at[i]);
}

void translit(const struct points *text, enum corpus_made made, struct dice *dice, struct points *ret_text)
{
    const char *const(*schemes)[ALPHABET] = made == CORPUS_RUSSIAN_LATIN ? russian : ukrainian;
    unsigned scheme = dice_below(dice, SCHEMES);

    ret_text->length = 0;
    for (unsigned i = 0; i < text->length; i++) {
        uint32_t lower = points_lower(text->at[i]);
        const char *latin =
            made == CORPUS_SERBIAN_LATIN ? serbian_letter(lower) : scheme_letter(schemes[scheme], lower);

        if (latin)
            add_letters(ret_text, latin, lower != text->at[i]);
        else
            points_add(ret_text, text->at[i]);
    }
}
