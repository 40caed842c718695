/*
 * Prints what the reading step makes of files, for the comparison with a browser and for a person who
 * wonders: one line a block, "origin TAB shown|hidden TAB text", under a line "== FILE TAB outcome TAB
 * charset TAB how it was told". Arguments: files, or "-0" to read names ending in NUL from standard input.
 */
#include "base/buf.h"
#include "pipeline/read/read.h"

#include <stdio.h>
#include <stdlib.h>

static bool load(const char *path, struct buf *bytes)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    char piece[65536];
    for (size_t size; (size = fread(piece, 1, sizeof(piece), file)) > 0;)
        buf_add(bytes, piece, size);
    fclose(file);
    return !bytes->failed;
}

static void dump(const char *path)
{
    buf_auto bytes = buf_new(64 << 20);
    struct read_request request = {0};
    struct reading reading;
    if (!load(path, &bytes)) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    enum outcome outcome = read_page(buf_span(&bytes), &request, &reading);
    printf("== %s\t%s\t%.*s\t%.*s\t%.*s\n", path, outcome_name(outcome), (int)reading.charset.size,
           reading.charset.at, (int)reading.charset_by.size, reading.charset_by.at,
           (int)reading.cut_what.size, reading.cut_what.at);
    for (size_t i = 0; i < reading.block_count; i++) {
        const struct block *block = &reading.blocks[i];
        printf("%s\t%s\t%.*s\n", origin_name(block->origin), block->hidden ? "hidden" : "shown",
               (int)block->text.size, block->text.at);
    }
    reading_free(&reading);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "-0") == 0) {
        char *line = NULL;
        size_t room = 0;
        while (getdelim(&line, &room, '\0', stdin) > 0)
            dump(line);
        free(line);
        return 0;
    }
    for (int i = 1; i < argc; i++)
        dump(argv[i]);
    return 0;
}
