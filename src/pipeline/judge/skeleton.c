/* Folding by tables of our own: Unicode's case and decomposition know nothing of look-alikes and leet. */
#include "pipeline/judge/skeleton.h"

#include "base/utf8.h"
#include "pipeline/judge/judge_limits.h"

#include <errno.h>

enum { SKIP = 0, SPACE = ' ' };

/* U+00C0 to U+017F without their marks. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuyps"
                            "aaaaaaaceeeeiiiidnooooo ouuuuypy"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkk"
                            "llllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* Small capitals of U+1D00 to U+1D22, in order; blanks where there is no plain letter. */
static const char small_capitals[] = "aaabcddeeijklmnooooo    prrtuuumvwz";

/* Cyrillic а to я, then ѐ to џ: the Latin letter of the same look, else itself, й without its mark. */
#define CYRILLIC_SMALL                                                                                       \
    'a', 0x431, 'b', 0x433, 0x434, 'e', 0x436, 0x437, 0x438, 0x438, 'k', 0x43B, 'm', 'h', 'o', 0x43F, 'p',   \
        'c', 't', 'y', 0x444, 'x', 0x446, 0x447, 0x448, 0x449, 0x44A, 0x44B, 0x44C, 0x44D, 0x44E, 0x44F
#define CYRILLIC_FURTHER                                                                                     \
    'e', 'e', 0x452, 0x453, 0x454, 's', 'i', 'i', 'j', 0x459, 0x45A, 0x45B, 'k', 0x45D, 'y', 0x45F

/* U+0400 to U+045F. */
static const uint16_t cyrillic[] = {CYRILLIC_FURTHER, CYRILLIC_SMALL, CYRILLIC_SMALL, CYRILLIC_FURTHER};

/* Greek α to ω: the Latin letter of the same look. */
static const char greek[] = "abydeznoiklmvxonpcotufxyw";

_Static_assert(sizeof(latin) == 0x180 - 0xC0 + 1, "one letter for each of U+00C0 to U+017F");
_Static_assert(sizeof(small_capitals) == 0x23 + 1, "one for each of U+1D00 to U+1D22");
_Static_assert(sizeof(cyrillic) == 0x60 * sizeof(*cyrillic), "one for each of U+0400 to U+045F");
_Static_assert(sizeof(greek) == 25 + 1, "one for each of U+03B1 to U+03C9");

static uint32_t fold_phonetic(uint32_t c)
{
    static const struct {
        uint16_t from;
        char to;
    } capitals[] = {{0x262, 'g'}, {0x26A, 'i'}, {0x274, 'n'}, {0x280, 'r'},
                    {0x28F, 'y'}, {0x299, 'b'}, {0x29C, 'h'}, {0x29F, 'l'}};
    for (size_t i = 0; i < sizeof(capitals) / sizeof(capitals[0]); i++)
        if (capitals[i].from == c)
            return (unsigned char)capitals[i].to;
    return c;
}

/* Letters drawn another way: mathematical, full width, circled, squared. */
static uint32_t fold_fancy(uint32_t c)
{
    if (c >= 0x1D400 && c <= 0x1D6A3)
        return 'a' + (c - 0x1D400) % 26;
    if (c >= 0x1D7CE && c <= 0x1D7FF)
        return '0' + (c - 0x1D7CE) % 10;
    if (c >= 0xFF10 && c <= 0xFF19)
        return c - 0xFF10 + '0';
    if ((c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A))
        return 'a' + (c - 0xFF21) % 32;
    if (c >= 0x24B6 && c <= 0x24E9)
        return 'a' + (c - 0x24B6) % 26;
    if ((c >= 0x1F130 && c <= 0x1F149) || (c >= 0x1F150 && c <= 0x1F169) || (c >= 0x1F170 && c <= 0x1F189))
        return 'a' + (c - 0x1F130) % 32;
    if (c >= 0x1D00 && c <= 0x1D22)
        return (unsigned char)small_capitals[c - 0x1D00];
    return SPACE;
}

static uint32_t fold_arabic(uint32_t c)
{
    if (c == 0x640 || (c >= 0x64B && c <= 0x65F))
        return SKIP;
    if (c == 0x622 || c == 0x623 || c == 0x625)
        return 0x627;
    if (c == 0x629)
        return 0x647;
    return c == 0x649 || c == 0x6CC ? 0x64A : c;
}

