/*
 * Lists of pages that other programs keep, as a page list of ours: what to watch is taken over, how the other
 * program read it is not, for varta learns by itself what on a page always changes. What is left out is told
 * with its line, one by one: nobody should believe a page to be watched that is not.
 */
#pragma once

#include "base/buf.h"
#include "config/pagelist.h"

enum {
    IMPORT_BYTES = 16 << 20, /* bytes of a file to take over: 200,000 pages with their names */
    IMPORT_NAME_BYTES = 200, /* bytes of a name; more is cut */
};

struct import_sum {
    size_t pages;    /**< taken over */
    size_t repeated; /**< named again, left out without a word each */
    size_t left_out; /**< told */
};

/**
 * The jobs of a urlwatch or webchanges file (urls.yaml, several YAML documents) as lines of a page list,
 * appended to `out`. `name` is what faults call the file, and ends in NUL. Returns 0, -EINVAL when it cannot
 * be understood (told), or -ENOMEM.
 */
int import_urlwatch(struct span text, const char *name, page_list_error_fn *tell, void *context,
                    struct buf *out, struct import_sum *ret_sum);

/** The same for lines and tables: in each line the first field (separated by comma, semicolon, tab or space)
 * that is an address, with a field beside it as its name where there is one. */
int import_table(struct span text, const char *name, page_list_error_fn *tell, void *context, struct buf *out,
                 struct import_sum *ret_sum);
