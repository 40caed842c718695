/*
 * A model that errs in a line mostly does not err in the same way when the line is set a little larger,
 * smaller or wider, and is less sure where it errs. So what is doubted is looked at again, and stretches of
 * words that begin and end at the same places in both readings are compared: the surer one stands, and being
 * in a list of words counts as it does for a mixed line.
 */
#include "pipeline/ocr/second_look.h"

#include "base/utf8.h"
#include "pipeline/ocr/mixture.h"

enum {
    SURE = 900,    /* confidence: of a line that needs no other look */
    STRANGE = 960, /* confidence: of a word in no list that needs none */
    KNOWN = 130,   /* what it is worth that a word is in a list */
    BETTER = 5,    /* by how much another reading must be better */
    NEAR = 8,      /* pixels of a strip: half a letter */
    ASTRAY = 48    /* pixels of a strip: as far as a model is wrong about where a word ends */
};

const double second_look_heights[SECOND_LOOKS] = {22, 18, 20},
             second_look_squeezes[SECOND_LOOKS] = {0.8, 0.8, 1};

bool second_look_needed(const struct recognised *line)
{
    if (line->confidence > 0 && line->confidence < SURE)
        return true;
    for (size_t i = 0; i < line->word_count; i++)
        if (!line->words[i].known && line->words[i].confidence < STRANGE &&
            utf8_letters(mixture_word(line, i)) > 1)
            return true;
    return false;
}

/* The words [from, to) of a line that is `width` wide. */
struct stretch {
    const struct recognised *line;
    uint32_t width;
    size_t from, to;
};

/* Mean over the letters. */
static uint64_t worth(const struct stretch *stretch)
{
    uint64_t letters = 0, sum = 0;
    for (size_t i = stretch->from; i < stretch->to; i++) {
        const struct recognised_word *word = &stretch->line->words[i];
        uint64_t length = utf8_length(mixture_word(stretch->line, i));
        letters += length;
        sum += length * (word->confidence + (word->known ? KNOWN : 0u));
    }
    return letters ? sum / letters : 0;
}

/* Where the stretch ends if it ends before word `to`, in pixels of a strip that is `width` wide. */
static int64_t end_of(const struct stretch *stretch, uint32_t width)
{
    const struct recognised *line = stretch->line;
    if (stretch->to == line->word_count)
        return width;
    uint64_t end = ((uint64_t)line->words[stretch->to - 1].right + line->words[stretch->to].left) / 2;
    return (int64_t)(end * width / stretch->width);
}

/* Both go on with the same word, or both are over. */
static bool go_on_alike(const struct stretch *one, const struct stretch *other)
{
    bool over = one->to == one->line->word_count;
    if (over || other->to == other->line->word_count)
        return over && other->to == other->line->word_count;
    return span_equal(mixture_word(one->line, one->to), mixture_word(other->line, other->to));
}

/* Makes both longer until they end at the same place. A model tells the place of a word badly at times, by
 * the width of a thin one, so that nearness alone would let such a word stand twice or not at all: what both
 * read alike is one word wherever each saw it, and a word that both go on with ends them. */
static void extend(struct stretch *one, struct stretch *other)
{
    struct stretch first = {one->line, one->width, one->from, one->from},
                   second = {other->line, other->width, other->from, other->from};
    bool alike = go_on_alike(&first, &second);
    one->to = one->from + 1;
    other->to = other->from + 1;
    if (alike)
        return;
    for (;;) {
        int64_t apart = end_of(one, one->width) - end_of(other, one->width);
        bool one_over = one->to == one->line->word_count, other_over = other->to == other->line->word_count;
        bool close = apart > -NEAR && apart<NEAR, within = apart> - ASTRAY && apart < ASTRAY;
        if ((close && one_over == other_over) || (within && go_on_alike(one, other)) ||
            (one_over && other_over))
            return;
        if (other_over || (apart <= 0 && !one_over))
            one->to++;
        else
            other->to++;
    }
}

static void append(const struct stretch *stretch, uint32_t width, struct recognised *line)
{
    for (size_t i = stretch->from; i < stretch->to; i++) {
        struct recognised_word word = stretch->line->words[i];
        word.left = (uint32_t)((uint64_t)word.left * width / stretch->width);
        word.right = (uint32_t)((uint64_t)word.right * width / stretch->width);
        mixture_append(line, mixture_word(stretch->line, i), &word);
    }
}

bool second_look_join(const struct recognised *other, uint32_t other_width, uint32_t width,
                      struct recognised *line)
{
    struct recognised joined = {.size = 0};
    struct stretch mine = {line, width, 0, 0}, theirs = {other, other_width, 0, 0};
    bool changed = false;
    if (other->word_count == 0 || line->word_count == RECOGNISED_WORDS || width == 0 || other_width == 0)
        return false;
    if (line->word_count == 0) {
        append(&(struct stretch){other, other_width, 0, other->word_count}, width, &joined);
        changed = true;
    }
    while (mine.from < line->word_count && theirs.from < other->word_count) {
        extend(&mine, &theirs);
        bool better = worth(&theirs) > worth(&mine) + BETTER;
        append(better ? &theirs : &mine, width, &joined);
        changed |= better;
        mine.from = mine.to;
        theirs.from = theirs.to;
    }
    if (!changed)
        return false;
    joined.confidence = mixture_confidence(&joined);
    *line = joined;
    return true;
}
