/* See evidence_folder.h. */
#include "pipeline/evidence/evidence_folder.h"

#include "os/clock.h"
#include "pipeline/evidence/durable_file.h"
#include "pipeline/evidence/hashes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int evidence_folder_fault(struct evidence *evidence, int result, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(evidence->detail, sizeof(evidence->detail), format, args);
    va_end(args);
    return result;
}

/* What stands behind the last whole line was interrupted, and says nothing: it goes. */
static int read_end(struct evidence *evidence)
{
    int result = manifest_read(evidence->manifest, NULL, NULL, &evidence->end);
    if (result == 0 && evidence->end.torn && ftruncate(evidence->manifest, (off_t)evidence->end.size) < 0)
        result = -errno;
    evidence->end.torn = false;
    return result < 0 ? evidence_folder_fault(evidence, result, "%s", MANIFEST_NAME) : 0;
}

int evidence_folder_lock(struct evidence *evidence)
{
    struct stat about;
    while (flock(evidence->manifest, LOCK_EX) < 0)
        if (errno != EINTR)
            return -errno;
    if (fstat(evidence->manifest, &about) < 0)
        return -errno;
    return evidence->end.lines && (uint64_t)about.st_size == evidence->end.size ? 0 : read_end(evidence);
}

void evidence_folder_unlock(struct evidence *evidence)
{
    flock(evidence->manifest, LOCK_UN);
}

static int write_end(struct evidence *evidence, struct span text)
{
    if (lseek(evidence->manifest, (off_t)evidence->end.size, SEEK_SET) < 0)
        return -errno;
    int result = durable_file_write(evidence->manifest, text);
    if (result == 0 && fsync(evidence->manifest) < 0)
        result = -errno;
    if (result < 0 && ftruncate(evidence->manifest, (off_t)evidence->end.size) < 0)
        evidence->end.lines = 0; /* read again before anything else is written */
    return result;
}

int evidence_folder_append(struct evidence *evidence, struct manifest_line *lines, size_t count,
                           int64_t now_s)
{
    struct manifest_end end = evidence->end;
    buf_auto text = buf_new((count + 1) * EVIDENCE_LINE_BYTES);
    for (size_t i = 0; i < count; i++) {
        size_t from = text.size;
        lines[i].n = ++end.lines;
        lines[i].previous = end.head;
        clock_text(now_s, lines[i].at);
        manifest_put(&text, &lines[i]);
        if (!text.failed)
            hashes_sha256(span_cut(buf_span(&text), from, text.size), (struct span){NULL, 0}, &end.head);
        buf_add_byte(&text, '\n');
    }
    int result = text.failed ? -ENOMEM : write_end(evidence, buf_span(&text));
    if (result < 0)
        return evidence_folder_fault(evidence, result, "%s", MANIFEST_NAME);
    end.size += text.size;
    evidence->end = end;
    return 0;
}

/* ---- what is there ---- */

static bool is_incident(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    return digits >= 8 && digits <= 19 && name[digits] == '\0';
}

static DIR *open_stream(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
    int error = errno;
    if (!stream && fd >= 0)
        close(fd);
    errno = error;
    return stream;
}

/* The next entry that is not the folder itself or the one above it. */
static struct dirent *next_entry(DIR *stream)
{
    struct dirent *entry;
    do
        entry = readdir(stream);
    while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    return entry;
}

static int walk_incident(int folder, const char *incident, void (*each)(void *context, const char *name),
                         void *context)
{
    char path[EVIDENCE_NAME_BYTES + 256];
    DIR *stream = open_stream(folder, incident);
    if (!stream && errno != ENOTDIR && errno != ELOOP)
        return -errno;
    if (!stream) { /* a link or a file in its place */
        each(context, incident);
        return 0;
    }
    for (struct dirent *entry; (entry = next_entry(stream));) {
        snprintf(path, sizeof(path), "%s/%s", incident, entry->d_name);
        each(context, path);
    }
    closedir(stream);
    snprintf(path, sizeof(path), "%s/", incident);
    each(context, path);
    return 0;
}

int evidence_folder_walk(int folder, void (*each)(void *context, const char *name), void *context)
{
    DIR *stream = open_stream(folder, ".");
    if (!stream)
        return -errno;
    int result = 0;
    for (struct dirent *entry; result == 0 && (entry = next_entry(stream));) {
        if (is_incident(entry->d_name))
            result = walk_incident(folder, entry->d_name, each, context);
        else if (strcmp(entry->d_name, MANIFEST_NAME) != 0)
            each(context, entry->d_name);
    }
    closedir(stream);
    return result;
}