static bool invisible(uint32_t c)
{
    return c == 0xAD || (c >= 0x300 && c <= 0x36F) || (c >= 0x483 && c <= 0x489) ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
           (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || c == 0x2019 ||
           c == 0x2BC || c == '\'' || c == '`';
}

static uint32_t fold_rest(uint32_t c)
{
    if (c >= 0xC0 && c <= 0x17F)
        return (unsigned char)latin[c - 0xC0];
    if (c >= 0x3B1 && c <= 0x3C9)
        return (unsigned char)greek[c - 0x3B1];
    if (c >= 0x391 && c <= 0x3A9)
        return (unsigned char)greek[c - 0x391];
    if (c == 0x490 || c == 0x491)
        return 0x433;
    if (c >= 0x218 && c <= 0x21B)
        return c < 0x21A ? 's' : 't';
    if (c >= 0x250 && c <= 0x2AF)
        return fold_phonetic(c);
    if (c >= 0x620 && c <= 0x6FF)
        return fold_arabic(c);
    uint32_t fancy = fold_fancy(c);
    if (fancy != SPACE)
        return fancy;
    return c <= 0xFFFF && utf8_is_letter(c) ? utf8_lower(c) : SPACE;
}

static uint32_t fold(uint32_t c)
{
    if (c >= 0x400 && c <= 0x45F)
        return cyrillic[c - 0x400];
    if (c < 0x80) {
        if (c >= 'A' && c <= 'Z')
            return c + 32;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '@' || c == '$' || c == '!' || c == '*')
            return c;
        return c == '\'' || c == '`' ? SKIP : SPACE;
    }
    return invisible(c) ? SKIP : fold_rest(c) & 0xFFFF;
}

/* ---- words
 * ------------------------------------------------------------------------------------------------- */

struct word {
    uint16_t at[FOLD_WORD_MAX];
    uint32_t from[FOLD_WORD_MAX];
    size_t size;
    bool mixed; /* there are digits or signs in it; the rest is only told of such a word */
    bool star;  /* ends in the sign for any ending */
    size_t letters;
    size_t digits;
    bool cyrillic; /* has a letter that only Cyrillic has */
};

struct folder {
    struct skeleton *skeleton;
    uint32_t number;
    bool stars;
    size_t singles; /* length of the run of single letters so far */
    struct word word;
};

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_sign(uint32_t c)
{
    return c == '@' || c == '$' || c == '!' || c == '*';
}

/* What a digit or sign inside a word stands for. */
static uint16_t leet(uint16_t c, bool in_cyrillic)
{
    static const char as_latin[] = "oizeasgtbg";
    if (in_cyrillic && (c == '3' || c == '4' || c == '6'))
        return c == '3' ? 0x437 : c == '4' ? 0x447 : 0x431;
    if (is_digit(c))
        return (uint16_t)as_latin[c - '0'];
    return c == '@' ? 'a' : c == '$' ? 's' : c == '!' ? 'i' : c;
}

static void trim(struct word *word)
{
    while (word->size && (word->at[word->size - 1] == '!' || word->at[word->size - 1] == '*'))
        word->size--;
    size_t skip = 0;
    while (skip < word->size && (word->at[skip] == '!' || word->at[skip] == '*'))
        skip++;
    if (skip == 0)
        return;
    memmove(word->at, word->at + skip, (word->size - skip) * sizeof(*word->at));
    memmove(word->from, word->from + skip, (word->size - skip) * sizeof(*word->from));
    word->size -= skip;
}

static void put(struct folder *folder, uint16_t c, uint32_t from)
{
    struct skeleton *skeleton = folder->skeleton;
    if (skeleton->size >= skeleton->room)
        return;
    skeleton->at[skeleton->size] = c;
    skeleton->from[skeleton->size] = from;
    skeleton->text[skeleton->size++] = folder->number;
}

