/*
 * Feeds the reader of page lists with anything. A bad line is told and counted, never taken; what is taken is
 * an address of the web, once, and found again.
 */
#include "config/pagelist.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool kept)
{
    if (!kept)
        abort();
}

static void tell(void *context, const char *text)
{
    unsigned *told = context;
    demand(*text != '\0');
    ++*told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned told = 0;
    FILE *stream = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    if (!stream)
        return 0;
    struct page_list list = page_list_new();
    demand(page_list_read(&list, stream, "fuzz.txt", tell, &told) == 0);
    demand(list.bad_lines <= told);
    for (size_t i = 0; i < list.count; i++) {
        const struct page *page = &list.pages[i];
        demand(strncasecmp(page->url.at, "http://", 7) == 0 || strncasecmp(page->url.at, "https://", 8) == 0);
        demand(page->url.at[page->url.size] == '\0' && page_list_find(&list, page->url) == i);
        demand(page->weight <= 10);
    }
    page_list_free(&list);
    fclose(stream);
    return 0;
}
