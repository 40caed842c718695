/* The texts of our own: `== FAMILY KIND LANGUAGE`, then paragraphs, one a line. */
#pragma once

#include "base/buf.h"

enum { TEXTS_MAX = 256, TEXTS_LINES_MAX = 8 };

struct text {
    char family[24];
    char kind[16];
    char language[8];
    struct span lines[TEXTS_LINES_MAX];
    size_t line_count;
};

struct texts {
    struct buf bytes;
    struct text at[TEXTS_MAX];
    size_t count;
};

/** False after saying why on standard error. */
bool texts_read(const char *path, struct texts *ret_texts);
void texts_free(struct texts *texts);
