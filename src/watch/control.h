/*
 * The daemon's ear for its own commands: a Unix socket, one JSON object a line in, JSON Lines out, an empty
 * line at the end. Who may speak is who may open the socket (group and mode of its folder and file); who
 * speaks is told by the kernel.
 */
#pragma once

#include "base/buf.h"
#include "watch/watch_limits.h"

#include <jansson.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

struct control;

/** Answers one request: appends lines to `reply`, each with its line feed. `user` is the name or number of
 * who asks. */
typedef void control_answer_fn(void *context, const json_t *request, const char *user, struct buf *reply);

/** False for a process that may not ask; `pid` is 0 where the kernel does not say. */
typedef bool control_guard_fn(void *context, pid_t pid);

/** Listens at `path`, in place of a socket that nobody listens at any more; mode 0660. Returns 0 or a
 * negative errno: -EADDRINUSE when another daemon listens there. */
int control_open(sd_event *event, const char *path, control_answer_fn *answer, void *context,
                 struct control **ret_control);
/** From now on who connects is let in only if `guard` says so: who may open the socket is the same user as
 * the helpers that meet the attacker's bytes, and none of those has anything to ask. */
void control_guard(struct control *control, control_guard_fn *guard, void *context);

void control_close(struct control *control);
