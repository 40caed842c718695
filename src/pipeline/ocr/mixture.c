/*
 * A model sees its own letters in everything: to the Russian one "Crew" is "Сгеми", and it is fairly sure of
 * it. What gives such words away is that they stand in no list of words, while what the right model reads
 * there mostly does. So a word counts by its confidence and by being known, and a reading by another model
 * must be clearly better: names are in no list in any script.
 */
#include "pipeline/ocr/mixture.h"

#include "base/utf8.h"

#include <string.h>

enum {
    DOUBTED = 760, /* confidence: of a word, known or not, that may be something else */
    UNKNOWN = 880, /* confidence: and of one that is in no list */
    ALIKE = 940,   /* confidence: and of one that may be of either script by its letters */
    UNSURE = 880,  /* confidence: of a word beside such, known or not */
    TRUSTED = 860, /* confidence: an unknown word of the other script must have */
    CLEARLY = 50,  /* and by how much it must be better */
    KNOWN = 130,   /* what it is worth that a word is known */
    LEAST = 3      /* letters: of a word that is not known by chance */
};

/* ---- lines of words -------------------------------------------------------------------------------------
 */

struct span mixture_word(const struct recognised *line, size_t word)
{
    return (struct span){line->text + line->words[word].from,
                         (size_t)(line->words[word].to - line->words[word].from)};
}

void mixture_append(struct recognised *line, struct span text, const struct recognised_word *word)
{
    size_t space = line->size > 0;
    if (line->size + space + text.size > sizeof(line->text) || line->word_count == RECOGNISED_WORDS)
        return;
    if (space)
        line->text[line->size++] = ' ';
    memcpy(line->text + line->size, text.at, text.size);
    line->words[line->word_count] = *word;
    line->words[line->word_count].from = (uint16_t)line->size;
    line->size += text.size;
    line->words[line->word_count++].to = (uint16_t)line->size;
}

uint16_t mixture_confidence(const struct recognised *line)
{
    uint64_t letters = 0, sum = 0;
    for (size_t i = 0; i < line->word_count; i++) {
        size_t length = utf8_length(mixture_word(line, i));
        letters += length;
        sum += length * line->words[i].confidence;
    }
    if (letters == 0)
        return 0;
    return (uint16_t)(sum / letters);
}

static bool all_letters_of(struct span text, struct span shared)
{
    for (size_t at = 0; at < text.size;) {
        uint32_t letter = utf8_next(text, &at);
        bool found = !utf8_is_letter(letter);
        for (size_t i = 0; i < shared.size && !found;)
            found = utf8_next(shared, &i) == letter;
        if (!found)
            return false;
    }
    return true;
}

bool mixture_looks_alike(struct span text)
{
    return all_letters_of(text, SPAN("ABCEHIKMOPTXYWaceiopxybmunrw3"));
}

/* True for a word of nothing but letters that models put for letters of the other script. */
static bool may_be_of_either(struct span text)
{
    return mixture_looks_alike(text) || all_letters_of(text, SPAN("АВЕЗІКМНОРСТУХЦБГавгезиіїкмнопрстухцб"));
}

bool mixture_all_of_either(const struct recognised *line)
{
    bool some = false;
    for (size_t i = 0; i < line->word_count; i++) {
        struct span text = mixture_word(line, i);
        bool telling = line->words[i].known && utf8_letters(text) >= LEAST;
        if (telling || !may_be_of_either(text))
            return false;
        some |= utf8_letters(text) >= LEAST;
    }
    return some;
}

/* ---- what a word is worth -------------------------------------------------------------------------------
 */

static unsigned worth(const struct recognised *line, size_t word)
{
    const struct recognised_word *at = &line->words[word];
    bool known = at->known && utf8_letters(mixture_word(line, word)) >= LEAST;
    return at->confidence + (known ? KNOWN : 0u);
}

/* The word of `read` at the same place, or RECOGNISED_WORDS. */
static size_t word_at(const struct recognised *read, const struct recognised_word *word)
{
    for (size_t i = 0; i < read->word_count; i++) {
        uint32_t left = read->words[i].left > word->left ? read->words[i].left : word->left;
        uint32_t right = read->words[i].right < word->right ? read->words[i].right : word->right;
        uint32_t wide = read->words[i].right - read->words[i].left, own = word->right - word->left;
        if (right > left && (right - left) * 10 > wide * 8 && (right - left) * 10 > own * 8)
            return i;
    }
    return RECOGNISED_WORDS;
}

