/*
 * varta-deliver: takes finished messages to the sinks. It is the one that will hold their secrets, so it sees
 * no page and decides nothing; a sink that is slow or dead costs this process time and nobody else.
 */
#include "os/sandbox.h"
#include "os/spawn.h"
#include "pipeline/alert/alert.h"
#include "wire/message.h"
#include "wire/records.h"
#include "workers/roles.h"
#include "workers/template.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_SINKS = 32, ORDER_BYTES = 64 << 10 };

struct sink {
    struct span target;
    struct syslog_sink *way;
};

struct deliverer {
    struct arena arena; /* the sinks' names */
    struct sink sinks[MAX_SINKS];
    size_t count;
};

static struct syslog_sink *sink_for(struct deliverer *deliverer, struct span target)
{
    for (size_t i = 0; i < deliverer->count; i++)
        if (span_equal(deliverer->sinks[i].target, target))
            return deliverer->sinks[i].way;
    struct syslog_target parsed;
    struct sink *sink = &deliverer->sinks[deliverer->count];
    if (deliverer->count == MAX_SINKS || syslog_target_parse(target.at, &parsed) < 0 ||
        syslog_sink_new(&parsed, &sink->way) < 0)
        return NULL;
    sink->target = arena_copy(&deliverer->arena, target);
    deliverer->count++;
    return sink->way;
}

static int deliver(struct deliverer *deliverer, struct span order_bytes)
{
    arena_auto arena = arena_new(ORDER_BYTES);
    struct delivery_order order;
    if (!delivery_order_get(order_bytes, &arena, &order))
        return -EBADMSG;
    struct syslog_sink *way = sink_for(deliverer, order.target);
    return way ? syslog_sink_send(way, order.line, ROLE_DELIVER_WAIT_MS) : -EINVAL;
}

static bool take_order(struct deliverer *deliverer)
{
    struct message message;
    if (message_receive(SPAWN_CHANNEL, &message) <= 0)
        return false;
    int result = message.type == MESSAGE_DELIVER ? deliver(deliverer, message.payload) : -EBADMSG;
    buf_auto answer = buf_new(64);
    put_u32(&answer, (uint32_t)-result);
    bool sent = message_send(SPAWN_CHANNEL, MESSAGE_DELIVERED, message.job, buf_span(&answer), NULL, 0) == 0;
    message_free(&message);
    return sent;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    struct deliverer deliverer = {.arena = arena_new(ORDER_BYTES)};
    int layers = sandbox_network(template_level(argc, argv));
    if (layers < 0)
        return EXIT_FAILURE;
    buf_auto ready = buf_new(64);
    put_u32(&ready, (uint32_t)layers);
    put_span(&ready, (struct span){NULL, 0});
    if (message_send(SPAWN_CHANNEL, MESSAGE_READY, 0, buf_span(&ready), NULL, 0) < 0)
        return EXIT_FAILURE;
    while (take_order(&deliverer))
        continue;
    for (size_t i = 0; i < deliverer.count; i++)
        syslog_sink_free(deliverer.sinks[i].way);
    arena_free(&deliverer.arena);
    return EXIT_SUCCESS;
}
