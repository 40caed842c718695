/* Syslog lines that hostile text cannot forge, and targets as people write them. */
#include "base/utf8.h"
#include "pipeline/alert/alert.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

static json_t *sample(const char *url, const char *message)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s}, s:{s:s, s:f, s:[{s:s, s:f}, {s:s, s:f}], s:s, s:s, "
                     "s:{s:i, s:s}}}",
                     "id", "check-1", "kind", "result", "at", "2022-01-14T02:13:05.000123Z", "severity",
                     "critical", "summary", message, "page", "url", url, "result", "verdict", "defaced",
                     "score", 0.998, "languages", "language", "uk", "share", 0.36, "language", "ru", "share",
                     0.33, "message", message, "origin", "image", "http", "status", 200, "address",
                     "192.0.2.7");
}

static void parse(json_t *json, struct notice *ret_notice)
{
    const char *why = NULL;
    char *text = json_dumps(json, 0);
    assert_int_equal(notice_parse(span_of(text), ret_notice, &why), 0);
    json_decref(json);
    free(text);
}

static void make_line(const char *url, const char *message, size_t limit, struct buf *out)
{
    struct notice notice;
    parse(sample(url, message), &notice);
    syslog_line(&notice, SYSLOG_DAEMON, SPAN("cert-1"), 42, limit, out);
    notice_free(&notice);
}

static void test_line__is_rfc_5424(void **state)
{
    (void)state;
    struct buf out = buf_new(10000);
    make_line("https://mfa.example/", "Українець!", SYSLOG_LINE_BYTES, &out);
    assert_string_equal(
        buf_text(&out),
        "<26>1 2022-01-14T02:13:05.000123Z cert-1 varta 42 defaced [varta@32473 verdict=\"defaced\""
        " url=\"https://mfa.example/\" score=\"0.998\" languages=\"uk:0.36,ru:0.33\" origin=\"image\" "
        "status=\"200\""
        " address=\"192.0.2.7\" notice=\"check-1\" kind=\"result\"] \xEF\xBB\xBFУкраїнець!");
    buf_free(&out);
}

static void test_line__of_an_incident_and_its_campaign(void **state)
{
    (void)state;
    struct buf out = buf_new(10000);
    struct notice notice;
    parse(json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:i, s:s}, s:{s:s, s:s}, s:{s:i, s:i}}", "id", "v1-7",
                    "kind", "incident-recovered", "at", "2022-01-14T02:13:05Z", "severity", "notice",
                    "summary", "it is back", "incident", "id", 17, "verdict", "defaced", "page", "url",
                    "https://mfa.example/", "name", "MFA", "campaign", "id", 3, "pages", 23),
          &notice);
    syslog_line(&notice, 16, SPAN(""), 42, SYSLOG_LINE_BYTES, &out);
    assert_string_equal(
        buf_text(&out),
        "<133>1 2022-01-14T02:13:05Z - varta 42 incident-recovered [varta@32473 verdict=\"defaced\""
        " url=\"https://mfa.example/\" name=\"MFA\" notice=\"v1-7\" kind=\"incident-recovered\""
        " incident=\"17\" campaign=\"3\" pages=\"23\"] \xEF\xBB\xBFit is back");
    notice_free(&notice);
    buf_clear(&out);
    parse(json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:i, s:s, s:i}, s:{s:s}}", "id", "v1-8", "kind",
                    "incident-worse", "at", "2022-01-14T02:13:05Z", "severity", "warning", "summary", "worse",
                    "incident", "id", 17, "verdict", "replaced", "campaign", 3, "page", "url",
                    "https://mfa.example/"),
          &notice);
    syslog_line(&notice, 3, SPAN("h"), 42, SYSLOG_LINE_BYTES, &out);
    assert_non_null(strstr(buf_text(&out), "kind=\"incident-worse\" incident=\"17\" campaign=\"3\"] "));
    notice_free(&notice);
    buf_free(&out);
}

static void test_line__hostile_text_stays_inside(void **state)
{
    (void)state;
    struct buf out = buf_new(10000);
    make_line("https://x.example/\"] [evil@1 a=\"b\\", "one\n<26>1 - forged\r\x1B[2J\xE2\x80\xAEtwo",
              SYSLOG_LINE_BYTES, &out);
    const char *line = buf_text(&out);
    assert_null(strpbrk(line, "\n\r\x1B"));
    assert_null(strstr(line, "\xE2\x80\xAE"));
    assert_non_null(strstr(line, "url=\"https://x.example/\\\"\\] [evil@1 a=\\\"b\\\\\" score"));
    buf_free(&out);
}

