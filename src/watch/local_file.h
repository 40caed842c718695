/*
 * Pages and pictures from the file system, for looking at a stored page as if it had been fetched. What a
 * stored page refers to is written by the attacker as well, so its pictures are opened beneath the page's own
 * folder and nowhere else.
 */
#pragma once

#include "base/span.h"

/** The bytes of a file as a sealed memory file of at most `limit` bytes ("-" is standard input). Returns the
 * descriptor or a negative errno. */
int local_file_copy(const char *path, size_t limit);

/** The folder of a file, as a descriptor for local_picture_copy(); a negative errno on failure. */
int local_file_folder(const char *path);

/**
 * The picture a page refers to, looked for beneath `folder`: by the reference's path, then by its last part.
 * Returns a sealed memory file, or a negative errno.
 */
int local_picture_copy(int folder, struct span reference, size_t limit);
