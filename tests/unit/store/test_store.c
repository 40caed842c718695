/* The store: what is put in comes out, a change is whole or not at all, and a file that is no store is
 * refused with a word on why. */
#include "pipeline/store/store.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct place {
    char folder[64];
    char path[128];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    snprintf(place->folder, sizeof(place->folder), "/tmp/varta-store.XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    snprintf(place->path, sizeof(place->path), "%s/store.db", place->folder);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[160];
        snprintf(path, sizeof(path), "%s%s", place->path, ends[i]);
        unlink(path);
    }
    rmdir(place->folder);
    free(place);
    return 0;
}

static struct store *open_store(const struct place *place)
{
    struct store *store = NULL;
    char error[STORE_ERROR_BYTES] = "";
    if (store_open(place->path, STORE_CREATE, &store, error) < 0)
        fail_msg("%s", error);
    return store;
}

static struct store_baseline version(struct span packed, int64_t at)
{
    return (struct store_baseline){packed, SPAN("uk 0.9 0.9\n"), at, 3};
}

static void put(struct store *store, const struct store_baseline *baseline, const struct store_baseline *seen)
{
    struct store_check check = {
        .url = SPAN("https://mfa.example/"),
        .name = SPAN("МЗС"),
        .at_s = 1000,
        .verdict = SPAN("replaced"),
        .score = 0.25,
        .cause = SPAN(""),
        .result = SPAN("{}"),
        .baseline = baseline,
        .seen = seen,
    };
    assert_int_equal(store_put_check(store, &check), 0);
}

static void test_store__baselines_outlive_it(void **state)
{
    struct arena arena = arena_new(10000);
    struct store_baseline back, first = version((struct span){"\0bin", 4}, 900);
    struct store *store = open_store(*state);
    assert_int_equal(store_get_baseline(store, SPAN("https://mfa.example/"), &arena, &back), 0);
    put(store, &first, NULL);
    store_close(store);
    store = open_store(*state);
    assert_int_equal(store_get_baseline(store, SPAN("https://mfa.example/"), &arena, &back), 1);
    assert_true(span_equal(back.packed, (struct span){"\0bin", 4}));
    assert_true(span_equal(back.languages, SPAN("uk 0.9 0.9\n")));
    assert_int_equal(back.at_s, 900);
    assert_int_equal(back.versions, 3);
    assert_int_equal(store_get_baseline(store, SPAN("https://other.example/"), &arena, &back), 0);
    store_close(store);
    arena_free(&arena);
}

static void note_page(void *context, const struct store_page *page)
{
    struct store_page *seen = context;
    *seen = *page;
    assert_true(span_equal(page->url, SPAN("https://mfa.example/")));
    assert_true(span_equal(page->verdict, SPAN("replaced")));
}

static void test_store__accepting_takes_what_was_seen(void **state)
{
    struct arena arena = arena_new(10000);
    struct store_baseline old = version(SPAN("old"), 900), seen = version(SPAN("seen"), 1000), back;
    struct store_page page;
    struct store *store = open_store(*state);
    put(store, &old, NULL);
    put(store, NULL, &seen);
    assert_int_equal(store_get_baseline(store, SPAN("https://mfa.example/"), &arena, &back), 1);
    assert_true(span_equal(back.packed, SPAN("old")));
    assert_int_equal(store_pages(store, note_page, &page), 1);
    assert_true(page.acceptable);
    assert_int_equal(store_accept(store, SPAN("https://mfa.example/")), 1);
    assert_int_equal(store_get_baseline(store, SPAN("https://mfa.example/"), &arena, &back), 1);
    assert_true(span_equal(back.packed, SPAN("seen")));
    assert_int_equal(store_accept(store, SPAN("https://mfa.example/")), 0);
    assert_int_equal(store_accept(store, SPAN("https://unknown.example/")), 0);
    assert_int_equal(store_pages(store, note_page, &page), 1);
    assert_false(page.acceptable);
    store_close(store);
    arena_free(&arena);
}

