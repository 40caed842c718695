/* Notices: what is refused, what every form of one looks like, and that no text in any member gets out of its
 * place. */
#include "pipeline/alert/alert.h"
#include "pipeline/alert/mail_body.h"
#include "renderings.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static const char incident_json[] =
    "{'id': 'v1-17:2', 'kind': 'incident-confirmed', 'at': '2022-01-14T02:13:05Z', 'severity': 'critical', "
    "'summary': "
    "'https://mfa.example/ is defaced', 'incident': {'id': 17, 'state': 'confirmed', 'verdict': 'defaced', "
    "'opened': "
    "'2022-01-14T02:13:00Z', 'confirmed': '2022-01-14T02:13:05Z', 'looks': 3}, 'page': {'url': "
    "'https://mfa.example/', "
    "'name': 'MFA', 'group': 'ministries', 'contact': '+380 44 000, Duty <duty@mfa.example>, B@c.example'}, "
    "'result': "
    "{'verdict': 'defaced', 'score': 0.998, 'languages': [{'language': 'uk', 'share': 0.36}, {'language': "
    "'ru', 'share': "
    "0.33}], 'reasons': [{'code': 'content-gone', 'text': '2 % is left'}], 'message': 'Be afraid', 'origin': "
    "'image', "
    "'http': {'status': 200, 'final_url': 'https://mfa.example/x', 'address': '192.0.2.7'}}}";

static const char campaign_json[] =
    "{'id': 'v1-c3', 'kind': 'campaign-opened', 'at': "
    "'2022-01-14T02:20:00Z', 'severity': 'critical', 'summary': '23 pages "
    "of 9 domains', 'campaign': {'id': 3, 'pages': 23, 'domains': 9, "
    "'first': '2022-01-14T02:13:00Z', 'kind': "
    "'defacement', 'list': [{'url': 'https://u:p@mfa.example:8443/x', "
    "'name': 'MFA', 'verdict': 'defaced', 'incident': 17, "
    "'at': '2022-01-14T02:13:05Z', 'contact': 'x@y.example'}, {'url': "
    "'http://[2001:db8::1]:80/', 'verdict': 'replaced'}, "
    "{'url': 'https://back.example/', 'verdict': 'defaced', 'state': 'recovered'}], "
    "'left_out': 21}}";

static json_t *load(const char *text)
{
    char *proper = strdup(text);
    for (char *at = proper; (at = strchr(at, '\''));)
        *at = '"';
    json_t *json = json_loads(proper, 0, NULL);
    free(proper);
    assert_non_null(json);
    return json;
}

static int parse(const json_t *json, struct notice *ret_notice)
{
    const char *why = NULL;
    char *text = json_dumps(json, 0);
    int result = notice_parse(span_of(text), ret_notice, &why);
    assert_true(result != -EBADMSG || why);
    free(text);
    return result;
}

static void make(const char *text, struct notice *ret_notice)
{
    json_t *json = load(text);
    assert_int_equal(parse(json, ret_notice), 0);
    json_decref(json);
}

/* ---- what is taken ---- */

static void set(json_t *root, const char *path, json_t *value)
{
    char word[64];
    const char *dot = strchr(path, '.');
    if (!dot) {
        if (value)
            json_object_set_new(root, path, value);
        else
            json_object_del(root, path);
        return;
    }
    snprintf(word, sizeof(word), "%.*s", (int)(dot - path), path);
    set(json_object_get(root, word), dot + 1, value);
}

static int parse_with(const char *base, const char *path, json_t *value)
{
    json_t *json = load(base);
    struct notice notice;
    set(json, path, value);
    int result = parse(json, &notice);
    if (result == 0)
        notice_free(&notice);
    json_decref(json);
    return result;
}

static void test_parse__refuses_what_is_missing(void **state)
{
    (void)state;
    static const char *const needed[] = {"id",       "kind",        "at",   "severity", "summary",
                                         "incident", "incident.id", "page", "page.url", "result.verdict"};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        assert_int_equal(parse_with(incident_json, needed[i], NULL), -EBADMSG);
    static const char *const spared[] = {"result", "page.name", "result.http", "incident.verdict"};
    for (size_t i = 0; i < sizeof(spared) / sizeof(spared[0]); i++)
        assert_int_equal(parse_with(incident_json, spared[i], NULL), 0);
    assert_int_equal(parse_with(campaign_json, "campaign", NULL), -EBADMSG);
    assert_int_equal(parse_with(campaign_json, "campaign.list", NULL), 0);
}

