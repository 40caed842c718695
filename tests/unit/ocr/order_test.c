/* In which order lines are read: pieces of a row, columns, and one under the other. */
#include "cmocka_all.h"

#include "pipeline/ocr/order.h"

enum { LINES = 8 };

/* `expected` names the lines by the first letter of their text, blocks parted by a blank. */
static void assert_order(const struct picture_line *given, size_t count, const char *expected)
{
    struct picture_line lines[LINES];
    char order[2 * LINES + 1] = "";
    size_t size = 0;
    memcpy(lines, given, count * sizeof(*lines));
    assert_true(order_lines(lines, count));
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && lines[i].block != lines[i - 1].block)
            order[size++] = ' ';
        order[size++] = lines[i].text.at[0];
    }
    assert_string_equal(order, expected);
}

#define LINE(name, left, top, wide, high)                                                                    \
    {                                                                                                        \
        .text = SPAN_CONSTANT(name), .x = (left), .y = (top), .width = (wide), .height = (high)              \
    }

static void test_order__a_piece_of_a_row_stays_in_its_row(void **state)
{
    (void)state;
    static const struct picture_line lines[] = {LINE("a", 40, 33, 697, 30), LINE("c", 263, 90, 513, 30),
                                                LINE("d", 43, 147, 774, 30), LINE("b", 42, 97, 187, 22)};
    assert_order(lines, 4, "abcd");
}

static void test_order__two_columns_are_read_one_after_the_other(void **state)
{
    (void)state;
    static const struct picture_line lines[] = {LINE("a", 40, 40, 179, 17), LINE("c", 240, 40, 149, 17),
                                                LINE("b", 40, 66, 171, 17), LINE("d", 240, 66, 146, 17)};
    assert_order(lines, 4, "ab cd");
}

static void test_order__what_stands_far_off_in_the_row_is_a_block_of_its_own(void **state)
{
    (void)state;
    static const struct picture_line lines[] = {LINE("b", 600, 40, 90, 17), LINE("a", 40, 40, 179, 17)};
    assert_order(lines, 2, "a b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order__a_piece_of_a_row_stays_in_its_row),
        cmocka_unit_test(test_order__two_columns_are_read_one_after_the_other),
        cmocka_unit_test(test_order__what_stands_far_off_in_the_row_is_a_block_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
