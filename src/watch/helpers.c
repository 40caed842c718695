/* The supervisor's side of its helpers; see helpers.h. */
#include "watch/helpers_inside.h"

#include "os/clock.h"
#include "os/names.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ORDER_BYTES = 96 << 10,
    MAX_DEATHS = 5,            /* in a row without an answer: then the helper is given up */
    GRACE_MS = 90000,          /* beyond every deadline of the helpers' own: a helper that hangs itself */
    DELIVERY_GRACE_MS = 30000, /* beyond a sink's own deadline: looking up a name cannot be cut short */
    DELIVERIES = 1,            /* at once: a sink's messages stay in order */
    KEEP_BYTES = 64 << 20,     /* bytes of a moment that is kept */
    NAMES_MS = 100,            /* what names are looked up by is looked at so often at most */
    SMALL_BYTES = 128 << 10,   /* of a page whose child takes some MB: gumbo needs about 40 times as much */
    SMALL_MORE = 5,            /* of them in flight beyond the limit: children begin, answer and end by turns
                                  with the supervisor, and each waits for a processor now and then */
    SLOW_NICE = 5,             /* added to the niceness of what serves slow pages only */
};

static int on_channel(sd_event_source *source, int fd, uint32_t events, void *context);

static void note(struct helpers *helpers, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note(struct helpers *helpers, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (helpers->settings.note)
        helpers->settings.note(helpers->settings.note_context, text);
}

/* ---- jobs ---- */

static void job_free(struct job *job)
{
    sd_event_source_disable_unref(job->reply_source);
    sd_event_source_disable_unref(job->timer);
    buf_free(&job->order);
    if (job->input >= 0)
        close(job->input);
    if (job->reply >= 0)
        close(job->reply);
    free(job);
}

static void pump_soon(struct helpers *helpers)
{
    sd_event_source_set_enabled(helpers->pump, SD_EVENT_ONESHOT);
}

/* Takes the job off its list, calls back, and lets the next one go. */
static void finish(struct job *job, enum outcome outcome, struct message *answer)
{
    struct helper *helper = job->helper;
    for (struct job **at = &helper->flying; *at; at = &(*at)->next) {
        if (*at != job)
            continue;
        *at = job->next;
        helper->in_flight--;
        helper->slow_in_flight -= job->slow;
        helper->small_in_flight -= job->small;
        break;
    }
    if (outcome == OUTCOME_OK)
        helper->deaths = 0;
    if (answer)
        answer->took_ms = (uint32_t)(clock_steady_ms() - job->sent_ms);
    helper->all->busy--;
    uint64_t *counts = outcome == OUTCOME_OK ? helper->all->tally.answered : helper->all->tally.failed;
    counts[helpers_role_of(helper)]++;
    job->done(job->context, outcome, answer);
    pump_soon(helper->all);
    job_free(job);
}

static struct job *find_flying(struct helper *helper, uint64_t id)
{
    struct job *job = helper->flying;
    while (job && job->id != id)
        job = job->next;
    return job;
}

/* Jobs that were not sent yet keep their place and wait for the next start of the helper. */
static void fail_flying(struct helper *helper, enum outcome outcome)
{
    while (helper->flying)
        finish(helper->flying, outcome, NULL);
}

static void fail_waiting(struct helper *helper, enum outcome outcome)
{
    while (helper->waiting) {
        struct job *job = helper->waiting;
        helper->waiting = job->next;
        if (!helper->waiting)
            helper->waiting_end = &helper->waiting;
        finish(job, outcome, NULL);
    }
}

/* ---- a helper's life ---- */

static void on_complaint(void *context, const char *text)
{
    note(context, "%s", text);
}

static int start_helper(struct helper *helper)
{
    char level[16];
    char *arguments[] = {level, helper->folder.size ? helper->folder.at : NULL, NULL};
    snprintf(level, sizeof(level), "%s", sandbox_level_name(helper->all->settings.level));
    helper->names = names_state();
    helper->place = 0;
    struct complaints_settings listening = {helper->all->settings.event, helper->name, on_complaint,
                                            helper->all};
    int result = complaints_spawn(&listening, arguments, &helper->complaints, &helper->pid, &helper->channel);
    if (result < 0)
        return result;
    if (helper->nice)
        setpriority(PRIO_PROCESS, (id_t)helper->pid, getpriority(PRIO_PROCESS, 0) + SLOW_NICE);
    result = sd_event_add_io(helper->all->settings.event, &helper->source, helper->channel, EPOLLIN,
                             on_channel, helper);
    if (result >= 0 && helper->settings.size)
        result = message_send(helper->channel, MESSAGE_SINK, 0, buf_span(&helper->settings), NULL, 0);
    return result < 0 ? result : 0;
}

static void say_how_it_ended(struct helper *helper, int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        note(helper->all, "%s could not be started", helper->name);
    else if (WIFEXITED(status))
        note(helper->all, "%s ended with exit code %d", helper->name, WEXITSTATUS(status));
    else
        note(helper->all, "%s was ended by signal %d (%s)", helper->name, WTERMSIG(status),
             strsignal(WTERMSIG(status)));
}

/* Returns the status that it ended with. */
static int end_helper(struct helper *helper, bool quietly)
{
    int status = 0;
    if (helper->pid == 0)
        return 0;
    helper->source = sd_event_source_disable_unref(helper->source);
    close(helper->channel);
    helper->channel = -1;
    if (quietly || waitpid(helper->pid, &status, WNOHANG) == 0) {
        kill(helper->pid, SIGKILL);
        while (waitpid(helper->pid, &status, 0) < 0 && errno == EINTR)
            continue;
    }
    helper->pid = 0;
    helper->complaints = complaints_close(helper->complaints);
    if (!quietly)
        say_how_it_ended(helper, status);
    return status;
}

static void helper_died(struct helper *helper, enum outcome outcome)
{
    helper->deaths++;
    helpers_count_process(helper, outcome, end_helper(helper, false));
    fail_flying(helper, outcome);
    if (helper->deaths >= MAX_DEATHS) {
        note(helper->all, "%s died %u times without an answer: its jobs are given up", helper->name,
             helper->deaths);
        fail_waiting(helper, outcome);
        helper->deaths = 0;
    }
    pump_soon(helper->all);
}

/* ---- answers ---- */

/* Each order's answer is the next of the message types. */
static bool is_answer_to(const struct job *job, const struct message *answer)
{
    return answer->job == job->id && answer->type == job->type + 1;
}

static int on_reply(sd_event_source *source, int fd, uint32_t events, void *context)
{
    (void)source;
    (void)events;
    struct job *job = context;
    struct helper *helper = job->helper;
    uint64_t id = job->id;
    struct message answer;
    if (!helper->noted_layers) { /* what it told of itself came first, and is told before its first answer */
        on_channel(NULL, helper->channel, EPOLLIN, helper);
        job = find_flying(helper, id);
        if (!job)
            return 0;
    }
    int result = message_receive(fd, &answer);
    if (result == -EAGAIN)
        return 0;
    if (result == 0) { /* the child is gone; why will be told by its template */
        sd_event_source_set_enabled(job->reply_source, SD_EVENT_OFF);
        return 0;
    }
    bool good = result == 1 && is_answer_to(job, &answer);
    if (!good)
        helpers_count_child(helper, OUTCOME_HELPER_LIED);
    finish(job, good ? OUTCOME_OK : OUTCOME_HELPER_LIED, good ? &answer : NULL);
    if (!good || answer.refused)
        note(helper->all, "a child of %s sent a malformed answer and is ended", helper->name);
    if (helper->channel >= 0)
        message_send(helper->channel, MESSAGE_OVER, id, (struct span){NULL, 0}, NULL, 0);
    if (result == 1)
        message_free(&answer);
    return 0;
}

/* These return false when the message is malformed. */

static bool on_ended(struct helper *helper, const struct message *message)
{
    struct decoder from = {.in = message->payload};
    enum outcome outcome = (enum outcome)get_below(&from, OUTCOME_COUNT);
    if (!decoder_done(&from) || !helper->answers_by_child)
        return false;
    struct job *job = find_flying(helper, message->job);
    if (!job)
        return true; /* it was answered already */
    if (outcome == OUTCOME_OK) {
        uint64_t id = job->id;
        on_reply(NULL, job->reply, EPOLLIN, job);
        job = find_flying(helper, id);
        outcome = OUTCOME_HELPER_CRASHED;
    }
    if (job) {
        helpers_count_child(helper, outcome);
        finish(job, outcome, NULL);
    }
    return true;
}

static void note_layers(struct helper *helper, uint32_t layers, struct span missing)
{
    if (layers & SANDBOX_NO_LANDLOCK)
        note(helper->all, "%s runs without Landlock: this kernel has none", helper->name);
    if (layers & SANDBOX_NO_SECCOMP)
        note(helper->all, "%s runs without seccomp: it could not be set up here", helper->name);
    if (layers & SANDBOX_NO_USER)
        note(helper->all, "%s stays the same user: it could not become nobody", helper->name);
    if (missing.size)
        note(helper->all, "%s: %.*s", helper->name, (int)missing.size, missing.at);
}

static bool on_ready(struct helper *helper, const struct message *message)
{
    struct decoder from = {.in = message->payload};
    arena_auto arena = arena_new(8192);
    uint32_t layers = get_u32(&from);
    struct span missing = get_text(&from, &arena);
    if (!decoder_done(&from))
        return false;
    struct helper *first = &helper->all->helper[HELPER_DELIVER];
    struct helper *noted = helper < first ? helper : first; /* what one deliverer says, all would say */
    if (!noted->noted_layers)
        note_layers(helper, layers, missing);
    noted->noted_layers = true;
    return true;
}

/* Which folder stands at that path now; 0 for none. */
static uint64_t folder_state(const struct helper *helper)
{
    struct stat about;
    if (helper->folder.size == 0 || stat(helper->folder.at, &about) < 0)
        return 0;
    return (uint64_t)about.st_ino * 31 + (uint64_t)about.st_dev;
}

static bool on_answer(struct helper *helper, struct message *message)
{
    struct job *job = helper->answers_by_child ? NULL : find_flying(helper, message->job);
    if (!job || !is_answer_to(job, message))
        return false;
    if (helper->place == 0)
        helper->place = folder_state(helper);
    finish(job, OUTCOME_OK, message);
    return !message->refused;
}

static bool on_message(struct helper *helper, struct message *message)
{
    if (message->type == MESSAGE_READY)
        return on_ready(helper, message);
    if (message->type == MESSAGE_ENDED)
        return on_ended(helper, message);
    return on_answer(helper, message);
}

static void ended_for_lying(struct helper *helper)
{
    note(helper->all, "%s sent a malformed message and is ended", helper->name);
    helper_died(helper, OUTCOME_HELPER_LIED);
}

static int on_channel(sd_event_source *source, int fd, uint32_t events, void *context)
{
    (void)source;
    (void)events;
    struct helper *helper = context;
    struct message message;
    int result = message_receive(fd, &message);
    if (result == -EAGAIN)
        return 0;
    if (result == -EBADMSG)
        ended_for_lying(helper);
    else if (result <= 0)
        helper_died(helper, OUTCOME_HELPER_CRASHED);
    if (result <= 0)
        return 0;
    if (!on_message(helper, &message))
        ended_for_lying(helper);
    message_free(&message);
    return 0;
}

/* ---- sending ---- */

static int on_overdue(sd_event_source *source, uint64_t at_us, void *context)
{
    (void)source;
    (void)at_us;
    struct job *job = context;
    note(job->helper->all, "%s does not answer and is ended", job->helper->name);
    helper_died(job->helper, OUTCOME_HELPER_TIMEOUT);
    return 0;
}

static int open_reply(struct job *job, int *ret_child_end)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
        return -errno;
    job->reply = ends[0];
    *ret_child_end = ends[1];
    return sd_event_add_io(job->helper->all->settings.event, &job->reply_source, job->reply, EPOLLIN,
                           on_reply, job);
}

