/* Visiting a page; see visit.h. */
#include "watch/visit.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>

enum {
    BASELINE_BYTES = 4 << 20,
    LANGUAGE_BYTES = 4096,
    PICTURE_LETTERS = 20, /* of a block of text in a picture: a message, not a brand */
};

struct visit {
    const struct visitor *visitor;
    struct visit_order order;
    struct arena arena;
    struct baseline *baseline; /* NULL when there is none yet */
    struct store_baseline stored;
    struct store_known before;
    struct language_share *languages;
    size_t language_count;
    bool without_baseline;
    visit_done_fn *done;
    void *context;
};

static struct store *store_of(const struct visit *visit)
{
    return visit->visitor->desk->settings.store;
}

static void visit_free(struct visit *visit)
{
    baseline_free(visit->baseline);
    arena_free(&visit->arena);
    free(visit);
}

/* ---- what is known ---- */

static const char *why_not(const struct visit *visit, int error)
{
    switch (error) {
    case -EBADMSG: return "is damaged";
    case -ENOTSUP: return "was written by a newer varta";
    case -ENOMEM: return "is too large";
    default: return store_error(store_of(visit));
    }
}

/* A baseline that cannot be loaded is told; the page is judged all the same, by what it says now. */
static void load_baseline(struct visit *visit)
{
    const struct page *page = visit->order.page;
    if (!store_of(visit))
        return;
    int result = store_get_baseline(store_of(visit), page->url, &visit->arena, &visit->stored);
    if (result == 1)
        result = baseline_unpack(visit->stored.packed, &visit->baseline);
    if (result >= 0)
        result =
            languages_get(visit->stored.languages, &visit->arena, &visit->languages, &visit->language_count);
    if (result >= 0)
        return;
    desk_say(visit->visitor->desk, "the baseline of %.*s %s: it is judged without one", (int)page->url.size,
             page->url.at, why_not(visit, result));
    baseline_free(visit->baseline);
    visit->baseline = NULL;
    visit->stored = (struct store_baseline){0};
    visit->without_baseline = true;
}

static void on_changed(void *context, struct journey *journey)
{
    struct visit *visit = context;
    load_baseline(visit);
    journey->baseline = visit->baseline;
    journey->baseline_languages = visit->languages;
    journey->baseline_language_count = visit->language_count;
}

static void load_known(struct visit *visit)
{
    if (store_of(visit) &&
        store_get_known(store_of(visit), visit->order.page->url, &visit->arena, &visit->before) < 0)
        visit->before = (struct store_known){0};
    if (languages_get(visit->before.languages, &visit->arena, &visit->languages, &visit->language_count) < 0)
        visit->language_count = 0;
    visit->stored.at_s = visit->before.baseline_s;
    visit->stored.versions = visit->before.versions;
}

/* ---- learning ---- */

/* Languages are told once a look where that is enough: of a page that was never seen before all is new, so
 * the verdict names those of the whole page; where nothing new stands they are those of before. */
static int tell_languages(struct visit *visit, const struct journey *journey, const struct baseline *baseline,
                          const struct language_share **ret_shares, size_t *ret_count)
{
    const struct verdict *verdict = &journey->verdict;
    bool nothing_new = verdict->kind == VERDICT_UNCHANGED && journey->change.new_letters == 0;
    if (!journey->change.has_baseline) {
        *ret_shares = verdict->languages;
        *ret_count = verdict->language_count;
    } else if (nothing_new && visit->language_count) {
        *ret_shares = visit->languages;
        *ret_count = visit->language_count;
    }
    if (*ret_count)
        return 0;
    struct language_share *shares = NULL;
    buf_auto text = buf_new(JOURNEY_MESSAGE_BYTES + 4096);
    int result = baseline_text(baseline, JOURNEY_MESSAGE_BYTES, &text);
    if (result == 0)
        result =
            languages_of(visit->visitor->desk->languages, buf_span(&text), &visit->arena, &shares, ret_count);
    *ret_shares = shares;
    return result;
}

