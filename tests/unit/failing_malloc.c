#include "failing_malloc.h"

#include <stdint.h>
#include <stdlib.h>

enum { PLACES = 1 << 18 };

size_t failing_at;
bool failing_once;
size_t failing_count;
long failing_live;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *at);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *at);

static bool fails(void)
{
    failing_count++;
    return failing_at && (failing_once ? failing_count == failing_at : failing_count >= failing_at);
}

/* Which allocations live, by address: what a library allocated and we free is not counted. A hash table with
 * linear probing. */
static void *living[PLACES];

static size_t place_of(const void *at)
{
    return (size_t)((uintptr_t)at * 0x9E3779B97F4A7C15u >> 46) & (PLACES - 1);
}

static size_t find(const void *at)
{
    size_t place = place_of(at);
    while (living[place] && living[place] != at)
        place = (place + 1) & (PLACES - 1);
    return place;
}

static void *count_live(void *at)
{
    if (!at)
        return NULL;
    if (++failing_live >= PLACES)
        abort();
    living[find(at)] = at;
    return at;
}

static void forget(const void *at)
{
    size_t hole = find(at);
    if (!at || !living[hole])
        return;
    failing_live--;
    living[hole] = NULL;
    for (size_t next = (hole + 1) & (PLACES - 1); living[next]; next = (next + 1) & (PLACES - 1)) {
        void *moved = living[next];
        living[next] = NULL;
        living[find(moved)] = moved;
    }
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : count_live(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : count_live(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    if (fails())
        return NULL;
    forget(old);
    void *at = __real_realloc(old, size);
    count_live(at ? at : old);
    return at;
}

void __wrap_free(void *at)
{
    forget(at);
    __real_free(at);
}
