/* Element paths and how often each stands in the page: the page's skeleton, for telling a redesign from an
 * edit. */
#pragma once

#include "pipeline/page.h"

struct path_table {
    struct path_count *slots; /**< owned by malloc; a free slot counts 0 */
    size_t room;              /**< a power of two */
    size_t count;
    bool cut;    /**< more distinct paths than READ_PATHS */
    bool failed; /**< no memory */
};

void path_table_free(struct path_table *table);
void path_table_count(struct path_table *table, uint64_t path);

/** Copies the paths into the reading, ascending. False without memory. */
bool path_table_store(const struct path_table *table, struct reading *reading);
