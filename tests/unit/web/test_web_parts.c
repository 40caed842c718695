/* The parts of the status page that no browser is needed for: escaping, words, sessions, and what the
 * supervisor tells it. */
#include "web/web_html.h"
#include "web/web_session.h"
#include "wire/web_order.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void expect_html(struct span text, const char *wanted)
{
    buf_auto out = buf_new(4096);
    html_text(&out, text);
    assert_string_equal(buf_text(&out), wanted);
}

static void test_html__nothing_but_text(void **state)
{
    (void)state;
    expect_html(SPAN("<script>\"x\" & 'y'</script>"),
                "&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/script&gt;");
    expect_html(SPAN("a\xE2\x80\xAE"
                     "b\x1b[0m\0c"),
                "a⟨U+202E⟩b⟨U+001B⟩[0m⟨U+0000⟩c");
    expect_html(SPAN("line\n\ttwo"), "line\n\ttwo");
    expect_html(SPAN("\xff\xfe<"), "\xEF\xBF\xBD\xEF\xBF\xBD&lt;");
    expect_html(SPAN("Україна"), "Україна");
}

static void test_html__attributes_queries_and_templates(void **state)
{
    (void)state;
    buf_auto out = buf_new(4096);
    struct html html = {&out, WEB_ENGLISH, 1000};
    html_attribute(&out, "value", SPAN("\" onmouseover=\"x"));
    html_query(&out, SPAN("/?a=b&c \xd1\x8f\0"));
    html_fill(&html, " {} of {}", (const struct span[]){SPAN("<1>"), SPAN("{}")}, 2);
    html_defanged(&html, SPAN("https://evil.example/a.b?<"));
    assert_string_equal(buf_text(&out), " value=\"&quot; onmouseover=&quot;x\"%2F%3Fa%3Db%26c%20%D1%8F%00"
                                        " &lt;1&gt; of {}<bdi>hxxps://evil[.]example/a.b?&lt;</bdi>");
}

static void test_words__none_is_missing_and_plurals_are_right(void **state)
{
    (void)state;
    static const struct {
        enum web_language language;
        uint64_t number;
        const char *wanted;
    } forms[] = {
        {WEB_ENGLISH, 1, "{} page"},       {WEB_ENGLISH, 21, "{} pages"},
        {WEB_UKRAINIAN, 1, "{} сторінка"}, {WEB_UKRAINIAN, 21, "{} сторінка"},
        {WEB_UKRAINIAN, 3, "{} сторінки"}, {WEB_UKRAINIAN, 13, "{} сторінок"},
        {WEB_UKRAINIAN, 0, "{} сторінок"}, {WEB_UKRAINIAN, 111, "{} сторінок"},
        {WEB_POLISH, 1, "{} strona"},      {WEB_POLISH, 21, "{} stron"},
        {WEB_POLISH, 22, "{} strony"},     {WEB_POLISH, 12, "{} stron"},
    };
    for (unsigned language = 0; language < WEB_LANGUAGE_COUNT; language++)
        for (unsigned word = 0; word < WORD_COUNT; word++)
            if (!web_words_of((enum web_language)language)->texts[word])
                fail_msg("language %u has no word %u", language, word);
    for (unsigned language = 0; language < WEB_LANGUAGE_COUNT; language++)
        for (unsigned what = 0; what < PLURAL_COUNT; what++) {
            const struct web_forms *all = &web_words_of((enum web_language)language)->plurals[what];
            if (!all->one || !all->many || (!all->few && language != WEB_ENGLISH))
                fail_msg("language %u lacks a form of plural %u", language, what);
        }
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        assert_string_equal(web_words_plural(forms[i].language, PLURAL_PAGES, forms[i].number),
                            forms[i].wanted);
    enum web_plural defaced = (enum web_plural)(PLURAL_OF_VERDICTS + VERDICT_DEFACED);
    assert_string_equal(web_words_plural(WEB_UKRAINIAN, defaced, 1), "спотворена");
    assert_string_equal(web_words_plural(WEB_UKRAINIAN, defaced, 2), "спотворені");
    assert_string_equal(web_words_plural(WEB_UKRAINIAN, defaced, 8), "спотворених");
    assert_string_equal(web_words_plural(WEB_POLISH, defaced, 21), "podmienionych");
    assert_string_equal(web_words_plural(WEB_POLISH, defaced, 22), "podmienione");
    for (unsigned kind = 0; kind <= VERDICT_KIND_COUNT; kind++) /* one of them is said in both ways alike */
        for (unsigned language = 0; language < WEB_LANGUAGE_COUNT; language++)
            assert_string_equal(
                web_words_plural((enum web_language)language, (enum web_plural)(PLURAL_OF_VERDICTS + kind),
                                 1),
                web_words_of((enum web_language)language)->texts[html_verdict_word((enum verdict_kind)kind)]);
}

