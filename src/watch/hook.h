/*
 * Hooks: programs of the operator's that are given a notice. The danger is on both sides: a hook may hang,
 * flood, fork and never end, and the supervisor must not care; and what an attacker wrote must not become
 * part of a command. So there is no shell, the words of a page stand only in the JSON on standard input, and
 * the environment carries nothing but numbers and varta's own names.
 */
#pragma once

#include "base/span.h"

#include <stdint.h>
#include <systemd/sd-event.h>

enum {
    HOOK_AT_ONCE = 4,        /* programs at once; more wait */
    HOOK_GRACE_MS = 2000,    /* milliseconds between SIGTERM and SIGKILL at the deadline */
    HOOK_DETAIL_BYTES = 1024 /* bytes of a hook's output that are kept; the rest is read and dropped */
};

struct hooks;

struct hook_order {
    const struct span *argv; /**< argv_count words that end in NUL, the first an absolute path */
    size_t argv_count;
    struct span json;    /**< a notice */
    uint32_t timeout_ms; /**< from the start of the program */
};

/** The end of a hook. `error`: 0 for exit code 0; -ETIMEDOUT; -EBADMSG for what is no notice; -EIO for
 * another exit code or a signal, or what kept it from starting. `detail` says which, with the beginning of
 * its output. */
typedef void hook_done_fn(void *context, int error, struct span detail);

int hook_open(sd_event *event, struct hooks **ret_hooks);

/** Ends what runs, with its process group, drops what waits; nobody is called back. */
void hook_close(struct hooks *hooks);

/** Runs a program in a process group of its own, now or when one of those that run has ended. Everything is
 * copied. `done` is called once, from the event loop, never from here. Returns 0 or -ENOMEM. */
int hook_run(struct hooks *hooks, const struct hook_order *order, hook_done_fn *done, void *context);
