/* Open addressing; the table starts small because most pages have a few hundred paths. */
#include "pipeline/read/path_table.h"

#include "pipeline/read/read_limits.h"

#include <stdlib.h>

enum { FIRST_ROOM = 512 };

void path_table_free(struct path_table *table)
{
    free(table->slots);
    *table = (struct path_table){0};
}

static struct path_count *slot_of(struct path_count *slots, size_t room, uint64_t path)
{
    size_t i = (size_t)path & (room - 1);
    while (slots[i].count > 0 && slots[i].path != path)
        i = (i + 1) & (room - 1);
    return &slots[i];
}

static bool grow(struct path_table *table)
{
    size_t room = table->room ? table->room * 2 : FIRST_ROOM;
    struct path_count *slots = calloc(room, sizeof(*slots));
    table->failed |= !slots;
    if (!slots)
        return false;
    for (size_t i = 0; i < table->room; i++)
        if (table->slots[i].count > 0)
            *slot_of(slots, room, table->slots[i].path) = table->slots[i];
    free(table->slots);
    table->slots = slots;
    table->room = room;
    return true;
}

void path_table_count(struct path_table *table, uint64_t path)
{
    if (table->count * 2 >= table->room && !grow(table))
        return;
    struct path_count *slot = slot_of(table->slots, table->room, path);
    if (slot->count > 0) {
        slot->count++;
        return;
    }
    if (table->count >= READ_PATHS) {
        table->cut = true;
        return;
    }
    *slot = (struct path_count){path, 1};
    table->count++;
}

static int compare_path(const void *a, const void *b)
{
    uint64_t left = ((const struct path_count *)a)->path;
    uint64_t right = ((const struct path_count *)b)->path;
    return left < right ? -1 : left > right;
}

bool path_table_store(const struct path_table *table, struct reading *reading)
{
    if (table->count == 0)
        return true;
    struct path_count *paths = arena_alloc(&reading->arena, table->count, sizeof(*paths));
    if (!paths)
        return false;
    size_t count = 0;
    for (size_t i = 0; i < table->room; i++)
        if (table->slots[i].count > 0)
            paths[count++] = table->slots[i];
    qsort(paths, count, sizeof(*paths), compare_path);
    reading->paths = paths;
    reading->path_count = count;
    return true;
}