static void test_parse__refuses_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *path, *value;
    } wrong[] = {
        {"id", "'a b'"},
        {"id", "'a\\nb'"},
        {"id", "''"},
        {"id", "7"},
        {"kind", "'incident'"},
        {"severity", "'fatal'"},
        {"at", "'yesterday'"},
        {"at", "'2022-01-14T02:13:05'"},
        {"at", "'2022-13-14T02:13:05Z'"},
        {"at", "'2022-01-14T02:13:05+02:00Z'"},
        {"at", "'2022-01-14T02:13:05.Z'"},
        {"at", "'2022-01-14T02:13:05.1234567Z'"},
        {"summary", "['x']"},
        {"incident", "'17'"},
        {"incident.id", "-1"},
        {"incident.id", "1.5"},
        {"incident.id", "99999999999999999"},
        {"incident.verdict", "'bad'"},
        {"incident.opened", "'x'"},
        {"page", "[]"},
        {"page.name", "{}"},
        {"result.score", "2"},
        {"result.score", "'1'"},
        {"result.languages", "{}"},
        {"result.languages", "[{'share': 1}]"},
        {"result.languages", "[{'language': 'uk]'}]"},
        {"result.languages", "[{'language': 'much-too-long-tag'}]"},
        {"result.languages", "['uk']"},
        {"result.http.status", "'200'"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char text[256];
        snprintf(text, sizeof(text), "{'v': %s}", wrong[i].value);
        json_t *value = load(text);
        assert_int_equal(parse_with(incident_json, wrong[i].path, json_incref(json_object_get(value, "v"))),
                         -EBADMSG);
        json_decref(value);
    }
}

static int parse_text(struct span text)
{
    struct notice notice;
    const char *why = NULL;
    int result = notice_parse(text, &notice, &why);
    if (result == 0)
        notice_free(&notice);
    return result;
}

static void test_parse__refuses_what_is_no_json_or_too_much(void **state)
{
    (void)state;
    assert_int_equal(parse_text(SPAN("")), -EBADMSG);
    assert_int_equal(parse_text(SPAN("[]")), -EBADMSG);
    assert_int_equal(parse_text(SPAN("{\"id\": \"a\", \"id\": \"b\"}")), -EBADMSG);
    assert_int_equal(parse_text(SPAN("{\"id\": \"\xFF\"}")), -EBADMSG);
    size_t size = NOTICE_BYTES + 1;
    char *deep = malloc(size);
    memset(deep, '[', size);
    assert_int_equal(parse_text((struct span){deep, NOTICE_BYTES}), -EBADMSG);
    assert_int_equal(parse_text((struct span){deep, size}), -EMSGSIZE);
    free(deep);
}

static void test_kind__every_name_is_taken(void **state)
{
    (void)state;
    for (int kind = 0; kind < NOTICE_KIND_COUNT; kind++) {
        json_t *json = load(incident_json);
        struct notice notice;
        set(json, "kind", json_string(notice_kind_name((enum notice_kind)kind)));
        set(json, "campaign", json_pack("{s:i}", "id", 1));
        assert_int_equal(parse(json, &notice), 0);
        assert_int_equal(notice.kind, kind);
        assert_int_equal(strlen(journal_message_id(notice.kind)), 32);
        for (int other = 0; other < kind; other++)
            assert_string_not_equal(journal_message_id(notice.kind),
                                    journal_message_id((enum notice_kind)other));
        assert_null(renderings_fault(&notice));
        notice_free(&notice);
        json_decref(json);
    }
}

/* ---- forms ---- */

static void test_journal__fields(void **state)
{
    (void)state;
    struct notice notice;
    struct buf out = buf_new(1 << 16);
    make(incident_json, &notice);
    journal_fields(&notice, &out);
    assert_string_equal(
        buf_text(&out),
        "MESSAGE=https://mfa.example/ is defaced\nMESSAGE_ID=7b0eb36f53764c51a78cbf9aebaa87cb\nPRIORITY=2\n"
        "SYSLOG_IDENTIFIER=varta\nSYSLOG_FACILITY=3\nVARTA_NOTICE_ID=v1-17:2\nVARTA_KIND=incident-confirmed\n"
        "VARTA_AT=2022-01-14T02:13:05Z\nVARTA_VERDICT=defaced\nVARTA_URL=https://mfa.example/"
        "\nVARTA_NAME=MFA\n"
        "VARTA_GROUP=ministries\nVARTA_CONTACT=+380 44 000, Duty <duty@mfa.example>, B@c.example\n"
        "VARTA_SCORE=0.998\nVARTA_LANGUAGES=uk:0.36,ru:0.33\nVARTA_TEXT=Be afraid\nVARTA_ORIGIN=image\n"
        "VARTA_STATUS=200\nVARTA_ADDRESS=192.0.2.7\nVARTA_INCIDENT=17\nVARTA_STATE=confirmed\n");
    notice_free(&notice);
    buf_free(&out);
}

