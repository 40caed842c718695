/* See listener.h. */
#include "os/listener.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* A socket that nobody listens at is left from a process that was killed. Anything else that is in the way is
 * somebody's file. */
static bool is_abandoned(const struct sockaddr *address, socklen_t size)
{
    const struct sockaddr_un *local = (const struct sockaddr_un *)(const void *)address;
    struct stat status;
    if (lstat(local->sun_path, &status) < 0 || !S_ISSOCK(status.st_mode))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool refused = connect(fd, address, size) < 0 && errno == ECONNREFUSED;
    close(fd);
    return refused;
}

static int bind_local(int fd, const struct sockaddr *address, socklen_t size)
{
    const struct sockaddr_un *local = (const struct sockaddr_un *)(const void *)address;
    if (is_abandoned(address, size))
        unlink(local->sun_path);
    mode_t mask = umask(0117);
    int result = bind(fd, address, size) < 0 ? -errno : 0;
    umask(mask);
    return result;
}

static int bind_network(int fd, const struct sockaddr *address, socklen_t size)
{
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    return bind(fd, address, size) < 0 ? -errno : 0;
}

int listener_open(const struct sockaddr *address, socklen_t size, int backlog)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    int result =
        address->sa_family == AF_UNIX ? bind_local(fd, address, size) : bind_network(fd, address, size);
    if (result == 0 && listen(fd, backlog) < 0)
        result = -errno;
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}