static void test_store__pictures_by_content(void **state)
{
    struct arena arena = arena_new(10000);
    struct digest one = {{1}}, other = {{2}};
    struct span packed;
    struct store *store = open_store(*state);
    assert_int_equal(store_get_picture(store, &one, &arena, &packed), 0);
    assert_int_equal(store_put_picture(store, &one, SPAN("text"), 5), 0);
    assert_int_equal(store_get_picture(store, &one, &arena, &packed), 1);
    assert_true(span_equal(packed, SPAN("text")));
    assert_int_equal(store_get_picture(store, &other, &arena, &packed), 0);
    store_close(store);
    arena_free(&arena);
}

static void expect_refusal(const struct place *place, int error, const char *says)
{
    char text[STORE_ERROR_BYTES] = "";
    struct store *store = NULL;
    assert_int_equal(store_open(place->path, STORE_CREATE, &store, text), error);
    if (!strstr(text, says) || !strstr(text, place->path))
        fail_msg("'%s' does not say '%s' and the path", text, says);
}

static void run_sql(const struct place *place, const char *text)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void test_store__a_newer_one_is_refused(void **state)
{
    store_close(open_store(*state));
    run_sql(*state, "PRAGMA user_version=99");
    expect_refusal(*state, -ENOTSUP, "newer varta");
}

static void test_store__other_files_are_refused_and_left_alone(void **state)
{
    const struct place *place = *state;
    FILE *file = fopen(place->path, "w");
    for (int i = 0; i < 2000; i++)
        fputs("this is no database at all\n", file);
    fclose(file);
    expect_refusal(place, -EBADMSG, "no store of varta");
    unlink(place->path);
    run_sql(place, "CREATE TABLE somebody_elses(x)");
    expect_refusal(place, -EBADMSG, "no store of varta");
}

static void test_store__damage_is_found_at_opening(void **state)
{
    const struct place *place = *state;
    struct store *store = open_store(place);
    struct store_baseline baseline = version(SPAN("packed"), 1);
    char big[60000];
    memset(big, 'r', sizeof(big));
    for (int i = 0; i < 50; i++) {
        char url[40];
        int size = snprintf(url, sizeof(url), "https://h%d.example/", i);
        struct store_check check = {.url = {url, (size_t)size},
                                    .verdict = SPAN("new"),
                                    .result = {big, sizeof(big)},
                                    .baseline = &baseline};
        assert_int_equal(store_put_check(store, &check), 0);
    }
    store_close(store);
    int fd = open(place->path, O_RDWR);
    for (off_t at = 4096; at < 4096 * 40; at += 4096)
        assert_int_equal(pwrite(fd, "damage damage damage", 20, at), 20);
    close(fd);
    expect_refusal(place, -EBADMSG, "damaged");
}

static void test_store__an_impossible_path_is_told(void **state)
{
    (void)state;
    char text[STORE_ERROR_BYTES] = "";
    struct store *store = NULL;
    assert_true(store_open("/nonexistent/folder/store.db", STORE_CREATE, &store, text) < 0);
    assert_non_null(strstr(text, "/nonexistent/folder/store.db"));
    assert_true(store_open("/tmp/varta-no-such-store.db", STORE_EXISTING, &store, text) < 0);
    assert_int_not_equal(access("/tmp/varta-no-such-store.db", F_OK), 0);
}

