/*
 * A month of nights under a virtual clock: forty pages on twenty domains, looked at every five minutes by the
 * very warden, caseload, outbox and store of the daemon. Only the looks, the sinks and the time are made up.
 * Each scene of the month asserts what was told, and that nothing else was.
 */
#include "watch/warden.h"

#include "os/clock.h"
#include "unit/cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { PAGES = 40, LOOKS = 4096, TOLD = 4000, MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* 1 March 2026, 00:00 in Kyiv (UTC+2). The clocks go forward on the 29th. */
static const int64_t start_s = 1772316000;

static const char configuration[] =
    "poll: {interval: 5m, per_domain: 4}\n"
    "timezone: Europe/Kyiv\n"
    "incidents: {quiet_hours: ['22:00-06:00'], escalate_after: 15m}\n"
    "groups:\n"
    "  all: {urls: [%s]}\n"
    "  tended: {urls: ['https://tended.example/'], maintenance: ['2026-03-22T00:00/2026-03-22T04:00']}\n"
    "sinks:\n"
    "  siem: {type: syslog, target: 'udp:127.0.0.1'}\n"
    "  phone: {type: syslog, target: 'udp:127.0.0.2', least: critical}\n";

struct flight {
    int64_t end_ms;
    struct warden_look look;
};

struct told {
    int64_t at_s;
    size_t sink;
    char id[80], kind[40], url[80], summary[200];
    int64_t pages;
};

struct month {
    char path[64];
    struct config config;
    struct store *store;
    struct outbox *outbox;
    struct caseload *caseload;
    struct warden *warden;
    int64_t now_ms, shift_s; /* virtual time, and what the wall clock is wrong by */
    struct flight flights[LOOKS];
    size_t flying;
    struct told told[TOLD];
    size_t told_count;
    uint64_t sends[64];
    size_t send_sink[64], send_count;
    char send_json[64][NOTICE_BYTES];
    int looks;
    bool sink_down;
};

static int64_t wall_s(const struct month *month)
{
    return start_s + month->now_ms / 1000 + month->shift_s;
}

static double day(const struct month *month)
{
    return (double)month->now_ms / 1000 / DAY + 1; /* 3.5 is the third of March at noon */
}

/* ---- the world ---- */

#define MESSAGE                                                                                                                                                                 \
    "Українець! Всі твої особисті дані були завантажені в загальну мережу. Всі дані на комп'ютері " \
    "знищуються. Бійтеся і чекайте гіршого."

static bool within(double now, double from_day, double hours)
{
    return now >= from_day && now < from_day + hours / 24;
}

static struct warden_end fine(void)
{
    return (struct warden_end){.sighting = {.verdict = VERDICT_UNCHANGED, .cause = ""}, .reached = true};
}

static struct warden_end bad(enum verdict_kind verdict, const char *message)
{
    struct warden_end end = fine();
    end.sighting.verdict = verdict;
    end.sighting.score = verdict == VERDICT_DEFACED ? 0.97 : 0.2;
    end.sighting.message = span_of(message);
    end.sighting.result = SPAN("{\"verdict\":\"defaced\",\"languages\":[],\"reasons\":[]}");
    return end;
}

static struct warden_end down(const char *cause)
{
    struct warden_end end = bad(VERDICT_UNAVAILABLE, "");
    end.sighting.cause = cause;
    end.reached = false;
    return end;
}

