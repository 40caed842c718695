/*
 * Feeds the readers of the judge's own files with anything, and its folding with any text: the first byte
 * chooses. A file an administrator has spoilt must be refused with a sentence, never harm.
 */
#include "base/utf8.h"
#include "pipeline/judge/cue.h"
#include "pipeline/judge/weights.h"

#include <stdint.h>
#include <stdlib.h>

enum { SCRATCH_MAX = 64 << 20, HITS_MAX = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool kept)
{
    if (!kept)
        abort();
}

static void fuzz_model(struct span text)
{
    struct weights weights;
    char error[256] = "";
    if (weights_read("model", text, &weights, error))
        demand(error[0] != '\0');
}

static void find(const struct cue_set *set, struct span text)
{
    arena_auto arena = arena_new(SCRATCH_MAX);
    struct skeleton skeleton;
    struct cue_hit hits[HITS_MAX];
    demand(skeleton_make(&arena, text.size, &skeleton) == 0);
    skeleton_add(&skeleton, text, 0, false);
    size_t count = cue_find(set, &skeleton, hits, HITS_MAX);
    for (size_t i = 0; i < count; i++)
        demand(hits[i].start < hits[i].end && hits[i].end < skeleton.size && hits[i].cue < cue_count(set));
    for (size_t i = 0; i < skeleton.size; i++)
        demand(skeleton.from[i] <= text.size);
}

/* The list in the first half, the text to find its cues in behind the first empty line. */
static void fuzz_cues(struct span text)
{
    struct cue_set *set = cue_new();
    char error[256] = "";
    size_t cut = span_find(text, SPAN("\n\n"), 0);
    demand(set != NULL);
    if (cue_read(set, "list", span_cut(text, 0, cut), error))
        demand(error[0] != '\0');
    else
        find(set, span_cut(text, cut, text.size));
    cue_free(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data + 1, size ? size - 1 : 0};
    if (!size)
        return 0;
    if (data[0] == 'm')
        fuzz_model(text);
    else
        fuzz_cues(text);
    return 0;
}
