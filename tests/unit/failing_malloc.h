/*
 * Running out of memory at every place in turn. Link with -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc;
 * then the allocation number `failing_at` (from 1) of the code under test fails, and so do all after it.
 */
#pragma once

#include <stddef.h>

extern size_t failing_at; /**< 0: none fails */
extern size_t failing_count;