/* True when the word of another model may stand in for a word of the line's own. */
static bool may_replace(const struct recognised *other, size_t word, bool other_script)
{
    const struct recognised_word *at = &other->words[word];
    struct span text = mixture_word(other, word);
    return utf8_letters(text) > 0 && at->confidence >= (at->known ? DOUBTED : TRUSTED) &&
           !(other_script && mixture_looks_alike(text) && !(at->known && utf8_letters(text) >= LEAST));
}

/* ---- weaving --------------------------------------------------------------------------------------------
 */

/* The reading whose word is best where word `word` of the best reading stands; `*ret_word` is its index. */
static const struct recognised *best_word(const struct mixture_reading *readings, size_t count, size_t best,
                                          size_t word, size_t *ret_word)
{
    const struct recognised *own = readings[best].read, *better = own;
    unsigned least = worth(own, word) + CLEARLY;
    *ret_word = word;
    for (size_t i = 0; i < count; i++) {
        const struct recognised *other = readings[i].read;
        size_t at = other && i != best ? word_at(other, &own->words[word]) : RECOGNISED_WORDS;
        if (at == RECOGNISED_WORDS || worth(other, at) < least ||
            !may_replace(other, at, readings[i].script != readings[best].script))
            continue;
        least = worth(other, at) + 1;
        better = other;
        *ret_word = at;
    }
    return better;
}

bool mixture_weave(const struct mixture_reading *readings, size_t count, size_t best,
                   struct recognised *ret_line)
{
    const struct recognised *own = readings[best].read;
    struct recognised woven = {.size = 0};
    bool changed = false;
    for (size_t i = 0; i < own->word_count; i++) {
        size_t at;
        const struct recognised *from = best_word(readings, count, best, i, &at);
        changed |= from != own;
        mixture_append(&woven, mixture_word(from, at), &from->words[at]);
    }
    if (!changed || own->word_count == RECOGNISED_WORDS)
        return false;
    woven.confidence = mixture_confidence(&woven);
    *ret_line = woven;
    return true;
}

/* ---- doubted stretches ----------------------------------------------------------------------------------
 */

static bool is_unknown(const struct recognised *line, size_t word)
{
    return !line->words[word].known && utf8_letters(mixture_word(line, word)) >= 2;
}

/* How much a word is doubted, 0 when it is not. */
static unsigned doubt(const struct recognised *line, size_t word)
{
    struct span text = mixture_word(line, word);
    unsigned enough = DOUBTED, has = line->words[word].confidence;
    if (is_unknown(line, word))
        enough = has >= UNKNOWN && may_be_of_either(text) ? ALIKE : UNKNOWN;
    return has < enough && utf8_length(text) >= 2 ? enough - has : 0;
}

/* A short word that is as good in either script, like "by" and "Бу": only its neighbours tell. */
static bool is_follower(const struct recognised *line, size_t word)
{
    struct span text = mixture_word(line, word);
    size_t letters = utf8_letters(text);
    return letters == 2 && utf8_length(text) == 2 && may_be_of_either(text);
}

/* True for a word that shares a stretch with doubted ones. */
static bool is_suspect(const struct recognised *line, size_t word)
{
    return is_unknown(line, word) || line->words[word].confidence < UNSURE;
}

bool mixture_doubted(const struct recognised *line, uint32_t width, struct mixture_stretch *ret_stretch)
{
    enum { FEW = 260 }; /* pixels of a strip: about twenty-five letters */
    size_t most = 0, from, to;
    for (size_t i = 1; i < line->word_count; i++)
        most = doubt(line, i) > doubt(line, most) ? i : most;
    if (line->word_count < 2 || doubt(line, most) == 0)
        return false;
    for (from = most; from > 0 && is_suspect(line, from - 1) &&
                      line->words[most].right < line->words[from - 1].left + FEW;)
        from--;
    for (to = most + 1; to < line->word_count && (is_suspect(line, to) || is_follower(line, to)) &&
                        line->words[to].right < line->words[from].left + FEW;)
        to++;
    *ret_stretch = (struct mixture_stretch){
        .from = from,
        .to = to,
        .left = from ? (line->words[from - 1].right + line->words[from].left) / 2 : 0,
        .right = to < line->word_count ? (line->words[to - 1].right + line->words[to].left) / 2 : width};
    return ret_stretch->left < ret_stretch->right && ret_stretch->right <= width;
}