static void test_words__the_reader_s_language(void **state)
{
    (void)state;
    static const struct {
        const char *accepted;
        enum web_language wanted;
    } headers[] = {{"", WEB_ENGLISH},
                   {"uk", WEB_UKRAINIAN},
                   {"pl-PL,pl;q=0.9,en;q=0.8", WEB_POLISH},
                   {"de, fr", WEB_ENGLISH},
                   {"en;q=0.1, uk;q=0.2", WEB_UKRAINIAN},
                   {"uk;q=0, pl;q=0.001", WEB_POLISH},
                   {";;,,q=;uk;;", WEB_ENGLISH},
                   {"uk;q=99999999999", WEB_UKRAINIAN}};
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        if (web_words_choose(span_of(headers[i].accepted)) != headers[i].wanted)
            fail_msg("%s", headers[i].accepted);
}

static struct session_keys keys_of(const char *token)
{
    char path[] = "/tmp/varta-token.XXXXXX";
    struct session_keys keys = {.any = false};
    buf_auto complaint = buf_new(512);
    int fd = mkstemp(path);
    assert_int_equal(write(fd, token, strlen(token)), strlen(token));
    close(fd);
    session_read_token(span_of(path), &keys, &complaint);
    assert_true(keys.any || complaint.size > 0);
    unlink(path);
    return keys;
}

static void test_session__lasts_for_its_hours_and_for_its_token(void **state)
{
    (void)state;
    struct session_keys keys = keys_of("0123456789abcdef\n"), others = keys_of("0123456789abcdeg");
    const struct session_ends ends = {.count = 0};
    buf_auto given = buf_new(1024);
    assert_true(session_is_token(&keys, SPAN("0123456789abcdef")));
    assert_false(session_is_token(&keys, SPAN("0123456789abcdeg")) || session_is_token(&keys, SPAN("")));
    assert_false(keys_of("0123456789abcde").any);
    session_begin(&keys, SPAN("  Ол\x01ена; x=y "), 1000, false, &given);
    struct span cookie = span_cut(buf_span(&given), 0, span_find(buf_span(&given), SPAN(";"), 0));
    struct session session = session_of(&keys, &ends, cookie, 1000 + SESSION_HOURS * 3600 - 1);
    assert_true(session.is);
    assert_string_equal(session.name, "Олена; x=y");
    assert_true(session_is_form(&session, span_of(session.form_seal)));
    assert_false(session_is_form(&session, SPAN("")));
    assert_false(session_of(&keys, &ends, cookie, 1000 + SESSION_HOURS * 3600).is);
    assert_false(session_of(&others, &ends, cookie, 1001).is);
    assert_false(session_of(&(struct session_keys){.any = false}, &ends, cookie, 1001).is);
    struct session none = session_of(&keys, &ends, SPAN("varta=1.2.3.4"), 0);
    assert_false(session_is_form(&none, span_of(none.form_seal)));
}

static struct span cookie_of(const struct buf *given)
{
    return span_cut(buf_span(given), 0, span_find(buf_span(given), SPAN(";"), 0));
}

static void test_session__what_was_ended_stays_so(void **state)
{
    (void)state;
    struct session_keys keys = keys_of("0123456789abcdef\n");
    static struct session_ends ends;
    buf_auto first = buf_new(1024), second = buf_new(1024), taken = buf_new(1 << 20);
    session_begin(&keys, SPAN("x"), 1000, false, &first);
    session_begin(&keys, SPAN("x"), 1000, false, &second);
    struct session one = session_of(&keys, &ends, cookie_of(&first), 1001);
    assert_true(one.is);
    session_end(&ends, &one, 1001, &taken);
    assert_false(session_of(&keys, &ends, cookie_of(&first), 1001).is);
    assert_true(session_of(&keys, &ends, cookie_of(&second), 1001).is);
    for (unsigned i = 0; i < SESSION_ENDED; i++)
        session_end(&ends, &(struct session){.id = i, .until_s = 1000000 + i}, 1001, &taken);
    assert_int_equal(ends.count, SESSION_ENDED);
    assert_false(session_of(&keys, &ends, cookie_of(&first), 1001).is); /* no longer remembered by itself */
    session_end(&ends, &one, 2000000, &taken);
    assert_int_equal(ends.count, 1); /* what is over was forgotten */
}

static void test_session__guesses_are_counted(void **state)
{
    (void)state;
    static struct session_guesses guesses;
    struct span one = SPAN("192.0.2.1"), other = SPAN("192.0.2.2");
    for (unsigned i = 0; i < SESSION_WRONG; i++) {
        assert_true(session_may_guess(&guesses, one, 1000 + i));
        session_guessed_wrong(&guesses, one, 1000 + i);
    }
    assert_false(session_may_guess(&guesses, one, 1000 + SESSION_WRONG_S - 1));
    assert_true(session_may_guess(&guesses, other, 1000 + SESSION_WRONG_S - 1));
    assert_true(session_may_guess(&guesses, SPAN(""), 1000 + SESSION_WRONG_S - 1));
    assert_true(session_may_guess(&guesses, one, 1000 + SESSION_WRONG_S));
    session_guessed_wrong(&guesses, one, 1000 + SESSION_WRONG_S);
    assert_true(session_may_guess(&guesses, one, 1000 + SESSION_WRONG_S));
}

