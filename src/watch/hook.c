/* The queue of hooks and the life of each: waiting, running, told to end, killed, ended. See hook.h. */
#include "watch/hook.h"

#include "base/arena.h"
#include "base/buf.h"
#include "os/memfile.h"
#include "pipeline/alert/alert.h"
#include "watch/hook_child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARENA_BYTES = 256 << 10, VARIABLES = 10, VARIABLE_BYTES = 128 };

struct hook {
    struct hook *next;
    struct hooks *all;
    struct arena arena; /* the words of argv */
    char **argv;
    char variables[VARIABLES][VARIABLE_BYTES];
    char *environment[VARIABLES + 1];
    int input;   /* memory file with the JSON */
    int refused; /* why it cannot run, found out when it was given; 0 when it can */
    const char *why;
    uint32_t timeout_ms;
    struct hook_child child;
    struct buf output;
    bool overdue;
    sd_event_source *output_source, *end_source, *timer;
    hook_done_fn *done;
    void *context;
};

struct hooks {
    sd_event *event;
    sd_event_source *pump;
    struct hook *waiting, **waiting_end; /* in order */
    struct hook *running;
    unsigned count; /* of those running */
};

/* ---- making ---- */

static void hook_free(struct hook *hook)
{
    sd_event_source_disable_unref(hook->output_source);
    sd_event_source_disable_unref(hook->end_source);
    sd_event_source_disable_unref(hook->timer);
    if (hook->input >= 0)
        close(hook->input);
    if (hook->child.output >= 0)
        close(hook->child.output);
    if (hook->child.pidfd >= 0)
        close(hook->child.pidfd);
    buf_free(&hook->output);
    arena_free(&hook->arena);
    free(hook);
}

static void add_variable(struct hook *hook, size_t *count, const char *name, struct span value)
{
    int size = snprintf(hook->variables[*count], VARIABLE_BYTES, "%s=%.*s", name, (int)value.size,
                        value.size ? value.at : "");
    if (size < 0 || size >= VARIABLE_BYTES)
        return;
    hook->environment[*count] = hook->variables[*count];
    ++*count;
}

static void add_number(struct hook *hook, size_t *count, const char *name, int64_t number)
{
    char text[24];
    snprintf(text, sizeof(text), "%lld", (long long)number);
    add_variable(hook, count, name, span_of(text));
}