/* What page `page` shows to `how` at this time of the month. */
static struct warden_end see(struct month *month, size_t page, enum incident_look how)
{
    double now = day(month);
    if (page == 5 && within(now, 3 + 2.0 / 24, 7))
        return bad(VERDICT_DEFACED, "Hacked by nobody in particular, greetings to everybody who knows us");
    if (page < 23 && within(now, 5 + 1.0 / 24, 5 + (double)page / 6))
        return bad(VERDICT_DEFACED, MESSAGE);
    if (page >= 6 && page < 10 && within(now, 7 + 12.0 / 24, 2))
        return down("timeout");
    if (within(now, 8 + 12.0 / 24, 0.5))
        return down("not-resolved");
    if (page == 7 && within(now, 10 + 10.0 / 24, 6))
        return bad(VERDICT_DEFACED,
                   "Все ваше тепер наше, чекайте на нас і бійтеся, ми повернемося знову і знову");
    if (page == 9 && within(now, 14 + 23.5 / 24, 10.5))
        return bad(VERDICT_REPLACED,
                   "Новий дизайн нашої сторінки з новими розділами і новим змістом для громадян");
    if (page == 11 && within(now, 15 + 8.0 / 24, 6) && (month->now_ms / 1000 / MINUTE) % 40 < 20)
        return down("timeout");
    if (page == 13 && within(now, 17 + 8.0 / 24, 4) && how != LOOK_BROWSER)
        return bad(VERDICT_DEFACED,
                   "Тільки для тих, хто дивиться без браузера, цей напис на сторінці міністерства");
    if (page == 15 && within(now, 18 + 8.0 / 24, 5.0 / 60) && how == LOOK_ROUTINE)
        return bad(VERDICT_DEFACED,
                   "A glitch that no second look finds, whatever it was, it is gone already");
    if (page == 17 && within(now, 20 + 8.0 / 24, 2))
        return bad(VERDICT_REPLACED, "Домен продається, зверніться до реєстратора за поданою тут адресою");
    if (page == 17 && within(now, 20 + 10.0 / 24, 2))
        return bad(VERDICT_DEFACED, "Домен захоплено, ваші дані опубліковано, чекайте на дзвінок від нас");
    if (page == 40 && within(now, 22 + 1.0 / 24, 2))
        return down("refused");
    if (page == 19 && within(now, 29 + 2.5 / 24, 2))
        return bad(VERDICT_DEFACED,
                   "In der Nacht der Zeitumstellung wurde diese Seite übernommen und entstellt");
    return fine();
}

/* ---- the ports ---- */

static int on_look(void *context, const struct warden_look *look)
{
    struct month *month = context;
    if (month->flying == LOOKS)
        return -EAGAIN;
    month->flights[month->flying++] = (struct flight){month->now_ms + 200, *look};
    return 0;
}

static void on_say(void *context, const char *text)
{
    (void)context;
    (void)text;
}

static int on_send(void *context, size_t sink, struct span json, uint64_t ticket)
{
    struct month *month = context;
    assert_true(month->send_count < 64);
    month->sends[month->send_count] = ticket;
    month->send_sink[month->send_count] = sink;
    snprintf(month->send_json[month->send_count++], NOTICE_BYTES, "%.*s", (int)json.size, json.at);
    return 0;
}

static void take_word(const char *json, const char *key, char *ret_word, size_t size)
{
    char mark[32];
    snprintf(mark, sizeof(mark), "\"%s\":\"", key);
    const char *at = strstr(json, mark);
    size_t length = at ? strcspn(at + strlen(mark), "\"") : 0;
    snprintf(ret_word, size, "%.*s", (int)length, at ? at + strlen(mark) : "");
}

static void receive(struct month *month, size_t sink, const char *json)
{
    assert_true(month->told_count < TOLD);
    struct told *told = &month->told[month->told_count++];
    *told = (struct told){.at_s = wall_s(month), .sink = sink};
    take_word(json, "id", told->id, sizeof(told->id));
    take_word(json, "kind", told->kind, sizeof(told->kind));
    take_word(json, "url", told->url, sizeof(told->url));
    take_word(json, "summary", told->summary, sizeof(told->summary));
    const char *pages = strstr(json, "\"pages\":");
    told->pages = pages ? atoll(pages + 8) : 0;
    for (size_t i = 0; i + 1 < month->told_count; i++)
        assert_false(month->told[i].sink == sink && strcmp(month->told[i].id, told->id) == 0);
}

