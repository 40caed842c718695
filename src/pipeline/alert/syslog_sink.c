/*
 * The way to a syslog collector: the local socket, UDP (RFC 5426), TCP with octet counting (RFC 6587) and TLS
 * (RFC 5425, the same framing). Syslog acknowledges nothing: what TCP took may still be lost with a collector
 * that dies, which is as much as the protocol can promise.
 */
#include "os/clock.h"
#include "pipeline/alert/alert.h"
#include "pipeline/alert/dial.h"
#include "pipeline/alert/tls_stream.h"
#include "pipeline/alert/way_kinds.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIRST_PAUSE_MS = 1000, LAST_PAUSE_MS = 60000, HOST_BYTES = 256 };

struct syslog_sink {
    struct syslog_target target;
    int facility;
    uint32_t timeout_ms;
    char host[HOST_BYTES]; /* our own name */
    int pid;               /* of the supervisor: it is the one that speaks */
    int fd;                /* -1 while there is no connection */
    struct tls_settings *tls;
    struct tls_stream *stream; /* on top of fd; NULL unless the transport is TLS */
    int error;                 /* of the last attempt to connect, 0 when it worked */
    int pause_ms; /* after a failure nothing is tried for so long: a dead collector must not cost its wait for
                     each message */
    int64_t resume_ms; /* steady clock */
};

static void drop(struct syslog_sink *sink)
{
    tls_stream_free(sink->stream);
    sink->stream = NULL;
    if (sink->fd >= 0)
        close(sink->fd);
    sink->fd = -1;
}

static int note_attempt(struct syslog_sink *sink, int result)
{
    sink->error = result < 0 ? result : 0;
    if (result >= 0) {
        sink->pause_ms = 0;
        return result;
    }
    int twice = sink->pause_ms * 2;
    sink->pause_ms = twice < FIRST_PAUSE_MS ? FIRST_PAUSE_MS : twice > LAST_PAUSE_MS ? LAST_PAUSE_MS : twice;
    sink->resume_ms = clock_steady_ms() + sink->pause_ms;
    return result;
}

static bool is_stale(const struct syslog_sink *sink)
{
    if (sink->stream)
        return tls_stream_is_stale(sink->stream);
    return sink->target.transport == SYSLOG_TCP && dial_is_stale(sink->fd);
}

static int connect_now(struct syslog_sink *sink, int64_t deadline_ms, struct buf *detail)
{
    const struct syslog_target *target = &sink->target;
    bool stream = target->transport == SYSLOG_TCP || target->transport == SYSLOG_TLS;
    int fd = target->transport == SYSLOG_UNIX
                 ? dial_local(target->path, deadline_ms)
                 : dial_host(target->host, target->port, stream ? SOCK_STREAM : SOCK_DGRAM, deadline_ms);
    if (fd < 0)
        return fd;
    sink->fd = fd;
    if (target->transport != SYSLOG_TLS)
        return 0;
    int result = tls_stream_new(sink->tls, fd, target->host, deadline_ms, &sink->stream, detail);
    if (result < 0)
        drop(sink);
    return result;
}

static int ensure_connection(struct syslog_sink *sink, int64_t deadline_ms, struct buf *detail)
{
    if (sink->fd >= 0 && is_stale(sink))
        drop(sink);
    if (sink->fd >= 0)
        return 0;
    if (sink->error && clock_steady_ms() < sink->resume_ms) {
        buf_add_text(detail, "the last connection failed a moment ago");
        return sink->error;
    }
    return note_attempt(sink, connect_now(sink, deadline_ms, detail));
}

static int put_line(struct syslog_sink *sink, struct span line, int64_t deadline_ms, struct buf *detail)
{
    if (sink->target.transport == SYSLOG_UNIX || sink->target.transport == SYSLOG_UDP)
        return dial_send(sink->fd, line, deadline_ms);
    buf_auto framed = buf_new(SYSLOG_LINE_BYTES + 64);
    buf_add_format(&framed, "%zu ", line.size);
    buf_add_span(&framed, line);
    if (framed.failed)
        return -ENOMEM;
    return sink->stream ? tls_stream_send(sink->stream, buf_span(&framed), deadline_ms, detail)
                        : dial_send(sink->fd, buf_span(&framed), deadline_ms);
}

static int send_once(struct syslog_sink *sink, struct span line, int64_t deadline_ms, struct buf *detail)
{
    int result = ensure_connection(sink, deadline_ms, detail);
    if (result < 0)
        return result;
    result = put_line(sink, line, deadline_ms, detail);
    if (result < 0)
        drop(sink);
    return result;
}

static int send_notice(void *state, const struct notice *notice, struct span body, struct buf *detail)
{
    struct syslog_sink *sink = state;
    enum syslog_transport transport = sink->target.transport;
    bool datagram = transport == SYSLOG_UNIX || transport == SYSLOG_UDP;
    buf_auto line = buf_new(SYSLOG_LINE_BYTES);
    size_t limit = datagram ? SYSLOG_DATAGRAM_BYTES : SYSLOG_LINE_BYTES;
    if (body.size)
        syslog_text_line(notice, body, sink->facility, span_of(sink->host), sink->pid, limit, &line);
    else
        syslog_line(notice, sink->facility, span_of(sink->host), sink->pid, limit, &line);
    if (line.failed)
        return -ENOMEM;
    bool kept = sink->fd >= 0;
    int64_t deadline_ms = clock_steady_ms() + sink->timeout_ms;
    int result = send_once(sink, buf_span(&line), deadline_ms, detail);
    /* a connection kept from before may have died since; one made just now has not */
    return result < 0 && kept ? send_once(sink, buf_span(&line), deadline_ms, detail) : result;
}

static void close_sink(void *state)
{
    struct syslog_sink *sink = state;
    drop(sink);
    tls_settings_free(sink->tls);
    free(sink);
}

static int open_sink(const struct sink_order *order, void **ret_state, struct buf *detail)
{
    struct syslog_sink *sink = calloc(1, sizeof(*sink));
    if (!sink)
        return -ENOMEM;
    sink->fd = -1;
    sink->facility = (int)order->facility;
    sink->timeout_ms = order->timeout_ms;
    sink->pid = getppid();
    if (gethostname(sink->host, HOST_BYTES - 1) < 0)
        sink->host[0] = '\0';
    int result = syslog_target_parse(order->target.at, &sink->target);
    if (result < 0)
        buf_add_text(detail, "the target is none of local, unix:, udp:, tcp:, tls:");
    else if (sink->target.transport == SYSLOG_TLS)
        result = tls_settings_new(order, &sink->tls, detail);
    if (result < 0) {
        close_sink(sink);
        return result;
    }
    *ret_state = sink;
    return 0;
}

const struct way_kind way_syslog = {open_sink, send_notice, close_sink, NULL};