/* Numbers and names of our own only: scripts forget to quote. */
static void make_environment(struct hook *hook, const struct notice *notice)
{
    size_t count = 0;
    add_variable(hook, &count, "PATH", SPAN("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
    add_variable(hook, &count, "LANG", SPAN("C.UTF-8"));
    add_variable(hook, &count, "VARTA_NOTICE_ID", notice->id);
    add_variable(hook, &count, "VARTA_KIND", span_of(notice_kind_name(notice->kind)));
    add_variable(hook, &count, "VARTA_SEVERITY", span_of(urgency_name(notice->urgency)));
    if (notice->verdict < VERDICT_KIND_COUNT)
        add_variable(hook, &count, "VARTA_VERDICT", span_of(verdict_name(notice->verdict)));
    if (notice->has_incident)
        add_number(hook, &count, "VARTA_INCIDENT", notice->incident);
    if (notice->campaign)
        add_number(hook, &count, "VARTA_CAMPAIGN", notice->campaign);
    if (notice->has_campaign)
        add_number(hook, &count, "VARTA_PAGES", notice->pages);
}

static int copy_argv(struct hook *hook, const struct hook_order *order)
{
    hook->argv = arena_alloc(&hook->arena, order->argv_count + 1, sizeof(*hook->argv));
    if (!hook->argv)
        return -ENOMEM;
    for (size_t i = 0; i < order->argv_count; i++)
        hook->argv[i] = (char *)(uintptr_t)arena_copy(&hook->arena, order->argv[i]).at;
    return hook->arena.failed ? -ENOMEM : 0;
}

static int take_notice(struct hook *hook, struct span json)
{
    struct notice notice;
    int result = notice_parse(json, &notice, &hook->why);
    if (result == -ENOMEM)
        return result;
    hook->refused = result;
    if (result < 0)
        return 0;
    make_environment(hook, &notice);
    notice_free(&notice);
    hook->input = memfile_new("notice", json);
    if (hook->input < 0)
        return hook->input;
    return lseek(hook->input, 0, SEEK_SET) < 0 ? -errno : 0;
}

int hook_run(struct hooks *hooks, const struct hook_order *order, hook_done_fn *done, void *context)
{
    struct hook *hook = calloc(1, sizeof(*hook));
    if (!hook)
        return -ENOMEM;
    hook->all = hooks;
    hook->arena = arena_new(ARENA_BYTES);
    hook->output = buf_new(HOOK_DETAIL_BYTES);
    hook->input = hook->child.output = hook->child.pidfd = -1;
    hook->timeout_ms = order->timeout_ms;
    hook->done = done;
    hook->context = context;
    int result = order->argv_count ? copy_argv(hook, order) : -EINVAL;
    if (result == 0)
        result = take_notice(hook, order->json);
    if (result < 0) {
        hook_free(hook);
        return -ENOMEM;
    }
    *hooks->waiting_end = hook;
    hooks->waiting_end = &hook->next;
    sd_event_source_set_enabled(hooks->pump, SD_EVENT_ONESHOT);
    return 0;
}

/* ---- ending ---- */

static void unlink_running(struct hook *hook)
{
    for (struct hook **at = &hook->all->running; *at; at = &(*at)->next) {
        if (*at != hook)
            continue;
        *at = hook->next;
        hook->all->count--;
        return;
    }
}

/* The hook is gone before its owner hears of it, who may give the next one. */
static void finish(struct hook *hook, int error, struct buf *detail)
{
    hook_done_fn *done = hook->done;
    void *context = hook->context;
    unlink_running(hook);
    sd_event_source_set_enabled(hook->all->pump, SD_EVENT_ONESHOT);
    hook_free(hook);
    done(context, error, buf_span(detail));
}

static void read_output(struct hook *hook)
{
    char bytes[4096];
    ssize_t got;
    for (int i = 0; i < 64 && (got = read(hook->child.output, bytes, sizeof(bytes))) > 0; i++) {
        size_t room = HOOK_DETAIL_BYTES - hook->output.size;
        buf_add(&hook->output, bytes, (size_t)got < room ? (size_t)got : room);
    }
}

/* What the whole group still does ends with its leader; the leader is not yet reaped, so the number is its
 * own. */
static int reap(struct hook *hook)
{
    int status = 0;
    siginfo_t about;
    while (waitid(P_PID, (id_t)hook->child.pid, &about, WEXITED | WNOWAIT) < 0 && errno == EINTR)
        continue;
    kill(-hook->child.pid, SIGKILL);
    while (waitpid(hook->child.pid, &status, 0) < 0 && errno == EINTR)
        continue;
    hook->child.pid = 0;
    return status;
}

static int judge_end(const struct hook *hook, int status, struct buf *detail)
{
    if (hook->overdue) {
        buf_add_format(detail, "not done within %u s, ended", (unsigned)(hook->timeout_ms / 1000));
        return -ETIMEDOUT;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (WIFEXITED(status))
        buf_add_format(detail, "exit code %d", WEXITSTATUS(status));
    else
        buf_add_format(detail, "ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    return -EIO;
}

static int on_end(sd_event_source *source, int fd, uint32_t events, void *context)
{
    (void)source;
    (void)fd;
    (void)events;
    struct hook *hook = context;
    buf_auto detail = buf_new(8 * HOOK_DETAIL_BYTES);
    int error = judge_end(hook, reap(hook), &detail);
    read_output(hook);
    struct span output = span_trim(buf_span(&hook->output));
    if (output.size) {
        buf_add_text(&detail, detail.size ? ": " : "");
        alert_clean(&detail, output);
    }
    finish(hook, error, &detail);
    return 0;
}

static int on_output(sd_event_source *source, int fd, uint32_t events, void *context)
{
    (void)fd;
    struct hook *hook = context;
    read_output(hook);
    if (events & (EPOLLHUP | EPOLLERR) && !(events & EPOLLIN))
        sd_event_source_set_enabled(source, SD_EVENT_OFF);
    return 0;
}

static int on_deadline(sd_event_source *source, uint64_t at_us, void *context)
{
    (void)at_us;
    struct hook *hook = context;
    kill(-hook->child.pid, hook->overdue ? SIGKILL : SIGTERM);
    hook->overdue = true;
    sd_event_source_set_time_relative(source, HOOK_GRACE_MS * 1000ull);
    sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    return 0;
}

/* ---- starting ---- */

static int watch_child(struct hook *hook)
{
    sd_event *event = hook->all->event;
    if (hook->child.pidfd < 0)
        return hook->child.pidfd;
    int result = sd_event_add_io(event, &hook->output_source, hook->child.output, EPOLLIN, on_output, hook);
    if (result >= 0)
        result = sd_event_add_io(event, &hook->end_source, hook->child.pidfd, EPOLLIN, on_end, hook);
    if (result >= 0)
        result = sd_event_add_time_relative(event, &hook->timer, CLOCK_MONOTONIC, hook->timeout_ms * 1000ull,
                                            0, on_deadline, hook);
    return result;
}

static void start(struct hook *hook)
{
    buf_auto detail = buf_new(HOOK_DETAIL_BYTES);
    int result = hook->refused;
    if (result < 0)
        buf_add_format(&detail, "the notice is refused: %s", hook->why ? hook->why : "too large");
    else
        result = hook_child_start(hook->argv, hook->environment, hook->input, &hook->child);
    if (result < 0) {
        finish(hook, result, &detail);
        return;
    }
    hook->next = hook->all->running;
    hook->all->running = hook;
    hook->all->count++;
    result = watch_child(hook);
    if (result < 0) {
        kill(-hook->child.pid, SIGKILL);
        reap(hook);
        finish(hook, result, &detail);
    }
}

static int on_pump(sd_event_source *source, void *context)
{
    (void)source;
    struct hooks *hooks = context;
    while (hooks->waiting && hooks->count < HOOK_AT_ONCE) {
        struct hook *hook = hooks->waiting;
        hooks->waiting = hook->next;
        if (!hooks->waiting)
            hooks->waiting_end = &hooks->waiting;
        start(hook);
    }
    return 0;
}

/* ---- all of them ---- */

int hook_open(sd_event *event, struct hooks **ret_hooks)
{
    struct hooks *hooks = calloc(1, sizeof(*hooks));
    if (!hooks)
        return -ENOMEM;
    hooks->event = event;
    hooks->waiting_end = &hooks->waiting;
    int result = sd_event_add_defer(event, &hooks->pump, on_pump, hooks);
    if (result < 0) {
        free(hooks);
        return result;
    }
    sd_event_source_set_enabled(hooks->pump, SD_EVENT_OFF);
    *ret_hooks = hooks;
    return 0;
}

void hook_close(struct hooks *hooks)
{
    if (!hooks)
        return;
    for (struct hook *hook; (hook = hooks->running);) {
        hooks->running = hook->next;
        kill(-hook->child.pid, SIGKILL);
        reap(hook);
        hook_free(hook);
    }
    for (struct hook *hook; (hook = hooks->waiting);) {
        hooks->waiting = hook->next;
        hook_free(hook);
    }
    sd_event_source_disable_unref(hooks->pump);
    free(hooks);
}
