/* The one file that knows xxhash. */
#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_bytes(const void *bytes, size_t size)
{
    return XXH3_64bits(bytes, size);
}

uint64_t hash_mix(uint64_t path, uint64_t step)
{
    uint64_t pair[2] = {path, step};
    return XXH3_64bits(pair, sizeof(pair));
}
