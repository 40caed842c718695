/*
 * Reading every line in all languages costs four times as much, and confidence alone does not tell Ukrainian
 * from Russian: the sibling's model reads the letters both share with 81 to 90. So the model of the line
 * before goes first; what it read says by its confidence whether the script is right, and by its language
 * whether the model is. Where another language may well begin, only the first words are shown to find that
 * out, and words that a model is at a loss with are shown to the other script before the whole line is.
 */
#include "pipeline/ocr/linguist.h"

#include "base/utf8.h"
#include "pipeline/ocr/mixture.h"
#include "pipeline/ocr/strip_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SURE = 900,         /* confidence: no other model would do better */
    RIGHT_SCRIPT = 840, /* confidence: the letters are of the model's script */
    SAME_SCRIPT = 450,  /* confidence: and here they may be; a sibling is asked first */
    LIKELY = 640,       /* confidence: with a language of the script, whatever spoils the rest */
    AGREED = 820,       /* confidence: of text in the model's own language that no sibling reads better */
    FAR = 150,          /* how much worse a reading of the other script ends the asking for that script */
    FLAWLESS = 955,     /* confidence: of first words that lost nothing by being read alone */
    HINT = 560,         /* confidence: of doubted words, with it they may be of that script */
    NOTHING = 340,      /* confidence: two scripts made no more of it, it is a drawing */
    MIXED_LEAST = 450,  /* confidence: of a line below it no word can be trusted */
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

static void show(struct linguist *linguist, const struct strip *strip, size_t model,
                 struct recognised *ret_read)
{
    linguist->failed |= !recogniser_read(linguist->models->at[model].recogniser, strip, ret_read);
    strip_parts_settle(strip, ret_read);
    linguist->calls++;
}