static void test_nagios__lines(void **state)
{
    (void)state;
    struct notice notice;
    struct buf out = buf_new(1 << 16);
    make(incident_json, &notice);
    nagios_lines(&notice, SPAN("cert-1"), &out);
    notice_free(&notice);
    make(campaign_json, &notice);
    nagios_lines(&notice, SPAN("cert-1"), &out);
    notice_free(&notice);
    make("{'id': 's', 'kind': 'self', 'at': '2022-01-14T02:20:00Z', 'severity': 'critical', 'summary': "
         "'blind; a|b\\\\n $(x) `y` \\u0027z\\u0027 <&'}",
         &notice);
    nagios_lines(&notice, SPAN("cert-1"), &out);
    notice_free(&notice);
    assert_string_equal(
        buf_text(&out),
        "[1642126385] PROCESS_SERVICE_CHECK_RESULT;mfa.example;MFA;2;https://mfa.example/ is defaced\n"
        "[1642126800] PROCESS_SERVICE_CHECK_RESULT;mfa.example;MFA;2;23 pages of 9 domains\n"
        "[1642126800] PROCESS_SERVICE_CHECK_RESULT;2001:db8::1;varta;1;23 pages of 9 domains\n"
        "[1642126800] PROCESS_SERVICE_CHECK_RESULT;back.example;varta;0;23 pages of 9 domains\n"
        "[1642126800] PROCESS_SERVICE_CHECK_RESULT;cert-1;varta;2;blind, a/b/n ’(x) ’y’ ’z’ ’’\n");
    buf_free(&out);
}

