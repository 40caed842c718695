/*
 * Nearly all of the time that reading takes goes into these products. A vector of activations is multiplied
 * with sixteen rows at once, four columns at a time, as the widest instructions take them; sums are whole
 * numbers, so that every machine comes to the same result. The widest one takes activations without a sign:
 * they are raised by 128, and what that adds to each row is taken off beforehand.
 */
#include "pipeline/ocr/matrix.h"

#include <stdlib.h>
#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { FULL = 127 /* the activation that stands for 1 */, RAISED = 128 };
enum { PLAIN, WIDE, WIDEST };

static int machine_speed(void)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
        return WIDEST;
    if (__builtin_cpu_supports("avx2"))
        return WIDE;
#endif
    return PLAIN;
}

bool matrix_new(uint32_t rows, uint32_t columns, struct matrix *ret_matrix)
{
    struct matrix matrix = {.rows = rows, .columns = columns, .speed = machine_speed()};
    uint32_t outputs = matrix_outputs(&matrix);
    matrix.weights = aligned_alloc(64, (size_t)outputs * matrix_inputs(&matrix));
    matrix.bias = calloc(outputs, sizeof(*matrix.bias));
    matrix.offset = calloc(outputs, sizeof(*matrix.offset));
    matrix.scale = calloc(outputs, sizeof(*matrix.scale));
    if (!matrix.weights || !matrix.bias || !matrix.offset || !matrix.scale) {
        matrix_free(&matrix);
        return false;
    }
    memset(matrix.weights, 0, (size_t)outputs * matrix_inputs(&matrix));
    *ret_matrix = matrix;
    return true;
}

void matrix_free(struct matrix *matrix)
{
    free(matrix->weights);
    free(matrix->bias);
    free(matrix->offset);
    free(matrix->scale);
    *matrix = (struct matrix){.rows = 0};
}

void matrix_set_row(struct matrix *matrix, uint32_t row, const int8_t *weights, float value)
{
    int8_t *block = matrix->weights + (size_t)(row / MATRIX_LANES) * MATRIX_LANES * matrix_inputs(matrix);
    int32_t sum = 0;
    for (uint32_t i = 0; i < matrix->columns; i++) {
        uint32_t group = i / MATRIX_INPUTS * MATRIX_LANES + row % MATRIX_LANES;
        block[group * MATRIX_INPUTS + i % MATRIX_INPUTS] = weights[i];
        sum += weights[i];
    }
    matrix->bias[row] = weights[matrix->columns] * FULL;
    matrix->offset[row] = matrix->bias[row] - sum * RAISED;
    matrix->scale[row] = value / FULL;
}

/* ---- products -------------------------------------------------------------------------------------------
 */

static void multiply_plain(const struct matrix *matrix, const int8_t *activations, float *sums)
{
    uint32_t inputs = matrix_inputs(matrix);
    for (uint32_t row = 0; row < matrix_outputs(matrix); row++) {
        const int8_t *block = matrix->weights + (size_t)(row / MATRIX_LANES) * MATRIX_LANES * inputs +
                              (size_t)(row % MATRIX_LANES) * MATRIX_INPUTS;
        int32_t sum = matrix->bias[row];
        for (uint32_t i = 0; i < inputs; i += MATRIX_INPUTS, block += MATRIX_LANES * MATRIX_INPUTS)
            for (uint32_t j = 0; j < MATRIX_INPUTS; j++)
                sum += block[j] * activations[i + j];
        sums[row] = (float)sum * matrix->scale[row];
    }
}

#ifdef __x86_64__

static inline int32_t four(const int8_t *activations)
{
    int32_t four;
    memcpy(&four, activations, sizeof(four));
    return four;
}