static void test_session__who_guesses_from_everywhere_is_stopped_too(void **state)
{
    (void)state;
    static struct session_guesses guesses;
    for (unsigned i = 0; i < SESSION_WRONG_ALL; i++) {
        char address[64];
        snprintf(address, sizeof(address), "2001:db8:%x::", i);
        assert_true(session_may_guess(&guesses, span_of(address), 1000));
        session_guessed_wrong(&guesses, span_of(address), 1000);
    }
    assert_false(session_may_guess(&guesses, SPAN("192.0.2.1"), 1000));
    assert_false(session_may_guess(&guesses, SPAN(""), 1000));
    assert_int_equal(guesses.address_count, SESSION_ADDRESSES);
    assert_true(session_may_guess(&guesses, SPAN(""), 1000 + SESSION_WRONG_S));
    assert_true(span_equal(session_last_hop(SPAN("10.0.0.1, evil, 192.0.2.7 ")), SPAN("192.0.2.7")));
    assert_int_equal(session_last_hop(SPAN("")).size, 0);
}

static void test_session__names_and_origins(void **state)
{
    (void)state;
    static const struct span hosts[] = {SPAN_CONSTANT("status.cert.example")};
    assert_true(session_is_host(SPAN("localhost:8080"), 8080, NULL, 0));
    assert_true(session_is_host(SPAN("[::1]:8080"), 8080, NULL, 0));
    assert_true(session_is_host(SPAN("Status.CERT.example:444"), 8080, hosts, 1));
    assert_true(session_is_host(SPAN("localhost"), 0, NULL, 0));
    assert_false(session_is_host(SPAN("localhost:8081"), 8080, NULL, 0));
    assert_false(session_is_host(SPAN("localhost.evil.example:8080"), 8080, hosts, 1));
    assert_false(session_is_host(SPAN(""), 8080, hosts, 1));
    assert_false(session_is_host(SPAN("[::1"), 8080, hosts, 1));
    assert_true(session_is_own(SPAN("https://a"), SPAN("same-origin"), SPAN("a")));
    assert_true(session_is_own(SPAN(""), SPAN(""), SPAN("a")));
    assert_false(session_is_own(SPAN("null"), SPAN(""), SPAN("a")));
    assert_false(session_is_own(SPAN("https://"), SPAN(""), SPAN("")));
    assert_false(session_is_own(SPAN("https://a"), SPAN("same-site"), SPAN("a")));
}

static void test_order__comes_back_and_what_is_cut_is_refused(void **state)
{
    (void)state;
    const struct span hosts[] = {SPAN("a.example"), SPAN("b.example")};
    struct web_order order = {.store = SPAN("/s"),
                              .evidence = SPAN("/e"),
                              .hosts = hosts,
                              .host_count = 2,
                              .zone = SPAN("UTC"),
                              .port = 8080},
                     back;
    struct web_group groups[] = {{SPAN("g"), SPAN("c@d")}};
    struct web_page pages[] = {{SPAN("https://a/"), SPAN("A"), 0, 60}, {SPAN("https://b/"), SPAN(""), 0, 5}};
    struct web_roll roll = {groups, 1, pages, 2}, all;
    buf_auto first = buf_new(4096), second = buf_new(4096);
    arena_auto arena = arena_new(1 << 20);
    web_order_put(&first, &order);
    web_roll_put(&second, &roll);
    assert_true(web_order_get(buf_span(&first), &arena, &back));
    assert_true(span_equal(back.hosts[1], hosts[1]) && back.port == 8080 &&
                span_equal(back.zone, order.zone));
    assert_true(web_roll_get(buf_span(&second), &arena, &all));
    assert_true(all.page_count == 2 && all.pages[1].interval_s == 5 &&
                span_equal(all.groups[0].contact, SPAN("c@d")));
    for (size_t size = 0; size < first.size; size++)
        assert_false(web_order_get(span_cut(buf_span(&first), 0, size), &arena, &back));
    for (size_t size = 0; size < second.size; size++)
        assert_false(web_roll_get(span_cut(buf_span(&second), 0, size), &arena, &all));
    pages[1].group = 7;
    buf_clear(&second);
    web_roll_put(&second, &roll);
    assert_false(web_roll_get(buf_span(&second), &arena, &all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html__nothing_but_text),
        cmocka_unit_test(test_html__attributes_queries_and_templates),
        cmocka_unit_test(test_words__none_is_missing_and_plurals_are_right),
        cmocka_unit_test(test_words__the_reader_s_language),
        cmocka_unit_test(test_session__lasts_for_its_hours_and_for_its_token),
        cmocka_unit_test(test_session__what_was_ended_stays_so),
        cmocka_unit_test(test_session__guesses_are_counted),
        cmocka_unit_test(test_session__who_guesses_from_everywhere_is_stopped_too),
        cmocka_unit_test(test_session__names_and_origins),
        cmocka_unit_test(test_order__comes_back_and_what_is_cut_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
