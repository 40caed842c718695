/*
 * Sends anything to the status page through its real server, with a daemon behind it that answers what it
 * asks. A line feed ends the head as in HTTP; the byte 1 stands for the cookie of somebody who is logged in
 * and the byte 2 for the seal of his forms, which nobody finds by trying. What comes back must be HTTP of
 * ours: no element that we never write, nothing that steers.
 */
#include "fuzz/standing_daemon.h"

#include "base/utf8.h"
#include "os/clock.h"
#include "os/listener.h"
#include "web/web_server.h"
#include "wire/message.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { REPLY_BYTES = 64 << 20, ORDER_BYTES = 64 << 10, PATIENCE_MS = 60000, HALF_MS = 30, UNANSWERED = 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct scene {
    struct standing_daemon *daemon;
    struct sockaddr_un address;
    struct web web;
    struct web_server *server;
    int channel, servers_channel;
    pthread_t thread;
    struct buf cookie;
    char seal[SESSION_SEAL_BYTES];
} scene;

static void demand(bool kept, const char *rule)
{
    if (kept)
        return;
    fprintf(stderr, "%s\n", rule);
    abort();
}

/* ---- the server, and the supervisor's side of its channel ---- */

static void *serve(void *context)
{
    (void)context;
    web_server_run(scene.server, scene.servers_channel);
    return NULL;
}

/* It ends with its channel. */
static void end(void)
{
    close(scene.channel);
    pthread_join(scene.thread, NULL);
    web_close(&scene.web);
    buf_free(&scene.cookie);
}

static void write_token(const char *path)
{
    FILE *file = fopen(path, "w");
    demand(file && fputs("correct-horse-battery-staple\n", file) >= 0 && fclose(file) == 0, "no token");
}

/* What the report of the first incident is made of. */
static const char dossier[] =
    "{\"format\":1,\"incident\":1,\"moment\":\"confirmed\",\"at\":\"2022-01-14T02:13:05Z\","
    "\"page\":{\"url\":\"https://a.gov.ua/?<x>\",\"name\":\"\\\"><img src=x onerror=alert(1)>\"},"
    "\"result\":{\"verdict\":\"defaced\",\"message\":\"</style><script>\\u202e\"}}";

static void write_dossier(void)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/00000001", scene.daemon->folder);
    demand(mkdir(path, 0700) == 0, "no folder of evidence");
    snprintf(path, sizeof(path), "%s/00000001/confirmed.json", scene.daemon->folder);
    FILE *file = fopen(path, "w");
    demand(file && fputs(dossier, file) >= 0 && fclose(file) == 0, "no dossier");
}

static void open_web(void)
{
    char token[96];
    buf_auto order = buf_new(ORDER_BYTES), roll = buf_new(ORDER_BYTES), complaint = buf_new(512);
    snprintf(token, sizeof(token), "%s/token", scene.daemon->folder);
    write_token(token);
    write_dossier();
    const struct span host = SPAN("x");
    web_order_put(&order, &(struct web_order){.store = span_of(scene.daemon->store),
                                              .evidence = span_of(scene.daemon->folder),
                                              .token_file = span_of(token),
                                              .hosts = &host,
                                              .host_count = 1});
    demand(web_open(buf_span(&order), &scene.web, &complaint) == 0 && scene.web.keys.any, "not opened");
    struct web_page pages[3] = {0};
    for (size_t i = 0; i < 3; i++)
        pages[i] = (struct web_page){.url = scene.daemon->config.list.pages[i].url, .interval_s = 60};
    struct web_group group = {SPAN("<b>group\"'&"), SPAN("duty@cert.example")};
    web_roll_put(&roll, &(struct web_roll){&group, 1, pages, 3});
    demand(web_snapshot_roll(scene.web.snapshot, buf_span(&roll)), "no roll");
}

static void log_in(void)
{
    buf_auto header = buf_new(SESSION_COOKIE_BYTES * 4);
    session_begin(&scene.web.keys, SPAN("Олена"), clock_wall_s(), false, &header);
    struct span cookie = span_cut(buf_span(&header), 0, span_find(buf_span(&header), SPAN(";"), 0));
    scene.cookie = buf_new(SESSION_COOKIE_BYTES * 4);
    buf_add_span(&scene.cookie, cookie);
    struct session session = session_of(&scene.web.keys, &scene.web.ends, cookie, clock_wall_s());
    demand(session.is, "no session");
    memcpy(scene.seal, session.form_seal, sizeof(scene.seal));
}

