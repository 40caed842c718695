/* See warden.h. */
#include "watch/warden.h"

#include "base/hash.h"
#include "watch/domain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is remembered of a page between its looks. */
struct vigil {
    uint32_t looks;
    uint32_t down; /* looks in a row that found it unavailable */
    uint32_t ours; /* looks in a row that failed for reasons of our own */
    enum incident_look next;
    bool second;  /* the next look is the second of a page just learnt */
    uint8_t slow; /* looks for which it counts as slow still: WARDEN_SLOW_LOOKS after one that was */
};

struct warden {
    struct warden_settings settings;
    struct roster *roster;
    struct vigil *vigils;
    uint64_t out_of_reach[WARDEN_BLIND_DOMAINS]; /* hashes of domains, none reached since the first */
    size_t out_count, domain_count;
    unsigned ours; /* failures of ours in a row */
    int64_t ours_since_ms;
    uint64_t looks;
    int64_t last_look_ms, call_off_ms, siblings_ms, sight_ms;
    size_t sibling; /* where the last search for siblings ended */
    bool resting, blind, hindered;
};

/* ---- setting up ---- */

static uint32_t interval_of(const struct config *config, size_t page)
{
    const struct page *one = &config->list.pages[page];
    return one->interval_s ? one->interval_s : config->groups[one->group].interval_s;
}

static int by_hash(const void *a, const void *b)
{
    const uint64_t *one = a, *other = b;
    return *one < *other ? -1 : *one > *other;
}

static uint64_t domain_hash(struct span url)
{
    char domain[DOMAIN_BYTES];
    domain_of(url, domain);
    return hash_span(span_of(domain));
}

static int count_domains(struct warden *warden)
{
    const struct page_list *list = &warden->settings.config->list;
    uint64_t *hashes = calloc(list->count + 1, sizeof(*hashes));
    if (!hashes)
        return -ENOMEM;
    for (size_t i = 0; i < list->count; i++)
        hashes[i] = domain_hash(list->pages[i].url);
    qsort(hashes, list->count, sizeof(*hashes), by_hash);
    for (size_t i = 0; i < list->count; i++)
        warden->domain_count += i == 0 || hashes[i] != hashes[i - 1];
    free(hashes);
    return 0;
}

static int set_up(struct warden *warden, int64_t now_ms)
{
    const struct config *config = warden->settings.config;
    struct roster_settings roster = {config->parallel, config->per_domain, config->jitter_percent,
                                     warden->settings.seed};
    uint32_t *intervals = calloc(config->list.count + 1, sizeof(*intervals));
    warden->vigils = calloc(config->list.count + 1, sizeof(*warden->vigils));
    if (!intervals || !warden->vigils) {
        free(intervals);
        return -ENOMEM;
    }
    for (size_t i = 0; i < config->list.count; i++) {
        intervals[i] = interval_of(config, i);
        warden->vigils[i].next = caseload_manner(warden->settings.caseload, i);
    }
    int result = roster_new(&roster, &config->list, intervals, now_ms, &warden->roster);
    free(intervals);
    return result < 0 ? result : count_domains(warden);
}

int warden_new(const struct warden_settings *settings, int64_t now_ms, struct warden **ret_warden)
{
    struct warden *warden = calloc(1, sizeof(*warden));
    if (!warden)
        return -ENOMEM;
    warden->settings = *settings;
    int result = set_up(warden, now_ms);
    if (result < 0) {
        warden_free(warden);
        return result;
    }
    for (size_t i = 0; i < settings->config->list.count; i++)
        if (warden->vigils[i].next != LOOK_ROUTINE)
            roster_hurry(warden->roster, i, now_ms);
    *ret_warden = warden;
    return 0;
}

