/* One round; see round.h. */
#include "watch/round.h"

#include "os/clock.h"
#include "pipeline/alert/alert.h"
#include "pipeline/store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { BASELINE_BYTES = 4 << 20, LANGUAGE_BYTES = 4096 };

/* A page being visited, and what is known of it. */
struct visit {
    struct round *round;
    const struct page *page;
    struct arena arena;
    struct baseline *baseline; /* NULL when there is none yet */
    struct store_baseline stored;
    bool without_baseline; /* it has one that could not be loaded */
    bool second;           /* the second look at a page just learnt: it teaches what changes by itself */
};

struct round {
    const struct round_settings *settings;
    struct round_tally *tally;
    struct desk desk;
    size_t next; /* page of the list to visit next */
    size_t underway;
    char host[256];
};

static void visit_next(struct round *round);

/* ---- telling ---- */

static void on_delivered(void *context, enum outcome outcome, struct message *answer)
{
    struct round *round = context;
    struct decoder from = {.in = answer ? answer->payload : (struct span){NULL, 0}};
    int error = outcome == OUTCOME_OK ? (int)get_u32(&from) : EIO;
    round->tally->deliveries++;
    if (error == 0)
        return;
    if (round->tally->deliveries_failed++ == 0)
        desk_say(&round->desk, "a syslog message could not be delivered: %s", strerror(error));
}

static void tell_sinks(struct round *round, const struct result *result)
{
    const struct round_settings *settings = round->settings;
    struct alert alert = {result->url, result->name, result->capture, result->verdict, clock_wall_us()};
    if (alert_severity(result->verdict->kind) > 5)
        return;
    for (size_t i = 0; i < settings->sink_count; i++) {
        bool stream = strncmp(settings->sinks[i], "tcp:", 4) == 0;
        buf_auto line = buf_new(SYSLOG_LINE_BYTES);
        syslog_line(&alert, settings->facility, span_of(round->host), getpid(),
                    stream ? SYSLOG_LINE_BYTES : SYSLOG_DATAGRAM_BYTES, &line);
        struct delivery_order order = {span_of(settings->sinks[i]), buf_span(&line)};
        if (helpers_deliver(round->desk.helpers, &order, on_delivered, round) < 0)
            round->tally->deliveries_failed++;
    }
}

/* ---- learning ---- */

/* Packs a baseline with its languages. Everything lives in the arena. */
static int pack(struct round *round, const struct baseline *baseline, struct arena *arena,
                struct store_baseline *ret_stored)
{
    struct language_share *shares = NULL;
    size_t count = 0;
    buf_auto packed = buf_new(BASELINE_BYTES);
    buf_auto text = buf_new(JOURNEY_MESSAGE_BYTES + 4096);
    buf_auto lines = buf_new(LANGUAGE_BYTES);
    int result = baseline_pack(baseline, &packed);
    if (result == 0)
        result = baseline_text(baseline, JOURNEY_MESSAGE_BYTES, &text);
    if (result == 0)
        result = languages_of(round->desk.languages, buf_span(&text), arena, &shares, &count);
    if (result < 0)
        return result;
    languages_put(&lines, shares, count);
    *ret_stored = (struct store_baseline){
        .packed = arena_copy(arena, buf_span(&packed)),
        .languages = arena_copy(arena, buf_span(&lines)),
        .at_s = baseline_at(baseline),
        .versions = baseline_versions(baseline),
    };
    return arena->failed ? -ENOMEM : 0;
}

static bool deserves_learning(const struct visit *visit, const struct journey *journey)
{
    switch (journey->verdict.kind) {
    case VERDICT_NEW: return visit->round->settings->learn && !visit->without_baseline;
    case VERDICT_UNCHANGED:
    case VERDICT_EDITED: return visit->baseline && journey->verdict.score < 0.5;
    case VERDICT_REPLACED:
    case VERDICT_DEFACED:
    case VERDICT_UNAVAILABLE:
    case VERDICT_KIND_COUNT: break;
    }
    return false;
}

/* The baseline with this version in it. Returns 1 with `*ret_stored` set, 0 when nothing is to be learnt. */
static int learn(struct visit *visit, const struct journey *journey, struct store_baseline *ret_stored)
{
    if (!deserves_learning(visit, journey))
        return 0;
    if (!visit->baseline)
        visit->baseline = baseline_new();
    if (!visit->baseline)
        return -ENOMEM;
    int result = baseline_learn(visit->baseline, &journey->reading, journey->started_us / 1000000);
    if (result == 0)
        result = pack(visit->round, visit->baseline, &visit->arena, ret_stored);
    return result < 0 ? result : 1;
}

/* What would be the baseline if somebody accepted what the page says now. */
static int set_aside(struct visit *visit, const struct journey *journey, struct store_baseline *ret_stored)
{
    if (!journey->has_reading || journey->verdict.kind == VERDICT_UNAVAILABLE)
        return 0;
    struct baseline *seen = baseline_new();
    if (!seen)
        return -ENOMEM;
    int result = baseline_accept(seen, &journey->reading, journey->started_us / 1000000);
    if (result == 0)
        result = pack(visit->round, seen, &visit->arena, ret_stored);
    baseline_free(seen);
    return result < 0 ? result : 1;
}