/* Returns 0 when sent, -EAGAIN when the helper's socket is full, or a negative errno. */
static int send_job(struct job *job)
{
    int fds[2] = {job->input, -1};
    size_t fd_count = job->input >= 0 ? 1 : 0;
    int result = 0;
    if (job->helper->answers_by_child) {
        result = open_reply(job, &fds[1]);
        fd_count = 2;
    }
    if (result >= 0)
        result = message_send(job->helper->channel, job->type, job->id, buf_span(&job->order), fds, fd_count);
    if (fds[1] >= 0)
        close(fds[1]);
    if (result < 0 && job->reply >= 0) {
        job->reply_source = sd_event_source_disable_unref(job->reply_source);
        close(job->reply);
        job->reply = -1;
    }
    return result;
}

static void watch_deadline(struct job *job)
{
    sd_event_add_time_relative(job->helper->all->settings.event, &job->timer, CLOCK_MONOTONIC,
                               job->patience_ms * 1000, 0, on_overdue, job);
}

/* The files are looked at ten times a second at most: a pump turns a thousand times. */
static uint64_t names_of_today(struct helpers *helpers)
{
    int64_t now_ms = clock_steady_ms();
    if (helpers->names_ms && now_ms - helpers->names_ms < NAMES_MS)
        return helpers->names;
    helpers->names = names_state();
    helpers->names_ms = now_ms;
    return helpers->names;
}

