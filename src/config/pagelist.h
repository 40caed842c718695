/*
 * The list of pages: plain text, one URL a line, options behind it as key=value, '#' begins a comment. A bad
 * line is told with its number and left out; the other pages are still watched.
 */
#pragma once

#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>

/** One page of the list; text lives in the list's arena and ends in NUL. */
struct page {
    struct span url;    /**< with scheme; "https://" is put before a bare host */
    struct span name;   /**< option name=…; empty when not given */
    bool allow_private; /**< option allow=private, or the URL itself names a loopback or private address */
    unsigned line;      /**< where it stood; 0 for the command line */
};

struct page_list {
    struct arena arena;
    struct page *pages; /**< count pages in order, each URL once */
    size_t count;
    size_t room;
    uint32_t *slots; /**< slot_count places of a hash table: index of a page plus one, 0 for free */
    size_t slot_count;
    unsigned bad_lines;
};

enum {
    PAGELIST_PAGES = 200000,     /* pages: twice the largest list planned for */
    PAGELIST_LINE_BYTES = 16384, /* bytes of one line: an address of 8 KB and its options */
};

/** Told of each bad line: "LIST:3: …, what to do". `text` ends in NUL and may carry what the line carried. */
typedef void page_list_error_fn(void *context, const char *text);

struct page_list page_list_new(void);
void page_list_free(struct page_list *list);

/** Adds one URL as given on the command line. Returns 0, -EINVAL after telling why, or -ENOMEM. */
int page_list_add(struct page_list *list, struct span url, page_list_error_fn *tell, void *context);

/** Reads a list; `name` is what errors call it. Bad lines are told, counted and left out. Returns 0, -ENOMEM,
 * or -EIO. */
int page_list_read(struct page_list *list, FILE *stream, const char *name, page_list_error_fn *tell,
                   void *context);
