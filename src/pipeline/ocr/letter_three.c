/*
 * No model can tell "З" ("from") from 3 by its looks, and alone it has no neighbours to tell it by. But a
 * sentence rarely has two numbers side by side, and often has "З 5 березня" or "З 10 години". Before a word
 * it stays a digit: "3 березня" is as good as "З березня".
 */
#include "pipeline/ocr/letter_three.h"

#include "base/utf8.h"
#include "pipeline/ocr/mixture.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool begins_with_digit(const struct recognised *line, size_t word)
{
    struct span text = mixture_word(line, word);
    return text.size && is_digit(text.at[0]);
}

static bool ends_with_digit(const struct recognised *line, size_t word)
{
    struct span text = mixture_word(line, word);
    return text.size && is_digit(text.at[text.size - 1]);
}

static bool begins_with_letter(const struct recognised *line, size_t word)
{
    struct span text = mixture_word(line, word);
    size_t at = 0;
    return text.size && utf8_is_letter(utf8_next(text, &at));
}

static bool is_word(const struct recognised *line, size_t word)
{
    return span_equal(mixture_word(line, word), SPAN("3")) && word + 2 < line->word_count &&
           begins_with_digit(line, word + 1) && begins_with_letter(line, word + 2) &&
           (word == 0 || !ends_with_digit(line, word - 1));
}

void letter_three_mend(struct recognised *line)
{
    struct recognised mended = {.size = 0};
    bool changed = false;
    for (size_t i = 0; i < line->word_count; i++) {
        bool letter = is_word(line, i);
        changed |= letter;
        mixture_append(&mended, letter ? SPAN("З") : mixture_word(line, i), &line->words[i]);
    }
    if (!changed || line->word_count == RECOGNISED_WORDS)
        return;
    mended.confidence = line->confidence;
    *line = mended;
}
