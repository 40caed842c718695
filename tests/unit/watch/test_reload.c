/* What becomes of incidents when lists change, in quiet hours, and when the configuration is read again. */
#include "watch/warden.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct world {
    char path[64];
    struct config config, other;
    struct store *store;
    struct outbox *outbox;
    struct caseload *caseload;
    char told[50][NOTICE_BYTES];
    size_t count;
};

static const char both[] = "timezone: UTC\n"
                           "poll: {interval: 5m, full_every: 3}\n"
                           "incidents: {quiet_hours: ['22:00-06:00'], gather: 0}\n"
                           "groups: {all: {urls: ['https://a.example/', 'https://b.example/']}}\n"
                           "sinks: {siem: {type: syslog, target: 'udp:127.0.0.1'}}\n";
static const char one[] = "timezone: UTC\n"
                          "poll: {interval: 5m, full_every: 3}\n"
                          "groups: {all: {urls: ['https://b.example/']}}\n"
                          "sinks: {siem: {type: syslog, target: 'udp:127.0.0.1'}}\n";

static const int64_t noon_s = 1772366400; /* 1 March 2026, 12:00 UTC */

static void on_say(void *context, const char *text)
{
    (void)context;
    (void)text;
}

static int on_send(void *context, size_t sink, struct span json, uint64_t ticket)
{
    struct world *world = context;
    (void)sink;
    (void)ticket;
    if (world->count == 50)
        return -1;
    snprintf(world->told[world->count++], NOTICE_BYTES, "%.*s", (int)json.size, json.at);
    return -1;
}

static int on_look(void *context, const struct warden_look *look)
{
    ((struct warden_look *)context)[look->page] = *look;
    return 0;
}

static struct world *begin(void)
{
    char error[STORE_ERROR_BYTES];
    struct world *world = calloc(1, sizeof(*world));
    setenv("TZ", "UTC", 1);
    tzset();
    snprintf(world->path, sizeof(world->path), "/tmp/varta-caseload-%d.db", (int)getpid());
    assert_int_equal(config_read_text("/tmp/varta.yaml", span_of(both), on_say, NULL, &world->config), 0);
    assert_int_equal(config_read_text("/tmp/varta.yaml", span_of(one), on_say, NULL, &world->other), 0);
    assert_int_equal(store_open(world->path, STORE_CREATE, &world->store, error), 0);
    struct outbox_settings outbox = {
        world->config.sinks, world->config.sink_count, world->store, on_send, on_say, world};
    assert_int_equal(outbox_new(&outbox, &world->outbox), 0);
    struct caseload_settings cases = {&world->config, world->store, world->outbox, on_say, world};
    assert_int_equal(caseload_new(&cases, noon_s, &world->caseload), 0);
    return world;
}

static void end(struct world *world)
{
    caseload_free(world->caseload);
    outbox_free(world->outbox);
    store_close(world->store);
    config_free(&world->config);
    config_free(&world->other);
    for (const char *const *tail = (const char *const[]){"", "-wal", "-shm", NULL}; *tail; tail++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", world->path, *tail);
        unlink(path);
    }
    free(world);
}

static void look(struct world *world, enum incident_look how, enum verdict_kind verdict, int64_t at_s)
{
    enum incident_look next;
    struct sighting sighting = {.verdict = verdict, .cause = "", .score = 0.5};
    caseload_look(world->caseload, 0, how, &sighting, at_s, &next);
}

static size_t told(const struct world *world, const char *kind)
{
    char mark[60];
    size_t count = 0;
    snprintf(mark, sizeof(mark), "\"kind\":\"%s\"", kind);
    for (size_t i = 0; i < world->count; i++)
        count += strstr(world->told[i], mark) != NULL;
    return count;
}

static void a_page_no_longer_watched_is_no_incident(void **state)
{
    (void)state;
    struct world *world = begin();
    look(world, LOOK_ROUTINE, VERDICT_DEFACED, noon_s);
    look(world, LOOK_BROWSER, VERDICT_DEFACED, noon_s + 2);
    caseload_turn(world->caseload, false, noon_s + 3);
    assert_int_equal(caseload_state(world->caseload).confirmed, 1);
    assert_int_equal(caseload_use(world->caseload, &world->other), 0);
    caseload_turn(world->caseload, false, noon_s + 10);
    caseload_turn(world->caseload, false, noon_s + 3000);
    assert_int_equal(caseload_state(world->caseload).confirmed, 1); /* a list that is lost for a moment */
    caseload_turn(world->caseload, false, noon_s + 5000);
    assert_int_equal(caseload_state(world->caseload).confirmed, 0);
    assert_int_equal(told(world, "incident-escalated"), 0);
    end(world);
}

/* Told before the quiet hours; what is to be said again waits for their end and is not used up by them. */
static void reminders_wait_for_the_end_of_quiet_hours(void **state)
{
    (void)state;
    struct world *world = begin();
    int64_t evening_s = noon_s + 9 * 3600 + 3000, morning_s = noon_s + 18 * 3600;
    look(world, LOOK_ROUTINE, VERDICT_REPLACED, evening_s);
    look(world, LOOK_BROWSER, VERDICT_REPLACED, evening_s + 2);
    for (int64_t now = evening_s + 3; now < morning_s; now += 60)
        caseload_turn(world->caseload, false, now);
    size_t before = caseload_state(world->caseload).confirmed;
    assert_int_equal(before, 1);
    size_t depth = outbox_depth(world->outbox);
    for (int64_t now = morning_s; now < morning_s + 120; now += 60)
        caseload_turn(world->caseload, false, now);
    assert_int_equal(outbox_depth(world->outbox), depth + 1);
    end(world);
}

/* Every third look is in full, whoever began to count. */
static void reading_the_configuration_again_does_not_begin_the_count_anew(void **state)
{
    (void)state;
    struct world *world = begin();
    struct warden_look looks[2] = {{0}};
    struct warden *warden, *next;
    struct warden_settings settings = {&world->config, world->caseload, 7, on_look, on_say, looks};
    assert_int_equal(warden_new(&settings, 0, &warden), 0);
    struct warden_end fine = {.sighting = {.verdict = VERDICT_UNCHANGED, .cause = ""}, .reached = true};
    unsigned counts[2] = {0, 0};
    for (int64_t now_ms = 0; counts[0] < 7 || counts[1] < 7; now_ms += 1000) {
        warden_turn(warden, now_ms, noon_s + now_ms / 1000);
        for (size_t i = 0; i < 2; i++) {
            if (!looks[i].ticket)
                continue;
            assert_int_equal(looks[i].whole, ++counts[i] % 3 == 0);
            warden_looked(warden, i, looks[i].ticket, &fine, now_ms, noon_s + now_ms / 1000);
            looks[i].ticket = 0;
        }
        if (now_ms % 400000)
            continue;
        assert_int_equal(warden_new(&settings, now_ms, &next), 0);
        warden_inherit(next, warden);
        warden_free(warden);
        warden = next;
    }
    warden_free(warden);
    end(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_no_longer_watched_is_no_incident),
        cmocka_unit_test(reminders_wait_for_the_end_of_quiet_hours),
        cmocka_unit_test(reading_the_configuration_again_does_not_begin_the_count_anew)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
