/*
 * Feeds the readers of other programs' lists: urlwatch's YAML when the first byte is a 'u', else lines and
 * tables. What they write is a page list of ours: every line of it is taken without a complaint, and there
 * are as many pages in it as were counted.
 */
#include "config/import.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool kept, const char *rule)
{
    if (kept)
        return;
    fprintf(stderr, "%s\n", rule);
    abort();
}

static void hear(void *context, const char *text)
{
    size_t *told = context;
    demand(*text != '\0', "told nothing");
    ++*told;
}

static void complain(void *context, const char *text)
{
    (void)context;
    fprintf(stderr, "%s\n", text);
    abort();
}

static void read_back(struct span lines, size_t pages)
{
    struct page_list list = page_list_new();
    FILE *stream = lines.size ? fmemopen((char *)(uintptr_t)lines.at, lines.size, "r") : NULL;
    if (stream) {
        demand(page_list_read(&list, stream, "imported", complain, NULL) == 0, "not read back");
        fclose(stream);
    }
    demand(list.count == pages && list.bad_lines == 0, "not as many pages as were counted");
    page_list_free(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct span in = {(const char *)data + 1, size - 1};
    struct import_sum sum = {0};
    size_t told = 0;
    buf_auto out = buf_new(2 * IMPORT_BYTES);
    int result = data[0] == 'u' ? import_urlwatch(in, "urls.yaml", hear, &told, &out, &sum)
                                : import_table(in, "list", hear, &told, &out, &sum);
    demand(result == 0 || result == -EINVAL || result == -ENOMEM, "another result");
    demand(result != -EINVAL || told, "refused without a word");
    demand(sum.left_out == 0 || told, "left out without a word");
    if (result == 0)
        read_back(buf_span(&out), sum.pages);
    return 0;
}
