/* Scores of a trained linear model grow with the length of the text and promise too much. They are divided by
 * a temperature that depends on the length, then read off a curve measured on held-out texts: of answers
 * given with 0.9, nine in ten are right. Both come with the model. */
#include "pipeline/identify/langtrust.h"

#include <math.h>

#include "pipeline/identify/langlimits.h"

enum {
    LETTERS_ENOUGH = 1 << 20, /* more cannot make an answer surer; sums stay far within 32 bits */
    SHUT_FACTOR = 1 << 14,    /* puts shut lanes below any sum */
};
static const float NEGLIGIBLE = -20; /* nats below the best: nothing a confidence could show */

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
    if (sums->group == 0)
        sums->group = word->group;
    if (sums->group != word->group || sums->letters > LETTERS_ENOUGH)
        return;
    lanes = model->header.groups[word->group - LETTERS_LATIN].lanes;
    for (unsigned lane = 0; lane < lanes; lane++)
        sums->scores[lane] += word->fit[lane];
    sums->letters += word->letters;
}

void langtrust_add_window(const struct langtext_window *window, struct langtrust_sums *sums)
{
    if (sums->group == 0)
        sums->group = window->group;
    if (sums->group != window->group || sums->letters > LETTERS_ENOUGH)
        return;
    for (unsigned lane = 0; lane < LANGMODEL_LANES_MAX; lane++)
        sums->scores[lane] += window->sums[lane];
    sums->letters += window->scored;
}

/* The scores with what is known beforehand, in score units; shut lanes far below. Returns the highest. */
static int32_t known_scores(const struct langtrust_sums *sums, const struct langtext_prior *prior,
                            unsigned lanes, int32_t *ret_scores)
{
    const int16_t *bonus = prior->lane_bonus[sums->group - LETTERS_LATIN];
    const int16_t *shut = prior->lane_shut[sums->group - LETTERS_LATIN];
    int32_t highest = INT32_MIN;

    for (unsigned lane = 0; lane < lanes; lane++) {
        ret_scores[lane] = sums->scores[lane] + bonus[lane] + shut[lane] * SHUT_FACTOR;
        highest = ret_scores[lane] > highest ? ret_scores[lane] : highest;
    }
    return highest;
}

float langtrust_raw(const struct varta_language_model *model, const struct langtrust_sums *sums,
                    const struct langtext_prior *prior, unsigned language)
{
    const struct langmodel_group *group;
    const float *heat;
    int32_t scores[LANGMODEL_LANES_MAX], highest;
    float scale, total = 0, wanted = 0;

    if (sums->group == 0 || sums->group == LETTERS_DIRECT)
        return 1;
    group = &model->header.groups[sums->group - LETTERS_LATIN];
    heat = model->header.heat[sums->group - LETTERS_LATIN];
    scale = 1 / ((float)LANGMODEL_NATS * (heat[0] + heat[1] * logf((float)sums->letters + 1)));
    highest = known_scores(sums, prior, group->lanes, scores);
    for (unsigned lane = 0; lane < group->lanes; lane++) {
        float below = (float)(scores[lane] - highest) * scale;

        if (below < NEGLIGIBLE)
            continue;
        below = expf(below);
        total += below;
        wanted = group->languages[lane] == language ? below : wanted;
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
