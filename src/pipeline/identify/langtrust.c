/* Scores of a trained linear model grow with the length of the text and promise too much. They are divided by
 * a temperature that depends on the length, then read off a curve measured on held-out texts: of answers
 * given with 0.9, nine in ten are right. Both come with the model. */
#include "pipeline/identify/langtrust.h"

#include <math.h>

#include "pipeline/identify/langlimits.h"

void langtrust_add(const struct varta_language_model *model, const struct langtext_word *word,
                   struct langtrust_sums *sums)
{
    unsigned lanes;

    if (word->group == LETTERS_DIRECT) {
        if (sums->group == 0)
            sums->group = LETTERS_DIRECT;
        sums->letters += word->letters;
        return;
    }
    if (sums->group == 0 || sums->group == LETTERS_DIRECT)
        sums->group = word->group;
    if (sums->group != word->group)
        return;
    lanes = model->header.groups[word->group - LETTERS_LATIN].lanes;
    for (unsigned lane = 0; lane < lanes; lane++) {
        int32_t score = word->scores[lane] - word->highest;

        sums->scores[lane] += score < -LANGLIMITS_WORD_FLOOR ? -LANGLIMITS_WORD_FLOOR : score;
    }
    sums->letters += word->letters;
}

float langtrust_raw(const struct varta_language_model *model, const struct langtrust_sums *sums,
                    const struct langtext_prior *prior, unsigned language)
{
    const struct langmodel_group *group;
    const float *heat;
    float scale, total = 0, wanted = 0;
    int32_t highest = INT32_MIN;

    if (sums->group == 0 || sums->group == LETTERS_DIRECT)
        return 1;
    group = &model->header.groups[sums->group - LETTERS_LATIN];
    heat = model->header.heat[sums->group - LETTERS_LATIN];
    scale = 1 / ((float)LANGMODEL_NATS * (heat[0] + heat[1] * logf((float)sums->letters + 1)));
    for (unsigned lane = 0; lane < group->lanes; lane++) {
        unsigned number = group->languages[lane];

        if ((lane == 0 || number != 0) && !prior->closed[number] &&
            sums->scores[lane] + prior->bonus[number] > highest)
            highest = sums->scores[lane] + prior->bonus[number];
    }
    for (unsigned lane = 0; lane < group->lanes; lane++) {
        unsigned number = group->languages[lane];
        float share;

        if ((lane != 0 && number == 0) || prior->closed[number])
            continue;
        share = expf((float)(sums->scores[lane] + prior->bonus[number] - highest) * scale);
        total += share;
        wanted = number == language ? share : wanted;
    }
    return total > 0 ? wanted / total : 0;
}

float langtrust_step(float raw)
{
    float step = -2 * log2f(1 - raw * (1 - 0x1p-15f));

    return step < 0 ? 0 : step > LANGMODEL_STEPS - 1 ? LANGMODEL_STEPS - 1 : step;
}

float langtrust_confidence(const struct varta_language_model *model, const struct langtrust_sums *sums,
                           const struct langtext_prior *prior, unsigned language)
{
    float step;
    const float *curve;
    unsigned low;

    if (sums->group == 0 || sums->group == LETTERS_DIRECT)
        return 1;
    step = langtrust_step(langtrust_raw(model, sums, prior, language));
    curve = model->header.confidence[sums->group - LETTERS_LATIN];
    low = (unsigned)step;
    if (low >= LANGMODEL_STEPS - 1)
        return curve[LANGMODEL_STEPS - 1];
    return curve[low] + (curve[low + 1] - curve[low]) * (step - (float)low);
}