static void test_line__is_cut_between_characters(void **state)
{
    (void)state;
    char text[20001];
    for (size_t i = 0; i + 1 < sizeof(text); i += 2)
        memcpy(text + i, "ї", 2);
    text[sizeof(text) - 1] = '\0';
    for (size_t limit = 300; limit < 400; limit++) {
        struct buf out = buf_new(10000);
        make_line("https://mfa.example/", text, limit, &out);
        assert_true(out.size <= limit);
        assert_true(utf8_valid(buf_span(&out)));
        buf_free(&out);
    }
}

/* Every parameter as long and as much escaped as it can be. */
static void test_line__structured_data_fits_a_datagram(void **state)
{
    (void)state;
    char evil[3000], host[255], id[NOTICE_ID_BYTES];
    struct buf out = buf_new(10000);
    struct notice notice;
    for (size_t i = 0; i < sizeof(evil); i++)
        evil[i] = i % 2 ? ']' : '"';
    evil[sizeof(evil) - 1] = '\0';
    memset(host, 'h', sizeof(host));
    memset(id, 'i', sizeof(id));
    id[sizeof(id) - 1] = '\0';
    json_t *json = sample(evil, evil);
    json_object_set_new(json, "id", json_string(id));
    json_object_set_new(json, "kind", json_string("incident-recovered"));
    json_object_set_new(json, "incident",
                        json_pack("{s:i, s:s}", "id", 1000000000, "verdict", "unavailable"));
    json_object_set_new(json, "campaign", json_pack("{s:i, s:i}", "id", 1000000000, "pages", 1000000000));
    json_object_set_new(json_object_get(json, "page"), "name", json_string(evil));
    json_t *result = json_object_get(json, "result");
    json_object_set_new(result, "origin", json_string(evil));
    json_object_set_new(result, "cause", json_string(evil));
    json_object_set_new(result, "http", json_pack("{s:i, s:s}", "status", 1000000000, "address", evil));
    json_t *languages = json_array();
    for (int i = 0; i < 30; i++)
        json_array_append_new(languages, json_pack("{s:s, s:f}", "language", "abc-defghij", "share", 0.5));
    json_object_set_new(result, "languages", languages);
    parse(json, &notice);
    syslog_line(&notice, 23, (struct span){host, sizeof(host)}, 4194304, SYSLOG_DATAGRAM_BYTES, &out);
    assert_non_null(strstr(buf_text(&out), "pages=\"1000000000\"] \xEF\xBB\xBF"));
    notice_free(&notice);
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
    assert_int_equal(syslog_target_parse("tls:log.example", &target), 0);
    assert_int_equal(target.transport, SYSLOG_TLS);
    assert_string_equal(target.port, "6514");
    static const char *const bad[] = {
        "",      "udp:",      "tcp:host:", "tcp:host:0", "tcp:host:70000", "tcp:host:12a",
        "unix:", "http://x/", "tcp:[::1",  "tcp:[::1]x"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(syslog_target_parse(bad[i], &target), -EINVAL);
}

static void test_port__is_the_one_a_sink_is_reached_at(void **state)
{
    (void)state;
    static const struct {
        enum sink_way way;
        const char *target;
        uint16_t port;
    } sinks[] = {
        {WAY_WEBHOOK, "https://hook.example/x:1?y@z:2", 443},
        {WAY_WEBHOOK, "HTTP://hook.example:8080", 8080},
        {WAY_WEBHOOK, "http://[fd00::1]/", 80},
        {WAY_WEBHOOK, "http://[fd00::1]:81/", 81},
        {WAY_WEBHOOK, "http://user:word@hook.example/", 80},
        {WAY_WEBHOOK, "http://hook.example:/", 80},
        {WAY_WEBHOOK, "http://hook.example:65536/", 0},
        {WAY_WEBHOOK, "http://hook.example:x/", 0},
        {WAY_WEBHOOK, "nothing", 0},
        {WAY_WEBHOOK, "", 0},
        {WAY_MAIL, "smtp://mail.example:587", 587},
        {WAY_MAIL, "smtps://mail.example", 465},
        {WAY_SYSLOG, "tcp:[::1]:5514", 5514},
        {WAY_SYSLOG, "tls:collector.example", 6514},
        {WAY_SYSLOG, "udp:collector.example", 0},
        {WAY_SYSLOG, "local", 0},
        {WAY_JOURNAL, "", 0},
    };
    for (size_t i = 0; i < sizeof(sinks) / sizeof(sinks[0]); i++) {
        struct sink_order order = {.way = sinks[i].way, .target = span_of(sinks[i].target)};
        assert_int_equal(way_port(&order), sinks[i].port);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line__is_rfc_5424),
        cmocka_unit_test(test_line__of_an_incident_and_its_campaign),
        cmocka_unit_test(test_line__hostile_text_stays_inside),
        cmocka_unit_test(test_line__is_cut_between_characters),
        cmocka_unit_test(test_line__structured_data_fits_a_datagram),
        cmocka_unit_test(test_target__as_people_write_them),
        cmocka_unit_test(test_port__is_the_one_a_sink_is_reached_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
