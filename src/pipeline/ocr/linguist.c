/*
 * Reading every line in all languages costs four times as much, and confidence alone does not tell Ukrainian
 * from Russian: the sibling's model reads the letters both share with 81 to 90. So the model of the line
 * before goes first; what it read says by its confidence whether the script is right, and by its language
 * whether the model is. Where another language may well begin, only the first words are shown to find that
 * out, and words that a model is at a loss with are shown to the other script before the whole line is.
 */
#include "pipeline/ocr/linguist.h"

#include "base/utf8.h"
#include "pipeline/ocr/strip_parts.h"

#include <stdio.h>
#include <string.h>

enum {
    SURE = 900,         /* confidence: no other model would do better */
    RIGHT_SCRIPT = 840, /* confidence: the letters are of the model's script */
    SAME_SCRIPT = 450,  /* confidence: and here they may be; a sibling is asked first */
    LIKELY = 640,       /* confidence: with a language of the script, whatever spoils the rest */
    AGREED = 820,       /* confidence: of text in the model's own language that no sibling reads better */
    FAR = 150,          /* how much worse a reading of the other script ends the asking for that script */
    FLAWLESS = 955,     /* confidence: of first words that lost nothing by being read alone */
    HINT = 560,         /* confidence: with it the other script is shown the whole line */
    NOTHING = 340,      /* confidence: two scripts made no more of it, it is a drawing */
    MIXED_LEAST = 450,  /* confidence: of a line below it no word can be trusted */
    DOUBTED = 760,      /* confidence: of a word that may be of the other script */
    TRUSTED = 860,      /* confidence: the other script's word must have */
    CLEARLY = 50,       /* and by how much it must be better */
    AGREES = 40,        /* what it is worth that the text is in the model's own language */
    STRANGE = 12,       /* letters: of a line whose language no model is for */
    SURER = 945,        /* confidence: and which is to be believed all the same */
    HOMELY = 30,        /* what it is worth to be Cyrillic: capitals alone look Latin as well */
    TELLING = 8         /* letters from which a language can be told */
};

struct attempt {
    struct linguist_line line;
    bool made;
    bool whole; /* not of the first words only */
    bool agrees;
};

/* What the text that the model made of a line says about the model. */
static void weigh(const struct linguist *linguist, size_t model, struct attempt *attempt)
{
    struct linguist_line *line = &attempt->line;
    snprintf(line->language, sizeof(line->language), "%s", linguist->models->at[model].tag);
    struct span text = {line->read.text, line->read.size};
    if (linguist->identify)
        linguist->identify(linguist->context, text, line->language);
    attempt->agrees = strcmp(line->language, linguist->models->at[model].tag) == 0;
    line->score = (uint16_t)(line->read.confidence + (attempt->agrees && line->read.confidence ? AGREES : 0));
    if (linguist->models->at[model].script == MODEL_CYRILLIC && line->read.confidence)
        line->score += HOMELY;
}

static void attempt(struct linguist *linguist, const struct strip *strip, size_t model,
                    struct attempt *attempt)
{
    recogniser_read(linguist->models->at[model].recogniser, strip, &attempt->line.read);
    linguist->calls++;
    attempt->made = attempt->whole = true;
    weigh(linguist, model, attempt);
}

static size_t model_of(const struct models *models, const char *tag)
{
    size_t i = 0;
    while (i < models->count && strcmp(models->at[i].tag, tag) != 0)
        i++;
    return i;
}

/* The first model not asked yet of the same script as `tried`, or of another; the number of models if none.
 */
static size_t unasked(const struct linguist *linguist, const struct attempt *attempts, size_t tried,
                      bool same)
{
    const struct models *models = linguist->models;
    size_t i = 0;
    while (i < models->count &&
           (attempts[i].made || same != (models->at[i].script == models->at[tried].script)))
        i++;
    return i;
}

/* True for text of nothing but letters that the two scripts share or that look alike, as Tesseract takes
 * them: only its neighbours could tell, and they were read in the line's script. */