/* The layout of the first version, as it was written then. */
static const char first_layout[] =
    "CREATE TABLE page(id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, name TEXT NOT NULL, first_at "
    "INTEGER NOT NULL,"
    " at INTEGER NOT NULL, verdict TEXT NOT NULL, score REAL NOT NULL, cause TEXT NOT NULL, result TEXT NOT "
    "NULL) STRICT;"
    "CREATE TABLE baseline(page INTEGER PRIMARY KEY REFERENCES page ON DELETE CASCADE, packed BLOB NOT NULL,"
    " languages TEXT NOT NULL, at INTEGER NOT NULL, versions INTEGER NOT NULL) STRICT;"
    "CREATE TABLE seen(page INTEGER PRIMARY KEY REFERENCES page ON DELETE CASCADE, packed BLOB NOT NULL,"
    " languages TEXT NOT NULL, at INTEGER NOT NULL, versions INTEGER NOT NULL) STRICT;"
    "CREATE TABLE picture(digest BLOB PRIMARY KEY, packed BLOB NOT NULL, at INTEGER NOT NULL) STRICT, "
    "WITHOUT ROWID;"
    "CREATE INDEX picture_at ON picture(at);"
    "INSERT INTO page VALUES(7, 'https://old.example/', 'Old', 1, 2, 'edited', 0.25, '', "
    "'{\"verdict\":\"edited\"}');"
    "INSERT INTO baseline VALUES(7, x'0102', 'uk 1 1', 2, 3);"
    "PRAGMA application_id=1986097780; PRAGMA user_version=1;";

static void count_page(void *context, const struct store_page *page)
{
    assert_true(span_equal(page->url, SPAN("https://old.example/")));
    assert_true(span_equal(page->verdict, SPAN("edited")));
    assert_int_equal(page->versions, 3);
    (*(int *)context)++;
}

static void an_older_layout_is_brought_up(void **state)
{
    struct place *place = *state;
    sqlite3 *db;
    char error[STORE_ERROR_BYTES];
    struct store *store;
    int pages = 0;
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, first_layout, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(store_open(place->path, STORE_EXISTING, &store, error), 0);
        assert_int_equal(store_pages(store, count_page, &pages), 1);
        assert_int_equal(store_verify(store), 0);
        assert_int_equal(strlen(store_instance(store)), 8);
        store_close(store);
    }
    assert_int_equal(pages, 2);
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    sqlite3_stmt *kept;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT result FROM outcome WHERE page = 7", -1, &kept, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(kept), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(kept, 0), "{\"verdict\":\"edited\"}");
    sqlite3_finalize(kept);
    sqlite3_close(db);
}

static struct incident some_incident(int64_t closed_s)
{
    struct incident incident = {.arena = arena_new(1 << 16),
                                .url = SPAN("https://x.example/"),
                                .name = SPAN("X"),
                                .group = SPAN("g"),
                                .contact = SPAN(""),
                                .state = closed_s ? INCIDENT_RECOVERED : INCIDENT_CONFIRMED,
                                .verdict = VERDICT_DEFACED,
                                .cause = "",
                                .score = 0.5,
                                .opened_s = 100,
                                .confirmed_s = 102,
                                .closed_s = closed_s,
                                .looks = 3,
                                .severity = 8,
                                .sketch = {.at = {1, 2, 3}, .count = 3},
                                .pictures = {9, 8, 7, 6},
                                .landing = UINT64_MAX,
                                .result = SPAN("{}")};
    return incident;
}

static void add_event(void *context, int64_t at_s, struct span what, struct span detail)
{
    (void)detail;
    (void)what;
    *(int64_t *)context += at_s;
}

static void incidents_come_back_as_they_were_and_keep_their_history(void **state)
{
    struct place *place = *state;
    char error[STORE_ERROR_BYTES];
    struct store *store;
    assert_int_equal(store_open(place->path, STORE_CREATE, &store, error), 0);
    struct incident incident = some_incident(0);
    assert_int_equal(store_put_incident(store, &incident), 0);
    assert_int_equal(incident.id, 1);
    assert_int_equal(store_put_event(store, 1, 100, SPAN("suspected"), SPAN("defaced")), 0);
    assert_int_equal(store_put_event(store, 1, 102, SPAN("confirmed"), SPAN("")), 0);
    incident.flaps = 2;
    assert_int_equal(store_put_incident(store, &incident), 0);
    struct incident back;
    assert_int_equal(store_get_incident(store, 1, &back), 1);
    assert_int_equal(back.flaps, 2);
    assert_int_equal(back.state, INCIDENT_CONFIRMED);
    assert_int_equal(back.verdict, VERDICT_DEFACED);
    assert_int_equal(back.sketch.count, 3);
    assert_int_equal(back.sketch.at[2], 3);
    assert_int_equal(back.pictures[3], 6);
    assert_true(back.landing == UINT64_MAX);
    assert_true(span_equal(back.result, SPAN("{}")));
    incident_free(&back);
    int64_t sum = 0;
    assert_int_equal(store_events(store, 1, add_event, &sum), 2);
    assert_int_equal(sum, 202);
    assert_int_equal(store_get_incident(store, 2, &back), 0);
    incident_free(&incident);
    store_close(store);
}

