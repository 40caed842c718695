/* The life of an incident, look by look, and what belongs to one campaign. */
#include "pipeline/alert/alert.h"

#include "unit/cmocka_all.h"

#include <stdio.h>

static const struct incident_rules rules = {
    .outage_looks = 2, .recover_looks = 2, .flap_window_s = 3600, .escalate_after_s = 900};

static unsigned look(struct incident *incident, enum incident_look how, enum verdict_kind verdict,
                     int64_t at_s)
{
    return incident_look(incident, &rules, how, verdict, verdict == VERDICT_UNAVAILABLE ? "timeout" : "", 0.9,
                         at_s);
}

static struct incident confirmed(enum verdict_kind verdict)
{
    struct incident incident = incident_open(verdict, 5, 1000);
    incident.bad = incident.looks = 1;
    unsigned actions = look(&incident, LOOK_BROWSER, verdict, 1002);
    assert_true(actions & INCIDENT_TELL);
    assert_int_equal(incident.state, INCIDENT_CONFIRMED);
    incident.told_s = 1010;
    return incident;
}

static void found_again_is_confirmed(void **state)
{
    (void)state;
    struct incident incident = incident_open(VERDICT_DEFACED, 5, 1000);
    assert_int_equal(incident_manner(&incident), LOOK_BROWSER);
    assert_true(look(&incident, LOOK_BROWSER, VERDICT_DEFACED, 1002) & INCIDENT_TELL);
    assert_int_equal(incident.confirmed_s, 1002);
    assert_false(incident.cloaked);
    incident_free(&incident);
}

static void a_glitch_is_dismissed_after_two_harmless_looks(void **state)
{
    (void)state;
    struct incident incident = incident_open(VERDICT_DEFACED, 5, 1000);
    assert_true(look(&incident, LOOK_BROWSER, VERDICT_UNCHANGED, 1002) & INCIDENT_LOOK_AGAIN);
    assert_int_equal(incident_manner(&incident), LOOK_AGAIN);
    unsigned actions = look(&incident, LOOK_AGAIN, VERDICT_UNCHANGED, 1004);
    assert_false(actions & (INCIDENT_TELL | INCIDENT_LOOK_AGAIN));
    assert_int_equal(incident.state, INCIDENT_DISMISSED);
    incident_free(&incident);
}

static void what_only_varta_is_shown_is_called_cloaked(void **state)
{
    (void)state;
    struct incident incident = incident_open(VERDICT_DEFACED, 5, 1000);
    look(&incident, LOOK_BROWSER, VERDICT_UNCHANGED, 1002);
    assert_true(look(&incident, LOOK_AGAIN, VERDICT_DEFACED, 1004) & INCIDENT_TELL);
    assert_true(incident.cloaked);
    incident_free(&incident);
}

/* Up to where a browser is asked once more: its look failed, and varta has found it again. */
static struct incident browser_failed(struct incident incident, int64_t at_s)
{
    assert_int_equal(incident_manner(&incident), LOOK_BROWSER);
    assert_true(look(&incident, LOOK_BROWSER, VERDICT_UNAVAILABLE, at_s) & INCIDENT_LOOK_AGAIN);
    assert_int_equal(incident_manner(&incident), LOOK_AGAIN);
    unsigned actions = look(&incident, LOOK_AGAIN, VERDICT_DEFACED, at_s + 30);
    assert_true(actions & INCIDENT_LOOK_AGAIN);
    assert_false(actions & INCIDENT_TELL);
    assert_int_equal(incident_manner(&incident), LOOK_BROWSER);
    return incident;
}

static void a_browser_is_asked_once_more_when_its_look_failed(void **state)
{
    (void)state;
    struct incident incident = browser_failed(incident_open(VERDICT_DEFACED, 5, 1000), 1002);
    assert_true(look(&incident, LOOK_BROWSER, VERDICT_UNCHANGED, 1034) & INCIDENT_LOOK_AGAIN);
    assert_int_equal(incident_manner(&incident), LOOK_AGAIN);
    assert_true(look(&incident, LOOK_AGAIN, VERDICT_DEFACED, 1036) & INCIDENT_TELL);
    assert_true(incident.cloaked);
    incident_free(&incident);
    incident = browser_failed(incident_open(VERDICT_DEFACED, 5, 1000), 1002);
    assert_true(look(&incident, LOOK_BROWSER, VERDICT_DEFACED, 1034) & INCIDENT_TELL);
    assert_false(incident.cloaked);
    incident_free(&incident);
}

