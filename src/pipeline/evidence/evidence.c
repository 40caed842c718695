/* Keeping moments, and removing them; see evidence.h. */
#include "pipeline/evidence/evidence.h"

#include "os/memfile.h"
#include "pipeline/evidence/durable_file.h"
#include "pipeline/evidence/evidence_folder.h"
#include "pipeline/evidence/file_table.h"
#include "pipeline/evidence/hashes.h"
#include "pipeline/evidence/warc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_MODE = 0750, FILE_MODE = 0640 };

/* A moment that is being kept. */
struct keeping {
    struct evidence *evidence;
    const struct keep_order *order;
    char incident[24];
    int folder;
    bool made; /* its folder was made for it */
    struct manifest_line *lines;
    size_t count;
};

/* ---- opening ---- */

static int open_folder(const char *folder, struct evidence *evidence)
{
    if (mkdir(folder, FOLDER_MODE) < 0 && errno != EEXIST)
        return -errno;
    evidence->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (evidence->folder < 0)
        return -errno;
    evidence->manifest =
        openat(evidence->folder, MANIFEST_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    return evidence->manifest < 0 ? -errno : 0;
}

struct mending {
    struct evidence *evidence;
    const struct file_table *table;
    struct manifest_line *lines;
    size_t count, room;
    int error;
};

static int digest_file(int folder, const char *name, struct manifest_line *line)
{
    struct stat about;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int result = fd < 0 ? -errno : fstat(fd, &about) < 0 ? -errno : !S_ISREG(about.st_mode) ? -EINVAL : 0;
    if (result == 0)
        result = hashes_file(fd, &line->digest, &line->bytes);
    if (fd >= 0)
        close(fd);
    return result;
}

/* A file that no line names was whole when the one who wrote it died: it is taken in. One that a line says is
 * removed goes, and so do parts. */
static void mend(void *context, const char *name)
{
    struct mending *mending = context;
    int folder = mending->evidence->folder;
    const char *slash = strchr(name, '/'), *own = slash + 1;
    const struct manifest_line *line = file_table_find(mending->table, name);
    if (!slash)
        return; /* not ours */
    if (!*own) {
        unlinkat(folder, name, AT_REMOVEDIR); /* does nothing while something is in it */
    } else if (durable_file_is_part(own) || (line && line->removed)) {
        unlinkat(folder, name, 0);
    } else if (!line && manifest_is_file(name)) {
        if (mending->count == mending->room) {
            size_t room = mending->room ? 2 * mending->room : 16;
            struct manifest_line *grown = realloc(mending->lines, room * sizeof(*grown));
            if (!grown) {
                mending->error = -ENOMEM;
                return;
            }
            mending->lines = grown;
            mending->room = room;
        }
        struct manifest_line *fresh = &mending->lines[mending->count];
        *fresh = (struct manifest_line){0};
        snprintf(fresh->file, sizeof(fresh->file), "%s", name);
        mending->count += digest_file(folder, name, fresh) == 0;
    }
}

static int mend_folder(struct evidence *evidence, int64_t now_s)
{
    struct file_table table;
    int result = file_table_read(evidence->manifest, &table);
    struct mending mending = {.evidence = evidence, .table = &table};
    if (result == 0)
        result = evidence_folder_walk(evidence->folder, mend, &mending);
    if (result == 0)
        result = mending.error;
    if (result == 0 && mending.count)
        result = evidence_folder_append(evidence, mending.lines, mending.count, now_s);
    free(mending.lines);
    file_table_free(&table);
    return result;
}

int evidence_open(const char *folder, int64_t now_s, struct evidence **ret_evidence)
{
    struct evidence *evidence = calloc(1, sizeof(*evidence));
    if (!evidence)
        return -ENOMEM;
    evidence->folder = evidence->manifest = -1;
    int result = open_folder(folder, evidence);
    if (result == 0)
        result = evidence_folder_lock(evidence);
    if (result == 0) {
        result = mend_folder(evidence, now_s);
        evidence_folder_unlock(evidence);
    }
    if (result < 0) {
        evidence_close(evidence);
        return result;
    }
    *ret_evidence = evidence;
    return 0;
}

void evidence_close(struct evidence *evidence)
{
    if (!evidence)
        return;
    if (evidence->manifest >= 0)
        close(evidence->manifest);
    if (evidence->folder >= 0)
        close(evidence->folder);
    free(evidence);
}

/* ---- keeping ---- */

static struct manifest_line *next_line(struct keeping *keeping, const char *name)
{
    struct manifest_line *line = &keeping->lines[keeping->count];
    *line = (struct manifest_line){0};
    int size = snprintf(line->file, sizeof(line->file), "%s/%s", keeping->incident, name);
    if (size < 0 || (size_t)size >= sizeof(line->file))
        line->file[0] = '\0'; /* no name of ours */
    return line;
}

/* The file has its name, and will have its line. */
static int settle(struct keeping *keeping, struct durable_file *file)
{
    struct manifest_line *line = next_line(keeping, file->name);
    bool good = keeping->count < EVIDENCE_FILES && manifest_is_file(line->file);
    if (!good)
        file->error = -EINVAL;
    int result = durable_file_end(file, &line->digest);
    if (result < 0)
        return evidence_folder_fault(keeping->evidence, result, "%s", line->file);
    line->bytes = file->bytes;
    keeping->count++;
    return 0;
}

static int keep_bytes(struct keeping *keeping, const char *name, struct span bytes)
{
    struct durable_file file;
    durable_file_begin(keeping->folder, name, &file);
    durable_file_add(&file, bytes);
    return settle(keeping, &file);
}

static void name_of(const struct keeping *keeping, const char *end, char ret_name[EVIDENCE_NAME_BYTES])
{
    snprintf(ret_name, EVIDENCE_NAME_BYTES, "%.*s%s", (int)keeping->order->name.size, keeping->order->name.at,
             end);
}

/* What the incident's earlier archives hold. One that cannot be read costs room, nothing else. */
static void know_earlier(const struct keeping *keeping, struct warc *warc)
{
    int copy = openat(keeping->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = copy >= 0 ? fdopendir(copy) : NULL;
    for (struct dirent *entry; stream && (entry = readdir(stream));) {
        struct span bytes;
        if (entry->d_name[0] == '.' || !span_ends(span_of(entry->d_name), SPAN(".cdxj")))
            continue;
        int fd = openat(keeping->folder, entry->d_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (fd >= 0 && memfile_map(fd, EVIDENCE_INDEX_BYTES, true, &bytes) == 0) {
            warc_know(warc, bytes);
            memfile_unmap(bytes);
        }
        if (fd >= 0)
            close(fd);
    }
    if (stream)
        closedir(stream);
    else if (copy >= 0)
        close(copy);
}

static int keep_archive(struct keeping *keeping)
{
    struct durable_file file;
    struct warc warc;
    char name[EVIDENCE_NAME_BYTES], index_name[EVIDENCE_NAME_BYTES];
    buf_auto index = buf_new(EVIDENCE_INDEX_BYTES);
    name_of(keeping, ".warc.gz", name);
    name_of(keeping, ".cdxj", index_name);
    durable_file_begin(keeping->folder, name, &file);
    warc_begin(&warc, &file, name, keeping->order);
    know_earlier(keeping, &warc);
    for (size_t i = 0; i < keeping->order->answer_count; i++)
        warc_answer(&warc, &keeping->order->answers[i], keeping->order->at_s);
    warc_verdict(&warc, keeping->order);
    if (!warc_end(&warc, &index) && file.error == 0)
        file.error = -ENOMEM;
    int result = settle(keeping, &file);
    return result == 0 ? keep_bytes(keeping, index_name, buf_span(&index)) : result;
}

static int keep_files(struct keeping *keeping)
{
    int result = 0;
    for (size_t i = 0; i < keeping->order->file_count && result == 0; i++) {
        char name[EVIDENCE_NAME_BYTES];
        snprintf(name, sizeof(name), "%.*s", (int)keeping->order->files[i].name.size,
                 keeping->order->files[i].name.at);
        result = keep_bytes(keeping, name, keeping->order->files[i].bytes);
    }
    return result;
}

/* The dossier names the files that were written before it: the list is put in before its last brace. */
static int keep_dossier(struct keeping *keeping)
{
    struct span dossier = span_trim(keeping->order->dossier);
    char name[EVIDENCE_NAME_BYTES];
    name_of(keeping, ".json", name);
    if (dossier.size < 3 || dossier.at[dossier.size - 1] != '}')
        return -EBADMSG;
    buf_auto list = buf_new(EVIDENCE_FILES * EVIDENCE_LINE_BYTES);
    buf_add_text(&list, ",\"files\":[");
    for (size_t i = 0; i < keeping->count; i++) {
        char digest[65];
        evidence_hex(&keeping->lines[i].digest, digest);
        buf_add_format(&list, "%s{\"file\":\"%s\",\"sha256\":\"%s\",\"bytes\":%" PRIu64 "}", i ? "," : "",
                       strchr(keeping->lines[i].file, '/') + 1, digest, keeping->lines[i].bytes);
    }
    buf_add_text(&list, "]}\n");
    struct durable_file file;
    durable_file_begin(keeping->folder, name, &file);
    durable_file_add(&file, span_cut(dossier, 0, dossier.size - 1));
    durable_file_add(&file, buf_span(&list));
    if (list.failed)
        file.error = -ENOMEM;
    return settle(keeping, &file);
}

/* The moment is taken when its dossier is there: it is written last, and a name is never given twice. */
static int open_incident(struct keeping *keeping)
{
    char name[EVIDENCE_NAME_BYTES];
    int folder = keeping->evidence->folder;
    keeping->made = mkdirat(folder, keeping->incident, FOLDER_MODE) == 0;
    if (!keeping->made && errno != EEXIST)
        return evidence_folder_fault(keeping->evidence, -errno, "%s", keeping->incident);
    keeping->folder = openat(folder, keeping->incident, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (keeping->folder < 0)
        return evidence_folder_fault(keeping->evidence, -errno, "%s", keeping->incident);
    name_of(keeping, ".json", name);
    bool taken = faccessat(keeping->folder, name, F_OK, 0) == 0;
    name_of(keeping, ".warc.gz", name);
    return taken || faccessat(keeping->folder, name, F_OK, 0) == 0 ? -EEXIST : 0;
}

static void undo(struct keeping *keeping)
{
    for (size_t i = 0; i < keeping->count; i++)
        unlinkat(keeping->evidence->folder, keeping->lines[i].file, 0);
    if (keeping->made)
        unlinkat(keeping->evidence->folder, keeping->incident, AT_REMOVEDIR);
}

static bool is_moment(struct span name)
{
    bool good = name.size > 0 && name.size <= 32 && name.at[0] != '-';
    for (size_t i = 0; i < name.size; i++)
        good = good && ((name.at[i] >= 'a' && name.at[i] <= 'z') ||
                        (name.at[i] >= '0' && name.at[i] <= '9') || name.at[i] == '-');
    return good;
}

static int keep_all(struct keeping *keeping, int64_t now_s)
{
    int result = open_incident(keeping);
    if (result == 0)
        result = keep_archive(keeping);
    if (result == 0)
        result = keep_files(keeping);
    if (result == 0)
        result = keep_dossier(keeping);
    if (result == 0 && (fsync(keeping->folder) < 0 || fsync(keeping->evidence->folder) < 0))
        result = -errno;
    if (result == 0)
        result = evidence_folder_append(keeping->evidence, keeping->lines, keeping->count, now_s);
    if (result < 0)
        undo(keeping);
    if (keeping->folder >= 0)
        close(keeping->folder);
    return result;
}

static void tell_end(const struct evidence *evidence, struct kept *ret_kept)
{
    ret_kept->line = evidence->end.lines;
    ret_kept->head = evidence->end.head;
    ret_kept->detail = span_of(evidence->detail);
}

int evidence_keep(struct evidence *evidence, const struct keep_order *order, int64_t now_s,
                  struct kept *ret_kept)
{
    struct keeping keeping = {.evidence = evidence, .order = order, .folder = -1};
    snprintf(keeping.incident, sizeof(keeping.incident), "%08lld", (long long)order->incident);
    evidence->detail[0] = '\0';
    *ret_kept = (struct kept){0};
    if (order->incident < 1 || !is_moment(order->name))
        return -EINVAL;
    keeping.lines = calloc(EVIDENCE_FILES + 1, sizeof(*keeping.lines));
    int result = keeping.lines ? evidence_folder_lock(evidence) : -ENOMEM;
    if (result == 0) {
        result = keep_all(&keeping, now_s);
        evidence_folder_unlock(evidence);
    }
    for (size_t i = 0; i < keeping.count && result == 0; i++)
        ret_kept->bytes += keeping.lines[i].bytes;
    ret_kept->count = result == 0 ? (uint32_t)keeping.count : 0;
    tell_end(evidence, ret_kept);
    free(keeping.lines);
    return result;
}

/* ---- removing ---- */

static int by_number(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

static bool is_among(const int64_t *incidents, size_t count, int64_t incident)
{
    return count && bsearch(&incident, incidents, count, sizeof(*incidents), by_number);
}

/* The lines come first: a file whose line is missing would look like one that somebody took away. */
static int remove_incident(struct evidence *evidence, const struct file_table *table,
                           const struct file_group *group, int64_t now_s)
{
    struct manifest_line *lines = calloc(group->files + 1, sizeof(*lines));
    size_t count = 0;
    if (!lines)
        return -ENOMEM;
    for (size_t i = 0; i < table->count && count < group->files; i++) {
        if (table->at[i].removed || file_table_incident(table->at[i].file) != group->incident)
            continue;
        lines[count] = table->at[i];
        lines[count++].removed = true;
    }
    int result = evidence_folder_append(evidence, lines, count, now_s);
    for (size_t i = 0; i < count && result == 0; i++)
        unlinkat(evidence->folder, lines[i].file, 0);
    if (result == 0 && count) {
        char folder[EVIDENCE_NAME_BYTES];
        snprintf(folder, sizeof(folder), "%.*s", (int)(strchr(lines[0].file, '/') - lines[0].file),
                 lines[0].file);
        unlinkat(evidence->folder, folder, AT_REMOVEDIR);
    }
    free(lines);
    return result;
}

struct clearing {
    struct evidence *evidence;
    const struct clear_order *order;
    const struct file_table *table;
    bool dry;
    int64_t now_s;
    uint64_t total; /* bytes that are there */
    struct kept *kept;
};

/* Oldest first. `latest`: they may make room too. A group that is gone has no files any more. */
static int clear_round(struct clearing *clearing, struct file_group *groups, size_t count, bool latest)
{
    const struct clear_order *order = clearing->order;
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++) {
        struct file_group *group = &groups[i];
        bool old = group->last_s < order->before_s;
        bool much = order->bytes && clearing->total > order->bytes &&
                    (latest || !is_among(order->latest, order->latest_count, group->incident));
        if ((!old && !much) || !group->files || is_among(order->open, order->open_count, group->incident))
            continue;
        if (!clearing->dry)
            result = remove_incident(clearing->evidence, clearing->table, group, clearing->now_s);
        clearing->total -= group->bytes;
        clearing->kept->bytes += group->bytes;
        clearing->kept->count++;
        group->files = 0;
    }
    return result;
}

static int clear_groups(struct clearing *clearing)
{
    struct file_group *groups = NULL;
    size_t count = 0;
    int result = file_table_groups(clearing->table, &groups, &count);
    for (size_t i = 0; i < count; i++)
        clearing->total += groups[i].bytes;
    if (result == 0)
        result = clear_round(clearing, groups, count, false);
    if (result == 0)
        result = clear_round(clearing, groups, count, true);
    free(groups);
    return result;
}

int evidence_clear(struct evidence *evidence, const struct clear_order *order, bool dry, int64_t now_s,
                   struct kept *ret_kept)
{
    struct file_table table = {0};
    *ret_kept = (struct kept){0};
    evidence->detail[0] = '\0';
    int result = evidence_folder_lock(evidence);
    if (result < 0)
        return result;
    result = file_table_read(evidence->manifest, &table);
    struct clearing clearing = {evidence, order, &table, dry, now_s, 0, ret_kept};
    if (result == 0)
        result = clear_groups(&clearing);
    evidence_folder_unlock(evidence);
    file_table_free(&table);
    tell_end(evidence, ret_kept);
    return result;
}
