/*
 * The arithmetic of the recogniser: every kind of machine must come to the same sums, and the tables to what
 * they stand for.
 */
#include "cmocka_all.h"

#include "pipeline/ocr/matrix.h"
#include "pipeline/ocr/squash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint32_t seed = 12345;

static int8_t any_number(void)
{
    seed = seed * 1664525u + 1013904223u;
    return (int8_t)((int32_t)(seed >> 24) % 128);
}

enum { ROWS = 83, COLUMNS = 41 };

static void fill(struct matrix *matrix, int8_t weights[ROWS][COLUMNS + 1])
{
    assert_true(matrix_new(ROWS, COLUMNS, matrix));
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint32_t i = 0; i <= COLUMNS; i++)
            weights[row][i] = row == 7 ? -127 : row == 8 ? 127 : any_number();
        matrix_set_row(matrix, row, weights[row], 0.5f);
    }
}

static void test_matrix__every_machine_comes_to_the_sums_of_whole_numbers(void **state)
{
    (void)state;
    static int8_t weights[ROWS][COLUMNS + 1];
    int8_t activations[COLUMNS + 3] = {0};
    float sums[96];
    struct matrix matrix;
    fill(&matrix, weights);
    assert_int_equal(matrix_inputs(&matrix), 44);
    assert_int_equal(matrix_outputs(&matrix), 96);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < COLUMNS; i++)
            activations[i] = round == 0 ? 127 : round == 1 ? -127 : any_number();
        for (int speed = matrix.speed; speed >= 0; speed--) {
            struct matrix slower = matrix;
            slower.speed = speed;
            matrix_multiply(&slower, activations, sums);
            for (size_t row = 0; row < ROWS; row++) {
                int32_t sum = weights[row][COLUMNS] * 127;
                for (size_t i = 0; i < COLUMNS; i++)
                    sum += weights[row][i] * activations[i];
                assert_float_equal(sums[row], (float)sum * (0.5f / 127), 0);
            }
        }
    }
    matrix_free(&matrix);
}

static void test_squash__cells_do_what_the_functions_say(void **state)
{
    (void)state;
    enum { CELLS = 19 };
    static struct squash squash;
    squash_fill(&squash);
    for (int slow = 0; slow < 2; slow++) {
        float sums[4 * CELLS], memory[CELLS];
        int8_t given[CELLS];
        squash.wide &= !slow;
        for (size_t i = 0; i < 4 * CELLS; i++)
            sums[i] = (float)any_number() / 20;
        for (size_t i = 0; i < CELLS; i++)
            memory[i] = i == 3 ? 150.0f : (float)any_number() / 40;
        for (size_t i = 0; i < CELLS; i++) {
            float before[CELLS];
            memcpy(before, memory, sizeof(before));
            squash_step(&squash, sums, CELLS, memory, given);
            double in = 1 / (1 + exp(-(double)sums[i + CELLS])),
                   keep = 1 / (1 + exp(-(double)sums[i + 2 * CELLS])),
                   out = 1 / (1 + exp(-(double)sums[i + 3 * CELLS]));
            double held = fmin(100, (double)before[i] * keep + tanh((double)sums[i]) * in);
            assert_float_equal(memory[i], held, 0.001);
            assert_in_range(given[i] + 128, (int)round(127 * tanh(held) * out) + 127,
                            (int)round(127 * tanh(held) * out) + 129);
            memcpy(memory, before, sizeof(before));
        }
    }
}

static void test_squash__no_sum_is_too_large(void **state)
{
    (void)state;
    static struct squash squash;
    squash_fill(&squash);
    float sums[] = {0, 1e30f, -1e30f, HUGE_VALF, -HUGE_VALF, 0.3f};
    int8_t given[6];
    squash_tanh(&squash, sums, 6, given);
    assert_int_equal(given[0], 0);
    assert_int_equal(given[1], 127);
    assert_int_equal(given[2], -127);
    assert_int_equal(given[3], 127);
    assert_int_equal(given[4], -127);
    assert_int_equal(given[5], 37);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matrix__every_machine_comes_to_the_sums_of_whole_numbers),
        cmocka_unit_test(test_squash__cells_do_what_the_functions_say),
        cmocka_unit_test(test_squash__no_sum_is_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
