/*
 * How the heap is kept. Each page comes and goes in a handful of arenas that are freed together, so that with
 * malloc's own habits the top of the heap is given back to the kernel and asked for again with every page:
 * system calls and page faults that cost a quarter of the page's own work.
 */
#pragma once

#include <stddef.h>

/**
 * From now on up to `bytes` of freed memory at the top of the heap stay for what comes next, and pieces below
 * that size come from the heap. What is free below the top is given back now. Where the C library knows no
 * such thing, nothing happens.
 */
void heap_keep(size_t bytes);

/** Gives back what is free anywhere in the heap: after an hour in which everything came at once. */
void heap_give_back(void);
