/* Draws training texts. Short ones are drawn more often than they occur: a long text is easy, a single word
 * decides how good the model is. */
#include "sample.h"

#include <string.h>

#include "junk.h"
#include "noise.h"
#include "translit.h"

enum { LONG_WORD = 5, LONG_WORDS_PERCENT = 60 };

struct piece {
    unsigned from, to;
};

static enum sample_kind draw_kind(struct dice *dice)
{
    unsigned roll = dice_below(dice, 100);

    if (roll < 45)
        return SAMPLE_WORD;
    if (roll < 68)
        return SAMPLE_PAIR;
    return roll < 86 ? SAMPLE_PIECE : SAMPLE_SENTENCE;
}

static unsigned words_of_kind(enum sample_kind kind, struct dice *dice)
{
    if (kind == SAMPLE_WORD)
        return 1;
    return kind == SAMPLE_PAIR ? 2 : 3 + dice_below(dice, 6);
}

static unsigned count_words(const struct points *text)
{
    unsigned count = 0, inside = 0;

    for (unsigned i = 0; i < text->length; i++) {
        unsigned letter = (unsigned)points_is_letter(text->at[i]);

        count += letter && !inside;
        inside = letter || (inside && (text->at[i] == '\'' || text->at[i] == 0x2019 || text->at[i] == '-'));
    }
    return count;
}

/* The piece of `text` of `words` words from its word number `first`. */
static struct piece find_words(const struct points *text, unsigned first, unsigned words)
{
    struct piece piece = {0, text->length};
    unsigned number = 0, inside = 0;

    for (unsigned i = 0; i < text->length; i++) {
        unsigned letter = (unsigned)points_is_letter(text->at[i]);
        unsigned still =
            letter || (inside && (text->at[i] == '\'' || text->at[i] == 0x2019 || text->at[i] == '-'));

        if (letter && !inside && number++ == first)
            piece.from = i;
        if (!still && inside && number == first + words) {
            piece.to = i;
            break;
        }
        inside = still;
    }
    return piece;
}

static void cut(struct points *text, struct piece piece)
{
    memmove(text->at, text->at + piece.from, (piece.to - piece.from) * sizeof *text->at);
    text->length = piece.to - piece.from;
}

/* Some words of the line, not neighbours, of LONG_WORD letters at least: what is met alone on a page, a
 * heading or a name, is seldom a little word. Zero if none were found. */
static int cut_long_words(struct points *text, unsigned words, unsigned there, struct dice *dice)
{
    const struct points from = *text;

    text->length = 0;
    while (words--) {
        struct piece piece = {0, 0};

        for (int tries = 0; tries < 6 && piece.to - piece.from < LONG_WORD; tries++)
            piece = find_words(&from, dice_below(dice, there), 1);
        if (piece.to - piece.from < LONG_WORD) {
            *text = from;
            return 0;
        }
        for (unsigned i = piece.from; i < piece.to; i++)
            points_add(text, from.at[i]);
        if (words)
            points_add(text, ' ');
    }
    return 1;
}

/* Han, kana and Thai have no spaces: cut by characters. */
static void cut_characters(struct points *text, unsigned characters, struct dice *dice)
{
    (void)dice;
    if (text->length > characters)
        cut(text, (struct piece){0, characters});
}

static const struct corpus_texts *pick(const struct corpus_texts *lines, const struct corpus_texts *held,
                                       int from_held)
{
    return from_held && held->length ? held : lines;
}

static void draw_line(const struct corpus_language *language, struct sample_source source,
                      enum sample_kind kind, struct dice *dice, struct points *text)
{
    const struct corpus_texts *lines = pick(&language->lines, &language->held_lines, source.held);
    const struct corpus_text *line = &lines->at[dice_below(dice, (uint32_t)lines->length)];
    unsigned words = words_of_kind(kind, dice), there;

    points_read(text, line->at, line->size);
    if (kind == SAMPLE_SENTENCE)
        return;
    if (language->group == LETTERS_HAN) {
        cut_characters(text, 2 * words + dice_below(dice, 3), dice);
        return;
    }
    there = count_words(text);
    if (!(kind <= SAMPLE_PAIR && there > 0 && dice_percent(dice, LONG_WORDS_PERCENT) &&
          cut_long_words(text, words, there, dice)) &&
        there > words)
        cut(text, find_words(text, dice_below(dice, there - words + 1), words));
    if (kind <= SAMPLE_PAIR && dice_percent(dice, 70))
        for (unsigned i = 0; i < text->length; i++)
            text->at[i] = points_lower(text->at[i]);
}

static const struct corpus_text *draw_word(const struct corpus_language *language, int held,
                                           struct dice *dice)
{
    if (held && language->held_words.length)
        return &language->held_words.at[dice_below(dice, (uint32_t)language->held_words.length)];
    return corpus_draw_word(language, dice);
}

/* One or two words of the list; zero if the language has none. */
static int draw_list(const struct corpus_language *language, struct sample_source source,
                     enum sample_kind kind, struct dice *dice, struct points *text)
{
    unsigned words = kind == SAMPLE_WORD ? 1 : 2;
    struct points one;

    text->length = 0;
    while (words--) {
        const struct corpus_text *word = draw_word(language, source.held, dice);

        if (!word)
            return 0;
        points_read(&one, word->at, word->size);
        for (unsigned i = 0; i < one.length; i++)
            points_add(text, one.at[i]);
        if (words)
            points_add(text, ' ');
    }
    return 1;
}

size_t sample_draw(const struct corpus_language *language, enum letters_class group,
                   struct sample_source source, enum sample_kind kind, struct dice *dice,
                   char ret_text[SAMPLE_BYTES_MAX])
{
    struct points text, latin;

    if (language->made == CORPUS_JUNK) {
        junk(group, dice, &text);
        return points_write(&text, ret_text);
    }
    if (kind == SAMPLE_ANY)
        kind = draw_kind(dice);
    if (kind > SAMPLE_PAIR || !dice_percent(dice, kind == SAMPLE_WORD ? 60 : 25) ||
        !draw_list(language, source, kind, dice, &text))
        draw_line(language, source, kind, dice, &text);
    if (language->made != CORPUS_AS_IS) {
        translit(&text, language->made, dice, &latin);
        text = latin;
    }
    if (source.noisy)
        noise(language, dice, &text);
    return points_write(&text, ret_text);
}
