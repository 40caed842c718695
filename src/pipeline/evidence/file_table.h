/* Which files a chain says there are, by name, and what they come to for each incident. Private to the step.
 */
#pragma once

#include "pipeline/evidence/manifest.h"

struct file_table {
    struct manifest_line *at; /**< owned; `count` files in order of writing, each with its last line */
    size_t count, room;
    uint32_t *slots; /**< owned; by name: index + 1, 0 for free */
    size_t slot_count;
    bool failed; /**< memory ran out */
};

/** Reads a chain. Lines that are none are passed over. Returns 0 or a negative errno; free it either way. */
int file_table_read(int fd, struct file_table *ret_table);
void file_table_free(struct file_table *table);

/** Takes a line in: returns false when it does not fit what is there (a file written twice, one removed that
 * is not there). */
bool file_table_take(struct file_table *table, const struct manifest_line *line);

/** The last line about a file, or NULL. */
const struct manifest_line *file_table_find(const struct file_table *table, const char *file);

/** What of an incident is still there. */
struct file_group {
    int64_t incident, last_s; /**< the last one was written then, seconds since 1970 */
    size_t files;
    uint64_t bytes;
};

int64_t file_table_incident(const char *file);

/** All incidents of which something is there, the one whose last file is oldest first; owned by the caller,
 * free(). Returns 0 or -ENOMEM. */
int file_table_groups(const struct file_table *table, struct file_group **ret_groups, size_t *ret_count);
