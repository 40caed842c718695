/* Pages built to exhaust a parser: the text is still read, and what was left out is said. */
#include "read_helper.h"

#include "pipeline/read/read_limits.h"

static struct buf repeated(const char *piece, size_t times, const char *end)
{
    struct buf html = buf_new(64 << 20);
    for (size_t i = 0; i < times; i++)
        assert_true(buf_add_text(&html, piece));
    assert_true(buf_add_text(&html, end));
    return html;
}

static void check(const char *piece, size_t times, const char *end, const char *text, const char *said)
{
    buf_auto html = repeated(piece, times, end);
    struct reading reading = read_as(buf_span(&html), "text/html; charset=utf-8");
    assert_int_equal(reading.outcome, OUTCOME_OK);
    if (text)
        block_of(&reading, text);
    assert_int_equal(reading.cut, said != NULL);
    if (said)
        assert_true(span_find(reading.cut_what, span_of(said), 0) < reading.cut_what.size);
    reading_free(&reading);
}

static void test_endless_nesting(void **state)
{
    (void)state;
    check("<div>", 100000, "deep", "deep", "nested deeper than 512");
    check("<b x=1>", 20000, "<p>deep", "deep", "nested deeper than 512");
    check("<svg><td>", 20000, "<p>deep", "deep", "nested deeper than 512");
    check("<table><tr><td>", 20000, "deep", "deep", "nested deeper than 512");
    check("<ul><li>x", 300, "deep", "xdeep", NULL);
}

static void test_unclosed_lists_are_no_nesting(void **state)
{
    (void)state;
    check("<li><p>x", 5000, "<p>last", "last", NULL);
}

static void test_a_million_attributes(void **state)
{
    (void)state;
    buf_auto html = buf_new(32 << 20);
    buf_add_text(&html, "<p ");
    for (int i = 0; i < 100000; i++)
        buf_add_format(&html, "a%d='>' ", i);
    buf_add_text(&html, ">text");
    struct reading reading = read_as(buf_span(&html), "text/html");
    block_of(&reading, "text");
    assert_true(span_find(reading.cut_what, SPAN("attributes beyond 256"), 0) < reading.cut_what.size);
    reading_free(&reading);
}

static void test_a_megabyte_attribute(void **state)
{
    (void)state;
    buf_auto html = repeated("x", 3 << 20, "'>text");
    buf_auto page = buf_new(8 << 20);
    buf_add_text(&page, "<img alt='");
    buf_add_span(&page, buf_span(&html));
    struct reading reading = read_as(buf_span(&page), "text/html");
    block_of(&reading, "text");
    assert_true(reading.blocks[0].text.size <= READ_ATTRIBUTE_BYTES);
    assert_true(span_find(reading.cut_what, SPAN("first 4 KB of a title"), 0) < reading.cut_what.size);
    reading_free(&reading);
}

static void test_a_tree_too_large_is_read_without_one(void **state)
{
    (void)state;
    check("<p>", 1700000, "end", "end", "read without structure");
}

static void test_counts_end_at_their_limits(void **state)
{
    (void)state;
    check("<p>x", READ_BLOCKS + 10, "", "x", "left out text beyond");
    buf_auto html = buf_new(8 << 20);
    for (int i = 0; i < 2000; i++)
        buf_add_format(&html, "<img src=p%d.png><a href=//h%d.example>x</a>", i, i);
    struct reading reading = read_as(buf_span(&html), "text/html");
    assert_int_equal(reading.picture_count, READ_PICTURES);
    assert_int_equal(reading.links.count, READ_HOSTS);
    assert_int_equal(reading.link_count, 2000);
    assert_true(reading.cut);
    reading_free(&reading);
}

/* With four letters in between, so that each piece is another one. */
static void check_counted(const char *before, const char *after, int times, const char *said)
{
    buf_auto html = buf_new(64 << 20);
    for (int i = 0; i < times; i++)
        buf_add_format(&html, "%s%c%c%c%c%s", before, 'a' + i / 17576, 'a' + i / 676 % 26, 'a' + i / 26 % 26,
                       'a' + i % 26, after);
    buf_add_text(&html, "<p>the end");
    struct reading reading = read_as(buf_span(&html), "text/html; charset=utf-8");
    assert_int_equal(reading.outcome, OUTCOME_OK);
    block_of(&reading, "the end");
    if (!reading.cut || span_find(reading.cut_what, span_of(said), 0) == reading.cut_what.size)
        fail_msg("%s: not said: %s", before, said);
    reading_free(&reading);
}

static void test_each_cut_is_said_by_its_name(void **state)
{
    (void)state;
    check_counted("<img src=p", ".png>", READ_PICTURES + 1, "left out pictures beyond 512");
    check_counted("<a href=//h", ".example>x</a>", READ_HOSTS + 1, "left out hosts beyond 512");
    check_counted("<script src=//h", ".example></script>", READ_HOSTS + 1, "left out hosts beyond 512");
    check_counted("<iframe src=//h", ".example></iframe>", READ_HOSTS + 1, "left out hosts beyond 512");
    check_counted("<form action=//h", ".example></form>", READ_HOSTS + 1, "left out hosts beyond 512");
    check_counted("<div class=c", "></div>", READ_PATHS + 1, "left out element paths beyond 8,192");
    check_counted("<style>.c", "{display:none}</style>", READ_RULES + 1, "left out style rules");
    check_counted("<iframe srcdoc='<p>", "'></iframe>", READ_FRAMES_INSIDE + 1,
                  "left out pages inside the page");
    check_counted("<iframe srcdoc='<iframe srcdoc=\"<iframe srcdoc=&amp;quot;<iframe srcdoc=",
                  ">&amp;quot;>\">'></iframe>", 1, "left out pages inside the page");
}

static void test_a_long_title_is_read_from_its_beginning(void **state)
{
    (void)state;
    check("<title>word word word", 1, "</title><p>text", "text", NULL);
    buf_auto html = repeated("word ", 1000, "</title><p>text");
    check("<title>", 1, buf_text(&html), "text", "read the first 4 KB of a title");
}

static void test_a_long_body_is_read_from_its_beginning(void **state)
{
    (void)state;
    check("word word word word ", 400000, "<p>never", NULL, "read the first 5 MB");
}

static void test_disguises_fall_off(void **state)
{
    (void)state;
    struct reading reading = read_html("<p>ha\xE2\x80\x8B"
                                       "ck\xC2\xAD"
                                       "ed\xC2\xA0"
                                       "b\x7Fy\x01 m\xC2\x94"
                                       "e");
    assert_int_equal(reading.block_count, 1);
    assert_span(reading.blocks[0].text, "hacked by me");
    reading_free(&reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_endless_nesting),
        cmocka_unit_test(test_unclosed_lists_are_no_nesting),
        cmocka_unit_test(test_a_million_attributes),
        cmocka_unit_test(test_a_megabyte_attribute),
        cmocka_unit_test(test_a_tree_too_large_is_read_without_one),
        cmocka_unit_test(test_counts_end_at_their_limits),
        cmocka_unit_test(test_each_cut_is_said_by_its_name),
        cmocka_unit_test(test_a_long_title_is_read_from_its_beginning),
        cmocka_unit_test(test_a_long_body_is_read_from_its_beginning),
        cmocka_unit_test(test_disguises_fall_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
