/* A page's way; journey.h tells it state by state. */
#include "watch/journey.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "os/clock.h"
#include "os/memfile.h"
#include "pipeline/fetch/fetch_limits.h"
#include "watch/page_pictures.h"
#include "wire/records.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static void judge_it(struct journey *journey);

static void enter(struct journey *journey, enum journey_state state)
{
    int64_t now_us = clock_steady_us();
    if (journey->entered_us)
        journey->took_us[journey->state] += now_us - journey->entered_us;
    journey->entered_us = now_us;
    journey->state = state;
}

/* ---- the end ---- */

static void journey_free(struct journey *journey)
{
    verdict_free(&journey->verdict);
    change_free(&journey->change);
    reading_free(&journey->reading);
    capture_free(&journey->capture);
    page_pictures_free(&journey->pictures);
    hoard_release(journey->body);
    faces_free(&journey->faces);
    buf_free(&journey->cookies);
    for (size_t i = 0; i < JOURNEY_REFRESHES; i++) {
        capture_free(&journey->legs[i].capture);
        hoard_release(journey->legs[i].body);
    }
    free(journey);
}

static void arrive(struct journey *journey)
{
    enter(journey, JOURNEY_DONE);
    faces_settle(journey);
    journey->done(journey->context, journey);
    journey_free(journey);
}

/* Nothing could be read: the capture's outcome says why, and the judge says it to people. */
static void give_up(struct journey *journey, enum outcome outcome)
{
    journey->capture.outcome = outcome;
    journey->has_reading = false;
    judge_it(journey);
}

/* ---- JUDGING ---- */

static int tell_languages(struct journey *journey, struct judge_evidence *evidence, struct arena *arena)
{
    struct language_share *shares;
    buf_auto text = buf_new(JOURNEY_MESSAGE_BYTES);
    int result = judge_message(&journey->change, &journey->reading, JOURNEY_MESSAGE_BYTES, &text);
    if (result == 0)
        result = languages_of(journey->tools->languages, buf_span(&text), arena, &shares,
                              &evidence->new_language_count);
    if (result < 0)
        return result;
    evidence->new_languages = shares;
    if (evidence->new_language_count) /* the page's own are only told where nothing new has any */
        return 0;
    buf_clear(&text);
    for (size_t i = 0; i < journey->reading.block_count && text.size + 1 < JOURNEY_MESSAGE_BYTES; i++) {
        if (journey->reading.blocks[i].hidden)
            continue;
        buf_add_span(&text,
                     utf8_prefix(journey->reading.blocks[i].text, JOURNEY_MESSAGE_BYTES - 1 - text.size));
        buf_add_byte(&text, '\n');
    }
    result = languages_of(journey->tools->languages, buf_span(&text), arena, &shares,
                          &evidence->page_language_count);
    evidence->page_languages = shares;
    return result;
}

static int compare_and_tell(struct journey *journey, struct judge_evidence *evidence, struct arena *arena)
{
    int result = compare_reading(journey->baseline, &journey->reading, &journey->change);
    if (result < 0)
        return result;
    journey->has_change = true;
    evidence->reading = &journey->reading;
    evidence->change = &journey->change;
    evidence->baseline_languages = journey->baseline_languages;
    evidence->baseline_language_count = journey->baseline_language_count;
    return tell_languages(journey, evidence, arena);
}

/* What came before the connection broke is enough to find a message in it, but not to say that something is
 * missing. */
static bool broke_off(const struct journey *journey)
{
    return journey->has_reading && journey->capture.broke != OUTCOME_OK;
}

static void forget_verdict(struct journey *journey)
{
    verdict_free(&journey->verdict);
    change_free(&journey->change);
    journey->has_change = false;
}

static void judge_again(struct journey *journey, enum outcome outcome)
{
    forget_verdict(journey);
    give_up(journey, outcome);
}

static int fetch_page(struct journey *journey, struct span reference);

/* A page that is not defaced itself may lead on, as a visitor's browser would be led. What it showed was
 * judged; it counts if what comes is no worse. */
static void follow(struct journey *journey)
{
    if (fetch_page(journey, faces_way(journey)) < 0) {
        arrive(journey);
        return;
    }
    faces_leave(journey);
}

static void weigh(struct journey *journey)
{
    struct judge_evidence evidence = {.capture = &journey->capture};
    arena_auto arena = arena_new(1 << 20);
    int result = journey->has_reading ? compare_and_tell(journey, &evidence, &arena) : 0;
    if (result < 0) {
        journey->capture.outcome = OUTCOME_NO_MEMORY;
        evidence = (struct judge_evidence){.capture = &journey->capture};
    }
    if (judge_page(journey->tools->judge, &evidence, &journey->verdict) < 0)
        journey->verdict = (struct verdict){.kind = VERDICT_UNAVAILABLE, .cause = "no-memory"};
}

/* The words alone are an alarm already: it must not wait for pictures whose server is in no hurry. */
static bool is_alarm(struct journey *journey)
{
    if (journey->reading.picture_count == 0)
        return false;
    weigh(journey);
    bool alarm = journey->verdict.kind == VERDICT_DEFACED;
    forget_verdict(journey);
    return alarm;
}