static void set_up(void)
{
    int ends[2];
    scene.daemon = standing_daemon();
    open_web();
    log_in();
    scene.address.sun_family = AF_UNIX;
    snprintf(scene.address.sun_path, sizeof(scene.address.sun_path), "%s/web", scene.daemon->folder);
    int listener =
        listener_open((const struct sockaddr *)&scene.address, (socklen_t)sizeof(scene.address), 16);
    demand(listener >= 0 && web_server_new(listener, &scene.web, &scene.server) == 0, "no server");
    demand(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0, "no channel");
    scene.channel = ends[0];
    scene.servers_channel = ends[1];
    demand(pthread_create(&scene.thread, NULL, serve, NULL) == 0, "no thread");
    atexit(end);
}

/* What is asked is answered as the supervisor would. */
static void answer_ask(void)
{
    struct message message;
    buf_auto reply = buf_new(REPLY_BYTES);
    if (message_receive(scene.channel, &message) <= 0)
        return;
    json_t *request = json_loadb(message.payload.at, message.payload.size, JSON_REJECT_DUPLICATES, NULL);
    demand(message.type == MESSAGE_ASK && json_is_object(request), "asked for no object");
    const char *command = json_string_value(json_object_get(request, "command"));
    demand(command && (strcmp(command, "ack") == 0 || strcmp(command, "accept") == 0 ||
                       strcmp(command, "status") == 0 || strcmp(command, "metrics") == 0),
           "asked for what it may not ask");
    daemon_answer(&scene.daemon->parts, request, "Олена (web)", STANDING_NOW_S, &reply);
    json_decref(request);
    message_send(scene.channel, MESSAGE_TOLD, message.job, buf_span(&reply), NULL, 0);
    message_free(&message);
}

/* ---- the browser ---- */

static void fill_in(struct span data, struct buf *out)
{
    for (size_t i = 0; i < data.size; i++) {
        if (data.at[i] == 1)
            buf_add_span(out, buf_span(&scene.cookie));
        else if (data.at[i] == 2)
            buf_add_text(out, scene.seal);
        else
            buf_add_byte(out, data.at[i]);
    }
}

static int knock(void)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    demand(fd >= 0 && connect(fd, (const struct sockaddr *)&scene.address, sizeof(scene.address)) == 0,
           "nobody listens");
    return fd;
}

/* Until the server hangs up, or says nothing for so long: half a request is left alone for seconds. */
static void hear(int fd, int patience_ms, struct buf *reply)
{
    for (;;) {
        char bytes[65536];
        struct pollfd ends[2] = {{fd, POLLIN, 0}, {scene.channel, POLLIN, 0}};
        if (poll(ends, 2, patience_ms) == 0)
            return;
        if (ends[1].revents)
            answer_ask();
        ssize_t got = ends[0].revents ? recv(fd, bytes, sizeof(bytes), 0) : 1;
        if (got <= 0)
            return;
        if (ends[0].revents)
            buf_add(reply, bytes, (size_t)got);
    }
}

/* ---- what came back ---- */

static void check(struct span reply)
{
    static const char *const foreign[] = {"<img", "<iframe", "<object", "<base", "<x"};
    size_t end = span_find(reply, SPAN("\r\n\r\n"), 0);
    struct span head = span_cut(reply, 0, end), body = span_cut(reply, end + 4, reply.size);
    demand(span_starts(reply, SPAN("HTTP/1.")), "no HTTP");
    if (span_find_nocase(head, SPAN("content-type: text/html; charset=utf-8"), 0) == head.size ||
        span_find(head, SPAN("Content-Security-Policy"), 0) == head.size)
        return; /* the library's own refusals */
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
        demand(span_find_nocase(body, span_of(foreign[i]), 0) == body.size, foreign[i]);
    demand(utf8_valid(body), "not UTF-8");
    for (size_t at = 0; at < body.size;) {
        uint32_t character = utf8_next(body, &at);
        demand(character == '\n' || character == '\t' || !utf8_is_steering(character), "steering");
    }
}

static void ask(struct span words, int patience_ms, struct buf *reply)
{
    int fd = knock();
    if (words.size && send(fd, words.at, words.size, MSG_NOSIGNAL) > 0)
        shutdown(fd, SHUT_WR);
    else
        shutdown(fd, SHUT_RDWR);
    hear(fd, patience_ms, reply);
    close(fd);
}

/* It serves the next one, whatever the last one was. */
static void check_life(void)
{
    buf_auto reply = buf_new(REPLY_BYTES);
    ask(SPAN("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), PATIENCE_MS, &reply);
    demand(span_starts(buf_span(&reply), SPAN("HTTP/1.1 200")), "serves nobody any more");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned unanswered;
    if (!scene.server)
        set_up();
    scene.web.ends.count = 0; /* an input that logs out takes the session from itself alone */
    buf_auto words = buf_new(1 << 20), reply = buf_new(REPLY_BYTES);
    fill_in((struct span){(const char *)data, size}, &words);
    ask(buf_span(&words), HALF_MS, &reply);
    if (reply.size)
        check(buf_span(&reply));
    else if (unanswered++ % UNANSWERED == 0)
        check_life();
    return 0;
}