/* Eight sums: a product of two numbers without the sign of the first, which goes to the second. */
__attribute__((target("avx2"))) static inline __m256i add_eight(__m256i sum, __m256i sized, __m256i signs,
                                                                const int8_t *weights)
{
    __m256i signed_weights =
        _mm256_sign_epi8(_mm256_load_si256((const __m256i *)(const void *)weights), signs);
    __m256i pairs = _mm256_maddubs_epi16(sized, signed_weights);
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

__attribute__((target("avx2"))) static void multiply_wide(const struct matrix *matrix,
                                                          const int8_t *activations, float *sums)
{
    uint32_t inputs = matrix_inputs(matrix), outputs = matrix_outputs(matrix);
    const int8_t *weights = matrix->weights;
    for (uint32_t row = 0; row < outputs; row += MATRIX_LANES) {
        __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)(matrix->bias + row));
        __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(matrix->bias + row + 8));
        for (uint32_t i = 0; i < inputs; i += MATRIX_INPUTS, weights += MATRIX_LANES * MATRIX_INPUTS) {
            __m256i signs = _mm256_set1_epi32(four(activations + i)), sized = _mm256_abs_epi8(signs);
            low = add_eight(low, sized, signs, weights);
            high = add_eight(high, sized, signs, weights + 32);
        }
        _mm256_storeu_ps(sums + row,
                         _mm256_mul_ps(_mm256_cvtepi32_ps(low), _mm256_loadu_ps(matrix->scale + row)));
        _mm256_storeu_ps(sums + row + 8,
                         _mm256_mul_ps(_mm256_cvtepi32_ps(high), _mm256_loadu_ps(matrix->scale + row + 8)));
    }
}

#define WIDEST_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))

WIDEST_TARGET static inline void store_sixteen(const struct matrix *matrix, uint32_t row, __m512i sum,
                                               float *sums)
{
    sum = _mm512_add_epi32(sum, _mm512_loadu_si512(matrix->offset + row));
    _mm512_storeu_ps(sums + row,
                     _mm512_mul_ps(_mm512_cvtepi32_ps(sum), _mm512_loadu_ps(matrix->scale + row)));
}

/* Four blocks of rows at a time: a sum is ready for the next addition only four steps later. */
WIDEST_TARGET static void multiply_widest(const struct matrix *matrix, const int8_t *activations, float *sums)
{
    uint32_t inputs = matrix_inputs(matrix), outputs = matrix_outputs(matrix), row = 0;
    size_t block = (size_t)MATRIX_LANES * inputs;
    for (; row + 4 * MATRIX_LANES <= outputs; row += 4 * MATRIX_LANES) {
        const int8_t *weights = matrix->weights + (size_t)row * inputs;
        __m512i sum[4] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(),
                          _mm512_setzero_si512()};
        for (uint32_t i = 0; i < inputs; i += MATRIX_INPUTS, weights += MATRIX_LANES * MATRIX_INPUTS) {
            __m512i raised = _mm512_set1_epi32(four(activations + i) ^ (int32_t)0x80808080);
            for (size_t k = 0; k < 4; k++)
                sum[k] = _mm512_dpbusd_epi32(sum[k], raised, _mm512_load_si512(weights + k * block));
        }
        for (uint32_t k = 0; k < 4; k++)
            store_sixteen(matrix, row + k * MATRIX_LANES, sum[k], sums);
    }
    for (; row < outputs; row += MATRIX_LANES) {
        const int8_t *weights = matrix->weights + (size_t)row * inputs;
        __m512i sum = _mm512_setzero_si512();
        for (uint32_t i = 0; i < inputs; i += MATRIX_INPUTS, weights += MATRIX_LANES * MATRIX_INPUTS)
            sum = _mm512_dpbusd_epi32(sum, _mm512_set1_epi32(four(activations + i) ^ (int32_t)0x80808080),
                                      _mm512_load_si512(weights));
        store_sixteen(matrix, row, sum, sums);
    }
}

#endif

void matrix_multiply(const struct matrix *matrix, const int8_t *activations, float *ret_sums)
{
#ifdef __x86_64__
    if (matrix->speed == WIDEST) {
        multiply_widest(matrix, activations, ret_sums);
        return;
    }
    if (matrix->speed == WIDE) {
        multiply_wide(matrix, activations, ret_sums);
        return;
    }
#endif
    multiply_plain(matrix, activations, ret_sums);
}
