/* 64-bit hashes of text blocks, markup paths and bodies: fast, not secret, never a proof (evidence uses
 * SHA-256). */
#pragma once

#include "base/span.h"

#include <stdint.h>

/** XXH3 with 64 bits (xxhash.com) of the bytes. */
uint64_t hash_bytes(const void *bytes, size_t size);

static inline uint64_t hash_span(struct span text)
{
    return hash_bytes(text.at, text.size);
}

/** A hash of the pair, order counts: to build the hash of a path step by step. */
uint64_t hash_mix(uint64_t path, uint64_t step);
