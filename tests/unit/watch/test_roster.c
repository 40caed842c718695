/* Slow pages have a share of the looks at once, and only a share: the others never wait for them, and none of
 * them is forgotten. */
#include "watch/roster.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    PAGES = 12,
    PARALLEL = 4,
    SHARE = PARALLEL - PARALLEL / ROSTER_RESERVE,
    SLOW_MS = 30000,
    QUICK_MS = 10,
    INTERVAL_MS = 1000
};

struct bench {
    struct page pages[PAGES];
    char urls[PAGES][40];
    struct page_list list;
    uint32_t intervals[PAGES];
    struct roster *roster;
    uint64_t looks[PAGES];  /* under way; 0 for none */
    int64_t ends_ms[PAGES]; /* of the look under way */
    int64_t due_ms[PAGES];
    unsigned count[PAGES];
    int64_t late_ms; /* the most that a quick page was */
};

static bool is_slow(size_t page)
{
    return page < PAGES - 2;
}

static void set_up(struct bench *bench, bool one_domain)
{
    *bench = (struct bench){.list = {.pages = bench->pages, .count = PAGES}};
    for (size_t i = 0; i < PAGES; i++) {
        int size = snprintf(bench->urls[i], sizeof(bench->urls[i]), "https://%c%s.gov.ua/", 'a' + (int)i,
                            one_domain ? ".one" : "");
        bench->pages[i].url = (struct span){bench->urls[i], (size_t)size};
        bench->intervals[i] = INTERVAL_MS / 1000;
    }
    struct roster_settings settings = {
        .parallel = PARALLEL, .per_domain = one_domain ? 2 : PARALLEL, .seed = 1};
    assert_int_equal(roster_new(&settings, &bench->list, bench->intervals, 0, &bench->roster), 0);
    for (size_t i = 0; i < PAGES; i++)
        roster_set_slow(bench->roster, i, is_slow(i));
}

static size_t slow_looks(const struct bench *bench)
{
    size_t count = 0;
    for (size_t i = 0; i < PAGES; i++)
        count += bench->looks[i] && is_slow(i);
    return count;
}

static void end_looks(struct bench *bench, int64_t now_ms)
{
    for (size_t i = 0; i < PAGES; i++) {
        if (!bench->looks[i] || bench->ends_ms[i] > now_ms)
            continue;
        assert_true(roster_ended(bench->roster, i, bench->looks[i], now_ms, INTERVAL_MS, false));
        bench->looks[i] = 0;
        bench->due_ms[i] = now_ms + INTERVAL_MS;
    }
}

static void run(struct bench *bench, int64_t until_ms)
{
    for (int64_t now_ms = 0; now_ms < until_ms; now_ms += QUICK_MS) {
        size_t page;
        uint64_t look;
        end_looks(bench, now_ms);
        while (roster_next(bench->roster, now_ms, &page, &look)) {
            bench->looks[page] = look;
            bench->ends_ms[page] = now_ms + (is_slow(page) ? SLOW_MS : QUICK_MS);
            if (bench->count[page]++ && !is_slow(page) && now_ms - bench->due_ms[page] > bench->late_ms)
                bench->late_ms = now_ms - bench->due_ms[page];
        }
        assert_true(slow_looks(bench) <= SHARE);
        assert_true(roster_wake(bench->roster) > now_ms);
    }
}

static void quick_pages_do_not_wait_for_slow_ones(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, false);
    run(&bench, 10 * 60000);
    assert_true(bench.late_ms <= QUICK_MS);
    for (size_t i = 0; i < PAGES; i++)
        assert_true(bench.count[i] >= (is_slow(i) ? 5 : 500)); /* of 6 that 3 places have time for */
    roster_free(bench.roster);
}

static void no_slow_page_is_lost_between_two_limits(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, true);
    run(&bench, 40 * 60000);
    assert_true(bench.late_ms <=
                2 * QUICK_MS); /* two quick ones share the place that is kept from the slow */
    for (size_t i = 0; i < PAGES; i++)
        assert_true(bench.count[i] >= 5);
    roster_free(bench.roster);
}

static void who_is_held_back_is_late(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, true);
    size_t page;
    uint64_t look;
    while (roster_next(bench.roster, INTERVAL_MS, &page, &look))
        continue;
    assert_true(roster_state(bench.roster, INTERVAL_MS).late_ms <= INTERVAL_MS);
    assert_true(roster_state(bench.roster, 10 * INTERVAL_MS).late_ms >= 9 * INTERVAL_MS);
    roster_free(bench.roster);
}

static void one_place_is_not_kept_free(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, false);
    roster_free(bench.roster);
    struct roster_settings settings = {.parallel = 1, .per_domain = 1, .seed = 1};
    assert_int_equal(roster_new(&settings, &bench.list, bench.intervals, 0, &bench.roster), 0);
    size_t page;
    uint64_t look;
    for (size_t i = 0; i < PAGES; i++)
        roster_set_slow(bench.roster, i, true);
    assert_true(roster_next(bench.roster, INTERVAL_MS, &page, &look));
    roster_free(bench.roster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(quick_pages_do_not_wait_for_slow_ones),
                                       cmocka_unit_test(no_slow_page_is_lost_between_two_limits),
                                       cmocka_unit_test(who_is_held_back_is_late),
                                       cmocka_unit_test(one_place_is_not_kept_free)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
