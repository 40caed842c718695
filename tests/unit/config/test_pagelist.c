/* The list of pages: what is read, what is refused, and what the person is told. */
#include "config/pagelist.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <stdio.h>

struct told {
    char text[2000];
    unsigned count;
};

static void tell(void *context, const char *text)
{
    struct told *told = context;
    snprintf(told->text, sizeof(told->text), "%s", text);
    told->count++;
}

static struct page_list read_text(const char *text, size_t size, struct told *told)
{
    struct page_list list = page_list_new();
    FILE *stream = fmemopen((void *)(uintptr_t)text, size, "r");
    *told = (struct told){0};
    assert_int_equal(page_list_read(&list, stream, "pages.txt", tell, told), 0);
    fclose(stream);
    return list;
}

static void test_list__comments_blanks_and_options(void **state)
{
    (void)state;
    struct told told;
    static const char text[] = "\xEF\xBB\xBF# ministries\n"
                               "https://mfa.example/  # the ministry\n"
                               "\n"
                               "\thttps://президент.укр/#top name=Президент allow=private\r\n"
                               "education.example name=\"Міністерство освіти\" weight=3\n"
                               "https://mfa.example/\n";
    struct page_list list = read_text(text, sizeof(text) - 1, &told);
    assert_int_equal(told.count, 0);
    assert_int_equal(list.count, 3);
    assert_true(span_equal(list.pages[0].url, SPAN("https://mfa.example/")));
    assert_int_equal(list.pages[0].line, 2);
    assert_false(list.pages[0].allow_private);
    assert_true(span_equal(list.pages[1].url, SPAN("https://президент.укр/#top")));
    assert_true(span_equal(list.pages[1].name, SPAN("Президент")));
    assert_true(list.pages[1].allow_private);
    assert_true(span_equal(list.pages[2].url, SPAN("https://education.example")));
    assert_true(span_equal(list.pages[2].name, SPAN("Міністерство освіти")));
    assert_int_equal(list.pages[2].weight, 3);
    page_list_free(&list);
}

static void test_list__a_quote_in_an_address_takes_no_option_along(void **state)
{
    (void)state;
    struct told told;
    static const char text[] = "https://a.example/?q=\"x name=\"Рада області\" weight=3\n";
    struct page_list list = read_text(text, sizeof(text) - 1, &told);
    assert_int_equal(told.count, 0);
    assert_int_equal(list.count, 1);
    assert_true(span_equal(list.pages[0].url, SPAN("https://a.example/?q=\"x")));
    assert_true(span_equal(list.pages[0].name, SPAN("Рада області")));
    assert_int_equal(list.pages[0].weight, 3);
    page_list_free(&list);
}

static void test_list__bad_lines_are_told_by_number_and_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *line, *says;
    } bad[] = {
        {"mfa.example name=\"Foreign Affairs", "does not end with one"},
        {"ftp://mfa.example/",
         "pages.txt:1: 'ftp://mfa.example/' cannot be watched: only http:// and https://"},
        {"http://", "names no host"},
        {"name=x", "names no host"},
        {"javascript:void(0)", "names no host"},
        {"https://user:secret@a.example/", "pages.txt:1: 'a.example' cannot be watched: a password"},
        {"https://a.example/ colour=red", "'colour=red' is no option"},
        {"https://a.example/ interval=5", "interval=5 is no interval: from 1s to 7d"},
        {"https://a.example/ interval=0", "is no interval"},
        {"https://a.example/ interval=8d", "is no interval"},
        {"https://a.example/ weight=0", "weight=0 is no weight: from 1 to 10"},
        {"https://a.example/ weight=eleven", "is no weight"},
        {"https://a.example/ allow=all", "the only value is allow=private"},
        {"https://a.example/ https://b.example/", "one URL a line"},
        {"https://\xFF.example/", "not UTF-8"},
        {"https://a.example/\x1B[2J", "invisible character"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct told told;
        char text[300];
        int size = snprintf(text, sizeof(text), "%s\nhttps://good.example/\n", bad[i].line);
        struct page_list list = read_text(text, (size_t)size, &told);
        assert_int_equal(told.count, 1);
        assert_int_equal(list.bad_lines, 1);
        assert_int_equal(list.count, 1);
        if (!strstr(told.text, bad[i].says))
            fail_msg("'%s' does not say '%s'", told.text, bad[i].says);
        page_list_free(&list);
    }
}