static bool stands_elsewhere(const struct helper *helper)
{
    return helper->place && helper->place != folder_state(helper);
}

/* Ends one whose cage no longer fits as soon as it has nothing under way: files are granted, not names, so
 * whoever was locked in before sees neither the resolv.conf of today nor a folder that was made again.
 * Returns false while it has. */
static bool keep_fresh(struct helper *helper)
{
    if (!helper->pid || helper->answers_by_child || !helper->waiting)
        return true;
    bool moved = stands_elsewhere(helper);
    if (!moved && helper->names == names_of_today(helper->all))
        return true;
    if (helper->in_flight)
        return false;
    if (moved)
        note(helper->all,
             "%s was removed or replaced under the watch: what is kept from now on begins a new chain",
             helper->folder.at);
    end_helper(helper, true);
    return true;
}

static bool has_place(const struct helper *helper, const struct job *job)
{
    if (job->slow && helper->slow_in_flight >= helper->slow_limit)
        return false;
    return job->small || helper->in_flight - helper->small_in_flight < helper->limit;
}

/* The first one of the lowest rank that there is a place for: those of slow pages wait for one of their own.
 */
static struct job **next_waiting(struct helper *helper)
{
    struct job **best = NULL;
    if (helper->in_flight >= helper->limit + helper->small_more)
        return NULL;
    for (struct job **at = &helper->waiting; *at && (!best || (*best)->rank > 0); at = &(*at)->next)
        if (has_place(helper, *at) && (!best || (*at)->rank < (*best)->rank))
            best = at;
    return best;
}

