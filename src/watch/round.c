/* One round; see round.h. */
#include "watch/round.h"

#include "os/clock.h"
#include "pipeline/alert/alert.h"
#include "pipeline/store/store.h"
#include "watch/courier.h"
#include "watch/gather.h"
#include "watch/plain_notice.h"
#include "watch/visit.h"

#include <errno.h>
#include <stdlib.h>

enum {
    FULL_EVERY = 12,    /* checks: every five minutes, each page is read in full once an hour */
    SINK_TIMEOUT_S = 5, /* for a connection and a message to a collector */
    LASTING_S = 2,      /* seconds for which a page has been as it is: it was not made for this request */
};

struct round {
    const struct round_settings *settings;
    struct round_tally *tally;
    struct desk desk;
    struct visitor visitor;
    struct gather gather;
    size_t next; /* page of the list to visit next */
    size_t underway;
    struct config_sink sinks[ROUND_SINKS];
    struct courier *courier;
};

static void visit_next(struct round *round);

/* ---- telling ---- */

static void on_delivered(void *context, int error, struct span detail)
{
    struct round *round = context;
    round->tally->deliveries++;
    if (error == 0)
        return;
    if (round->tally->deliveries_failed++ == 0)
        desk_say(&round->desk, "a syslog message could not be delivered: %s%s%.*s", strerror(-error),
                 detail.size ? ": " : "", (int)detail.size, detail.size ? detail.at : "");
}

static void tell_sinks(struct round *round, const struct result *result)
{
    buf_auto json = buf_new(NOTICE_BYTES);
    size_t sinks = round->settings->sink_count;
    if (sinks == 0 || alert_urgency(result->verdict->kind) < URGENCY_NOTICE)
        return;
    int made = plain_notice_result(result, clock_wall_us(), &json);
    for (size_t i = 0; i < sinks; i++)
        if (made < 0 || courier_send(round->courier, i, buf_span(&json), on_delivered, round) < 0)
            round->tally->deliveries_failed++;
}

static int open_courier(struct round *round)
{
    const struct round_settings *settings = round->settings;
    for (size_t i = 0; i < settings->sink_count; i++)
        round->sinks[i] = (struct config_sink){
            .kind = SINK_SYSLOG,
            .target = span_of(settings->sinks[i]),
            .facility = settings->facility,
            .timeout_s = SINK_TIMEOUT_S,
        };
    return courier_new(round->desk.event, round->desk.helpers, round->sinks, settings->sink_count,
                       &round->courier);
}

/* ---- visiting ---- */

static void on_not_kept(void *context, int error)
{
    struct round *round = context;
    if (round->tally->store_failed++ == 0)
        desk_say(&round->desk, "a result could not be kept: %s",
                 error == -ENOMEM ? strerror(ENOMEM) : store_error(round->desk.settings.store));
}

static void keep(struct round *round, const struct visit_end *end)
{
    struct store_check check = end->check;
    char *line = end->journey->same_bytes ? strdup("") : result_line_kept(&end->result);
    check.result = span_of(line);
    int failed = end->failed;
    if (failed == 0)
        failed = gather_begin(&round->gather);
    if (failed == 0)
        failed = line ? store_put_check(round->desk.settings.store, &check) : -ENOMEM;
    free(line);
    if (failed < 0)
        on_not_kept(round, failed);
}

/* The very bytes again tell nothing that was not kept a moment ago. */
static void on_second_end(void *context, const struct visit_end *end)
{
    struct round *round = context;
    if (!end->journey->same_bytes)
        keep(round, end);
    round->underway--;
    visit_next(round);
}

/* A page that was just learnt is looked at once more, which tells its clock from its news; one that answers
 * with the same bytes has neither. Where the server says since when it has been the same, as it does of a
 * file, another request would only bring those bytes. */
static bool look_again(struct round *round, const struct visit_end *end)
{
    struct visit_order order = {.page = end->page};
    bool lasting = end->journey->capture.age_s >= LASTING_S && end->journey->refreshes == 0;
    return end->first_learnt && !lasting && visit_start(&round->visitor, &order, on_second_end, round) == 0;
}

static void on_end(void *context, const struct visit_end *end)
{
    struct round *round = context;
    if (round->desk.settings.store)
        keep(round, end);
    round->tally->verdicts[end->journey->verdict.kind]++;
    round->tally->incomplete += end->without_baseline || end->journey->pictures.lost > 0;
    round->settings->on_result(round->settings->context, end->page, &end->result);
    tell_sinks(round, &end->result);
    if (!look_again(round, end))
        round->underway--;
    visit_next(round);
}

static int visit_page(struct round *round, const struct page *page)
{
    struct visit_order order = {.page = page};
    round->underway++;
    int result = visit_start(&round->visitor, &order, on_end, round);
    if (result < 0)
        round->underway--;
    return result;
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
    int result = desk_open(&settings->desk, &round.desk);
    round.gather = (struct gather){round.desk.settings.store, round.desk.event, on_not_kept, &round, NULL};
    round.visitor = (struct visitor){&round.desk, settings->learn, FULL_EVERY};
    if (result >= 0)
        result = open_courier(&round);
    if (result >= 0) {
        visit_next(&round);
        result = desk_run(&round.desk, &round.underway);
    }
    gather_close(&round.gather);
    courier_free(round.courier);
    desk_close(&round.desk);
    return result;
}
