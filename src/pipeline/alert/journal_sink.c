/*
 * The way to systemd's journal, by its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): one datagram a
 * notice. The socket is connected anew each time, so that a restarted journal is never missed.
 */
#include "os/clock.h"
#include "pipeline/alert/alert.h"
#include "pipeline/alert/dial.h"
#include "pipeline/alert/way_kinds.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct journal_sink {
    const char *path;
    uint32_t timeout_ms;
};

static int open_sink(const struct sink_order *order, void **ret_state, struct buf *detail)
{
    (void)detail;
    struct journal_sink *sink = malloc(sizeof(*sink));
    if (!sink)
        return -ENOMEM;
    *sink = (struct journal_sink){order->target.size ? order->target.at : "/run/systemd/journal/socket",
                                  order->timeout_ms};
    *ret_state = sink;
    return 0;
}

static int send_notice(void *state, const struct notice *notice, struct span body, struct buf *detail)
{
    (void)body; /* has one form */
    const struct journal_sink *sink = state;
    buf_auto fields = buf_new(JOURNAL_FIELDS_BYTES);
    journal_fields(notice, &fields);
    if (fields.failed)
        return -EMSGSIZE;
    int64_t deadline_ms = clock_steady_ms() + sink->timeout_ms;
    int fd = dial_local(sink->path, deadline_ms);
    int result = fd < 0 ? fd : dial_send(fd, buf_span(&fields), deadline_ms);
    if (fd >= 0)
        close(fd);
    if (result < 0)
        buf_add_format(detail, "the journal's socket %s takes nothing", sink->path);
    return result;
}

const struct way_kind way_journal = {open_sink, send_notice, free, NULL};
