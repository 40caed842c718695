/* See incident_archive.h. */
#include "watch/incident_archive.h"

#include "pipeline/evidence/evidence.h"
#include "watch/dossier_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NAME_BYTES = 256, PIECE_BYTES = 16384 };

struct archive {
    char name[NAME_BYTES];
    char date[EVIDENCE_DATE_BYTES]; /* of its first record; empty for what is no archive */
    bool recovered;
};

struct archives {
    int fd; /* of the folder */
    struct archive *at;
    size_t count;
};

/* False for what cannot be read: a link, or nothing at all. */
static bool read_date(int folder, struct archive *archive)
{
    char packed[PIECE_BYTES];
    int fd = openat(folder, archive->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t got = fd < 0 ? -1 : read(fd, packed, sizeof(packed));
    if (fd >= 0)
        close(fd);
    if (got > 0)
        evidence_archive_date((struct span){packed, (size_t)got}, archive->date);
    return got > 0;
}

/* ---- which there are ---- */

/* "confirmed.warc.gz", "worse-2.warc.gz". */
static bool is_archive(const char *name)
{
    struct span text = span_of(name);
    if (!span_ends(text, SPAN(".warc.gz")) || !dossier_is_file_name(text) || text.size >= NAME_BYTES)
        return false;
    for (size_t i = 0; i < MOMENT_COUNT; i++) {
        struct span moment = span_of(dossier_moment_name((enum dossier_moment)i));
        if (span_starts(text, moment) && (text.at[moment.size] == '.' || text.at[moment.size] == '-'))
            return true;
    }
    return false;
}

static int by_date(const void *a, const void *b)
{
    const struct archive *left = a, *right = b;
    int order = strcmp(left->date, right->date);
    return order ? order : strcmp(left->name, right->name);
}

/* Returns 0 or a negative errno. */
static int list(struct archives *archives)
{
    int copy = dup(archives->fd);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);
    if (!entries) {
        int error = errno;
        if (copy >= 0)
            close(copy);
        return -error;
    }
    for (const struct dirent *entry; archives->count < INCIDENT_ARCHIVES && (entry = readdir(entries));) {
        struct archive *one = &archives->at[archives->count];
        if (!is_archive(entry->d_name))
            continue;
        snprintf(one->name, sizeof(one->name), "%s", entry->d_name);
        one->recovered = span_starts(span_of(one->name), span_of(dossier_moment_name(MOMENT_RECOVERED)));
        archives->count += read_date(archives->fd, one);
    }
    closedir(entries);
    qsort(archives->at, archives->count, sizeof(*archives->at), by_date);
    return 0;
}

/* ---- what is given ---- */

/* Up to the last at which something was wrong; all, where there is none. */
static size_t wanted_of(const struct archives *archives)
{
    for (size_t i = archives->count; i-- > 0;)
        if (!archives->at[i].recovered)
            return i + 1;
    return archives->count;
}

static int join(const struct archives *archives, struct buf *out)
{
    struct dossier_folder folder = {.fd = archives->fd};
    size_t wanted = wanted_of(archives), start = out->size;
    for (size_t i = 0; i < wanted; i++) {
        size_t before = out->size;
        if (!dossier_folder_bytes(&folder, span_of(archives->at[i].name), out) && !out->failed)
            out->size = before;
    }
    return out->failed ? -EFBIG : out->size == start ? -ENOENT : 0;
}

int incident_archive(const char *evidence, int64_t incident, struct buf *out)
{
    struct archives archives = {.fd = dossier_folder_fd(evidence, incident)};
    if (archives.fd < 0)
        return archives.fd;
    archives.at = calloc(INCIDENT_ARCHIVES, sizeof(*archives.at));
    int result = archives.at ? list(&archives) : -ENOMEM;
    if (result == 0)
        result = join(&archives, out);
    free(archives.at);
    close(archives.fd);
    return result;
}