static void judge_it(struct journey *journey)
{
    enter(journey, JOURNEY_JUDGING);
    faces_join(journey);
    weigh(journey);
    if (journey->verdict.kind == VERDICT_DEFACED)
        arrive(journey);
    else if (broke_off(journey))
        judge_again(journey, journey->capture.broke);
    else if (faces_way(journey).size)
        follow(journey);
    else if (faces_beyond(journey))
        judge_again(journey, OUTCOME_REDIRECTS);
    else
        arrive(journey);
}

/* ---- READING ---- */

static void on_reading(void *context, enum outcome outcome, struct message *answer)
{
    struct journey *journey = context;
    journey->read_ms = answer ? answer->took_ms : 0;
    if (outcome == OUTCOME_OK && !reading_get(answer->payload, &journey->reading)) {
        reading_free(&journey->reading);
        answer->refused = true;
        outcome = OUTCOME_HELPER_LIED;
    }
    if (outcome == OUTCOME_OK)
        outcome = journey->reading.outcome;
    journey->has_reading = outcome == OUTCOME_OK || outcome == OUTCOME_EMPTY;
    if (outcome == OUTCOME_EMPTY && faces_way(journey).size)
        outcome = OUTCOME_OK;
    if (outcome != OUTCOME_OK) {
        give_up(journey, outcome);
        return;
    }
    enter(journey, JOURNEY_PICTURES);
    page_pictures_look(journey, is_alarm(journey), judge_it);
}

static void read_it(struct journey *journey, int body)
{
    struct read_request order = {.content_type = journey->capture.content_type,
                                 .refresh = journey->capture.refresh,
                                 .url = journey->capture.final_url};
    enter(journey, JOURNEY_READING);
    if (helpers_read(journey->tools->helpers, journey->manner.slow, body, &order, on_reading, journey) < 0)
        give_up(journey, OUTCOME_NO_MEMORY);
}

/* ---- FETCHING ---- */

uint64_t journey_place(const struct capture *capture)
{
    uint64_t place = hash_mix(hash_span(capture->final_url), capture->status);
    return capture->refresh.size ? hash_mix(place, hash_span(capture->refresh)) : place;
}

/* The head of an answer without a body stands for that of the known one, and may lead on anew. */
static bool leads_elsewhere(const struct journey *journey)
{
    struct capture full = journey->capture;
    full.status = 200;
    return full.refresh.size && journey_place(&full) != journey->known.place;
}

/* The body that was left out is needed after all. */
static bool lacks_body(const struct journey *journey)
{
    return journey->known.is && !journey->manner.whole && !journey->refreshes &&
           (journey->capture.body_known || (journey->manner.conditional && journey->capture.status == 304));
}

/* The server says that nothing changed, or sent the very bytes again. */
static bool is_known(const struct journey *journey)
{
    const struct capture *capture = &journey->capture;
    if (!journey->known.is || journey->manner.whole || journey->refreshes || capture->outcome != OUTCOME_OK)
        return false;
    if (capture->status == 304)
        return journey->manner.conditional && !leads_elsewhere(journey);
    return journey_place(capture) == journey->known.place &&
           memcmp(capture->body_digest.at, journey->known.body.at, sizeof(capture->body_digest.at)) == 0;
}

static void arrive_unchanged(struct journey *journey)
{
    struct verdict *verdict = &journey->verdict;
    size_t count = journey->known.language_count;
    journey->same_bytes = true;
    journey->has_change = true;
    journey->change = (struct change){.has_baseline = true,
                                      .kept = 1,
                                      .words = 1,
                                      .anchor = 1,
                                      .structure = 1,
                                      .contacts = -1,
                                      .hosts = -1};
    *verdict = (struct verdict){.arena = arena_new(64 << 10), .kind = VERDICT_UNCHANGED};
    verdict->reasons = arena_alloc(&verdict->arena, 1, sizeof(*verdict->reasons));
    verdict->languages = arena_alloc(&verdict->arena, count, sizeof(*verdict->languages));
    if (verdict->reasons) {
        verdict->reasons[0] = (struct reason){
            .code = "same-bytes",
            .text = journey->capture.status == 304
                        ? SPAN("the server says that nothing changed since it was last read")
                        : SPAN("byte for byte what was last read"),
        };
        verdict->reason_count = 1;
    }
    if (verdict->languages && count) {
        memcpy(verdict->languages, journey->known.languages, count * sizeof(*verdict->languages));
        verdict->language_count = count;
    }
    arrive(journey);
}

/* What led on is evidence too; nobody else looks at it again. */
static void end_leg(struct journey *journey)
{
    if (journey->manner.record && journey->refreshes > 0 && journey->refreshes <= JOURNEY_REFRESHES) {
        journey->legs[journey->refreshes - 1] = (struct journey_leg){journey->capture, journey->body};
        journey->capture = (struct capture){0};
        journey->body = NULL;
    }
    capture_free(&journey->capture);
    hoard_release(journey->body);
    journey->body = NULL;
}

