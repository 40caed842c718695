/* See control.h. Peers are our own commands, but may be anybody who can open the socket: everything has a
 * limit. */
#include "watch/control.h"

#include "os/clock.h"
#include "os/listener.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct peer {
    struct control *control;
    int fd;
    sd_event_source *source, *timer;
    struct buf in, out;
    size_t sent;
    int64_t heard_ms; /* when it connected or last said or took something, steady */
    char user[64];
};

struct control {
    sd_event *event;
    int fd;
    char path[108];
    sd_event_source *source, *pause; /* pause: until who knocks is let in again */
    control_answer_fn *answer;
    void *context;
    control_guard_fn *guard; /* NULL: all are let in */
    void *guard_context;
    struct peer *peers[CONTROL_PEERS];
    size_t peer_count;
};

static void peer_free(struct peer *peer)
{
    struct control *control = peer->control;
    for (size_t i = 0; i < control->peer_count; i++)
        if (control->peers[i] == peer)
            control->peers[i] = control->peers[--control->peer_count];
    sd_event_source_disable_unref(peer->source);
    sd_event_source_disable_unref(peer->timer);
    close(peer->fd);
    buf_free(&peer->in);
    buf_free(&peer->out);
    free(peer);
}

static void reply_fault(struct buf *out, const char *text)
{
    json_t *object = json_pack("{s:s}", "error", text);
    char *line = object ? json_dumps(object, JSON_COMPACT) : NULL;
    if (line)
        buf_add_format(out, "%s\n", line);
    free(line);
    json_decref(object);
}

static void answer_line(struct peer *peer, struct span line)
{
    json_error_t fault;
    json_t *request = json_loadb(line.size ? line.at : "", line.size, JSON_REJECT_DUPLICATES, &fault);
    if (json_is_object(request))
        peer->control->answer(peer->control->context, request, peer->user, &peer->out);
    else
        reply_fault(&peer->out, "a request is one JSON object on one line");
    json_decref(request);
    buf_add_byte(&peer->out, '\n');
}

/* Answers every whole line that came. Returns false when the peer is to be let go. */
static bool answer_lines(struct peer *peer)
{
    struct span rest = buf_span(&peer->in);
    size_t used = 0;
    for (const char *end; rest.size && (end = memchr(rest.at, '\n', rest.size));) {
        size_t size = (size_t)(end - rest.at);
        answer_line(peer, span_cut(rest, 0, size));
        rest = span_cut(rest, size + 1, rest.size);
        used += size + 1;
    }
    memmove(peer->in.at, peer->in.at + used, peer->in.size - used);
    peer->in.size -= used;
    return !peer->out.failed;
}

/* Returns false when the peer is to be let go. */
static bool write_some(struct peer *peer)
{
    while (peer->sent < peer->out.size) {
        ssize_t put = send(peer->fd, peer->out.at + peer->sent, peer->out.size - peer->sent,
                           MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put < 0 && (errno == EAGAIN || errno == EINTR))
            break;
        if (put < 0)
            return false;
        peer->sent += (size_t)put;
    }
    bool done = peer->sent == peer->out.size;
    if (done) {
        peer->sent = 0;
        buf_clear(&peer->out);
    }
    sd_event_source_set_io_events(peer->source, done ? EPOLLIN : EPOLLOUT);
    return true;
}

static bool read_some(struct peer *peer)
{
    char bytes[4096];
    ssize_t got = recv(peer->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    return got > 0 && buf_add(&peer->in, bytes, (size_t)got) && answer_lines(peer);
}

static int on_peer(sd_event_source *source, int fd, uint32_t events, void *context)
{
    struct peer *peer = context;
    (void)source;
    (void)fd;
    bool stays = (events & EPOLLOUT) || read_some(peer);
    if (!stays || !write_some(peer)) {
        peer_free(peer);
        return 0;
    }
    peer->heard_ms = clock_steady_ms();
    sd_event_source_set_time_relative(peer->timer, CONTROL_IDLE_S * 1000000ULL);
    return 0;
}

static int on_idle(sd_event_source *source, uint64_t at_us, void *context)
{
    (void)source;
    (void)at_us;
    peer_free(context);
    return 0;
}

static struct ucred who_is(int fd)
{
    struct ucred who = {.uid = (uid_t)-1};
    socklen_t size = sizeof(who);
    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size);
    return who;
}

