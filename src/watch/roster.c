/* A heap by time, a queue of those held back by a limit, a count for each domain; see roster.h. */
#include "watch/roster.h"

#include "base/hash.h"
#include "watch/domain.h"

#include <errno.h>
#include <stdlib.h>

enum turn { TURN_WAITING, TURN_READY, TURN_LOOKING };

static const size_t none = SIZE_MAX;

struct seat {
    int64_t due_ms;   /* when its turn is or was */
    int64_t since_ms; /* of the look under way */
    uint64_t look;    /* number of the look under way; 0 for none */
    size_t heap;      /* place in the heap, while waiting */
    size_t next;      /* behind it among those held back */
    uint32_t domain;
    enum turn turn;
    bool slow;       /* as roster_set_slow() says */
    bool slow_place; /* the look under way has one of the places of slow pages */
};

struct domain {
    uint64_t hash;
    unsigned looking, slow_looking;
    size_t first, last;           /* held back because of the domain */
    size_t slow_first, slow_last; /* slow ones, because of that or of the slow ones' share of it */
};

struct roster {
    struct roster_settings settings;
    struct seat *seats; /* count, one a page */
    size_t count;
    size_t *heap; /* waiting pages, the earliest first */
    size_t heap_count;
    struct domain *domains; /* domain_count */
    size_t domain_count;
    size_t first, last;           /* held back because of the total */
    size_t slow_first, slow_last; /* held back because of the slow ones' share */
    size_t looking, slow_looking, ready;
    uint64_t looks;
    uint64_t random;
    int64_t late_ms;
};

/* ---- the heap ---- */

static bool earlier(const struct roster *roster, size_t a, size_t b)
{
    return roster->seats[roster->heap[a]].due_ms < roster->seats[roster->heap[b]].due_ms;
}

static void swap(struct roster *roster, size_t a, size_t b)
{
    size_t page = roster->heap[a];
    roster->heap[a] = roster->heap[b];
    roster->heap[b] = page;
    roster->seats[roster->heap[a]].heap = a;
    roster->seats[roster->heap[b]].heap = b;
}

static void rise(struct roster *roster, size_t at)
{
    while (at > 0 && earlier(roster, at, (at - 1) / 2)) {
        swap(roster, at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
}

static void sink(struct roster *roster, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < roster->heap_count; child++)
            if (earlier(roster, child, least))
                least = child;
        if (least == at)
            return;
        swap(roster, at, least);
        at = least;
    }
}

static void wait_until(struct roster *roster, size_t page, int64_t due_ms)
{
    struct seat *seat = &roster->seats[page];
    seat->turn = TURN_WAITING;
    seat->due_ms = due_ms;
    seat->heap = roster->heap_count;
    roster->heap[roster->heap_count++] = page;
    rise(roster, seat->heap);
}

static size_t take_earliest(struct roster *roster)
{
    size_t page = roster->heap[0];
    swap(roster, 0, --roster->heap_count);
    sink(roster, 0);
    return page;
}

/* ---- those held back ---- */

static void hold(struct roster *roster, size_t *first, size_t *last, size_t page)
{
    struct seat *seat = &roster->seats[page];
    seat->turn = TURN_READY;
    seat->next = none;
    if (*first == none)
        *first = page;
    else
        roster->seats[*last].next = page;
    *last = page;
    roster->ready++;
}

static size_t release(struct roster *roster, size_t *first)
{
    size_t page = *first;
    if (page == none)
        return none;
    *first = roster->seats[page].next;
    roster->ready--;
    return page;
}

/* ---- setting up ---- */

/* xorshift64*, G. Marsaglia, "Xorshift RNGs" (2003): only to spread load. */
static uint64_t random_next(struct roster *roster)
{
    uint64_t x = roster->random;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    roster->random = x;
    return x * 2685821657736338717ULL;
}

/* Pages of one domain get one number. `slots` is a hash table of domain numbers plus one. */
static uint32_t domain_number(struct roster *roster, uint32_t *slots, size_t slot_count, struct span url)
{
    char text[DOMAIN_BYTES];
    domain_of(url, text);
    uint64_t hash = hash_span(span_of(text));
    size_t at = hash & (slot_count - 1);
    while (slots[at] && roster->domains[slots[at] - 1].hash != hash)
        at = (at + 1) & (slot_count - 1);
    if (slots[at])
        return slots[at] - 1;
    roster->domains[roster->domain_count] =
        (struct domain){.hash = hash, .first = none, .last = none, .slow_first = none, .slow_last = none};
    slots[at] = (uint32_t)++roster->domain_count;
    return slots[at] - 1;
}

