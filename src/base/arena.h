/*
 * Memory that goes together goes at once: every record that travels (capture, reading, change, verdict) owns
 * one arena, and everything it points to lives there. A ceiling given at birth keeps a hostile page from
 * growing its record without end.
 */
#pragma once

#include "base/span.h"

#include <stdint.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /**< owned, newest first */
    size_t used;                /**< bytes handed out and rounded, over all chunks */
    size_t ceiling;             /**< bytes it may ever hand out */
    bool failed;                /**< an allocation met the ceiling or memory ran out */
};

/** An empty arena that hands out at most `ceiling` bytes. Nothing is allocated yet. */
struct arena arena_new(size_t ceiling);

/** Frees everything handed out. Safe on a zeroed arena. */
void arena_free(struct arena *arena);

/**
 * Zeroed memory for `count` things of `size` bytes, aligned for any type, alive until arena_free().
 * NULL (and `failed` set) at the ceiling, without memory, or when count × size overflows.
 */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/** As arena_alloc(), but what stands in it is anything: for large arrays that are written before they are
 * read. */
void *arena_room(struct arena *arena, size_t count, size_t size);

/** A copy of the text, with a NUL behind it that the span does not count. Empty span on failure. */
struct span arena_copy(struct arena *arena, struct span text);

/**
 * A grown copy of the array `old` of `count` things of `size` bytes, with room for `*room` of them doubled
 * (first 16) when it is full; `old` itself when there is room. NULL on failure: `old` stays valid.
 */
void *arena_grow(struct arena *arena, void *old, size_t count, size_t *room, size_t size);

#define arena_auto __attribute__((cleanup(arena_free))) struct arena
