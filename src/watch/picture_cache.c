/* See picture_cache.h. */
#include "watch/picture_cache.h"

#include "pipeline/store/store.h"

#include <errno.h>
#include <stdlib.h>

enum { BUCKETS = 4096 };

struct entry {
    struct entry *next;
    struct digest digest;
    struct span packed;
};

/* A picture that is being read right now. */
struct reading_now {
    struct reading_now *next;
    struct digest digest;
    void *reader;
};

struct picture_cache {
    struct store *store;
    struct arena arena;
    struct entry *buckets[BUCKETS];
    struct reading_now *now; /* few: as many as readers work at once, and those that queue for them */
    struct picture_cache_tally tally;
};

int picture_cache_new(struct store *store, struct picture_cache **ret_cache)
{
    struct picture_cache *cache = calloc(1, sizeof(*cache));
    if (!cache)
        return -ENOMEM;
    cache->store = store;
    cache->arena = arena_new(PICTURE_CACHE_BYTES);
    *ret_cache = cache;
    return 0;
}

void picture_cache_free(struct picture_cache *cache)
{
    if (!cache)
        return;
    while (cache->now)
        picture_cache_end(cache, &cache->now->digest);
    arena_free(&cache->arena);
    free(cache);
}

static bool same(const struct digest *a, const struct digest *b)
{
    return memcmp(a->at, b->at, sizeof(a->at)) == 0;
}

/* SHA-256 is evenly spread, so its first bytes are the bucket. */
static struct entry **bucket_of(struct picture_cache *cache, const struct digest *digest)
{
    return &cache->buckets[((unsigned)digest->at[0] << 8 | digest->at[1]) % BUCKETS];
}

static void remember(struct picture_cache *cache, const struct digest *digest, struct span packed)
{
    struct entry *entry = arena_alloc(&cache->arena, 1, sizeof(*entry));
    if (!entry)
        return;
    entry->digest = *digest;
    entry->packed = packed;
    entry->next = *bucket_of(cache, digest);
    *bucket_of(cache, digest) = entry;
}

struct picture_cache_tally picture_cache_tally(const struct picture_cache *cache)
{
    return cache->tally;
}

static bool find(struct picture_cache *cache, const struct digest *digest, struct span *ret_packed)
{
    for (struct entry *entry = *bucket_of(cache, digest); entry; entry = entry->next) {
        if (!same(&entry->digest, digest))
            continue;
        *ret_packed = entry->packed;
        return true;
    }
    struct span packed;
    if (!cache->store || store_get_picture(cache->store, digest, &cache->arena, &packed) != 1)
        return false;
    remember(cache, digest, packed);
    *ret_packed = packed;
    return true;
}

bool picture_cache_get(struct picture_cache *cache, const struct digest *digest, struct span *ret_packed)
{
    bool known = find(cache, digest, ret_packed);
    cache->tally.hits += known;
    cache->tally.misses += !known;
    return known;
}

void picture_cache_put(struct picture_cache *cache, const struct digest *digest, struct span packed,
                       int64_t now_s)
{
    struct span copy = arena_copy(&cache->arena, packed);
    if (copy.at)
        remember(cache, digest, copy);
    if (cache->store)
        store_put_picture(cache->store, digest, packed, now_s);
}

void *picture_cache_begin(struct picture_cache *cache, const struct digest *digest, void *reader)
{
    for (struct reading_now *now = cache->now; now; now = now->next)
        if (same(&now->digest, digest))
            return now->reader;
    struct reading_now *now = malloc(sizeof(*now));
    if (now) {
        *now = (struct reading_now){cache->now, *digest, reader};
        cache->now = now;
    }
    return reader;
}

void picture_cache_end(struct picture_cache *cache, const struct digest *digest)
{
    for (struct reading_now **at = &cache->now; *at; at = &(*at)->next) {
        struct reading_now *now = *at;
        if (!same(&now->digest, digest))
            continue;
        *at = now->next;
        free(now);
        return;
    }
}
