/* Files and folders of the training data, in an order that does not depend on the file system. */
#pragma once

#include "base/buf.h"

struct shelf_names {
    char **at; /**< owned, sorted by bytes */
    size_t count;
};

/** The entries of a folder without dot files; empty when it cannot be read. */
struct shelf_names shelf_list(const char *folder);
void shelf_free(struct shelf_names *names);

/** The whole file, or false. */
bool shelf_read(const char *path, struct buf *out);

/** Calls `row` for each line of a tab-separated file but the first, with up to 16 cells. */
typedef void shelf_row_fn(void *context, const struct span *cells, size_t count);
bool shelf_table(const char *path, shelf_row_fn *row, void *context);
