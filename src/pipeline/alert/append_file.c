/* See append_file.h. */
#include "pipeline/alert/append_file.h"

#include "pipeline/alert/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MODE = 0640 };

struct append_file {
    const char *path;
    char folder[PATH_MAX];
    int fd; /* -1 while it is not open */
    struct stat about;
    bool torn; /* the last record was not written to its end */
};

int append_file_new(const char *path, struct append_file **ret_file)
{
    const char *slash = strrchr(path, '/');
    size_t size = slash == path ? 1 : slash ? (size_t)(slash - path) : 1;
    struct append_file *file = calloc(1, sizeof(*file));
    if (!file || size >= sizeof(file->folder)) {
        free(file);
        return file ? -ENAMETOOLONG : -ENOMEM;
    }
    memcpy(file->folder, slash ? path : ".", size);
    file->path = path;
    file->fd = -1;
    *ret_file = file;
    return 0;
}

void append_file_free(struct append_file *file)
{
    if (!file)
        return;
    if (file->fd >= 0)
        close(file->fd);
    free(file);
}

const char *append_file_folder(const struct append_file *file)
{
    return file->folder;
}

static bool is_current(const struct append_file *file)
{
    struct stat now;
    return file->fd >= 0 && stat(file->path, &now) == 0 && now.st_dev == file->about.st_dev &&
           now.st_ino == file->about.st_ino;
}

/* A pipe without a reader is opened without waiting, and refused. */
static int ensure_open(struct append_file *file)
{
    if (is_current(file))
        return 0;
    if (file->fd >= 0)
        close(file->fd);
    file->torn = false;
    file->fd = open(file->path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, MODE);
    if (file->fd < 0 || fstat(file->fd, &file->about) < 0)
        return -errno;
    return S_ISREG(file->about.st_mode) || S_ISFIFO(file->about.st_mode) ? 0 : -EINVAL;
}

static int put_piece(struct append_file *file, struct span bytes, int64_t deadline_ms)
{
    while (bytes.size) {
        ssize_t put = write(file->fd, bytes.at, bytes.size);
        int error = errno;
        if (put < 0 && error == EAGAIN) {
            int result = dial_wait(file->fd, POLLOUT, deadline_ms);
            if (result < 0)
                return result;
        } else if (put < 0 && error != EINTR) {
            return -error;
        }
        if (put > 0) {
            bytes = span_cut(bytes, (size_t)put, bytes.size);
            file->torn = bytes.size > 0;
        }
    }
    return 0;
}

static int put_lines(struct append_file *file, struct span lines, int64_t deadline_ms)
{
    while (lines.size) {
        size_t end = span_find(lines, SPAN("\n"), 0) + 1;
        int result = put_piece(file, span_cut(lines, 0, end), deadline_ms);
        if (result < 0)
            return result;
        lines = span_cut(lines, end, lines.size);
    }
    return 0;
}

/* The reader may have gone and another come: the pipe is opened once more, which tells. */
static int put_pipe(struct append_file *file, struct span lines, int64_t deadline_ms)
{
    int result = put_lines(file, lines, deadline_ms);
    if (result != -EPIPE)
        return result;
    close(file->fd);
    file->fd = -1;
    result = ensure_open(file);
    return result < 0 ? result : put_lines(file, lines, deadline_ms);
}

int append_file_put(struct append_file *file, struct span lines, int64_t deadline_ms)
{
    int result = ensure_open(file);
    if (result == 0 && file->torn)
        result = put_piece(file, SPAN("\n"), deadline_ms);
    if (result < 0)
        return result;
    if (S_ISFIFO(file->about.st_mode))
        return put_pipe(file, lines, deadline_ms);
    result = put_piece(file, lines, deadline_ms);
    return result == 0 && fdatasync(file->fd) < 0 ? -errno : result;
}
