/* See secret.h. */
#include "pipeline/alert/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int read_all(int fd, struct secret *secret)
{
    ssize_t got;
    while (secret->size < SECRET_BYTES &&
           (got = read(fd, secret->at + secret->size, SECRET_BYTES - secret->size)) != 0) {
        if (got < 0 && errno != EINTR)
            return -errno;
        secret->size += got > 0 ? (size_t)got : 0;
    }
    return secret->size == SECRET_BYTES ? -E2BIG : 0;
}

int secret_read(const char *path, struct secret *ret_secret, struct buf *detail)
{
    struct secret *secret = ret_secret;
    *secret = (struct secret){.size = 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int result = fd < 0 ? -errno : read_all(fd, secret);
    if (fd >= 0)
        close(fd);
    while (result == 0 && secret->size && strchr("\r\n", secret->at[secret->size - 1]))
        secret->at[--secret->size] = '\0';
    if (result == 0 && (secret->size == 0 || memchr(secret->at, '\0', secret->size)))
        result = -EINVAL;
    if (result < 0) {
        buf_add_format(detail, "the secret cannot be read from %s: %s", path,
                       result == -EINVAL  ? "it is empty or no text"
                       : result == -E2BIG ? "it is too long"
                                          : strerror(-result));
        secret_wipe(secret);
    }
    return result;
}

void secret_wipe(struct secret *secret)
{
    explicit_bzero(secret, sizeof(*secret));
}
