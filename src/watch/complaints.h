/*
 * What a helper says on standard error: libraries' warnings, a sanitizer's report, or the words of whoever
 * took it over. It gets a pipe of its own instead of the supervisor's standard error, so that it can neither
 * forge the supervisor's lines there nor empty the file that they go to. The supervisor tells each line with
 * the helper's name before it and made harmless, up to a number of lines; the helper never waits for that.
 */
#pragma once

#include <sys/types.h>
#include <systemd/sd-event.h>

struct complaints;

/** Told of each line, "NAME says: …", one line that ends in NUL and is borrowed. */
typedef void complaints_tell_fn(void *context, const char *text);

enum {
    COMPLAINTS_LINES = 200,       /**< lines told of one process; it is said once when they are used up */
    COMPLAINTS_LINE = 400,        /**< bytes told of a line; "…" stands for the rest */
    COMPLAINTS_BYTES = 256 << 10, /**< bytes read of one process, told or not */
};

struct complaints_settings {
    sd_event *event;
    const char *name; /**< of the helper, "varta-read"; borrowed for as long as it lives */
    complaints_tell_fn *tell;
    void *context;
};

/** Starts the helper, see spawn_helper(), and listens to it from then on. Returns 0, or a negative errno with
 * nothing started. */
int complaints_spawn(const struct complaints_settings *settings, char *const argv[],
                     struct complaints **ret_complaints, pid_t *ret_pid, int *ret_channel);

/** Once the helper has ended: tells what still stands in the pipe, and forgets it. NULL is allowed.
 * Returns NULL. */
struct complaints *complaints_close(struct complaints *complaints);
