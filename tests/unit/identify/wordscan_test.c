/* Words, look-alikes and broken bytes: what the identifier sees of a text. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/identify/wordscan.h"

/* The word number `number` of `text`; its bytes must read `bytes`. */
static struct wordscan_word word_at(const char *text, unsigned number, const char *bytes)
{
    struct wordscan scan;
    struct wordscan_word word = {0};

    wordscan_start(&scan, text, strlen(text));
    for (unsigned i = 0; i <= number; i++)
        assert_true(wordscan_next(&scan, &word));
    assert_int_equal(word.end - word.start, strlen(bytes));
    assert_memory_equal(text + word.start, bytes, strlen(bytes));
    return word;
}

static void assert_same_ids(struct wordscan_word a, struct wordscan_word b)
{
    assert_int_equal(a.group, b.group);
    assert_int_equal(a.length, b.length);
    assert_memory_equal(a.ids, b.ids, a.length);
}

static void test_case_is_folded(void **state)
{
    (void)state;
    assert_same_ids(word_at("Україна", 0, "Україна"), word_at("УКРАЇНА", 0, "УКРАЇНА"));
    assert_same_ids(word_at("Łódź", 0, "Łódź"), word_at("łódź", 0, "łódź"));
}

static void test_twins_in_a_word_follow_its_telling_letters(void **state)
{
    (void)state;
    assert_same_ids(word_at("увага", 0, "увага"), word_at("yвaгa", 0, "yвaгa"));
    assert_same_ids(word_at("policja", 0, "policja"), word_at("роlісjа", 0, "роlісjа"));
}

static void test_twins_without_telling_letters_follow_the_line(void **state)
{
    (void)state;
    assert_same_ids(word_at("він оса жив", 1, "оса"), word_at("він oca жив", 1, "oca"));
    assert_int_equal(word_at("był po wodzie", 1, "po").group, LETTERS_LATIN);
    assert_int_equal(word_at("oca", 0, "oca").group, LETTERS_LATIN);
}

static void test_a_foreign_word_stays_foreign(void **state)
{
    (void)state;
    assert_int_equal(word_at("сайт Windows упав", 1, "Windows").group, LETTERS_LATIN);
}

static void test_joined_words_of_two_scripts_fall_apart(void **state)
{
    (void)state;
    assert_int_equal(word_at("жилWczoraj", 0, "жил").group, LETTERS_CYRILLIC);
    assert_int_equal(word_at("жилWczoraj", 1, "Wczoraj").group, LETTERS_LATIN);
}

static void test_combining_marks_compose(void **state)
{
    (void)state;
    assert_same_ids(word_at("мій", 0, "мій"), word_at("мі\xD0\xB8\xCC\x86", 0, "мі\xD0\xB8\xCC\x86"));
    assert_same_ids(word_at("żółć", 0, "żółć"),
                    word_at("z\xCC\x87o\xCC\x81łc\xCC\x81", 0, "z\xCC\x87o\xCC\x81łc\xCC\x81"));
}

static void test_apostrophe_belongs_to_its_word(void **state)
{
    (void)state;
    assert_int_equal(word_at("п'ять", 0, "п'ять").length, 5);
    assert_same_ids(word_at("п'ять", 0, "п'ять"), word_at("п’ять", 0, "п’ять"));
}

static void test_gaps_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(word_at("так ні", 1, "ні").gap, WORDSCAN_GAP_SPACE);
    assert_int_equal(word_at("так, ні", 1, "ні").gap, WORDSCAN_GAP_SYMBOL);
    assert_int_equal(word_at("так. ні", 1, "ні").gap, WORDSCAN_GAP_STOP);
    assert_int_equal(word_at("так\nні", 1, "ні").gap, WORDSCAN_GAP_LINE);
}

