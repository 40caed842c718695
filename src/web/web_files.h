/* The files that browsers get as they are: made from the files of this folder when varta is built. */
#pragma once

#include <stddef.h>

struct web_file {
    const char *path; /**< as it is asked for */
    const char *type;
    const unsigned char *at;
    size_t size;
};

extern const struct web_file web_files[];
extern const size_t web_files_count;
