/*
 * Which model's word stands where in a line that mixes scripts, on readings as Debian's models gave them.
 */
#include "cmocka_all.h"

#include "pipeline/ocr/letter_three.h"
#include "pipeline/ocr/mixture.h"

#include <string.h>

struct given {
    const char *text;
    uint32_t left, right;
    uint16_t confidence;
    bool known;
};

static struct recognised line_of(const struct given *words, size_t count)
{
    struct recognised line = {.size = 0};
    for (size_t i = 0; i < count; i++) {
        struct recognised_word word = {.left = words[i].left,
                                       .right = words[i].right,
                                       .confidence = words[i].confidence,
                                       .known = words[i].known};
        mixture_append(&line, span_of(words[i].text), &word);
    }
    line.confidence = mixture_confidence(&line);
    return line;
}

#define LINE(...)                                                                                            \
    line_of((const struct given[]){__VA_ARGS__},                                                             \
            sizeof((const struct given[]){__VA_ARGS__}) / sizeof(struct given))

static void assert_text(const struct recognised *line, const char *text)
{
    assert_int_equal(line->size, strlen(text));
    assert_memory_equal(line->text, text, line->size);
}

static void test_mixture__words_come_from_the_reading_that_knows_them(void **state)
{
    (void)state;
    struct recognised line = LINE({"Ваш", 8, 51, 964, true}, {"сервер", 68, 156, 917, true},
                                  {"Араспе", 173, 262, 904, false}, {"устарел", 279, 382, 965, true});
    struct recognised latin = LINE({"Bali", 8, 51, 806, true}, {"cepBep", 68, 156, 892, false},
                                   {"Apache", 173, 262, 932, true}, {"ycTapen", 279, 382, 906, false});
    struct mixture_reading readings[] = {
        {&line, MODEL_CYRILLIC}, {NULL, MODEL_CYRILLIC}, {&latin, MODEL_LATIN}};
    struct recognised woven;
    assert_true(mixture_weave(readings, 3, 0, &woven));
    assert_text(&woven, "Ваш сервер Apache устарел");
}

static void test_mixture__look_alikes_stay_in_the_script_of_the_line(void **state)
{
    (void)state;
    struct recognised line = LINE({"у", 8, 20, 905, true}, {"нас", 30, 70, 880, true});
    struct recognised latin = LINE({"y", 8, 20, 966, true}, {"Hac", 30, 70, 968, false});
    struct mixture_reading readings[] = {{&line, MODEL_CYRILLIC}, {&latin, MODEL_LATIN}};
    struct recognised woven;
    assert_false(mixture_weave(readings, 2, 0, &woven));
}

static void test_mixture__a_name_in_no_list_stays_when_the_other_script_is_no_surer(void **state)
{
    (void)state;
    struct recognised line = LINE({"Ковтун", 8, 90, 915, false}, {"прийшов", 100, 190, 966, true});
    struct recognised latin = LINE({"KoBTyH", 8, 90, 940, false}, {"npuňwoe", 100, 190, 300, false});
    struct mixture_reading readings[] = {{&line, MODEL_CYRILLIC}, {&latin, MODEL_LATIN}};
    struct recognised woven;
    assert_false(mixture_weave(readings, 2, 0, &woven));
}

static void test_mixture__a_doubted_stretch_takes_its_unknown_neighbours_along(void **state)
{
    (void)state;
    struct recognised line =
        LINE({"Привет", 8, 85, 966, true}, {"от", 92, 114, 930, true}, {"Наск", 122, 173, 713, false},
             {"Рох", 182, 215, 694, false}, {"и", 223, 234, 920, true});
    struct mixture_stretch stretch;
    assert_true(mixture_doubted(&line, 250, &stretch));
    assert_int_equal(stretch.from, 2);
    assert_int_equal(stretch.to, 4);
    assert_int_equal(stretch.left, 118);
    assert_int_equal(stretch.right, 219);
    struct recognised latin = LINE({"Black", 122, 173, 962, true}, {"Fox", 182, 215, 962, true});
    assert_true(mixture_patch(&line, &stretch, &latin));
    assert_text(&line, "Привет от Black Fox и");
    assert_false(mixture_doubted(&line, 250, &stretch));
}

static void test_mixture__a_short_word_of_either_script_follows_its_neighbour(void **state)
{
    (void)state;
    struct recognised line =
        LINE({"Наскей", 2, 72, 700, false}, {"Бу", 78, 104, 944, true}, {"Вовча", 110, 166, 969, true});
    struct mixture_stretch stretch;
    assert_true(mixture_doubted(&line, 200, &stretch));
    assert_int_equal(stretch.from, 0);
    assert_int_equal(stretch.to, 2);
    struct recognised unsure = LINE({"Haske", 2, 72, 600, false}, {"by", 78, 104, 969, true});
    assert_false(mixture_patch(&line, &stretch, &unsure));
    struct recognised latin = LINE({"Hacked", 2, 72, 969, true}, {"by", 78, 104, 969, true});
    assert_true(mixture_patch(&line, &stretch, &latin));
    assert_text(&line, "Hacked by Вовча");
}

static void test_mixture__words_parted_otherwise_are_taken_together_or_not(void **state)
{
    (void)state;
    struct recognised line = LINE({"Смотрите", 8, 114, 932, true}, {"ПЕЁр:", 130, 190, 149, false},
                                  {"//ифес", 197, 383, 79, false});
    struct mixture_stretch stretch;
    assert_true(mixture_doubted(&line, 400, &stretch));
    struct recognised nonsense = LINE({"hllp:/l", 130, 383, 400, false});
    assert_false(mixture_patch(&line, &stretch, &nonsense));
    struct recognised address = LINE({"http://utechka.info", 130, 383, 902, false});
    assert_true(mixture_patch(&line, &stretch, &address));
    assert_text(&line, "Смотрите http://utechka.info");
}

static void test_mixture__a_three_before_a_number_is_the_word_it_looks_like(void **state)
{
    (void)state;
    struct recognised line =
        LINE({"3", 0, 8, 950, false}, {"5", 14, 20, 950, false}, {"березня", 26, 90, 960, true});
    letter_three_mend(&line);
    assert_text(&line, "З 5 березня");
    assert_int_equal(line.word_count, 3);
    line = LINE({"3", 0, 8, 950, false}, {"березня", 26, 90, 960, true}, {"по", 96, 108, 950, true});
    letter_three_mend(&line);
    assert_text(&line, "3 березня по");
    line = LINE({"1", 0, 8, 950, false}, {"3", 14, 20, 950, false}, {"5", 26, 32, 950, false},
                {"разів", 40, 80, 960, true});
    letter_three_mend(&line);
    assert_text(&line, "1 3 5 разів");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mixture__words_come_from_the_reading_that_knows_them),
        cmocka_unit_test(test_mixture__look_alikes_stay_in_the_script_of_the_line),
        cmocka_unit_test(test_mixture__a_name_in_no_list_stays_when_the_other_script_is_no_surer),
        cmocka_unit_test(test_mixture__a_doubted_stretch_takes_its_unknown_neighbours_along),
        cmocka_unit_test(test_mixture__a_short_word_of_either_script_follows_its_neighbour),
        cmocka_unit_test(test_mixture__words_parted_otherwise_are_taken_together_or_not),
        cmocka_unit_test(test_mixture__a_three_before_a_number_is_the_word_it_looks_like),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
