/* Serving jobs in children; see template.h. */
#include "workers/template.h"

#include "base/outcome.h"
#include "os/clock.h"
#include "os/heap.h"
#include "os/memfile.h"
#include "os/spawn.h"
#include "wire/codec.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_CHILDREN = 32,
    EXIT_NO_MEMORY = 3,
    QUICK_MS = 200, /* milliseconds: an ordinary page takes 5; who takes longer gives way to who does not */
    SLOW_NICE = 10, /* added to its niceness then */
    WARM_LEAST = 32 << 10, /* bytes of heap that any page needs, and … */
    WARM_TIMES = 8,        /* … what it needs more for each byte: measured with pages of ministries */
    WARM_MOST = 1 << 20,
};

struct child {
    pid_t pid; /* 0: a free place */
    uint64_t job;
    int64_t deadline_ms;
    int64_t yields_ms; /* when it is made to give way to others; INT64_MAX once it does */
    bool overdue;
};

struct server {
    const struct template *template;
    struct sandbox_filter filter;
    struct child children[MAX_CHILDREN];
    size_t busy;
    int niceness; /* of this process */
};

static void on_child(int signal)
{
    (void)signal; /* only there to interrupt ppoll() */
}

/* ---- in the child ---- */

static void warm_up(const struct template *template, size_t input)
{
    size_t bytes = WARM_LEAST + (input < WARM_MOST ? input : WARM_MOST) * WARM_TIMES;
    if (template->heap_bytes)
        heap_warm(bytes < WARM_MOST ? bytes : WARM_MOST);
}

static int answer(const struct template *template, const struct message *message, struct buf *reply)
{
    struct span input;
    int result = memfile_map(message->fds[0], template->input_bytes, false, &input);
    if (result < 0)
        return result;
    warm_up(template, input.size);
    int fd = -1;
    result = template->job(template->context, message->payload, input, reply, &fd);
    if (result == 0 && reply->failed)
        result = -ENOMEM;
    if (result == 0)
        result = message_send(message->fds[1], template->gives, message->job, buf_span(reply), &fd,
                              fd >= 0 ? 1 : 0);
    return result;
}

/* Decoders print what they think of a picture; nothing an attacker can make them say goes to somebody's
 * terminal. A sanitizer's build keeps its mouth. */
static void fall_silent(void)
{
    if (sandbox_cages())
        dup2(STDOUT_FILENO, STDERR_FILENO); /* the supervisor has made that /dev/null */
}

static _Noreturn void run_child(struct server *server, const struct message *message)
{
    const struct template *template = server->template;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* not inherited: a child must not outlive its template */
    close(SPAWN_CHANNEL);
    fall_silent();
    if (sandbox_job(template->level, &server->filter, &template->limits) < 0)
        _exit(EXIT_FAILURE);
    struct buf reply = buf_new(template->reply_bytes);
    int result = answer(template, message, &reply);
    _exit(result == 0 ? EXIT_SUCCESS : result == -ENOMEM ? EXIT_NO_MEMORY : EXIT_FAILURE);
}

/* ---- in the template ---- */

static void report(uint64_t job, enum outcome outcome)
{
    buf_auto payload = buf_new(16);
    put_u32(&payload, outcome);
    if (message_send(SPAWN_CHANNEL, MESSAGE_ENDED, job, buf_span(&payload), NULL, 0) < 0)
        _exit(EXIT_FAILURE);
}

static enum outcome ending(const struct child *child, int status)
{
    if (WIFEXITED(status))
        return WEXITSTATUS(status) == 0                ? OUTCOME_OK
               : WEXITSTATUS(status) == EXIT_NO_MEMORY ? OUTCOME_HELPER_LIMIT
                                                       : OUTCOME_HELPER_CRASHED;
    switch (WTERMSIG(status)) {
    case SIGSYS: return OUTCOME_HELPER_SANDBOX;
    case SIGXCPU:
    case SIGXFSZ: return OUTCOME_HELPER_LIMIT;
    case SIGKILL: return child->overdue ? OUTCOME_HELPER_TIMEOUT : OUTCOME_HELPER_LIMIT;
    default: return OUTCOME_HELPER_CRASHED;
    }
}

static void reap(struct server *server)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        for (size_t i = 0; i < MAX_CHILDREN; i++) {
            struct child *child = &server->children[i];
            if (child->pid != pid)
                continue;
            report(child->job, ending(child, status));
            *child = (struct child){0};
            server->busy--;
        }
    }
}

static void kill_overdue(struct server *server, int64_t now_ms)
{
    for (size_t i = 0; i < MAX_CHILDREN; i++) {
        struct child *child = &server->children[i];
        if (child->pid == 0 || child->overdue || now_ms < child->deadline_ms)
            continue;
        child->overdue = true;
        kill(child->pid, SIGKILL);
    }
}