static bool looks_alike(struct span text)
{
    static const char shared[] = "ABCEHIKMOPTXYWaceiopxybmunrw3";
    for (size_t at = 0; at < text.size;) {
        uint32_t letter = utf8_next(text, &at);
        if (utf8_is_letter(letter) && (letter > 127 || !strchr(shared, (int)letter)))
            return false;
    }
    return true;
}

static bool both_scripts(const struct linguist *linguist, const struct attempt *attempts)
{
    bool made[2] = {false, false};
    for (size_t i = 0; i < linguist->models->count; i++)
        made[linguist->models->at[i].script == MODEL_LATIN] |= attempts[i].made;
    return made[0] && made[1];
}

/* The best score that models of the other script have got, 0 when none was asked. */
static unsigned other_score(const struct linguist *linguist, const struct attempt *attempts, size_t tried)
{
    unsigned best = 0;
    for (size_t i = 0; i < linguist->models->count; i++)
        if (linguist->models->at[i].script != linguist->models->at[tried].script &&
            attempts[i].line.score > best)
            best = attempts[i].line.score;
    return best;
}

/* True when no model of another script can do better. */
static bool is_of_script(const struct linguist *linguist, const struct attempt *attempts, size_t tried,
                         size_t named, size_t letters)
{
    const struct models *models = linguist->models;
    const struct linguist_line *line = &attempts[tried].line;
    if (line->read.confidence >= RIGHT_SCRIPT)
        return true;
    bool likely = line->read.confidence >= LIKELY && letters >= STRANGE && named < models->count &&
                  models->at[named].script == models->at[tried].script;
    return likely ||
           (both_scripts(linguist, attempts) && other_score(linguist, attempts, tried) + FAR < line->score);
}

/* The model to ask after `tried`, or the number of models when the line is as good as it gets. */
static size_t next_model(const struct linguist *linguist, const struct attempt *attempts, size_t tried)
{
    const struct models *models = linguist->models;
    const struct linguist_line *line = &attempts[tried].line;
    size_t named = model_of(models, line->language);
    if (line->read.confidence < NOTHING && both_scripts(linguist, attempts))
        return models->count;
    struct span text = {line->read.text, line->read.size};
    size_t letters = utf8_letters(text), other = unasked(linguist, attempts, tried, false);
    if (models->at[tried].script == MODEL_LATIN && looks_alike(text) && other < models->count)
        return other;
    bool strange = named == models->count && letters >= STRANGE && line->read.confidence < SURER;
    if (line->read.confidence >= SURE && !strange &&
        (attempts[tried].agrees || named == models->count || letters < TELLING))
        return models->count;
    if (attempts[tried].agrees && letters >= STRANGE && line->read.confidence >= AGREED)
        return models->count;
    if (line->read.confidence >= SAME_SCRIPT && named < models->count && !attempts[named].whole &&
        models->at[named].script == models->at[tried].script)
        return named;
    size_t sibling = unasked(linguist, attempts, tried, true);
    if (line->read.confidence >= SAME_SCRIPT && sibling < models->count)
        return sibling;
    if (is_of_script(linguist, attempts, tried, named, letters))
        return models->count;
    return other < models->count ? other : sibling;
}

/* ---- lines of two scripts -------------------------------------------------------------------------------
 */

static struct span word_text(const struct recognised *read, size_t word)
{
    return (struct span){read->text + read->words[word].from,
                         (size_t)(read->words[word].to - read->words[word].from)};
}

/* True for a word that its model was at a loss with: long enough to be one, and doubted. */
static bool is_doubted(const struct recognised *read, size_t word)
{
    return read->words[word].confidence < DOUBTED && utf8_letters(word_text(read, word)) >= 2;
}

