/* See daemon.h. */
#include "watch/daemon_inside.h"

#include "os/clock.h"
#include "os/heap.h"
#include "os/service.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void say(struct daemon *daemon, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct daemon *daemon, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    daemon->settings->say(daemon->settings->say_context, text);
}

/* What is going on: for whoever follows the log, and as the line of status. */
static void inform(struct daemon *daemon, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void inform(struct daemon *daemon, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    service_status(text);
    if (daemon->settings->inform)
        daemon->settings->inform(daemon->settings->say_context, text);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void on_say(void *context, const char *text)
{
    say(context, "%s", text);
}

void daemon_turn_soon(struct daemon *daemon)
{
    uint64_t at_us = 0, now_us = 0;
    sd_event_now(daemon->desk.event, CLOCK_MONOTONIC, &now_us);
    sd_event_source_get_time(daemon->turn, &at_us);
    if (at_us > now_us + DAEMON_TURN_MS * 1000)
        sd_event_source_set_time(daemon->turn, now_us + DAEMON_TURN_MS * 1000);
}

void daemon_not_kept(void *context, int error)
{
    struct daemon *daemon = context;
    if (!daemon->not_kept)
        say(daemon, "results of checks are not kept: %s",
            error == -ENOMEM ? strerror(ENOMEM) : store_error(daemon->store));
    daemon->not_kept = true;
}

/* ---- evidence ---- */

static void on_moment(void *context, enum caseload_moment moment, const struct incident *incident)
{
    struct daemon *daemon = context;
    if (daemon->keeper)
        keeper_moment(daemon->keeper, moment, incident);
}

static void on_inform(void *context, const char *text)
{
    struct daemon *daemon = context;
    if (daemon->settings->inform)
        daemon->settings->inform(daemon->settings->say_context, text);
}

static void on_wake(void *context)
{
    daemon_turn_soon(context);
}

static void find_evidence(void *context, int64_t at_s, struct span what, struct span detail)
{
    (void)at_s;
    (void)detail;
    *(bool *)context |= span_equal(what, SPAN("evidence"));
}

/* Whoever was killed before it was written leaves an incident without evidence. */
static void find_missing(void *context, const struct incident *incident)
{
    struct daemon *daemon = context;
    bool kept = false;
    if (!incident_is_certain(incident))
        return;
    store_events(daemon->store, incident->id, find_evidence, &kept);
    if (!kept)
        keeper_miss(daemon->keeper, incident->id);
}

static int open_keeper(struct daemon *daemon)
{
    struct keeper_settings settings = {
        .config = &daemon->now->config,
        .helpers = daemon->desk.helpers,
        .hoard = daemon->hoard,
        .caseload = daemon->caseload,
        .store = daemon->store,
        .languages = daemon->desk.languages,
        .instance = store_instance(daemon->store),
        .say = on_say,
        .inform = on_inform,
        .wake = on_wake,
        .context = daemon,
    };
    int result = keeper_new(&settings, &daemon->keeper);
    if (result == 0)
        result = store_incidents(daemon->store, INT64_MAX, find_missing, daemon);
    return result < 0 ? result : 0;
}

/* ---- deliveries ---- */

static void on_sent(void *context, int error, struct span detail)
{
    struct send_call *call = context;
    struct daemon *daemon = call->daemon;
    meters_delivery(&daemon->meters, (size_t)(call - daemon->sends), error == 0);
    outbox_sent(daemon->outbox, call->ticket, error, detail, clock_wall_s());
    daemon_turn_soon(daemon);
}

static int on_send(void *context, size_t sink, struct span json, uint64_t ticket)
{
    struct daemon *daemon = context;
    if (!daemon->courier)
        return -ENOTCONN;
    daemon->sends[sink] = (struct send_call){daemon, ticket};
    return courier_send(daemon->courier, sink, json, on_sent, &daemon->sends[sink]);
}

/* ---- generations ---- */

void daemon_generation_free(struct generation *generation)
{
    warden_free(generation->warden);
    buf_free(&generation->user_agent);
    config_free(&generation->config);
    free(generation);
}

static void on_warden_say(void *context, const char *text)
{
    struct generation *generation = context;
    say(generation->daemon, "%s", text);
}

static void name_ourselves(struct generation *generation)
{
    const struct config *config = &generation->config;
    buf_add_text(&generation->user_agent, "varta/" VARTA_VERSION " (website integrity monitor");
    if (config->contact.size)
        buf_add_format(&generation->user_agent, "; +%.*s",
                       (int)(config->contact.size < 400 ? config->contact.size : 400), config->contact.at);
    buf_add_text(&generation->user_agent, ")");
}

static void on_config_fault(void *context, const char *text)
{
    say(context, "%s", text);
}

static int read_generation(struct daemon *daemon, struct generation **ret_generation)
{
    struct generation *generation = calloc(1, sizeof(*generation));
    if (!generation)
        return -ENOMEM;
    generation->daemon = daemon;
    generation->user_agent = buf_new(1024);
    int result = config_read(daemon->settings->config, on_config_fault, daemon, &generation->config);
    if (result < 0) {
        free(generation);
        return result;
    }
    name_ourselves(generation);
    *ret_generation = generation;
    return 0;
}

static void use_time_zone(const struct config *config)
{
    if (config->timezone.size)
        setenv("TZ", config->timezone.at, 1);
    tzset();
}

static int open_warden(struct generation *generation)
{
    struct warden_settings settings = {
        .config = &generation->config,
        .caseload = generation->daemon->caseload,
        .seed = (uint64_t)clock_wall_us(),
        .look = daemon_look,
        .say = on_warden_say,
        .context = generation,
    };
    return warden_new(&settings, clock_steady_ms(), &generation->warden);
}

/* The parts that live across generations go by what the new one says. */
static void use_tools(struct daemon *daemon, const struct generation *generation)
{
    const struct config *config = &generation->config;
    use_time_zone(config);
    daemon->desk.tools.user_agent = buf_span(&generation->user_agent);
    daemon->desk.tools.connect_ms = config->connect_timeout_s * 1000;
    daemon->desk.tools.total_ms = config->timeout_s * 1000;
    daemon->visitor = (struct visitor){.desk = &daemon->desk, .learn = true};
}

static int open_courier(struct daemon *daemon, const struct config *config)
{
    courier_free(daemon->courier);
    daemon->courier = NULL;
    return courier_new(daemon->desk.event, daemon->desk.helpers, config->sinks, config->sink_count,
                       &daemon->courier);
}

static void retire(struct generation *generation)
{
    generation->retired = true;
    warden_rest(generation->warden);
    if (generation->underway == 0)
        daemon_generation_free(generation);
}

static void warn_of_fixed(struct daemon *daemon, const struct config *old, const struct config *fresh)
{
    if (!span_equal(old->store, fresh->store) || !span_equal(old->control, fresh->control) ||
        !span_equal(old->sandbox, fresh->sandbox) || old->parallel != fresh->parallel)
        say(daemon,
            "store, control, sandbox and poll.parallel stay as they were until varta is started anew");
}

static void warn_of_nothing(struct daemon *daemon, const struct config *config)
{
    if (config->list.count == 0)
        say(daemon, "the configuration names no page: nothing is watched");
    if (config->sink_count == 0)
        say(daemon, "the configuration names no sink: nobody is told");
}

static int take_over(struct daemon *daemon, struct generation *fresh)
{
    int result = caseload_use(daemon->caseload, &fresh->config);
    if (result == 0)
        result = open_warden(fresh);
    if (result < 0) {
        caseload_use(daemon->caseload, &daemon->now->config);
        return result;
    }
    warden_inherit(fresh->warden, daemon->now->warden);
    outbox_use(daemon->outbox, fresh->config.sinks, fresh->config.sink_count, clock_wall_s());
    use_tools(daemon, fresh);
    keeper_use(daemon->keeper, &fresh->config);
    result = open_courier(daemon, &fresh->config);
    if (result < 0)
        say(daemon, "the sinks could not be set up: %s; notices are kept", strerror(-result));
    warn_of_fixed(daemon, &daemon->now->config, &fresh->config);
    warn_of_nothing(daemon, &fresh->config);
    struct generation *old = daemon->now;
    daemon->now = fresh;
    meters_use(&daemon->meters);
    webkeeper_use(daemon->web, &fresh->config);
    daemon->begun_ms = clock_steady_ms();
    retire(old);
    return 0;
}

static int reload(struct daemon *daemon)
{
    struct generation *fresh = NULL;
    service_reloading();
    int result = read_generation(daemon, &fresh);
    if (result == 0)
        result = take_over(daemon, fresh);
    if (result < 0 && fresh)
        daemon_generation_free(fresh);
    if (result < 0)
        say(daemon, "the configuration was not taken over: the one from before stays");
    else
        inform(daemon, "the configuration was read again: %zu page%s, %zu sink%s",
               daemon->now->config.list.count, plural(daemon->now->config.list.count),
               daemon->now->config.sink_count, plural(daemon->now->config.sink_count));
    service_ready();
    daemon_turn_soon(daemon);
    return result;
}

/* ---- the loop's events ---- */

static void stop_when_idle(struct daemon *daemon)
{
    if (daemon->stopping && daemon->underway == 0 && helpers_busy(daemon->desk.helpers) == 0 &&
        !outbox_is_dirty(daemon->outbox) && !keeper_is_busy(daemon->keeper))
        sd_event_exit(daemon->desk.event, 0);
}

static int on_turn(sd_event_source *source, uint64_t at_us, void *context)
{
    struct daemon *daemon = context;
    (void)at_us;
    int64_t now_ms = clock_steady_ms();
    int64_t wake_ms = warden_turn(daemon->now->warden, now_ms, clock_wall_s());
    int64_t keep_ms = keeper_turn(daemon->keeper, daemon->stopping, now_ms);
    wake_ms = keep_ms < wake_ms ? keep_ms : wake_ms;
    if (daemon->stopping && wake_ms > now_ms + DAEMON_TURN_MS)
        wake_ms = now_ms + DAEMON_TURN_MS;
    sd_event_source_set_time(source, (uint64_t)wake_ms * 1000);
    sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    stop_when_idle(daemon);
    return 0;
}

/* NULL while the store is where it was opened. */
static const char *why_store_is_gone(const struct daemon *daemon)
{
    struct stat held, there;
    if (daemon->store_lock < 0 || fstat(daemon->store_lock, &held) < 0)
        return NULL;
    if (held.st_nlink == 0)
        return "the store was removed while it is in use: what was learnt and found is lost at "
               "the next start; put a backup in its place, or let it learn anew, and restart";
    if (stat(daemon->store_path.at, &there) < 0 ? errno == ENOENT || errno == ENOTDIR
                                                : there.st_ino != held.st_ino || there.st_dev != held.st_dev)
        return "the store was moved away while it is in use: what is found goes where it was moved to, and "
               "the "
               "next start will not find it; move it back, its -wal and -shm too, or restart with another "
               "one";
    return NULL;
}

/* What was removed takes everything and gives nothing back: after the next start, a page that is defaced
 * would be learnt as it is. Likewise what was moved, until it is moved back. */
static void look_for_store(struct daemon *daemon)
{
    const char *why = why_store_is_gone(daemon);
    bool before = daemon->store_gone;
    daemon->store_gone = why != NULL;
    if (daemon->store_gone == before)
        return;
    say(daemon, "%s", why ? why : "the store is back where it was");
    if (!why)
        return;
    caseload_tell_self(daemon->caseload, "store", why, clock_wall_s());
    daemon_turn_soon(daemon);
}

static int on_status(sd_event_source *source, uint64_t at_us, void *context)
{
    struct daemon *daemon = context;
    struct caseload_state cases = caseload_state(daemon->caseload);
    struct warden_state watch = warden_state(daemon->now->warden, clock_steady_ms());
    char text[300];
    look_for_store(daemon);
    snprintf(text, sizeof(text),
             "%zu page%s, %.1f looks a second, %lld s late; %zu suspected, %zu confirmed, %zu acknowledged; "
             "%zu to be told%s%s",
             watch.roster.pages, plural(watch.roster.pages),
             (double)(watch.looks - daemon->looks_before) / DAEMON_STATUS_S,
             (long long)(watch.roster.late_ms / 1000), cases.suspected, cases.confirmed, cases.acknowledged,
             outbox_depth(daemon->outbox),
             cases.unsaved || daemon->store_gone ? "; the store takes nothing" : "",
             watch.blind ? "; cut off from the network" : "");
    daemon->looks_before = watch.looks;
    warden_forget_lateness(daemon->now->warden);
    service_status(text);
    sd_event_source_set_time(source, at_us + DAEMON_STATUS_S * 1000000ULL);
    sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    return 0;
}

/* Looks are under way and none of them has ended for too long. */
static bool is_stuck(const struct daemon *daemon)
{
    struct warden_state watch = warden_state(daemon->now->warden, clock_steady_ms());
    int64_t since_ms = watch.last_look_ms ? watch.last_look_ms : daemon->begun_ms;
    return watch.roster.looking > 0 && clock_steady_ms() - since_ms >= DAEMON_STUCK_MS;
}

static int on_watchdog(sd_event_source *source, uint64_t at_us, void *context)
{
    struct daemon *daemon = context;
    if (!is_stuck(daemon))
        service_watchdog();
    sd_event_source_set_time(source, at_us + service_watchdog_us() / 3);
    sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    return 0;
}

static int on_sweep(sd_event_source *source, uint64_t at_us, void *context)
{
    struct daemon *daemon = context;
    struct store_retention retention = config_retention(&daemon->now->config, clock_wall_s());
    struct store_sweep swept;
    gather_end(&daemon->gather);
    if (store_sweep(daemon->store, &retention, false, &swept) < 0)
        say(daemon, "what is too old could not be removed: %s", store_error(daemon->store));
    keeper_sweep(daemon->keeper, clock_wall_s());
    heap_give_back();
    sd_event_source_set_time(source, at_us + DAEMON_SWEEP_S * 1000000ULL);
    sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    return 0;
}

static int on_deadline(sd_event_source *source, uint64_t at_us, void *context)
{
    struct daemon *daemon = context;
    (void)source;
    (void)at_us;
    say(daemon, "stopping with %zu looks under way: they are made again at the next start", daemon->underway);
    return sd_event_exit(daemon->desk.event, 0);
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *context)
{
    struct daemon *daemon = context;
    (void)source;
    if (info->ssi_signo == SIGHUP) {
        reload(daemon);
        return 0;
    }
    if (daemon->stopping)
        return 0;
    daemon->stopping = true;
    service_stopping();
    inform(daemon, "stopping: %zu looks under way, %zu notices to be told", daemon->underway,
           outbox_depth(daemon->outbox));
    warden_rest(daemon->now->warden);
    sd_event_add_time_relative(daemon->desk.event, &daemon->deadline, CLOCK_MONOTONIC,
                               DAEMON_STOP_S * 1000000ULL, 0, on_deadline, daemon);
    daemon_turn_soon(daemon);
    return 0;
}

/* ---- what commands ask ---- */

static void on_request(void *context, const json_t *request, const char *user, struct buf *reply)
{
    struct daemon *daemon = context;
    struct daemon_parts parts = {
        .config = &daemon->now->config,
        .store = daemon->store,
        .gather = &daemon->gather,
        .caseload = daemon->caseload,
        .outbox = daemon->outbox,
        .warden = daemon->now->warden,
        .desk = &daemon->desk,
        .meters = &daemon->meters,
        .store_gone = daemon->store_gone,
    };
    const char *command = json_string_value(json_object_get(request, "command"));
    if (command && strcmp(command, "reload") == 0)
        buf_add_text(reply, reload(daemon) == 0 ? "{\"ok\":true}\n"
                                                : "{\"error\":\"the configuration was not taken over\"}\n");
    else
        daemon_answer(&parts, request, user, clock_wall_s(), reply);
    daemon_turn_soon(daemon);
}

/* A helper that asks was taken over: what it wants to tell it cannot, and people hear of it. */
static bool on_knock(void *context, pid_t pid)
{
    struct daemon *daemon = context;
    int64_t now_s = clock_steady_ms() / 1000;
    bool is_web = pid > 0 && pid == webkeeper_pid(daemon->web);
    if (!is_web && !helpers_own(daemon->desk.helpers, pid))
        return true;
    if (daemon->knocked_s == 0 || now_s - daemon->knocked_s >= DAEMON_KNOCK_S) {
        daemon->knocked_s = now_s;
        say(daemon,
            "process %d, a helper, asked at the control socket and was turned away: it may be taken over",
            (int)pid);
        caseload_tell_self(daemon->caseload, "helper",
                           "a helper asked at the control socket and was turned away: it may be taken over",
                           clock_wall_s());
    }
    return false;
}

/* ---- starting and stopping ---- */

/* Two watches on one store would give incidents the same numbers and tell everything twice. The lock is not
 * one of those that SQLite takes; it is let go only after the store. */
static int lock_store(struct daemon *daemon)
{
    const char *path = daemon->now->config.store.at;
    daemon->store_path = buf_new(PATH_MAX);
    buf_add(&daemon->store_path, path, strlen(path) + 1);
    if (daemon->store_path.failed)
        return -ENOMEM;
    daemon->store_lock = open(path, O_RDONLY | O_CLOEXEC);
    if (daemon->store_lock < 0 || flock(daemon->store_lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return 0; /* a file system without locks is no reason not to watch */
    say(daemon, "another varta watch keeps its store at %s: end that one, or set another `store`", path);
    return -EBUSY;
}

static int open_store(struct daemon *daemon)
{
    char error[STORE_ERROR_BYTES];
    const char *path = daemon->now->config.store.at;
    int result = store_open(path, STORE_CREATE, &daemon->store, error);
    if (result < 0)
        say(daemon, "%s", error);
    else
        store_set_patience(daemon->store, DAEMON_STORE_MS);
    return result;
}

static int open_desk(struct daemon *daemon)
{
    const struct config *config = &daemon->now->config;
    struct desk_settings settings = desk_defaults();
    settings.models = daemon->settings->models;
    settings.store = daemon->store;
    settings.fetches = config->parallel;
    settings.user_agent = buf_span(&daemon->now->user_agent);
    settings.connect_ms = config->connect_timeout_s * 1000;
    settings.total_ms = config->timeout_s * 1000;
    settings.note = daemon->settings->say;
    settings.note_context = daemon->settings->say_context;
    sandbox_level_parse(config->sandbox.at, &settings.sandbox);
    return desk_open(&settings, &daemon->desk);
}

static int open_cases(struct daemon *daemon)
{
    const struct config *config = &daemon->now->config;
    struct outbox_settings outbox = {config->sinks, config->sink_count, daemon->store, on_send, on_say,
                                     daemon};
    int result = outbox_new(&outbox, &daemon->outbox);
    if (result < 0)
        return result;
    struct caseload_settings cases = {config, daemon->store, daemon->outbox, on_say, daemon, on_moment};
    return caseload_new(&cases, clock_wall_s(), &daemon->caseload);
}

static int open_control(struct daemon *daemon)
{
    const char *path = daemon->now->config.control.at;
    if (daemon->now->config.control.size == 0)
        return 0;
    int result = control_open(daemon->desk.event, path, on_request, daemon, &daemon->control);
    if (result == -EADDRINUSE)
        say(daemon, "another varta watch listens at %s: end that one, or set another `control`", path);
    else if (result < 0)
        say(daemon, "cannot listen at %s: %s; make the folder, or set another `control`", path,
            strerror(-result));
    if (result == 0)
        control_guard(daemon->control, on_knock, daemon);
    return result;
}

static int open_web(struct daemon *daemon)
{
    struct webkeeper_settings settings = {
        daemon->desk.event,        daemon->desk.settings.sandbox, on_request, on_say, daemon,
        &daemon->meters.web_deaths};
    return webkeeper_open(&settings, &daemon->now->config, &daemon->web);
}

static int add_timer(struct daemon *daemon, sd_event_source **ret_source, uint64_t in_us,
                     sd_event_time_handler_t handler)
{
    return sd_event_add_time_relative(daemon->desk.event, ret_source, CLOCK_MONOTONIC, in_us, 1000, handler,
                                      daemon);
}

static int open_events(struct daemon *daemon)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int result = sd_event_add_signal(daemon->desk.event, NULL, SIGTERM, on_signal, daemon);
    if (result >= 0)
        result = sd_event_add_signal(daemon->desk.event, NULL, SIGINT, on_signal, daemon);
    if (result >= 0)
        result = sd_event_add_signal(daemon->desk.event, NULL, SIGHUP, on_signal, daemon);
    if (result >= 0)
        result = add_timer(daemon, &daemon->turn, 0, on_turn);
    if (result >= 0)
        result = add_timer(daemon, &daemon->status, DAEMON_STATUS_S * 1000000ULL, on_status);
    if (result >= 0)
        result = add_timer(daemon, &daemon->sweep, 60 * 1000000ULL, on_sweep);
    if (result >= 0 && service_watchdog_us())
        result = add_timer(daemon, &daemon->watchdog, service_watchdog_us() / 3, on_watchdog);
    return result < 0 ? result : 0;
}

static int open_all(struct daemon *daemon)
{
    int result = read_generation(daemon, &daemon->now);
    if (result < 0)
        return -EINVAL;
    use_time_zone(&daemon->now->config);
    result = open_store(daemon);
    if (result == 0)
        result = open_desk(daemon);
    if (result < 0)
        return result;
    daemon->gather = (struct gather){daemon->store, daemon->desk.event, daemon_not_kept, daemon, NULL};
    result = hoard_new(&daemon->hoard);
    if (result < 0)
        return result;
    daemon->desk.tools.hoard = daemon->hoard;
    use_tools(daemon, daemon->now);
    result = open_control(daemon);
    if (result == 0)
        result = lock_store(daemon);
    if (result == 0)
        result = open_cases(daemon);
    if (result == 0)
        result = open_keeper(daemon);
    if (result == 0)
        result = open_courier(daemon, &daemon->now->config);
    if (result == 0)
        result = open_warden(daemon->now);
    if (result == 0)
        result = open_web(daemon);
    return result == 0 ? open_events(daemon) : result;
}

static void close_all(struct daemon *daemon)
{
    sd_event_source_disable_unref(daemon->turn);
    sd_event_source_disable_unref(daemon->status);
    sd_event_source_disable_unref(daemon->watchdog);
    sd_event_source_disable_unref(daemon->sweep);
    sd_event_source_disable_unref(daemon->deadline);
    webkeeper_close(daemon->web);
    control_close(daemon->control);
    courier_free(daemon->courier);
    if (daemon->caseload)
        caseload_save(daemon->caseload, clock_wall_s());
    keeper_free(daemon->keeper);
    caseload_free(daemon->caseload);
    outbox_free(daemon->outbox);
    gather_close(&daemon->gather);
    desk_close(&daemon->desk);
    hoard_free(daemon->hoard);
    store_close(daemon->store);
    if (daemon->store_lock >= 0)
        close(daemon->store_lock);
    buf_free(&daemon->store_path);
    if (daemon->now)
        daemon_generation_free(daemon->now);
}

int daemon_run(const struct daemon_settings *settings)
{
    struct daemon daemon = {.settings = settings, .store_lock = -1};
    signal(SIGPIPE, SIG_IGN);
    daemon.begun_ms = clock_steady_ms();
    daemon.meters.started_s = clock_wall_s();
    int result = open_all(&daemon);
    if (result == 0) {
        inform(&daemon, "watching %zu page%s, telling %zu sink%s", daemon.now->config.list.count,
               plural(daemon.now->config.list.count), daemon.now->config.sink_count,
               plural(daemon.now->config.sink_count));
        warn_of_nothing(&daemon, &daemon.now->config);
        service_ready();
        result = sd_event_loop(daemon.desk.event);
    }
    close_all(&daemon);
    return result;
}
