/*
 * What varta-read and varta-ocr have in common: a template process that loads what it needs, locks itself in,
 * and forks one child per job. The child meets one page's bytes, answers over a socket of its own, and dies,
 * so page A can never touch what page B is judged on, and nothing leaks. The template itself never looks at a
 * page's bytes.
 */
#pragma once

#include "base/buf.h"
#include "os/sandbox.h"
#include "wire/message.h"

/**
 * Does one job, in the child. `order` is the order's payload, `input` the bytes to read. Appends the answer
 * to `reply`; may set `*ret_fd` to a memory file that goes with it. Returns 0, or -ENOMEM when no answer
 * could be made.
 */
typedef int template_job_fn(void *context, struct span order, struct span input, struct buf *reply,
                            int *ret_fd);

struct template
{
    enum message_type
        takes; /**< the message that brings a job: descriptor 0 the input, descriptor 1 the reply socket */
    enum message_type gives; /**< the message that answers it */
    template_job_fn *job;
    void *context;
    struct sandbox_limits limits; /**< of one job */
    size_t input_bytes;           /**< a longer input is refused */
    size_t reply_bytes;           /**< the ceiling of an answer */
    size_t heap_bytes;            /**< for heap_keep(); 0 for malloc's own habits */
    uint32_t deadline_ms;         /**< a job that takes longer is killed */
    enum sandbox_level level;
};

/** Locks the process in, says it is ready (`missing` names what was not found, may be NULL), and serves until
 * the supervisor closes the channel. Returns the process's exit code. */
int template_serve(const struct template *template, const char *missing);

/** The sandbox level that the supervisor gave as first argument; strict when it gave none. */
enum sandbox_level template_level(int argc, char **argv);
