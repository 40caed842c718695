/*
 * Thousands of these functions are asked for every column of a strip, so they are tables with straight lines
 * between their values, and eight cells are taken at once where the machine can.
 */
#include "pipeline/ocr/squash.h"

#include <math.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { MOST_HELD = 100 /* by a cell */ };

void squash_fill(struct squash *ret_squash)
{
    for (int i = 0; i <= SQUASH_STEPS; i++) {
        ret_squash->tanh[i] = (float)tanh((double)i / SQUASH_PER_ONE);
        ret_squash->logistic[i] = (float)(1 / (1 + exp(-(double)i / SQUASH_PER_ONE)));
    }
    ret_squash->wide = false;
#ifdef __x86_64__
    ret_squash->wide = __builtin_cpu_supports("avx2");
#endif
}

static inline float between(const float *table, float size)
{
    const float most = SQUASH_STEPS - 1;
    float at = size * SQUASH_PER_ONE;
    at = at < most ? at : most;
    int32_t index = (int32_t)at;
    return table[index] + (table[index + 1] - table[index]) * (at - (float)index);
}

static inline float tanh_of(const struct squash *squash, float sum)
{
    return copysignf(between(squash->tanh, fabsf(sum)), sum);
}

static inline float logistic_of(const struct squash *squash, float sum)
{
    float value = between(squash->logistic, fabsf(sum));
    return sum < 0 ? 1 - value : value;
}

static inline int8_t activation(float value)
{
    return (int8_t)(int32_t)(value * 127 + copysignf(0.5f, value));
}

/* The cells from `first` on. */
static void step(const struct squash *squash, const float *sums, size_t first, size_t count, float *state,
                 int8_t *activations)
{
    const float most = MOST_HELD;
    for (size_t i = first; i < count; i++) {
        float held = state[i] * logistic_of(squash, sums[i + 2 * count]) +
                     tanh_of(squash, sums[i]) * logistic_of(squash, sums[i + count]);
        held = held > most ? most : held;
        held = held < -most ? -most : held;
        state[i] = held;
        activations[i] = activation(tanh_of(squash, held) * logistic_of(squash, sums[i + 3 * count]));
    }
}

#ifdef __x86_64__

#define WIDE_TARGET __attribute__((target("avx2")))
#define SIGN_BITS   _mm256_set1_ps(-0.0f)

WIDE_TARGET static inline __m256 between_eight(const float *table, __m256 sums)
{
    __m256 sizes = _mm256_andnot_ps(SIGN_BITS, sums);
    __m256 at =
        _mm256_min_ps(_mm256_mul_ps(sizes, _mm256_set1_ps(SQUASH_PER_ONE)), _mm256_set1_ps(SQUASH_STEPS - 1));
    __m256i index = _mm256_cvttps_epi32(at);
    __m256 first = _mm256_i32gather_ps(table, index, 4), second = _mm256_i32gather_ps(table + 1, index, 4);
    __m256 part = _mm256_sub_ps(at, _mm256_cvtepi32_ps(index));
    return _mm256_add_ps(first, _mm256_mul_ps(_mm256_sub_ps(second, first), part));
}

WIDE_TARGET static inline __m256 tanh_eight(const struct squash *squash, __m256 sums)
{
    return _mm256_or_ps(between_eight(squash->tanh, sums), _mm256_and_ps(SIGN_BITS, sums));
}

WIDE_TARGET static inline __m256 logistic_eight(const struct squash *squash, __m256 sums)
{
    __m256 values = between_eight(squash->logistic, sums);
    return _mm256_blendv_ps(values, _mm256_sub_ps(_mm256_set1_ps(1), values), sums);
}

WIDE_TARGET static inline void store_eight(__m256 values, int8_t *activations)
{
    __m256 half = _mm256_or_ps(_mm256_set1_ps(0.5f), _mm256_and_ps(SIGN_BITS, values));
    __m256i whole = _mm256_cvttps_epi32(_mm256_add_ps(_mm256_mul_ps(values, _mm256_set1_ps(127)), half));
    __m128i shorts = _mm_packs_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
    _mm_storel_epi64((__m128i *)(void *)activations, _mm_packs_epi16(shorts, shorts));
}

/* As step(), for the cells from 0 to a multiple of eight. */
WIDE_TARGET static size_t step_wide(const struct squash *squash, const float *sums, size_t count,
                                    float *state, int8_t *activations)
{
    const __m256 most = _mm256_set1_ps(MOST_HELD), least = _mm256_set1_ps(-MOST_HELD);
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        __m256 new = _mm256_mul_ps(tanh_eight(squash, _mm256_loadu_ps(sums + i)),
                                   logistic_eight(squash, _mm256_loadu_ps(sums + i + count)));
        __m256 kept = _mm256_mul_ps(_mm256_loadu_ps(state + i),
                                    logistic_eight(squash, _mm256_loadu_ps(sums + i + 2 * count)));
        __m256 held = _mm256_max_ps(_mm256_min_ps(_mm256_add_ps(kept, new), most), least);
        _mm256_storeu_ps(state + i, held);
        __m256 gate = logistic_eight(squash, _mm256_loadu_ps(sums + i + 3 * count));
        store_eight(_mm256_mul_ps(tanh_eight(squash, held), gate), activations + i);
    }
    return i;
}

#endif

void squash_tanh(const struct squash *squash, const float *sums, size_t count, int8_t *ret_activations)
{
    for (size_t i = 0; i < count; i++)
        ret_activations[i] = activation(tanh_of(squash, sums[i]));
}

void squash_step(const struct squash *squash, const float *sums, size_t count, float *state,
                 int8_t *ret_activations)
{
    size_t done = 0;
#ifdef __x86_64__
    if (squash->wide)
        done = step_wide(squash, sums, count, state, ret_activations);
#endif
    step(squash, sums, done, count, state, ret_activations);
}
