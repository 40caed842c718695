/* Open addressing with linear steps, at most half full. The address of the memory is the seed: where a key
 * falls cannot be foreseen, what is found does not depend on it. */
#include "pipeline/compare/set64.h"

#include <errno.h>

static size_t place_of(const struct set64 *set, uint64_t key)
{
    return (size_t)(((key ^ set->seed) * 0x9E3779B97F4A7C15ull) >> 32) & set->mask;
}

int set64_make(struct arena *arena, size_t count, struct set64 *ret_set)
{
    size_t room = 16;
    while (room < count * 2)
        room *= 2;
    struct set64 set = {.mask = room - 1};
    set.keys = arena_alloc(arena, room, sizeof(*set.keys));
    set.values = arena_alloc(arena, room, sizeof(*set.values));
    if (!set.keys || !set.values)
        return -ENOMEM;
    set.seed = (uint64_t)(uintptr_t)set.keys * 0xD6E8FEB86659FD93ull;
    *ret_set = set;
    return 0;
}

uint32_t *set64_put(struct set64 *set, uint64_t key, uint32_t value)
{
    key += key == 0;
    size_t at = place_of(set, key);
    while (set->keys[at] && set->keys[at] != key)
        at = (at + 1) & set->mask;
    if (!set->keys[at]) {
        set->keys[at] = key;
        set->values[at] = value;
    }
    return &set->values[at];
}

const uint32_t *set64_find(const struct set64 *set, uint64_t key)
{
    if (!set->keys)
        return NULL;
    key += key == 0;
    size_t at = place_of(set, key);
    while (set->keys[at]) {
        if (set->keys[at] == key)
            return &set->values[at];
        at = (at + 1) & set->mask;
    }
    return NULL;
}