static void take_off(struct helper *helper, struct job **at)
{
    struct job *job = *at;
    *at = job->next;
    if (helper->waiting_end == &job->next)
        helper->waiting_end = at;
    job->next = helper->flying;
    helper->flying = job;
    helper->in_flight++;
    helper->slow_in_flight += job->slow;
    helper->small_in_flight += job->small;
    job->sent_ms = clock_steady_ms();
}

static void pump_helper(struct helper *helper)
{
    if (!keep_fresh(helper))
        return;
    for (struct job **at; (at = next_waiting(helper));) {
        struct job *job = *at;
        int result = helper->pid ? 0 : start_helper(helper);
        if (result < 0) {
            if (!helper->noted_start)
                note(helper->all, "%s could not be started: %s", helper->name, strerror(-result));
            helper->noted_start = true;
            fail_waiting(helper, OUTCOME_HELPER_CRASHED);
            return;
        }
        result = send_job(job);
        if (result == -EAGAIN)
            return; /* tried again with the next answer */
        take_off(helper, at);
        watch_deadline(job);
        if (result < 0)
            finish(job, OUTCOME_HELPER_CRASHED, NULL);
    }
}

static int on_pump(sd_event_source *source, void *context)
{
    (void)source;
    struct helpers *helpers = context;
    for (size_t i = 0; i < HELPER_COUNT; i++)
        pump_helper(&helpers->helper[i]);
    return 0;
}

