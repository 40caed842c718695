/*
 * Feeds the reader of packed baselines with anything. The checksum is put right first, else nothing would get
 * past it. What is accepted must pack to the same meaning and compare with a page without harm.
 */
#include "base/hash.h"
#include "pipeline/compare/compare.h"

#include <stdint.h>
#include <stdlib.h>

enum { CHECKSUM_SIZE = 8, PACKED_MAX = 1 << 22 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool kept)
{
    if (!kept)
        abort();
}

static void compare_with_a_page(const struct baseline *baseline)
{
    struct block blocks[] = {{.text = SPAN("Повідомлення міністерства"), .confidence = 1000, .path = 7},
                             {.text = SPAN("hacked by nobody"), .confidence = 1000, .path = 9, .place = 24}};
    struct reading reading = {.blocks = blocks, .block_count = 2};
    struct change change;
    demand(compare_reading(baseline, &reading, &change) == 0);
    demand(change.kept >= 0 && change.kept <= 1.0001 && change.words >= 0 && change.words <= 1);
    demand(change.fresh >= 0 && change.fresh <= 1 && change.structure >= 0 && change.structure <= 1);
    change_free(&change);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    buf_auto packed = buf_new(PACKED_MAX), again = buf_new(PACKED_MAX);
    struct baseline *baseline = NULL;
    buf_add(&packed, data, size);
    uint64_t hash = hash_bytes(data, size);
    for (unsigned i = 0; i < CHECKSUM_SIZE; i++)
        buf_add_byte(&packed, (char)(hash >> (8 * i)));
    if (packed.failed || baseline_unpack(buf_span(&packed), &baseline))
        return 0;
    compare_with_a_page(baseline);
    demand(baseline_pack(baseline, &again) == 0);
    baseline_free(baseline);
    return 0;
}
