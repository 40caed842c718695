/*
 * The text of pictures by content: a picture is read once, ever, whichever page shows it. In front a table in
 * memory, behind it the store where there is one. The key is a SHA-256, so nobody can make a picture that
 * passes for another.
 */
#pragma once

#include "pipeline/page.h"

struct picture_cache;
struct store;

enum {
    PICTURE_CACHE_BYTES = 16 << 20
}; /* bytes in memory: some 10,000 pictures with a screenful of text each */

/** `store` may be NULL; borrowed. Returns 0 or -ENOMEM. */
int picture_cache_new(struct store *store, struct picture_cache **ret_cache);
void picture_cache_free(struct picture_cache *cache);

/** The packed text of a picture known by content; borrowed until picture_cache_free(). False when it is not
 * known. */
bool picture_cache_get(struct picture_cache *cache, const struct digest *digest, struct span *ret_packed);

/** How often a picture's text was asked for. */
struct picture_cache_tally {
    uint64_t hits, misses;
};

struct picture_cache_tally picture_cache_tally(const struct picture_cache *cache);

/** Keeps a copy, in memory while there is room and in the store. */
void picture_cache_put(struct picture_cache *cache, const struct digest *digest, struct span packed,
                       int64_t now_s);

/**
 * Says that the picture is now being read for `reader`. Returns the reader it is already being read for, else
 * `reader` itself, which then must call picture_cache_end(). Without memory `reader` too: the picture may
 * then be read twice.
 */
void *picture_cache_begin(struct picture_cache *cache, const struct digest *digest, void *reader);
void picture_cache_end(struct picture_cache *cache, const struct digest *digest);
