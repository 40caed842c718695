/* See shelf.h. */
#include "shelf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 64 << 20, CELLS_MAX = 16 };

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct shelf_names shelf_list(const char *folder)
{
    struct shelf_names names = {0};
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        char **grown = realloc(names.at, (names.count + 1) * sizeof(*grown));
        char *name = strdup(entry->d_name);
        if (!grown || !name)
            abort();
        names.at = grown;
        names.at[names.count++] = name;
    }
    if (dir)
        closedir(dir);
    if (names.count)
        qsort(names.at, names.count, sizeof(*names.at), by_bytes);
    return names;
}

void shelf_free(struct shelf_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->at[i]);
    free(names->at);
    *names = (struct shelf_names){0};
}

bool shelf_read(const char *path, struct buf *out)
{
    *out = buf_new(FILE_BYTES_MAX);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    char piece[65536];
    size_t size;
    while ((size = fread(piece, 1, sizeof(piece), file)) > 0)
        buf_add(out, piece, size);
    bool whole = !ferror(file) && !out->failed;
    fclose(file);
    return whole;
}

bool shelf_table(const char *path, shelf_row_fn *row, void *context)
{
    buf_auto text = buf_new(0);
    if (!shelf_read(path, &text))
        return false;
    struct span rest = buf_span(&text), line;
    bool first = true;
    while (span_next(&rest, '\n', &line)) {
        struct span cells[CELLS_MAX];
        size_t count = 0;
        while (count < CELLS_MAX && span_next(&line, '\t', &cells[count]))
            count++;
        if (!first && count)
            row(context, cells, count);
        first = false;
    }
    return true;
}