static void a_notice_is_put_once_for_a_sink(void **state)
{
    struct place *place = *state;
    char error[STORE_ERROR_BYTES];
    struct store *store;
    assert_int_equal(store_open(place->path, STORE_CREATE, &store, error), 0);
    struct store_delivery delivery = {.notice = SPAN("n1"),
                                      .sink = SPAN("a"),
                                      .about = SPAN("i1"),
                                      .json = SPAN("{}"),
                                      .created_s = 5,
                                      .next_s = 5};
    assert_int_equal(store_put_delivery(store, &delivery), 1);
    assert_int_equal(store_put_delivery(store, &delivery), 0);
    delivery.sink = SPAN("b");
    assert_int_equal(store_put_delivery(store, &delivery), 1);
    store_close(store);
}

static void what_is_too_old_goes_and_nothing_else(void **state)
{
    struct place *place = *state;
    char error[STORE_ERROR_BYTES];
    struct store *store;
    assert_int_equal(store_open(place->path, STORE_CREATE, &store, error), 0);
    struct incident open = some_incident(0), old = some_incident(500), young = some_incident(5000);
    assert_int_equal(store_put_incident(store, &open), 0);
    assert_int_equal(store_put_incident(store, &old), 0);
    assert_int_equal(store_put_incident(store, &young), 0);
    assert_int_equal(store_put_event(store, old.id, 1, SPAN("x"), SPAN("")), 0);
    struct store_retention retention = {.incidents_before_s = 1000};
    struct store_sweep swept;
    assert_int_equal(store_sweep(store, &retention, true, &swept), 0);
    assert_int_equal(swept.incidents, 1);
    assert_int_equal(store_sweep(store, &retention, false, &swept), 0);
    assert_int_equal(swept.incidents, 1);
    assert_int_equal(store_sweep(store, &retention, false, &swept), 0);
    assert_int_equal(swept.incidents, 0);
    struct incident back;
    assert_int_equal(store_get_incident(store, old.id, &back), 0);
    assert_int_equal(store_get_incident(store, young.id, &back), 1);
    incident_free(&back);
    int64_t incident = 0, campaign = 0;
    assert_int_equal(store_last_ids(store, &incident, &campaign), 0);
    assert_int_equal(incident, 3);
    assert_int_equal(store_verify(store), 0);
    incident_free(&open);
    incident_free(&old);
    incident_free(&young);
    store_close(store);
}

static void what_was_gathered_is_there_only_after_its_commit(void **state)
{
    struct place *place = *state;
    char error[STORE_ERROR_BYTES];
    struct store *store, *other;
    struct incident back, incident = some_incident(0);
    assert_int_equal(store_open(place->path, STORE_CREATE, &store, error), 0);
    assert_int_equal(store_open(place->path, STORE_EXISTING, &other, error), 0);
    assert_int_equal(store_begin(store), 0);
    assert_int_equal(store_put_incident(store, &incident), 0);
    assert_int_equal(store_get_incident(other, 1, &back), 0);
    store_rollback(store);
    assert_int_equal(store_get_incident(store, 1, &back), 0);
    incident.id = 0;
    assert_int_equal(store_begin(store), 0);
    assert_int_equal(store_put_incident(store, &incident), 0);
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(store_get_incident(other, 1, &back), 1);
    incident_free(&back);
    incident_free(&incident);
    store_close(other);
    store_close(store);
}

