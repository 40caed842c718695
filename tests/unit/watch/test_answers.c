/* What the daemon answers: what it knows while its store takes nothing, and what it does not let a person
 * accept. */
#include "watch/acceptance.h"
#include "watch/daemon_answers.h"
#include "watch/result.h"

#include "os/clock.h"
#include "unit/cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { START_S = 1772316000 };

static const char configuration[] = "groups: {all: {urls: ['https://a.gov.ua/']}}\n"
                                    "sinks: {siem: {type: syslog, target: 'udp:127.0.0.1'}}\n";

#define REDESIGN                                                                                             \
    "Our ministry has a new site with everything that stood here before and much more of it to find"

struct bench {
    char path[64];
    struct config config;
    struct store *store;
    struct gather gather;
    struct outbox *outbox;
    struct caseload *caseload;
};

static void on_say(void *context, const char *text)
{
    (void)context;
    (void)text;
}

static int on_send(void *context, size_t sink, struct span json, uint64_t ticket)
{
    (void)context;
    (void)sink;
    (void)json;
    (void)ticket;
    return -ENOTCONN;
}

static void set_up(struct bench *bench)
{
    char error[STORE_ERROR_BYTES];
    *bench = (struct bench){0};
    snprintf(bench->path, sizeof(bench->path), "/tmp/varta-answers-%d.db", (int)getpid());
    assert_int_equal(
        config_read_text("/tmp/varta.yaml", span_of(configuration), on_say, NULL, &bench->config), 0);
    assert_int_equal(store_open(bench->path, STORE_CREATE, &bench->store, error), 0);
    store_set_patience(bench->store, 10);
    bench->gather.store = bench->store;
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
    for (const char *const *tail = (const char *const[]){"", "-wal", "-shm", NULL}; *tail; tail++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", bench->path, *tail);
        unlink(path);
    }
}

/* What a look at `at_s` found, as it is kept. */
static char *result_of(const char *verdict, const char *message, int64_t at_s)
{
    char at[CLOCK_TEXT_SIZE], text[1000];
    clock_text(at_s, at);
    snprintf(text, sizeof(text), "{\"at\":\"%s\",\"verdict\":\"%s\",\"message\":\"%s\"}", at, verdict,
             message);
    return strdup(text);
}

static void see(struct bench *bench, enum verdict_kind verdict, const char *message, int64_t at_s)
{
    char *result = result_of(verdict_name(verdict), message, at_s);
    bool has_text = verdict != VERDICT_UNAVAILABLE;
    struct store_baseline seen = {.packed = SPAN("x"), .languages = SPAN(""), .at_s = at_s, .versions = 1};
    struct store_check check = {.url = SPAN("https://a.gov.ua/"),
                                .name = SPAN(""),
                                .at_s = at_s,
                                .verdict = span_of(verdict_name(verdict)),
                                .cause = SPAN(""),
                                .result = span_of(result),
                                .seen = has_text ? &seen : NULL};
    struct sighting sighting = {.verdict = verdict,
                                .cause = "",
                                .score = 0.9,
                                .message = span_of(message),
                                .result = span_of(result)};
    enum incident_look next = LOOK_BROWSER;
    assert_int_equal(store_put_check(bench->store, &check), 0);
    caseload_look(bench->caseload, 0, LOOK_BROWSER, &sighting, at_s, &next);
    free(result);
}

static void ask(struct bench *bench, const char *request, struct buf *reply)
{
    struct daemon_parts parts = {.config = &bench->config,
                                 .store = bench->store,
                                 .gather = &bench->gather,
                                 .caseload = bench->caseload,
                                 .outbox = bench->outbox};
    json_t *object = json_loads(request, 0, NULL);
    assert_non_null(object);
    buf_clear(reply);
    daemon_answer(&parts, object, "olena", START_S + 100, reply);
    assert_non_null(buf_text(reply));
    json_decref(object);
}

static bool says(const struct buf *reply, const char *what)
{
    return strstr(reply->at, what) != NULL;
}

