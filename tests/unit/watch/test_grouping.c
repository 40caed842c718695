/*
 * Who hears of which pages, when incidents belong together: each sink of its own groups' pages only; what is
 * under maintenance of nobody's; a page that was accepted did not come back; a page that is bad once more is
 * one page.
 */
#include "watch/caseload.h"

#include "unit/cmocka_all.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { START_S = 1772316000, NOTICES = 16 };

/* Pages 0 and 1 are a ministry's, 2 and 3 another's, 4 is under maintenance. The second sink hears of the
 * first ministry only, the third of the second one only. */
static const char configuration[] =
    "incidents: {gather: 2s, flap_window: 60s, campaign_window: 2h, recover_looks: 1}\n"
    "sinks:\n"
    "  all: {type: syslog, target: 'udp:127.0.0.1'}\n"
    "  one: {type: syslog, target: 'udp:127.0.0.1'}\n"
    "  two: {type: syslog, target: 'udp:127.0.0.1'}\n"
    "groups:\n"
    "  first: {urls: ['https://a.gov.ua/', 'https://b.gov.ua/'], sinks: [all, one]}\n"
    "  second: {urls: ['https://c.gov.ua/', 'https://d.gov.ua/'], sinks: [all, two]}\n"
    "  works: {urls: ['https://e.gov.ua/'], sinks: [all], maintenance: ['00:00-24:00']}\n";

enum { ALL, ONE, TWO, SINKS };

struct bench {
    char path[64];
    struct config config;
    struct store *store;
    struct outbox *outbox;
    struct caseload *caseload;
    uint64_t tickets[SINKS];
    json_t *told[SINKS][NOTICES];
    size_t count[SINKS];
};

static void on_fault(void *context, const char *text)
{
    (void)context;
    print_error("%s\n", text);
}

static void on_say(void *context, const char *text)
{
    (void)context;
    (void)text;
}

static int on_send(void *context, size_t sink, struct span json, uint64_t ticket)
{
    struct bench *bench = context;
    assert_true(sink < SINKS && bench->count[sink] < NOTICES);
    bench->tickets[sink] = ticket;
    bench->told[sink][bench->count[sink]++] = json_loadb(json.at, json.size, 0, NULL);
    return 0;
}

static void set_up(struct bench *bench)
{
    char error[STORE_ERROR_BYTES];
    *bench = (struct bench){0};
    snprintf(bench->path, sizeof(bench->path), "/tmp/varta-grouping-%d.db", (int)getpid());
    assert_int_equal(
        config_read_text("/tmp/varta.yaml", span_of(configuration), on_fault, NULL, &bench->config), 0);
    assert_int_equal(bench->config.list.count, 5);
    assert_int_equal(store_open(bench->path, STORE_CREATE, &bench->store, error), 0);
    struct outbox_settings outbox = {
        bench->config.sinks, bench->config.sink_count, bench->store, on_send, on_say, bench};
    assert_int_equal(outbox_new(&outbox, &bench->outbox), 0);
    struct caseload_settings cases = {&bench->config, bench->store, bench->outbox, on_say, bench};
    assert_int_equal(caseload_new(&cases, START_S, &bench->caseload), 0);
}

static void clear_away(struct bench *bench)
{
    caseload_free(bench->caseload);
    outbox_free(bench->outbox);
    store_close(bench->store);
    config_free(&bench->config);
    for (size_t i = 0; i < SINKS; i++)
        for (size_t j = 0; j < bench->count[i]; j++)
            json_decref(bench->told[i][j]);
    for (const char *const *tail = (const char *const[]){"", "-wal", "-shm", NULL}; *tail; tail++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", bench->path, *tail);
        unlink(path);
    }
}

static void run(struct bench *bench, int64_t from_s, int64_t to_s)
{
    for (int64_t now_s = from_s; now_s < to_s; now_s++) {
        caseload_turn(bench->caseload, false, START_S + now_s);
        for (size_t i = 0; i < SINKS; i++) {
            if (bench->tickets[i])
                outbox_sent(bench->outbox, bench->tickets[i], 0, (struct span){NULL, 0}, START_S + now_s);
            bench->tickets[i] = 0;
        }
    }
}

static void look(struct bench *bench, size_t page, enum verdict_kind verdict, int64_t now_s)
{
    bool bad = verdict == VERDICT_DEFACED || verdict == VERDICT_REPLACED;
    struct sighting sighting = {
        .verdict = verdict,
        .cause = "",
        .score = bad ? 0.97 : 0,
        .message =
            bad ? SPAN("All your data is ours now and will be sold, expect us in the night") : SPAN(""),
        .result = SPAN("{\"verdict\":\"defaced\",\"languages\":[],\"reasons\":[]}")};
    enum incident_look next = LOOK_ROUTINE;
    bool again = caseload_look(bench->caseload, page, LOOK_ROUTINE, &sighting, START_S + now_s, &next);
    if (again && bad)
        caseload_look(bench->caseload, page, next, &sighting, START_S + now_s, &next);
}

