/* See webkeeper.h. */
#include "watch/webkeeper.h"

#include "base/hash.h"
#include "os/clock.h"
#include "os/listener.h"
#include "watch/complaints.h"
#include "wire/message.h"
#include "wire/web_order.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ORDER_BYTES = 96 << 10,
    USER_BYTES = 64,    /* bytes of the name somebody logged in with */
    TOKEN_BYTES = 1024, /* bytes of a token that are compared */
    SECOND_US = 1000000,
};

struct webkeeper {
    struct webkeeper_settings settings;
    const struct config *config;
    union config_address address;
    socklen_t address_size; /* 0: nowhere */
    int listener;           /* -1 for none */
    pid_t pid;              /* 0 while it does not run */
    int channel;
    struct complaints *complaints;
    uint64_t token; /* a number for the one it was started with */
    int64_t started_ms;
    uint32_t pause_ms; /* before the next start */
    unsigned asks;     /* answered in this second */
    sd_event_source *source, *start, *refill;
    bool told; /* that it cannot listen */
};

static void say(struct webkeeper *keeper, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct webkeeper *keeper, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    keeper->settings.say(keeper->settings.context, text);
}

/* ---- its life ---- */

static void end_process(struct webkeeper *keeper, int *ret_status)
{
    if (keeper->pid == 0)
        return;
    keeper->source = sd_event_source_disable_unref(keeper->source);
    close(keeper->channel);
    keeper->channel = -1;
    if (waitpid(keeper->pid, ret_status, WNOHANG) == 0) {
        kill(keeper->pid, SIGKILL);
        while (waitpid(keeper->pid, ret_status, 0) < 0 && errno == EINTR)
            continue;
    }
    keeper->pid = 0;
    keeper->complaints = complaints_close(keeper->complaints);
}

static void start_in(struct webkeeper *keeper, uint64_t in_ms)
{
    sd_event_source_set_time_relative(keeper->start, in_ms * 1000);
    sd_event_source_set_enabled(keeper->start, SD_EVENT_ONESHOT);
}

static void start_later(struct webkeeper *keeper)
{
    if (clock_steady_ms() - keeper->started_ms >= WEBKEEPER_STEADY_MS)
        keeper->pause_ms = WEBKEEPER_FIRST_PAUSE_MS;
    start_in(keeper, keeper->pause_ms);
    keeper->pause_ms *= 2;
    if (keeper->pause_ms > WEBKEEPER_LAST_PAUSE_MS)
        keeper->pause_ms = WEBKEEPER_LAST_PAUSE_MS;
}

static void died(struct webkeeper *keeper, const char *why)
{
    int status = 0;
    end_process(keeper, &status);
    ++*keeper->settings.deaths;
    if (why)
        say(keeper, "varta-web %s and is ended: the status page is back in %u s", why,
            keeper->pause_ms / 1000);
    else if (WIFSIGNALED(status))
        say(keeper, "varta-web was ended by signal %d (%s): the status page is back in %u s",
            WTERMSIG(status), strsignal(WTERMSIG(status)), keeper->pause_ms / 1000);
    else
        say(keeper, "varta-web ended with exit code %d: the status page is back in %u s", WEXITSTATUS(status),
            keeper->pause_ms / 1000);
    start_later(keeper);
}

/* ---- what it asks ---- */

/* What a browser may bring about, and no more: whoever took varta-web over cannot read the configuration
 * anew. */
static bool may_ask(const json_t *request)
{
    static const char *const commands[] = {"status", "metrics", "ack", "accept"};
    const char *command = json_string_value(json_object_get(request, "command"));
    for (size_t i = 0; command && i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(command, commands[i]) == 0)
            return true;
    return false;
}

static void name_user(const json_t *request, char ret_user[USER_BYTES + 8])
{
    const char *name = json_string_value(json_object_get(request, "user"));
    snprintf(ret_user, USER_BYTES + 8, "%.*s (web)", USER_BYTES, name && *name ? name : "somebody");
}

/* Returns false when it is to be ended. */
static bool answer(struct webkeeper *keeper, const struct message *message)
{
    char user[USER_BYTES + 8];
    buf_auto reply = buf_new(CONTROL_REPLY_BYTES);
    json_error_t fault;
    if (message->type != MESSAGE_ASK || message->payload.size > CONTROL_REQUEST_BYTES)
        return false;
    json_t *request = json_loadb(message->payload.size ? message->payload.at : "", message->payload.size,
                                 JSON_REJECT_DUPLICATES, &fault);
    bool good = json_is_object(request) && may_ask(request);
    if (good) {
        name_user(request, user);
        keeper->settings.answer(keeper->settings.context, request, user, &reply);
    }
    json_decref(request);
    /* an answer that does not fit into the socket is lost, and its asker says so */
    if (good && !reply.failed)
        message_send(keeper->channel, MESSAGE_TOLD, message->job, buf_span(&reply), NULL, 0);
    return good;
}

