/* Notices that no incident stands behind: one look of `varta check`, and the try of `varta alert test`. */
#pragma once

#include "base/buf.h"
#include "watch/result.h"

/** Appends a notice of kind `result` as JSON of at most NOTICE_BYTES; what would make it longer is left out,
 * the least telling first. Returns 0, -EMSGSIZE or -ENOMEM. */
int plain_notice_result(const struct result *result, int64_t at_us, struct buf *out);

/** Appends a notice of kind `test`. `host` is this machine's name. */
int plain_notice_test(struct span host, int64_t at_us, struct buf *out);
