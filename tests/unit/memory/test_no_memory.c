/*
 * Every allocation of the steps behind the network fails in turn, once alone and once with all after it:
 * reading, the codec, comparing, identifying, judging, and putting it into words. Each must say so or do
 * without, and leave nothing behind. Arguments: the folder of the models.
 */
#include "base/utf8.h"
#include "pipeline/alert/alert.h"
#include "pipeline/compare/compare.h"
#include "pipeline/judge/judge.h"
#include "pipeline/read/read.h"
#include "unit/failing_malloc.h"
#include "unit/hand_ministry.h"
#include "watch/plain_notice.h"
#include "wire/records.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <varta/language.h>

enum {
    NOW_S = 1642118400,
    BYTES = 4 << 20,
    MANY = 400,
    STRIDE = 31 /* only opening the judge has more: a cue each */
};

static const char *models;
static struct hand_page evening, night;
static struct judge *judge;
static struct varta_language_model *languages;

static const char html[] =
    "<!DOCTYPE html><html "
    "lang=uk><head><title>Міністерство</title><style>.a{display:none}</style></head><body "
    "style='background:black'><h1>Новини</h1><p class=a>сховане</p><img "
    "src='data:image/png;base64,iVBORw0KGgo='>"
    "<a href='//other.example/x'>далі</a><form action='//form.example/'><input "
    "type=password></form><table><td>1"
    "<iframe srcdoc='<p>inside'></iframe><script>document.oncontextmenu=0</script><p>Відкрито нову "
    "лабораторію";
static const char message[] =
    "Українець! Всі твої дані стали публічними. Украинец! Бойтесь и ждите худшего. Bój się.";

/* ---- the ways: each returns 0, or -ENOMEM when memory was short ---- */

static int read_it(void)
{
    const struct read_request request = {.content_type = SPAN("text/html; charset=utf-8"),
                                         .url = SPAN("https://ministry.example/")};
    struct reading reading;
    enum outcome outcome = read_page(span_of(html), &request, &reading);
    reading_free(&reading);
    assert_true(outcome == OUTCOME_OK || outcome == OUTCOME_NO_MEMORY);
    return outcome == OUTCOME_OK ? 0 : -ENOMEM;
}

static int send_a_reading(void)
{
    buf_auto wire = buf_new(BYTES);
    struct reading again = {0};
    reading_put(&wire, &evening.reading);
    bool taken = !wire.failed && reading_get(buf_span(&wire), &again);
    reading_free(&again);
    return taken ? 0 : -ENOMEM;
}

static int send_a_capture(void)
{
    struct hop hops[] = {{301, SPAN("http://a.example/")}, {302, SPAN("https://a.example/")}};
    struct capture capture = {.url = SPAN("http://a.example/"), .hops = hops, .hop_count = 2}, again = {0};
    buf_auto wire = buf_new(BYTES);
    capture_put(&wire, &capture);
    bool taken = !wire.failed && capture_get(buf_span(&wire), &again);
    capture_free(&again);
    return taken ? 0 : -ENOMEM;
}

static int send_a_picture_text(void)
{
    struct picture_line lines[] = {{.text = SPAN("бійся"), .language = "uk"},
                                   {.text = SPAN("bój się"), .language = "pl"}};
    struct picture_text text = {.format = "png", .lines = lines, .line_count = 2}, again = {0};
    buf_auto wire = buf_new(BYTES);
    picture_text_put(&wire, &text);
    bool taken = !wire.failed && picture_text_get(buf_span(&wire), &again);
    picture_text_free(&again);
    return taken ? 0 : -ENOMEM;
}

static int send_an_order(void)
{
    struct fetch_order order = {.url = SPAN("https://a.example/"),
                                .user_agent = SPAN("varta"),
                                .etag = SPAN("\"1\"")},
                       again;
    arena_auto arena = arena_new(BYTES);
    buf_auto wire = buf_new(BYTES);
    fetch_order_put(&wire, &order);
    return !wire.failed && fetch_order_get(buf_span(&wire), &arena, &again) ? 0 : -ENOMEM;
}

static int compare_it(void)
{
    struct baseline *baseline = baseline_new(), *again = NULL;
    struct change change = {0};
    buf_auto packed = buf_new(BYTES);
    buf_auto text = buf_new(BYTES);
    int result = baseline ? baseline_learn(baseline, &evening.reading, NOW_S) : -ENOMEM;
    if (result == 0)
        result = baseline_learn(baseline, &night.reading, NOW_S + 600);
    if (result == 0)
        result = baseline_accept(baseline, &evening.reading, NOW_S + 1200);
    if (result == 0)
        result = baseline_pack(baseline, &packed);
    if (result == 0)
        result = baseline_unpack(buf_span(&packed), &again);
    if (result == 0)
        result = baseline_text(again, BYTES, &text);
    if (result == 0)
        result = compare_reading(again, &night.reading, &change);
    if (result == 0)
        change_free(&change);
    baseline_free(again);
    baseline_free(baseline);
    return result;
}

static int open_languages(void)
{
    char path[4096];
    struct varta_language_model *model = NULL;
    snprintf(path, sizeof(path), "%s/language.varta", models);
    int result = varta_language_model_open(path, &model, NULL);
    if (result == 0)
        varta_language_model_close(model);
    return result < 0 ? -ENOMEM : 0;
}

static int identify_it(void)
{
    struct varta_language_result result;
    if (varta_language_identify(languages, message, sizeof(message) - 1, NULL, &result) < 0)
        return -ENOMEM;
    varta_language_result_free(&result);
    return 0;
}

static int open_judge(void)
{
    char error[256];
    struct judge *one = NULL;
    int result = judge_open(models, &one, error);
    if (result == 0)
        judge_close(one);
    return result;
}

