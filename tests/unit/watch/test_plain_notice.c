/* Notices without an incident are always ones that a sink takes, however long and odd what the page and its
 * server said. */
#include "pipeline/alert/alert.h"
#include "watch/plain_notice.h"

#include "unit/cmocka_all.h"

#include <stdlib.h>

enum { LONG = 16000 };

static void make(struct span url, struct span message, struct span reason, struct notice *ret_notice,
                 struct buf *json)
{
    struct hop hops[10];
    struct reason reasons[30];
    for (size_t i = 0; i < 10; i++)
        hops[i] = (struct hop){302, url};
    for (size_t i = 0; i < 30; i++)
        reasons[i] = (struct reason){"content-gone", reason, 3.1};
    struct capture capture = {
        .status = 200, .final_url = url, .address = SPAN("192.0.2.7"), .hops = hops, .hop_count = 10};
    struct verdict verdict = {.kind = VERDICT_DEFACED,
                              .score = 0.998,
                              .reasons = reasons,
                              .reason_count = 30,
                              .message = message,
                              .message_origin = ORIGIN_HTML};
    struct result result = {
        .url = url, .name = SPAN("MFA"), .at_s = 1642126385, .capture = &capture, .verdict = &verdict};
    const char *why = "";
    *json = buf_new(NOTICE_BYTES);
    assert_int_equal(plain_notice_result(&result, 1642126385000123, json), 0);
    assert_int_equal(notice_parse(buf_span(json), ret_notice, &why), 0);
    assert_string_equal(why, "");
}

static void test_result__tells_all_that_fits(void **state)
{
    (void)state;
    struct notice notice;
    struct buf json;
    make(SPAN("https://mfa.example/"), SPAN("Be afraid"), SPAN("2 % is left"), &notice, &json);
    assert_int_equal(notice.kind, NOTICE_RESULT);
    assert_int_equal(notice.urgency, URGENCY_CRITICAL);
    assert_int_equal(notice.verdict, VERDICT_DEFACED);
    assert_int_equal(notice.status, 200);
    assert_int_equal(notice.at_s, 1642126385);
    assert_true(span_equal(notice.at, SPAN("2022-01-14T02:13:05.000123Z")));
    assert_true(span_starts(notice.summary, SPAN("https://mfa.example/ is defaced: 2 % is left")));
    assert_true(span_equal(notice.message, SPAN("Be afraid")));
    notice_free(&notice);
    buf_free(&json);
}

static void test_result__the_longest_is_still_a_notice(void **state)
{
    (void)state;
    char *text = malloc(LONG);
    const char fillers[] = {'x', '"', '\\', '\x01'};
    for (size_t i = 0; i < sizeof(fillers); i++) {
        struct notice notice;
        struct buf json;
        struct span words = {text, LONG};
        memset(text, fillers[i], LONG);
        size_t url_size =
            fillers[i] == '\x01'
                ? 8000
                : LONG; /* a control takes six characters of JSON; an address of the list has none */
        make(span_cut(words, 0, url_size), words, words, &notice, &json);
        assert_int_equal(notice.verdict, VERDICT_DEFACED);
        assert_int_equal(notice.url.size, url_size);
        assert_true(json.size <= NOTICE_BYTES);
        notice_free(&notice);
        buf_free(&json);
    }
    free(text);
}

static void test_test__is_one(void **state)
{
    (void)state;
    struct buf json = buf_new(NOTICE_BYTES);
    struct notice notice;
    const char *why;
    assert_int_equal(plain_notice_test(SPAN("host\n\x1B[2J"), 1642126385000123, &json), 0);
    assert_int_equal(notice_parse(buf_span(&json), &notice, &why), 0);
    assert_int_equal(notice.kind, NOTICE_TEST);
    assert_true(span_starts(notice.summary, SPAN("varta on host  [2J tries")));
    notice_free(&notice);
    buf_free(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_result__tells_all_that_fits),
        cmocka_unit_test(test_result__the_longest_is_still_a_notice),
        cmocka_unit_test(test_test__is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