static struct job *job_new(struct helpers *helpers, enum helper_kind kind, enum message_type type,
                           helpers_done_fn *done, void *context)
{
    struct job *job = calloc(1, sizeof(*job));
    if (!job)
        return NULL;
    job->helper = &helpers->helper[kind];
    job->id = ++helpers->last_job;
    job->type = type;
    job->order = buf_new(ORDER_BYTES);
    job->patience_ms = GRACE_MS;
    job->input = job->reply = -1;
    job->done = done;
    job->context = context;
    return job;
}

/* Puts a finished job at the end of its helper's queue; takes `input` as a duplicate. */
static int enqueue(struct job *job, int input)
{
    struct helper *helper = job->helper;
    if (input >= 0)
        job->input = fcntl(input, F_DUPFD_CLOEXEC, 0);
    if (job->order.failed || (input >= 0 && job->input < 0)) {
        job_free(job);
        return -ENOMEM;
    }
    *helper->waiting_end = job;
    helper->waiting_end = &job->next;
    helper->all->busy++;
    pump_soon(helper->all);
    return 0;
}

int helpers_fetch(struct helpers *helpers, bool slow, const struct fetch_order *order, helpers_done_fn *done,
                  void *context)
{
    struct job *job = job_new(helpers, slow ? HELPER_FETCH_SLOW : HELPER_FETCH, MESSAGE_FETCH, done, context);
    if (!job)
        return -ENOMEM;
    fetch_order_put(&job->order, order);
    job->patience_ms +=
        (uint64_t)order->total_ms * helpers->settings.fetches; /* all may go to one host, one after another */
    return enqueue(job, -1);
}

static bool is_small(int body)
{
    struct stat about;
    return fstat(body, &about) == 0 && about.st_size <= SMALL_BYTES;
}

int helpers_read(struct helpers *helpers, bool slow, int body, const struct read_request *order,
                 helpers_done_fn *done, void *context)
{
    struct job *job = job_new(helpers, HELPER_READ, MESSAGE_READ, done, context);
    if (!job)
        return -ENOMEM;
    job->slow = slow;
    job->small = !slow && is_small(body);
    read_request_put(&job->order, order);
    return enqueue(job, body);
}

int helpers_picture(struct helpers *helpers, bool slow, unsigned rank, int picture,
                    const struct picture_order *order, helpers_done_fn *done, void *context)
{
    struct job *job = job_new(helpers, HELPER_OCR, MESSAGE_PICTURE, done, context);
    if (!job)
        return -ENOMEM;
    job->slow = slow;
    job->rank = rank;
    picture_order_put(&job->order, order);
    return enqueue(job, picture);
}

/* ---- all of them ---- */

