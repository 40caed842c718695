/* Syslog lines that hostile text cannot forge, and targets as people write them. */
#include "base/utf8.h"
#include "pipeline/alert/alert.h"

#include "unit/cmocka_all.h"

#include <errno.h>

static struct language_share shares[] = {{"uk", 0.36, 0.99}, {"ru", 0.33, 0.99}};
static struct reason reasons[] = {{"content-gone", {"2 % of the lasting text is left", 31}, 3.1}};

static struct verdict sample(struct span message)
{
    return (struct verdict){.kind = VERDICT_DEFACED,
                            .score = 0.998,
                            .languages = shares,
                            .language_count = 2,
                            .reasons = reasons,
                            .reason_count = 1,
                            .message = message,
                            .message_origin = ORIGIN_IMAGE};
}

static void make_line(struct span url, struct span message, size_t limit, struct buf *out)
{
    struct capture capture = {.status = 200, .address = SPAN("192.0.2.7")};
    struct verdict verdict = sample(message);
    struct alert alert = {.url = url, .capture = &capture, .verdict = &verdict, .at_us = 1642126385000123};
    syslog_line(&alert, SYSLOG_DAEMON, SPAN("cert-1"), 42, limit, out);
}

static void test_line__is_rfc_5424(void **state)
{
    (void)state;
    struct buf out = buf_new(10000);
    make_line(SPAN("https://mfa.example/"), SPAN("Українець!"), SYSLOG_LINE_BYTES, &out);
    assert_string_equal(
        buf_text(&out),
        "<26>1 2022-01-14T02:13:05.000123Z cert-1 varta 42 defaced [varta@32473 verdict=\"defaced\""
        " url=\"https://mfa.example/\" score=\"0.998\" languages=\"uk:0.36,ru:0.33\" origin=\"image\" status=\"200\""
        " address=\"192.0.2.7\"] \xEF\xBB\xBFhttps://mfa.example/ is defaced: 2 % of the lasting text is left"
        " «Українець!»");
    buf_free(&out);
}

static void test_line__hostile_text_stays_inside(void **state)
{
    (void)state;
    struct buf out = buf_new(10000);
    make_line(SPAN("https://x.example/\"] [evil@1 a=\"b\\"),
              SPAN("one\n<26>1 - forged\r\x1B[2J\xE2\x80\xAEtwo"), SYSLOG_LINE_BYTES, &out);
    const char *line = buf_text(&out);
    assert_null(strpbrk(line, "\n\r\x1B"));
    assert_null(strstr(line, "\xE2\x80\xAE"));
    assert_non_null(strstr(line, "url=\"https://x.example/\\\"\\] [evil@1 a=\\\"b\\\\\" score"));
    buf_free(&out);
}

static void test_line__is_cut_between_characters(void **state)
{
    (void)state;
    char text[20000];
    for (size_t i = 0; i + 1 < sizeof(text); i += 2)
        memcpy(text + i, "ї", 2);
    for (size_t limit = 300; limit < 400; limit++) {
        struct buf out = buf_new(10000);
        make_line(SPAN("https://mfa.example/"), (struct span){text, sizeof(text)}, limit, &out);
        assert_true(out.size <= limit);
        assert_true(utf8_valid(buf_span(&out)));
        buf_free(&out);
    }
}

static void test_line__structured_data_fits_a_datagram(void **state)
{
    (void)state;
    char url[3000];
    struct buf out = buf_new(10000);
    for (size_t i = 0; i < sizeof(url); i++)
        url[i] = i % 2 ? ']' : '"';
    make_line((struct span){url, sizeof(url)}, SPAN("text"), SYSLOG_DATAGRAM_BYTES, &out);
    assert_non_null(strstr(buf_text(&out), "address=\"192.0.2.7\"] "));
    buf_free(&out);
}

static void test_target__as_people_write_them(void **state)
{
    (void)state;
    struct syslog_target target;
    assert_int_equal(syslog_target_parse("local", &target), 0);
    assert_string_equal(target.path, "/dev/log");
    assert_int_equal(syslog_target_parse("unix:/run/log", &target), 0);
    assert_string_equal(target.path, "/run/log");
    assert_int_equal(syslog_target_parse("udp:log.example", &target), 0);
    assert_string_equal(target.port, "514");
    assert_int_equal(syslog_target_parse("tcp:[2001:db8::1]:6514", &target), 0);
    assert_string_equal(target.host, "2001:db8::1");
    assert_string_equal(target.port, "6514");
    static const char *const bad[] = {
        "",      "udp:",      "tcp:host:", "tcp:host:0", "tcp:host:70000", "tcp:host:12a",
        "unix:", "http://x/", "tcp:[::1",  "tcp:[::1]x"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(syslog_target_parse(bad[i], &target), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line__is_rfc_5424),
        cmocka_unit_test(test_line__hostile_text_stays_inside),
        cmocka_unit_test(test_line__is_cut_between_characters),
        cmocka_unit_test(test_line__structured_data_fits_a_datagram),
        cmocka_unit_test(test_target__as_people_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
