/*
 * The way from probabilities to letters, with lists of words of a few letters: 1 is 'c', 2 'a', 3 't', 4 'o',
 * 5 a full stop, 6 a digit.
 */
#include "cmocka_all.h"

#include "pipeline/ocr/line_path.h"

#include <stdlib.h>
#include <string.h>

enum { LETTERS = 7, CODES = 8, BLANK = 7, BITS = 3, LAST = 1, ENDS = 4 };

static uint64_t edge(uint64_t letter, uint64_t flags, uint64_t next)
{
    return letter | flags << BITS | next << (BITS + 3);
}

/* A graph as the files have it. */
struct graph_file {
    char bytes[10 + 8 * 8];
};

static struct span graph_of(const uint64_t *edges, uint32_t count, struct graph_file *file)
{
    memset(file, 0, sizeof(*file));
    file->bytes[0] = 42;
    file->bytes[2] = LETTERS;
    file->bytes[6] = (char)count;
    memcpy(file->bytes + 10, edges, count * sizeof(*edges));
    return (struct span){file->bytes, 10 + count * sizeof(*edges)};
}

/* Words: "cat", "to". Numbers: two digits. Around words: nothing, or a full stop behind. */
static void open_lists(struct word_lists *ret_lists)
{
    const uint64_t words[] = {edge(1, 0, 2), edge(3, LAST, 4), edge(2, LAST, 3), edge(3, LAST | ENDS, 0),
                              edge(4, LAST | ENDS, 0)};
    const uint64_t numbers[] = {edge(0, LAST, 1), edge(0, LAST | ENDS, 0)};
    const uint64_t marks[] = {edge(0, LAST | ENDS, 1), edge(5, LAST | ENDS, 0)};
    struct graph_file files[3];
    struct traineddata parts = {.words = graph_of(words, 5, &files[0]),
                                .numbers = graph_of(numbers, 2, &files[1]),
                                .punctuation = graph_of(marks, 2, &files[2])};
    assert_true(word_lists_read(&parts, ret_lists));
    ret_lists->digit[6] = true;
}

static enum word_kind kind_of(const struct word_lists *lists, const char *letters, bool *ret_whole)
{
    struct word_positions from = word_lists_start(lists), to;
    enum word_kind kind = WORD_NO;
    for (; *letters; letters++, from = to)
        kind = word_lists_go_on(lists, &from, (uint32_t)(*letters - '0'), &to, ret_whole);
    return kind;
}

static void test_word_lists__words_and_numbers_stand_in_their_marks(void **state)
{
    (void)state;
    struct word_lists lists;
    bool whole;
    open_lists(&lists);
    assert_int_equal(kind_of(&lists, "12", &whole), WORD_LISTED);
    assert_false(whole);
    assert_int_equal(kind_of(&lists, "123", &whole), WORD_LISTED);
    assert_true(whole);
    assert_int_equal(kind_of(&lists, "1235", &whole), WORD_LISTED);
    assert_true(whole);
    assert_int_equal(kind_of(&lists, "66", &whole), WORD_NUMBER);
    assert_true(whole);
    assert_int_equal(kind_of(&lists, "1233", &whole), WORD_NO);
    assert_int_equal(kind_of(&lists, "5", &whole), WORD_NO);
    assert_int_equal(kind_of(&lists, "0", &whole), WORD_NO);
    word_lists_free(&lists);
}

static void test_word_lists__damaged_graphs_are_refused_or_end(void **state)
{
    (void)state;
    const uint64_t away[] = {edge(1, LAST, 1000), edge(2, 0, 1)};
    struct graph_file file;
    struct word_lists lists;
    struct traineddata parts = {.words = graph_of(away, 2, &file), .punctuation = graph_of(away, 2, &file)};
    bool whole;
    assert_true(word_lists_read(&parts, &lists));
    kind_of(&lists, "121212", &whole);
    word_lists_free(&lists);
    parts.words.size--;
    assert_false(word_lists_read(&parts, &lists));
    file.bytes[0] = 41;
    parts.words.size++;
    assert_false(word_lists_read(&parts, &lists));
}

/* Shares of the steps drawn: a letter, '-' for the blank, ' ' for a space (code 0), '?' for 'o' as likely as
 * 'a' but for a little. */
static void draw(const char *steps, float shares[][CODES])
{
    for (size_t t = 0; steps[t]; t++) {
        for (size_t i = 0; i < CODES; i++)
            shares[t][i] = 0.001f;
        if (steps[t] == '?') {
            shares[t][4] = 0.5f;
            shares[t][2] = 0.4f;
        } else {
            shares[t][steps[t] == '-' ? BLANK : steps[t] == ' ' ? 0 : steps[t] - '0'] = 0.99f;
        }
    }
}

static struct line_path path_of(const char *steps)
{
    static const int16_t letters[CODES] = {0, 1, 2, 3, 4, 5, 6, LINE_PATH_NO_LETTER};
    float shares[40][CODES];
    struct word_lists lists;
    struct line_path path;
    open_lists(&lists);
    draw(steps, shares);
    struct line_path_codes codes = {letters, CODES, BLANK, &lists};
    assert_true(line_path_find(&codes, shares[0], (uint32_t)strlen(steps), &path));
    word_lists_free(&lists);
    return path;
}

static void assert_path(const char *steps, const char *letters)
{
    struct line_path path = path_of(steps);
    assert_int_equal(path.count, strlen(letters));
    for (size_t i = 0; i < path.count; i++)
        assert_int_equal(path.letters[i].letter, letters[i] == ' ' ? 0 : letters[i] - '0');
    line_path_free(&path);
}

static void test_line_path__letters_last_and_blanks_part_them(void **state)
{
    (void)state;
    assert_path("-111--22-3-", "123");
    assert_path("11-1", "11");
    assert_path("1", "1");
    assert_path("---", "");
    assert_path("34 -123", "34 123");
}

static void test_line_path__a_word_of_a_list_is_preferred(void **state)
{
    (void)state;
    assert_path("1-?-3", "123");
    assert_path("3-?-3", "343");
}

static void test_line_path__words_are_told_with_their_places(void **state)
{
    (void)state;
    struct line_path path = path_of("1-2-3---  --343");
    assert_int_equal(path.count, 7);
    assert_int_equal(path.letters[2].kind, WORD_LISTED);
    assert_true(path.letters[0].begins);
    assert_int_equal(path.letters[6].kind, WORD_ANY);
    assert_int_equal(path.letters[0].left, 0);
    assert_int_equal(path.letters[1].left, 1);
    assert_int_equal(path.letters[3].left, 6);
    assert_int_equal(path.letters[4].left, 11);
    assert_true(path.letters[2].certainty > -0.3f && path.letters[2].certainty < 0);
    line_path_free(&path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_word_lists__words_and_numbers_stand_in_their_marks),
        cmocka_unit_test(test_word_lists__damaged_graphs_are_refused_or_end),
        cmocka_unit_test(test_line_path__letters_last_and_blanks_part_them),
        cmocka_unit_test(test_line_path__a_word_of_a_list_is_preferred),
        cmocka_unit_test(test_line_path__words_are_told_with_their_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