static void a_browser_that_fails_twice_delays_nothing(void **state)
{
    (void)state;
    struct incident incident = browser_failed(incident_open(VERDICT_DEFACED, 5, 1000), 1002);
    unsigned actions = look(&incident, LOOK_BROWSER, VERDICT_UNAVAILABLE, 1034);
    assert_true(actions & INCIDENT_TELL);
    assert_int_equal(incident.state, INCIDENT_CONFIRMED);
    assert_int_equal(incident.verdict, VERDICT_DEFACED);
    assert_false(incident.cloaked);
    incident_free(&incident);
}

static void seen_once_then_out_of_reach_is_believed(void **state)
{
    (void)state;
    struct incident incident = incident_open(VERDICT_DEFACED, 5, 1000);
    unsigned actions = INCIDENT_LOOK_AGAIN;
    int looks = 0;
    while ((actions & INCIDENT_LOOK_AGAIN) && looks < 20)
        actions = look(&incident, incident_manner(&incident), VERDICT_UNAVAILABLE, 1010 + 30 * looks++);
    assert_true(actions & INCIDENT_TELL);
    assert_int_equal(incident.verdict, VERDICT_DEFACED);
    assert_false(incident.cloaked);
    assert_in_range(looks, 2, 5);
    incident_free(&incident);
}

static void an_outage_needs_several_looks(void **state)
{
    (void)state;
    struct incident incident = incident_open(VERDICT_UNAVAILABLE, 5, 1000);
    incident.bad = 1;
    assert_true(look(&incident, LOOK_AGAIN, VERDICT_UNAVAILABLE, 1030) & INCIDENT_TELL);
    assert_string_equal(incident.cause, "timeout");
    incident_free(&incident);
    incident = incident_open(VERDICT_UNAVAILABLE, 5, 1000);
    incident.bad = 1;
    look(&incident, LOOK_AGAIN, VERDICT_UNCHANGED, 1030);
    assert_int_equal(incident.state, INCIDENT_DISMISSED);
    incident_free(&incident);
}

static void a_page_that_comes_back_defaced_is_seen_twice_before_it_is_worse(void **state)
{
    (void)state;
    struct incident incident = incident_open(VERDICT_UNAVAILABLE, 5, 1000);
    incident.bad = 1;
    look(&incident, LOOK_AGAIN, VERDICT_UNAVAILABLE, 1030);
    unsigned first = look(&incident, LOOK_ROUTINE, VERDICT_DEFACED, 1300);
    assert_true(first & INCIDENT_LOOK_AGAIN);
    assert_false(first & (INCIDENT_TELL | INCIDENT_TELL_WORSE));
    assert_int_equal(incident.verdict, VERDICT_UNAVAILABLE);
    assert_true(look(&incident, LOOK_BROWSER, VERDICT_DEFACED, 1302) & INCIDENT_TELL_WORSE);
    assert_int_equal(incident.verdict, VERDICT_DEFACED);
    incident_free(&incident);
}

static void a_suspected_outage_that_turns_out_defaced_is_seen_twice(void **state)
{
    (void)state;
    struct incident incident = incident_open(VERDICT_UNAVAILABLE, 5, 1000);
    incident.bad = 1;
    unsigned first = look(&incident, LOOK_AGAIN, VERDICT_DEFACED, 1030);
    assert_int_equal(incident.state, INCIDENT_SUSPECTED);
    assert_true(first & INCIDENT_LOOK_AGAIN);
    assert_true(look(&incident, LOOK_BROWSER, VERDICT_DEFACED, 1032) & INCIDENT_TELL);
    incident_free(&incident);
}

static void recovery_needs_several_good_looks(void **state)
{
    (void)state;
    struct incident incident = confirmed(VERDICT_REPLACED);
    assert_true(look(&incident, LOOK_ROUTINE, VERDICT_UNCHANGED, 2000) & INCIDENT_LOOK_AGAIN);
    assert_false(look(&incident, LOOK_AGAIN, VERDICT_REPLACED, 2002) & INCIDENT_TELL_OVER);
    look(&incident, LOOK_ROUTINE, VERDICT_EDITED, 2300);
    assert_true(look(&incident, LOOK_AGAIN, VERDICT_UNCHANGED, 2302) & INCIDENT_TELL_OVER);
    assert_int_equal(incident.closed_s, 2302);
    incident_free(&incident);
}