void warden_inherit(struct warden *warden, const struct warden *before)
{
    const struct page_list *list = &warden->settings.config->list;
    const struct page_list *old = &before->settings.config->list;
    for (size_t i = 0; i < list->count; i++) {
        size_t was = page_list_find(old, list->pages[i].url);
        if (was >= old->count)
            continue;
        warden->vigils[i].looks = before->vigils[was].looks;
        warden->vigils[i].down = before->vigils[was].down;
        warden->vigils[i].second = before->vigils[was].second;
        warden->vigils[i].slow = before->vigils[was].slow;
        roster_set_slow(warden->roster, i, warden->vigils[i].slow > 0);
    }
    memcpy(warden->out_of_reach, before->out_of_reach, sizeof(warden->out_of_reach));
    warden->out_count = before->out_count;
    warden->ours = before->ours;
    warden->sight_ms = before->sight_ms;
    warden->blind = before->blind;
}

void warden_free(struct warden *warden)
{
    if (!warden)
        return;
    roster_free(warden->roster);
    free(warden->vigils);
    free(warden);
}

void warden_rest(struct warden *warden)
{
    warden->resting = true;
}

/* ---- looking ---- */

static uint32_t full_every(const struct warden *warden, size_t page)
{
    const struct config *config = warden->settings.config;
    uint32_t every = config->groups[config->list.pages[page].group].full_every;
    return every ? every : 1;
}

/* Now and then a page is read in full whatever its server says, and every other time as a browser: who shows
 * his message to visitors only is found too. */
static struct warden_look plan(const struct warden *warden, size_t page, uint64_t ticket)
{
    const struct vigil *vigil = &warden->vigils[page];
    uint32_t every = full_every(warden, page);
    struct warden_look look = {.page = page, .ticket = ticket, .how = vigil->next, .slow = vigil->slow > 0};
    look.whole = vigil->next != LOOK_ROUTINE || (vigil->looks + 1) % every == 0 ||
                 caseload_is_bad(warden->settings.caseload, page);
    look.learn = vigil->next == LOOK_ROUTINE;
    if (vigil->next == LOOK_ROUTINE && (vigil->second || (vigil->looks + 1) % (2 * (uint64_t)every) == 0))
        look.how = LOOK_BROWSER;
    return look;
}

static void start_due(struct warden *warden, int64_t now_ms)
{
    size_t page;
    uint64_t ticket;
    while (!warden->resting && roster_next(warden->roster, now_ms, &page, &ticket)) {
        struct warden_look look = plan(warden, page, ticket);
        if (warden->settings.look(warden->settings.context, &look) < 0)
            roster_ended(warden->roster, page, ticket, now_ms, WARDEN_OURS_MS, true);
    }
}

/* ---- who is cut off: they or we ---- */

static void say(struct warden *warden, const char *what, const char *text, int64_t now_s)
{
    warden->settings.say(warden->settings.context, text);
    caseload_tell_self(warden->settings.caseload, what, text, now_s);
}

static void see_again(struct warden *warden, int64_t now_ms, int64_t now_s)
{
    say(warden, "sight", "pages can be reached again", now_s);
    warden->blind = false;
    warden->sight_ms = now_ms + WARDEN_SIGHT_MS;
    for (size_t i = 0; i < warden->settings.config->list.count; i++)
        if (warden->vigils[i].down)
            roster_hurry(warden->roster, i, now_ms);
}

static void note_reach(struct warden *warden, size_t page, bool reached, int64_t now_ms, int64_t now_s)
{
    if (reached) {
        warden->out_count = 0;
        if (warden->blind)
            see_again(warden, now_ms, now_s);
        return;
    }
    uint64_t hash = domain_hash(warden->settings.config->list.pages[page].url);
    size_t half =
        warden->domain_count / 2 > WARDEN_BLIND_LEAST ? warden->domain_count / 2 : WARDEN_BLIND_LEAST;
    size_t enough = half < WARDEN_BLIND_DOMAINS ? half : WARDEN_BLIND_DOMAINS;
    for (size_t i = 0; i < warden->out_count; i++)
        if (warden->out_of_reach[i] == hash)
            return;
    if (warden->out_count < WARDEN_BLIND_DOMAINS)
        warden->out_of_reach[warden->out_count++] = hash;
    if (warden->blind || warden->out_count < enough)
        return;
    warden->blind = true;
    char text[200];
    snprintf(text, sizeof(text),
             "no page can be reached, of %zu domains in a row: this watch seems to be cut off, and says "
             "nothing of pages that "
             "are down until it sees again",
             warden->out_count);
    say(warden, "blind", text, now_s);
}

