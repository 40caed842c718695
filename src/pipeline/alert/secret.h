/* A secret of one sink, in one place, wiped when it is done with. */
#pragma once

#include "pipeline/alert/alert_limits.h"

#include "base/buf.h"

struct secret {
    char at[SECRET_BYTES]; /**< ends in NUL */
    size_t size;
};

/** Reads a file without the line end behind it. Returns 0, or a negative errno and why in `detail`: -EINVAL
 * for an empty one or one with a NUL, -E2BIG for one that is too long. */
int secret_read(const char *path, struct secret *ret_secret, struct buf *detail);
void secret_wipe(struct secret *secret);
