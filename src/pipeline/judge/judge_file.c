/* A whole file into a buffer, no further than the buffer's ceiling. */
#include "pipeline/judge/judge_file.h"

#include <errno.h>
#include <stdio.h>

static int read_all(FILE *file, struct buf *out)
{
    char piece[4096];
    size_t size;
    while ((size = fread(piece, 1, sizeof(piece), file)) > 0)
        if (!buf_add(out, piece, size))
            return size > out->ceiling - out->size ? -EFBIG : -ENOMEM;
    return ferror(file) ? -EIO : 0;
}

int judge_file_read(const char *path, struct buf *out, char ret_error[256])
{
    FILE *file = fopen(path, "re");
    int error = file ? read_all(file, out) : -errno;
    if (file)
        fclose(file);
    if (error)
        snprintf(ret_error, 256, "%.180s: %s", path, strerror(-error));
    return error;
}