static void what_is_open_is_known_without_the_store(void **state)
{
    char error[STORE_ERROR_BYTES];
    struct store *other;
    struct bench bench;
    (void)state;
    set_up(&bench);
    buf_auto reply = buf_new(1 << 16);
    assert_int_equal(store_open(bench.path, STORE_EXISTING, &other, error), 0);
    assert_int_equal(store_begin(other), 0); /* holds the store */
    struct sighting sighting = {
        .verdict = VERDICT_DEFACED, .cause = "", .message = SPAN("ours now"), .result = SPAN("{}")};
    enum incident_look next;
    caseload_look(bench.caseload, 0, LOOK_ROUTINE, &sighting, START_S, &next);
    caseload_look(bench.caseload, 0, LOOK_BROWSER, &sighting, START_S + 2, &next);
    caseload_turn(bench.caseload, false, START_S + 3);
    assert_true(caseload_state(bench.caseload).unsaved);
    ask(&bench, "{\"command\":\"incidents\"}", &reply);
    assert_true(says(&reply, "https://a.gov.ua/"));
    ask(&bench, "{\"command\":\"incidents\",\"all\":true}", &reply);
    assert_true(says(&reply, "https://a.gov.ua/"));
    ask(&bench, "{\"command\":\"show\",\"id\":1}", &reply);
    assert_true(says(&reply, "\"confirmed\""));
    assert_true(says(&reply, "\"suspected\""));
    ask(&bench, "{\"command\":\"show\",\"id\":2}", &reply);
    assert_true(says(&reply, "there is no such incident"));
    store_rollback(other);
    store_close(other);
    clear_away(&bench);
}

static const char accept_it[] = "{\"command\":\"accept\",\"url\":\"https://a.gov.ua/\"}";
static const char force_it[] = "{\"command\":\"accept\",\"url\":\"https://a.gov.ua/\",\"force\":true}";

static void a_redesign_is_accepted_though_its_clock_goes_on(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    buf_auto reply = buf_new(1 << 16);
    see(&bench, VERDICT_REPLACED, REDESIGN " 10:00", START_S);
    see(&bench, VERDICT_REPLACED, REDESIGN " 10:02", START_S + 2);
    see(&bench, VERDICT_REPLACED, REDESIGN " 10:05", START_S + 50);
    ask(&bench, accept_it, &reply);
    assert_true(says(&reply, "\"accepted\":true,\"ended\":true"));
    clear_away(&bench);
}

static void what_became_worse_is_not_accepted(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    buf_auto reply = buf_new(1 << 16);
    see(&bench, VERDICT_REPLACED, REDESIGN, START_S);
    see(&bench, VERDICT_REPLACED, REDESIGN, START_S + 2);
    see(&bench, VERDICT_DEFACED, REDESIGN " hacked", START_S + 50);
    ask(&bench, accept_it, &reply);
    assert_true(says(&reply, "is worse by now"));
    see(&bench, VERDICT_UNAVAILABLE, "", START_S + 60); /* what waits is still the message */
    ask(&bench, accept_it, &reply);
    assert_true(says(&reply, "is worse by now"));
    ask(&bench, force_it, &reply);
    assert_true(says(&reply, "\"accepted\":true"));
    clear_away(&bench);
}

static void another_message_is_not_accepted(void **state)
{
    struct bench bench;
    (void)state;
    set_up(&bench);
    buf_auto reply = buf_new(1 << 16);
    see(&bench, VERDICT_REPLACED, REDESIGN, START_S);
    see(&bench, VERDICT_REPLACED, REDESIGN, START_S + 2);
    see(&bench, VERDICT_REPLACED, "Quite another page with nothing of what anybody was shown before",
        START_S + 50);
    ask(&bench, accept_it, &reply);
    assert_true(says(&reply, "something else by now"));
    clear_away(&bench);
}

