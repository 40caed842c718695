/* Spans, buffers, arenas and UTF-8: what everything else stands on. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/outcome.h"
#include "base/percents.h"
#include "base/utf8.h"

#include "unit/cmocka_all.h"

static void test_span__cut_is_clipped(void **state)
{
    (void)state;
    struct span text = SPAN("варта");
    assert_int_equal(span_cut(text, 2, 4).size, 2);
    assert_int_equal(span_cut(text, 4, 100).size, 6);
    assert_int_equal(span_cut(text, 50, 100).size, 0);
    assert_int_equal(span_cut(text, 4, 2).size, 0);
    assert_int_equal(span_cut((struct span){NULL, 0}, 0, 5).size, 0);
}

static void test_percents__add_up(void **state)
{
    (void)state;
    static const double shares[][4] = {
        {0.36, 0.33, 0.31, 0}, {0.335, 0.335, 0.33, 0}, {0.996, 0.004, 0, 0}, {0.255, 0.255, 0.245, 0.245}};
    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
        struct percents percents = {0};
        int sum = 0;
        for (size_t j = 0; j < 4; j++) {
            int percent = percents_next(&percents, shares[i][j]);
            assert_true(percent > shares[i][j] * 100 - 1 && percent < shares[i][j] * 100 + 1);
            sum += percent;
        }
        assert_int_equal(sum, 100);
    }
}

static void test_span__find_and_compare(void **state)
{
    (void)state;
    struct span text = SPAN("Content-Type: text/html");
    assert_int_equal(span_find(text, SPAN(": "), 0), 12);
    assert_int_equal(span_find(text, SPAN("nothing"), 0), text.size);
    assert_int_equal(span_find_nocase(text, SPAN("TEXT/"), 0), 14);
    assert_int_equal(span_find(SPAN("aab"), SPAN("ab"), 0), 1);
    assert_true(span_equal_nocase(SPAN("ETag"), SPAN("etag")));
    assert_false(span_equal_nocase(SPAN("ETag"), SPAN("etags")));
    assert_true(span_starts(text, SPAN("Content")));
    assert_true(span_ends(text, SPAN("html")));
    assert_false(span_ends(SPAN("l"), SPAN("html")));
    assert_true(span_compare(SPAN("ab"), SPAN("abc")) < 0);
    assert_true(span_compare(SPAN("b"), SPAN("abc")) > 0);
    assert_int_equal(span_compare(SPAN("abc"), SPAN("abc")), 0);
}

static void test_span__next_gives_every_piece(void **state)
{
    (void)state;
    struct span rest = SPAN("a,,b");
    struct span piece;
    const char *const wanted[] = {"a", "", "b"};
    size_t count = 0;
    while (span_next(&rest, ',', &piece))
        assert_true(span_equal(piece, span_of(wanted[count++])));
    assert_int_equal(count, 3);
}

static void test_buf__stops_at_its_ceiling(void **state)
{
    (void)state;
    struct buf buf = buf_new(1000);
    for (int i = 0; i < 100; i++)
        assert_true(buf_add(&buf, "0123456789", 10));
    assert_false(buf_add_byte(&buf, 'x'));
    assert_true(buf.failed);
    assert_int_equal(buf.size, 1000);
    assert_true(buf.room <= 1000);
    buf_clear(&buf);
    assert_true(buf_add_text(&buf, "again"));
    assert_string_equal(buf_text(&buf), "again");
    buf_free(&buf);
}

static void test_buf__formats_longer_than_a_piece(void **state)
{
    (void)state;
    char word[700];
    struct buf buf = buf_new(4000);
    memset(word, 'w', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    assert_true(buf_add_format(&buf, "<%s>", word));
    assert_int_equal(buf.size, 701);
    assert_int_equal(buf.at[700], '>');
    buf_free(&buf);
}

static void test_arena__zeroed_aligned_and_bounded(void **state)
{
    (void)state;
    struct arena arena = arena_new(100000);
    for (size_t size = 1; size < 300; size++) {
        unsigned char *at = arena_alloc(&arena, 1, size);
        assert_non_null(at);
        assert_int_equal((uintptr_t)at % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(at[i], 0);
        memset(at, 0xFF, size);
    }
    assert_null(arena_alloc(&arena, 1, 100000));
    assert_true(arena.failed);
    assert_null(arena_alloc(&arena, SIZE_MAX / 2, 16));
    arena_free(&arena);
    assert_int_equal(arena.used, 0);
}

static void test_arena__grow_keeps_what_was_there(void **state)
{
    (void)state;
    struct arena arena = arena_new(1 << 20);
    size_t room = 0, count = 0;
    int *numbers = NULL;
    for (int i = 0; i < 1000; i++) {
        numbers = arena_grow(&arena, numbers, count, &room, sizeof(*numbers));
        assert_non_null(numbers);
        numbers[count++] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i);
    arena_free(&arena);
}

static void test_utf8__refuses_what_rfc_3629_refuses(void **state)
{
    (void)state;
    static const struct span bad[] = {
        SPAN_CONSTANT("\xC0\x80"),         /* overlong NUL */
        SPAN_CONSTANT("\xC1\xBF"),         /* overlong */
        SPAN_CONSTANT("\xE0\x9F\xBF"),     /* overlong of three bytes */
        SPAN_CONSTANT("\xED\xA0\x80"),     /* surrogate */
        SPAN_CONSTANT("\xF4\x90\x80\x80"), /* beyond U+10FFFF */
        SPAN_CONSTANT("\xF0\x8F\xBF\xBF"), /* overlong of four bytes */
        SPAN_CONSTANT("\xE2\x82"),         /* cut short */
        SPAN_CONSTANT("\x80"),             /* starts with a continuation */
        SPAN_CONSTANT("a\xFFz"),
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(utf8_valid(bad[i]));
    assert_true(utf8_valid(SPAN("Ґанок, żółć, 日本, 😀, \xEF\xBF\xBD")));
}

