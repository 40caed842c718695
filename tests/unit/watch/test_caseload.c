/*
 * What a campaign owes: a page that joined it and was over before its next notice is named in that notice all
 * the same, whether the watch ran on or was killed in between, or the page was bad again meanwhile.
 */
#include "watch/caseload.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { START_S = 1772316000 };

static const char configuration[] =
    "incidents: {gather: 10s, flap_window: 0s, campaign_window: %s}\n"
    "groups: {all: {urls: ['https://a.gov.ua/', 'https://b.gov.ua/', 'https://c.gov.ua/']}}\n"
    "sinks: {siem: {type: syslog, target: 'udp:127.0.0.1'}}\n";

struct bench {
    char path[64];
    struct config config;
    struct store *store;
    struct outbox *outbox;
    struct caseload *caseload;
    uint64_t ticket;  /* of the delivery under way; 0 for none */
    char kind[40];    /* of the last notice */
    size_t names_c;   /* how often it names the third page */
    bool is_of_three; /* it tells of three pages */
    size_t told;
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
    (void)sink;
    bench->ticket = ticket;
    char *text = strndup(json.at, json.size);
    const char *kind = strstr(text, "\"kind\":\"");
    assert_non_null(kind);
    kind += strlen("\"kind\":\"");
    snprintf(bench->kind, sizeof(bench->kind), "%.*s", (int)strcspn(kind, "\""), kind);
    bench->names_c = 0;
    for (const char *at = text; (at = strstr(at, "\"url\":\"https://c.gov.ua")); at++)
        bench->names_c++;
    bench->is_of_three = strstr(text, "\"pages\":3,") != NULL;
    bench->told++;
    free(text);
    return 0;
}

static void open_all(struct bench *bench, int64_t now_s)
{
    char error[STORE_ERROR_BYTES];
    assert_int_equal(store_open(bench->path, STORE_CREATE, &bench->store, error), 0);
    struct outbox_settings outbox = {
        bench->config.sinks, bench->config.sink_count, bench->store, on_send, on_say, bench};
    assert_int_equal(outbox_new(&outbox, &bench->outbox), 0);
    struct caseload_settings cases = {&bench->config, bench->store, bench->outbox, on_say, bench};
    assert_int_equal(caseload_new(&cases, now_s, &bench->caseload), 0);
}

static void kill_all(struct bench *bench)
{
    caseload_free(bench->caseload);
    outbox_free(bench->outbox);
    store_rollback(bench->store);
    store_close(bench->store);
    bench->ticket = 0;
}

static void run_to(struct bench *bench, int64_t from_s, int64_t to_s)
{
    for (int64_t now_s = from_s; now_s < to_s; now_s++) {
        caseload_turn(bench->caseload, false, now_s);
        if (bench->ticket)
            outbox_sent(bench->outbox, bench->ticket, 0, (struct span){NULL, 0}, now_s);
        bench->ticket = 0;
    }
}

static bool look(struct bench *bench, size_t page, enum incident_look how, bool is_bad, int64_t now_s)
{
    struct sighting sighting = {.verdict = is_bad ? VERDICT_DEFACED : VERDICT_UNCHANGED,
                                .cause = "",
                                .score = is_bad ? 0.97 : 0,
                                .message = is_bad ? SPAN("All your data is ours now and will be sold, expect "
                                                         "us again and again in the night")
                                                  : SPAN(""),
                                .result = SPAN("{\"verdict\":\"defaced\",\"languages\":[],\"reasons\":[]}")};
    enum incident_look next;
    return caseload_look(bench->caseload, page, how, &sighting, now_s, &next);
}

/* Two pages are bad from the start. */
static void begin(struct bench *bench, const char *window)
{
    char text[512];
    snprintf(text, sizeof(text), configuration, window);
    snprintf(bench->path, sizeof(bench->path), "/tmp/varta-caseload-%d.db", (int)getpid());
    assert_int_equal(config_read_text("/tmp/varta.yaml", span_of(text), on_fault, NULL, &bench->config), 0);
    open_all(bench, START_S);
    for (size_t page = 0; page < 2; page++) {
        assert_true(look(bench, page, LOOK_ROUTINE, true, START_S));
        assert_false(look(bench, page, LOOK_BROWSER, true, START_S));
    }
}

static void end(struct bench *bench)
{
    kill_all(bench);
    config_free(&bench->config);
    for (const char *const *tail = (const char *const[]){"", "-wal", "-shm", NULL}; *tail; tail++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", bench->path, *tail);
        unlink(path);
    }
}

static void campaign_names_what_was_over(bool killed)
{
    struct bench bench = {0};
    begin(&bench, "25s");
    run_to(&bench, START_S, START_S + 6);
    assert_true(look(&bench, 2, LOOK_ROUTINE, true, START_S + 6));
    run_to(&bench, START_S + 6, START_S + 16);
    assert_string_equal(bench.kind, "campaign-opened");
    assert_false(look(&bench, 2, LOOK_BROWSER, true, START_S + 16));
    run_to(&bench, START_S + 16, START_S + 27); /* it has joined the campaign */
    assert_true(look(&bench, 2, LOOK_ROUTINE, false, START_S + 27));
    assert_false(look(&bench, 2, LOOK_BROWSER, false, START_S + 27));
    run_to(&bench, START_S + 27, START_S + 33);
    assert_int_equal(bench.told, 1);
    assert_int_equal(bench.names_c, 0);
    if (killed) {
        kill_all(&bench);
        open_all(&bench, START_S + 33);
    }
    run_to(&bench, START_S + 33, START_S + 60);
    assert_string_equal(bench.kind, "campaign-grew");
    assert_int_equal(bench.names_c, 1);
    end(&bench);
}

static void over_before_the_next_notice(void **state)
{
    (void)state;
    campaign_names_what_was_over(false);
}

static void over_and_killed_before_the_next_notice(void **state)
{
    (void)state;
    campaign_names_what_was_over(true);
}

static void turn_third(struct bench *bench, bool is_bad, int64_t now_s)
{
    assert_true(look(bench, 2, LOOK_ROUTINE, is_bad, now_s));
    assert_false(look(bench, 2, LOOK_BROWSER, is_bad, now_s));
}

static void bad_twice_before_the_next_notice(void **state)
{
    (void)state;
    struct bench bench = {0};
    begin(&bench, "90s");
    run_to(&bench, START_S, START_S + 12);
    turn_third(&bench, true, START_S + 12);
    run_to(&bench, START_S + 12, START_S + 40);
    assert_string_equal(bench.kind, "campaign-grew");
    size_t told = bench.told;
    for (int64_t at_s = START_S + 40; at_s < START_S + 66; at_s += 13) {
        turn_third(&bench, false, at_s);
        run_to(&bench, at_s, at_s + 1);
        turn_third(&bench, true, at_s + 1);
        run_to(&bench, at_s + 1, at_s + 13);
    }
    assert_int_equal(bench.told, told);
    run_to(&bench, START_S + 66, START_S + 100);
    assert_string_equal(bench.kind, "campaign-grew");
    assert_int_equal(bench.names_c, 2);
    assert_true(bench.is_of_three);
    end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(over_before_the_next_notice),
                                       cmocka_unit_test(over_and_killed_before_the_next_notice),
                                       cmocka_unit_test(bad_twice_before_the_next_notice)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
