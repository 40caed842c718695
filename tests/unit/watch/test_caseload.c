/*
 * What a campaign owes: a page that joined it and was over before its next notice is named in that notice all
 * the same, whether the watch ran on or was killed in between, or the
 * page was bad again meanwhile. And what a history says: what was seen, when
 * the attack itself began, who knows of it.
 */
#include "watch/caseload.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { START_S = 1772316000 };

static const char configuration[] =
    "incidents: {gather: 10s, flap_window: 0s, campaign_window: 25s}\n"
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

static bool see(struct bench *bench, size_t page, enum incident_look how, enum verdict_kind verdict,
                int64_t now_s)
{
    bool is_bad = verdict == VERDICT_DEFACED;
    struct sighting sighting = {.verdict = verdict,
                                .cause = verdict == VERDICT_UNAVAILABLE ? "refused" : "",
                                .score = is_bad ? 0.97 : 0,
                                .message = is_bad ? SPAN("All your data is ours now and will be sold, expect "
                                                         "us again and again in the night")
                                                  : SPAN(""),
                                .result = SPAN("{\"verdict\":\"defaced\",\"languages\":[],\"reasons\":[]}")};
    enum incident_look next;
    return caseload_look(bench->caseload, page, how, &sighting, now_s, &next);
}

static bool look(struct bench *bench, size_t page, enum incident_look how, bool is_bad, int64_t now_s)
{
    return see(bench, page, how, is_bad ? VERDICT_DEFACED : VERDICT_UNCHANGED, now_s);
}