static void test_utf8__clean_replaces_and_keeps(void **state)
{
    (void)state;
    struct buf out = buf_new(100);
    struct span dirty = {"a\0\xFF"
                         "\xD0\xB9",
                         5};
    assert_true(utf8_add_clean(&out, dirty));
    assert_true(span_equal(buf_span(&out), SPAN("a\xEF\xBF\xBD\xEF\xBF\xBDй")));
    buf_free(&out);
}

static void test_utf8__every_character_survives_a_round_trip(void **state)
{
    (void)state;
    for (uint32_t character = 1; character <= 0x10FFFF; character++) {
        char bytes[4];
        size_t at = 0;
        if (character >= 0xD800 && character <= 0xDFFF)
            continue;
        size_t size = utf8_put(character, bytes);
        assert_int_equal(utf8_next((struct span){bytes, size}, &at), character);
        assert_int_equal(at, size);
    }
}

static void test_utf8__letters_case_and_prefix(void **state)
{
    (void)state;
    assert_int_equal(utf8_lower(0x0407), 0x0457); /* Ї */
    assert_int_equal(utf8_lower('Q'), 'q');
    assert_true(utf8_is_letter(0x0491));
    assert_false(utf8_is_letter('7'));
    assert_int_equal(utf8_letters(SPAN("Слава Україні! 2022")), 12);
    assert_int_equal(utf8_prefix(SPAN("їжак"), 3).size, 2);
    assert_int_equal(utf8_length(SPAN("їжак")), 4);
}

static void test_utf8__words_ends_after_a_word(void **state)
{
    (void)state;
    assert_true(span_equal(utf8_words(SPAN("all of it"), 9), SPAN("all of it")));
    assert_true(span_equal(utf8_words(SPAN("some of it"), 9), SPAN("some of")));
    assert_true(span_equal(utf8_words(SPAN("some of it"), 7), SPAN("some of")));
    assert_true(span_equal(utf8_words(SPAN("some of  \n it"), 11), SPAN("some of")));
    assert_true(span_equal(utf8_words(SPAN("some of, it"), 9), SPAN("some of")));
    assert_true(span_equal(utf8_words(SPAN("Вся інформація"), 9), SPAN("Вся")));
    assert_true(span_equal(utf8_words(SPAN("a longwordwithoutend"), 9), SPAN("a longwor")));
    assert_true(span_equal(utf8_words(SPAN("ііііі"), 5), SPAN("іі")));
    assert_true(utf8_words(SPAN("   x"), 2).size <= 2);
    assert_int_equal(utf8_words(SPAN(""), 0).size, 0);
}

static void test_utf8__steering_characters_are_known(void **state)
{
    (void)state;
    static const uint32_t steering[] = {0,      7,      0x1B,   0x7F,   0x9B,   0x200B,
                                        0x200F, 0x202E, 0x2066, 0xFEFF, 0xE0041};
    for (size_t i = 0; i < sizeof(steering) / sizeof(steering[0]); i++)
        assert_true(utf8_is_steering(steering[i]));
    assert_false(utf8_is_steering(0x0456));
    assert_false(utf8_is_steering(' '));
    assert_false(utf8_is_steering(0xAB));
}

static void test_outcome__each_has_a_name_and_a_text(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        assert_non_null(outcome_name((enum outcome)i));
        assert_non_null(outcome_text((enum outcome)i));
        for (int k = 0; k < i; k++)
            assert_string_not_equal(outcome_name((enum outcome)i), outcome_name((enum outcome)k));
    }
    assert_string_equal(outcome_name((enum outcome)OUTCOME_COUNT), "unknown");
}

static void test_hash__order_counts(void **state)
{
    (void)state;
    assert_int_not_equal(hash_mix(1, 2), hash_mix(2, 1));
    assert_int_equal(hash_span(SPAN("варта")), hash_bytes("варта", 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_span__cut_is_clipped),
        cmocka_unit_test(test_span__find_and_compare),
        cmocka_unit_test(test_span__next_gives_every_piece),
        cmocka_unit_test(test_buf__stops_at_its_ceiling),
        cmocka_unit_test(test_buf__formats_longer_than_a_piece),
        cmocka_unit_test(test_arena__zeroed_aligned_and_bounded),
        cmocka_unit_test(test_arena__grow_keeps_what_was_there),
        cmocka_unit_test(test_utf8__refuses_what_rfc_3629_refuses),
        cmocka_unit_test(test_utf8__clean_replaces_and_keeps),
        cmocka_unit_test(test_utf8__every_character_survives_a_round_trip),
        cmocka_unit_test(test_utf8__letters_case_and_prefix),
        cmocka_unit_test(test_utf8__words_ends_after_a_word),
        cmocka_unit_test(test_utf8__steering_characters_are_known),
        cmocka_unit_test(test_outcome__each_has_a_name_and_a_text),
        cmocka_unit_test(test_percents__add_up),
        cmocka_unit_test(test_hash__order_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
