/* A look at a few pages, files or URLs, without store and alerts: what `varta read` and `varta diff` do. */
#pragma once

#include "watch/desk.h"

/** Told of each look's end, in order of the arguments asked for; the journey's records may be taken out of
 * it. */
typedef void look_fn(void *context, size_t index, struct journey *journey);

/**
 * Looks at `count` arguments, each a URL (with scheme), a file, or "-" for standard input, all at once. A
 * file's pictures are looked up beside it and below, never elsewhere. Returns 0, or a negative errno after
 * telling why.
 */
int look_at(struct desk *desk, char *const *arguments, size_t count, look_fn *each, void *context);
