/* Checks a model file before anything is read from it. The scorer trusts every number in the file (it takes
 * no branch per feature), so each one is held against its limits here, once; a damaged file is refused with a
 * reason. */
#include "pipeline/identify/langmodel.h"

#include <string.h>

#define FIELD_END(type, field) (offsetof(type, field) + sizeof(((type *)0)->field))

static uint64_t mix(uint64_t state, const uint8_t *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    state = (state ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return state ^ (state >> 32);
}

/* Four independent strands, so that 7 MB cost about a millisecond. */
uint64_t langmodel_checksum(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint64_t strand[4] = {1, 2, 3, 4}, sum = size;
    uint8_t last[8] = {0};

    for (; size >= 32; size -= 32, at += 32)
        for (int i = 0; i < 4; i++)
            strand[i] = mix(strand[i], at + 8 * i);
    for (; size >= 8; size -= 8, at += 8)
        strand[0] = mix(strand[0], at);
    memcpy(last, at, size);
    strand[1] = mix(strand[1], last);
    for (int i = 0; i < 4; i++)
        sum = (sum ^ strand[i]) * UINT64_C(0xD6E8FEB86659FD93), sum ^= sum >> 32;
    return sum;
}

static int inside(uint32_t at, uint64_t bytes, size_t size)
{
    return at % 64 == 0 && at >= sizeof(struct langmodel_header) && at + bytes <= size;
}

static int rows_in_range(const struct langmodel_group *group, const uint8_t *bytes)
{
    const uint16_t *pairs = (const uint16_t *)(const void *)(bytes + group->pairs_at);
    const uint32_t *slots = (const uint32_t *)(const void *)(bytes + group->slots_at);
    uint32_t highest = 0;

    for (uint32_t i = 0; i < LANGMODEL_PAIRS; i++)
        highest = pairs[i] > highest ? pairs[i] : highest;
    for (uint32_t i = 0; i < group->slot_count; i++) {
        uint32_t row = slots[i] & 0xFFFFu;

        highest = row > highest ? row : highest;
    }
    return highest < group->row_count;
}

static int languages_in_range(const struct langmodel_group *group, uint32_t language_count)
{
    for (uint32_t lane = 0; lane < LANGMODEL_LANES_MAX; lane++)
        if (group->languages[lane] >= language_count)
            return 0;
    return 1;
}

static const char *verify_group(const struct langmodel_group *group, uint32_t language_count,
                                const uint8_t *bytes, size_t size)
{
    if (group->lanes != 16 && group->lanes != 48)
        return "a group of languages has an impossible width";
    if (group->row_count < LANGMODEL_MISS_ROWS || group->row_count > 65536 || group->slot_count == 0)
        return "a group of languages has impossible counts";
    if (!inside(group->rows_at, (uint64_t)group->row_count * group->lanes, size) ||
        !inside(group->pairs_at, LANGMODEL_PAIRS * sizeof(uint16_t), size) ||
        !inside(group->slots_at, (uint64_t)group->slot_count * sizeof(uint32_t), size) ||
        !inside(group->junk_at, 64, size))
        return "a table lies outside the file";
    if (!languages_in_range(group, language_count) || !rows_in_range(group, bytes))
        return "a number points outside its table";
    return NULL;
}

static const char *verify_language(const struct langmodel_language *language)
{
    if (language->tag[0] == '\0' || !memchr(language->tag, '\0', LANGMODEL_TAG_SIZE))
        return "a language tag is damaged";
    if (language->group > LETTERS_DIRECT || language->lane >= LANGMODEL_LANES_MAX)
        return "a language has an impossible place";
    return NULL;
}

static const char *verify_contents(const struct langmodel_header *header, const uint8_t *bytes, size_t size)
{
    const char *wrong = NULL;

    if (header->language_count == 0 || header->language_count > LANGMODEL_LANGUAGES_MAX)
        return "impossible number of languages";
    for (uint32_t i = 0; i < header->language_count && !wrong; i++)
        wrong = verify_language(&header->languages[i]);
    for (uint32_t i = 0; i < LANGMODEL_GROUPS && !wrong; i++)
        wrong = verify_group(&header->groups[i], header->language_count, bytes, size);
    return wrong;
}

const char *langmodel_verify(const void *bytes, size_t size)
{
    static const size_t start = FIELD_END(struct langmodel_header, checksum);
    struct langmodel_header header;

    if (size < sizeof header || size > LANGMODEL_SIZE_MAX)
        return "not a language model: wrong size";
    memcpy(&header, bytes, sizeof header);
    if (memcmp(header.magic, LANGMODEL_MAGIC, sizeof header.magic) != 0)
        return "not a language model: wrong first bytes";
    if (header.version != LANGMODEL_VERSION)
        return "language model of another version";
    if (header.size != size)
        return "language model cut short or too long";
    if (header.checksum != langmodel_checksum((const uint8_t *)bytes + start, size - start))
        return "language model damaged: checksum differs";
    return verify_contents(&header, bytes, size);
}