static void test_scripts_of_one_language(void **state)
{
    (void)state;
    assert_int_equal(word_at("ελληνικά", 0, "ελληνικά").direct, LETTERS_GREEK);
    assert_int_equal(word_at("ქართული", 0, "ქართული").direct, LETTERS_GEORGIAN);
    assert_int_equal(word_at("한국어", 0, "한국어").direct, LETTERS_HANGUL);
}

static int is_number(const char *text)
{
    struct wordscan scan;
    struct wordscan_word word = {0};

    wordscan_start(&scan, text, strlen(text));
    assert_true(wordscan_next(&scan, &word));
    return wordscan_is_number(&scan, &word);
}

static void test_roman_numbers(void **state)
{
    static const char *const numbers[] = {"II", "III", "IV", "VI", "VIII", "IX", "XI", "XIV", "XIX", "XXXIX"};
    static const char *const words[] = {"I",   "V",     "X",  "IIII", "VX",  "IXI", "XXXX", "IVX",
                                        "XIs", "XIVth", "ВІ", "Vi",   "VIA", "XL",  "ХІ"};

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_true(is_number(numbers[i]));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_false(is_number(words[i]));
}

/* What follows the address that the first word of `text` begins; all of it but the word if there is none. */
static void assert_skips(const char *text, const char *rest)
{
    struct wordscan scan;
    struct wordscan_word word = {0};

    wordscan_start(&scan, text, strlen(text));
    assert_true(wordscan_next(&scan, &word));
    wordscan_skip_address(&scan, &word);
    assert_int_equal((size_t)(scan.end - scan.at), strlen(rest));
}

static void test_addresses(void **state)
{
    (void)state;
    assert_skips("https://example.org/a?b=c#d rest", " rest");
    assert_skips("ftp://example.org", "");
    assert_skips("www.example.org\nrest", "\nrest");
    assert_skips("http: //example.org", ": //example.org");
    assert_skips("http:/", ":/");
    assert_skips("www", "");
    assert_skips("www.", ".");
    assert_skips("wwww.example.org", ".example.org");
}

static void test_endless_words_are_cut(void **state)
{
    char text[1000];
    struct wordscan scan;
    struct wordscan_word word;
    unsigned letters = 0;

    (void)state;
    memset(text, 'a', sizeof text);
    wordscan_start(&scan, text, sizeof text);
    while (wordscan_next(&scan, &word)) {
        assert_true(word.length <= WORDSCAN_LETTERS_MAX);
        letters += word.letters;
    }
    assert_int_equal(letters, sizeof text);
}

/* Exact-size heap copies, so that a sanitizer sees any read past the end. */
static void test_any_bytes_are_read_to_the_end(void **state)
{
    uint64_t dice = 1;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        size_t size = (size_t)(dice >> 33) % 24 + 1, at = 0;
        uint8_t *bytes = malloc(size);
        struct wordscan scan;
        struct wordscan_word word;

        assert_non_null(bytes);
        for (size_t i = 0; i < size; i++) {
            dice = dice * UINT64_C(6364136223846793005) + 1442695040888963407u;
            bytes[i] = (uint8_t)(dice >> 56);
        }
        wordscan_start(&scan, bytes, size);
        while (wordscan_next(&scan, &word)) {
            assert_true(word.start >= at && word.end > word.start && word.end <= size);
            at = word.end;
        }
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_case_is_folded),
        cmocka_unit_test(test_twins_in_a_word_follow_its_telling_letters),
        cmocka_unit_test(test_twins_without_telling_letters_follow_the_line),
        cmocka_unit_test(test_a_foreign_word_stays_foreign),
        cmocka_unit_test(test_joined_words_of_two_scripts_fall_apart),
        cmocka_unit_test(test_combining_marks_compose),
        cmocka_unit_test(test_apostrophe_belongs_to_its_word),
        cmocka_unit_test(test_gaps_are_told_apart),
        cmocka_unit_test(test_scripts_of_one_language),
        cmocka_unit_test(test_roman_numbers),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_endless_words_are_cut),
        cmocka_unit_test(test_any_bytes_are_read_to_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
