/* The verdict model: a weight for each feature, in sections for the three situations there are. */
#pragma once

#include "pipeline/judge/feature.h"

/** "changed", "inside", "alone". */
const char *weights_section_name(enum weights_section section);

struct weights {
    struct {
        double bias;
        double threshold; /**< probability from which on the verdict is `defaced` */
        double at[FEATURE_COUNT];
    } section[WEIGHTS_SECTION_COUNT];
};

/** Reads the model's text. Every section must name every feature once. Returns 0 or -EINVAL with a sentence.
 */
int weights_read(const char *name, struct span text, struct weights *ret_weights, char ret_error[256]);

/** Log-odds of `defaced`. */
double weights_sum(const struct weights *weights, enum weights_section section, const double *features);
