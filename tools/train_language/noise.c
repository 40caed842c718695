/* Noise for the training texts. Several unlike kinds, so that the model is not fitted to one of them. */
#include "noise.h"

#include <string.h>

/* Characters. A long text can bear many errors, a word with some is another word. */
enum { LONG_TEXT = 24 };

static const char *const confused[] = {
    /* pairs a text recogniser mixes up, each a string of letters taken for one another */
    "oо0",  "eес", "cсе", "iі1l!", "зэ3", "шщ", "ипн", "нп", "бб6", "ьъы", "ый", "йи", "її",
    "гr",   "тг",  "лд",  "вя",    "чy",  "uи", "rг",  "hb", "nпm", "vy",  "aа", "tf", "sśš5",
    "zżź2", "aą",  "eę",  "oó",    "lł1", "cć", "nń",  "ёе", "єе",  "їй",  "юo",
};

static uint32_t confuse(uint32_t letter, struct dice *dice)
{
    uint32_t found[16];
    unsigned count = 0;
    struct points set;

    for (unsigned i = 0; i < sizeof confused / sizeof *confused; i++) {
        points_read(&set, confused[i], strlen(confused[i]));
        for (unsigned k = 0; k < set.length; k++)
            if (set.at[k] == letter)
                for (unsigned j = 0; j < set.length && count < 16; j++)
                    if (set.at[j] != letter)
                        found[count++] = set.at[j];
    }
    return count ? found[dice_below(dice, count)] : letter;
}

/* A letter as the language's own texts have it. */
static uint32_t own_letter(const struct corpus_language *language, struct dice *dice)
{
    const struct corpus_text *line = &language->lines.at[dice_below(dice, (uint32_t)language->lines.length)];
    struct points text;

    points_read(&text, line->at, line->size < 60 ? line->size : 60);
    for (int tries = 0; tries < 4 && text.length; tries++) {
        uint32_t point = points_lower(text.at[dice_below(dice, text.length)]);

        if (points_is_letter(point))
            return point;
    }
    return 'o';
}

static uint32_t other_letter(const struct corpus_language *language, unsigned style, struct dice *dice)
{
    static const uint16_t cyrillic[] = {0x456, 0x457, 0x454, 0x491, 0x451, 0x45E, 0x458};

    if (style == 0 || language->made != CORPUS_AS_IS || language->group > LETTERS_CYRILLIC)
        return language->made == CORPUS_AS_IS ? own_letter(language, dice) : 'a' + dice_below(dice, 26);
    if (style == 1 && dice_percent(dice, 30))
        return (uint8_t) "0123456789.,-'!|/*"[dice_below(dice, 18)];
    if (language->group == LETTERS_LATIN)
        return 'a' + dice_below(dice, 26);
    return dice_percent(dice, 10) ? cyrillic[dice_below(dice, 7)] : 0x430 + dice_below(dice, 32);
}

void noise_letters(const struct corpus_language *language, struct dice *dice, uint32_t percent,
                   struct points *text)
{
    struct points from = *text;
    unsigned style = dice_below(dice, 3), kinds = dice_percent(dice, 50) ? 4 : 1;

    text->length = 0;
    for (unsigned i = 0; i < from.length; i++) {
        unsigned kind = dice_below(dice, kinds);

        if (!points_is_letter(from.at[i]) || !dice_percent(dice, percent)) {
            points_add(text, from.at[i]);
        } else if (kind == 0) {
            points_add(text, other_letter(language, style, dice));
        } else if (kind == 2) {
            points_add(text, from.at[i]);
            points_add(text, other_letter(language, style, dice));
        } else if (kind == 3 && i + 1 < from.length) {
            points_add(text, from.at[i + 1]);
            points_add(text, from.at[i++]);
        }
    }
}

static void noise_recogniser(struct dice *dice, uint32_t percent, struct points *text)
{
    for (unsigned i = 0; i < text->length; i++)
        if (dice_percent(dice, percent))
            text->at[i] = confuse(text->at[i], dice);
}