static void keep(struct visit *visit, const struct journey *journey, const struct result *result)
{
    struct round *round = visit->round;
    struct store_baseline learnt, seen;
    int learning = learn(visit, journey, &learnt);
    int aside = learning == 0 ? set_aside(visit, journey, &seen) : 0;
    char *line = result_line(result);
    struct store_check check = {
        .url = result->url,
        .name = result->name,
        .at_s = result->at_s,
        .verdict = span_of(verdict_name(journey->verdict.kind)),
        .score = journey->verdict.score,
        .cause = span_of(journey->verdict.cause),
        .result = span_of(line),
        .baseline = learning == 1 ? &learnt : NULL,
        .seen = aside == 1 ? &seen : NULL,
    };
    int failed = learning < 0 ? learning
                 : aside < 0  ? aside
                 : line       ? store_put_check(round->desk.settings.store, &check)
                              : -ENOMEM;
    free(line);
    if (failed < 0 && round->tally->store_failed++ == 0)
        desk_say(&round->desk, "a result could not be kept: %s",
                 failed == -ENOMEM ? strerror(ENOMEM) : store_error(round->desk.settings.store));
}

/* ---- visiting ---- */

static void visit_free(struct visit *visit)
{
    baseline_free(visit->baseline);
    arena_free(&visit->arena);
    free(visit);
}

static int start_visit(struct visit *visit);

/* A page that was just learnt is looked at once more, which tells its clock from its news. */
static bool look_again(struct visit *visit, const struct journey *journey)
{
    if (visit->second || journey->verdict.kind != VERDICT_NEW || !visit->baseline)
        return false;
    visit->second = true;
    return start_visit(visit) == 0;
}

static void on_arrival(void *context, struct journey *journey)
{
    struct visit *visit = context;
    struct round *round = visit->round;
    struct result result = {
        .url = visit->page->url,
        .name = visit->page->name,
        .at_s = journey->started_us / 1000000,
        .capture = &journey->capture,
        .change = journey->has_change ? &journey->change : NULL,
        .reading = journey->has_reading ? &journey->reading : NULL,
        .verdict = &journey->verdict,
        .pictures_lost = journey->pictures.lost,
        .pictures_unseen = journey->pictures.unseen,
        .baseline_at_s = visit->stored.at_s,
        .baseline_versions = visit->stored.versions,
    };
    bool second = visit->second;
    if (round->desk.settings.store)
        keep(visit, journey, &result);
    if (!second) {
        round->tally->verdicts[journey->verdict.kind]++;
        round->tally->incomplete += visit->without_baseline || journey->pictures.lost > 0;
        round->settings->on_result(round->settings->context, visit->page, &result);
        tell_sinks(round, &result);
    }
    if (!look_again(visit, journey)) {
        visit_free(visit);
        round->underway--;
    }
    visit_next(round);
}

static const char *why_not(const struct round *round, int error)
{
    switch (error) {
    case -EBADMSG: return "is damaged";
    case -ENOTSUP: return "was written by a newer varta";
    case -ENOMEM: return "is too large";
    default: return store_error(round->desk.settings.store);
    }
}

/* A baseline that cannot be loaded is told; the page is judged all the same, by what it says now. */
static void load_baseline(struct visit *visit)
{
    struct round *round = visit->round;
    if (!round->desk.settings.store)
        return;
    int result =
        store_get_baseline(round->desk.settings.store, visit->page->url, &visit->arena, &visit->stored);
    if (result == 1)
        result = baseline_unpack(visit->stored.packed, &visit->baseline);
    if (result >= 0)
        return;
    desk_say(&round->desk, "the baseline of %.*s %s: it is judged without one", (int)visit->page->url.size,
             visit->page->url.at, why_not(round, result));
    visit->stored = (struct store_baseline){0};
    visit->without_baseline = true;
    arena_free(&visit->arena);
}

static int start_visit(struct visit *visit)
{
    struct language_share *shares = NULL;
    size_t count = 0;
    struct journey start = {
        .tools = &visit->round->desk.tools,
        .page = visit->page,
        .baseline = visit->baseline,
        .done = on_arrival,
        .context = visit,
    };
    if (languages_get(visit->stored.languages, &visit->arena, &shares, &count) < 0)
        return -ENOMEM;
    start.baseline_languages = shares;
    start.baseline_language_count = count;
    return journey_start(&start);
}

static int visit_page(struct round *round, const struct page *page)
{
    struct visit *visit = calloc(1, sizeof(*visit));
    if (!visit)
        return -ENOMEM;
    *visit = (struct visit){.round = round, .page = page, .arena = arena_new(4 * BASELINE_BYTES)};
    load_baseline(visit);
    round->underway++;
    int result = start_visit(visit);
    if (result < 0) {
        visit_free(visit);
        round->underway--;
        return result;
    }
    return 0;
}

static void visit_next(struct round *round)
{
    const struct page_list *list = round->settings->list;
    while (round->next < list->count && round->underway < round->desk.settings.fetches) {
        const struct page *page = &list->pages[round->next++];
        int result = visit_page(round, page);
        if (result < 0)
            round->tally->incomplete++;
        if (result < 0)
            desk_say(&round->desk, "%.*s could not be checked: %s", (int)page->url.size, page->url.at,
                     strerror(-result));
    }
}

/* ---- the whole ---- */

int round_run(const struct round_settings *settings, struct round_tally *ret_tally)
{
    struct round round = {.settings = settings, .tally = ret_tally};
    *ret_tally = (struct round_tally){0};
    if (gethostname(round.host, sizeof(round.host) - 1) < 0)
        round.host[0] = '\0';
    int result = desk_open(&settings->desk, &round.desk);
    if (result >= 0) {
        visit_next(&round);
        result = desk_run(&round.desk, &round.underway);
    }
    desk_close(&round.desk);
    return result;
}
