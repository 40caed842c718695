/* How sure an answer is. */
#pragma once

#include "pipeline/identify/langtext.h"

/* What the words of one stretch, or of all stretches of a language, say together. */
struct langtrust_sums {
    unsigned group; /* the script whose words count; 0: that of the first word */
    unsigned letters;
    int32_t scores[LANGMODEL_LANES_MAX];
};

void langtrust_add(const struct varta_language_model *model, const struct langtext_word *word,
                   struct langtrust_sums *sums);

/* The same for all words of a window of one script. */
void langtrust_add_window(const struct langtext_window *window, struct langtrust_sums *sums);

/* The model's probability that these words are in `language`: softmax at the temperature of that length. */
float langtrust_raw(const struct varta_language_model *model, const struct langtrust_sums *sums,
                    const struct langtext_prior *prior, unsigned language);

/* Where on the calibration curve a raw probability lies, 0 … LANGMODEL_STEPS - 1. */
float langtrust_step(float raw);

/* The calibrated probability. */
float langtrust_confidence(const struct varta_language_model *model, const struct langtrust_sums *sums,
                           const struct langtext_prior *prior, unsigned language);