static uint32_t twin(uint32_t point)
{
    static const char latin[] = "aceijopsxyABCEHIJKMOPSTXY";
    static const uint16_t cyrillic[] = {0x430, 0x441, 0x435, 0x456, 0x458, 0x43E, 0x440, 0x455, 0x445,
                                        0x443, 0x410, 0x412, 0x421, 0x415, 0x41D, 0x406, 0x408, 0x41A,
                                        0x41C, 0x41E, 0x420, 0x405, 0x422, 0x425, 0x423};

    for (unsigned i = 0; i < sizeof cyrillic / sizeof *cyrillic; i++) {
        if (point == (uint8_t)latin[i])
            return cyrillic[i];
        if (point == cyrillic[i])
            return (uint8_t)latin[i];
    }
    return point;
}

void noise_twins(struct dice *dice, uint32_t percent, struct points *text)
{
    for (unsigned i = 0; i < text->length; i++)
        if (dice_percent(dice, percent))
            text->at[i] = twin(text->at[i]);
}

static uint32_t plain_letter(uint32_t point)
{
    static const char *const sets[] = {"aàáâãäåāăąǎạảấầẩẫậắằẳẵặ",
                                       "cçćĉċč",
                                       "dďđ",
                                       "eèéêëēęěẹẻẽếềểễệ",
                                       "gĝğġģ",
                                       "hĥħ",
                                       "iìíîïĩīįıỉị",
                                       "jĵ",
                                       "kķ",
                                       "lĺļľł",
                                       "nñńņň",
                                       "oòóôõöøōőơọỏốồổỗộớờởỡợ",
                                       "rŕř",
                                       "sśŝşšș",
                                       "tţťț",
                                       "uùúûüũūŭůűųưụủứừửữự",
                                       "wŵ",
                                       "yýÿŷỳỵỷỹ",
                                       "zźżž",
                                       "eə"};
    struct points set;

    if (point < 0x80)
        return point;
    for (unsigned i = 0; i < sizeof sets / sizeof *sets; i++) {
        points_read(&set, sets[i], strlen(sets[i]));
        for (unsigned k = 1; k < set.length; k++) {
            if (set.at[k] == point)
                return set.at[0];
            if (set.at[k] == points_lower(point))
                return points_upper(set.at[0]);
        }
    }
    return point;
}

void noise_plain(struct points *text)
{
    for (unsigned i = 0; i < text->length; i++)
        text->at[i] = plain_letter(text->at[i]);
}

static void noise_spaces(struct dice *dice, uint32_t percent, struct points *text)
{
    struct points from = *text;

    text->length = 0;
    for (unsigned i = 0; i < from.length; i++) {
        if (from.at[i] == ' ' && dice_percent(dice, 2 * percent))
            continue;
        points_add(text, from.at[i]);
        if (dice_percent(dice, percent / 2))
            points_add(text, ' ');
    }
}

static void noise_upper(struct points *text)
{
    for (unsigned i = 0; i < text->length; i++)
        text->at[i] = points_upper(text->at[i]);
}

void noise(const struct corpus_language *language, struct dice *dice, struct points *text)
{
    int latin = language->group == LETTERS_LATIN;

    if (language->group > LETTERS_CYRILLIC) {
        if (dice_percent(dice, 8) && language->group == LETTERS_ARABIC)
            noise_letters(language, dice, 5 + dice_below(dice, 20), text);
        return;
    }
    if (latin && dice_percent(dice, strcmp(language->tag, "pl") == 0 ? 12 : 5))
        noise_plain(text);
    if (dice_percent(dice, text->length < LONG_TEXT ? 14 : 34))
        noise_letters(language, dice, 3 + dice_below(dice, 36), text);
    else if (dice_percent(dice, 4))
        noise_recogniser(dice, 5 + dice_below(dice, 25), text);
    else if (dice_percent(dice, 3))
        noise_spaces(dice, 5 + dice_below(dice, 15), text);
    if (dice_percent(dice, 3))
        noise_upper(text);
    if (dice_percent(dice, 2))
        noise_twins(dice, 10 + dice_below(dice, 91), text);
}
