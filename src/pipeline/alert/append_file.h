/*
 * A file or command pipe that is appended to, whole records at a time. It is opened again when the name leads
 * to another file than before, as after a rotation; a record that was cut (disk full) is ended before the
 * next begins.
 */
#pragma once

#include "base/span.h"

#include <stdint.h>

struct append_file;

/** `path` is borrowed. The file itself is opened with the first record. Returns 0, -ENOMEM or -ENAMETOOLONG.
 */
int append_file_new(const char *path, struct append_file **ret_file);
void append_file_free(struct append_file *file);

/** The folder of the path, ends in NUL. */
const char *append_file_folder(const struct append_file *file);

/**
 * Appends lines, each ending in a line feed: to a file in one write, to a pipe in one write a line, since a
 * pipe keeps only short pieces together. Returns 0 once the bytes are on the disk or in the pipe, -ENXIO when
 * nobody reads the pipe, -ETIMEDOUT, or a negative errno.
 */
int append_file_put(struct append_file *file, struct span lines, int64_t deadline_ms);
