/* Sentences of ours in the reader's language: the numbers and names arrive, and an attacker's words stay
 * words. */
#include "base/outcome.h"
#include "base/saying.h"
#include "base/saying_words.h"
#include "unit/cmocka_all.h"

static void says(const char *code, const char *english, enum tongue tongue, const char *wanted)
{
    buf_auto out = buf_new(8192);
    bool known = saying_translate(span_of(code), span_of(english), tongue, &out);
    buf_add_byte(&out, '\0');
    assert_true(known == (wanted != NULL));
    assert_string_equal(out.at, wanted ? wanted : "");
}

static void test_saying__numbers_names_and_quotations_arrive(void **state)
{
    (void)state;
    says("words-gone", "4 % of the page's own words are left", TONGUE_UK,
         "лишилося 4 % власних слів сторінки");
    says("few-links", "no link leads on", TONGUE_PL, "żaden odnośnik nie prowadzi dalej");
    says("few-links", "only 2 links lead on", TONGUE_PL, "odnośników zaledwie: 2");
    says("new-language", "new text in Russian, Polish and English, which the page never used", TONGUE_UK,
         "новий текст мовою, якою сторінка ніколи не говорила: російська, польська, англійська");
    says("loud", "it has what attackers like: sound that starts by itself, a locked mouse", TONGUE_PL,
         "ma to, co lubią atakujący: dźwięk, który włącza się sam, zablokowana mysz");
    says("hosts", "it newly refers to t.me, where attackers often send visitors", TONGUE_UK,
         "тепер відсилає до t.me, куди часто відсилають зловмисники");
    says("cue-threat", "it threatens: «бійся»", TONGUE_PL, "strona grozi: «бійся»");
    says("cue-threat", "it threatens", TONGUE_PL, "strona grozi");
    says("no-page", "the server refused the connection", TONGUE_UK, "сервер відмовив у з’єднанні");
}

static void test_saying__what_is_not_known_stays_as_it_is(void **state)
{
    (void)state;
    says("words-gone", "4 % of the page's own words are left", TONGUE_EN, NULL);
    says("words-gone", "many of the page's own words are left", TONGUE_UK, NULL);
    says("words-gone", "4 % of the page's own words are left over", TONGUE_UK, NULL);
    says("cue-threat", "it threatens everybody", TONGUE_UK, NULL);
    says("no-page", "the server sleeps", TONGUE_UK, NULL);
    says("nothing", "it threatens", TONGUE_UK, NULL);
    says("", "", TONGUE_UK, NULL);
}

static void test_saying__a_quotation_is_no_pattern(void **state)
{
    (void)state;
    says("cue-threat", "it threatens: «{n} {quote} {languages} %s»", TONGUE_UK,
         "вона погрожує: «{n} {quote} {languages} %s»");
    says("sign", "it is served from {before}, before from {now}", TONGUE_PL,
         "podaje ją {before}, przedtem podawał {now}");
}

static void test_saying__causes_and_details(void **state)
{
    (void)state;
    for (size_t i = 0; i < saying_cause_count; i++)
        for (unsigned tongue = 0; tongue < TONGUE_COUNT; tongue++) {
            buf_auto out = buf_new(4096);
            assert_true(saying_cause(span_of(saying_causes[i].code), (enum tongue)tongue, &out));
            assert_true(out.size > 5);
        }
    for (unsigned i = 0; i < OUTCOME_COUNT; i++)
        assert_string_equal(saying_causes[i].code, outcome_name((enum outcome)i));
    buf_auto out = buf_new(4096);
    assert_true(saying_cause(SPAN("http-503"), TONGUE_EN, &out));
    assert_true(span_equal(buf_span(&out), SPAN("the server answered with status 503")));
    buf_clear(&out);
    assert_false(saying_cause(SPAN("http-"), TONGUE_UK, &out));
    assert_false(saying_cause(SPAN("http-{n}"), TONGUE_UK, &out));
    assert_true(
        saying_detail(SPAN("confirmed"), SPAN("unavailable (timeout)"), "niedostępna", TONGUE_PL, &out));
    assert_true(span_equal(buf_span(&out), SPAN("niedostępna: serwer nie odpowiedział na czas")));
    assert_false(saying_detail(SPAN("acknowledged"), SPAN("Олена (web)"), NULL, TONGUE_PL, &out));
}

/* Every row can be taken apart by its own English, and nothing of the English is left in the other. */
static void test_saying__every_row_translates(void **state)
{
    (void)state;
    for (size_t i = 0; i < saying_row_count; i++) {
        struct span pattern = span_of(saying_rows[i].in[TONGUE_EN]);
        buf_auto english = buf_new(4096);
        while (pattern.size) {
            size_t open = span_find(pattern, SPAN("{"), 0), close = span_find(pattern, SPAN("}"), open);
            struct span name = span_cut(pattern, open + 1, close);
            buf_add_span(&english, span_cut(pattern, 0, open));
            buf_add_text(&english, span_equal(name, SPAN("n"))           ? "7"
                                   : span_equal(name, SPAN("quote"))     ? ": «x»"
                                   : span_equal(name, SPAN("cause"))     ? "the body is empty"
                                   : span_equal(name, SPAN("languages")) ? "Polish"
                                   : name.size                           ? "x.example"
                                                                         : "");
            pattern = span_cut(pattern, close + 1, pattern.size);
        }
        for (unsigned tongue = TONGUE_UK; tongue < TONGUE_COUNT; tongue++) {
            buf_auto out = buf_new(4096);
            assert_true(saying_translate(span_of(saying_rows[i].code), buf_span(&english),
                                         (enum tongue)tongue, &out));
            assert_true(span_find(buf_span(&out), SPAN("{"), 0) == out.size);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_saying__numbers_names_and_quotations_arrive),
        cmocka_unit_test(test_saying__what_is_not_known_stays_as_it_is),
        cmocka_unit_test(test_saying__a_quotation_is_no_pattern),
        cmocka_unit_test(test_saying__causes_and_details),
        cmocka_unit_test(test_saying__every_row_translates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
