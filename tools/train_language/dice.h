/* Reproducible chance: the same seed gives the same model, byte for byte. */
#pragma once

#include <stdint.h>

struct dice {
    uint64_t state;
};

/* SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t dice_next(struct dice *dice)
{
    uint64_t z = (dice->state += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* 0 … below-1 */
static inline uint32_t dice_below(struct dice *dice, uint32_t below)
{
    return (uint32_t)(((dice_next(dice) >> 32) * below) >> 32);
}

static inline int dice_percent(struct dice *dice, uint32_t percent)
{
    return dice_below(dice, 100) < percent;
}

static inline double dice_unit(struct dice *dice)
{
    return (double)(dice_next(dice) >> 11) * 0x1p-53;
}
