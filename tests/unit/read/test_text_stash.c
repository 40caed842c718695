/*
 * Words are put aside before a page is parsed, and no tree may differ by it. A page that holds one of the
 * stand-ins is parsed as it is, so each page here is read twice: with a stand-in in a comment at its end, and
 * with a letter.
 */
#include "pipeline/read/text_stash.h"
#include "read_helper.h"

#include "wire/records.h"

#include <stdlib.h>

#define LONG "Міністерство освіти і науки повідомляє: прийом документів (до 15.06, 18:00) триває; дякуємо"

static const char *const pages[] = {
    "<p>" LONG "</p><p title='" LONG "'>" LONG " <b>" LONG "</b>, " LONG "</p>",
    "<p title=" LONG " hidden>" LONG "</p><img alt=" LONG " src=a.png><img " LONG " src=b.png>",
    "<" LONG "><d" LONG " hidden>" LONG "</d" LONG "></" LONG "><!" LONG "><?" LONG ">",
    "<table>" LONG "<tr>" LONG "<td>" LONG "</td>" LONG "</tr></table>",
    "<p title='>' class=a" LONG " hidden " LONG " title=" LONG ">" LONG "</p><p ='>" LONG "'>" LONG "</p>",
    "<script>" LONG "<!--" LONG "<script>" LONG "</script>" LONG "</script>" LONG,
    "<style>p { content: '" LONG "'; display: none }</style><p>" LONG "</p>",
    "<textarea>\n" LONG "</textarea><title>" LONG "</title><pre>\n\n" LONG "\n</pre>",
    "<b title='" LONG "'><p>" LONG "<i>" LONG "<p>" LONG "</b>" LONG "</i>" LONG,
    "<svg><text>" LONG "</text><![CDATA[" LONG "]]></svg>" LONG "&amp" LONG "&#1086;" LONG "&" LONG ";",
    "<select><option>" LONG "<div>" LONG "</select><frameset>" LONG "<frame src='" LONG "'></frameset>",
    "<a href='/" LONG "'>" LONG "</a><iframe srcdoc='<p>" LONG "</p>'></iframe><noscript>" LONG "</noscript>",
    "<!DOCTYPE " LONG "><html " LONG "><head>" LONG "<meta name=description content='" LONG "'></head>" LONG,
    "<p>" LONG "\r\n" LONG "\xC2\xA0" LONG "\xE2\x80\x94 " LONG "\t" LONG "<br>" LONG "</p>",
};

static void put(struct buf *out, const char *page, const char *mark)
{
    for (int i = 0; i < 4; i++) /* long enough to be worth the pass */
        buf_add_text(out, page);
    buf_add_format(out, "<!--%s-->", mark);
}

static void read_whole(const char *page, const char *mark, struct buf *out)
{
    buf_auto text = buf_new(1 << 20);
    put(&text, page, mark);
    struct reading reading = read_as(buf_span(&text), "text/html; charset=utf-8");
    reading_put(out, &reading);
    assert_false(out->failed);
    reading_free(&reading);
}

static void test_no_reading_differs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        buf_auto stashed = buf_new(1 << 20);
        buf_auto plain = buf_new(1 << 20);
        read_whole(pages[i], "\xD0\x96", &stashed);
        read_whole(pages[i], "\xF3\xB0\x80\x80", &plain);
        assert_int_equal(stashed.size, plain.size);
        assert_memory_equal(stashed.at, plain.at, plain.size);
    }
}

static void test_runs_are_put_aside_and_come_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        buf_auto text = buf_new(1 << 20);
        put(&text, pages[i], "\xD0\x96");
        struct text_stash stash;
        struct span parsed = text_stash_make(buf_span(&text), &stash);
        assert_true(parsed.size < text.size);
        assert_int_equal(text_stash_size(&stash, parsed), text.size);
        char *whole = malloc(text.size);
        assert_non_null(whole);
        text_stash_restore(&stash, parsed, whole);
        assert_memory_equal(whole, text.at, text.size);
        free(whole);
        text_stash_free(&stash);
    }
}

static void test_a_page_with_standins_of_its_own_is_left_alone(void **state)
{
    (void)state;
    buf_auto text = buf_new(1 << 20);
    put(&text, pages[0], "\xF3\xB0\x80\x80");
    struct text_stash stash;
    struct span parsed = text_stash_make(buf_span(&text), &stash);
    assert_ptr_equal(parsed.at, text.at);
    assert_int_equal(text_stash_size(&stash, SPAN("abc")), 0);
    text_stash_free(&stash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_reading_differs),
        cmocka_unit_test(test_runs_are_put_aside_and_come_back),
        cmocka_unit_test(test_a_page_with_standins_of_its_own_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