static void end_sends(struct month *month)
{
    size_t count = month->send_count;
    month->send_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!month->sink_down)
            receive(month, month->send_sink[i], month->send_json[i]);
        outbox_sent(month->outbox, month->sends[i], month->sink_down ? -ECONNREFUSED : 0, SPAN("refused"),
                    wall_s(month));
    }
}

/* ---- running ---- */

static void on_fault(void *context, const char *text)
{
    (void)context;
    print_error("%s\n", text);
}

static void open_all(struct month *month)
{
    char error[STORE_ERROR_BYTES];
    assert_int_equal(store_open(month->path, STORE_CREATE, &month->store, error), 0);
    struct outbox_settings outbox = {
        month->config.sinks, month->config.sink_count, month->store, on_send, on_say, month};
    assert_int_equal(outbox_new(&outbox, &month->outbox), 0);
    struct caseload_settings cases = {&month->config, month->store, month->outbox, on_say, month};
    assert_int_equal(caseload_new(&cases, wall_s(month), &month->caseload), 0);
    struct warden_settings warden = {&month->config, month->caseload, 7, on_look, on_say, month};
    assert_int_equal(warden_new(&warden, month->now_ms, &month->warden), 0);
}

/* As a kill would: nothing is written that was not. */
static void kill_all(struct month *month)
{
    warden_free(month->warden);
    caseload_free(month->caseload);
    outbox_free(month->outbox);
    store_rollback(month->store);
    store_close(month->store);
    month->flying = month->send_count = 0;
}

static void configure(struct month *month)
{
    buf_auto urls = buf_new(1 << 16);
    for (int i = 0; i < PAGES; i++)
        buf_add_format(&urls, "%s'https://p%d.ministry%d.gov.ua/'", i ? ", " : "", i, i / 2);
    char *room = malloc(1 << 16);
    snprintf(room, 1 << 16, configuration, buf_text(&urls));
    assert_int_equal(config_read_text("/tmp/varta.yaml", span_of(room), on_fault, NULL, &month->config), 0);
    free(room);
    assert_int_equal(month->config.list.count, PAGES + 1);
}

static struct month *begin(void)
{
    struct month *month = calloc(1, sizeof(*month));
    snprintf(month->path, sizeof(month->path), "/tmp/varta-month-%d.db", (int)getpid());
    setenv("TZ", "Europe/Kyiv", 1);
    tzset();
    configure(month);
    open_all(month);
    return month;
}

static void end(struct month *month)
{
    kill_all(month);
    config_free(&month->config);
    for (const char *const *tail = (const char *const[]){"", "-wal", "-shm", NULL}; *tail; tail++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", month->path, *tail);
        unlink(path);
    }
    free(month);
}

static void land(struct month *month)
{
    for (size_t i = 0; i < month->flying;) {
        struct flight flight = month->flights[i];
        if (flight.end_ms > month->now_ms) {
            i++;
            continue;
        }
        month->flights[i] = month->flights[--month->flying];
        struct warden_end seen = see(month, flight.look.page, flight.look.how);
        warden_looked(month->warden, flight.look.page, flight.look.ticket, &seen, month->now_ms,
                      wall_s(month));
        month->looks++;
    }
}

/* Runs to day `to` (1 is the first of March, fractions are parts of a day). */
static void run_to(struct month *month, double to)
{
    int64_t until_ms = (int64_t)((to - 1) * DAY * 1000);
    while (month->now_ms < until_ms) {
        land(month);
        end_sends(month);
        int64_t next_ms = warden_turn(month->warden, month->now_ms, wall_s(month));
        for (size_t i = 0; i < month->flying; i++)
            next_ms = month->flights[i].end_ms < next_ms ? month->flights[i].end_ms : next_ms;
        if (month->send_count && next_ms > month->now_ms + 50)
            next_ms = month->now_ms + 50;
        month->now_ms = next_ms < until_ms ? next_ms : until_ms;
    }
}

