/* A layer's weights, eight bits each, and their product with a vector of eight-bit activations. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MATRIX_LANES = 16,  /* rows that are multiplied at once */
    MATRIX_INPUTS = 4,  /* activations that are multiplied at once: vectors are padded with zeros to them */
    MATRIX_MOST = 65536 /* rows, and columns */
};

/** Rows are rounded up to MATRIX_LANES, columns to MATRIX_INPUTS. */
struct matrix {
    uint32_t rows;    /**< as in the file */
    uint32_t columns; /**< without that of the bias */
    int8_t *weights;  /**< blocks of MATRIX_LANES rows; in each, MATRIX_INPUTS columns of all rows follow */
    int32_t *bias;    /**< one a row: what is added to the sum */
    int32_t *offset;  /**< one a row: the same, for activations that are raised by 128 */
    float *scale;     /**< one a row: what the sum is multiplied with */
    int speed;        /**< which instructions the machine has */
};

/** How many numbers matrix_multiply() takes and gives. */
static inline uint32_t matrix_inputs(const struct matrix *matrix)
{
    return (matrix->columns + MATRIX_INPUTS - 1) / MATRIX_INPUTS * MATRIX_INPUTS;
}

static inline uint32_t matrix_outputs(const struct matrix *matrix)
{
    return (matrix->rows + MATRIX_LANES - 1) / MATRIX_LANES * MATRIX_LANES;
}

/** Makes room for `rows` × `columns` weights, all of them 0. False for want of memory. */
bool matrix_new(uint32_t rows, uint32_t columns, struct matrix *ret_matrix);

/** Sets one row: `columns` weights, the bias behind them, and the value of a weight of 1. */
void matrix_set_row(struct matrix *matrix, uint32_t row, const int8_t *weights, float value);

void matrix_free(struct matrix *matrix);

/** `activations` are matrix_inputs() of -127 to 127 for -1 to 1, `ret_sums` matrix_outputs(). */
void matrix_multiply(const struct matrix *matrix, const int8_t *activations, float *ret_sums);