/* ---- what people are shown ---- */

static void look(struct store *store, int64_t at_s, struct span verdict, double kept, double fresh)
{
    struct store_check check = {.url = SPAN("https://a.example/"),
                                .name = SPAN("A"),
                                .at_s = at_s,
                                .verdict = verdict,
                                .cause = SPAN(""),
                                .result = SPAN("{\"verdict\":\"x\"}"),
                                .kept = kept,
                                .fresh = fresh};
    assert_int_equal(store_put_check(store, &check), 0);
}

struct seen_looks {
    struct store_look last;
    char verdicts[4096];
    int64_t first_s;
    size_t count;
};

static void take_look(void *context, const struct store_look *one)
{
    struct seen_looks *seen = context;
    if (seen->count++ == 0)
        seen->first_s = one->at_s;
    seen->last = *one;
    size_t used = strlen(seen->verdicts);
    if (used + 2 < sizeof(seen->verdicts))
        snprintf(seen->verdicts + used, sizeof(seen->verdicts) - used, "%c", one->verdict.at[0]);
}

static void test_looks__only_what_differs_is_kept(void **state)
{
    struct store *store = open_store(*state);
    struct seen_looks seen = {.count = 0};
    look(store, 100, SPAN("new"), -1, -1);
    look(store, 200, SPAN("unchanged"), 1, 0);
    look(store, 300, SPAN("unchanged"), 0.98, 0.03); /* volatile */
    look(store, 400, SPAN("unchanged"), 0.93, 0.03); /* moved on for good */
    look(store, 500, SPAN("defaced"), 0.02, 0.98);
    look(store, 600, SPAN("defaced"), 0.02, 0.98);
    look(store, 700, SPAN("unavailable"), -1, -1);
    assert_int_equal(store_looks(store, SPAN("https://a.example/"), take_look, &seen), 5);
    assert_string_equal(seen.verdicts, "nuudu");
    assert_int_equal(seen.last.at_s, 700);
    assert_true(seen.last.kept < 0);
    assert_int_equal(store_looks(store, SPAN("https://b.example/"), take_look, &seen), 0);
    store_close(store);
}

static void test_looks__the_oldest_go_first(void **state)
{
    struct store *store = open_store(*state);
    struct seen_looks seen = {.count = 0};
    store_begin(store);
    for (int i = 0; i < 2 * STORE_LOOKS; i++)
        look(store, 1000 + i, i % 2 ? SPAN("edited") : SPAN("unchanged"), 1, 0);
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(store_looks(store, SPAN("https://a.example/"), take_look, &seen), STORE_LOOKS);
    assert_int_equal(seen.first_s, 1000 + STORE_LOOKS);
    assert_int_equal(seen.last.at_s, 1000 + 2 * STORE_LOOKS - 1);
    store_close(store);
}

static void test_reading__sees_what_is_written_and_writes_nothing(void **state)
{
    const struct place *place = *state;
    char error[STORE_ERROR_BYTES] = "";
    struct store *reading = NULL, *store;
    arena_auto arena = arena_new(1 << 16);
    struct store_page page;
    struct span json;
    int64_t mark = 0, later = 0;
    assert_int_equal(store_open(place->path, STORE_READING, &reading, error), -ENOENT);
    store = open_store(place);
    assert_int_equal(store_open(place->path, STORE_READING, &reading, error), 0);
    assert_int_equal(store_get_page(reading, SPAN("https://a.example/"), &arena, &page), 0);
    assert_int_equal(store_mark(reading, &mark), 0);
    look(store, 100, SPAN("new"), -1, -1);
    assert_int_equal(store_mark(reading, &later), 0);
    assert_int_not_equal(mark, later);
    assert_int_equal(store_get_page(reading, SPAN("https://a.example/"), &arena, &page), 1);
    assert_true(span_equal(page.verdict, SPAN("new")) && span_equal(page.name, SPAN("A")));
    assert_int_equal(store_get_outcome(reading, SPAN("https://a.example/"), &arena, &json), 1);
    assert_true(span_equal(json, SPAN("{\"verdict\":\"x\"}")));
    struct store_check check = {.url = SPAN("https://b.example/"), .verdict = SPAN("new"), .cause = SPAN("")};
    assert_true(store_put_check(reading, &check) < 0);
    store_close(reading);
    run_sql(place, "PRAGMA user_version=2");
    assert_int_equal(store_open(place->path, STORE_READING, &reading, error), -ENOTSUP);
    store_close(store);
}

