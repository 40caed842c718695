/*
 * Reading every line in all languages costs four times as much, and confidence alone does not tell Ukrainian from
 * Russian: the sibling's model reads the letters both share with 81 to 90. So the model of the line before goes
 * first; what it read says by its confidence whether the script is right, and by its language whether the model is.
 */
#include "pipeline/ocr/linguist.h"

#include "base/utf8.h"

#include <stdio.h>

enum {
    SURE = 900,      /* confidence: no other model would do better */
    RIGHT_SCRIPT = 840, /* confidence: the letters are of the model's script */
    SAME_SCRIPT = 560,  /* confidence: and here they may be; a sibling is asked first */
    AGREES = 40,     /* what it is worth that the text is in the model's own language */
    TELLING = 8      /* letters from which a language can be told */
};

struct attempt {
    struct linguist_line line;
    bool made;
    bool agrees;
};

static void attempt(struct linguist *linguist, const struct strip *strip, size_t model, struct attempt *attempt)
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
}

static size_t model_of(const struct models *models, const char *tag)
{
    size_t i = 0;
    while (i < models->count && strcmp(models->at[i].tag, tag) != 0)
        i++;
    return i;
}

/* The first model not asked yet of the same script as `tried`, or of another; the number of models if none. */
static size_t unasked(const struct linguist *linguist, const struct attempt *attempts, size_t tried, bool same)
{
    const struct models *models = linguist->models;
    size_t i = 0;
    while (i < models->count &&
           (attempts[i].made || same != (models->at[i].script == models->at[tried].script)))
        i++;
    return i;
}

/* The model to ask after `tried`, or the number of models when the line is as good as it gets. */
static size_t next_model(const struct linguist *linguist, const struct attempt *attempts, size_t tried)
{
    const struct models *models = linguist->models;
    const struct linguist_line *line = &attempts[tried].line;
    size_t named = model_of(models, line->language);
    bool telling = utf8_letters((struct span){line->read.text, line->read.size}) >= TELLING;
    if (line->read.confidence >= SURE && (attempts[tried].agrees || named == models->count || !telling))
        return models->count;
    if (line->read.confidence >= SAME_SCRIPT && named < models->count && !attempts[named].made &&
        models->at[named].script == models->at[tried].script)
        return named;
    size_t sibling = unasked(linguist, attempts, tried, true), other = unasked(linguist, attempts, tried, false);
    if (line->read.confidence >= SAME_SCRIPT && sibling < models->count)
        return sibling;
    if (line->read.confidence >= RIGHT_SCRIPT)
        return models->count;
    return other < models->count ? other : sibling;
}

void linguist_read(struct linguist *linguist, const struct strip *strip, struct linguist_line *ret_line)
{
    static const size_t most = 3; /* models asked for one line */
    struct attempt attempts[OCR_MAX_MODELS] = {0};
    size_t model = linguist->last, best = model;
    for (size_t asked = 0; asked < most && model < linguist->models->count; asked++) {
        attempt(linguist, strip, model, &attempts[model]);
        if (attempts[model].line.score > attempts[best].line.score)
            best = model;
        model = next_model(linguist, attempts, best);
        if (attempts[best].made && model < linguist->models->count && attempts[model].made)
            break;
    }
    *ret_line = attempts[best].line;
    if (ret_line->read.confidence >= RIGHT_SCRIPT)
        linguist->last = best;
}
