/*
 * Is all still there as it was written? Every line against the one before it, every file against its line,
 * and, where somebody noted lines elsewhere, the chain against those: whoever can write to the folder could
 * make a whole new chain.
 */
#include "pipeline/evidence/evidence.h"

#include "pipeline/evidence/durable_file.h"
#include "pipeline/evidence/evidence_folder.h"
#include "pipeline/evidence/evidence_limits.h"
#include "pipeline/evidence/file_table.h"
#include "pipeline/evidence/hashes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct checking {
    int folder, manifest;
    const struct evidence_anchor *anchors;
    size_t anchor_count;
    void (*tell)(void *context, const char *text);
    void *context;
    struct evidence_report report;
    struct file_table table;
};

static void say(struct checking *checking, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct checking *checking, const char *format, ...)
{
    char text[EVIDENCE_NAME_BYTES + 256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    checking->tell(checking->context, text);
}

#define fault(checking, ...) ((checking)->report.faults++, say(checking, __VA_ARGS__))

static int open_both(const char *folder, struct checking *checking)
{
    checking->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (checking->folder < 0)
        return -errno;
    checking->manifest =
        openat(checking->folder, MANIFEST_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (checking->manifest < 0)
        return -errno;
    struct stat about; /* the folder may come from anybody: a pipe would be waited for without end */
    if (fstat(checking->manifest, &about) < 0 || !S_ISREG(about.st_mode))
        return -EINVAL;
    while (flock(checking->manifest, LOCK_SH) < 0)
        if (errno != EINTR)
            break; /* a file system without locks is no reason not to look */
    return 0;
}

static void close_both(struct checking *checking)
{
    file_table_free(&checking->table);
    if (checking->manifest >= 0)
        close(checking->manifest);
    if (checking->folder >= 0)
        close(checking->folder);
}

/* ---- lines ---- */

static void check_anchors(struct checking *checking, uint64_t line, const struct digest *head)
{
    for (size_t i = 0; i < checking->anchor_count; i++) {
        const struct evidence_anchor *anchor = &checking->anchors[i];
        if (anchor->line == line && memcmp(&anchor->head, head, sizeof(*head)) != 0)
            fault(checking, "line %llu is not the one that was noted when evidence of incident %lld was kept",
                  (unsigned long long)line, (long long)anchor->incident);
    }
}

static void check_line(void *context, struct span text, const struct manifest_line *line)
{
    struct checking *checking = context;
    struct evidence_report *report = &checking->report;
    uint64_t number = ++report->lines;
    if (!line)
        fault(checking, "line %llu is no line of ours", (unsigned long long)number);
    else if (memcmp(&line->previous, &report->head, sizeof(report->head)) != 0)
        fault(checking,
              number == 1 ? "line %llu does not begin a chain: lines before it are gone"
                          : "line %llu does not follow the line before it",
              (unsigned long long)number);
    else if (line->n != number)
        fault(checking, "line %llu calls itself line %llu", (unsigned long long)number,
              (unsigned long long)line->n);
    if (line && !file_table_take(&checking->table, line))
        fault(checking, "line %llu: %s was %s before", (unsigned long long)number, line->file,
              line->removed ? "not there" : "written");
    hashes_sha256(text, (struct span){NULL, 0}, &report->head);
    check_anchors(checking, number, &report->head);
}

static int check_lines(struct checking *checking)
{
    struct manifest_end end;
    int result = manifest_read(checking->manifest, check_line, checking, &end);
    if (result < 0)
        return result;
    if (end.torn) {
        checking->report.unfinished++;
        say(checking, "line %llu was not written to its end", (unsigned long long)end.lines + 1);
    }
    for (size_t i = 0; i < checking->anchor_count; i++)
        if (checking->anchors[i].line > end.lines)
            fault(checking, "line %llu is gone: it was noted when evidence of incident %lld was kept",
                  (unsigned long long)checking->anchors[i].line, (long long)checking->anchors[i].incident);
    return checking->table.failed ? -ENOMEM : 0;
}

/* ---- files ---- */

/* The incident's folder and the file in it, neither of them through a link. */
static int open_file(int folder, const char *name)
{
    const char *slash = strchr(name, '/');
    char incident[EVIDENCE_NAME_BYTES];
    snprintf(incident, sizeof(incident), "%.*s", (int)(slash - name), name);
    int within = openat(folder, incident, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (within < 0)
        return -errno;
    int fd = openat(within, slash + 1, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int result = fd < 0 ? -errno : fd;
    close(within);
    return result;
}

static const char *why_not_opened(int error)
{
    return error == -ENOENT                       ? "is missing"
           : error == -ELOOP || error == -ENOTDIR ? "stands behind a link"
                                                  : strerror(-error);
}

/* A file of another length is not hashed: one of a terabyte of nothing takes no room and hours. */
static void check_file(struct checking *checking, const struct manifest_line *line)
{
    struct stat about;
    struct digest digest = {{0}};
    uint64_t bytes = line->bytes;
    int fd = open_file(checking->folder, line->file);
    if (fd < 0) {
        fault(checking, "%s %s", line->file, why_not_opened(fd));
        return;
    }
    bool readable = fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
    bool same_size = readable && about.st_size >= 0 && (uint64_t)about.st_size == line->bytes &&
                     line->bytes <= EVIDENCE_FILE_BYTES;
    if (!readable || (same_size && hashes_file(fd, &digest, &bytes) < 0))
        fault(checking, "%s cannot be read", line->file);
    else if (!same_size || bytes != line->bytes || memcmp(&digest, &line->digest, sizeof(digest)) != 0)
        fault(checking, "%s was changed", line->file);
    close(fd);
    checking->report.files++;
    checking->report.bytes += line->bytes;
}

static void check_found(void *context, const char *name)
{
    struct checking *checking = context;
    const struct manifest_line *line = file_table_find(&checking->table, name);
    const char *slash = strchr(name, '/');
    if (name[strlen(name) - 1] == '/' || (line && !line->removed))
        return;
    checking->report.unfinished++;
    say(checking,
        line ? "%s is still there, though a line says that it was removed"
        : slash && durable_file_is_part(slash + 1) ? "%s was not written to its end"
                                                   : "%s stands in no line",
        name);
}

int evidence_verify(const char *folder, const struct evidence_anchor *anchors, size_t anchor_count,
                    void (*tell)(void *context, const char *text), void *context,
                    struct evidence_report *ret_report)
{
    struct checking checking = {.folder = -1,
                                .manifest = -1,
                                .anchors = anchors,
                                .anchor_count = anchor_count,
                                .tell = tell,
                                .context = context};
    int result = open_both(folder, &checking);
    if (result == 0)
        result = check_lines(&checking);
    for (size_t i = 0; i < checking.table.count && result == 0; i++)
        if (!checking.table.at[i].removed)
            check_file(&checking, &checking.table.at[i]);
    if (result == 0)
        result = evidence_folder_walk(checking.folder, check_found, &checking);
    *ret_report = checking.report;
    close_both(&checking);
    return result;
}

int evidence_files(const char *folder, void (*each)(void *context, const struct evidence_file *file),
                   void *context)
{
    struct checking checking = {.folder = -1, .manifest = -1};
    int result = open_both(folder, &checking), count = 0;
    if (result == 0)
        result = file_table_read(checking.manifest, &checking.table);
    for (size_t i = 0; i < checking.table.count && result == 0; i++) {
        const struct manifest_line *line = &checking.table.at[i];
        if (line->removed)
            continue;
        struct evidence_file file = {line->file, line->n, line->at, line->digest, line->bytes};
        each(context, &file);
        count++;
    }
    close_both(&checking);
    return result < 0 ? result : count;
}

bool evidence_was_removed(const char *folder, int64_t incident)
{
    struct checking checking = {.folder = -1, .manifest = -1};
    size_t removed = 0, there = 0;
    int result = open_both(folder, &checking);
    if (result == 0)
        result = file_table_read(checking.manifest, &checking.table);
    for (size_t i = 0; i < checking.table.count && result == 0; i++)
        if (file_table_incident(checking.table.at[i].file) == incident)
            *(checking.table.at[i].removed ? &removed : &there) += 1;
    close_both(&checking);
    return removed > 0 && there == 0;
}
