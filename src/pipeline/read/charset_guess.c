/*
 * Tells single-byte sets apart by the letters they make of the bytes. uchardet knows many sets but mistakes
 * short Ukrainian and Polish texts for whatever is near, and it does not know KOI8-U; here the Cyrillic sets
 * (windows-1251, KOI8-U, ISO-8859-5, IBM866, x-mac-cyrillic) and the Central European ones compete first, and
 * uchardet is asked for the rest.
 *
 * A set is right when its letters are frequent ones and its capitals stand where capitals do: windows-1251
 * text read as KOI8 shows the letters of the other case, read as IBM866 it shows box drawings.
 */
#include "base/utf8.h"
#include "pipeline/read/charset.h"
#include "pipeline/read/read_limits.h"

#include <uchardet.h>

enum {
    SAMPLE_LETTERS = 20000, /* high bytes looked at; far fewer already decide */
    FOREIGN = -60,          /* a sign inside a word, a control character, an undefined byte */
    SIGN = -10,             /* a sign between words that text may well have */
    MISPLACED = -30,        /* a capital behind a small letter */
    MIXED = -40,            /* next to a Latin letter: words are of one script */
    ALONE = -15,            /* between two signs or spaces, but no word of one letter */
    CAPITAL = -6,           /* any capital: rarer than small letters */
    CAPITALS = -2,          /* a capital behind a capital */
    /* Mean score per letter from which text is taken for Cyrillic. Running Ukrainian, Russian, Belarusian,
     * Bulgarian and Serbian text reaches 14 to 18, other alphabets and East Asian bytes stay below 0. */
    CYRILLIC_BAR = 6,
    /* Below this mean no Latin alphabet owns the letters, and uchardet is asked; prose of one language
     * reaches 8 to 10, English with quotation marks 0. */
    LATIN_BAR = 0,
    /* How much better another set must be before a declared one is overruled. */
    OVERRULE_BAR = 12,
};

/* Tenths of nats above a twentieth of a percent: rounded frequencies of small letters over Ukrainian and
 * Russian prose, by letter from U+0430 (а) to U+045F (џ). Letters of other Slavic languages get what keeps
 * their texts above the bar. */
static const int8_t cyrillic_weight[48] = {
    27, 18, 22, 18, 21, 25, 13, 16, 26, 15, 22, 21, 21, 25, 28, 19, /* а б в г д е ж з и й к л м н о п */
    23, 23, 24, 20, 4,  14, 9,  15, 11, 7,  1,  17, 16, 3,  11, 18, /* р с т у ф х ц ч ш щ ъ ы ь э ю я */
    -9, 3,  -9, -9, 10, -9, 22, 11, 4,  0,  -1, -2, -9, -9, 3,  -2, /* ѐ ё ђ ѓ є ѕ і ї ј љ њ ћ ќ ѝ ў џ */
};

static int cyrillic_small(uint32_t character)
{
    if (character == 0x491)
        return 0;
    return character >= 0x430 && character <= 0x45F ? cyrillic_weight[character - 0x430] : FOREIGN;
}

static uint32_t small_of(uint32_t character)
{
    if (character >= 0x410 && character <= 0x42F)
        return character + 0x20;
    if (character >= 0x400 && character <= 0x40F)
        return character + 0x50;
    return character == 0x490 ? 0x491 : 0;
}

static bool is_ascii_letter(unsigned char byte)
{
    return (byte | 32) >= 'a' && (byte | 32) <= 'z';
}

/* Signs that prose of these languages has in the upper half: « » „ “ ” ‘ ’ – — … № § © ° · • and the no-break
 * space. */
static bool is_common_sign(uint32_t character)
{
    static const uint16_t signs[] = {0xA0,   0xA7,   0xA9,   0xAB,   0xAD,   0xB0,   0xB7,
                                     0xBB,   0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C,
                                     0x201D, 0x201E, 0x2022, 0x2026, 0x2116, 0x20AC};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (signs[i] == character)
            return true;
    return false;
}

enum last { LAST_OTHER, LAST_SMALL, LAST_CAPITAL };

static int score_cyrillic_one(uint32_t character, enum last *last)
{
    uint32_t small = small_of(character);
    if (small) {
        int weight = cyrillic_small(small) + (*last == LAST_SMALL     ? MISPLACED
                                              : *last == LAST_CAPITAL ? CAPITALS
                                                                      : CAPITAL);
        *last = LAST_CAPITAL;
        return weight;
    }
    if (character >= 0x430 && character <= 0x491) {
        *last = LAST_SMALL;
        return cyrillic_small(character);
    }
    *last = LAST_OTHER;
    return is_common_sign(character) ? SIGN : FOREIGN;
}

