/* Ways to a syslog collector: the local socket, UDP (RFC 5426) and TCP with octet counting (RFC 6587). */
#include "os/clock.h"
#include "pipeline/alert/alert.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_PAUSE_MS = 1000, LAST_PAUSE_MS = 60000 };

struct syslog_sink {
    struct syslog_target target;
    int fd;       /* -1 while there is no connection */
    int error;    /* of the last attempt to connect, 0 when it worked */
    int pause_ms; /* after a failure nothing is tried for so long: a dead collector must not cost its wait for
                     each message */
    int64_t resume_ms; /* steady clock */
};

/* ---- targets ---- */

static int parse_host(const char *text, struct syslog_target *target)
{
    const char *end;
    const char *start = text;
    if (*text == '[') {
        start = text + 1;
        end = strchr(start, ']');
        if (!end || (end[1] != '\0' && end[1] != ':'))
            return -EINVAL;
        text = end + 1;
    } else {
        end = start + strcspn(start, ":");
        text = end;
    }
    size_t size = (size_t)(end - start);
    if (size == 0 || size >= sizeof(target->host))
        return -EINVAL;
    memcpy(target->host, start, size);
    target->host[size] = '\0';
    if (*text == '\0')
        return 0;
    int length = snprintf(target->port, sizeof(target->port), "%s", text + 1);
    char *rest;
    long port = strtol(target->port, &rest, 10);
    return length < (int)sizeof(target->port) && *rest == '\0' && port > 0 && port < 65536 ? 0 : -EINVAL;
}

static int parse_path(const char *path, struct syslog_target *target)
{
    size_t size = strlen(path);
    if (size == 0 || size >= sizeof(target->path))
        return -EINVAL;
    memcpy(target->path, path, size + 1);
    return 0;
}

int syslog_target_parse(const char *text, struct syslog_target *ret_target)
{
    struct syslog_target target = {.transport = SYSLOG_UNIX};
    int result = -EINVAL;
    if (strcmp(text, "local") == 0) {
        result = parse_path("/dev/log", &target);
    } else if (strncmp(text, "unix:", 5) == 0) {
        result = parse_path(text + 5, &target);
    } else if (strncmp(text, "udp:", 4) == 0) {
        target.transport = SYSLOG_UDP;
        memcpy(target.port, "514", 4);
        result = parse_host(text + 4, &target);
    } else if (strncmp(text, "tcp:", 4) == 0) {
        target.transport = SYSLOG_TCP;
        memcpy(target.port, "601", 4);
        result = parse_host(text + 4, &target);
    }
    if (result == 0)
        *ret_target = target;
    return result;
}

/* ---- connections ---- */

static int wait_writable(int fd, int wait_ms)
{
    struct pollfd waited = {.fd = fd, .events = POLLOUT};
    int result;
    do
        result = poll(&waited, 1, wait_ms);
    while (result < 0 && errno == EINTR);
    if (result < 0)
        return -errno;
    return result == 0 ? -ETIMEDOUT : 0;
}

static int finish_connect(int fd, int wait_ms)
{
    int result = wait_writable(fd, wait_ms);
    int error = 0;
    socklen_t size = sizeof(error);
    if (result == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return -errno;
    return result < 0 ? result : -error;
}

static int connect_to(int family, int type, const struct sockaddr *address, socklen_t size, int wait_ms)
{
    int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    int result = connect(fd, address, size) < 0 ? -errno : 0;
    if (result == -EINPROGRESS)
        result = finish_connect(fd, wait_ms);
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

static int connect_unix(const struct syslog_target *target, int wait_ms)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, target->path, sizeof(address.sun_path));
    int fd = connect_to(AF_UNIX, SOCK_DGRAM, (struct sockaddr *)&address, sizeof(address), wait_ms);
    return fd;
}