static void set_up(struct helpers *helpers, size_t i)
{
    static const char *const names[] = {"varta-fetch", "varta-fetch", "varta-read",
                                        "varta-ocr",   "varta-keep",  "varta-deliver"};
    const struct helpers_settings *settings = &helpers->settings;
    struct helper *helper = &helpers->helper[i];
    helper->all = helpers;
    helper->name = names[i < HELPER_DELIVER ? i : HELPER_DELIVER];
    helper->answers_by_child = i == HELPER_READ || i == HELPER_OCR;
    helper->limit = i < HELPER_READ ? settings->fetches : i < HELPER_KEEP ? settings->jobs : DELIVERIES;
    if (helper->answers_by_child) {
        helper->slow_limit = helper->limit > 1 ? helper->limit / 2 : 1;
        helper->limit++; /* one slow page is never in everybody's way, and while one's answer is judged
                            another one is read */
        helper->small_more = i == HELPER_READ ? SMALL_MORE : 0;
    }
    helper->nice = i == HELPER_FETCH_SLOW;
    helper->channel = -1;
    helper->waiting_end = &helper->waiting;
    helper->settings = buf_new(ORDER_BYTES);
    helper->folder = buf_new(ORDER_BYTES);
}

static void lock_supervisor(struct helpers *helpers)
{
    int missing = sandbox_supervisor(helpers->settings.level);
    if (missing < 0 || missing & SANDBOX_NO_SECCOMP)
        note(helpers, "the supervisor itself could not be narrowed here");
}

int helpers_new(const struct helpers_settings *settings, struct helpers **ret_helpers)
{
    struct helpers *helpers = calloc(1, sizeof(*helpers));
    if (!helpers)
        return -ENOMEM;
    helpers->settings = *settings;
    lock_supervisor(helpers);
    for (size_t i = 0; i < HELPER_COUNT; i++)
        set_up(helpers, i);
    if (sd_event_add_defer(settings->event, &helpers->pump, on_pump, helpers) < 0) {
        free(helpers);
        return -ENOMEM;
    }
    sd_event_source_set_enabled(helpers->pump, SD_EVENT_OFF);
    *ret_helpers = helpers;
    return 0;
}

void helpers_get_ready(struct helpers *helpers)
{
    static const enum helper_kind needed[] = {HELPER_FETCH, HELPER_READ};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (!helpers->helper[needed[i]].pid)
            start_helper(&helpers->helper[needed[i]]);
}

static void drop_jobs(struct helpers *helpers, struct job *job)
{
    while (job) {
        struct job *next = job->next;
        helpers->busy--;
        job_free(job);
        job = next;
    }
}

static void drop_helper(struct helper *helper)
{
    end_helper(helper, true);
    drop_jobs(helper->all, helper->waiting);
    drop_jobs(helper->all, helper->flying);
    helper->waiting = helper->flying = NULL;
    helper->waiting_end = &helper->waiting;
    helper->in_flight = helper->slow_in_flight = helper->small_in_flight = 0;
    buf_free(&helper->settings);
    buf_free(&helper->folder);
}

void helpers_free(struct helpers *helpers)
{
    if (!helpers)
        return;
    for (size_t i = 0; i < HELPER_COUNT; i++)
        drop_helper(&helpers->helper[i]);
    sd_event_source_disable_unref(helpers->pump);
    free(helpers);
}

/* ---- sinks ---- */

void helpers_close_sinks(struct helpers *helpers)
{
    for (size_t i = HELPER_DELIVER; i < HELPER_COUNT; i++) {
        drop_helper(&helpers->helper[i]);
        set_up(helpers, i);
        helpers->helper[i].deaths = 0;
        helpers->helper[i].noted_start = false;
    }
}

