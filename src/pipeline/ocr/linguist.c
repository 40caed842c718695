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
    OTHER_SCRIPT = 700, /* confidence: below it the letters may be another script's */
    AGREES = 40,        /* what it is worth that the text is in the model's own language */
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
}

static size_t model_of(const struct models *models, const char *tag)
{
    size_t i = 0;
    while (i < models->count && strcmp(models->at[i].tag, tag) != 0)
        i++;
    return i;
}

/* The model to ask after `tried`, or the number of models when the line is as good as it gets. */
static size_t next_model(const struct linguist *linguist, const struct attempt *attempts, size_t tried)
{
    const struct models *models = linguist->models;
    const struct attempt *now = &attempts[tried];
    size_t named = model_of(models, now->line.language);
    bool telling = utf8_letters((struct span){now->line.read.text, now->line.read.size}) >= TELLING;
    if (now->line.read.confidence >= SURE && (now->agrees || named == models->count || !telling))
        return models->count;
    if (now->line.read.confidence >= OTHER_SCRIPT && named < models->count && !attempts[named].made &&
        models->at[named].script == models->at[tried].script)
        return named;
    bool stay = now->line.read.confidence >= OTHER_SCRIPT;
    for (size_t i = 0; i < models->count; i++)
        if (!attempts[i].made && stay == (models->at[i].script == models->at[tried].script))
            return i;
    return models->count;
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
    if (ret_line->read.confidence >= OTHER_SCRIPT)
        linguist->last = best;
}
