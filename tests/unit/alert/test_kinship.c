/* What the index finds holds everything that comparing each with each would: the index saves time, never a
 * campaign. */
#include "pipeline/alert/alert.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 600, WINDOW_S = 3600 };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Messages of words from a small stock: some are nearly alike, many share a phrase or two, most share
 * nothing. */
static struct sketch message(uint32_t *state)
{
    static const char boilerplate[] = "all your files are ours now pay until the morning comes ";
    char text[2000];
    size_t size = 0;
    uint32_t family = next_random(state) % 40, words = 4 + next_random(state) % 90;
    if (next_random(state) % 2)
        size += (size_t)snprintf(text, sizeof(text), "%s", boilerplate);
    for (uint32_t i = 0; i < words && size + 40 < sizeof(text); i++) {
        uint32_t word = next_random(state) % 12 == 0 ? next_random(state) : family * 100 + i;
        size += (size_t)snprintf(text + size, sizeof(text) - size, "w%u ", word);
    }
    return sketch_of((struct span){text, size});
}

static struct incident random_incident(uint32_t *state)
{
    bool down = next_random(state) % 5 == 0;
    struct incident incident = {.verdict = down ? VERDICT_UNAVAILABLE : VERDICT_DEFACED,
                                .opened_s = 1000 + next_random(state) % 5000,
                                .sketch = message(state)};
    if (down)
        snprintf(incident.cause, sizeof(incident.cause), "cause-%u", next_random(state) % 4);
    if (next_random(state) % 6 == 0)
        incident.pictures[next_random(state) % 4] = 1 + next_random(state) % 20;
    if (next_random(state) % 6 == 0)
        incident.landing = 1 + next_random(state) % 20;
    return incident;
}

static bool holds(const uint32_t *places, size_t count, size_t place)
{
    for (size_t i = 0; i < count; i++)
        if (places[i] == place)
            return true;
    return false;
}

static void nobody_who_joins_is_missed(void **state)
{
    (void)state;
    static struct incident incidents[COUNT];
    const struct incident *all[COUNT];
    uint32_t random = 20220114;
    size_t joins = 0, asked = 0;
    struct kinship *kinship;
    for (size_t i = 0; i < COUNT; i++) {
        incidents[i] = random_incident(&random);
        all[i] = &incidents[i];
    }
    assert_int_equal(kinship_new(all, COUNT, &kinship), 0);
    for (size_t i = 0; i < COUNT; i++) {
        const uint32_t *places;
        size_t count = kinship_of(kinship, i, &places);
        asked += count;
        assert_false(holds(places, count, i));
        for (size_t j = 1; j < count; j++)
            assert_true(places[j - 1] < places[j]);
        for (size_t j = 0; j < COUNT; j++) {
            if (j == i || !campaign_joins(all[i], all[j], WINDOW_S))
                continue;
            joins++;
            assert_true(holds(places, count, j));
        }
    }
    assert_true(joins > COUNT);
    assert_true(asked < COUNT * COUNT / 5);
    kinship_free(kinship);
}

static void a_phrase_that_all_use_brings_nobody_together(void **state)
{
    (void)state;
    static struct incident incidents[COUNT];
    const struct incident *all[COUNT];
    struct kinship *kinship;
    for (size_t i = 0; i < COUNT; i++) {
        char text[1200] = "hacked by the night crew ";
        for (size_t j = 0, size = strlen(text); j < 60; j++)
            size += (size_t)snprintf(text + size, sizeof(text) - size, "w%zu ", i * 100 + j);
        incidents[i] = (struct incident){.verdict = VERDICT_DEFACED, .sketch = sketch_of(span_of(text))};
        all[i] = &incidents[i];
    }
    assert_int_equal(kinship_new(all, COUNT, &kinship), 0);
    for (size_t i = 0; i < COUNT; i++) {
        const uint32_t *places;
        assert_int_equal(kinship_of(kinship, i, &places), 0);
    }
    kinship_free(kinship);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_who_joins_is_missed),
        cmocka_unit_test(a_phrase_that_all_use_brings_nobody_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