struct score {
    long sum;
    long count; /* high bytes */
};

static bool is_letter_at(struct span body, size_t at)
{
    return at < body.size && is_ascii_letter((unsigned char)body.at[at]);
}

static struct score score_cyrillic(struct span body, enum charset charset)
{
    struct score score = {0, 0};
    enum last last = LAST_OTHER;
    for (size_t i = 0; i < body.size && score.count < SAMPLE_LETTERS; i++) {
        unsigned char byte = (unsigned char)body.at[i];
        if (byte < 0x80) {
            last = LAST_OTHER;
            continue;
        }
        score.sum += score_cyrillic_one(single_byte_high[charset][byte - 128], &last);
        bool alone = (i == 0 || (signed char)body.at[i - 1] >= 0) &&
                     (i + 1 == body.size || (signed char)body.at[i + 1] >= 0);
        score.sum += alone ? ALONE : 0;
        bool mixed = (i > 0 && is_letter_at(body, i - 1)) || is_letter_at(body, i + 1);
        score.sum += mixed ? MIXED : 0;
        score.count++;
    }
    if (charset == CHARSET_X_MAC_CYRILLIC)
        score.sum -= 3 * score.count; /* rare, and its small letters are those of windows-1251 */
    return score;
}

/* Letters beyond ASCII of the languages that the Latin sets are mistaken over. Text is right when one
 * language owns all of its letters: French read as windows-1250 needs Polish and Slovak letters at once. */
static const char *const alphabets[] = {
    "ąćęłńóśźż",         /* Polish */
    "áčďéěíňóřšťúůýž",   /* Czech */
    "áäčďéíĺľňóôŕšťúýž", /* Slovak */
    "áéíóöőúüű",         /* Hungarian */
    "ăâîşșţț",           /* Romanian */
    "čćđšž",             /* Croatian, Slovene */
    "äöüßé",             /* German */
    "àâæçéèêëîïôœùûüÿ",  /* French */
    "áéíñóúü",           /* Spanish */
    "àáâãçéêíóôõúü",     /* Portuguese */
    "àèéìíîòóùú",        /* Italian */
    "åäöæøé",            /* the Nordic ones */
};

enum { LANGUAGES = sizeof(alphabets) / sizeof(alphabets[0]), LATIN_END = 0x220, OWN = 10, STRANGE = -5 };

/* Languages by letter, one bit each, capitals too. */
static void fill_owners(uint16_t owners[LATIN_END])
{
    for (int language = 0; language < LANGUAGES; language++) {
        struct span letters = span_of(alphabets[language]);
        for (size_t at = 0; at < letters.size;)
            owners[utf8_next(letters, &at) % LATIN_END] |= (uint16_t)(1u << language);
    }
    for (uint32_t character = 0x80; character < LATIN_END; character++)
        owners[character] |= owners[utf8_lower(character) % LATIN_END];
}

/* What a high byte adds when it is no letter of any language. */
static int sign_weight(struct span body, size_t at, uint32_t character)
{
    bool inside = at > 0 && is_letter_at(body, at - 1) && is_letter_at(body, at + 1);
    if (character == 0x2019)
        return 0; /* an apostrophe */
    return is_common_sign(character) ? (inside ? SIGN : 0) : FOREIGN;
}

/* The score for the language that fits best. */
static struct score score_latin(struct span body, enum charset charset)
{
    uint16_t owners[LATIN_END] = {0};
    long sums[LANGUAGES] = {0};
    struct score score = {0, 0};
    fill_owners(owners);
    for (size_t i = 0; i < body.size && score.count < SAMPLE_LETTERS; i++) {
        unsigned char byte = (unsigned char)body.at[i];
        if (byte < 0x80)
            continue;
        uint32_t character = single_byte_high[charset][byte - 128];
        bool letter = character < LATIN_END && character >= 0xC0 && character != 0xD7 && character != 0xF7;
        int sign = letter ? 0 : sign_weight(body, i, character);
        for (int language = 0; language < LANGUAGES; language++)
            sums[language] += !letter ? sign : owners[character] >> language & 1 ? OWN : STRANGE;
        score.count++;
    }
    score.sum =
        sums[0] + (sums[0] > 0 ? score.count : 0); /* a tie goes to Polish: this is where the sites are */
    for (int language = 1; language < LANGUAGES; language++)
        score.sum = sums[language] > score.sum ? sums[language] : score.sum;
    return score;
}