static int fetch_page(struct journey *journey, struct span reference);

/* A page without a body may still lead on by its head. */
static int take_body(const struct journey *journey, struct message *answer)
{
    int body = message_take_fd(answer, 0);
    return body < 0 && journey->capture.refresh.size ? memfile_new("body", SPAN(" ")) : body;
}

static void on_capture(void *context, enum outcome outcome, struct message *answer)
{
    struct journey *journey = context;
    end_leg(journey);
    if (outcome == OUTCOME_OK && !capture_get(answer->payload, &journey->capture)) {
        capture_free(&journey->capture);
        answer->refused = true;
        outcome = OUTCOME_HELPER_LIED;
    }
    if (outcome == OUTCOME_OK)
        outcome = journey->capture.outcome;
    if (outcome == OUTCOME_OK && is_known(journey)) {
        arrive_unchanged(journey);
        return;
    }
    if (outcome == OUTCOME_OK && lacks_body(journey)) {
        journey->manner.whole = true;
        if (fetch_page(journey, (struct span){NULL, 0}) == 0)
            return;
        outcome = OUTCOME_NO_MEMORY;
    }
    if (outcome == OUTCOME_OK) {
        faces_arrive(journey);
        journey->faces.fed = cookie_jar_set(&journey->cookies, journey->capture.cookies);
    }
    if (journey->changed && journey->refreshes == 0)
        journey->changed(journey->context, journey);
    int body = outcome == OUTCOME_OK ? take_body(journey, answer) : -1;
    if (outcome == OUTCOME_OK && body < 0)
        outcome = OUTCOME_EMPTY;
    if (journey->manner.record && body >= 0)
        journey->body = hoard_hold(journey->tools->hoard, body, &journey->capture.body_digest);
    if (outcome == OUTCOME_OK)
        read_it(journey, body);
    else
        give_up(journey, outcome);
    if (body >= 0)
        close(body);
}

/* `reference` is where a refresh leads; empty for the page itself. */
static int fetch_page(struct journey *journey, struct span reference)
{
    const struct journey_manner *manner = &journey->manner;
    bool compare = journey->known.is && !manner->whole && reference.size == 0;
    bool ask = compare && manner->conditional;
    struct fetch_order order = {
        .url = reference.size ? journey->capture.final_url : journey->page->url,
        .base = reference.size ? journey->reading.base : (struct span){NULL, 0},
        .reference = reference,
        .user_agent = manner->user_agent.size ? manner->user_agent : journey->tools->user_agent,
        .known = compare ? journey->known.body : (struct digest){0},
        .etag = ask ? journey->known.etag : (struct span){NULL, 0},
        .modified = ask ? journey->known.modified : (struct span){NULL, 0},
        .cookies = buf_span(&journey->cookies),
        .proxy = manner->proxy,
        .fresh = manner->fresh,
        .browser = manner->browser,
        .body_limit = FETCH_PAGE_BYTES,
        .connect_ms = journey->tools->connect_ms,
        .total_ms = journey->tools->total_ms,
        .allow_private = journey->page->allow_private,
        .record = manner->record,
    };
    enter(journey, JOURNEY_FETCHING);
    return helpers_fetch(journey->tools->helpers, manner->slow, &order, on_capture, journey);
}

bool journey_was_slow(const struct journey *journey)
{
    const struct capture *capture = &journey->capture;
    bool at_a_limit = capture->outcome == OUTCOME_TIMEOUT || capture->outcome == OUTCOME_TOO_LARGE ||
                      capture->outcome == OUTCOME_HELPER_TIMEOUT ||
                      capture->outcome == OUTCOME_HELPER_LIMIT || capture->broke != OUTCOME_OK ||
                      (journey->has_reading && journey->reading.cut);
    return at_a_limit || capture->duration_ms >= JOURNEY_SLOW_FETCH_MS ||
           capture->body_size >= JOURNEY_SLOW_BYTES || journey->read_ms >= JOURNEY_SLOW_READ_MS ||
           journey->pictures.took_ms >= JOURNEY_SLOW_PICTURES_MS;
}

int journey_start(const struct journey *start)
{
    struct journey *journey = calloc(1, sizeof(*journey));
    if (!journey)
        return -ENOMEM;
    journey->tools = start->tools;
    journey->page = start->page;
    journey->manner = start->manner;
    journey->known = start->known;
    journey->baseline = start->baseline;
    journey->baseline_languages = start->baseline_languages;
    journey->baseline_language_count = start->baseline_language_count;
    journey->changed = start->changed;
    journey->done = start->done;
    journey->context = start->context;
    journey->started_us = clock_wall_us();
    journey->cookies = buf_new(FETCH_COOKIE_BYTES);
    journey->file = start->file;
    if (journey->file)
        read_it(journey, journey->file->body);
    else if (fetch_page(journey, (struct span){NULL, 0}) < 0)
        give_up(journey, OUTCOME_NO_MEMORY);
    return 0;
}
