/*
 * varta-deliver: takes notices to one sink. There is one process for each, for three reasons: a sink that is
 * slow or dead costs nobody else time; whoever takes over one by what its sink answers holds one secret and
 * not all; and a sink that is a file needs no network, one that is on the network no file. It is told of its
 * sink once, reads the secret and the certificates itself, and locks itself in before it looks at a notice or
 * speaks to anybody. It decides nothing and never sends a secret back.
 */
#include "base/utf8.h"
#include "os/sandbox.h"
#include "os/spawn.h"
#include "pipeline/alert/alert.h"
#include "pipeline/evidence/exports.h"
#include "wire/message.h"
#include "wire/records.h"
#include "workers/notice_form.h"
#include "workers/roles.h"
#include "workers/template.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { ORDER_BYTES = 96 << 10 };

struct deliverer {
    struct arena arena; /* of the order */
    struct sink_order order;
    struct way *way; /* NULL until it could be opened, which is tried with each notice */
    enum sandbox_level level;
};

static bool take_sink(struct deliverer *deliverer)
{
    struct message message;
    if (message_receive(SPAWN_CHANNEL, &message) <= 0)
        return false;
    bool good =
        message.type == MESSAGE_SINK && sink_order_get(message.payload, &deliverer->arena, &deliverer->order);
    message_free(&message);
    return good;
}

static bool say_ready(int layers)
{
    buf_auto ready = buf_new(64);
    put_u32(&ready, (uint32_t)layers);
    put_span(&ready, (struct span){NULL, 0});
    return message_send(SPAWN_CHANNEL, MESSAGE_READY, 0, buf_span(&ready), NULL, 0) == 0;
}

/* The journal's socket, or a syslog daemon's on this machine. */
static bool is_local(const struct sink_order *order)
{
    return order->way == WAY_JOURNAL ||
           (order->way == WAY_SYSLOG &&
            (span_starts(order->target, SPAN("local")) || span_starts(order->target, SPAN("unix:"))));
}

/* Its sink's port, and that of servers of names. */
static int lock_network(enum sandbox_level level, const struct sink_order *order)
{
    enum { NAMES = 53 };
    const uint16_t ports[] = {NAMES, way_port(order)};
    int result = sandbox_ports(level, ports, ports[1] ? 2 : 1);
    return result < 0
               ? result
               : sandbox_network(level, is_local(order), order->ca_file.size ? order->ca_file.at : NULL);
}

static void lock_in(const struct deliverer *deliverer)
{
    const char *folder = way_folder(deliverer->way);
    int layers =
        folder ? sandbox_append(deliverer->level, folder) : lock_network(deliverer->level, &deliverer->order);
    if (layers < 0 || !say_ready(layers))
        exit(EXIT_FAILURE);
}

/* Until the way is open nothing but the order has been looked at, so waiting for a secret to appear uncaged
 * is no risk. */
static int ensure_way(struct deliverer *deliverer, struct buf *detail)
{
    if (deliverer->way)
        return 0;
    int result = way_open(&deliverer->order, &deliverer->way, detail);
    if (result == 0)
        lock_in(deliverer);
    return result;
}

/* What varta tells of itself is no event for other CERTs: it is taken, and not sent. */
static int send_as(struct deliverer *deliverer, const struct notice *notice, struct buf *detail)
{
    buf_auto body = buf_new(EXPORT_BYTES);
    if (deliverer->order.format == FORMAT_VARTA)
        return way_send(deliverer->way, notice, buf_span(&body), detail);
    if (!notice_form_suits(notice, deliverer->order.format))
        return 0;
    notice_form_put(notice, deliverer->order.format, &body);
    return body.failed ? -ENOMEM : way_send(deliverer->way, notice, buf_span(&body), detail);
}

static int deliver(struct deliverer *deliverer, struct span json, struct buf *detail)
{
    struct notice notice;
    const char *why = "it is too large";
    int result = ensure_way(deliverer, detail);
    if (result < 0)
        return result;
    result = notice_parse(json, &notice, &why);
    if (result < 0) {
        buf_add_format(detail, "the notice is refused: %s", why);
        return result;
    }
    result = send_as(deliverer, &notice, detail);
    notice_free(&notice);
    return result;
}

static bool answer(uint64_t job, int result, struct buf *detail)
{
    buf_auto clean = buf_new(4 * ROLE_DELIVER_DETAIL);
    buf_auto payload = buf_new(8 * ROLE_DELIVER_DETAIL);
    utf8_add_clean(&clean, span_cut(buf_span(detail), 0, ROLE_DELIVER_DETAIL));
    struct delivered delivered = {(uint32_t)-result, buf_span(&clean)};
    delivered_put(&payload, &delivered);
    return message_send(SPAWN_CHANNEL, MESSAGE_DELIVERED, job, buf_span(&payload), NULL, 0) == 0;
}

static bool take_notice(struct deliverer *deliverer)
{
    struct message message;
    if (message_receive(SPAWN_CHANNEL, &message) <= 0)
        return false;
    buf_auto detail = buf_new(64 << 10);
    int result = message.type == MESSAGE_DELIVER ? deliver(deliverer, message.payload, &detail) : -EBADMSG;
    bool sent = answer(message.job, result, &detail);
    message_free(&message);
    return sent;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    struct deliverer deliverer = {.arena = arena_new(2 * ORDER_BYTES), .level = template_level(argc, argv)};
    if (!take_sink(&deliverer))
        return EXIT_FAILURE;
    while (take_notice(&deliverer))
        continue;
    way_close(deliverer.way);
    arena_free(&deliverer.arena);
    return EXIT_SUCCESS;
}
