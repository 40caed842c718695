/* The arena of arena.h: chunks of doubling size, freed together. */
#include "base/arena.h"

#include <stdlib.h>

enum { FIRST_CHUNK = 4096, LAST_CHUNK = 1 << 20, ALIGNMENT = 16, FIRST_ROOM = 16 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size; /* bytes of data behind this header */
    size_t used;
    size_t padding;
    char data[];
};

struct arena arena_new(size_t ceiling)
{
    return (struct arena){.ceiling = ceiling};
}

void arena_free(struct arena *arena)
{
    struct arena_chunk *chunk = arena->chunks;
    while (chunk) {
        struct arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    *arena = arena_new(arena->ceiling);
}

static struct arena_chunk *add_chunk(struct arena *arena, size_t needed)
{
    size_t size = arena->chunks ? arena->chunks->size * 2 : FIRST_CHUNK;
    if (size > LAST_CHUNK)
        size = LAST_CHUNK;
    if (size < needed)
        size = needed;
    struct arena_chunk *chunk = malloc(sizeof(*chunk) + size);
    if (!chunk)
        return NULL;
    *chunk = (struct arena_chunk){.next = arena->chunks, .size = size};
    arena->chunks = chunk;
    return chunk;
}

void *arena_room(struct arena *arena, size_t count, size_t size)
{
    size_t needed;
    if (__builtin_mul_overflow(count, size, &needed) || needed > arena->ceiling ||
        arena->used > arena->ceiling - needed) {
        arena->failed = true;
        return NULL;
    }
    needed = (needed + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct arena_chunk *chunk = arena->chunks;
    if (!chunk || chunk->size - chunk->used < needed)
        chunk = add_chunk(arena, needed);
    if (!chunk) {
        arena->failed = true;
        return NULL;
    }
    void *at = chunk->data + chunk->used;
    chunk->used += needed;
    arena->used += needed;
    return at;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    void *at = arena_room(arena, count, size);
    if (at)
        memset(at, 0, count * size);
    return at;
}

struct span arena_copy(struct arena *arena, struct span text)
{
    char *at = arena_room(arena, text.size + 1, 1);
    if (!at)
        return (struct span){NULL, 0};
    if (text.size)
        memcpy(at, text.at, text.size);
    at[text.size] = '\0';
    return (struct span){at, text.size};
}

void *arena_grow(struct arena *arena, void *old, size_t count, size_t *room, size_t size)
{
    if (old && count < *room)
        return old;
    size_t wanted = *room ? *room * 2 : FIRST_ROOM;
    void *grown = arena_room(arena, wanted, size);
    if (!grown)
        return NULL;
    if (old)
        memcpy(grown, old, count * size);
    size_t kept = old ? count * size : 0;
    memset((char *)grown + kept, 0, wanted * size - kept);
    *room = wanted;
    return grown;
}
