/* See outbox.h. */
#include "watch/outbox.h"

#include "base/hash.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_ERROR_BYTES = 300 };

struct delivery {
    uint64_t ticket;
    int64_t id; /* in the store; 0 until it is there */
    int64_t created_s, next_s;
    uint32_t attempts;
    size_t sink;
    uint64_t about;
    char notice[NOTICE_ID_BYTES];
    char about_text[32];
    char *json; /* owned */
    size_t size;
    bool saving;   /* in the transaction that is open */
    bool inserted; /* by it */
    bool flying, ended;
    char error[MAX_ERROR_BYTES];
    bool dirty; /* its end or its retry is not in the store yet */
};

struct sink_state {
    bool flying;
    unsigned failures; /* in a row */
    int64_t resume_s;
    int64_t last_id; /* up to here the store's are in memory or ended */
    bool more;       /* the store has further ones */
};

struct outbox {
    struct outbox_settings settings;
    struct sink_state sinks[CONFIG_SINKS];
    struct delivery *held; /* count of them, in order */
    size_t count, room;
    uint64_t tickets;
};

static void say(const struct outbox *outbox, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(const struct outbox *outbox, const char *format, ...)
{
    char text[700];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    outbox->settings.say(outbox->settings.context, text);
}

/* ---- what is held ---- */

static struct delivery *hold(struct outbox *outbox, struct span json)
{
    if (outbox->count == outbox->room) {
        size_t room = outbox->room ? 2 * outbox->room : 64;
        struct delivery *held = realloc(outbox->held, room * sizeof(*held));
        if (!held)
            return NULL;
        outbox->held = held;
        outbox->room = room;
    }
    char *copy = malloc(json.size + 1);
    if (!copy)
        return NULL;
    memcpy(copy, json.at, json.size);
    copy[json.size] = '\0';
    struct delivery *delivery = &outbox->held[outbox->count++];
    *delivery = (struct delivery){.ticket = ++outbox->tickets, .json = copy, .size = json.size};
    return delivery;
}

static void sweep(struct outbox *outbox)
{
    size_t kept = 0;
    for (size_t i = 0; i < outbox->count; i++) {
        struct delivery *one = &outbox->held[i];
        if (one->ended && !one->dirty && !one->flying)
            free(one->json);
        else
            outbox->held[kept++] = *one;
    }
    outbox->count = kept;
}

static size_t sink_named(const struct outbox *outbox, struct span name)
{
    size_t i = 0;
    while (i < outbox->settings.sink_count && !span_equal(outbox->settings.sinks[i].name, name))
        i++;
    return i;
}

static void end(struct delivery *delivery, const char *error)
{
    delivery->ended = delivery->dirty = true;
    snprintf(delivery->error, sizeof(delivery->error), "%s", error);
}

static bool is_held(const struct outbox *outbox, int64_t id)
{
    for (size_t i = 0; i < outbox->count; i++)
        if (outbox->held[i].id == id)
            return true;
    return false;
}

struct refill {
    struct outbox *outbox;
    size_t sink;
    bool failed;
};

static void take_stored(void *context, const struct store_delivery *stored)
{
    struct refill *refill = context;
    struct outbox *outbox = refill->outbox;
    if (refill->failed || is_held(outbox, stored->id))
        return;
    struct delivery *delivery = hold(outbox, stored->json);
    if (!delivery) {
        refill->failed = true;
        return;
    }
    delivery->id = stored->id;
    delivery->created_s = stored->created_s;
    delivery->next_s = stored->next_s;
    delivery->attempts = stored->attempts;
    delivery->sink = refill->sink;
    delivery->about = hash_span(stored->about);
    snprintf(delivery->notice, sizeof(delivery->notice), "%.*s", (int)stored->notice.size, stored->notice.at);
    outbox->sinks[refill->sink].last_id = stored->id;
}

/* Each sink has a share of memory, so that one that takes nothing keeps none from the others. */
static size_t share_of(const struct outbox *outbox)
{
    size_t share = OUTBOX_HELD / (outbox->settings.sink_count ? outbox->settings.sink_count : 1);
    return share < OUTBOX_SHARE ? OUTBOX_SHARE : share;
}

static size_t held_for(const struct outbox *outbox, size_t sink)
{
    size_t count = 0;
    for (size_t i = 0; i < outbox->count; i++)
        count += outbox->held[i].sink == sink;
    return count;
}

static int refill(struct outbox *outbox, size_t sink)
{
    struct refill refill = {.outbox = outbox, .sink = sink};
    size_t share = share_of(outbox);
    int count = store_deliveries(outbox->settings.store, outbox->settings.sinks[sink].name,
                                 outbox->sinks[sink].last_id, share, take_stored, &refill);
    if (count >= 0)
        outbox->sinks[sink].more = refill.failed || (size_t)count == share;
    return count < 0 ? count : 0;
}

/* What waits for a sink that is not there any more has ended. */
static int end_unnamed(struct outbox *outbox)
{
    struct span names[CONFIG_SINKS];
    for (size_t i = 0; i < outbox->settings.sink_count; i++)
        names[i] = outbox->settings.sinks[i].name;
    return store_end_unnamed(outbox->settings.store, names, outbox->settings.sink_count,
                             SPAN("the sink is no longer configured"));
}

int outbox_new(const struct outbox_settings *settings, struct outbox **ret_outbox)
{
    struct outbox *outbox = calloc(1, sizeof(*outbox));
    if (!outbox)
        return -ENOMEM;
    outbox->settings = *settings;
    int result = end_unnamed(outbox);
    for (size_t i = 0; i < settings->sink_count && result >= 0; i++)
        result = refill(outbox, i);
    if (result < 0) {
        outbox_free(outbox);
        return result;
    }
    *ret_outbox = outbox;
    return 0;
}

void outbox_free(struct outbox *outbox)
{
    if (!outbox)
        return;
    for (size_t i = 0; i < outbox->count; i++)
        free(outbox->held[i].json);
    free(outbox->held);
    free(outbox);
}

void outbox_use(struct outbox *outbox, const struct config_sink *sinks, size_t sink_count, int64_t now_s)
{
    (void)now_s;
    struct outbox_settings old = outbox->settings;
    struct sink_state states[CONFIG_SINKS] = {0};
    outbox->settings.sinks = sinks;
    outbox->settings.sink_count = sink_count;
    for (size_t i = 0; i < outbox->count; i++) {
        struct delivery *one = &outbox->held[i];
        one->sink = one->sink < old.sink_count ? sink_named(outbox, old.sinks[one->sink].name) : sink_count;
        one->flying =
            false; /* the way to the sinks is a new one: what was under way is sent again, with the same id */
        if (one->sink == sink_count && !one->ended)
            end(one, "the sink is no longer configured");
    }
    for (size_t i = 0; i < old.sink_count; i++) {
        size_t at = sink_named(outbox, old.sinks[i].name);
        if (at == sink_count)
            continue;
        states[at].last_id = outbox->sinks[i].last_id;
        states[at].more = outbox->sinks[i].more;
    }
    memcpy(outbox->sinks, states, sizeof(states));
    end_unnamed(outbox);
}

/* ---- putting in ---- */

static int put_one(struct outbox *outbox, const struct teller_notice *notice, size_t sink, int64_t now_s)
{
    struct delivery *delivery = hold(outbox, (struct span){notice->json, notice->size});
    if (!delivery)
        return -ENOMEM;
    delivery->created_s = delivery->next_s = now_s;
    delivery->sink = sink;
    delivery->about = hash_span(span_of(notice->about));
    memcpy(delivery->notice, notice->id, sizeof(delivery->notice));
    snprintf(delivery->about_text, sizeof(delivery->about_text), "%s", notice->about);
    return 0;
}

int outbox_put(struct outbox *outbox, const struct teller_notice *notice, uint64_t sinks, int64_t now_s)
{
    int result = 0;
    for (size_t i = 0; i < outbox->settings.sink_count && result == 0; i++)
        if ((sinks >> i & 1) && notice->urgency >= (unsigned)outbox->settings.sinks[i].least)
            result = put_one(outbox, notice, i, now_s);
    return result;
}

/* ---- saving ---- */

static int save_new(struct outbox *outbox, struct delivery *one)
{
    struct store_delivery stored = {
        .notice = span_of(one->notice),
        .sink = outbox->settings.sinks[one->sink].name,
        .about = span_of(one->about_text),
        .json = {one->json, one->size},
        .created_s = one->created_s,
        .next_s = one->next_s,
    };
    int result = store_put_delivery(outbox->settings.store, &stored);
    if (result < 0)
        return result;
    one->saving = true;
    one->inserted = result == 1;
    one->id = stored.id;
    if (result == 0) { /* it was told before, with this very id */
        one->ended = true;
        one->dirty = false;
    }
    return 0;
}

static int save_one(struct outbox *outbox, struct delivery *one)
{
    if (one->id == 0 && !one->saving && !one->ended) {
        int result = save_new(outbox, one);
        if (result < 0)
            return result;
    }
    if (one->id == 0 && one->ended)
        one->dirty = false; /* it was sent while the store took nothing: there is nothing to keep */
    if (!one->dirty || one->id == 0)
        return 0;
    one->saving = true;
    if (one->ended)
        return store_end_delivery(outbox->settings.store, one->id, one->next_s, span_of(one->error));
    return store_retry_delivery(outbox->settings.store, one->id, one->next_s, one->attempts,
                                span_of(one->error));
}

int outbox_save(struct outbox *outbox)
{
    int result = 0;
    for (size_t i = 0; i < outbox->count && result >= 0; i++)
        result = save_one(outbox, &outbox->held[i]);
    return result < 0 ? result : 0;
}

/* Keeps memory small while sinks take nothing: what is safely stored is read again later. */
static void trim(struct outbox *outbox)
{
    for (size_t sink = 0; sink < outbox->settings.sink_count; sink++) {
        size_t held = held_for(outbox, sink), share = share_of(outbox);
        for (size_t i = outbox->count; i-- > 0 && held > share;) {
            struct delivery *one = &outbox->held[i];
            if (one->sink != sink)
                continue;
            if (one->id == 0 || one->dirty || one->flying)
                break;
            one->ended = true; /* here, not in the store */
            outbox->sinks[sink].more = true;
            outbox->sinks[sink].last_id = one->id - 1;
            held--;
        }
    }
    sweep(outbox);
}

/* A new one is in the store now. Where further ones wait there it waits behind them. */
static void place(struct outbox *outbox, struct delivery *one)
{
    struct sink_state *state = &outbox->sinks[one->sink];
    if (!state->more)
        state->last_id = one->id > state->last_id ? one->id : state->last_id;
    else if (!one->flying && one->attempts == 0)
        one->ended = true; /* here, not in the store */
}

void outbox_saved(struct outbox *outbox, bool held)
{
    for (size_t i = 0; i < outbox->count; i++) {
        struct delivery *one = &outbox->held[i];
        if (!one->saving)
            continue;
        if (held)
            one->dirty = false;
        else if (one->inserted)
            one->id = 0;
        if (held && one->inserted && !one->ended && one->sink < outbox->settings.sink_count)
            place(outbox, one);
        one->saving = one->inserted = false;
    }
    sweep(outbox);
    trim(outbox);
}

/* ---- sending ---- */

enum { SEEN_SLOTS = 8192 /* more than twice OUTBOX_HELD */ };

/* Remembers what a delivery is about; true when an earlier one about it was seen. */
static bool was_seen(uint64_t *slots, uint64_t about)
{
    uint64_t key = about ? about : 1;
    size_t at = key % SEEN_SLOTS, tries = 0;
    while (slots[at] && slots[at] != key && tries++ < SEEN_SLOTS)
        at = (at + 1) % SEEN_SLOTS;
    bool seen = slots[at] == key;
    slots[at] = key;
    return seen;
}

/* After the clock was set back, no time lies further ahead than the longest pause. */
static bool is_due(const struct delivery *one, int64_t now_s)
{
    return one->next_s <= now_s || one->next_s - now_s > OUTBOX_LAST_PAUSE_S;
}

/* The first delivery to this sink that is due, or NULL; one about the same thing as an earlier one waits for
 * that.
 * `*wake_s` is brought forward to when one will be due. */
static struct delivery *next_for(struct outbox *outbox, size_t sink, int64_t now_s, int64_t *wake_s)
{
    uint64_t slots[SEEN_SLOTS] = {0};
    for (size_t i = 0; i < outbox->count; i++) {
        struct delivery *one = &outbox->held[i];
        if (one->ended || one->sink != sink || was_seen(slots, one->about))
            continue;
        if (is_due(one, now_s))
            return one;
        if (one->next_s < *wake_s)
            *wake_s = one->next_s;
    }
    return NULL;
}

static uint32_t pause_s(unsigned failures)
{
    uint32_t pause = OUTBOX_FIRST_PAUSE_S;
    while (--failures > 0 && pause < OUTBOX_LAST_PAUSE_S)
        pause *= 2;
    return pause < OUTBOX_LAST_PAUSE_S ? pause : OUTBOX_LAST_PAUSE_S;
}

static void failed(struct outbox *outbox, struct delivery *one, const char *why, int64_t now_s)
{
    struct sink_state *state = &outbox->sinks[one->sink];
    const struct config_sink *sink = &outbox->settings.sinks[one->sink];
    state->failures++;
    state->resume_s = now_s + pause_s(state->failures);
    one->attempts++;
    one->next_s = now_s + pause_s(one->attempts);
    one->dirty = true;
    snprintf(one->error, sizeof(one->error), "%s", why);
    if (state->failures == 1)
        say(outbox, "sink %.*s takes nothing: %s; what is to be told there is kept and tried again",
            (int)sink->name.size, sink->name.at, why);
    if (now_s - one->created_s > OUTBOX_GIVE_UP_S) {
        say(outbox, "notice %s could not be told to sink %.*s for a week and is given up", one->notice,
            (int)sink->name.size, sink->name.at);
        end(one, why);
    }
}

static void send_one(struct outbox *outbox, struct delivery *one, int64_t now_s)
{
    struct sink_state *state = &outbox->sinks[one->sink];
    state->flying = one->flying = true;
    int result = outbox->settings.send(outbox->settings.context, one->sink,
                                       (struct span){one->json, one->size}, one->ticket);
    if (result == 0)
        return;
    state->flying = one->flying = false;
    failed(outbox, one, strerror(-result), now_s);
}

int64_t outbox_turn(struct outbox *outbox, int64_t now_s)
{
    int64_t wake_s = INT64_MAX;
    sweep(outbox);
    for (size_t i = 0; i < outbox->settings.sink_count; i++) {
        struct sink_state *state = &outbox->sinks[i];
        if (state->more && held_for(outbox, i) < share_of(outbox) / 2)
            refill(outbox, i);
        if (state->flying)
            continue;
        if (state->failures && state->resume_s - now_s > OUTBOX_LAST_PAUSE_S)
            state->resume_s = now_s; /* the clock was set back */
        if (state->failures && now_s < state->resume_s) {
            wake_s = state->resume_s < wake_s && outbox->count ? state->resume_s : wake_s;
            continue;
        }
        struct delivery *one = next_for(outbox, i, now_s, &wake_s);
        if (one)
            send_one(outbox, one, now_s);
    }
    return wake_s;
}

void outbox_sent(struct outbox *outbox, uint64_t ticket, int error, struct span detail, int64_t now_s)
{
    struct delivery *one = NULL;
    for (size_t i = 0; i < outbox->count && !one; i++)
        if (outbox->held[i].ticket == ticket && outbox->held[i].flying)
            one = &outbox->held[i];
    if (!one)
        return;
    struct sink_state *state = &outbox->sinks[one->sink];
    const struct config_sink *sink = &outbox->settings.sinks[one->sink];
    state->flying = one->flying = false;
    if (error < 0) {
        char why[MAX_ERROR_BYTES];
        snprintf(why, sizeof(why), "%.*s", (int)detail.size, detail.size ? detail.at : "");
        failed(outbox, one, why[0] ? why : strerror(-error), now_s);
        return;
    }
    if (state->failures)
        say(outbox, "sink %.*s takes notices again", (int)sink->name.size, sink->name.at);
    state->failures = 0;
    one->next_s = now_s;
    end(one, "");
}

size_t outbox_depth(const struct outbox *outbox)
{
    size_t depth = 0;
    for (size_t i = 0; i < outbox->count; i++)
        depth += !outbox->held[i].ended;
    return depth;
}

bool outbox_is_dirty(const struct outbox *outbox)
{
    for (size_t i = 0; i < outbox->count; i++)
        if (outbox->held[i].dirty || (outbox->held[i].id == 0 && !outbox->held[i].ended))
            return true;
    return false;
}