/* ---- what was told ---- */

/* Notices to sink 0 of this kind, about a URL with `url` in it, since mark `from`. */
static size_t count_told(const struct month *month, size_t from, const char *kind, const char *url)
{
    size_t count = 0;
    for (size_t i = from; i < month->told_count; i++)
        count += month->told[i].sink == 0 && strcmp(month->told[i].kind, kind) == 0 &&
                 strstr(month->told[i].url, url) != NULL;
    return count;
}

static const struct told *find_told(const struct month *month, size_t from, const char *kind, const char *url)
{
    for (size_t i = from; i < month->told_count; i++)
        if (month->told[i].sink == 0 && strcmp(month->told[i].kind, kind) == 0 &&
            strstr(month->told[i].url, url))
            return &month->told[i];
    print_error("nothing was told of kind %s about %s; but:\n", kind, url);
    for (size_t i = from; i < month->told_count; i++)
        print_error("  %s %s %s\n", month->told[i].kind, month->told[i].url, month->told[i].summary);
    fail();
    return NULL;
}

static size_t total(const struct month *month, size_t from)
{
    size_t count = 0;
    for (size_t i = from; i < month->told_count; i++)
        count += month->told[i].sink == 0;
    return count;
}

static int64_t at(double of_day)
{
    return start_s + (int64_t)((of_day - 1) * DAY);
}