static void note_ours(struct warden *warden, bool ours, int64_t now_ms, int64_t now_s)
{
    if (ours && warden->ours++ == 0)
        warden->ours_since_ms = now_ms;
    if (ours && !warden->hindered && warden->ours >= WARDEN_OURS_IN_A_ROW &&
        now_ms - warden->ours_since_ms >= WARDEN_OURS_LASTING_MS) {
        warden->hindered = true;
        say(warden, "hindered",
            "looks fail for reasons of this machine's own: memory, descriptors or helpers are short", now_s);
    }
    if (ours)
        return;
    if (warden->hindered) {
        say(warden, "recovered", "looks succeed again", now_s);
        for (size_t i = 0; i < warden->settings.config->list.count; i++)
            if (warden->vigils[i].ours)
                roster_hurry(warden->roster, i, now_ms);
    }
    warden->hindered = false;
    warden->ours = 0;
}

/* One page is suspected: the turn of those that share its server or its keeper comes now. */
static void hurry_siblings(struct warden *warden, size_t page, int64_t now_ms)
{
    const struct page_list *list = &warden->settings.config->list;
    uint64_t domain = domain_hash(list->pages[page].url);
    size_t hurried = 0;
    if (warden->siblings_ms && now_ms - warden->siblings_ms < WARDEN_SIBLINGS_MS)
        return;
    warden->siblings_ms = now_ms;
    for (size_t i = 0; i < list->count && hurried < WARDEN_SIBLINGS; i++) {
        size_t other = (warden->sibling + i) % list->count;
        if (other == page || (list->pages[other].group != list->pages[page].group &&
                              domain_hash(list->pages[other].url) != domain))
            continue;
        roster_hurry(warden->roster, other, now_ms);
        hurried++;
        if (hurried == WARDEN_SIBLINGS)
            warden->sibling = other;
    }
}

/* ---- after a look ---- */

/* A page that is down is asked less often, but never so seldom that its return goes unseen for long. */
static int64_t usual_wait_ms(const struct warden *warden, size_t page)
{
    const struct config *config = warden->settings.config;
    int64_t interval_s = interval_of(config, page);
    int64_t most_s = config->backoff_max_s > interval_s ? config->backoff_max_s : interval_s;
    int64_t wait_s = interval_s * (1 + warden->vigils[page].down / WARDEN_BACKOFF_LOOKS);
    return (wait_s < most_s ? wait_s : most_s) * 1000;
}

static int64_t again_ms(const struct warden *warden, enum verdict_kind verdict)
{
    int64_t after_ms = (int64_t)warden->settings.config->confirm_after_s * 1000;
    return verdict == VERDICT_UNAVAILABLE ? after_ms * WARDEN_OUTAGE_FACTOR : after_ms;
}

static int64_t ours_wait_ms(struct vigil *vigil)
{
    enum { DOUBLINGS = 5 };
    int64_t wait_ms = (int64_t)WARDEN_OURS_FIRST_MS << (vigil->ours < DOUBLINGS ? vigil->ours : DOUBLINGS);
    vigil->ours++;
    return wait_ms < WARDEN_OURS_MS ? wait_ms : WARDEN_OURS_MS;
}

bool warden_blames(const struct warden *warden, size_t page)
{
    return warden->vigils[page].ours + 1 >= WARDEN_OURS_OF_A_PAGE && !warden->hindered &&
           warden->ours < WARDEN_OURS_IN_A_ROW;
}

/* A server may ask to be left alone, but it may be the attacker's by now: never for longer than two
 * intervals, for one at most while an outage is unsure, and not at all once something hostile was seen. */
