/* See control_client.h. */
#include "cli/control_client.h"

#include "cli/cli.h"

#include "base/buf.h"
#include "watch/watch_limits.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATIENCE_S = 30 /* seconds for each step: the daemon may wait for its store */ };

const char *control_path(const char *option)
{
    const char *named = getenv("VARTA_CONTROL");
    return option ? option : named && *named ? named : CONTROL_DEFAULT_PATH;
}

static int dial(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    struct timeval patience = {.tv_sec = PATIENCE_S}; /* connect() waits as long as send() */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
        int error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

int control_reach(const char *path)
{
    int fd = dial(path);
    if (fd >= 0)
        close(fd);
    return fd >= 0 ? 0 : fd;
}

static void tell_why(const char *path, int error)
{
    if (error == -ENOENT || error == -ECONNREFUSED)
        cli_error("no varta watch listens at %s: is it running? --control names another socket", path);
    else if (error == -EACCES)
        cli_error("you may not talk to the daemon at %s: be root, its user, or of its group", path);
    else if (error == -EAGAIN)
        cli_error("the daemon at %s did not answer for %d seconds", path, PATIENCE_S);
    else if (error == -EPIPE || error == -ECONNRESET)
        cli_error("the daemon broke off its answer");
    else if (error == -EMSGSIZE)
        cli_error("what listens at %s sends more than a daemon would: is it one?", path);
    else
        cli_error("cannot reach the daemon at %s: %s", path, strerror(-error));
}

/* Returns false, and has told why, for the daemon's own error and for a line that is none of its. */
static bool take_line(const char *line, control_line_fn *each, void *context)
{
    json_t *object = json_loads(line, 0, NULL);
    const char *error = json_string_value(json_object_get(object, "error"));
    if (error)
        cli_error("%s", error);
    else if (object)
        each(context, object);
    else
        cli_error("the daemon's answer is no JSON");
    json_decref(object);
    return !error && object;
}

/* An answer on its way in. */
struct answer {
    int fd;
    struct buf bytes; /* that were read and not yet taken, from `at` on */
    size_t at;
};

/* Returns 1 with the next line, which ends in NUL in place of its line feed, or a negative errno: -EPIPE at
 * the end. */
static int next_line(struct answer *answer, char **ret_line)
{
    size_t looked = answer->at;
    for (;;) {
        char *end = answer->bytes.size > looked
                        ? memchr(answer->bytes.at + looked, '\n', answer->bytes.size - looked)
                        : NULL;
        if (end) {
            *end = '\0';
            *ret_line = answer->bytes.at + answer->at;
            answer->at = (size_t)(end - answer->bytes.at) + 1;
            return 1;
        }
        char piece[65536];
        if (answer->at)
            memmove(answer->bytes.at, answer->bytes.at + answer->at, answer->bytes.size - answer->at);
        answer->bytes.size -= answer->at;
        answer->at = 0;
        looked = answer->bytes.size;
        ssize_t got = recv(answer->fd, piece, sizeof(piece), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -errno : -EPIPE;
        if (!buf_add(&answer->bytes, piece, (size_t)got))
            return -EMSGSIZE;
    }
}

static int read_answer(int fd, const char *path, control_line_fn *each, void *context)
{
    struct answer answer = {.fd = fd, .bytes = buf_new(CONTROL_REPLY_BYTES)};
    char *line = NULL;
    bool good = true;
    int result;
    while ((result = next_line(&answer, &line)) == 1 && *line)
        good &= take_line(line, each, context); /* which has told why not */
    if (result < 0 && good)
        tell_why(path, result);
    buf_free(&answer.bytes);
    return result == 1 && good ? EXIT_NOTHING : EXIT_FAILED;
}

static int send_all(int fd, const char *text, size_t size)
{
    while (size) {
        ssize_t put = send(fd, text, size, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -errno;
        text += put;
        size -= (size_t)put;
    }
    return 0;
}

int control_ask(const char *path, json_t *request, control_line_fn *each, void *context)
{
    char *text = request ? json_dumps(request, JSON_COMPACT) : NULL;
    json_decref(request);
    int fd = text ? dial(path) : -ENOMEM;
    int result = fd < 0 ? fd : send_all(fd, text, strlen(text));
    if (result == 0)
        result = send_all(fd, "\n", 1);
    free(text);
    int code = EXIT_FAILED;
    if (result < 0)
        tell_why(path, result);
    else
        code = read_answer(fd, path, each, context);
    if (fd >= 0)
        close(fd);
    return code;
}
