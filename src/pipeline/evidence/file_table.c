/* See file_table.h. */
#include "pipeline/evidence/file_table.h"

#include "base/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum { FIRST = 64 };

void file_table_free(struct file_table *table)
{
    free(table->at);
    free(table->slots);
    *table = (struct file_table){0};
}

/* The slot the file is in, or would be. */
static uint32_t *slot_of(const struct file_table *table, const char *file)
{
    size_t at = hash_span(span_of(file)) % table->slot_count;
    while (table->slots[at] && strcmp(table->at[table->slots[at] - 1].file, file) != 0)
        at = (at + 1) % table->slot_count;
    return &table->slots[at];
}

static bool grow(struct file_table *table)
{
    size_t room = table->room ? 2 * table->room : FIRST;
    if (table->count < table->room)
        return true;
    if (room > UINT32_MAX / 2)
        return false;
    struct manifest_line *at = realloc(table->at, room * sizeof(*at));
    if (!at)
        return false;
    table->at = at;
    uint32_t *slots = calloc(2 * room, sizeof(*slots));
    if (!slots)
        return false;
    free(table->slots);
    table->slots = slots;
    table->slot_count = 2 * room;
    table->room = room;
    for (size_t i = 0; i < table->count; i++)
        *slot_of(table, table->at[i].file) = (uint32_t)i + 1;
    return true;
}

const struct manifest_line *file_table_find(const struct file_table *table, const char *file)
{
    uint32_t index = table->slot_count ? *slot_of(table, file) : 0;
    return index ? &table->at[index - 1] : NULL;
}

bool file_table_take(struct file_table *table, const struct manifest_line *line)
{
    if (!grow(table)) {
        table->failed = true;
        return true;
    }
    uint32_t *slot = slot_of(table, line->file);
    if (*slot) {
        struct manifest_line *before = &table->at[*slot - 1];
        bool fits = before->removed != line->removed &&
                    (!line->removed || memcmp(&before->digest, &line->digest, sizeof(line->digest)) == 0);
        *before = *line;
        return fits;
    }
    if (line->removed)
        return false;
    table->at[table->count++] = *line;
    *slot = (uint32_t)table->count;
    return true;
}

static void take_line(void *context, struct span text, const struct manifest_line *line)
{
    (void)text;
    if (line)
        file_table_take(context, line);
}

int file_table_read(int fd, struct file_table *ret_table)
{
    struct manifest_end end;
    *ret_table = (struct file_table){0};
    int result = manifest_read(fd, take_line, ret_table, &end);
    return result == 0 && ret_table->failed ? -ENOMEM : result;
}

/* ---- incidents ---- */

int64_t file_table_incident(const char *file)
{
    return strtoll(file, NULL, 10);
}

static int64_t seconds_of(const char *at)
{
    struct tm time = {0};
    return strptime(at, "%Y-%m-%dT%H:%M:%SZ", &time) ? (int64_t)timegm(&time) : 0;
}

static int by_incident(const void *a, const void *b)
{
    int64_t one = ((const struct file_group *)a)->incident, other = ((const struct file_group *)b)->incident;
    return (one > other) - (one < other);
}

static int by_age(const void *a, const void *b)
{
    int64_t one = ((const struct file_group *)a)->last_s, other = ((const struct file_group *)b)->last_s;
    return one == other ? by_incident(a, b) : (one > other) - (one < other);
}

int file_table_groups(const struct file_table *table, struct file_group **ret_groups, size_t *ret_count)
{
    struct file_group *groups = calloc(table->count + 1, sizeof(*groups));
    size_t files = 0, count = 0;
    if (!groups)
        return -ENOMEM;
    for (size_t i = 0; i < table->count; i++)
        if (!table->at[i].removed)
            groups[files++] = (struct file_group){file_table_incident(table->at[i].file),
                                                  seconds_of(table->at[i].at), 1, table->at[i].bytes};
    qsort(groups, files, sizeof(*groups), by_incident);
    for (size_t i = 0; i < files; i++) {
        if (count == 0 || groups[count - 1].incident != groups[i].incident) {
            groups[count++] = groups[i];
            continue;
        }
        struct file_group *group = &groups[count - 1];
        group->last_s = groups[i].last_s > group->last_s ? groups[i].last_s : group->last_s;
        group->files++;
        group->bytes += groups[i].bytes;
    }
    qsort(groups, count, sizeof(*groups), by_age);
    *ret_groups = groups;
    *ret_count = count;
    return 0;
}