static void rest(struct webkeeper *keeper)
{
    sd_event_source_set_enabled(keeper->source, SD_EVENT_OFF);
}

static int on_refill(sd_event_source *source, uint64_t at_us, void *context)
{
    struct webkeeper *keeper = context;
    keeper->asks = 0;
    if (keeper->source)
        sd_event_source_set_enabled(keeper->source, SD_EVENT_ON);
    (void)at_us;
    return sd_event_source_set_enabled(source, SD_EVENT_OFF);
}

static void count_ask(struct webkeeper *keeper)
{
    if (keeper->asks++ == 0) {
        sd_event_source_set_time_relative(keeper->refill, SECOND_US);
        sd_event_source_set_enabled(keeper->refill, SD_EVENT_ONESHOT);
    }
    if (keeper->asks >= WEBKEEPER_ASKS)
        rest(keeper);
}

static int on_channel(sd_event_source *source, int fd, uint32_t events, void *context)
{
    struct webkeeper *keeper = context;
    struct message message;
    (void)source;
    (void)events;
    int result = message_receive(fd, &message);
    if (result == -EAGAIN)
        return 0;
    if (result <= 0) {
        died(keeper, result == -EBADMSG ? "sent a malformed message" : NULL);
        return 0;
    }
    bool good = message.type == MESSAGE_READY || answer(keeper, &message);
    message_free(&message);
    if (!good)
        died(keeper, "asked for what it may not ask");
    else
        count_ask(keeper);
    return 0;
}

/* ---- starting ---- */

/* A name without a slash is one of systemd's credentials. */
static struct span token_path(const struct config *config, char ret_path[PATH_MAX])
{
    struct span file = config->web.token_file;
    const char *folder = secure_getenv("CREDENTIALS_DIRECTORY");
    if (file.size == 0 || memchr(file.at, '/', file.size) || !folder)
        return file;
    snprintf(ret_path, PATH_MAX, "%s/%s", folder, file.at);
    return span_of(ret_path);
}

/* Another token ends all sessions; the same one, written again, ends none. 0 for none that can be read. */
static uint64_t token_mark(const struct config *config)
{
    char path[PATH_MAX], text[TOKEN_BYTES];
    struct span file = token_path(config, path);
    int fd = file.size ? open(file.at, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
    ssize_t size = fd >= 0 ? read(fd, text, sizeof(text)) : -1;
    uint64_t mark = size > 0 ? hash_span((struct span){text, (size_t)size}) : 0;
    if (fd >= 0)
        close(fd);
    explicit_bzero(text, sizeof(text));
    return mark;
}

static uint16_t port_of(const struct webkeeper *keeper)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)&keeper->address;
    return keeper->address.any.sa_family == AF_UNIX ? 0 : ntohs(four->sin_port); /* the same place in both */
}

static int send_order(struct webkeeper *keeper)
{
    char token[PATH_MAX];
    const struct config *config = keeper->config;
    buf_auto out = buf_new(ORDER_BYTES);
    struct web_order order = {
        .store = config->store,
        .evidence = config->evidence_folder,
        .token_file = token_path(config, token),
        .hosts = config->web.hosts,
        .host_count = config->web.host_count,
        .zone = config->timezone,
        .port = port_of(keeper),
    };
    keeper->token = token_mark(config);
    web_order_put(&out, &order);
    return out.failed ? -ENOMEM
                      : message_send(keeper->channel, MESSAGE_WEB, 0, buf_span(&out), &keeper->listener, 1);
}

static void fill_roll(const struct config *config, struct web_group *groups, struct web_page *pages)
{
    for (size_t i = 0; i < config->group_count; i++)
        groups[i] = (struct web_group){config->groups[i].name, config->groups[i].contact};
    for (size_t i = 0; i < config->list.count; i++) {
        const struct page *page = &config->list.pages[i];
        pages[i] =
            (struct web_page){page->url, page->name, page->group,
                              page->interval_s ? page->interval_s : config->groups[page->group].interval_s};
    }
}

static int send_roll(struct webkeeper *keeper)
{
    const struct config *config = keeper->config;
    buf_auto out = buf_new(MESSAGE_MAX_PAYLOAD);
    struct web_group *groups = calloc(config->group_count + 1, sizeof(*groups));
    struct web_page *pages = calloc(config->list.count + 1, sizeof(*pages));
    int result = groups && pages ? 0 : -ENOMEM;
    if (result == 0) {
        fill_roll(config, groups, pages);
        web_roll_put(&out, &(struct web_roll){groups, config->group_count, pages, config->list.count});
        result =
            out.failed ? -ENOMEM : message_send(keeper->channel, MESSAGE_ROLL, 0, buf_span(&out), NULL, 0);
    }
    free(groups);
    free(pages);
    return result;
}