/* Packs a baseline with its languages. Everything lives in the arena. */
static int pack(struct visit *visit, const struct journey *journey, const struct baseline *baseline,
                struct store_baseline *ret_stored)
{
    const struct language_share *shares = NULL;
    size_t count = 0;
    buf_auto packed = buf_new(BASELINE_BYTES);
    buf_auto lines = buf_new(LANGUAGE_BYTES);
    int result = baseline_pack(baseline, &packed);
    if (result == 0)
        result = tell_languages(visit, journey, baseline, &shares, &count);
    if (result < 0)
        return result;
    languages_put(&lines, shares, count);
    *ret_stored = (struct store_baseline){
        .packed = arena_copy(&visit->arena, buf_span(&packed)),
        .languages = arena_copy(&visit->arena, buf_span(&lines)),
        .at_s = baseline_at(baseline),
        .versions = baseline_versions(baseline),
    };
    return visit->arena.failed ? -ENOMEM : 0;
}

static bool deserves_learning(const struct visit *visit, const struct journey *journey)
{
    if (visit->order.only_look || journey->same_bytes)
        return false;
    switch (journey->verdict.kind) {
    case VERDICT_NEW: return visit->visitor->learn && !visit->without_baseline;
    case VERDICT_UNCHANGED:
    case VERDICT_EDITED: return visit->baseline && journey->verdict.score < 0.5;
    case VERDICT_REPLACED:
    case VERDICT_DEFACED:
    case VERDICT_UNAVAILABLE:
    case VERDICT_KIND_COUNT: break;
    }
    return false;
}

static const struct change *compared(const struct journey *journey)
{
    return journey->has_change ? &journey->change : NULL;
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
    int result = baseline_take(visit->baseline, &journey->reading, compared(journey),
                               journey->started_us / 1000000, false);
    if (result == 0)
        result = pack(visit, journey, visit->baseline, ret_stored);
    return result < 0 ? result : 1;
}

/* A page that was called unavailable by its words came in order and says something: that may be a mistake,
 * and then somebody must be able to say so. An error of the server is none. */
static bool may_be_accepted(const struct journey *journey)
{
    if (!journey->has_reading)
        return false;
    return journey->verdict.kind != VERDICT_UNAVAILABLE ||
           (journey->capture.outcome == OUTCOME_OK && journey->capture.status < 400 &&
            journey->reading.letters);
}

/* What would be the baseline if somebody accepted what the page says now. */
static int set_aside(struct visit *visit, const struct journey *journey, struct store_baseline *ret_stored)
{
    if (!may_be_accepted(journey))
        return 0;
    struct baseline *seen = baseline_new();
    if (!seen)
        return -ENOMEM;
    int result =
        baseline_take(seen, &journey->reading, compared(journey), journey->started_us / 1000000, true);
    if (result == 0)
        result = pack(visit, journey, seen, ret_stored);
    baseline_free(seen);
    return result < 0 ? result : 1;
}

/* What the next visit can go by. Only an answer in order, seen as itself, is remembered as one. */
static struct store_known known_after(const struct visit *visit, const struct journey *journey)
{
    const struct capture *capture = &journey->capture;
    struct store_known known = visit->before;
    if (capture->outcome != OUTCOME_OK)
        return known;
    if (journey->same_bytes) {
        known.since_whole++;
    } else {
        bool clean = journey->verdict.kind == VERDICT_UNCHANGED || journey->verdict.kind == VERDICT_EDITED ||
                     journey->verdict.kind == VERDICT_NEW;
        known.is = clean && journey->verdict.score < 0.5 && journey->refreshes == 0 &&
                   journey->pictures.lost == 0 && capture->broke == OUTCOME_OK && !visit->without_baseline;
        known.body = capture->body_digest;
        known.place = journey_place(capture);
        known.since_whole = 0;
        known.etag = capture->etag;
        known.modified = capture->modified;
    }
    known.address = capture->address;
    if (capture->has_certificate) {
        known.has_certificate = true;
        known.certificate = capture->certificate;
        known.issuer = capture->issuer;
    }
    return known;
}

/* Pictures that are not the page's own and carry text: what pages of one campaign share. */
static void find_new_pictures(const struct visit *visit, const struct journey *journey,
                              uint64_t ret_pictures[4])
{
    const struct reading *reading = &journey->reading;
    size_t count = 0;
    for (size_t i = 0; journey->has_reading && i < reading->block_count && count < 4; i++) {
        const struct block *block = &reading->blocks[i];
        if (block->origin != ORIGIN_IMAGE || block->picture >= reading->picture_count)
            continue;
        const struct picture_ref *picture = &reading->pictures[block->picture];
        uint64_t start;
        memcpy(&start, picture->digest.at, sizeof(start));
        bool repeated = count > 0 && ret_pictures[count - 1] == start;
        if (picture->fetched && !repeated && utf8_letters(block->text) >= PICTURE_LETTERS &&
            !(visit->baseline && baseline_knows_picture(visit->baseline, &picture->digest)))
            ret_pictures[count++] = start;
    }
}