static int judge_it(void)
{
    struct capture capture = {
        .outcome = OUTCOME_OK, .status = 200, .final_url = SPAN("https://ministry.example/")};
    struct language_share shares[] = {{"uk", 0.5, 0.9}, {"ru", 0.5, 0.9}};
    struct change change;
    struct verdict verdict;
    buf_auto text = buf_new(BYTES);
    int result = compare_reading(NULL, &night.reading, &change);
    if (result < 0)
        return result;
    struct judge_evidence evidence = {.capture = &capture,
                                      .reading = &night.reading,
                                      .change = &change,
                                      .new_languages = shares,
                                      .new_language_count = 2};
    result = judge_message(&change, &night.reading, BYTES, &text);
    if (result == 0)
        result = judge_page(judge, &evidence, &verdict);
    if (result == 0)
        verdict_free(&verdict);
    change_free(&change);
    return result;
}

static void render(const struct notice *notice)
{
    buf_auto out = buf_new(BYTES);
    struct span to[MAIL_RECIPIENTS];
    struct sink_order order = {.from = SPAN("varta@cert.example")};
    struct mail_people people = {order.from, to, mail_recipients(&order, notice, to)};
    syslog_line(notice, SYSLOG_DAEMON, SPAN("host"), 1, SYSLOG_LINE_BYTES, &out);
    journal_fields(notice, &out);
    nagios_lines(notice, SPAN("host"), &out);
    notice_line(notice, &out);
    mail_text(notice, &people, &out);
}

static int tell_it(void)
{
    struct reason reasons[] = {{.code = "cue", .text = SPAN("it says «бійся»"), .weight = 3}};
    struct language_share shares[] = {{"uk", 1, 0.9}};
    struct verdict verdict = {.kind = VERDICT_DEFACED,
                              .score = 0.97,
                              .languages = shares,
                              .language_count = 1,
                              .reasons = reasons,
                              .reason_count = 1,
                              .message = span_of(message)};
    struct result result = {.url = SPAN("https://ministry.example/"), .at_s = NOW_S, .verdict = &verdict};
    struct notice notice;
    const char *why;
    buf_auto json = buf_new(BYTES);
    int made = plain_notice_result(&result, NOW_S * 1000000LL, &json);
    if (made == 0)
        made = notice_parse(buf_span(&json), &notice, &why) == 0 ? 0 : -ENOMEM;
    if (made == 0) {
        render(&notice);
        notice_free(&notice);
    }
    return made;
}

/* ---- failing ---- */

static size_t survive(int (*way)(void), bool once)
{
    long live = failing_live;
    failing_count = 0;
    assert_int_equal(way(), 0);
    assert_int_equal(failing_live, live);
    size_t all = failing_count;
    assert_true(all > 0);
    for (size_t at = 1; at <= all; at += at > MANY ? STRIDE : 1) {
        failing_count = 0;
        failing_once = once;
        failing_at = at;
        int result = way();
        failing_at = 0;
        if (result != 0 && result != -ENOMEM)
            fail_msg("allocation %zu: %d", at, result);
        if (failing_live != live)
            fail_msg("allocation %zu of %zu: %ld are left", at, all, failing_live - live);
    }
    return all;
}

static void each_failing_allocation_is_survived(void **state)
{
    static const struct {
        const char *name;
        int (*way)(void);
    } ways[] = {{"read", read_it},
                {"send a reading", send_a_reading},
                {"send a capture", send_a_capture},
                {"send a picture's text", send_a_picture_text},
                {"send an order", send_an_order},
                {"compare", compare_it},
                {"open the languages", open_languages},
                {"identify", identify_it},
                {"open the judge", open_judge},
                {"judge", judge_it},
                {"tell", tell_it}};
    (void)state;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        print_message("%s:", ways[i].name);
        size_t all = survive(ways[i].way, false);
        survive(ways[i].way, true);
        print_message(" %zu allocations\n", all);
    }
}

/* Of what fails alone, nothing may be passed over in silence where it is the record itself. */
static void a_record_is_whole_or_refused(void **state)
{
    (void)state;
    buf_auto first = buf_new(BYTES);
    reading_put(&first, &evening.reading);
    for (size_t at = 1; at <= 8; at++) {
        buf_auto again = buf_new(BYTES);
        struct reading reading;
        failing_count = 0;
        failing_once = true;
        failing_at = at;
        bool taken = reading_get(buf_span(&first), &reading);
        failing_at = 0;
        if (taken)
            reading_put(&again, &reading);
        assert_true(!taken || span_equal(buf_span(&first), buf_span(&again)));
        reading_free(&reading);
    }
}

/* What jansson allocates is to fail too. */
static void *json_malloc(size_t size)
{
    return malloc(size);
}

static void json_free(void *at)
{
    free(at);
}

static int set_up(void **state)
{
    char error[256], path[4096];
    (void)state;
    json_set_alloc_funcs(json_malloc, json_free);
    ministry_evening(&evening);
    hand_start(&night, "hacked by nobody");
    hand_block(&night, "p", message);
    hand_picture(&night, "message.png", 800, 600);
    hand_picture_text(&night, "Бійся і чекай найгіршого");
    snprintf(path, sizeof(path), "%s/language.varta", models);
    return judge_open(models, &judge, error) < 0 || varta_language_model_open(path, &languages, NULL) < 0 ? -1
                                                                                                          : 0;
}

static int tear_down(void **state)
{
    (void)state;
    judge_close(judge);
    varta_language_model_close(languages);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_failing_allocation_is_survived),
                                       cmocka_unit_test(a_record_is_whole_or_refused)};
    if (argc != 2)
        return 2;
    models = argv[1];
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