static int connect_host(const struct syslog_target *target, int wait_ms)
{
    int type = target->transport == SYSLOG_TCP ? SOCK_STREAM : SOCK_DGRAM;
    struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = type};
    struct addrinfo *found;
    if (getaddrinfo(target->host, target->port, &wanted, &found) != 0)
        return -EHOSTUNREACH;
    int fd = -EHOSTUNREACH;
    for (struct addrinfo *one = found; one && fd < 0; one = one->ai_next)
        fd = connect_to(one->ai_family, type, one->ai_addr, one->ai_addrlen, wait_ms);
    freeaddrinfo(found);
    return fd;
}

static int send_all(int fd, struct span bytes, int wait_ms)
{
    while (bytes.size) {
        ssize_t put = send(fd, bytes.at, bytes.size, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            int result = wait_writable(fd, wait_ms);
            if (result < 0)
                return result;
            continue;
        }
        if (put < 0)
            return -errno;
        bytes = span_cut(bytes, (size_t)put, bytes.size);
    }
    return 0;
}

/* A collector that went away is noticed on a kept TCP connection only by reading its end. */
static bool is_stale(int fd)
{
    char byte;
    ssize_t got = recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

static void drop(struct syslog_sink *sink)
{
    if (sink->fd >= 0)
        close(sink->fd);
    sink->fd = -1;
}

static int note_attempt(struct syslog_sink *sink, int result)
{
    sink->error = result < 0 ? result : 0;
    if (result >= 0) {
        sink->pause_ms = 0;
        return result;
    }
    int twice = sink->pause_ms * 2;
    sink->pause_ms = twice < FIRST_PAUSE_MS ? FIRST_PAUSE_MS : twice > LAST_PAUSE_MS ? LAST_PAUSE_MS : twice;
    sink->resume_ms = clock_steady_ms() + sink->pause_ms;
    return result;
}

static int ensure_connection(struct syslog_sink *sink, int wait_ms)
{
    if (sink->fd >= 0 && sink->target.transport == SYSLOG_TCP && is_stale(sink->fd))
        drop(sink);
    if (sink->fd >= 0)
        return 0;
    if (sink->error && clock_steady_ms() < sink->resume_ms)
        return sink->error;
    int fd = sink->target.transport == SYSLOG_UNIX ? connect_unix(&sink->target, wait_ms)
                                                   : connect_host(&sink->target, wait_ms);
    if (note_attempt(sink, fd) < 0)
        return fd;
    sink->fd = fd;
    return 0;
}

int syslog_sink_new(const struct syslog_target *target, struct syslog_sink **ret_sink)
{
    struct syslog_sink *sink = malloc(sizeof(*sink));
    if (!sink)
        return -ENOMEM;
    *sink = (struct syslog_sink){.target = *target, .fd = -1};
    *ret_sink = sink;
    return 0;
}

void syslog_sink_free(struct syslog_sink *sink)
{
    if (!sink)
        return;
    drop(sink);
    free(sink);
}

static int send_once(struct syslog_sink *sink, struct span line, int wait_ms)
{
    int result = ensure_connection(sink, wait_ms);
    if (result < 0)
        return result;
    if (sink->target.transport == SYSLOG_TCP) {
        buf_auto framed = buf_new(SYSLOG_LINE_BYTES + 64);
        buf_add_format(&framed, "%zu ", line.size);
        buf_add_span(&framed, line);
        result = framed.failed ? -EMSGSIZE : send_all(sink->fd, buf_span(&framed), wait_ms);
    } else {
        result = send_all(sink->fd, span_cut(line, 0, SYSLOG_DATAGRAM_BYTES), wait_ms);
    }
    if (result < 0)
        drop(sink);
    return result;
}

int syslog_sink_send(struct syslog_sink *sink, struct span line, int wait_ms)
{
    bool kept = sink->fd >= 0;
    int result = send_once(sink, line, wait_ms);
    /* a connection kept from before may have died since; one made just now has not */
    return result < 0 && kept ? send_once(sink, line, wait_ms) : result;
}
