/* See dossier_folder.h. */
#include "watch/dossier_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 65536, NAME_BYTES = 256 };

void dossier_folder_name(int64_t incident, char ret_name[DOSSIER_FOLDER_NAME])
{
    snprintf(ret_name, DOSSIER_FOLDER_NAME, "%08lld", (long long)(incident % 10000000000));
}

/* ---- files ---- */

static int read_whole(int fd, struct buf *out)
{
    for (;;) {
        char piece[PIECE];
        ssize_t got = read(fd, piece, sizeof(piece));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -errno : 0;
        if (!buf_add(out, piece, (size_t)got))
            return -EFBIG;
    }
}

static int read_file(int folder, const char *name, struct buf *out)
{
    struct stat facts;
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return -errno;
    int result = fstat(fd, &facts) < 0 || !S_ISREG(facts.st_mode) ? -EINVAL : read_whole(fd, out);
    close(fd);
    return result;
}

bool dossier_folder_bytes(void *context, struct span file, struct buf *out)
{
    const struct dossier_folder *folder = context;
    char name[NAME_BYTES];
    if (!dossier_is_file_name(file) || file.size >= sizeof(name))
        return false;
    snprintf(name, sizeof(name), "%.*s", (int)file.size, file.at);
    return read_file(folder->fd, name, out) == 0;
}

/* ---- moments ---- */

/* "confirmed.json", "worse-2.json": a moment's name, perhaps a number. */
static bool is_moment(const char *name)
{
    struct span text = span_of(name);
    if (!span_ends(text, SPAN(".json")) || !dossier_is_file_name(text))
        return false;
    for (size_t i = 0; i < MOMENT_COUNT; i++) {
        struct span moment = span_of(dossier_moment_name((enum dossier_moment)i));
        if (span_starts(text, moment) && (text.at[moment.size] == '.' || text.at[moment.size] == '-'))
            return true;
    }
    return false;
}

static int add_moment(struct dossier_folder *folder, const char *name, int64_t incident, struct buf *why)
{
    const char *fault = NULL;
    buf_auto json = buf_new(DOSSIER_BYTES);
    struct dossier *moment = &folder->moments[folder->count];
    int result = read_file(folder->fd, name, &json);
    if (result == 0)
        result = dossier_parse(buf_span(&json), moment, &fault);
    if (result < 0) {
        buf_add_format(why, "%s cannot be used: %s", name, fault ? fault : strerror(-result));
        return result;
    }
    folder->count++;
    if (moment->incident == incident)
        return 0;
    buf_add_format(why, "%s is of incident %lld", name, (long long)moment->incident);
    return -EBADMSG;
}

static int by_time(const void *a, const void *b)
{
    const struct dossier *left = a, *right = b;
    if (left->at_s != right->at_s)
        return left->at_s < right->at_s ? -1 : 1;
    return (left->moment > right->moment) - (left->moment < right->moment);
}

static int add_moments(struct dossier_folder *folder, int64_t incident, struct buf *why)
{
    int result = 0, copy = dup(folder->fd);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);
    if (!entries) {
        result = -errno;
        if (copy >= 0)
            close(copy);
        return result;
    }
    for (const struct dirent *entry; result == 0 && (entry = readdir(entries));)
        if (is_moment(entry->d_name) && folder->count < DOSSIER_FOLDER_MOMENTS)
            result = add_moment(folder, entry->d_name, incident, why);
    closedir(entries);
    if (result == 0 && folder->count == 0) {
        buf_add_format(why, "no dossier lies in the folder of incident %lld", (long long)incident);
        result = -ENOENT;
    }
    return result;
}

int dossier_folder_fd(const char *evidence, int64_t incident)
{
    char name[DOSSIER_FOLDER_NAME];
    dossier_folder_name(incident, name);
    int root = open(evidence, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = root < 0 ? -1 : openat(root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    int result = fd < 0 ? -errno : fd;
    if (root >= 0)
        close(root);
    return result;
}

int dossier_folder_open(const char *evidence, int64_t incident, struct dossier_folder *ret_folder,
                        struct buf *why)
{
    char name[DOSSIER_FOLDER_NAME];
    dossier_folder_name(incident, name);
    struct dossier_folder folder = {.fd = dossier_folder_fd(evidence, incident)};
    if (folder.fd < 0) {
        buf_add_format(why, "%s/%s: %s", evidence, name, strerror(-folder.fd));
        return folder.fd;
    }
    folder.moments = calloc(DOSSIER_FOLDER_MOMENTS, sizeof(*folder.moments));
    int result = folder.moments ? add_moments(&folder, incident, why) : -ENOMEM;
    if (result < 0) {
        dossier_folder_free(&folder);
        return result;
    }
    qsort(folder.moments, folder.count, sizeof(*folder.moments), by_time);
    *ret_folder = folder;
    return 0;
}

void dossier_folder_free(struct dossier_folder *folder)
{
    for (size_t i = 0; i < folder->count; i++)
        dossier_free(&folder->moments[i]);
    free(folder->moments);
    if (folder->fd >= 0)
        close(folder->fd);
    *folder = (struct dossier_folder){.fd = -1};
}