static int seat_all(struct roster *roster, const struct page_list *list, const uint32_t *interval_s,
                    int64_t now_ms)
{
    size_t slot_count = 64;
    while (slot_count < 2 * list->count)
        slot_count *= 2;
    uint32_t *slots = calloc(slot_count, sizeof(*slots));
    if (!slots)
        return -ENOMEM;
    for (size_t i = 0; i < list->count; i++) {
        int64_t spread_ms = (int64_t)list->count * ROSTER_SPREAD_MS;
        int64_t interval_ms = (int64_t)interval_s[i] * 1000;
        int64_t within_ms = spread_ms < interval_ms ? spread_ms : interval_ms;
        roster->seats[i].domain = domain_number(roster, slots, slot_count, list->pages[i].url);
        wait_until(roster, i,
                   now_ms + (int64_t)(random_next(roster) % (uint64_t)(within_ms > 0 ? within_ms : 1)));
    }
    free(slots);
    return 0;
}

int roster_new(const struct roster_settings *settings, const struct page_list *list,
               const uint32_t *interval_s, int64_t now_ms, struct roster **ret_roster)
{
    struct roster *roster = calloc(1, sizeof(*roster));
    if (!roster)
        return -ENOMEM;
    *roster = (struct roster){.settings = *settings,
                              .count = list->count,
                              .first = none,
                              .last = none,
                              .slow_first = none,
                              .slow_last = none,
                              .random = settings->seed | 1};
    roster->seats = calloc(list->count + 1, sizeof(*roster->seats));
    roster->heap = calloc(list->count + 1, sizeof(*roster->heap));
    roster->domains = calloc(list->count + 1, sizeof(*roster->domains));
    int result = -ENOMEM;
    if (roster->seats && roster->heap && roster->domains)
        result = seat_all(roster, list, interval_s, now_ms);
    if (result < 0) {
        roster_free(roster);
        return result;
    }
    *ret_roster = roster;
    return 0;
}

void roster_free(struct roster *roster)
{
    if (!roster)
        return;
    free(roster->seats);
    free(roster->heap);
    free(roster->domains);
    free(roster);
}

/* ---- turns ---- */

static bool has_slow_place(const struct roster *roster)
{
    unsigned reserve = (roster->settings.parallel + ROSTER_RESERVE - 1) / ROSTER_RESERVE;
    unsigned share = roster->settings.parallel > reserve ? roster->settings.parallel - reserve : 1;
    return roster->slow_looking < share;
}

/* Half of a domain's places: pages of one that drip, or that a visitor may write, hold up no other of it. */
static bool has_slow_place_in(const struct roster *roster, const struct domain *domain)
{
    unsigned share = roster->settings.per_domain > 1 ? roster->settings.per_domain / 2 : 1;
    return domain->slow_looking < share;
}

static bool start(struct roster *roster, size_t page, int64_t now_ms, uint64_t *ret_look)
{
    struct seat *seat = &roster->seats[page];
    struct domain *domain = &roster->domains[seat->domain];
    bool full = domain->looking >= roster->settings.per_domain;
    if (seat->slow && (full || !has_slow_place_in(roster, domain))) {
        hold(roster, &domain->slow_first, &domain->slow_last, page);
        return false;
    }
    if (full) {
        hold(roster, &domain->first, &domain->last, page);
        return false;
    }
    if (seat->slow && !has_slow_place(roster)) {
        hold(roster, &roster->slow_first, &roster->slow_last, page);
        return false;
    }
    domain->looking++;
    domain->slow_looking += seat->slow;
    roster->looking++;
    seat->slow_place = seat->slow;
    roster->slow_looking += seat->slow;
    seat->turn = TURN_LOOKING;
    seat->since_ms = now_ms;
    seat->look = *ret_look = ++roster->looks;
    if (now_ms - seat->due_ms > roster->late_ms)
        roster->late_ms = now_ms - seat->due_ms;
    return true;
}