static double mean(struct score score)
{
    return score.count ? (double)score.sum / (double)score.count : 0.0;
}

typedef struct score score_fn(struct span body, enum charset charset);

static enum charset best_of(struct span body, const enum charset *sets, size_t count, score_fn *score,
                            double *ret_mean)
{
    enum charset best = sets[0];
    double best_mean = mean(score(body, sets[0]));
    for (size_t i = 1; i < count; i++) {
        double this_mean = mean(score(body, sets[i]));
        if (this_mean > best_mean) {
            best = sets[i];
            best_mean = this_mean;
        }
    }
    *ret_mean = best_mean;
    return best;
}

static bool ask_uchardet(struct span body, enum charset *ret_charset)
{
    uchardet_t detector = uchardet_new();
    if (!detector)
        return false;
    bool known = uchardet_handle_data(detector, body.at, body.size) == 0;
    uchardet_data_end(detector);
    known = known && charset_by_label(span_of(uchardet_get_charset(detector)), ret_charset);
    uchardet_delete(detector);
    return known && *ret_charset != CHARSET_UTF_8;
}

/* KOI8-R and KOI8-U differ in eight bytes that are letters in one and box drawings in the other. */
static bool is_cyrillic(enum charset charset)
{
    return charset == CHARSET_WINDOWS_1251 || charset == CHARSET_KOI8_U || charset == CHARSET_KOI8_R ||
           charset == CHARSET_ISO_8859_5 || charset == CHARSET_IBM866 || charset == CHARSET_X_MAC_CYRILLIC;
}

/* Sets of other scripts, which uchardet tells well; of its many Latin ones only those that differ for a whole
 * language. */
static bool is_worth_asking(enum charset charset)
{
    return charset > CHARSET_UTF_8 || charset == CHARSET_ISO_8859_6 || charset == CHARSET_ISO_8859_7 ||
           charset == CHARSET_ISO_8859_8 || charset == CHARSET_WINDOWS_874 ||
           charset == CHARSET_WINDOWS_1253 || charset == CHARSET_WINDOWS_1254 ||
           charset == CHARSET_WINDOWS_1255 || charset == CHARSET_WINDOWS_1256 ||
           charset == CHARSET_WINDOWS_1257 || charset == CHARSET_ISO_8859_13;
}

static enum charset guess_cyrillic(struct span sample, double *ret_mean)
{
    static const enum charset sets[] = {CHARSET_WINDOWS_1251, CHARSET_KOI8_U, CHARSET_ISO_8859_5,
                                        CHARSET_IBM866, CHARSET_X_MAC_CYRILLIC};
    return best_of(sample, sets, sizeof(sets) / sizeof(sets[0]), score_cyrillic, ret_mean);
}

static enum charset guess_latin(struct span sample, double *ret_mean)
{
    static const enum charset sets[] = {CHARSET_WINDOWS_1252, CHARSET_WINDOWS_1250, CHARSET_ISO_8859_2};
    return best_of(sample, sets, sizeof(sets) / sizeof(sets[0]), score_latin, ret_mean);
}

/* A declared set stands unless another Cyrillic one is better by a wide margin on enough letters. */
static enum charset check_declared(struct span sample, enum charset declared)
{
    if (!is_cyrillic(declared))
        return declared;
    double best_mean;
    enum charset best = guess_cyrillic(sample, &best_mean);
    struct score own = score_cyrillic(sample, declared);
    bool wrong = own.count >= 100 && best_mean > CYRILLIC_BAR && best_mean > mean(own) + OVERRULE_BAR;
    return wrong ? best : declared;
}

enum charset charset_guess(struct span body, enum charset hint)
{
    struct span sample = span_cut(body, 0, READ_GUESS_BYTES);
    if (hint != CHARSET_COUNT)
        return check_declared(sample, hint);
    double cyrillic_mean, latin_mean;
    enum charset cyrillic = guess_cyrillic(sample, &cyrillic_mean);
    if (cyrillic_mean > CYRILLIC_BAR)
        return cyrillic;
    enum charset latin = guess_latin(sample, &latin_mean);
    enum charset other;
    if (latin_mean < LATIN_BAR && ask_uchardet(sample, &other) && is_worth_asking(other))
        return other;
    return latin_mean > SIGN || cyrillic_mean < latin_mean ? latin : cyrillic;
}