int helpers_open_sinks(struct helpers *helpers, const struct sink_order *orders, size_t count)
{
    if (count > HELPERS_SINKS)
        return -EINVAL;
    helpers_close_sinks(helpers);
    int result = 0;
    for (size_t i = 0; i < count; i++) {
        struct helper *helper = &helpers->helper[HELPER_DELIVER + i];
        if (orders[i].way == WAY_COUNT)
            continue;
        sink_order_put(&helper->settings, &orders[i]);
        helper->timeout_ms = orders[i].timeout_ms;
        result = helper->settings.failed ? -ENOMEM : result;
    }
    if (result < 0)
        helpers_close_sinks(helpers);
    return result;
}

int helpers_deliver(struct helpers *helpers, size_t sink, struct span json, helpers_done_fn *done,
                    void *context)
{
    size_t kind = HELPER_DELIVER + sink;
    if (sink >= HELPERS_SINKS || helpers->helper[kind].settings.size == 0)
        return -EINVAL;
    struct job *job = job_new(helpers, (enum helper_kind)kind, MESSAGE_DELIVER, done, context);
    if (!job)
        return -ENOMEM;
    buf_add_span(&job->order, json);
    job->patience_ms = (uint64_t)helpers->helper[kind].timeout_ms + DELIVERY_GRACE_MS;
    return enqueue(job, -1);
}

/* ---- evidence ---- */

bool helpers_pictures_wait(const struct helpers *helpers)
{
    return helpers->helper[HELPER_OCR].waiting != NULL;
}

int helpers_keep_in(struct helpers *helpers, struct span folder)
{
    struct helper *helper = &helpers->helper[HELPER_KEEP];
    if (helper->folder.size &&
        span_equal(span_cut(buf_span(&helper->folder), 0, helper->folder.size - 1), folder))
        return 0;
    drop_helper(helper);
    set_up(helpers, HELPER_KEEP);
    buf_add_span(&helper->folder, folder);
    buf_add_byte(&helper->folder, '\0');
    return helper->folder.failed ? -ENOMEM : 0;
}

static struct job *keep_job(struct helpers *helpers, enum message_type type, helpers_done_fn *done,
                            void *context)
{
    struct job *job = job_new(helpers, HELPER_KEEP, type, done, context);
    if (job)
        job->order = buf_new(KEEP_BYTES);
    return job;
}

int helpers_keep(struct helpers *helpers, const struct keep_order *order, helpers_done_fn *done,
                 void *context)
{
    if (helpers->helper[HELPER_KEEP].folder.size == 0)
        return -EINVAL;
    struct job *job = keep_job(helpers, MESSAGE_KEEP, done, context);
    if (!job)
        return -ENOMEM;
    keep_order_put(&job->order, order);
    return enqueue(job, -1);
}

int helpers_clear(struct helpers *helpers, const struct clear_order *order, helpers_done_fn *done,
                  void *context)
{
    if (helpers->helper[HELPER_KEEP].folder.size == 0)
        return -EINVAL;
    struct job *job = keep_job(helpers, MESSAGE_CLEAR, done, context);
    if (!job)
        return -ENOMEM;
    clear_order_put(&job->order, order);
    return enqueue(job, -1);
}

size_t helpers_busy(const struct helpers *helpers)
{
    return helpers->busy;
}

/* 0 when it is not known. "17 (varta-web) S 12 …": a process chooses its name, with brackets in it if it
 * likes, but nothing behind the last of them. */
static pid_t parent_of(pid_t pid)
{
    char path[64], text[1024];
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;
    if (fd >= 0)
        close(fd);
    text[size > 0 ? size : 0] = '\0';
    const char *end = strrchr(text, ')');
    return end && strlen(end) > 4 ? (pid_t)strtol(end + 4, NULL, 10) : 0;
}

bool helpers_own(const struct helpers *helpers, pid_t pid)
{
    pid_t parent = pid > 0 ? parent_of(pid) : 0;
    for (size_t i = 0; i < HELPER_COUNT; i++) {
        pid_t one = helpers->helper[i].pid;
        if (one && (one == pid || one == parent))
            return true;
    }
    return false;
}
