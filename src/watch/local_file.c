/* See local_file.h. openat2() with RESOLVE_BENEATH makes the kernel refuse every way out: "..", absolute
 * paths, links. */
#include "watch/local_file.h"

#include "base/buf.h"
#include "os/memfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PIECE = 65536 };

static int copy_all(int fd, size_t limit)
{
    buf_auto content = buf_new(limit);
    for (;;) {
        if (!buf_reserve(&content, 1))
            return content.size >= limit ? memfile_new("page", buf_span(&content)) : -ENOMEM;
        size_t room = content.room - content.size;
        ssize_t got = read(fd, content.at + content.size, room < PIECE ? room : PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if (got == 0)
            return memfile_new("page", buf_span(&content));
        content.size += (size_t)got;
    }
}

/* A FIFO that nobody writes into is empty, instead of a wait without end at its opening. */
int local_file_copy(const char *path, size_t limit)
{
    if (strcmp(path, "-") == 0)
        return copy_all(STDIN_FILENO, limit);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -errno;
    int copy = fcntl(fd, F_SETFL, 0) < 0 ? -errno : copy_all(fd, limit);
    close(fd);
    return copy;
}

int local_file_folder(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int size = slash ? (int)(slash - path) + 1 : 0;
    if (snprintf(folder, sizeof(folder), "%.*s", size, path) >= (int)sizeof(folder))
        return -ENAMETOOLONG;
    int fd = open(size ? folder : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int hex(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit = (char)(digit | 32);
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* The path of a reference without scheme, host, query and leading slashes, percent signs decoded. */
static bool path_of(struct span reference, char ret_path[PATH_MAX])
{
    size_t scheme = span_find(reference, SPAN("://"), 0);
    if (scheme < reference.size)
        reference = span_cut(reference, span_find(reference, SPAN("/"), scheme + 3), reference.size);
    size_t size = 0;
    for (size_t i = 0; i < reference.size && reference.at[i] != '?' && reference.at[i] != '#'; i++) {
        char byte = reference.at[i];
        if (byte == '%' && i + 2 < reference.size && hex(reference.at[i + 1]) >= 0 &&
            hex(reference.at[i + 2]) >= 0) {
            byte = (char)(hex(reference.at[i + 1]) * 16 + hex(reference.at[i + 2]));
            i += 2;
        }
        if (byte == '\0' || size + 1 >= PATH_MAX)
            return false;
        if (byte != '/' || size > 0)
            ret_path[size++] = byte;
    }
    ret_path[size] = '\0';
    return size > 0;
}

static int copy_beneath(int folder, const char *path, size_t limit)
{
    struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    struct stat about;
    int fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof(how));
    if (fd < 0)
        return -errno;
    int copy = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) ? copy_all(fd, limit) : -EINVAL;
    close(fd);
    return copy;
}

int local_picture_copy(int folder, struct span reference, size_t limit)
{
    char path[PATH_MAX];
    if (!path_of(reference, path))
        return -ENOENT;
    int copy = copy_beneath(folder, path, limit);
    const char *last = strrchr(path, '/');
    return copy < 0 && last ? copy_beneath(folder, last + 1, limit) : copy;
}