static int64_t polite_ms(const struct warden *warden, size_t page, const struct warden_end *end,
                         int64_t wait_ms, bool again)
{
    int64_t interval_ms = (int64_t)interval_of(warden->settings.config, page) * 1000;
    int64_t asked_ms = (int64_t)end->retry_after_s * 1000;
    int64_t most_ms = again ? interval_ms : WARDEN_RETRY_AFTER * interval_ms;
    asked_ms = asked_ms < most_ms ? asked_ms : most_ms;
    return asked_ms > wait_ms ? asked_ms : wait_ms;
}

void warden_looked(struct warden *warden, size_t page, uint64_t ticket, const struct warden_end *end,
                   int64_t now_ms, int64_t now_s)
{
    struct vigil *vigil = &warden->vigils[page];
    enum incident_look how = vigil->next;
    enum verdict_kind verdict = end->sighting.verdict;
    enum incident_look next = LOOK_ROUTINE;
    bool down = verdict == VERDICT_UNAVAILABLE, again = false;
    int64_t wait_ms;
    if (!roster_looks(warden->roster, page, ticket))
        return;
    note_ours(warden, end->ours, now_ms, now_s);
    if (end->ours) {
        wait_ms = ours_wait_ms(vigil);
    } else {
        note_reach(warden, page, end->reached, now_ms, now_s);
        bool known = how != LOOK_ROUTINE || caseload_is_bad(warden->settings.caseload, page);
        again = caseload_look(warden->settings.caseload, page, how, &end->sighting, now_s, &next);
        if (again && !known)
            hurry_siblings(warden, page, now_ms);
        vigil->next = again ? next : LOOK_ROUTINE;
        vigil->down = down ? vigil->down + 1 : 0;
        vigil->second = end->first_learnt;
        vigil->looks++;
        vigil->ours = end->blamed ? vigil->ours : 0;
        wait_ms = again               ? again_ms(warden, verdict)
                  : end->first_learnt ? WARDEN_SECOND_MS
                                      : usual_wait_ms(warden, page);
        if (!again || !caseload_is_in_doubt(warden->settings.caseload, page))
            wait_ms = polite_ms(warden, page, end, wait_ms, again);
    }
    vigil->slow = end->slow ? WARDEN_SLOW_LOOKS : (uint8_t)(vigil->slow - (vigil->slow > 0));
    roster_set_slow(warden->roster, page, vigil->slow > 0);
    warden->looks++;
    warden->last_look_ms = now_ms;
    roster_ended(warden->roster, page, ticket, now_ms, wait_ms, !again && !end->first_learnt);
}

/* ---- turns ---- */

int64_t warden_turn(struct warden *warden, int64_t now_ms, int64_t now_s)
{
    enum { CALL_OFF_EVERY_MS = 30000 };
    if (now_ms >= warden->call_off_ms) {
        size_t lost = roster_call_off(warden->roster, now_ms);
        if (lost)
            say(warden, "stuck", "looks did not end and were called off", now_s);
        warden->call_off_ms = now_ms + CALL_OFF_EVERY_MS;
    }
    start_due(warden, now_ms);
    int64_t wake_s =
        caseload_turn(warden->settings.caseload, warden->blind || now_ms < warden->sight_ms, now_s);
    int64_t wake_ms = warden->resting ? INT64_MAX : roster_wake(warden->roster);
    int64_t told_ms = wake_s > now_s ? now_ms + (wake_s - now_s) * 1000 : now_ms + 100;
    wake_ms = told_ms < wake_ms ? told_ms : wake_ms;
    wake_ms = warden->call_off_ms < wake_ms ? warden->call_off_ms : wake_ms;
    return wake_ms > now_ms ? wake_ms : now_ms + 1;
}

void warden_forget_lateness(struct warden *warden)
{
    roster_forget_lateness(warden->roster);
}

struct warden_state warden_state(const struct warden *warden, int64_t now_ms)
{
    return (struct warden_state){roster_state(warden->roster, now_ms), warden->looks, warden->last_look_ms,
                                 warden->blind};
}