static void taken_down_after_a_defacement_is_not_recovered(void **state)
{
    (void)state;
    struct incident incident = confirmed(VERDICT_DEFACED);
    for (int i = 0; i < 10; i++)
        assert_int_equal(
            look(&incident, LOOK_ROUTINE, VERDICT_UNAVAILABLE, 2000 + i) & ~(unsigned)INCIDENT_CHANGED, 0);
    assert_int_equal(incident.verdict, VERDICT_DEFACED);
    assert_int_equal(incident.last, VERDICT_UNAVAILABLE);
    assert_true(incident_is_certain(&incident));
    incident_free(&incident);
}

static struct incident recovered(void)
{
    struct incident incident = confirmed(VERDICT_DEFACED);
    look(&incident, LOOK_ROUTINE, VERDICT_UNCHANGED, 1100);
    assert_true(look(&incident, LOOK_ROUTINE, VERDICT_UNCHANGED, 1110) & INCIDENT_TELL_OVER);
    return incident;
}

static void what_returns_for_varta_only_is_found(void **state)
{
    (void)state;
    struct incident incident = recovered();
    assert_true(look(&incident, LOOK_ROUTINE, VERDICT_DEFACED, 1200) & INCIDENT_LOOK_AGAIN);
    assert_int_equal(incident_manner(&incident), LOOK_BROWSER);
    assert_true(look(&incident, LOOK_BROWSER, VERDICT_UNCHANGED, 1202) & INCIDENT_LOOK_AGAIN);
    assert_int_equal(incident_manner(&incident), LOOK_AGAIN);
    assert_true(look(&incident, LOOK_AGAIN, VERDICT_DEFACED, 1204) & INCIDENT_TELL);
    assert_int_equal(incident.state, INCIDENT_CONFIRMED);
    assert_true(incident.cloaked);
    incident_free(&incident);
}

static void a_browser_is_asked_once_more_about_what_returns(void **state)
{
    (void)state;
    for (int fails = 0; fails < 2; fails++) {
        struct incident incident = recovered();
        assert_true(look(&incident, LOOK_ROUTINE, VERDICT_DEFACED, 1200) & INCIDENT_LOOK_AGAIN);
        incident = browser_failed(incident, 1202);
        unsigned actions =
            look(&incident, LOOK_BROWSER, fails ? VERDICT_UNAVAILABLE : VERDICT_UNCHANGED, 1234);
        if (!fails) {
            assert_true(actions & INCIDENT_LOOK_AGAIN);
            assert_int_equal(incident_manner(&incident), LOOK_AGAIN);
            actions = look(&incident, LOOK_AGAIN, VERDICT_DEFACED, 1236);
        }
        assert_true(actions & INCIDENT_TELL);
        assert_int_equal(incident.state, INCIDENT_CONFIRMED);
        assert_int_equal(incident.cloaked, !fails);
        incident_free(&incident);
    }
}

static void what_returns_for_who_asks_first_is_found_in_the_end(void **state)
{
    (void)state;
    struct incident incident = recovered();
    for (int i = 1; i <= INCIDENT_DOUBTS; i++) {
        assert_int_equal(incident.state, INCIDENT_RECOVERED);
        look(&incident, LOOK_ROUTINE, VERDICT_DEFACED, 1100 + 100 * i);
        look(&incident, LOOK_BROWSER, VERDICT_UNCHANGED, 1102 + 100 * i);
        look(&incident, LOOK_AGAIN, VERDICT_UNCHANGED, 1104 + 100 * i);
    }
    assert_int_equal(incident.state, INCIDENT_CONFIRMED);
    assert_int_equal(incident.verdict, VERDICT_DEFACED);
    assert_true(incident.cloaked);
    incident_free(&incident);
}

