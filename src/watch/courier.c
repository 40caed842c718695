/* The door to all sinks; see courier.h. What a sink says goes through here, cleaned, and nowhere else. */
#include "watch/courier.h"

#include "pipeline/alert/alert.h"
#include "watch/hook.h"

#include <errno.h>
#include <stdlib.h>

enum {
    PATH_ARENA_BYTES = 1 << 20,
    TIMEOUT_MS = 10000,  /* milliseconds of one attempt where the configuration says nothing */
    DETAIL_BYTES = 4096, /* bytes of a delivered record's text */
};

struct parcel {
    struct parcel *next, **place;
    struct courier *courier;
    courier_done_fn *done;
    void *context;
};

struct courier {
    struct helpers *helpers;
    const struct config_sink *sinks;
    size_t sink_count;
    struct hooks *hooks;
    struct arena arena;      /* paths */
    struct parcel *underway; /* freed with the courier when nobody calls back any more */
};

/* ---- sinks as their processes are told ---- */

static enum sink_way way_of(enum config_sink_kind kind)
{
    switch (kind) {
    case SINK_SYSLOG: return WAY_SYSLOG;
    case SINK_JOURNAL: return WAY_JOURNAL;
    case SINK_WEBHOOK: return WAY_WEBHOOK;
    case SINK_MAIL: return WAY_MAIL;
    case SINK_NAGIOS: return WAY_NAGIOS;
    case SINK_FILE: return WAY_FILE;
    case SINK_EXEC:
    case SINK_KIND_COUNT: break;
    }
    return WAY_COUNT;
}

/* A name without a slash is one of systemd's credentials. */
static struct span secret_path(struct arena *arena, struct span file)
{
    const char *folder = secure_getenv("CREDENTIALS_DIRECTORY");
    if (file.size == 0 || memchr(file.at, '/', file.size) || !folder)
        return file;
    buf_auto path = buf_new(8192);
    buf_add_format(&path, "%s/%.*s", folder, (int)file.size, file.at);
    return arena_copy(arena, buf_span(&path));
}

static struct sink_order order_of(struct arena *arena, const struct config_sink *sink)
{
    return (struct sink_order){
        .way = way_of(sink->kind),
        .target = sink->target,
        .to = sink->to,
        .to_count = sink->to_count,
        .from = sink->from,
        .user = sink->user,
        .secret_file = secret_path(arena, sink->secret_file),
        .ca_file = sink->ca_file,
        .cert_file = sink->cert_file,
        .key_file = sink->key_file,
        .facility = (uint32_t)sink->facility,
        .format = (enum sink_format)sink->format,
        .timeout_ms = sink->timeout_s ? sink->timeout_s * 1000 : TIMEOUT_MS,
    };
}

static int open_sinks(struct courier *courier)
{
    struct sink_order orders[HELPERS_SINKS];
    if (courier->sink_count > HELPERS_SINKS)
        return -EINVAL;
    for (size_t i = 0; i < courier->sink_count; i++)
        orders[i] = order_of(&courier->arena, &courier->sinks[i]);
    if (courier->arena.failed)
        return -ENOMEM;
    return helpers_open_sinks(courier->helpers, orders, courier->sink_count);
}

int courier_new(sd_event *event, struct helpers *helpers, const struct config_sink *sinks, size_t sink_count,
                struct courier **ret_courier)
{
    struct courier *courier = calloc(1, sizeof(*courier));
    if (!courier)
        return -ENOMEM;
    courier->helpers = helpers;
    courier->sinks = sinks;
    courier->sink_count = sink_count;
    courier->arena = arena_new(PATH_ARENA_BYTES);
    int result = open_sinks(courier);
    if (result == 0)
        result = hook_open(event, &courier->hooks);
    if (result < 0) {
        courier_free(courier);
        return result;
    }
    *ret_courier = courier;
    return 0;
}

void courier_free(struct courier *courier)
{
    if (!courier)
        return;
    helpers_close_sinks(courier->helpers);
    hook_close(courier->hooks);
    for (struct parcel *parcel; (parcel = courier->underway);) {
        courier->underway = parcel->next;
        free(parcel);
    }
    arena_free(&courier->arena);
    free(courier);
}

/* ---- parcels ---- */

static struct parcel *parcel_new(struct courier *courier, courier_done_fn *done, void *context)
{
    struct parcel *parcel = malloc(sizeof(*parcel));
    if (!parcel)
        return NULL;
    *parcel = (struct parcel){courier->underway, &courier->underway, courier, done, context};
    if (parcel->next)
        parcel->next->place = &parcel->next;
    courier->underway = parcel;
    return parcel;
}

static void parcel_free(struct parcel *parcel)
{
    *parcel->place = parcel->next;
    if (parcel->next)
        parcel->next->place = parcel->place;
    free(parcel);
}

static void arrive(struct parcel *parcel, int error, struct span detail)
{
    courier_done_fn *done = parcel->done;
    void *context = parcel->context;
    parcel_free(parcel);
    done(context, error, detail);
}

static void on_hook(void *context, int error, struct span detail)
{
    arrive(context, error, detail);
}

static void on_delivered(void *context, enum outcome outcome, struct message *answer)
{
    struct delivered delivered = {EIO, SPAN("varta-deliver gave no answer")};
    arena_auto arena = arena_new(DETAIL_BYTES);
    buf_auto detail = buf_new(4 * DETAIL_BYTES);
    if (outcome == OUTCOME_HELPER_TIMEOUT)
        delivered.error = ETIMEDOUT;
    if (outcome == OUTCOME_OK && !delivered_get(answer->payload, &arena, &delivered)) {
        delivered = (struct delivered){EBADMSG, SPAN("varta-deliver gave a malformed answer")};
        answer->refused = true;
    }
    alert_clean(&detail, delivered.detail);
    arrive(context, -(int)delivered.error, buf_span(&detail));
}

int courier_send(struct courier *courier, size_t sink, struct span json, courier_done_fn *done, void *context)
{
    if (sink >= courier->sink_count)
        return -EINVAL;
    const struct config_sink *one = &courier->sinks[sink];
    struct parcel *parcel = parcel_new(courier, done, context);
    if (!parcel)
        return -ENOMEM;
    struct hook_order order = {one->argv, one->argv_count, json,
                               one->timeout_s ? one->timeout_s * 1000 : TIMEOUT_MS};
    int result = one->kind == SINK_EXEC ? hook_run(courier->hooks, &order, on_hook, parcel)
                                        : helpers_deliver(courier->helpers, sink, json, on_delivered, parcel);
    if (result < 0)
        parcel_free(parcel);
    return result;
}
