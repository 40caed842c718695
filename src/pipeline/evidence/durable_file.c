/* See durable_file.h. */
#include "pipeline/evidence/durable_file.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <unistd.h>

enum { MODE = 0640 };

int durable_file_write(int fd, struct span bytes)
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

bool durable_file_is_part(const char *name)
{
    return name[0] == '.' && span_ends(span_of(name), SPAN(".part"));
}

void durable_file_begin(int folder, const char *name, struct durable_file *ret_file)
{
    struct durable_file *file = ret_file;
    *file = (struct durable_file){.folder = folder, .fd = -1};
    snprintf(file->name, sizeof(file->name), "%s", name);
    snprintf(file->part, sizeof(file->part), ".%s.part", name);
    file->hash = EVP_MD_CTX_new();
    if (!file->hash || EVP_DigestInit_ex(file->hash, EVP_sha256(), NULL) != 1)
        file->error = -ENOMEM;
    if (file->error == 0)
        file->fd = openat(folder, file->part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, MODE);
    if (file->error == 0 && file->fd < 0)
        file->error = -errno;
}

void durable_file_add(struct durable_file *file, struct span bytes)
{
    if (file->error < 0 || bytes.size == 0)
        return;
    file->error = durable_file_write(file->fd, bytes);
    EVP_DigestUpdate(file->hash, bytes.at, bytes.size);
    file->bytes += bytes.size;
}

/* Some file systems cannot refuse to replace: there we look first, under the manifest's lock. */
static int name_it(struct durable_file *file)
{
    if (renameat2(file->folder, file->part, file->folder, file->name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -errno;
    if (faccessat(file->folder, file->name, F_OK, 0) == 0)
        return -EEXIST;
    return renameat(file->folder, file->part, file->folder, file->name) < 0 ? -errno : 0;
}

int durable_file_end(struct durable_file *file, struct digest *ret_digest)
{
    int result = file->error;
    unsigned int size = 0;
    if (result == 0 && fsync(file->fd) < 0)
        result = -errno;
    if (file->fd >= 0 && close(file->fd) < 0 && result == 0)
        result = -errno;
    if (result == 0)
        result = name_it(file);
    if (result < 0 && file->fd >= 0)
        unlinkat(file->folder, file->part, 0);
    if (result == 0)
        EVP_DigestFinal_ex(file->hash, ret_digest->at, &size);
    EVP_MD_CTX_free(file->hash);
    file->hash = NULL;
    file->fd = -1;
    return result;
}
