/* See heap.h. */
#include "os/heap.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

enum {
    PAD_BYTES = 256 << 10, /* asked for at once beyond what is needed: a page's records */
    READY_BYTES = 1 << 20, /* room at a template's top, not touched before a child does */
    KERNEL_PAGE = 4096,    /* where it is another, the kernel refuses, and nothing is lost */
};

void heap_keep(size_t bytes)
{
#ifdef __GLIBC__
    mallopt(M_TRIM_THRESHOLD, (int)bytes);
    mallopt(M_MMAP_THRESHOLD, (int)bytes);
    mallopt(M_TOP_PAD, PAD_BYTES);
    mallopt(M_MXFAST, 0); /* else each large piece freed walks all the small ones */
    malloc_trim(PAD_BYTES);
#else
    (void)bytes;
#endif
}

#ifdef __GLIBC__
/* Returns true while there are pieces of that size below the top. */
static bool take_below(uintptr_t top, size_t size)
{
    void *volatile piece = malloc(size); /* volatile: nobody uses it, and it shall be taken all the same */
    if (!piece)
        return false;
    if ((uintptr_t)piece < top)
        return true;
    free(piece);
    return false;
}
#endif

void heap_level(void)
{
#ifdef __GLIBC__
    enum { LARGEST = 64 << 10, FINE = 1024, STEP = 16 };
    struct mallinfo2 about = mallinfo2(); /* zeros where another malloc stands in for the C library's */
    uintptr_t top = (uintptr_t)sbrk(0) - about.keepcost;
    size_t left = about.fordblks - about.keepcost;
    for (size_t size = LARGEST; size >= STEP; size = size > FINE ? size / 2 : size - STEP)
        while (left >= size && take_below(top, size))
            left -= size;
    void *volatile room = malloc(READY_BYTES); /* volatile: else nothing would be asked for */
    free(room);
#endif
}

void heap_warm(size_t bytes)
{
#ifdef __GLIBC__
    size_t left = mallinfo2().keepcost; /* of the top, which ends where the heap does */
    uintptr_t end = (uintptr_t)sbrk(0);
    uintptr_t from = (end - left + KERNEL_PAGE - 1) & ~(uintptr_t)(KERNEL_PAGE - 1);
    if (left == 0 || from >= end)
        return;
    size_t room = (end - from) & ~(size_t)(KERNEL_PAGE - 1);
    madvise((void *)from, bytes < room ? bytes : room, MADV_POPULATE_WRITE);
#else
    (void)bytes;
#endif
}

void heap_give_back(void)
{
#ifdef __GLIBC__
    malloc_trim(PAD_BYTES);
#endif
}
