/* Characters beyond the flat table: the scripts that decide a language by themselves, and broken bytes.
 *
 * The bytes come from an attacker. Whatever is not well-formed UTF-8 becomes a symbol of one byte, so that a
 * reader always moves on and never past the end. */
#include "pipeline/identify/letters.h"

struct range {
    uint32_t first, last;
    uint16_t entry;
};

#define DIRECT(language) ((LETTERS_DIRECT << 8) | (language))

static const struct range ranges[] = {
    {0x0800, 0x08FF, LETTERS_ARABIC << 8 | LETTERS_OTHER_ID},
    {0x0900, 0x097F, DIRECT(LETTERS_DEVANAGARI)},
    {0x0980, 0x09FF, DIRECT(LETTERS_BENGALI)},
    {0x0A00, 0x0B7F, DIRECT(LETTERS_UNKNOWN_SCRIPT)},
    {0x0B80, 0x0BFF, DIRECT(LETTERS_TAMIL)},
    {0x0C00, 0x0DFF, DIRECT(LETTERS_UNKNOWN_SCRIPT)},
    {0x0E00, 0x0E7F, DIRECT(LETTERS_THAI)},
    {0x0E80, 0x109F, DIRECT(LETTERS_UNKNOWN_SCRIPT)},
    {0x10A0, 0x10FF, DIRECT(LETTERS_GEORGIAN)},
    {0x1100, 0x11FF, DIRECT(LETTERS_HANGUL)},
    {0x1200, 0x1C7F, DIRECT(LETTERS_UNKNOWN_SCRIPT)},
    {0x1C80, 0x1C8F, LETTERS_CYRILLIC << 8 | LETTERS_OTHER_ID},
    {0x1C90, 0x1CBF, DIRECT(LETTERS_GEORGIAN)},
    {0x1CC0, 0x1DBF, DIRECT(LETTERS_UNKNOWN_SCRIPT)},
    {0x1DC0, 0x1DFF, LETTERS_MARK << 8},
    {0x1F00, 0x1FFF, DIRECT(LETTERS_GREEK)},
    {0x2000, 0x200A, LETTERS_SPACE << 8},
    {0x200B, 0x200F, LETTERS_MARK << 8},
    {0x2018, 0x2019, LETTERS_APOSTROPHE << 8 | LETTERS_APOSTROPHE_ID},
    {0x2028, 0x2029, LETTERS_SPACE << 8},
    {0x202A, 0x202E, LETTERS_MARK << 8},
    {0x202F, 0x202F, LETTERS_SPACE << 8},
    {0x205F, 0x205F, LETTERS_SPACE << 8},
    {0x2060, 0x206F, LETTERS_MARK << 8},
    {0x20D0, 0x20FF, LETTERS_MARK << 8},
    {0x2D00, 0x2D2F, DIRECT(LETTERS_GEORGIAN)},
    {0x2D30, 0x2DDF, DIRECT(LETTERS_UNKNOWN_SCRIPT)},
    {0x3000, 0x3000, LETTERS_SPACE << 8},
    {0x3005, 0x3007, LETTERS_HAN << 8},
    {0x3041, 0x309F, LETTERS_HAN << 8 | LETTERS_KANA},
    {0x30A1, 0x30FA, LETTERS_HAN << 8 | LETTERS_KANA},
    {0x30FC, 0x30FF, LETTERS_HAN << 8 | LETTERS_KANA},
    {0x3105, 0x312F, LETTERS_HAN << 8},
    {0x3131, 0x318E, DIRECT(LETTERS_HANGUL)},
    {0x31F0, 0x31FF, LETTERS_HAN << 8 | LETTERS_KANA},
    {0x3400, 0x4DBF, LETTERS_HAN << 8},
    {0x4E00, 0x9FFF, LETTERS_HAN << 8},
    {0xA000, 0xA4CF, DIRECT(LETTERS_UNKNOWN_SCRIPT)},
    {0xA500, 0xA63F, DIRECT(LETTERS_UNKNOWN_SCRIPT)},
    {0xA640, 0xA69F, LETTERS_CYRILLIC << 8 | LETTERS_OTHER_ID},
    {0xA722, 0xA7FF, LETTERS_LATIN << 8 | LETTERS_OTHER_ID},
    {0xA800, 0xABFF, DIRECT(LETTERS_UNKNOWN_SCRIPT)},
    {0xAC00, 0xD7AF, DIRECT(LETTERS_HANGUL)},
    {0xF900, 0xFAFF, LETTERS_HAN << 8},
    {0xFB1D, 0xFB4F, DIRECT(LETTERS_HEBREW)},
    {0xFB50, 0xFDFF, LETTERS_ARABIC << 8 | LETTERS_OTHER_ID},
    {0xFE00, 0xFE0F, LETTERS_MARK << 8},
    {0xFE70, 0xFEFE, LETTERS_ARABIC << 8 | LETTERS_OTHER_ID},
    {0xFEFF, 0xFEFF, LETTERS_MARK << 8},
    {0xFF66, 0xFF9D, LETTERS_HAN << 8 | LETTERS_KANA},
    {0x10000, 0x1CFFF, DIRECT(LETTERS_UNKNOWN_SCRIPT)},
    {0x1E000, 0x1EEFF, DIRECT(LETTERS_UNKNOWN_SCRIPT)},
    {0x20000, 0x323AF, LETTERS_HAN << 8},
    {0xE0000, 0xE01EF, LETTERS_MARK << 8},
};

static letters_entry entry_in_ranges(uint32_t point)
{
    size_t low = 0, high = sizeof ranges / sizeof ranges[0];

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (point > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < sizeof ranges / sizeof ranges[0] && point >= ranges[low].first)
        return ranges[low].entry;
    return LETTERS_SYMBOL << 8;
}

static letters_entry entry_of(uint32_t point)
{
    if (point >= 0x4E00 && point <= 0x9FFF) /* most of what is read here */
        return LETTERS_HAN << 8;
    if (point < 0x800)
        return letters_low[point];
    if (point >= 0x1E00 && point < 0x1F00)
        return letters_more_latin[point - 0x1E00];
    if (point >= 0xFF01 && point <= 0xFF5E) /* full-width forms of ASCII */
        return letters_low[point - 0xFF01 + 0x21];
    if (point >= 0x1D400 && point < 0x1D6A4) { /* mathematical alphabets, A-Z then a-z, 13 times */
        uint32_t letter = (point - 0x1D400) % 52;

        return letters_low[letter < 26 ? 'A' + letter : 'a' + letter - 26];
    }
    return entry_in_ranges(point);
}

static int is_tail(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

letters_entry letters_wide(const uint8_t *at, const uint8_t *end, unsigned *ret_length)
{
    ptrdiff_t left = end - at;

    if ((at[0] & 0xF0) == 0xE0 && left >= 3 && is_tail(at[1]) && is_tail(at[2])) {
        *ret_length = 3;
        return entry_of((at[0] & 0xFu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu));
    }
    if ((at[0] & 0xF8) == 0xF0 && left >= 4 && is_tail(at[1]) && is_tail(at[2]) && is_tail(at[3])) {
        *ret_length = 4;
        return entry_of((at[0] & 7u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 | (at[3] & 0x3Fu));
    }
    *ret_length = 1;
    return LETTERS_SYMBOL << 8;
}

uint8_t letters_compose(enum letters_class group, uint8_t base, unsigned mark)
{
    for (unsigned i = 0; i < letters_composition_count; i++) {
        const struct letters_composition *made = &letters_compositions[i];

        if (made->group == group && made->base == base && made->mark == mark)
            return made->composed;
    }
    return base;
}
