/* Arithmetic on the lanes of a script group, eight at a time. Sums of fits stay within 16 bits: a window has
 * at most 256 words, and no word counts more than LANGLIMITS_WORD_FLOOR. */
#pragma once

#include <stdint.h>
#include <string.h>

#include "pipeline/identify/langmodel.h"

typedef int16_t lanes8 __attribute__((vector_size(16)));

enum { LANES_PER_VECTOR = 8, LANES_VECTORS_MAX = LANGMODEL_LANES_MAX / LANES_PER_VECTOR };

static inline lanes8 lanes_load(const int16_t *from)
{
    lanes8 value;

    memcpy(&value, from, sizeof value);
    return value;
}

static inline void lanes_store(int16_t *to, lanes8 value)
{
    memcpy(to, &value, sizeof value);
}

static inline lanes8 lanes_all(int value)
{
    return (lanes8){0} + (int16_t)value;
}

static inline lanes8 lanes_max(lanes8 a, lanes8 b)
{
    lanes8 greater = (lanes8)(a > b);

    return (a & greater) | (b & ~greater);
}

static inline int16_t lanes_highest(lanes8 value)
{
    value = lanes_max(value, __builtin_shufflevector(value, value, 4, 5, 6, 7, 0, 1, 2, 3));
    value = lanes_max(value, __builtin_shufflevector(value, value, 2, 3, 0, 1, 6, 7, 4, 5));
    value = lanes_max(value, __builtin_shufflevector(value, value, 1, 0, 3, 2, 5, 4, 7, 6));
    return value[0];
}

static inline int lanes_sum(lanes8 value)
{
    int sum = 0;

    for (unsigned i = 0; i < LANES_PER_VECTOR; i++)
        sum += value[i];
    return sum;
}

static inline int lanes_any(lanes8 truth)
{
    uint64_t halves[2];

    memcpy(halves, &truth, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}