static const char *kind_of(const struct bench *bench, size_t sink, size_t number)
{
    assert_true(number < bench->count[sink]);
    return json_string_value(json_object_get(bench->told[sink][number], "kind"));
}

static const char *id_of(const struct bench *bench, size_t sink, size_t number)
{
    return json_string_value(json_object_get(bench->told[sink][number], "id"));
}

static json_int_t number_of(const struct bench *bench, size_t sink, size_t number, const char *key)
{
    const json_t *campaign = json_object_get(bench->told[sink][number], "campaign");
    return json_integer_value(json_object_get(campaign, key));
}

static bool names(const struct bench *bench, size_t sink, size_t number, const char *host)
{
    char *text = json_dumps(bench->told[sink][number], 0);
    bool found = strstr(text, host) != NULL;
    free(text);
    return found;
}

static void each_sink_hears_of_its_pages_only(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    for (size_t page = 0; page < 4; page++)
        look(&bench, page, VERDICT_DEFACED, 0);
    run(&bench, 0, 10);
    for (size_t sink = 0; sink < SINKS; sink++) {
        assert_int_equal(bench.count[sink], 1);
        assert_string_equal(kind_of(&bench, sink, 0), "campaign-opened");
        assert_int_equal(number_of(&bench, sink, 0, "pages"), sink == ALL ? 4 : 2);
        assert_int_equal(names(&bench, sink, 0, "a.gov.ua"), sink != TWO);
        assert_int_equal(names(&bench, sink, 0, "d.gov.ua"), sink != ONE);
    }
    assert_string_not_equal(id_of(&bench, ALL, 0), id_of(&bench, ONE, 0));
    assert_string_not_equal(id_of(&bench, ONE, 0), id_of(&bench, TWO, 0));
    look(&bench, 0, VERDICT_UNCHANGED, 20);
    look(&bench, 1, VERDICT_UNCHANGED, 20);
    run(&bench, 20, 40);
    assert_int_equal(bench.count[ALL], 2);
    assert_int_equal(bench.count[ONE], 2);
    assert_int_equal(bench.count[TWO], 1); /* nothing happened to its pages */
    assert_string_equal(kind_of(&bench, ONE, 1), "campaign-eased");
    assert_int_equal(number_of(&bench, ONE, 1, "back"), 2);
    look(&bench, 2, VERDICT_UNCHANGED, 50);
    look(&bench, 3, VERDICT_UNCHANGED, 50);
    run(&bench, 50, 60);
    for (size_t sink = 0; sink < SINKS; sink++)
        assert_string_equal(kind_of(&bench, sink, bench.count[sink] - 1), "campaign-over");
    clear_away(&bench);
}

static void maintenance_keeps_its_silence(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    look(&bench, 4, VERDICT_REPLACED, 0);
    look(&bench, 0, VERDICT_REPLACED, 0);
    look(&bench, 1, VERDICT_REPLACED, 0);
    run(&bench, 0, 10);
    assert_int_equal(bench.count[ALL], 1);
    assert_int_equal(number_of(&bench, ALL, 0, "pages"), 2);
    assert_false(names(&bench, ALL, 0, "e.gov.ua"));
    clear_away(&bench);
}

static void accepted_is_not_back(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    for (size_t page = 0; page < 2; page++)
        look(&bench, page, VERDICT_REPLACED, 0);
    run(&bench, 0, 10);
    assert_true(caseload_accept(bench.caseload, SPAN("https://a.gov.ua/"), SPAN("olena"), START_S + 20));
    look(&bench, 1, VERDICT_UNCHANGED, 20);
    run(&bench, 20, 40);
    assert_int_equal(bench.count[ONE], 2);
    assert_string_equal(kind_of(&bench, ONE, 1), "campaign-over");
    assert_int_equal(number_of(&bench, ONE, 1, "back"), 1);
    assert_int_equal(number_of(&bench, ONE, 1, "accepted"), 1);
    assert_non_null(strstr(json_string_value(json_object_get(bench.told[ONE][1], "summary")),
                           "1 of 2 pages of 2 domains is back, 1 was accepted as it is"));
    clear_away(&bench);
}

static void a_page_that_is_bad_once_more_is_one_page(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    for (size_t page = 0; page < 2; page++)
        look(&bench, page, VERDICT_DEFACED, 0);
    run(&bench, 0, 10);
    look(&bench, 0, VERDICT_UNCHANGED, 20);
    run(&bench, 20, 100); /* beyond the window in which it would be the same incident */
    size_t before = bench.count[ONE];
    look(&bench, 0, VERDICT_DEFACED, 100);
    run(&bench, 100, 200);
    assert_true(bench.count[ONE] > before);
    assert_string_equal(kind_of(&bench, ONE, before), "campaign-grew");
    assert_int_equal(number_of(&bench, ONE, before, "pages"), 2);
    assert_int_equal(number_of(&bench, ONE, before, "back"), 0);
    clear_away(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sink_hears_of_its_pages_only),
        cmocka_unit_test(maintenance_keeps_its_silence),
        cmocka_unit_test(accepted_is_not_back),
        cmocka_unit_test(a_page_that_is_bad_once_more_is_one_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
