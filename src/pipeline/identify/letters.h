/* What one character is to the identifier.
 *
 * Every byte of every page passes here, so a character is one look in a flat table: its script, its number in
 * the alphabet of that script (case and rare marks folded away), and whether it has a twin in another script.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum letters_class {
    LETTERS_SPACE,
    LETTERS_SYMBOL,
    LETTERS_CODE, /* signs that prose hardly has and programs are full of: { } ( ) = ; < > … */
    LETTERS_DIGIT,
    LETTERS_APOSTROPHE,
    LETTERS_MARK, /* combining marks and invisible characters: part of the letter before them */
    LETTERS_LATIN,
    LETTERS_CYRILLIC,
    LETTERS_ARABIC,
    LETTERS_HAN,    /* Han and kana */
    LETTERS_DIRECT, /* a script that only one language of the model is written in */
    LETTERS_CLASSES
};

/* Numbers below the first letter of every alphabet. */
enum {
    LETTERS_EDGE = 1,
    LETTERS_APOSTROPHE_ID = 2,
    LETTERS_DIGIT_ID = 3,
    LETTERS_OTHER_ID = 4,
    LETTERS_FIRST_ID = 5
};

/* Numbers of the languages that are alone in their script; the model's language table names the tags. */
enum letters_direct {
    LETTERS_GREEK,
    LETTERS_ARMENIAN,
    LETTERS_HEBREW,
    LETTERS_GEORGIAN,
    LETTERS_DEVANAGARI,
    LETTERS_BENGALI,
    LETTERS_TAMIL,
    LETTERS_THAI,
    LETTERS_HANGUL,
    LETTERS_UNKNOWN_SCRIPT,
    LETTERS_DIRECT_COUNT
};

enum {
    LETTERS_UPPER = 1 << 12,
    LETTERS_TWIN = 1 << 13,  /* drawn the same in the other script: Latin a, Cyrillic а */
    LETTERS_LOOSE = 1 << 14, /* has a twin, or a letter often drawn or typed for it: Latin t, Cyrillic т */
    LETTERS_KANA = 1 << 15
};

/* One character: bits 0-7 the number, 8-11 the class, then the flags above. */
typedef uint16_t letters_entry;

struct letters_composition {
    uint8_t group, base, mark, composed;
};

extern const uint16_t letters_low[0x800];
extern const uint16_t letters_more_latin[0x100];
extern const struct letters_composition letters_compositions[];
extern const unsigned letters_composition_count;
extern const uint8_t letters_latin_to_cyrillic[256]; /* 0: no twin */
extern const uint8_t letters_cyrillic_to_latin[256];
extern const uint8_t letters_latin_plain[256]; /* the letter without its diacritic */
extern const uint8_t
    letters_alphabet_size[4]; /* numbers of Latin, Cyrillic, Arabic, Han: one more than the last */

/* The character at `at` (< end) that does not fit the two-byte table, or no character at all: then one byte,
 * LETTERS_SYMBOL. */
letters_entry letters_wide(const uint8_t *at, const uint8_t *end, unsigned *ret_length);

/* The letter that `base` and a combining mark (code point - U+0300) make, or `base` itself. */
uint8_t letters_compose(enum letters_class group, uint8_t base, unsigned mark);

static inline unsigned letters_class(letters_entry entry)
{
    return (entry >> 8) & 15u;
}

static inline uint8_t letters_id(letters_entry entry)
{
    return (uint8_t)(entry & 255u);
}

static inline letters_entry letters_at(const uint8_t *at, const uint8_t *end, unsigned *ret_length)
{
    if (at[0] < 0x80) {
        *ret_length = 1;
        return letters_low[at[0]];
    }
    if ((at[0] & 0xE0) == 0xC0 && end - at >= 2 && (at[1] & 0xC0) == 0x80) {
        *ret_length = 2;
        return letters_low[(at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu)];
    }
    return letters_wide(at, end, ret_length);
}
