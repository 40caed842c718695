/*
 * The supervisor's helpers: starting them, handing them jobs, hearing of the end of each, whatever happens. A
 * job ends exactly once, in its callback: with an answer, or with the outcome that says why there is none. A
 * helper that dies fails the jobs it had and is started again; one that sends nonsense is killed.
 */
#pragma once

#include "os/sandbox.h"
#include "wire/message.h"
#include "wire/records.h"

#include <systemd/sd-event.h>

struct helpers;

/** Told of things an operator should know (a helper that died, a sandbox layer that is missing). `text` ends
 * in NUL. */
typedef void helpers_note_fn(void *context, const char *text);

/** The end of a job. `answer` is NULL unless `outcome` is OUTCOME_OK; it is borrowed, but descriptors may be
 * taken out. */
typedef void helpers_done_fn(void *context, enum outcome outcome, struct message *answer);

struct helpers_settings {
    sd_event *event;
    enum sandbox_level level;
    unsigned fetches; /**< pages and pictures in flight at once */
    unsigned jobs;    /**< reading and recognising children at once, each */
    helpers_note_fn *note;
    void *note_context;
};

/** Narrows this process (sandbox_supervisor()). No helper is started yet: each is, with its first job.
 * Returns 0 or -ENOMEM. */
int helpers_new(const struct helpers_settings *settings, struct helpers **ret_helpers);

/** Starts what fetches and reads pages now, so that it gets ready beside what this process does until the
 * first job. What cannot be started is tried again with that job, and told then. */
void helpers_get_ready(struct helpers *helpers);

/** Drops all jobs without calling back, ends the helpers. */
void helpers_free(struct helpers *helpers);

/** Queue a job. Return 0, or -ENOMEM when it was not taken (then there is no callback). Descriptors are
 * duplicated. */
int helpers_fetch(struct helpers *helpers, bool slow, const struct fetch_order *order, helpers_done_fn *done,
                  void *context);
int helpers_read(struct helpers *helpers, bool slow, int body, const struct read_request *order,
                 helpers_done_fn *done, void *context);
/** `rank`: how many pictures of the same look were handed in before. A lower one goes first, so that a page
 * of twelve new pictures holds up the first one of no other. */
int helpers_picture(struct helpers *helpers, bool slow, unsigned rank, int picture,
                    const struct picture_order *order, helpers_done_fn *done, void *context);

/** True while pictures wait for a free child: what is not urgent waits then. */
bool helpers_pictures_wait(const struct helpers *helpers);

/** From now on evidence is kept in this folder; the one who kept it elsewhere is ended, its jobs dropped
 * without calling back. The text is copied. Returns 0 or -ENOMEM. */
int helpers_keep_in(struct helpers *helpers, struct span folder);

/** Queues a keep_order, packed. The answer is a `kept`. Returns 0, -EINVAL without a folder, or -ENOMEM. */
int helpers_keep(struct helpers *helpers, const struct keep_order *order, helpers_done_fn *done,
                 void *context);
int helpers_clear(struct helpers *helpers, const struct clear_order *order, helpers_done_fn *done,
                  void *context);

enum { HELPERS_SINKS = 32 }; /* sinks: each has a process of its own */

/**
 * From now on sink `i` is orders[i], `count` at most HELPERS_SINKS; one whose way is WAY_COUNT is none. Each
 * gets a varta-deliver of its own with its first notice, so that a slow sink holds up no other and none sees
 * another's secret. Those of before are ended, their jobs dropped without calling back. Returns 0, -EINVAL or
 * -ENOMEM (then there are no sinks).
 */
int helpers_open_sinks(struct helpers *helpers, const struct sink_order *orders, size_t count);

/** Ends the sinks' processes and drops their jobs without calling back. */
void helpers_close_sinks(struct helpers *helpers);

/** Queues a notice for a sink; they go one after another. Returns 0, -EINVAL when there is no such sink, or
 * -ENOMEM. The answer is a `delivered`. */
int helpers_deliver(struct helpers *helpers, size_t sink, struct span json, helpers_done_fn *done,
                    void *context);

/** Kinds of helpers, and what they die of. */
enum { HELPERS_ROLES = 5, HELPERS_CAUSES = 6 };

/** What became of jobs and helpers since the start, by role. */
struct helpers_tally {
    uint64_t answered[HELPERS_ROLES], failed[HELPERS_ROLES];
    uint64_t deaths[HELPERS_ROLES][HELPERS_CAUSES];
};

/** "fetch", "read", "ocr", "keep", "deliver"; "sandbox", "limit", "signal", "timeout", "lied", "exit". */
const char *helpers_role(unsigned role);
const char *helpers_cause(unsigned cause);
const struct helpers_tally *helpers_tally(const struct helpers *helpers);

/** Jobs queued or in flight. */
size_t helpers_busy(const struct helpers *helpers);

/** True for a process that is a helper or the child of one. */
bool helpers_own(const struct helpers *helpers, pid_t pid);
