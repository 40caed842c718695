/*
 * HTTP heads for an archive. What is stored is the head as it came and the body as it was read, decompressed
 * and put together; a reader of the archive must not do that a second time. So what the head says of it is
 * renamed, as crawlers that go by a browser do, and the head as it came is kept beside.
 */
#pragma once

#include "base/buf.h"

/** Writes a response's head for a body of `body_size` bytes. Sets `*ret_changed` when it differs from what
 * came. */
void http_head_response(struct span head, uint64_t body_size, struct buf *out, bool *ret_changed);

/** Writes a request's head: HTTP/2's is written down as HTTP/1.1. */
void http_head_request(struct span head, struct buf *out);

/** The value of the last header of that name; empty when there is none. Borrowed from `head`. */
struct span http_head_value(struct span head, struct span name);

/** "h2", "http/1.1", "http/1.0" for the `HTTP/…` that a response's head begins with; "" for none. */
const char *http_head_protocol(struct span head);