/* H A C K E D: a single letter behind a single letter belongs to it. */
static void join_singles(struct folder *folder)
{
    const struct word *word = &folder->word;
    bool single = word->size == 1 && !word->star && (!word->mixed || word->letters == 1);
    folder->singles = single ? folder->singles + 1 : 0;
    if (folder->singles > 1 && folder->skeleton->size &&
        folder->skeleton->at[folder->skeleton->size - 1] == ' ')
        folder->skeleton->size--;
}

/* Nearly every word: letters alone, of which a run counts once. */
static void put_letters(struct folder *folder)
{
    const struct word *word = &folder->word;
    struct skeleton *skeleton = folder->skeleton;
    size_t left = skeleton->room - skeleton->size, count = 0;
    uint16_t *at = skeleton->at + skeleton->size;
    uint32_t *from = skeleton->from + skeleton->size, *text = skeleton->text + skeleton->size;
    uint16_t last = 0;
    for (size_t i = 0; i < word->size && count < left; i++) { /* one that does not count is written over */
        at[count] = word->at[i];
        from[count] = word->from[i];
        text[count] = folder->number;
        count += word->at[i] != last;
        last = word->at[i];
    }
    skeleton->size += count;
}

static void count_kinds(struct word *word)
{
    word->letters = word->digits = 0;
    word->cyrillic = false;
    for (size_t i = 0; i < word->size; i++) {
        uint16_t c = word->at[i];
        word->digits += is_digit(c);
        word->letters += !is_digit(c) && !is_sign(c);
        word->cyrillic |= c >= 0x430 && c <= 0x45F;
    }
}

static void put_mixture(struct folder *folder)
{
    const struct word *word = &folder->word;
    bool mixed = word->letters > word->digits;
    uint16_t last = 0;
    for (size_t i = 0; i < word->size; i++) {
        uint16_t c = mixed ? leet(word->at[i], word->cyrillic) : word->at[i];
        if (is_sign(c) || (c == last && !is_digit(c)))
            continue;
        put(folder, c, word->from[i]);
        last = c;
    }
}

static void end_word(struct folder *folder, uint32_t at)
{
    struct word *word = &folder->word;
    word->star = false;
    if (word->mixed) {
        word->star = folder->stars && word->size > 1 && word->at[word->size - 1] == '*';
        trim(word);
        count_kinds(word);
    }
    if (word->size) {
        join_singles(folder);
        if (word->mixed)
            put_mixture(folder);
        else
            put_letters(folder);
        if (word->star)
            put(folder, '*', at);
        put(folder, ' ', at);
    }
    word->size = 0;
    word->mixed = false;
}

/* Returns the word's new size. */
static inline size_t take(struct word *word, size_t size, uint32_t c, uint32_t at)
{
    if (size == FOLD_WORD_MAX)
        return size;
    word->at[size] = (uint16_t)c;
    word->from[size] = at;
    word->mixed |= c < 'a'; /* as all digits and signs are that fold() leaves */
    return size + 1;
}

int skeleton_make(struct arena *arena, size_t bytes, struct skeleton *ret_skeleton)
{
    struct skeleton made = {.room = (bytes < FOLD_CHARACTERS_MAX ? bytes : FOLD_CHARACTERS_MAX) * 2 + 64};
    made.at = arena_room(arena, made.room, sizeof(*made.at));
    made.from = arena_room(arena, made.room, sizeof(*made.from));
    made.text = arena_room(arena, made.room, sizeof(*made.text));
    if (!made.at || !made.from || !made.text)
        return -ENOMEM;
    made.from[0] = made.text[0] = 0;
    made.at[made.size++] = ' ';
    *ret_skeleton = made;
    return 0;
}

void skeleton_add(struct skeleton *skeleton, struct span text, uint32_t number, bool stars)
{
    struct folder folder = {.skeleton = skeleton, .number = number, .stars = stars};
    size_t size = 0; /* of the word so far: told to the folder at its end */
    for (size_t at = 0; at < text.size;) {
        uint32_t start = (uint32_t)at;
        uint32_t c = fold(utf8_next(text, &at));
        if (c > SPACE) {
            size = take(&folder.word, size, c, start);
        } else if (c == SPACE && size) {
            folder.word.size = size;
            end_word(&folder, start);
            size = 0;
        }
    }
    folder.word.size = size;
    end_word(&folder, (uint32_t)text.size);
}
