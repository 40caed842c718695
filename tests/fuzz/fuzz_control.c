/*
 * Feeds the daemon's control socket with anything, through a real socket and with the daemon's real answers
 * behind it. The first byte chooses how many bytes come at a time. Each whole line must be answered, by JSON
 * objects and an empty line, in order; whatever else comes must leave the ear open for the next peer.
 */
#include "fuzz/standing_daemon.h"

#include "watch/control.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { TURNS = 100000, REPLY_BYTES = 256 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct scene {
    struct standing_daemon *daemon;
    char path[96];
    struct control *control;
} scene;

static void demand(bool kept)
{
    if (!kept)
        abort();
}

static void on_request(void *context, const json_t *request, const char *user, struct buf *reply)
{
    (void)context;
    daemon_answer(&scene.daemon->parts, request, user, STANDING_NOW_S, reply);
}

static void set_up(void)
{
    scene.daemon = standing_daemon();
    snprintf(scene.path, sizeof(scene.path), "%s/control", scene.daemon->folder);
    demand(control_open(scene.daemon->event, scene.path, on_request, NULL, &scene.control) == 0);
}

/* ---- one peer ---- */

static int knock(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", scene.path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    demand(fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0);
    return fd;
}

/* Returns false when the daemon has hung up. */
static bool take(int fd, struct buf *reply)
{
    char bytes[65536];
    ssize_t got = recv(fd, bytes, sizeof(bytes), 0);
    if (got > 0)
        demand(buf_add(reply, bytes, (size_t)got));
    return got > 0 || (got < 0 && errno == EAGAIN);
}

/* Says it all, in pieces, then hangs up its own side; returns false when the daemon hung up before. */
static bool talk(int fd, struct span words, size_t piece, struct buf *reply)
{
    size_t said = 0;
    bool ended = false;
    for (int turn = 0; turn < TURNS; turn++) {
        size_t size = words.size - said < piece ? words.size - said : piece;
        ssize_t put = size ? send(fd, words.at + said, size, MSG_NOSIGNAL) : 0;
        bool lost = put < 0 && errno != EAGAIN;
        said += put > 0 ? (size_t)put : 0;
        if (said == words.size && !ended)
            ended = shutdown(fd, SHUT_WR) == 0;
        sd_event_run(scene.daemon->event, 0);
        if (!take(fd, reply))
            return !lost && said == words.size;
    }
    abort(); /* it neither answers nor hangs up */
}

static size_t count_answers(struct span reply)
{
    size_t answers = 0;
    struct span line;
    demand(reply.size == 0 || reply.at[reply.size - 1] == '\n');
    reply.size -= reply.size > 0;
    for (struct span rest = reply; rest.size && span_next(&rest, '\n', &line);) {
        json_t *object = line.size ? json_loadb(line.at, line.size, JSON_REJECT_DUPLICATES, NULL) : NULL;
        demand(line.size == 0 || json_is_object(object));
        json_decref(object);
        answers += line.size == 0;
    }
    return answers + (reply.size > 0); /* the last empty line has lost its line feed above */
}

static size_t count_lines(struct span words, size_t *ret_longest)
{
    size_t lines = 0, longest = 0, at = 0;
    for (size_t i = 0; i < words.size; i++) {
        longest = i - at > longest ? i - at : longest;
        if (words.at[i] == '\n') {
            lines++;
            at = i + 1;
        }
    }
    *ret_longest = longest;
    return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!scene.control)
        set_up();
    if (size < 2)
        return 0;
    struct span words = {(const char *)data + 1, size - 1};
    buf_auto reply = buf_new(REPLY_BYTES);
    size_t longest, lines = count_lines(words, &longest);
    int fd = knock();
    bool heard = talk(fd, words, 1 + (size_t)data[0] * data[0], &reply);
    close(fd);
    size_t answers = count_answers(buf_span(&reply));
    demand(answers <= lines);
    demand(!heard || longest > CONTROL_REQUEST_BYTES / 2 || answers == lines);
    return 0;
}
