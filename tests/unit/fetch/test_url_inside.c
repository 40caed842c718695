/* Where an address leads, as far as it says so itself: what is asked of a proxy must not be inside. */
#include "pipeline/fetch/url_inside.h"

#include "unit/cmocka_all.h"

static void test_url_names_inside__numbers_in_every_form(void **state)
{
    (void)state;
    static const char *const inside[] = {
        "http://127.0.0.1/",
        "http://127.1:6379/a.png",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "http://u:p@10.0.0.7/",
        "http://168.63.129.16/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fe80::1%25eth0]/",
        "http://[fd00::1]:8080/x",
        "http://[",
        "",
    };
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
        if (!url_names_inside(inside[i]))
            fail_msg("%s is not inside", inside[i]);
}

static void test_url_names_inside__names_and_the_internet_do_not(void **state)
{
    (void)state;
    static const char *const outside[] = {"http://mzs.gov.example/", "http://localhost.example/",
                                          "http://8.8.8.8/", "https://[2a00:1450:4001:82f::200e]/",
                                          "http://127.0.0.1.example/"};
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
        if (url_names_inside(outside[i]))
            fail_msg("%s is inside", outside[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_url_names_inside__numbers_in_every_form),
        cmocka_unit_test(test_url_names_inside__names_and_the_internet_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