/* Mean worth over the letters of the words [from, to). */
static unsigned mean_worth(const struct recognised *line, size_t from, size_t to)
{
    size_t letters = 0, sum = 0;
    for (size_t i = from; i < to; i++) {
        size_t length = utf8_length(mixture_word(line, i));
        letters += length;
        sum += length * worth(line, i);
    }
    return letters ? (unsigned)(sum / letters) : 0;
}

static bool is_better(const struct recognised *line, size_t word, const struct recognised *other, size_t at)
{
    return may_replace(other, at, true) && worth(other, at) > worth(line, word) + CLEARLY;
}

/* True when the other model has the better of all words of the stretch that tell anything. */
static bool wins_all(const struct recognised *line, const struct mixture_stretch *stretch,
                     const struct recognised *other)
{
    size_t won = 0;
    for (size_t i = stretch->from; i < stretch->to; i++) {
        if (is_follower(line, i))
            continue;
        if (!is_better(line, i, other, i - stretch->from))
            return false;
        won++;
    }
    return won > 0;
}

/* Appends what stands best in the stretch. Where the two part the words differently it is all or nothing. */
static bool append_best(const struct recognised *line, const struct mixture_stretch *stretch,
                        const struct recognised *other, struct recognised *to)
{
    bool parted = other->word_count != stretch->to - stretch->from, changed = false;
    for (size_t i = stretch->from; i < stretch->to && !parted; i++)
        parted = word_at(other, &line->words[i]) != i - stretch->from;
    bool won = !parted && wins_all(line, stretch, other);
    bool all =
        parted && other->word_count > 0 &&
        mean_worth(other, 0, other->word_count) > mean_worth(line, stretch->from, stretch->to) + CLEARLY;
    for (size_t i = 0; i < other->word_count; i++)
        all &= other->words[i].confidence >= DOUBTED;
    for (size_t i = 0; all && i < other->word_count; i++)
        mixture_append(to, mixture_word(other, i), &other->words[i]);
    for (size_t i = stretch->from; !all && i < stretch->to; i++) {
        size_t at = i - stretch->from;
        bool follows =
            won && is_follower(line, i) && other->words[at].known && worth(other, at) >= worth(line, i);
        bool better = follows || (!parted && is_better(line, i, other, at));
        const struct recognised *from = better ? other : line;
        mixture_append(to, mixture_word(from, better ? at : i), &from->words[better ? at : i]);
        changed |= better;
    }
    return all || changed;
}

bool mixture_patch(struct recognised *line, const struct mixture_stretch *stretch,
                   const struct recognised *other)
{
    struct recognised patched = {.size = 0};
    for (size_t i = 0; i < stretch->from; i++)
        mixture_append(&patched, mixture_word(line, i), &line->words[i]);
    bool changed = append_best(line, stretch, other, &patched);
    for (size_t i = stretch->to; i < line->word_count; i++)
        mixture_append(&patched, mixture_word(line, i), &line->words[i]);
    if (!changed || line->word_count == RECOGNISED_WORDS)
        return false;
    patched.confidence = mixture_confidence(&patched);
    *line = patched;
    return true;
}

void mixture_part(struct recognised *line, size_t word, const struct recognised *parts)
{
    struct recognised parted = {.size = 0};
    if (line->word_count + parts->word_count > RECOGNISED_WORDS)
        return;
    for (size_t i = 0; i < line->word_count; i++) {
        if (i != word)
            mixture_append(&parted, mixture_word(line, i), &line->words[i]);
        for (size_t j = 0; i == word && j < parts->word_count; j++)
            mixture_append(&parted, mixture_word(parts, j), &parts->words[j]);
    }
    parted.confidence = mixture_confidence(&parted);
    *line = parted;
}