static void attempt(struct linguist *linguist, const struct strip *strip, size_t model,
                    struct attempt *attempt)
{
    show(linguist, strip, model, &attempt->line.read);
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
    if (models->at[tried].script == MODEL_LATIN && mixture_looks_alike(text) && other < models->count)
        return other;
    if (models->at[tried].script != MODEL_LATIN && mixture_all_of_either(&line->read) &&
        other < models->count)
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

/* ---- asking --------------------------------------------------------------------------------------------
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
    struct strip part = strip_parts_cut(strip, left, right, &left);
    struct recognised read;
    show(linguist, &part, model, &read);
    for (size_t i = 0; i < read.word_count; i++) {
        struct recognised_word word = read.words[i];
        word.left += left;
        word.right += left;
        mixture_append(&attempt->line.read, mixture_word(&read, i), &word);
    }
    attempt->line.read.confidence = mixture_confidence(&attempt->line.read);
    weigh(linguist, model, attempt);
}

/* Lets the first words decide which model reads the line, unless they make sense to none. */
static size_t ask_by_parts(struct linguist *linguist, const struct strip *strip, uint32_t left,
                           struct attempt *attempts)
{
    uint32_t begin;
    struct strip head = strip_parts_cut(strip, 0, left, &begin);
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

/* ---- lines of two scripts -------------------------------------------------------------------------------
 */

/* Lets all models that were shown the whole line say what each word is. */
static void weave(const struct linguist *linguist, const struct attempt *attempts, size_t best,
                  struct recognised *line)
{
    struct mixture_reading readings[OCR_MAX_MODELS];
    for (size_t i = 0; i < linguist->models->count; i++)
        readings[i] = (struct mixture_reading){attempts[i].whole ? &attempts[i].line.read : NULL,
                                               linguist->models->at[i].script};
    readings[best].read = line;
    mixture_weave(readings, linguist->models->count, best, line);
}

/* The model that is likest to read words which the line's own model doubts: of the other script, and there
 * the one that did best or comes first. Their number when the whole line was shown to one. */
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

/* A model that has not been shown the whole line, of the same script as `model` but another; their number
 * when there is none. */
static size_t sibling_of(const struct linguist *linguist, const struct attempt *attempts, size_t model)
{
    const struct models *models = linguist->models;
    size_t i = 0;
    while (i < models->count &&
           (i == model || attempts[i].whole || models->at[i].script != models->at[model].script))
        i++;
    return i;
}

/* Shows a stretch of words to another model; true when that was surer of some. `*ret_line` is what it read.
 */
static bool ask_about(struct linguist *linguist, const struct strip *strip, size_t model,
                      const struct mixture_stretch *stretch, struct recognised *line,
                      struct linguist_line *ret_line)
{
    struct attempt attempt = {.made = false};
    if (model == linguist->models->count)
        return false;
    read_part(linguist, strip, stretch->left, stretch->right, model, &attempt);
    *ret_line = attempt.line;
    return mixture_patch(line, stretch, &attempt.line.read);
}

/* Shows one stretch to the other script, to a second model of it when the first saw something but was not
 * sure, and to the sibling of the line's own model when neither made more of it. */
static bool read_stretch(struct linguist *linguist, const struct strip *strip, const struct attempt *attempts,
                         const struct mixture_stretch *stretch, size_t best, struct recognised *line)
{
    size_t other = other_script(linguist, attempts, best);
    struct linguist_line read = {.read.size = 0};
    bool better = ask_about(linguist, strip, other, stretch, line, &read);
    if (read.read.confidence >= HINT && read.read.confidence < SURE) {
        size_t named = model_of(linguist->models, read.language);
        bool ready = named < linguist->models->count && named != other && !attempts[named].whole;
        better |= ask_about(linguist, strip, ready ? named : sibling_of(linguist, attempts, other), stretch,
                            line, &read);
    }
    return better || ask_about(linguist, strip, sibling_of(linguist, attempts, best), stretch, line, &read);
}

/* Lets other models look at the words that the line's own is at a loss with, most doubted first, as long as
 * they make more of them; then, all models that were shown the whole line. */
static void read_as_mixed(struct linguist *linguist, const struct strip *strip,
                          const struct attempt *attempts, size_t best, struct linguist_line *line)
{
    enum { MOST = 3 }; /* stretches of a line */
    struct mixture_stretch stretch;
    for (size_t i = 0; i < MOST && mixture_doubted(&line->read, strip->width, &stretch); i++)
        if (!read_stretch(linguist, strip, attempts, &stretch, best, &line->read))
            break;
    weave(linguist, attempts, best, &line->read);
    line->score = (uint16_t)(line->read.confidence + line->score - attempts[best].line.read.confidence);
    if (linguist->identify)
        linguist->identify(linguist->context, (struct span){line->read.text, line->read.size},
                           line->language);
}

/* ---- spaces that were overlooked ------------------------------------------------------------------------
 */

/* Shows an unknown word that has a space in it again, with the space drawn wide. */
static void part_word(struct linguist *linguist, const struct strip *strip, size_t model, size_t word,
                      struct recognised *line)
{
    enum { BESIDE = 4, SLACK = 60 }; /* columns; confidence that is lost by being read alone */
    const struct recognised_word *at = &line->words[word];
    struct strip wide;
    struct recognised parts;
    uint32_t left = at->left > BESIDE ? at->left - BESIDE : 0;
    if (!strip_parts_widen(strip, left, at->right + BESIDE, &wide))
        return;
    show(linguist, &wide, model, &parts);
    free(wide.grey);
    bool same = utf8_letters((struct span){parts.text, parts.size}) == utf8_letters(mixture_word(line, word));
    if (same && parts.word_count > 1 && parts.confidence + SLACK >= at->confidence)
        mixture_part(line, word, &parts);
}

static void part_words(struct linguist *linguist, const struct strip *strip, size_t model,
                       struct recognised *line)
{
    for (size_t i = line->word_count; i-- > 0;)
        if (!line->words[i].known && utf8_letters(mixture_word(line, i)) > 1)
            part_word(linguist, strip, model, i, line);
}

/* ---- the door -------------------------------------------------------------------------------------------
 */

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
    struct mixture_stretch doubted;
    if (ret_line->read.confidence >= MIXED_LEAST && mixture_doubted(&ret_line->read, strip->width, &doubted))
        read_as_mixed(linguist, strip, attempts, best, ret_line);
    if (ret_line->read.confidence >= RIGHT_SCRIPT) {
        linguist->last = best;
        part_words(linguist, strip, best, &ret_line->read);
    }
}