static void test_mail__recipients(void **state)
{
    (void)state;
    struct notice notice;
    struct span to[MAIL_RECIPIENTS], address;
    struct span named[] = {SPAN("a@x.example"), SPAN("A <A@x.example>"), SPAN("b@x.example")};
    struct sink_order order = {.from = SPAN("varta@cert.example"), .to = named, .to_count = 3};
    make(incident_json, &notice);
    assert_int_equal(mail_recipients(&order, &notice, to), 2);
    assert_true(span_equal(to[1], SPAN("b@x.example")));
    order.to_count = 0;
    assert_int_equal(mail_recipients(&order, &notice, to), 2);
    assert_true(span_equal(to[0], SPAN("duty@mfa.example")) && span_equal(to[1], SPAN("B@c.example")));
    notice_free(&notice);
    make("{'id': 's', 'kind': 'self', 'at': '2022-01-14T02:20:00Z', 'severity': 'info', 'summary': 'x'}",
         &notice);
    assert_int_equal(mail_recipients(&order, &notice, to), 1);
    assert_true(span_equal(to[0], SPAN("varta@cert.example")));
    notice_free(&notice);
    static const char *const bad[] = {
        "",      "@",          "a@",    "@b",       "a b@c", "a@b@c", "a@b,c@d", "a@b>", "a@b\r\nBcc: x",
        "a@b\n", "\xD1\x97@b", "a<b@c", "x <a@b> y"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_true(!mail_address(span_of(bad[i]), &address) || span_equal(address, SPAN("a@b")));
}

static void test_mail__header(void **state)
{
    (void)state;
    struct notice notice;
    struct buf out = buf_new(1 << 16);
    struct span to[] = {SPAN("a@x.example"), SPAN("b@x.example")};
    struct mail_people people = {SPAN("varta@cert.example"), to, 2};
    make(incident_json, &notice);
    mail_text(&notice, &people, &out);
    static const char begin[] =
        "Date: Fri, 14 Jan 2022 02:13:05 +0000\r\nFrom: varta <varta@cert.example>\r\nTo: <a@x.example>,\r\n "
        "<b@x.example>\r\n"
        "Subject: =?UTF-8?B?W3ZhcnRhXSBkZWZhY2VkOiBNRkE=?=\r\nMessage-ID: <v1-17-2@cert.example>\r\n"
        "References: <incident-17-2022-01-14T02-13-00Z@cert.example>\r\nAuto-Submitted: auto-generated\r\n";
    assert_memory_equal(buf_text(&out), begin, sizeof(begin) - 1);
    notice_free(&notice);
    buf_free(&out);
}

static void test_mail__an_attackers_address_is_no_link(void **state)
{
    (void)state;
    struct notice notice;
    struct buf out = buf_new(1 << 16);
    make(incident_json, &notice);
    mail_body(&notice, &out);
    assert_non_null(strstr(buf_text(&out), "\nPage:       https://mfa.example/\n"));
    assert_non_null(strstr(buf_text(&out), "\nLed to:     hxxps://mfa[.]example/x\n"));
    notice_free(&notice);
    buf_free(&out);
}

/* Checked with: printf '1700000000.{}' | openssl dgst -sha256 -hmac key */
static void test_signature__as_openssl_makes_it(void **state)
{
    (void)state;
    char signature[SIGNATURE_BYTES];
    assert_int_equal(signature_make(SPAN("key"), 1700000000, SPAN("{}"), signature), 0);
    assert_string_equal(signature, "sha256=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae");
}

/* ---- hostile text ---- */

static const char *const attacks[] = {
    "\n",
    "a\r\nBcc: x@y.example\r\n\r\nbody",
    "\"] [evil@1 a=\"b",
    "\\",
    "a\\",
    "]",
    "|perf=1;;;",
    ";0;OK",
    "\\nmore",
    "$(reboot)`id`",
    "\x1B[2J\x1B]0;t\x07",
    "\xE2\x80\xAE"
    "desrever",
    "\xE2\x80\xA8"
    "line\xE2\x80\xA9",
    "\xC2\x85next",
    "=?UTF-8?B?QUJD?=",
    "<26>1 - forged",
    "a@b\r\nBcc: c@d",
    "x <a@b>\n",
    "MESSAGE=x\nPRIORITY=0",
    "\xEF\xBB\xBF",
    "\x7F",
    "\xF3\xA0\x81\x81tag",
    "--boundary",
    "Українець \xF0\x9F\x98\x80",
    ".",
    "From x",
    "%s%n",
    "https://user@evil;x|y:1/",
    "http://[::1",
};

static size_t accepted;

/* Puts the attack into one text of the tree after another. */
static void attack_all(json_t *root, json_t *at, const char *attack)
{
    const char *key;
    json_t *value;
    void *next;
    size_t i;
    struct notice notice;
    json_array_foreach(at, i, value) attack_all(root, value, attack);
    json_object_foreach_safe(at, next, key, value)
    {
        if (!json_is_string(value)) {
            attack_all(root, value, attack);
            continue;
        }
        json_t *old = json_copy(value);
        json_object_set_new(at, key, json_sprintf("%s%s", attack, attack));
        if (parse(root, &notice) == 0) {
            const char *fault = renderings_fault(&notice);
            if (fault)
                fail_msg("%s: %s", key, fault);
            notice_free(&notice);
            accepted++;
        }
        json_object_set_new(at, key, old);
    }
}

static void test_forms__hold_every_attack_in_every_member(void **state)
{
    (void)state;
    static const char *const bases[] = {incident_json, campaign_json};
    accepted = 0;
    for (size_t b = 0; b < 2; b++)
        for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
            json_t *root = load(bases[b]);
            attack_all(root, root, attacks[i]);
            json_decref(root);
        }
    assert_true(accepted > 400);
}

/* A list as long as a notice can be. */
static void test_forms__hold_the_largest_campaign(void **state)
{
    (void)state;
    json_t *root = load(campaign_json), *list = json_array();
    struct notice notice;
    for (int i = 0; i < 1000; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "url", "https://x.example/\"]|;", "contact", "a@b.example"));
    set(root, "campaign.list", list);
    assert_int_equal(parse(root, &notice), 0);
    assert_int_equal(notice.list_count, 1000);
    assert_null(renderings_fault(&notice));
    notice_free(&notice);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse__refuses_what_is_missing),
        cmocka_unit_test(test_parse__refuses_what_is_wrong),
        cmocka_unit_test(test_parse__refuses_what_is_no_json_or_too_much),
        cmocka_unit_test(test_kind__every_name_is_taken),
        cmocka_unit_test(test_journal__fields),
        cmocka_unit_test(test_nagios__lines),
        cmocka_unit_test(test_mail__recipients),
        cmocka_unit_test(test_mail__header),
        cmocka_unit_test(test_mail__an_attackers_address_is_no_link),
        cmocka_unit_test(test_signature__as_openssl_makes_it),
        cmocka_unit_test(test_forms__hold_every_attack_in_every_member),
        cmocka_unit_test(test_forms__hold_the_largest_campaign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
