/* See dial.h. */
#include "pipeline/alert/dial.h"

#include "os/clock.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int dial_left(int64_t deadline_ms)
{
    int64_t left = deadline_ms - clock_steady_ms();
    return left > 0 ? (int)left : 0;
}

int dial_wait(int fd, short events, int64_t deadline_ms)
{
    struct pollfd waited = {.fd = fd, .events = events};
    int result;
    do
        result = poll(&waited, 1, dial_left(deadline_ms));
    while (result < 0 && errno == EINTR);
    if (result < 0)
        return -errno;
    return result == 0 ? -ETIMEDOUT : 0;
}

static int finish_connect(int fd, int64_t deadline_ms)
{
    int result = dial_wait(fd, POLLOUT, deadline_ms);
    int error = 0;
    socklen_t size = sizeof(error);
    if (result == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return -errno;
    return result < 0 ? result : -error;
}

static int connect_to(int family, int type, const struct sockaddr *address, socklen_t size,
                      int64_t deadline_ms)
{
    int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    int result = connect(fd, address, size) < 0 ? -errno : 0;
    if (result == -EINPROGRESS)
        result = finish_connect(fd, deadline_ms);
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

int dial_local(const char *path, int64_t deadline_ms)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen(path);
    if (size >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, size);
    return connect_to(AF_UNIX, SOCK_DGRAM, (struct sockaddr *)&address, sizeof(address), deadline_ms);
}

int dial_host(const char *host, const char *port, int type, int64_t deadline_ms)
{
    struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = type};
    struct addrinfo *found;
    if (getaddrinfo(host, port, &wanted, &found) != 0)
        return -EHOSTUNREACH;
    int fd = -EHOSTUNREACH;
    for (struct addrinfo *one = found; one && fd < 0; one = one->ai_next)
        fd = connect_to(one->ai_family, type, one->ai_addr, one->ai_addrlen, deadline_ms);
    freeaddrinfo(found);
    return fd;
}

int dial_send(int fd, struct span bytes, int64_t deadline_ms)
{
    while (bytes.size) {
        ssize_t put = send(fd, bytes.at, bytes.size, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            int result = dial_wait(fd, POLLOUT, deadline_ms);
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

bool dial_is_stale(int fd)
{
    char byte;
    ssize_t got = recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}