static void a_digest_stands_for_what_was_said(void **state)
{
    struct bench bench;
    char digest[ACCEPTANCE_DIGEST_BYTES], request[200];
    (void)state;
    set_up(&bench);
    buf_auto reply = buf_new(1 << 16);
    see(&bench, VERDICT_REPLACED, REDESIGN, START_S);
    see(&bench, VERDICT_REPLACED, REDESIGN, START_S + 2);
    char *shown = result_of("replaced", REDESIGN, START_S + 2);
    assert_true(acceptance_digest(span_of(shown), digest));
    free(shown);
    ask(&bench, "{\"command\":\"incidents\"}", &reply);
    assert_true(says(&reply, digest));
    snprintf(request, sizeof(request),
             "{\"command\":\"accept\",\"url\":\"https://a.gov.ua/\",\"digest\":\"%s\"}", digest);
    see(&bench, VERDICT_REPLACED, REDESIGN " and a word", START_S + 50);
    ask(&bench, request, &reply);
    assert_true(says(&reply, "something else by now"));
    see(&bench, VERDICT_REPLACED, REDESIGN, START_S + 60);
    ask(&bench, request, &reply);
    assert_true(says(&reply, "\"accepted\":true"));
    clear_away(&bench);
}

/* Its message says the same, and may be cut: the whole page is what would be accepted. */
static void a_digest_stands_for_the_whole_page(void **state)
{
    static const char *const pages[] = {"\"text\":\"aa\",", "\"text\":\"ab\",", ""};
    char digests[3][ACCEPTANCE_DIGEST_BYTES], text[200];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        snprintf(text, sizeof(text),
                 "{%s\"at\":\"2026-01-01T00:00:00Z\",\"verdict\":\"replaced\",\"message\":\"m\"}", pages[i]);
        assert_true(acceptance_digest(span_of(text), digests[i]));
    }
    assert_string_not_equal(digests[0], digests[1]);
    assert_string_not_equal(digests[0], digests[2]);
}

static char *text_of(struct result *result)
{
    char *line = result_line_kept(result);
    assert_non_null(line);
    json_t *object = json_loads(line, 0, NULL);
    const char *text = json_string_value(json_object_get(object, "text"));
    char *copy = strdup(text ? text : "");
    json_decref(object);
    free(line);
    return copy;
}

static void what_is_kept_of_a_look_stands_for_all_text_and_what_runs(void **state)
{
    struct block blocks[] = {{.text = SPAN("One"), .origin = ORIGIN_HTML},
                             {.text = SPAN("two"), .origin = ORIGIN_HTML}};
    struct host_count host = {.host = SPAN("cdn.evil.example"), .count = 1};
    struct reading reading = {.blocks = blocks, .block_count = 2};
    struct verdict verdict = {.kind = VERDICT_REPLACED};
    struct result result = {.url = SPAN("https://a.gov.ua/"), .reading = &reading, .verdict = &verdict};
    (void)state;
    char *before = text_of(&result), *again = text_of(&result);
    assert_string_equal(before, again);
    assert_int_equal(strlen(before), RESULT_TEXT_BYTES - 1);
    blocks[1].text = SPAN("too");
    char *other = text_of(&result);
    assert_string_not_equal(before, other);
    reading.scripts = (struct host_list){.at = &host, .count = 1};
    char *script = text_of(&result);
    assert_string_not_equal(other, script);
    result.reading = NULL;
    char *none = text_of(&result);
    assert_string_equal(none, "");
    free(before);
    free(again);
    free(other);
    free(script);
    free(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_open_is_known_without_the_store),
        cmocka_unit_test(a_redesign_is_accepted_though_its_clock_goes_on),
        cmocka_unit_test(what_became_worse_is_not_accepted),
        cmocka_unit_test(another_message_is_not_accepted),
        cmocka_unit_test(a_digest_stands_for_what_was_said),
        cmocka_unit_test(a_digest_stands_for_the_whole_page),
        cmocka_unit_test(what_is_kept_of_a_look_stands_for_all_text_and_what_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