bool roster_next(struct roster *roster, int64_t now_ms, size_t *ret_page, uint64_t *ret_look)
{
    while (roster->looking < roster->settings.parallel) {
        size_t page = release(roster, &roster->first);
        if (page == none && has_slow_place(roster))
            page = release(roster, &roster->slow_first);
        if (page == none) {
            if (roster->heap_count == 0 || roster->seats[roster->heap[0]].due_ms > now_ms)
                return false;
            page = take_earliest(roster);
        }
        if (start(roster, page, now_ms, ret_look)) {
            *ret_page = page;
            return true;
        }
    }
    return false;
}

/* Who has a place of the domain next. A slow page is followed by a quick one and a quick by a slow, so that
 * neither kind waits for ever where there is one place only. */
static size_t next_of_domain(struct roster *roster, struct domain *domain, bool after_slow)
{
    bool slow_may = has_slow_place_in(roster, domain);
    size_t next =
        after_slow || !slow_may ? release(roster, &domain->first) : release(roster, &domain->slow_first);
    if (next != none)
        return next;
    if (!after_slow)
        return release(roster, &domain->first);
    return slow_may ? release(roster, &domain->slow_first) : none;
}

static void leave(struct roster *roster, size_t page)
{
    struct seat *seat = &roster->seats[page];
    struct domain *domain = &roster->domains[seat->domain];
    seat->look = 0;
    bool was_slow = seat->slow_place;
    domain->looking--;
    domain->slow_looking -= was_slow;
    roster->looking--;
    roster->slow_looking -= was_slow;
    seat->slow_place = false;
    size_t next = next_of_domain(roster, domain, was_slow);
    if (next != none)
        hold(roster, &roster->first, &roster->last, next);
}

bool roster_looks(const struct roster *roster, size_t page, uint64_t look)
{
    return roster->seats[page].turn == TURN_LOOKING && roster->seats[page].look == look;
}

bool roster_ended(struct roster *roster, size_t page, uint64_t look, int64_t now_ms, int64_t wait_ms,
                  bool jitter)
{
    if (!roster_looks(roster, page, look))
        return false;
    leave(roster, page);
    int64_t range_ms = jitter ? wait_ms * roster->settings.jitter_percent / 100 : 0;
    if (range_ms > 0)
        wait_ms += (int64_t)(random_next(roster) % (uint64_t)(2 * range_ms + 1)) - range_ms;
    wait_until(roster, page, now_ms + wait_ms);
    return true;
}

void roster_set_slow(struct roster *roster, size_t page, bool slow)
{
    roster->seats[page].slow = slow;
}

int64_t roster_wake(const struct roster *roster)
{
    if (roster->looking >= roster->settings.parallel)
        return INT64_MAX;
    if (roster->first != none || (roster->slow_first != none && has_slow_place(roster)))
        return INT64_MIN;
    return roster->heap_count ? roster->seats[roster->heap[0]].due_ms : INT64_MAX;
}

size_t roster_call_off(struct roster *roster, int64_t now_ms)
{
    size_t count = 0;
    for (size_t i = 0; i < roster->count; i++) {
        struct seat *seat = &roster->seats[i];
        if (seat->turn != TURN_LOOKING || now_ms - seat->since_ms < ROSTER_DEADLINE_MS)
            continue;
        leave(roster, i);
        wait_until(roster, i, now_ms);
        count++;
    }
    return count;
}

void roster_hurry(struct roster *roster, size_t page, int64_t now_ms)
{
    struct seat *seat = &roster->seats[page];
    if (seat->turn != TURN_WAITING || seat->due_ms <= now_ms)
        return;
    seat->due_ms = now_ms;
    rise(roster, seat->heap);
}

static int64_t later(const struct roster *roster, size_t page, int64_t now_ms, int64_t late_ms)
{
    if (page == none || now_ms - roster->seats[page].due_ms < late_ms)
        return late_ms;
    return now_ms - roster->seats[page].due_ms;
}

/* Those that are held back are late already; the first of each queue has waited longest there. */
struct roster_state roster_state(const struct roster *roster, int64_t now_ms)
{
    int64_t late_ms = later(roster, roster->first, now_ms, roster->late_ms);
    late_ms = later(roster, roster->slow_first, now_ms, late_ms);
    for (size_t i = 0; i < roster->domain_count; i++) {
        late_ms = later(roster, roster->domains[i].first, now_ms, late_ms);
        late_ms = later(roster, roster->domains[i].slow_first, now_ms, late_ms);
    }
    return (struct roster_state){roster->count, roster->looking, roster->ready, late_ms};
}

void roster_forget_lateness(struct roster *roster)
{
    roster->late_ms = 0;
}
