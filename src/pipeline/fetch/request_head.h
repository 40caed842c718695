/*
 * The head of a request. Who wants to show a page to visitors only tells them from a monitor by what is
 * missing in it, so a look as a browser sends what Chrome sends, in Chrome's order, as measured on the wire.
 */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"

/**
 * Appends the header lines sent beside the library's own for a request to `url`, each ending in a line feed.
 * `trusted`: as to an origin that browsers tell more; `page`: on which a picture stands. Both are absolute
 * addresses in ASCII, without a password. Validators came from the server as printable ASCII.
 */
void request_head_put(const struct fetch_order *order, struct span url, struct span page, bool trusted,
                      struct buf *out);

/** True for an origin that browsers trust with more headers: https and loopback. */
bool request_head_trusts(struct span url);
