/* See http_head.h. */
#include "pipeline/evidence/http_head.h"

#include <stdio.h>

static struct span line_end(struct span line)
{
    while (line.size && (line.at[line.size - 1] == '\r' || line.at[line.size - 1] == '\n'))
        line.size--;
    return line;
}

const char *http_head_protocol(struct span head)
{
    if (span_starts(head, SPAN("HTTP/2")))
        return "h2";
    return span_starts(head, SPAN("HTTP/1.1"))   ? "http/1.1"
           : span_starts(head, SPAN("HTTP/1.0")) ? "http/1.0"
                                                 : "";
}

struct span http_head_value(struct span head, struct span name)
{
    struct span line, value = {NULL, 0};
    while (span_next(&head, '\n', &line)) {
        size_t colon = span_find(line, SPAN(":"), 0);
        if (colon < line.size && span_equal_nocase(span_cut(line, 0, colon), name))
            value = span_trim(span_cut(line, colon + 1, line.size));
    }
    return value;
}

/* Readers know a status line of HTTP/1; what HTTP/2 sends has none of its own. */
static void put_status(struct span line, struct buf *out)
{
    if (span_starts(line, SPAN("HTTP/1."))) {
        buf_add_span(out, line);
    } else {
        size_t space = span_find(line, SPAN(" "), 0);
        buf_add_text(out, "HTTP/1.1");
        buf_add_span(out, span_cut(line, space, line.size));
    }
    buf_add_text(out, "\r\n");
}

static bool tells_of_body(struct span name)
{
    return span_equal_nocase(name, SPAN("content-encoding")) ||
           span_equal_nocase(name, SPAN("transfer-encoding")) ||
           span_equal_nocase(name, SPAN("content-length"));
}

/* A line that says of the body what is not so any more; one that gives its right length stays. */
static bool is_outdated(struct span line, uint64_t body_size, bool *has_length)
{
    char length[24];
    size_t colon = span_find(line, SPAN(":"), 0);
    struct span name = span_trim(span_cut(line, 0, colon)),
                value = span_trim(span_cut(line, colon + 1, line.size));
    snprintf(length, sizeof(length), "%llu", (unsigned long long)body_size);
    if (!*has_length && span_equal_nocase(name, SPAN("content-length")) &&
        span_equal(value, span_of(length))) {
        *has_length = true;
        return false;
    }
    return tells_of_body(name);
}

void http_head_response(struct span head, uint64_t body_size, struct buf *out, bool *ret_changed)
{
    struct span rest = head, line;
    size_t begun = out->size;
    bool first = true, has_length = false;
    while (span_next(&rest, '\n', &line)) {
        line = line_end(line);
        if (line.size == 0)
            continue;
        if (first) {
            put_status(line, out);
        } else {
            if (is_outdated(line, body_size, &has_length))
                buf_add_text(out, "X-Orig-");
            buf_add_span(out, line);
            buf_add_text(out, "\r\n");
        }
        first = false;
    }
    if (!has_length)
        buf_add_format(out, "Content-Length: %llu\r\n", (unsigned long long)body_size);
    buf_add_text(out, "\r\n");
    *ret_changed = !span_equal(span_cut(buf_span(out), begun, out->size), head);
}

void http_head_request(struct span head, struct buf *out)
{
    struct span rest = head, line;
    bool first = true;
    while (span_next(&rest, '\n', &line)) {
        line = line_end(line);
        if (line.size == 0)
            continue;
        size_t version = first ? span_find(line, SPAN(" HTTP/2"), 0) : line.size;
        buf_add_span(out, span_cut(line, 0, version));
        buf_add_text(out, version < line.size ? " HTTP/1.1\r\n" : "\r\n");
        first = false;
    }
    buf_add_text(out, "\r\n");
}
