/* The ways to files: the Nagios command pipe or file, and JSON Lines. */
#include "os/clock.h"
#include "pipeline/alert/alert.h"
#include "pipeline/alert/append_file.h"
#include "pipeline/alert/way_kinds.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct file_sink {
    struct append_file *file;
    uint32_t timeout_ms;
    char host[256]; /* our own name */
};

static void close_sink(void *state)
{
    struct file_sink *sink = state;
    append_file_free(sink->file);
    free(sink);
}

static int open_sink(const struct sink_order *order, void **ret_state, struct buf *detail)
{
    struct file_sink *sink = calloc(1, sizeof(*sink));
    if (!sink)
        return -ENOMEM;
    sink->timeout_ms = order->timeout_ms;
    if (gethostname(sink->host, sizeof(sink->host) - 1) < 0)
        sink->host[0] = '\0';
    int result = order->target.size ? append_file_new(order->target.at, &sink->file) : -EINVAL;
    if (result == 0 && access(append_file_folder(sink->file), X_OK) < 0)
        result = -errno;
    if (result < 0) {
        buf_add_format(detail, "the folder of %s cannot be used",
                       order->target.size ? order->target.at : "''");
        close_sink(sink);
        return result;
    }
    *ret_state = sink;
    return 0;
}

static int append(struct file_sink *sink, struct buf *lines, struct buf *detail)
{
    int result = lines->failed
                     ? -EMSGSIZE
                     : append_file_put(sink->file, buf_span(lines), clock_steady_ms() + sink->timeout_ms);
    if (result == -ENXIO)
        buf_add_text(detail, "nobody reads the pipe");
    return result;
}

static int send_nagios(void *state, const struct notice *notice, struct span body, struct buf *detail)
{
    (void)body; /* has one form */
    struct file_sink *sink = state;
    buf_auto lines = buf_new(FILE_LINES_BYTES);
    nagios_lines(notice, span_of(sink->host), &lines);
    return append(sink, &lines, detail);
}

static int send_json(void *state, const struct notice *notice, struct span body, struct buf *detail)
{
    struct file_sink *sink = state;
    buf_auto line = buf_new(FILE_LINES_BYTES);
    if (body.size)
        buf_add_span(&line, body);
    else
        notice_line(notice, &line);
    buf_add_byte(&line, '\n');
    return append(sink, &line, detail);
}

static const char *folder(const void *state)
{
    const struct file_sink *sink = state;
    return append_file_folder(sink->file);
}

const struct way_kind way_nagios = {open_sink, send_nagios, close_sink, folder};
const struct way_kind way_file = {open_sink, send_json, close_sink, folder};
