/* What the remembered numbers mean: when text is lasting, a place volatile, a picture the page's own. */
#include "pipeline/compare/memory.h"

#include "base/hash.h"

#include <stdlib.h>

double memory_weight(const struct baseline *baseline, const struct memory_piece *piece)
{
    if (piece->last + 1 < baseline->versions || !(piece->flags & MEMORY_COUNTS))
        return 0;
    double life = (double)(baseline->versions - piece->first + 1);
    double weight = piece->seen / life;
    if (piece->last < baseline->versions)
        weight *= 0.5;
    if (piece->seen == 1 && baseline->versions > 1 && !(piece->flags & MEMORY_ANCHOR))
        weight *= 0.5;
    if (memory_volatile(baseline, memory_slot(baseline, piece->path)) && piece->seen < baseline->versions)
        weight *= 0.25;
    return weight;
}

static int by_path(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = ((const struct memory_slot *)b)->path;
    return left < right ? -1 : left > right;
}

const struct memory_slot *memory_slot(const struct baseline *baseline, uint32_t path)
{
    if (!baseline->slot_count)
        return NULL;
    return bsearch(&path, baseline->slots, baseline->slot_count, sizeof(*baseline->slots), by_path);
}

bool memory_volatile(const struct baseline *baseline, const struct memory_slot *slot)
{
    if (!slot)
        return false;
    uint32_t life = baseline->versions - slot->first + 1;
    return slot->quick > 0 || (slot->changes >= 3 && slot->changes * 2 >= life);
}

bool memory_knows_host(const struct memory_hosts *hosts, uint64_t hash)
{
    for (uint32_t i = 0; i < hosts->count; i++)
        if (hosts->at[i].hash == hash)
            return true;
    return false;
}

static bool digest_equal(const struct digest *a, const struct digest *b)
{
    return memcmp(a->at, b->at, sizeof(a->at)) == 0;
}

static bool twins(uint64_t a, uint64_t b)
{
    return a && b && __builtin_popcountll(a ^ b) <= PICTURE_TWIN_BITS;
}

/* A picture that was fetched is known by what it shows: an attacker may keep the address. One that was not is
 * known by its address, which is all there is. */
const struct memory_picture *memory_picture(const struct baseline *baseline, const struct picture_ref *ref)
{
    uint64_t url = hash_span(ref->url);
    for (uint32_t i = 0; i < baseline->picture_count; i++) {
        const struct memory_picture *known = &baseline->pictures[i];
        static const struct digest none;
        bool has_digest = !digest_equal(&known->digest, &none);
        if (ref->fetched && has_digest) {
            if (digest_equal(&known->digest, &ref->digest) ||
                twins(known->perceptual_hash, ref->perceptual_hash))
                return known;
        } else if (known->url == url) {
            return known;
        }
    }
    return NULL;
}