static void what_returns_and_cannot_be_reached_any_more_is_believed(void **state)
{
    (void)state;
    struct incident incident = recovered();
    unsigned actions = look(&incident, LOOK_ROUTINE, VERDICT_DEFACED, 1200);
    for (int i = 0; i <= INCIDENT_TRIES; i++) {
        assert_true(actions & INCIDENT_LOOK_AGAIN);
        actions = look(&incident, LOOK_AGAIN, VERDICT_UNAVAILABLE, 1202 + 2 * i);
    }
    assert_true(actions & INCIDENT_TELL);
    assert_int_equal(incident.verdict, VERDICT_DEFACED);
    incident_free(&incident);
}

/* Comes and goes every ten minutes: told a few times, called flapping once, then silence, then once that it
 * is over. */
static void flapping_is_damped(void **state)
{
    (void)state;
    struct incident incident = confirmed(VERDICT_REPLACED);
    unsigned told = 0, over = 0, flaps = 0;
    int64_t now = 2000;
    for (int round = 0; round < 12; round++, now += 600) {
        look(&incident, LOOK_ROUTINE, VERDICT_UNCHANGED, now);
        over += (look(&incident, LOOK_AGAIN, VERDICT_UNCHANGED, now + 2) & INCIDENT_TELL_OVER) != 0;
        look(&incident, LOOK_ROUTINE, VERDICT_REPLACED, now + 300);
        unsigned actions = look(&incident, LOOK_BROWSER, VERDICT_REPLACED, now + 302);
        told += (actions & INCIDENT_TELL) != 0;
        flaps += (actions & INCIDENT_TELL_FLAPS) != 0;
    }
    assert_int_equal(flaps, 1);
    assert_in_range(told, 1, 3);
    assert_in_range(over, 1, 3);
    look(&incident, LOOK_ROUTINE, VERDICT_UNCHANGED, now);
    assert_false(look(&incident, LOOK_AGAIN, VERDICT_UNCHANGED, now + 2) & INCIDENT_TELL_OVER);
    assert_int_equal(incident_tick(&incident, &rules, now + 1000), 0);
    assert_true(incident_tick(&incident, &rules, now + 4000) & INCIDENT_TELL_OVER);
    assert_int_equal(incident_tick(&incident, &rules, now + 5000), 0);
    incident_free(&incident);
}

static void flapping_does_not_hide_what_is_worse(void **state)
{
    (void)state;
    struct incident incident = confirmed(VERDICT_REPLACED);
    incident.flaps = INCIDENT_FLAPS + 2;
    incident.state = INCIDENT_RECOVERED;
    incident.closed_s = 2000;
    look(&incident, LOOK_ROUTINE, VERDICT_DEFACED, 2300);
    assert_true(look(&incident, LOOK_BROWSER, VERDICT_DEFACED, 2302) & INCIDENT_TELL);
    incident_free(&incident);
}

static void nobody_acknowledges(void **state)
{
    (void)state;
    struct incident incident = confirmed(VERDICT_DEFACED);
    int64_t at[8];
    int count = 0;
    for (int64_t now = 1010; now < 1010 + 86400; now += 60)
        if (incident_tick(&incident, &rules, now) & INCIDENT_ESCALATE)
            at[count++] = now - 1010;
    assert_int_equal(count, INCIDENT_ESCALATIONS);
    assert_in_range(at[0], 900, 960);
    assert_in_range(at[1], 2700, 2880);
    assert_in_range(at[2], 6300, 6600);
    incident_free(&incident);
}

static void an_acknowledged_one_is_not_escalated(void **state)
{
    (void)state;
    struct incident incident = confirmed(VERDICT_DEFACED);
    assert_true(incident_acknowledge(&incident, 1100));
    assert_false(incident_acknowledge(&incident, 1101));
    assert_int_equal(incident_tick(&incident, &rules, 90000), 0);
    look(&incident, LOOK_ROUTINE, VERDICT_UNCHANGED, 2000);
    assert_true(look(&incident, LOOK_AGAIN, VERDICT_UNCHANGED, 2002) & INCIDENT_TELL_OVER);
    incident_free(&incident);
}

static void severity_follows_verdict_weight_and_cloak(void **state)
{
    (void)state;
    struct incident incident = incident_open(VERDICT_UNAVAILABLE, 5, 0);
    assert_int_equal(incident.severity, 3);
    incident_free(&incident);
    incident = incident_open(VERDICT_DEFACED, 10, 0);
    assert_int_equal(incident.severity, 10);
    incident_free(&incident);
    incident = incident_open(VERDICT_REPLACED, 1, 0);
    assert_int_equal(incident.severity, 4);
    incident_free(&incident);
}

