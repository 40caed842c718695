/* Which addresses a page may lead to: every special range, and every form that hides one. */
#include "base/address.h"

#include "unit/cmocka_all.h"

static void test_address__special_ranges_are_not_public(void **state)
{
    (void)state;
    static const char *const special[] = {
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "168.63.129.16",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "3fff:1::1",
        "localhost",
        "",
        "1.2.3",
        "0x7f.1",
    };
    for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
        if (address_text_is_public(special[i]))
            fail_msg("%s passes for public", special[i]);
}

static void test_address__the_internet_is_public(void **state)
{
    (void)state;
    static const char *const public[] = {
        "1.1.1.1",      "100.63.255.255", "100.128.0.1",      "172.15.0.1",     "172.32.0.1",
        "192.0.1.1",    "193.29.204.1",   "198.20.0.1",       "223.255.255.1",  "2606:4700::1111",
        "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"};
    for (size_t i = 0; i < sizeof(public) / sizeof(public[0]); i++)
        if (!address_text_is_public(public[i]))
            fail_msg("%s does not pass for public", public[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address__special_ranges_are_not_public),
        cmocka_unit_test(test_address__the_internet_is_public),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