static void test_list__a_picture_is_no_list(void **state)
{
    (void)state;
    struct told told;
    static const char picture[] = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR";
    struct page_list list = read_text(picture, sizeof(picture) - 1, &told);
    assert_int_equal(list.count, 0);
    assert_true(list.bad_lines > 0);
    page_list_free(&list);
}

static void test_list__an_operator_may_name_a_local_address(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool allowed;
    } urls[] = {
        {"http://127.0.0.1:8080/", true},
        {"http://localhost/", true},
        {"http://mzs.uriad.localhost:8914/", true},
        {"http://[::1]/", true},
        {"http://10.0.0.7/", true},
        {"http://1.1.1.1/", false},
        {"http://intranet.example/", false},
        {"http://localhost.example/", false},
        {"http://127.0.0.1.example/", false},
    };
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        struct told told = {0};
        struct page_list list = page_list_new();
        assert_int_equal(page_list_add(&list, span_of(urls[i].url), tell, &told), 0);
        assert_int_equal(list.pages[0].allow_private, urls[i].allowed);
        page_list_free(&list);
    }
}

static void test_list__a_page_has_its_own_rhythm_and_belongs_to_one_group(void **state)
{
    (void)state;
    struct told told = {0};
    struct page_list list = page_list_new();
    const struct page *page;
    list.group = 3;
    assert_int_equal(page_list_add_line(&list, SPAN("a.example weight=7 interval=2m # often"), SPAN("x.yaml"),
                                        12, tell, &told),
                     0);
    assert_int_equal(page_list_add_line(&list, SPAN("https://b.example"), SPAN("x.yaml"), 13, tell, &told),
                     0);
    page = &list.pages[0];
    assert_int_equal(page->group, 3);
    assert_int_equal(page->interval_s, 120);
    assert_int_equal(page->weight, 7);
    assert_int_equal(page->line, 12);
    assert_true(span_equal(page->source, SPAN("x.yaml")));
    assert_int_equal(list.pages[1].interval_s, 0);
    assert_int_equal(list.pages[1].weight, 0);
    assert_int_equal(page_list_add_line(&list, SPAN("https://a.example"), SPAN("y.yaml"), 1, tell, &told), 0);
    assert_int_equal(list.count, 2);
    assert_int_equal(told.count, 0);
    list.group = 4;
    assert_int_equal(page_list_add_line(&list, SPAN("a.example"), SPAN("y.yaml"), 2, tell, &told), -EINVAL);
    assert_string_equal(
        told.text,
        "https://a.example stands in another group already, in x.yaml line 12: a page belongs to one group");
    assert_int_equal(page_list_add_line(&list, SPAN(" # nothing"), SPAN("y.yaml"), 3, tell, &told), -EINVAL);
    assert_int_equal(list.count, 2);
    page_list_free(&list);
}

static void test_list__many_pages_each_once(void **state)
{
    (void)state;
    struct told told = {0};
    struct page_list list = page_list_new();
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 20000; i++) {
            char url[64];
            int size = snprintf(url, sizeof(url), "https://h%d.example/", i);
            assert_int_equal(page_list_add(&list, (struct span){url, (size_t)size}, tell, &told), 0);
        }
    assert_int_equal(list.count, 20000);
    page_list_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list__comments_blanks_and_options),
        cmocka_unit_test(test_list__a_quote_in_an_address_takes_no_option_along),
        cmocka_unit_test(test_list__bad_lines_are_told_by_number_and_left_out),
        cmocka_unit_test(test_list__a_picture_is_no_list),
        cmocka_unit_test(test_list__an_operator_may_name_a_local_address),
        cmocka_unit_test(test_list__a_page_has_its_own_rhythm_and_belongs_to_one_group),
        cmocka_unit_test(test_list__many_pages_each_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
