/* See heap.h. */
#include "os/heap.h"

#include <malloc.h>

enum { PAD_BYTES = 256 << 10 }; /* asked for at once beyond what is needed: a page's records */

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

void heap_give_back(void)
{
#ifdef __GLIBC__
    malloc_trim(PAD_BYTES);
#endif
}
