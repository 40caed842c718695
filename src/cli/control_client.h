/* Asking the running daemon: one request, its answer line by line. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#define CONTROL_DEFAULT_PATH "/run/varta/control"

/** Told of each object of the answer, borrowed for the call. */
typedef void control_line_fn(void *context, const json_t *object);

/** What --control says, else $VARTA_CONTROL, else CONTROL_DEFAULT_PATH. */
const char *control_path(const char *option);

/** 0 when somebody listens at `path` whom we may talk to; else a negative errno: -EACCES for one whom we may
 * not. */
int control_reach(const char *path);

/**
 * Sends `request` (taken) to the daemon that listens at `path`. Returns an exit code: 0, or 3 after telling
 * why (nobody listens, the daemon's own error).
 */
int control_ask(const char *path, json_t *request, control_line_fn *each, void *context);