static int start_process(struct webkeeper *keeper)
{
    char level[16];
    char *arguments[] = {level, NULL};
    snprintf(level, sizeof(level), "%s", sandbox_level_name(keeper->settings.level));
    struct complaints_settings listening = {keeper->settings.event, "varta-web", keeper->settings.say,
                                            keeper->settings.context};
    int result = complaints_spawn(&listening, arguments, &keeper->complaints, &keeper->pid, &keeper->channel);
    if (result < 0)
        return result;
    keeper->started_ms = clock_steady_ms();
    result = sd_event_add_io(keeper->settings.event, &keeper->source, keeper->channel, EPOLLIN, on_channel,
                             keeper);
    if (result >= 0)
        result = send_order(keeper);
    return result < 0 ? result : send_roll(keeper);
}

static void start(struct webkeeper *keeper)
{
    int status;
    if (keeper->address_size == 0 || keeper->pid)
        return;
    if (keeper->listener < 0)
        keeper->listener = listener_open(&keeper->address.any, keeper->address_size, WEBKEEPER_BACKLOG);
    int result = keeper->listener < 0 ? keeper->listener : start_process(keeper);
    if (result == 0) {
        keeper->told = false;
        return;
    }
    end_process(keeper, &status);
    if (!keeper->told)
        say(keeper, "the status page cannot be served at %s: %s; it is tried again",
            keeper->config->web.listen.at, strerror(-result));
    keeper->told = true;
    start_later(keeper);
}

static int on_start(sd_event_source *source, uint64_t at_us, void *context)
{
    (void)source;
    (void)at_us;
    start(context);
    return 0;
}

/* ---- from outside ---- */

static void stop(struct webkeeper *keeper)
{
    int status;
    end_process(keeper, &status);
    sd_event_source_set_enabled(keeper->start, SD_EVENT_OFF);
    if (keeper->listener >= 0) {
        close(keeper->listener);
        if (keeper->address.any.sa_family == AF_UNIX)
            unlink(keeper->address.local.sun_path);
    }
    keeper->listener = -1;
    keeper->address_size = 0;
}

static void listen_as_told(struct webkeeper *keeper)
{
    struct span listen = keeper->config->web.listen;
    keeper->pause_ms = WEBKEEPER_FIRST_PAUSE_MS;
    keeper->told = false;
    if (listen.size == 0 || config_web_address(listen, &keeper->address, &keeper->address_size) < 0)
        return;
    if (!config_web_is_near(&keeper->address))
        say(keeper,
            "the status page is served at %s without encryption, to every machine that reaches it "
            "(web.allow_remote)",
            listen.at);
    start(keeper);
}

int webkeeper_open(const struct webkeeper_settings *settings, const struct config *config,
                   struct webkeeper **ret_keeper)
{
    struct webkeeper *keeper = calloc(1, sizeof(*keeper));
    if (!keeper)
        return -ENOMEM;
    *keeper = (struct webkeeper){.settings = *settings, .config = config, .listener = -1, .channel = -1};
    if (sd_event_add_time_relative(settings->event, &keeper->start, CLOCK_MONOTONIC, 0, 1000, on_start,
                                   keeper) < 0 ||
        sd_event_add_time_relative(settings->event, &keeper->refill, CLOCK_MONOTONIC, 0, 1000, on_refill,
                                   keeper) < 0) {
        webkeeper_close(keeper);
        return -ENOMEM;
    }
    sd_event_source_set_enabled(keeper->start, SD_EVENT_OFF);
    sd_event_source_set_enabled(keeper->refill, SD_EVENT_OFF);
    listen_as_told(keeper);
    *ret_keeper = keeper;
    return 0;
}

static bool same_texts(const struct span *a, size_t a_count, const struct span *b, size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++)
        same = span_equal(a[i], b[i]);
    return same;
}

void webkeeper_use(struct webkeeper *keeper, const struct config *config)
{
    const struct config_web *old = &keeper->config->web, *fresh = &config->web;
    bool same = span_equal(old->listen, fresh->listen) && span_equal(old->token_file, fresh->token_file) &&
                same_texts(old->hosts, old->host_count, fresh->hosts, fresh->host_count) &&
                span_equal(keeper->config->timezone, config->timezone) &&
                span_equal(keeper->config->evidence_folder, config->evidence_folder) &&
                (keeper->pid == 0 || token_mark(config) == keeper->token);
    keeper->config = config;
    if (!same) {
        stop(keeper);
        listen_as_told(keeper);
    } else if (keeper->pid && send_roll(keeper) < 0) {
        died(keeper, "does not take what is watched now");
    }
}

void webkeeper_close(struct webkeeper *keeper)
{
    if (!keeper)
        return;
    stop(keeper);
    sd_event_source_disable_unref(keeper->start);
    sd_event_source_disable_unref(keeper->refill);
    free(keeper);
}

pid_t webkeeper_pid(const struct webkeeper *keeper)
{
    return keeper ? keeper->pid : 0;
}