static bool may_be_mixed(const struct linguist_line *line)
{
    size_t doubted = 0;
    for (size_t i = 0; i < line->read.word_count; i++)
        doubted += is_doubted(&line->read, i);
    return doubted > 0 && line->read.word_count > 1;
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

/* The attempt of the other script that read the word at this place better, or NULL. */
static const struct attempt *better_word(const struct linguist *linguist, const struct attempt *attempts,
                                         size_t best, size_t word, size_t *ret_word)
{
    const struct recognised_word *own = &attempts[best].line.read.words[word];
    const struct attempt *better = NULL;
    unsigned least = own->confidence + CLEARLY > TRUSTED ? own->confidence + CLEARLY : TRUSTED;
    for (size_t i = 0; i < linguist->models->count; i++) {
        if (!attempts[i].made || linguist->models->at[i].script == linguist->models->at[best].script)
            continue;
        size_t other = word_at(&attempts[i].line.read, own);
        if (other < RECOGNISED_WORDS && attempts[i].line.read.words[other].confidence >= least &&
            !looks_alike(word_text(&attempts[i].line.read, other))) {
            least = attempts[i].line.read.words[other].confidence + 1u;
            better = &attempts[i];
            *ret_word = other;
        }
    }
    return better;
}

static void append_word(struct recognised *line, struct span text, const struct recognised_word *word)
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

static uint16_t mean_confidence(const struct recognised *line)
{
    uint64_t letters = 0, sum = 0;
    for (size_t i = 0; i < line->word_count; i++) {
        size_t length = utf8_length(word_text(line, i));
        letters += length;
        sum += length * line->words[i].confidence;
    }
    return letters ? (uint16_t)(sum / letters) : 0;
}

/* Builds the line anew, each word from the model that was surest of it. */
static void merge(const struct linguist *linguist, const struct attempt *attempts, size_t best,
                  struct linguist_line *line)
{
    const struct recognised *read = &attempts[best].line.read;
    struct recognised merged = {.size = 0};
    for (size_t i = 0; i < read->word_count; i++) {
        size_t other = i;
        const struct attempt *from = better_word(linguist, attempts, best, i, &other);
        const struct recognised *source = from ? &from->line.read : read;
        append_word(&merged, word_text(source, from ? other : i), &source->words[from ? other : i]);
    }
    merged.confidence = mean_confidence(&merged);
    if (merged.confidence <= read->confidence || read->word_count == RECOGNISED_WORDS)
        return;
    line->read = merged;
    line->score = (uint16_t)(merged.confidence + (line->score - read->confidence));
    if (linguist->identify)
        linguist->identify(linguist->context, (struct span){merged.text, merged.size}, line->language);
}

/* The model of the other script that the line has not been shown as a whole, the likest first; their number
 * when one has. */
static size_t other_script(const struct linguist *linguist, const struct attempt *attempts, size_t best)
{
    const struct models *models = linguist->models;
    size_t other = models->count;
    for (size_t i = 0; i < models->count; i++) {
        if (models->at[i].script == models->at[best].script)
            continue;
        if (attempts[i].whole)
            return models->count;
        if (other == models->count || attempts[i].line.score > attempts[other].line.score)
            other = i;
    }
    return other;
}

/* ---- the door -------------------------------------------------------------------------------------------
 */

/* Asks one model after the other, beginning with `first` unless that was asked; the best of them. */
static size_t ask_models(struct linguist *linguist, const struct strip *strip, struct attempt *attempts,
                         size_t first)
{
    static const size_t most = 4; /* models asked for one line */
    size_t best = first, model = attempts[first].made ? next_model(linguist, attempts, first) : first;
    for (size_t asked = 0; asked < most && model < linguist->models->count; asked++) {
        attempt(linguist, strip, model, &attempts[model]);
        if (attempts[model].line.score > attempts[best].line.score)
            best = model;
        model = next_model(linguist, attempts, best);
    }
    return best;
}

/* Where the first words of a line end that are enough to tell its language, 0 for a line too short. */
static uint32_t first_words(const struct strip *strip)
{
    enum { HEAD = 130, MOST = 280, TAIL = 80 }; /* pixels of strips: nine letters, thirty, eight */
    if (strip->width < HEAD + TAIL)
        return 0;
    return strip_parts_gap(strip, HEAD, strip->width - TAIL < MOST ? strip->width - TAIL : MOST);
}

/* Adds what the model makes of the columns [left, right) behind what it made of those before. */
static void read_part(struct linguist *linguist, const struct strip *strip, uint32_t left, uint32_t right,
                      size_t model, struct attempt *attempt)
{
    struct strip part = strip_parts_cut(strip, left, right);
    struct recognised read;
    recogniser_read(linguist->models->at[model].recogniser, &part, &read);
    linguist->calls++;
    for (size_t i = 0; i < read.word_count; i++) {
        struct recognised_word word = read.words[i];
        word.left += left;
        word.right += left;
        append_word(&attempt->line.read, word_text(&read, i), &word);
    }
    attempt->line.read.confidence = mean_confidence(&attempt->line.read);
    weigh(linguist, model, attempt);
}

/* Lets the first words decide which model reads the line, unless they make sense to none. */
static size_t ask_by_parts(struct linguist *linguist, const struct strip *strip, uint32_t left,
                           struct attempt *attempts)
{
    struct strip head = strip_parts_cut(strip, 0, left);
    size_t best = ask_models(linguist, &head, attempts, linguist->last);
    for (size_t i = 0; i < linguist->models->count; i++)
        attempts[i].whole = i == best;
    if (attempts[best].line.read.confidence < LIKELY)
        memset(attempts, 0, sizeof(*attempts) * OCR_MAX_MODELS);
    else if (attempts[best].line.read.confidence < FLAWLESS)
        attempts[best] = (struct attempt){.made = false};
    else
        read_part(linguist, strip, left, strip->width, best, &attempts[best]);
    return ask_models(linguist, strip, attempts, best);
}

/* The stretch of the strip that begins with the first doubted word and holds no more than a few, up to the
 * words beside. */
static void doubted_stretch(const struct recognised *read, uint32_t width, uint32_t *ret_left,
                            uint32_t *ret_right)
{
    enum { FEW = 160 }; /* pixels of a strip: about fifteen letters */
    size_t first = 0;
    while (!is_doubted(read, first))
        first++;
    size_t last = first;
    for (size_t i = first + 1; i < read->word_count && read->words[i].right < read->words[first].left + FEW;
         i++)
        last = is_doubted(read, i) ? i : last;
    *ret_left = first ? (read->words[first - 1].right + read->words[first].left) / 2 : 0;
    *ret_right =
        last + 1 < read->word_count ? (read->words[last].right + read->words[last + 1].left) / 2 : width;
}

/* Shows the other script some of the words that the line's own is at a loss with. True when it is not. */
static bool makes_sense_of_doubted(struct linguist *linguist, const struct strip *strip, size_t other,
                                   const struct recognised *read)
{
    uint32_t left, right;
    struct attempt attempt = {.made = false};
    doubted_stretch(read, strip->width, &left, &right);
    if (left < right && right <= strip->width)
        read_part(linguist, strip, left, right, other, &attempt);
    return attempt.line.read.confidence >= HINT;
}

/* Returns the model of the line, which may turn out to be one of the other script. */
static size_t read_as_mixed(struct linguist *linguist, const struct strip *strip, struct attempt *attempts,
                            size_t best, struct linguist_line *line)
{
    size_t other = other_script(linguist, attempts, best);
    if (other < linguist->models->count) {
        if (!makes_sense_of_doubted(linguist, strip, other, &attempts[best].line.read))
            return best;
        attempt(linguist, strip, other, &attempts[other]);
        if (attempts[other].line.score > attempts[best].line.score)
            best = ask_models(linguist, strip, attempts, other);
        *line = attempts[best].line;
    }
    merge(linguist, attempts, best, line);
    return best;
}

bool linguist_start(struct linguist *linguist, const char *language)
{
    size_t model = model_of(linguist->models, language);
    if (model == linguist->models->count)
        return false;
    linguist->last = model;
    return true;
}

void linguist_read(struct linguist *linguist, const struct strip *strip, struct linguist_line *ret_line)
{
    struct attempt attempts[OCR_MAX_MODELS] = {0};
    uint32_t left = linguist->unsure ? first_words(strip) : 0;
    size_t best = left ? ask_by_parts(linguist, strip, left, attempts)
                       : ask_models(linguist, strip, attempts, linguist->last);
    *ret_line = attempts[best].line;
    if (ret_line->read.confidence >= MIXED_LEAST && may_be_mixed(ret_line))
        best = read_as_mixed(linguist, strip, attempts, best, ret_line);
    if (ret_line->read.confidence >= RIGHT_SCRIPT)
        linguist->last = best;
}
