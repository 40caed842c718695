/*
 * What of two readings of one line stands. Words are given as text, confidence, known or not, and their
 * columns.
 */
#include "cmocka_all.h"

#include "pipeline/ocr/mixture.h"
#include "pipeline/ocr/second_look.h"

#include <string.h>

static void add(struct recognised *line, const char *text, uint16_t confidence, bool known, uint32_t left,
                uint32_t right)
{
    struct recognised_word word = {.left = left, .right = right, .confidence = confidence, .known = known};
    mixture_append(line, span_of(text), &word);
    line->confidence = mixture_confidence(line);
}

static void assert_text(const struct recognised *line, const char *text)
{
    assert_int_equal(line->size, strlen(text));
    assert_memory_equal(line->text, text, line->size);
}

static void test_second_look__only_what_is_doubted_is_looked_at_again(void **state)
{
    (void)state;
    struct recognised line = {.size = 0};
    assert_false(second_look_needed(&line));
    add(&line, "Wasze", 950, true, 0, 50);
    add(&line, "9:00", 930, false, 60, 90);
    add(&line, "w", 930, false, 100, 105);
    assert_false(second_look_needed(&line));
    add(&line, "atajemnice", 950, false, 110, 190);
    assert_true(second_look_needed(&line));
    line = (struct recognised){.size = 0};
    add(&line, "Wasze", 899, true, 0, 50);
    assert_true(second_look_needed(&line));
}

static void test_second_look__each_word_is_taken_from_the_surer_reading(void **state)
{
    (void)state;
    struct recognised line = {.size = 0}, other = {.size = 0};
    add(&line, "Вицмание", 700, false, 2, 98);
    add(&line, "Этот", 950, true, 110, 150);
    add(&other, "Внимание", 900, true, 4, 196);
    add(&other, "3тот", 800, false, 220, 300);
    assert_true(second_look_join(&other, 304, 152, &line));
    assert_text(&line, "Внимание Этот");
    assert_int_equal(line.words[0].left, 2);
    assert_int_equal(line.words[0].right, 98);
    assert_int_equal(line.confidence, mixture_confidence(&line));
    assert_false(second_look_join(&other, 304, 152, &line));
}

static void test_second_look__words_that_are_parted_otherwise_are_compared_together(void **state)
{
    (void)state;
    struct recognised line = {.size = 0}, other = {.size = 0};
    add(&line, "взломан", 950, true, 0, 80);
    add(&line, "втри", 940, false, 90, 130);
    add(&line, "часа", 950, true, 140, 180);
    add(&other, "взлонан", 800, false, 0, 80);
    add(&other, "в", 930, true, 90, 96);
    add(&other, "три", 940, true, 102, 130);
    add(&other, "часа", 950, true, 140, 180);
    assert_true(second_look_join(&other, 182, 182, &line));
    assert_text(&line, "взломан в три часа");
    assert_int_equal(line.word_count, 4);
}

/* As two models read a line of 16 pixels: the second one was wrong about where the first word ends. */
static void test_second_look__a_thin_word_stands_once(void **state)
{
    (void)state;
    struct recognised line = {.size = 0}, other = {.size = 0};
    add(&line, "мережі.", 942, true, 174, 252);
    add(&line, "Бійтеся", 921, false, 261, 337);
    add(&line, "і", 917, true, 346, 367);
    add(&line, "чекайте", 969, true, 370, 441);
    add(&other, "мережі,", 900, true, 191, 277);
    add(&other, "Бійтеся", 925, false, 289, 333);
    add(&other, "і", 967, true, 336, 370);
    add(&other, "чекайте", 966, true, 381, 486);
    second_look_join(&other, 486, 443, &line);
    assert_text(&line, "мережі. Бійтеся і чекайте");
}

static void test_second_look__readings_without_a_common_place_are_taken_whole(void **state)
{
    (void)state;
    struct recognised line = {.size = 0}, other = {.size = 0}, none = {.size = 0};
    add(&line, "abc", 500, false, 0, 30);
    add(&line, "def", 500, false, 40, 99);
    add(&other, "abcd", 800, false, 0, 70);
    add(&other, "ef", 800, false, 80, 99);
    struct recognised copy = line;
    assert_false(second_look_join(&none, 100, 100, &copy));
    assert_true(second_look_join(&other, 100, 100, &copy));
    assert_text(&copy, "abcd ef");
    assert_true(second_look_join(&line, 100, 100, &none));
    assert_text(&none, "abc def");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_second_look__only_what_is_doubted_is_looked_at_again),
        cmocka_unit_test(test_second_look__each_word_is_taken_from_the_surer_reading),
        cmocka_unit_test(test_second_look__words_that_are_parted_otherwise_are_compared_together),
        cmocka_unit_test(test_second_look__a_thin_word_stands_once),
        cmocka_unit_test(test_second_look__readings_without_a_common_place_are_taken_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
