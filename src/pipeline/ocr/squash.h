/* What a layer does with the sums of its rows: hyperbolic tangent, logistic function, and the memory cell. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SQUASH_STEPS = 4096, SQUASH_PER_ONE = 256 };

/** Values between which lines are drawn, as the models were trained with. */
struct squash {
    float tanh[SQUASH_STEPS + 1];
    float logistic[SQUASH_STEPS + 1];
    bool wide; /**< the machine takes eight values at once */
};

void squash_fill(struct squash *ret_squash);

/** `count` values in -1 to 1 as activations. */
void squash_tanh(const struct squash *squash, const float *sums, size_t count, int8_t *ret_activations);

/**
 * One step of `count` memory cells. `sums` are four times `count`: what is to be remembered, and the gates
 * that let it in, keep what was there and let it out. `state` is what the cells remember, 0 at the beginning.
 */
void squash_step(const struct squash *squash, const float *sums, size_t count, float *state,
                 int8_t *ret_activations);
