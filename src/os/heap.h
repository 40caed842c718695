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

/**
 * What is free below the heap's top is taken for good, so that all that is asked for from now on lies
 * together at the top. For a template: each piece that a child finds elsewhere costs it a copy of that page.
 */
void heap_level(void);

/** Has the kernel make ready the next `bytes` of the heap's top at once, for who is sure to need them: a
 * fault for each page costs several times as much. Never more than stands ready there; where it is not known
 * how, nothing happens. */
void heap_warm(size_t bytes);
