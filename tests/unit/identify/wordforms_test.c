/* The table of word forms: what the trainer solves, the identifier must read back, for every word. */
#include "cmocka_all.h"

#include <stdlib.h>

#include "formtable.h"
#include "pipeline/identify/wordforms.h"

enum { SLOTS = 16 * WORDFORMS_SEGMENT, WORDS = SLOTS - SLOTS / 5 };

static uint64_t key_of(uint64_t number)
{
    return ngram_word_key(
        ngram_word_step(ngram_word_step(LETTERS_EDGE, (uint8_t)number), (uint8_t)(number >> 8)) + number);
}

static struct formtable_word *make_words(size_t count)
{
    struct formtable_word *words = calloc(count, sizeof *words);

    assert_non_null(words);
    for (size_t i = 0; i < count; i++)
        words[i] = (struct formtable_word){key_of(i), (uint8_t)(1 + i % 20)};
    return words;
}

static void test_places_lie_in_the_table(void **state)
{
    static const uint32_t slots[] = {WORDFORMS_SEGMENTS_LEAST * WORDFORMS_SEGMENT, SLOTS};

    (void)state;
    for (unsigned s = 0; s < 2; s++)
        for (uint64_t i = 0; i < 100000; i++) {
            struct wordforms_places places = wordforms_find(i < 50000 ? key_of(i) : ~i << 20, slots[s]);

            for (int p = 0; p < 3; p++)
                assert_true(places.at[p] < slots[s]);
            assert_true(places.at[0] != places.at[1] && places.at[1] != places.at[2] &&
                        places.at[0] != places.at[2]);
        }
}

static void test_every_word_gets_its_number(void **state)
{
    struct formtable_word *words = make_words(WORDS);
    uint16_t *table = malloc(SLOTS * sizeof *table);

    (void)state;
    assert_non_null(table);
    assert_int_equal(formtable_solve(words, WORDS, table, SLOTS), 0);
    for (size_t i = 0; i < WORDS; i++) {
        struct wordforms_places places = wordforms_find(words[i].key, SLOTS);

        assert_int_equal(wordforms_row(table, &places), words[i].number);
    }
    free(table);
    free(words);
}

/* A strange word's number is as good as drawn: nearly all have no row. */
static void test_strange_words_seldom_get_a_row(void **state)
{
    struct formtable_word *words = make_words(WORDS);
    uint16_t *table = malloc(SLOTS * sizeof *table);
    unsigned known = 0;

    (void)state;
    assert_non_null(table);
    assert_int_equal(formtable_solve(words, WORDS, table, SLOTS), 0);
    for (uint64_t i = 0; i < 100000; i++) {
        struct wordforms_places places = wordforms_find(key_of(i + (1u << 24)), SLOTS);
        uint32_t row = wordforms_row(table, &places);

        assert_true(row < WORDFORMS_ROWS);
        known += row > 0;
    }
    assert_in_range(known, 300, 480); /* 255 of 65,536 */
    free(table);
    free(words);
}

static void test_too_many_words_are_refused(void **state)
{
    struct formtable_word *words = make_words(SLOTS);
    uint16_t *table = malloc(SLOTS * sizeof *table);

    (void)state;
    assert_non_null(table);
    assert_int_equal(formtable_solve(words, SLOTS, table, SLOTS), -1);
    assert_int_equal(formtable_solve(words, 0, table, SLOTS), 0);
    free(table);
    free(words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_lie_in_the_table),
        cmocka_unit_test(test_every_word_gets_its_number),
        cmocka_unit_test(test_strange_words_seldom_get_a_row),
        cmocka_unit_test(test_too_many_words_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