static void count_incident(void *context, const struct incident *incident)
{
    struct seen_looks *seen = context;
    seen->count++;
    seen->first_s = seen->first_s * 10 + incident->id;
}

static void put_incident(struct store *store, struct span url, enum incident_state state, uint32_t severity,
                         int64_t campaign)
{
    struct incident incident = {.url = url,
                                .state = state,
                                .severity = severity,
                                .campaign = campaign,
                                .verdict = VERDICT_DEFACED,
                                .opened_s = 1,
                                .closed_s = state > INCIDENT_ACKNOWLEDGED ? 2 : 0};
    assert_int_equal(store_put_incident(store, &incident), 0);
}

static int64_t listed(struct store *store, struct store_incident_query wish)
{
    struct seen_looks seen = {.count = 0};
    wish.limit = wish.limit ? wish.limit : 100;
    assert_true(store_list_incidents(store, &wish, count_incident, &seen) >= 0);
    return seen.first_s;
}

static void test_incidents__are_listed_by_each_wish(void **state)
{
    struct store *store = open_store(*state);
    struct campaign campaign = {.opened_s = 1, .pages = 2}, back;
    assert_int_equal(store_put_campaign(store, &campaign), 0);
    put_incident(store, SPAN("a"), INCIDENT_CONFIRMED, 5, 0);
    put_incident(store, SPAN("b"), INCIDENT_SUSPECTED, 9, 0);
    put_incident(store, SPAN("a"), INCIDENT_RECOVERED, 9, 0);
    put_incident(store, SPAN("c"), INCIDENT_ACKNOWLEDGED, 8, 0);
    put_incident(store, SPAN("d"), INCIDENT_CONFIRMED, 8, campaign.id);
    put_incident(store, SPAN("e"), INCIDENT_RECOVERED, 8, campaign.id);
    put_incident(store, SPAN("f"), INCIDENT_DISMISSED, 8, 0);
    assert_int_equal(listed(store, (struct store_incident_query){.open = true}), 41);
    assert_int_equal(listed(store, (struct store_incident_query){.url = SPAN("a")}), 31);
    assert_int_equal(listed(store, (struct store_incident_query){.campaign = campaign.id}), 65);
    assert_int_equal(listed(store, (struct store_incident_query){.before = 5}), 431);
    assert_int_equal(listed(store, (struct store_incident_query){.limit = 2}), 65);
    assert_int_equal(store_get_campaign(store, campaign.id, &back), 1);
    assert_int_equal(back.pages, 2);
    assert_int_equal(store_get_campaign(store, 99, &back), 0);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_store__baselines_outlive_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_store__accepting_takes_what_was_seen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_store__pictures_by_content, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_store__a_newer_one_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_store__other_files_are_refused_and_left_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_store__damage_is_found_at_opening, set_up, tear_down),
        cmocka_unit_test(test_store__an_impossible_path_is_told),
        cmocka_unit_test_setup_teardown(an_older_layout_is_brought_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(incidents_come_back_as_they_were_and_keep_their_history, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_notice_is_put_once_for_a_sink, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_too_old_goes_and_nothing_else, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_gathered_is_there_only_after_its_commit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_looks__only_what_differs_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_looks__the_oldest_go_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reading__sees_what_is_written_and_writes_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_incidents__are_listed_by_each_wish, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