/* ---- the end ---- */

static struct result result_of(const struct visit *visit, const struct journey *journey)
{
    return (struct result){
        .url = visit->order.page->url,
        .name = visit->order.page->name,
        .at_s = journey->started_us / 1000000,
        .capture = &journey->capture,
        .change = journey->has_change ? &journey->change : NULL,
        .reading = journey->has_reading ? &journey->reading : NULL,
        .verdict = &journey->verdict,
        .pictures_lost = journey->pictures.lost,
        .pictures_unseen = journey->pictures.unseen,
        .pictures_broken = journey->pictures.broken,
        .pictures_cut = journey->pictures.cut,
        .baseline_at_s = visit->stored.at_s,
        .baseline_versions = visit->stored.versions,
    };
}

static void on_arrival(void *context, struct journey *journey)
{
    struct visit *visit = context;
    struct store_baseline learnt, seen;
    bool had_baseline = visit->baseline || visit->without_baseline;
    struct visit_end end = {
        .page = visit->order.page,
        .journey = journey,
        .result = result_of(visit, journey),
        .before = visit->before,
        .without_baseline = visit->without_baseline,
    };
    find_new_pictures(visit, journey, end.pictures);
    int learning = store_of(visit) ? learn(visit, journey, &learnt) : 0;
    int aside =
        store_of(visit) && learning == 0 && !journey->same_bytes ? set_aside(visit, journey, &seen) : 0;
    struct store_known after = known_after(visit, journey);
    if (learning == 1) {
        after.languages = learnt.languages;
        after.baseline_s = learnt.at_s;
        after.versions = learnt.versions;
    } else if (!journey->same_bytes) {
        after.languages = visit->stored.languages;
        after.baseline_s = visit->stored.at_s;
        after.versions = visit->stored.versions;
    }
    end.check = (struct store_check){
        .url = end.result.url,
        .name = end.result.name,
        .at_s = end.result.at_s,
        .verdict = span_of(verdict_name(journey->verdict.kind)),
        .score = journey->verdict.score,
        .cause = span_of(journey->verdict.cause),
        .kept = journey->has_change && journey->change.has_baseline ? journey->change.kept : -1,
        .fresh = journey->has_change && journey->change.has_baseline ? journey->change.fresh : -1,
        .known = visit->order.only_look ? NULL : &after,
        .baseline = learning == 1 ? &learnt : NULL,
        .seen = aside == 1 ? &seen : NULL,
        .seen_yields = journey->verdict.kind == VERDICT_UNAVAILABLE,
    };
    end.first_learnt = learning == 1 && !had_baseline;
    end.failed = learning < 0 ? learning : aside < 0 ? aside : 0;
    visit->done(visit->context, &end);
    visit_free(visit);
}

int visit_start(const struct visitor *visitor, const struct visit_order *order, visit_done_fn *done,
                void *context)
{
    struct visit *visit = calloc(1, sizeof(*visit));
    if (!visit)
        return -ENOMEM;
    *visit = (struct visit){.visitor = visitor,
                            .order = *order,
                            .arena = arena_new(4 * BASELINE_BYTES),
                            .done = done,
                            .context = context};
    load_known(visit);
    uint32_t full_every = order->full_every ? order->full_every : visitor->full_every;
    struct journey start = {
        .tools = &visitor->desk->tools,
        .page = order->page,
        .manner = order->manner,
        .known = {visit->before.is && visit->before.versions > 0, visit->before.body, visit->before.place,
                  visit->before.etag, visit->before.modified, visit->languages, visit->language_count},
        .changed = on_changed,
        .done = on_arrival,
        .context = visit,
    };
    if (full_every && visit->before.since_whole + 1 >= full_every)
        start.manner.whole = true;
    int result = journey_start(&start);
    if (result < 0)
        visit_free(visit);
    return result;
}
