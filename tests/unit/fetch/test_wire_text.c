/* What a server writes as a date: taken when it is one, of no meaning else. */
#include "pipeline/fetch/wire_text.h"

#include "unit/cmocka_all.h"

static void a_date_is_read(void **state)
{
    (void)state;
    assert_int_equal(wire_text_date(SPAN("Sun, 06 Nov 1994 08:49:37 GMT")), 784111777);
    assert_int_equal(wire_text_date(SPAN("  Thu, 01 Jan 1970 00:00:01 GMT\r\n")), 1);
}

static void what_is_none_is_nothing(void **state)
{
    static const struct span others[] = {
        {NULL, 0},
        {"", 0},
        {"yesterday", 9},
        {"Sun, 06 Nov 1994 08:49:37", 25},
        {"Sun, 06 Nov 1994 08:49:37 GMT and more", 38},
        {"Sun, 06 Nov 1994 08:49:37 GMT, in the afternoon of that very day", 64},
        {"Fri, 01 Jan 1960 00:00:00 GMT", 29},
        {"\0\0\0", 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_int_equal(wire_text_date(others[i]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_date_is_read),
                                       cmocka_unit_test(what_is_none_is_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