/* The user's name as the kernel and the machine's user table know it. */
static void name_user(struct peer *peer)
{
    struct ucred who = who_is(peer->fd);
    char room[4096];
    struct passwd entry, *found = NULL;
    if (getpwuid_r(who.uid, &entry, room, sizeof(room), &found) == 0 && found)
        snprintf(peer->user, sizeof(peer->user), "%s", entry.pw_name);
    else
        snprintf(peer->user, sizeof(peer->user), "uid %u", (unsigned)who.uid);
}

static void add_peer(struct control *control, int fd)
{
    struct peer *peer = calloc(1, sizeof(*peer));
    if (!peer) {
        close(fd);
        return;
    }
    *peer = (struct peer){.control = control,
                          .fd = fd,
                          .in = buf_new(CONTROL_REQUEST_BYTES),
                          .out = buf_new(CONTROL_REPLY_BYTES),
                          .heard_ms = clock_steady_ms()};
    control->peers[control->peer_count++] = peer;
    name_user(peer);
    if (sd_event_add_io(control->event, &peer->source, fd, EPOLLIN, on_peer, peer) < 0 ||
        sd_event_add_time_relative(control->event, &peer->timer, CLOCK_MONOTONIC, CONTROL_IDLE_S * 1000000ULL,
                                   0, on_idle, peer) < 0)
        peer_free(peer);
    else
        sd_event_source_set_enabled(peer->timer, SD_EVENT_ON);
}

static int on_pause(sd_event_source *source, uint64_t at_us, void *context)
{
    struct control *control = context;
    (void)source;
    (void)at_us;
    sd_event_source_set_enabled(control->source, SD_EVENT_ON);
    return 0;
}

/* When all places are taken, the one that has been mute for longest goes: whoever opens many connections and
 * says nothing must not keep an operator out. Returns false when nobody was mute for long enough. */
static bool make_place(struct control *control)
{
    struct peer *mute = NULL;
    if (control->peer_count < CONTROL_PEERS)
        return true;
    for (size_t i = 0; i < control->peer_count; i++)
        if (!mute || control->peers[i]->heard_ms < mute->heard_ms)
            mute = control->peers[i];
    if (clock_steady_ms() - mute->heard_ms < CONTROL_MUTE_MS)
        return false;
    peer_free(mute);
    return true;
}

/* Without descriptors nobody can be let in, and who waits at the door would wake the loop without end. */
static void pause_listening(struct control *control, uint64_t for_ms)
{
    sd_event_source_set_enabled(control->source, SD_EVENT_OFF);
    control->pause = sd_event_source_disable_unref(control->pause);
    if (sd_event_add_time_relative(control->event, &control->pause, CLOCK_MONOTONIC, for_ms * 1000, 0,
                                   on_pause, control) < 0)
        sd_event_source_set_enabled(control->source, SD_EVENT_ON);
}

static int on_listener(sd_event_source *source, int fd, uint32_t events, void *context)
{
    (void)source;
    (void)events;
    struct control *control = context;
    if (!make_place(control)) {
        pause_listening(control, CONTROL_MUTE_MS / 4);
        return 0;
    }
    int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (peer >= 0 && control->guard && !control->guard(control->guard_context, who_is(peer).pid))
        close(peer);
    else if (peer >= 0)
        add_peer(control, peer);
    else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
        pause_listening(control, CONTROL_PAUSE_MS);
    return 0;
}

static int listen_at(struct control *control, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    int result = listener_open((struct sockaddr *)&address, sizeof(address), CONTROL_PEERS);
    if (result < 0)
        return result;
    control->fd = result;
    snprintf(control->path, sizeof(control->path), "%s", path);
    return 0;
}

int control_open(sd_event *event, const char *path, control_answer_fn *answer, void *context,
                 struct control **ret_control)
{
    struct control *control = calloc(1, sizeof(*control));
    if (!control)
        return -ENOMEM;
    *control = (struct control){.event = event, .fd = -1, .answer = answer, .context = context};
    int result = listen_at(control, path);
    if (result == 0)
        result = sd_event_add_io(event, &control->source, control->fd, EPOLLIN, on_listener, control);
    if (result < 0) {
        control_close(control);
        return result;
    }
    *ret_control = control;
    return 0;
}

void control_guard(struct control *control, control_guard_fn *guard, void *context)
{
    control->guard = guard;
    control->guard_context = context;
}

void control_close(struct control *control)
{
    if (!control)
        return;
    while (control->peer_count)
        peer_free(control->peers[0]);
    sd_event_source_disable_unref(control->source);
    sd_event_source_disable_unref(control->pause);
    if (control->fd >= 0)
        close(control->fd);
    if (control->path[0])
        unlink(control->path);
    free(control);
}
