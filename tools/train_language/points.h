/* A short text as code points, for everything that changes texts letter by letter. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { POINTS_MAX = 640 };

struct points {
    uint32_t at[POINTS_MAX];
    unsigned length;
};

/* As much of the text as fits. */
void points_read(struct points *points, const char *text, size_t size);

/* UTF-8 without a NUL; returns the bytes written, at most 4 * POINTS_MAX. */
size_t points_write(const struct points *points, char *ret_text);

/* Ignored when full. */
void points_add(struct points *points, uint32_t point);

int points_is_letter(uint32_t point);

uint32_t points_lower(uint32_t point);

uint32_t points_upper(uint32_t point);
