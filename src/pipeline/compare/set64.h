/* A set of hashes with a number for each, in an arena: what finds a piece or a word again in constant time.
 */
#pragma once

#include "base/arena.h"

struct set64 {
    uint64_t *keys; /**< 0 marks an empty place */
    uint32_t *values;
    size_t mask;
    uint64_t seed; /**< so that a page cannot choose where its words fall */
};

/** Room for `count` keys. Returns 0 or -ENOMEM. */
int set64_make(struct arena *arena, size_t count, struct set64 *ret_set);

/** Puts the key in unless it is there; returns its value's place. Never more keys than there was room for. */
uint32_t *set64_put(struct set64 *set, uint64_t key, uint32_t value);

/** The value's place, or NULL. */
const uint32_t *set64_find(const struct set64 *set, uint64_t key);
