/* A baseline's birth and end, and what may be asked of it. */
#include "pipeline/compare/memory.h"

#include <errno.h>
#include <stdlib.h>

struct baseline *baseline_new(void)
{
    struct baseline *baseline = calloc(1, sizeof(*baseline));
    if (baseline)
        baseline->arena = arena_new(MEMORY_BYTES_MAX);
    return baseline;
}

void baseline_free(struct baseline *baseline)
{
    if (!baseline)
        return;
    arena_free(&baseline->arena);
    free(baseline);
}

uint32_t baseline_versions(const struct baseline *baseline)
{
    return baseline->versions;
}

int64_t baseline_at(const struct baseline *baseline)
{
    return baseline->last_at;
}

bool baseline_knows_picture(const struct baseline *baseline, const struct digest *digest)
{
    for (uint32_t i = 0; i < baseline->picture_count; i++)
        if (memcmp(baseline->pictures[i].digest.at, digest->at, sizeof(digest->at)) == 0)
            return true;
    return false;
}

int baseline_text(const struct baseline *baseline, size_t limit, struct buf *out)
{
    size_t start = out->size;
    for (uint32_t i = 0; i < baseline->piece_count; i++) {
        const struct memory_piece *piece = &baseline->pieces[i];
        if (!piece->text.size || memory_weight(baseline, piece) < 0.25)
            continue;
        if (out->size - start + piece->text.size + 1 > limit)
            break;
        buf_add_span(out, piece->text);
        buf_add_byte(out, '\n');
    }
    return out->failed ? -ENOMEM : 0;
}