/* ---- campaigns ---- */

#define THREAT                                                                                               \
    "Українець! Всі твої особисті дані були завантажені в загальну мережу. Бійтеся і чекайте гіршого. "
#define MORE                                                                                                                                  \
    "Это вам за ваше прошлое, настоящее и будущее. To jest za waszą przeszłość, teraźniejszość i " \
    "przyszłość. "

static void messages_are_recognised_though_they_differ_a_little(void **state)
{
    (void)state;
    struct sketch one = sketch_of(SPAN(THREAT MORE));
    struct sketch upper = sketch_of(SPAN("УКРАЇНЕЦЬ! Всі твої ОСОБИСТІ дані були завантажені в загальну "
                                         "мережу. Бійтеся і чекайте гіршого. " MORE));
    struct sketch named = sketch_of(SPAN("Міністерство освіти. " THREAT MORE "Контакт 12345"));
    struct sketch other = sketch_of(
        SPAN("Міністерство оголошує конкурс на заміщення вакантних посад державної служби категорії Б."));
    assert_true(sketch_likeness(&one, &upper) > 0.99);
    assert_true(sketch_likeness(&one, &named) > 0.6);
    assert_true(sketch_likeness(&one, &other) < 0.05);
    struct sketch none = sketch_of(SPAN("12 — !"));
    assert_true(sketch_likeness(&none, &none) <= 1);
    struct sketch nothing = sketch_of((struct span){NULL, 0});
    assert_true(sketch_likeness(&nothing, &one) < 0.01);
}

static void what_belongs_together(void **state)
{
    (void)state;
    struct incident a = {.verdict = VERDICT_DEFACED, .began_s = 1000, .sketch = sketch_of(SPAN(THREAT))};
    struct incident b = {.verdict = VERDICT_REPLACED, .began_s = 5000, .sketch = sketch_of(SPAN(THREAT))};
    assert_true(campaign_joins(&a, &b, 21600));
    assert_true(campaign_joins(&b, &a, 21600));
    assert_false(campaign_joins(&a, &b, 600));
    struct incident picture = {.verdict = VERDICT_DEFACED, .began_s = 1000, .pictures = {7, 9}};
    struct incident same = {.verdict = VERDICT_DEFACED, .began_s = 1000, .pictures = {9}};
    struct incident landing = {.verdict = VERDICT_REPLACED, .began_s = 1000, .landing = 5};
    assert_true(campaign_joins(&picture, &same, 21600));
    assert_false(campaign_joins(&picture, &a, 21600));
    assert_false(campaign_joins(&picture, &landing, 21600));
    struct incident down = {.verdict = VERDICT_UNAVAILABLE, .began_s = 1000, .cause = "timeout"};
    struct incident later = {.verdict = VERDICT_UNAVAILABLE, .began_s = 1100, .cause = "timeout"};
    struct incident refused = {.verdict = VERDICT_UNAVAILABLE, .began_s = 1100, .cause = "refused"};
    assert_true(campaign_joins(&down, &later, 21600));
    assert_false(campaign_joins(&down, &refused, 21600));
    assert_false(campaign_joins(&down, &a, 21600));
}

/* Shown to whoever asks first, and to nobody who asks again soon. */
static void what_no_second_look_ever_finds_is_told_in_the_end(void **state)
{
    (void)state;
    struct incident before = incident_open(VERDICT_DEFACED, 5, 0);
    unsigned told = 0;
    for (int i = 0; i < INCIDENT_DOUBTS; i++) {
        struct incident incident = incident_open(VERDICT_DEFACED, 5, 1000 + 300 * i);
        incident_follow(&incident, &before, &rules);
        look(&incident, LOOK_BROWSER, VERDICT_UNCHANGED, 1002 + 300 * i);
        assert_int_equal(told, 0);
        told += (look(&incident, LOOK_AGAIN, VERDICT_UNCHANGED, 1004 + 300 * i) & INCIDENT_TELL) != 0;
        incident_free(&before);
        before = incident;
    }
    assert_int_equal(told, 1);
    assert_true(before.cloaked);
    assert_int_equal(before.flaps, 0);
    struct incident later = incident_open(VERDICT_DEFACED, 5, 9000);
    before.state = INCIDENT_DISMISSED;
    before.closed_s = 2000;
    incident_follow(&later, &before, &rules);
    assert_int_equal(later.flaps, 0);
    incident_free(&before);
    incident_free(&later);
}

