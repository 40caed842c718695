/* Sealed memory files; see memfile.h. */
#include "os/memfile.h"

#include "os/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

static int write_all(int fd, struct span bytes)
{
    while (bytes.size > 0) {
        ssize_t put = write(fd, bytes.at, bytes.size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return put < 0 ? -errno : -EIO;
        bytes = span_cut(bytes, (size_t)put, bytes.size);
    }
    return 0;
}

/* The kernel refuses for a moment while it still holds pages of the file (EBUSY, fcntl(2)); it has waited
 * some itself. */
static int seal(int fd)
{
    enum { PATIENCE_MS = 1000 }; /* on a machine with work for forty, ten tries were over too soon */
    for (int64_t end_ms = clock_steady_ms() + PATIENCE_MS; clock_steady_ms() < end_ms;) {
        if (fcntl(fd, F_ADD_SEALS, SEALS) == 0)
            return 0;
        if (errno != EBUSY)
            break;
        sched_yield();
    }
    return -errno;
}

int memfile_new(const char *name, struct span bytes)
{
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return -errno;
    int result = write_all(fd, bytes);
    if (result == 0)
        result = seal(fd);
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

static bool is_sealed(int fd)
{
    int seals = fcntl(fd, F_GET_SEALS);
    return seals >= 0 && (seals & (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)) ==
                             (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

int memfile_map(int fd, size_t limit, bool trusted, struct span *ret_bytes)
{
    if (!trusted && !is_sealed(fd))
        return -EBADMSG;
    struct stat about;
    if (fstat(fd, &about) < 0)
        return -errno;
    if (!S_ISREG(about.st_mode))
        return -EBADMSG;
    if (about.st_size < 0 || (size_t)about.st_size > limit)
        return -EFBIG;
    if (about.st_size == 0) {
        *ret_bytes = (struct span){NULL, 0};
        return 0;
    }
    void *at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return -errno;
    *ret_bytes = (struct span){at, (size_t)about.st_size};
    return 0;
}

void memfile_unmap(struct span bytes)
{
    if (bytes.at)
        munmap((void *)(uintptr_t)bytes.at, bytes.size);
}