static struct bench begin(const char *text)
{
    struct bench bench = {0};
    snprintf(bench.path, sizeof(bench.path), "/tmp/varta-caseload-%d.db", (int)getpid());
    assert_int_equal(config_read_text("/tmp/varta.yaml", span_of(text), on_fault, NULL, &bench.config), 0);
    return bench;
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
    struct bench bench = begin(configuration);
    open_all(&bench, START_S);
    for (size_t page = 0; page < 2; page++) {
        assert_true(look(&bench, page, LOOK_ROUTINE, true, START_S));
        assert_false(look(&bench, page, LOOK_BROWSER, true, START_S));
    }
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

static const char wide[] =
    "incidents: {gather: 10s, flap_window: 0s, campaign_window: 90s}\n"
    "groups: {all: {urls: ['https://a.gov.ua/', 'https://b.gov.ua/', 'https://c.gov.ua/']}}\n"
    "sinks: {siem: {type: syslog, target: 'udp:127.0.0.1'}}\n";

static void turn(struct bench *bench, size_t page, bool is_bad, int64_t now_s)
{
    assert_true(look(bench, page, LOOK_ROUTINE, is_bad, now_s));
    assert_false(look(bench, page, LOOK_BROWSER, is_bad, now_s));
}

static void bad_twice_before_the_next_notice(void **state)
{
    (void)state;
    struct bench bench = begin(wide);
    open_all(&bench, START_S);
    for (size_t page = 0; page < 2; page++)
        turn(&bench, page, true, START_S);
    run_to(&bench, START_S, START_S + 12);
    turn(&bench, 2, true, START_S + 12);
    run_to(&bench, START_S + 12, START_S + 40);
    assert_string_equal(bench.kind, "campaign-grew");
    size_t told = bench.told;
    for (int64_t at_s = START_S + 40; at_s < START_S + 66; at_s += 13) {
        turn(&bench, 2, false, at_s);
        run_to(&bench, at_s, at_s + 1);
        turn(&bench, 2, true, at_s + 1);
        run_to(&bench, at_s + 1, at_s + 13);
    }
    assert_int_equal(bench.told, told);
    run_to(&bench, START_S + 66, START_S + 100);
    assert_string_equal(bench.kind, "campaign-grew");
    assert_int_equal(bench.names_c, 2);
    assert_true(bench.is_of_three);
    end(&bench);
}

/* ---- what a history says ---- */

static const char steady[] =
    "incidents: {gather: 10s, flap_window: 10m, campaign_window: 10m}\n"
    "groups: {all: {urls: ['https://a.gov.ua/', 'https://b.gov.ua/', 'https://c.gov.ua/']}}\n"
    "sinks: {siem: {type: syslog, target: 'udp:127.0.0.1'}}\n";

static void on_event(void *context, int64_t at_s, struct span what, struct span detail)
{
    struct buf *out = context;
    (void)at_s;
    buf_add_format(out, "%.*s: %.*s\n", (int)what.size, what.at, (int)detail.size, detail.at);
}

static void on_campaign(void *context, const struct campaign *campaign)
{
    *(struct campaign *)context = *campaign;
}

static struct campaign campaign_in(const struct bench *bench)
{
    struct campaign campaign = {0};
    assert_int_equal(store_campaigns(bench->store, 0, on_campaign, &campaign), 1);
    return campaign;
}

static void down_then_defaced_then_back(void **state)
{
    (void)state;
    struct bench bench = begin(steady);
    open_all(&bench, START_S);
    see(&bench, 0, LOOK_ROUTINE, VERDICT_UNAVAILABLE, START_S);
    see(&bench, 0, LOOK_AGAIN, VERDICT_UNAVAILABLE, START_S + 1);
    run_to(&bench, START_S + 1, START_S + 100);
    assert_int_equal(bench.told, 1);
    see(&bench, 0, LOOK_ROUTINE, VERDICT_UNCHANGED, START_S + 100);
    see(&bench, 0, LOOK_AGAIN, VERDICT_UNCHANGED, START_S + 101);
    run_to(&bench, START_S + 101, START_S + 300);
    for (size_t page = 0; page < 2; page++) {
        see(&bench, page, LOOK_ROUTINE, VERDICT_DEFACED, START_S + 300);
        see(&bench, page, LOOK_BROWSER, VERDICT_DEFACED, START_S + 302);
    }
    run_to(&bench, START_S + 302, START_S + 320);
    assert_string_equal(bench.kind, "campaign-opened");
    assert_int_equal(campaign_in(&bench).opened_s, START_S + 300);
    buf_auto history = buf_new(1 << 16);
    assert_true(store_events(bench.store, 1, on_event, &history) > 0);
    assert_string_equal(buf_text(&history), "suspected: unavailable\n"
                                            "confirmed: unavailable (refused)\n"
                                            "told: incident-confirmed\n"
                                            "seen: unchanged\n"
                                            "recovered: unchanged\n"
                                            "told: incident-recovered\n"
                                            "seen: defaced\n"
                                            "confirmed: defaced\n"
                                            "campaign: c1\n");
    end(&bench);
}

static void an_outage_that_is_over_is_not_told_at_all(void **state)
{
    (void)state;
    struct bench bench = begin(steady);
    open_all(&bench, START_S);
    see(&bench, 0, LOOK_ROUTINE, VERDICT_UNAVAILABLE, START_S);
    see(&bench, 0, LOOK_AGAIN, VERDICT_UNAVAILABLE, START_S + 1);
    see(&bench, 0, LOOK_ROUTINE, VERDICT_UNCHANGED, START_S + 2);
    see(&bench, 0, LOOK_AGAIN, VERDICT_UNCHANGED, START_S + 3);
    run_to(&bench, START_S + 3, START_S + 100);
    assert_int_equal(bench.told, 0);
    end(&bench);
}

static void a_page_that_returns_is_counted_once_and_nobody_knows_of_it(void **state)
{
    (void)state;
    struct bench bench = begin(steady);
    open_all(&bench, START_S);
    for (size_t page = 0; page < 2; page++) {
        look(&bench, page, LOOK_ROUTINE, true, START_S);
        look(&bench, page, LOOK_BROWSER, true, START_S + 1);
    }
    run_to(&bench, START_S + 1, START_S + 20);
    assert_int_equal(caseload_acknowledge(bench.caseload, SPAN("1"), SPAN("olena"), START_S + 20), 1);
    for (int64_t at_s = START_S + 20; at_s < START_S + 22; at_s++)
        look(&bench, 0, LOOK_ROUTINE, false, at_s);
    run_to(&bench, START_S + 22, START_S + 60);
    look(&bench, 0, LOOK_ROUTINE, true, START_S + 60);
    look(&bench, 0, LOOK_BROWSER, true, START_S + 61);
    assert_int_equal(caseload_find(bench.caseload, 1)->acked_by.size, 0);
    size_t told = bench.told;
    run_to(&bench, START_S + 61, START_S + 400);
    assert_true(bench.told > told);
    assert_string_equal(bench.kind, "campaign-grew");
    assert_int_equal(campaign_in(&bench).pages, 2);
    end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(over_before_the_next_notice),
        cmocka_unit_test(over_and_killed_before_the_next_notice),
        cmocka_unit_test(bad_twice_before_the_next_notice),
        cmocka_unit_test(down_then_defaced_then_back),
        cmocka_unit_test(an_outage_that_is_over_is_not_told_at_all),
        cmocka_unit_test(a_page_that_returns_is_counted_once_and_nobody_knows_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