static void slow_down(struct server *server, int64_t now_ms)
{
    for (size_t i = 0; i < MAX_CHILDREN; i++) {
        struct child *child = &server->children[i];
        if (child->pid == 0 || now_ms < child->yields_ms)
            continue;
        child->yields_ms = INT64_MAX;
        setpriority(PRIO_PROCESS, (id_t)child->pid, server->niceness + SLOW_NICE);
    }
}

static int next_deadline_ms(const struct server *server, int64_t now_ms)
{
    int64_t wait = -1;
    for (size_t i = 0; i < MAX_CHILDREN; i++) {
        const struct child *child = &server->children[i];
        if (child->pid == 0 || child->overdue)
            continue;
        int64_t due_ms = child->yields_ms < child->deadline_ms ? child->yields_ms : child->deadline_ms;
        int64_t left = due_ms > now_ms ? due_ms - now_ms : 0;
        if (wait < 0 || left < wait)
            wait = left;
    }
    return (int)wait;
}

static struct child *free_place(struct server *server)
{
    for (size_t i = 0; i < MAX_CHILDREN; i++)
        if (server->children[i].pid == 0)
            return &server->children[i];
    return NULL;
}

static void start_job(struct server *server, const struct message *message)
{
    struct child *child = free_place(server);
    if (message->type != server->template->takes || message->fd_count != 2 || !child) {
        report(message->job, OUTCOME_HELPER_CRASHED);
        return;
    }
    pid_t pid = fork();
    if (pid == 0)
        run_child(server, message);
    if (pid < 0) {
        report(message->job, OUTCOME_HELPER_LIMIT);
        return;
    }
    int64_t now_ms = clock_steady_ms();
    *child = (struct child){.pid = pid,
                            .job = message->job,
                            .deadline_ms = now_ms + server->template->deadline_ms,
                            .yields_ms = now_ms + QUICK_MS};
    server->busy++;
}

/* The supervisor has its answer, or wants none any more: a child that was taken over could go on for its
 * whole time beside the next pages. */
static void end_job(struct server *server, uint64_t job)
{
    for (size_t i = 0; i < MAX_CHILDREN; i++)
        if (server->children[i].pid && server->children[i].job == job)
            kill(server->children[i].pid, SIGKILL);
}

/* Takes the next job when there is a free place. Returns false when the supervisor is gone. */
static bool take_job(struct server *server)
{
    struct message message;
    int result = message_receive(SPAWN_CHANNEL, &message);
    if (result <= 0)
        return false;
    if (message.type == MESSAGE_OVER)
        end_job(server, message.job);
    else
        start_job(server, &message);
    message_free(&message);
    return true;
}

static void wait_for_news(struct server *server, const sigset_t *open_mask, short *ret_events)
{
    struct pollfd channel = {.fd = server->busy < MAX_CHILDREN ? SPAWN_CHANNEL : -1, .events = POLLIN};
    int wait = next_deadline_ms(server, clock_steady_ms());
    struct timespec left = {wait / 1000, (long)(wait % 1000) * 1000000};
    int result = ppoll(&channel, 1, wait >= 0 ? &left : NULL, open_mask);
    *ret_events = result > 0 ? channel.revents : 0;
}

int template_serve(const struct template *template, const char *missing)
{
    struct server server = {.template = template, .niceness = getpriority(PRIO_PROCESS, 0)};
    sigset_t block, open_mask;
    sigemptyset(&block);
    sigaddset(&block, SIGCHLD);
    sigprocmask(SIG_BLOCK, &block, &open_mask);
    struct sigaction action = {.sa_handler = on_child};
    sigaction(SIGCHLD, &action, NULL);
    int layers = sandbox_template(template->level, &server.filter);
    if (layers < 0)
        return EXIT_FAILURE;
    if (template->heap_bytes) { /* now: what setting up left free would be copied for each child */
        heap_keep(template->heap_bytes);
        heap_level();
    }
    buf_auto ready = buf_new(4096);
    put_u32(&ready, (uint32_t)layers);
    put_span(&ready, span_of(missing));
    if (message_send(SPAWN_CHANNEL, MESSAGE_READY, 0, buf_span(&ready), NULL, 0) < 0)
        return EXIT_FAILURE;
    for (;;) {
        short events;
        wait_for_news(&server, &open_mask, &events);
        reap(&server);
        kill_overdue(&server, clock_steady_ms());
        slow_down(&server, clock_steady_ms());
        if (events && !take_job(&server))
            return EXIT_SUCCESS;
    }
}

enum sandbox_level template_level(int argc, char **argv)
{
    enum sandbox_level level = SANDBOX_STRICT;
    if (argc > 1)
        sandbox_level_parse(argv[1], &level);
    return level;
}
