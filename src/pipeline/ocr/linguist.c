/*
 * Reading every line in all languages costs four times as much, and confidence alone does not tell Ukrainian
 * from Russian: the sibling's model reads the letters both share with 81 to 90. So the model of the line
 * before goes first; what it read says by its confidence whether the script is right, and by its language
 * whether the model is.
 */
#include "pipeline/ocr/linguist.h"

#include "base/utf8.h"

#include <stdio.h>

enum {
    SURE = 900,         /* confidence: no other model would do better */
    RIGHT_SCRIPT = 840, /* confidence: the letters are of the model's script */
    SAME_SCRIPT = 450,  /* confidence: and here they may be; a sibling is asked first */
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
    bool agrees;
};

static void attempt(struct linguist *linguist, const struct strip *strip, size_t model,
                    struct attempt *attempt)
{
    struct linguist_line *line = &attempt->line;
    recogniser_read(linguist->models->at[model].recogniser, strip, &line->read);
    linguist->calls++;
    attempt->made = true;
    snprintf(line->language, sizeof(line->language), "%s", linguist->models->at[model].tag);
    struct span text = {line->read.text, line->read.size};
    if (linguist->identify)
        linguist->identify(linguist->context, text, line->language);
    attempt->agrees = strcmp(line->language, linguist->models->at[model].tag) == 0;
    line->score = (uint16_t)(line->read.confidence + (attempt->agrees && line->read.confidence ? AGREES : 0));
    if (linguist->models->at[model].script == MODEL_CYRILLIC && line->read.confidence)
        line->score += HOMELY;
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
    static const char shared[] = "ABCEHIKMOPTXYaceiopxybmun3";
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
    if (line->read.confidence >= SAME_SCRIPT && named < models->count && !attempts[named].made &&
        models->at[named].script == models->at[tried].script)
        return named;
    size_t sibling = unasked(linguist, attempts, tried, true);
    if (line->read.confidence >= SAME_SCRIPT && sibling < models->count)
        return sibling;
    if (line->read.confidence >= RIGHT_SCRIPT)
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
    return read->words[word].confidence < DOUBTED && utf8_length(word_text(read, word)) >= 2;
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

static void read_as_mixed(struct linguist *linguist, const struct strip *strip, struct attempt *attempts,
                          size_t best, struct linguist_line *line)
{
    bool asked = false;
    for (size_t i = 0; i < linguist->models->count; i++)
        asked |= attempts[i].made && linguist->models->at[i].script != linguist->models->at[best].script;
    size_t other = unasked(linguist, attempts, best, false);
    if (!asked && other < linguist->models->count)
        attempt(linguist, strip, other, &attempts[other]);
    merge(linguist, attempts, best, line);
}

/* ---- the door -------------------------------------------------------------------------------------------
 */

static size_t ask_models(struct linguist *linguist, const struct strip *strip, struct attempt *attempts)
{
    static const size_t most = 4; /* models asked for one line */
    size_t model = linguist->last, best = model;
    for (size_t asked = 0; asked < most && model < linguist->models->count; asked++) {
        attempt(linguist, strip, model, &attempts[model]);
        if (attempts[model].line.score > attempts[best].line.score)
            best = model;
        model = next_model(linguist, attempts, best);
    }
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
    size_t best = ask_models(linguist, strip, attempts);
    *ret_line = attempts[best].line;
    if (ret_line->read.confidence >= MIXED_LEAST && may_be_mixed(ret_line))
        read_as_mixed(linguist, strip, attempts, best, ret_line);
    if (ret_line->read.confidence >= RIGHT_SCRIPT)
        linguist->last = best;
}
