/* The daemon's looks: how a page is visited on its turn, and who is told of what was seen. */
#include "watch/daemon_inside.h"

#include "base/hash.h"
#include "os/clock.h"
#include "watch/domain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct look_call {
    struct generation *generation;
    struct warden_look look;
};

static void keep(struct daemon *daemon, const struct visit_end *end, struct span line)
{
    struct store_check check = end->check;
    check.result = end->journey->same_bytes ? (struct span){NULL, 0} : line;
    int result = end->failed;
    if (result == 0)
        result = gather_begin(&daemon->gather);
    if (result == 0)
        result = store_put_check(daemon->store, &check);
    if (result < 0)
        daemon_not_kept(daemon, result);
    else
        daemon->not_kept = false;
}

/* It was not the page that failed: a helper died before anything came, or memory ran out. */
static bool is_ours(const struct journey *journey)
{
    enum outcome outcome = journey->capture.outcome;
    bool helper = outcome >= OUTCOME_HELPER_TIMEOUT && outcome <= OUTCOME_HELPER_LIED;
    return outcome == OUTCOME_NO_MEMORY || outcome == OUTCOME_FILE ||
           (helper && journey->capture.status == 0);
}

/* The foreign host that a page leads to, hashed; 0 when it stays at home. */
static uint64_t landing_of(const struct visit_end *end)
{
    char home[DOMAIN_BYTES], there[DOMAIN_BYTES];
    if (end->journey->capture.final_url.size == 0)
        return 0;
    domain_of(end->page->url, home);
    domain_of(end->journey->capture.final_url, there);
    return strcmp(home, there) == 0 ? 0 : hash_span(span_of(there));
}

struct signs {
    char text[4][400];
    size_t count;
};

static void add_sign(struct signs *signs, struct sighting *sighting, const char *is, struct span now,
                     const char *was, struct span before)
{
    char *text = signs->text[signs->count];
    snprintf(text, sizeof(signs->text[0]), "%s%.*s%s%.*s", is, (int)(now.size < 150 ? now.size : 150),
             now.size ? now.at : "", was, (int)(before.size < 150 ? before.size : 150),
             before.size ? before.at : "");
    sighting->signs[signs->count++] = span_of(text);
    sighting->sign_count = signs->count;
}

/* What else is new about the server: told in an incident's history. */
static void find_signs(const struct visit_end *end, struct signs *signs, struct sighting *sighting)
{
    const struct capture *capture = &end->journey->capture;
    const struct store_known *before = &end->before;
    const struct span none = {NULL, 0};
    if (before->address.size && capture->address.size && !span_equal(before->address, capture->address))
        add_sign(signs, sighting, "it is served from ", capture->address, ", before from ", before->address);
    bool refused = capture->outcome == OUTCOME_CERTIFICATE; /* that is the cause already */
    if (capture->has_certificate && !refused && before->has_certificate &&
        !span_equal(capture->issuer, before->issuer))
        add_sign(signs, sighting, "its certificate is from ", capture->issuer, ", before from ",
                 before->issuer);
    if (sighting->landing)
        add_sign(signs, sighting, "it leads to ", capture->final_url, "", none);
    sighting->moved = sighting->sign_count > 0;
    if (capture->status && capture->status != 200) {
        char status[16];
        snprintf(status, sizeof(status), "%u", (unsigned)capture->status);
        add_sign(signs, sighting, "its HTTP status is ", span_of(status), "", none);
    }
}

static void keep_evidence(const struct generation *generation, const struct visit_end *end, size_t page)
{
    const struct config *config = &generation->config;
    const struct config_group *group = &config->groups[config->list.pages[page].group];
    const struct caseload *caseload = generation->daemon->caseload;
    const struct keeper_page about = {{group->name, group->contact},
                                      caseload_is_in_doubt(caseload, page),
                                      caseload_certain(caseload, page)};
    keeper_look(generation->daemon->keeper, end, &about, clock_steady_ms());
}

static void on_visit_end(void *context, const struct visit_end *end)
{
    struct look_call *call = context;
    struct generation *generation = call->generation;
    struct daemon *daemon = generation->daemon;
    const struct journey *journey = end->journey;
    char *line = journey->same_bytes ? NULL : result_line_kept(&end->result);
    struct signs signs = {.count = 0};
    bool failed = is_ours(journey), blamed = failed && warden_blames(generation->warden, call->look.page);
    struct warden_end told = {
        .sighting = {.verdict = journey->verdict.kind,
                     .cause = journey->verdict.cause,
                     .score = journey->verdict.score,
                     .message = journey->verdict.message,
                     .landing = landing_of(end),
                     .result = span_of(line)},
        .reached = journey->capture.status != 0,
        .ours = failed && !blamed,
        .blamed = blamed,
        .slow = journey_was_slow(journey),
        .first_learnt = end->first_learnt,
        .retry_after_s = journey->verdict.kind == VERDICT_UNAVAILABLE ? journey->capture.retry_after_s : 0,
    };
    memcpy(told.sighting.pictures, end->pictures, sizeof(end->pictures));
    find_signs(end, &signs, &told.sighting);
    meters_look(&daemon->meters, journey, told.ours);
    generation->underway--;
    daemon->underway--;
    if (!generation->retired) {
        if (!told.ours)
            keep(daemon, end, span_of(line));
        warden_looked(generation->warden, call->look.page, call->look.ticket, &told, clock_steady_ms(),
                      clock_wall_s());
        keep_evidence(generation, end, call->look.page);
    } else if (generation->underway == 0) {
        daemon_generation_free(generation);
    }
    free(line);
    free(call);
    daemon_turn_soon(daemon);
}

static struct visit_order order_of(const struct generation *generation, const struct warden_look *look)
{
    const struct config *config = &generation->config;
    const struct page *page = &config->list.pages[look->page];
    const struct config_group *group = &config->groups[page->group];
    bool browser = look->how == LOOK_BROWSER;
    bool close = look->how != LOOK_ROUTINE || caseload_is_bad(generation->daemon->caseload, look->page);
    return (struct visit_order){
        .page = page,
        .manner = {.user_agent = browser ? config->browser_agent : (struct span){NULL, 0},
                   .proxy = browser ? group->proxy : (struct span){NULL, 0},
                   .browser = browser,
                   .fresh = look->how != LOOK_ROUTINE,
                   .conditional = !look->whole && !browser,
                   .blind = !group->pictures,
                   .whole = look->whole,
                   .slow = look->slow,
                   .record = config->evidence_keep,
                   .record_pictures = config->evidence_keep && close},
        .only_look = !look->learn,
        .full_every = group->full_every,
    };
}

int daemon_look(void *context, const struct warden_look *look)
{
    struct generation *generation = context;
    struct visit_order order = order_of(generation, look);
    struct look_call *call = malloc(sizeof(*call));
    if (!call)
        return -ENOMEM;
    *call = (struct look_call){generation, *look};
    generation->underway++;
    generation->daemon->underway++;
    int result = visit_start(&generation->daemon->visitor, &order, on_visit_end, call);
    if (result < 0) {
        generation->underway--;
        generation->daemon->underway--;
        free(call);
    }
    return result;
}
