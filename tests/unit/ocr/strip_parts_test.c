/*
 * What is taken out of a strip, where it is parted and where its words end, on strips drawn as one row of
 * text: '#' is ink, '+' the pale rim of a letter, ' ' paper.
 */
#include "cmocka_all.h"

#include "pipeline/ocr/strip_parts.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 3 };

static uint8_t grey_of(char drawn)
{
    return drawn == '#' ? 20 : drawn == '+' ? 180 : 255;
}

/* The drawing stands in the middle row of three. Owned by the caller: free its pixels. */
static struct strip strip_of(const char *drawn)
{
    uint32_t width = (uint32_t)strlen(drawn);
    struct strip strip = {.width = width, .height = ROWS, .stride = width, .grey = malloc(width * ROWS)};
    assert_non_null(strip.grey);
    memset(strip.grey, 255, width * ROWS);
    for (uint32_t x = 0; x < width; x++)
        strip.grey[width + x] = grey_of(drawn[x]);
    return strip;
}

static void assert_drawn(const struct strip *strip, const char *drawn)
{
    assert_int_equal(strip->width, strlen(drawn));
    for (uint32_t x = 0; x < strip->width; x++) {
        assert_int_equal(strip->grey[x], 255);
        assert_int_equal(strip->grey[strip->stride + x], grey_of(drawn[x]));
        assert_int_equal(strip->grey[2 * strip->stride + x], 255);
    }
}

static void assert_tight(const char *given, const char *tight)
{
    struct strip strip = strip_of(given);
    strip_parts_tighten(&strip);
    assert_drawn(&strip, tight);
    free(strip.grey);
}

static void test_strip_parts__nothing_but_a_margin_stays_beside_the_text(void **state)
{
    (void)state;
    assert_tight("      ##+##     ", "  ##+##  ");
    assert_tight(" ## ##", " ## ##");
    assert_tight("        ", "        ");
}

static void test_strip_parts__letters_that_are_spaced_wide_come_close_and_words_stay_apart(void **state)
{
    (void)state;
    assert_tight("#        #        #        #                #        #        #",
                 "#   #   #   #           #   #   #");
    assert_tight("#    #    #    #            #    #    #", "#    #    #    #            #    #    #");
    assert_tight("#        #        #", "#        #        #"); /* too few to tell */
}

static void test_strip_parts__a_wide_blank_loses_its_middle_and_keeps_the_rims(void **state)
{
    (void)state;
    assert_tight("##+                    +##", "##+            +##");
    assert_tight("##              ##", "##              ##");
}

static void test_strip_parts__a_part_begins_where_its_ink_does(void **state)
{
    (void)state;
    struct strip strip = strip_of("###      ##    ##     ###"), part;
    uint32_t left;
    part = strip_parts_cut(&strip, 4, 19, &left);
    assert_int_equal(left, 7);
    assert_drawn(&part, "  ##    ##  ");
    part = strip_parts_cut(&strip, 4, 8, &left);
    assert_int_equal(left, 4);
    assert_int_equal(part.width, 4);
    free(strip.grey);
}

static struct recognised line_of(uint32_t first_right, uint32_t second_left)
{
    struct recognised line = {.word_count = 2};
    line.words[0] = (struct recognised_word){.left = 0, .right = first_right};
    line.words[1] = (struct recognised_word){.left = second_left, .right = 20};
    return line;
}

static void test_strip_parts__words_end_at_the_widest_blank_between_them(void **state)
{
    (void)state;
    struct strip strip = strip_of("## # ##    # ### # ##");
    struct recognised line = line_of(4, 5);
    strip_parts_settle(&strip, &line);
    assert_int_equal(line.words[0].right, 7);
    assert_int_equal(line.words[1].left, 11);
    assert_int_equal(line.words[0].left, 0);
    assert_int_equal(line.words[1].right, 20);
    free(strip.grey);
}

static void test_strip_parts__a_word_said_to_be_all_of_the_line_ends_before_the_next(void **state)
{
    (void)state;
    struct strip strip = strip_of("#######    ##########");
    struct recognised line = line_of(20, 10);
    strip_parts_settle(&strip, &line);
    assert_int_equal(line.words[0].right, 7);
    assert_int_equal(line.words[1].left, 11);
    free(strip.grey);
}

static void test_strip_parts__words_without_a_blank_between_stay(void **state)
{
    (void)state;
    struct strip strip = strip_of("#####################");
    struct recognised line = line_of(9, 11);
    strip_parts_settle(&strip, &line);
    assert_int_equal(line.words[0].right, 9);
    assert_int_equal(line.words[1].left, 11);
    line = line_of(400, 300);
    strip_parts_settle(&strip, &line);
    assert_int_equal(line.words[1].left, 300);
    free(strip.grey);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strip_parts__nothing_but_a_margin_stays_beside_the_text),
        cmocka_unit_test(test_strip_parts__letters_that_are_spaced_wide_come_close_and_words_stay_apart),
        cmocka_unit_test(test_strip_parts__a_wide_blank_loses_its_middle_and_keeps_the_rims),
        cmocka_unit_test(test_strip_parts__a_part_begins_where_its_ink_does),
        cmocka_unit_test(test_strip_parts__words_end_at_the_widest_blank_between_them),
        cmocka_unit_test(test_strip_parts__a_word_said_to_be_all_of_the_line_ends_before_the_next),
        cmocka_unit_test(test_strip_parts__words_without_a_blank_between_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