static void restored_and_then_down_is_not_defaced_again(void **state)
{
    (void)state;
    struct incident incident = confirmed(VERDICT_DEFACED);
    look(&incident, LOOK_ROUTINE, VERDICT_UNCHANGED, 2000);
    look(&incident, LOOK_BROWSER, VERDICT_UNCHANGED, 2002);
    assert_int_equal(incident.state, INCIDENT_RECOVERED);
    look(&incident, LOOK_ROUTINE, VERDICT_UNAVAILABLE, 2300);
    assert_true(look(&incident, LOOK_AGAIN, VERDICT_UNAVAILABLE, 2330) & INCIDENT_TELL);
    assert_int_equal(incident.verdict, VERDICT_UNAVAILABLE);
    look(&incident, LOOK_ROUTINE, VERDICT_DEFACED, 2600);
    assert_true(look(&incident, LOOK_BROWSER, VERDICT_DEFACED, 2602) & INCIDENT_TELL_WORSE);
    incident_free(&incident);
}

/* A server that breaks down under its visitors shows the message to one look in ten. */
static void defaced_amid_an_outage_is_believed(void **state)
{
    (void)state;
    struct incident incident = incident_open(VERDICT_UNAVAILABLE, 5, 1000);
    incident.bad = 1;
    look(&incident, LOOK_AGAIN, VERDICT_UNAVAILABLE, 1030);
    unsigned actions = look(&incident, LOOK_ROUTINE, VERDICT_DEFACED, 1300);
    assert_true(incident_is_in_doubt(&incident));
    for (int i = 0; i < INCIDENT_TRIES && (actions & INCIDENT_LOOK_AGAIN); i++)
        actions = look(&incident, incident_manner(&incident), VERDICT_UNAVAILABLE, 1330 + 30 * i);
    assert_true(actions & INCIDENT_TELL_WORSE);
    assert_int_equal(incident.verdict, VERDICT_DEFACED);
    assert_false(incident_is_in_doubt(&incident));
    incident_free(&incident);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_again_is_confirmed),
        cmocka_unit_test(a_glitch_is_dismissed_after_two_harmless_looks),
        cmocka_unit_test(what_only_varta_is_shown_is_called_cloaked),
        cmocka_unit_test(a_browser_is_asked_once_more_when_its_look_failed),
        cmocka_unit_test(a_browser_that_fails_twice_delays_nothing),
        cmocka_unit_test(a_browser_is_asked_once_more_about_what_returns),
        cmocka_unit_test(seen_once_then_out_of_reach_is_believed),
        cmocka_unit_test(an_outage_needs_several_looks),
        cmocka_unit_test(a_page_that_comes_back_defaced_is_seen_twice_before_it_is_worse),
        cmocka_unit_test(a_suspected_outage_that_turns_out_defaced_is_seen_twice),
        cmocka_unit_test(recovery_needs_several_good_looks),
        cmocka_unit_test(taken_down_after_a_defacement_is_not_recovered),
        cmocka_unit_test(what_returns_for_varta_only_is_found),
        cmocka_unit_test(what_returns_for_who_asks_first_is_found_in_the_end),
        cmocka_unit_test(what_returns_and_cannot_be_reached_any_more_is_believed),
        cmocka_unit_test(flapping_is_damped),
        cmocka_unit_test(flapping_does_not_hide_what_is_worse),
        cmocka_unit_test(nobody_acknowledges),
        cmocka_unit_test(an_acknowledged_one_is_not_escalated),
        cmocka_unit_test(severity_follows_verdict_weight_and_cloak),
        cmocka_unit_test(messages_are_recognised_though_they_differ_a_little),
        cmocka_unit_test(what_belongs_together),
        cmocka_unit_test(what_no_second_look_ever_finds_is_told_in_the_end),
        cmocka_unit_test(restored_and_then_down_is_not_defaced_again),
        cmocka_unit_test(defaced_amid_an_outage_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