static void a_month_of_nights(void **state)
{
    (void)state;
    struct month *month = begin();

    run_to(month, 3);
    assert_int_equal(month->told_count, 0);
    assert_true(month->looks > 2 * 280 * PAGES);

    /* one page at night, nobody acknowledges, restored in the morning */
    size_t mark = month->told_count;
    run_to(month, 4);
    const struct told *told = find_told(month, mark, "incident-confirmed", "p5.");
    assert_in_range(told->at_s, at(3 + 2.0 / 24), at(3 + 2.0 / 24) + 345);
    assert_int_equal(count_told(month, mark, "incident-escalated", "p5."), 3);
    told = find_told(month, mark, "incident-recovered", "p5.");
    assert_in_range(told->at_s, at(3 + 9.0 / 24), at(3 + 9.0 / 24) + 345);
    assert_int_equal(total(month, mark), 5);

    /* twenty-three pages of twelve ministries at once: one campaign, told once, acknowledged */
    mark = month->told_count;
    run_to(month, 5 + 1.2 / 24);
    told = find_told(month, mark, "campaign-opened", "");
    assert_in_range(told->at_s, at(5 + 1.0 / 24), at(5 + 1.0 / 24) + 345);
    assert_int_equal(told->pages, 23);
    assert_int_equal(total(month, mark), 1);
    assert_int_equal(caseload_acknowledge(month->caseload, SPAN("c1"), SPAN("oncall"), wall_s(month)), 23);
    run_to(month, 6);
    assert_int_equal(count_told(month, mark, "incident-escalated", ""), 0);
    told = find_told(month, mark, "campaign-over", "");
    assert_int_equal(told->pages, 23);
    assert_true(count_told(month, mark, "campaign-eased", "") >= 1);
    assert_true(total(month, mark) < 32);

    /* four pages of two ministries down together: told apart */
    mark = month->told_count;
    run_to(month, 8);
    told = find_told(month, mark, "campaign-opened", "");
    assert_non_null(strstr(told->summary, "unavailable"));
    find_told(month, mark, "campaign-over", "");
    assert_int_equal(count_told(month, mark, "incident-confirmed", ""), 0);

    /* everything out of reach: it is we who are cut off, and say nothing of them */
    mark = month->told_count;
    run_to(month, 9);
    assert_int_equal(count_told(month, mark, "self", ""), 2);
    assert_int_equal(total(month, mark), 2);

    /* the sinks are down all day: everything is told when they are back */
    mark = month->told_count;
    month->sink_down = true;
    run_to(month, 11);
    assert_int_equal(total(month, mark), 0);
    assert_true(outbox_depth(month->outbox) > 0);
    month->sink_down = false;
    run_to(month, 11 + 1.0 / 24);
    assert_int_equal(count_told(month, mark, "incident-confirmed", "p7."), 1);
    assert_int_equal(count_told(month, mark, "incident-recovered", "p7."), 1);
    assert_true(find_told(month, mark, "incident-confirmed", "p7.") <
                find_told(month, mark, "incident-recovered", "p7."));
    assert_int_equal(outbox_depth(month->outbox), 0);

    /* a redesign late in the evening waits for the morning, and is accepted */
    mark = month->told_count;
    run_to(month, 15 + 5.9 / 24);
    assert_int_equal(total(month, mark), 0);
    run_to(month, 15 + 6.2 / 24);
    told = find_told(month, mark, "incident-confirmed", "p9.");
    assert_in_range(told->at_s, at(15 + 6.0 / 24), at(15 + 6.0 / 24) + 61);
    run_to(month, 15 + 7.9 / 24);
    assert_true(caseload_accept(month->caseload, SPAN("https://p9.ministry4.gov.ua/"), SPAN("oncall"),
                                wall_s(month)));
    caseload_turn(month->caseload, false, wall_s(month));
    end_sends(month);
    assert_int_equal(count_told(month, mark, "incident-accepted", "p9."), 1);

    /* one that comes and goes is called flapping once */
    mark = month->told_count;
    run_to(month, 16);
    assert_int_equal(count_told(month, mark, "incident-flapping", "p11."), 1);
    assert_in_range(count_told(month, mark, "incident-confirmed", "p11."), 1, 3);
    assert_in_range(count_told(month, mark, "incident-recovered", "p11."), 1, 4);

    /* shown to varta only: confirmed all the same, and said */
    mark = month->told_count;
    run_to(month, 18);
    told = find_told(month, mark, "incident-confirmed", "p13.");
    assert_non_null(strstr(told->summary, "not for every visitor"));

    /* a glitch that no second look finds */
    mark = month->told_count;
    run_to(month, 19);
    assert_int_equal(total(month, mark), 0);

    /* replaced, then defaced: worse */
    mark = month->told_count;
    run_to(month, 21);
    find_told(month, mark, "incident-confirmed", "p17.");
    told = find_told(month, mark, "incident-worse", "p17.");
    assert_in_range(told->at_s, at(20 + 10.0 / 24), at(20 + 10.0 / 24) + 345);

    /* down during its maintenance and up again before its end */
    mark = month->told_count;
    run_to(month, 24);
    assert_int_equal(total(month, mark), 0);

    /* the wall clock jumps both ways */
    mark = month->told_count;
    month->shift_s = 3 * HOUR;
    run_to(month, 25);
    month->shift_s = -2 * HOUR;
    run_to(month, 26);
    month->shift_s = 0;
    run_to(month, 27);
    assert_int_equal(total(month, mark), 0);

    /* killed again and again through the night in which the clocks go forward */
    mark = month->told_count;
    for (double now = 29 + 2.0 / 24; now < 29 + 6.0 / 24; now += 0.0007) {
        run_to(month, now);
        kill_all(month);
        open_all(month);
    }
    run_to(month, 31.9);
    assert_int_equal(count_told(month, mark, "incident-confirmed", "p19."), 1);
    assert_int_equal(count_told(month, mark, "incident-recovered", "p19."), 1);
    struct caseload_state after = caseload_state(month->caseload);
    assert_int_equal(after.suspected + after.confirmed + after.acknowledged + after.campaigns, 0);
    assert_int_equal(store_verify(month->store), 0);
    end(month);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_month_of_nights)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
