/*
 * Running out of memory at every place in turn. Link with failing_malloc_args of tests/meson.build; then the
 * allocation number `failing_at` (from 1) of the code under test fails, and so do all after it unless
 * `failing_once`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

extern size_t failing_at; /**< 0: none fails */
extern bool failing_once;
extern size_t failing_count;
extern long failing_live; /**< allocations not freed yet */
