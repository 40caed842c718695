/* Checks a model file before anything is read from it. The scorer trusts every number in the file (it takes
 * no branch per feature), so each one is held against its limits here, once; a damaged file is refused with a
 * reason. */
#include "pipeline/identify/langmodel.h"

#include <string.h>

#include "pipeline/identify/ngram.h"
#include "pipeline/identify/wordforms.h"

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

static uint32_t pair_count(unsigned group)
{
    return (uint32_t)letters_alphabet_size[group] * letters_alphabet_size[group];
}

static int pairs_in_range(const struct langmodel_group *group, unsigned number, const uint8_t *bytes)
{
    const uint16_t *pairs = (const uint16_t *)(const void *)(bytes + group->pairs_at);

    for (uint32_t i = 0; i < pair_count(number); i++)
        if (pairs[i] >= group->row_count)
            return 0;
    return 1;
}

/* Every number of NGRAM_ROW_BITS is a row, if the rows are as many; else each slot is looked at. */
static int slots_in_range(const struct langmodel_group *group, const uint8_t *bytes)
{
    uint32_t highest = 0;

    if (group->row_count == NGRAM_ROWS_MAX)
        return 1;
    for (uint32_t line = 0; line < group->line_count; line++) {
        const uint8_t *at = bytes + group->lines_at + (size_t)line * NGRAM_LINE_BYTES;

        for (unsigned i = 0; i < NGRAM_LINE_SLOTS; i++, at += NGRAM_SLOT_BYTES) {
            uint32_t row = (at[0] | (uint32_t)at[1] << 8) % NGRAM_ROWS_MAX;

            highest = row > highest ? row : highest;
        }
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

/* Whatever the bytes of the table are, every number has a row. */
static int forms_inside(const struct langmodel_group *group, size_t size)
{
    if (group->form_slots == 0)
        return 1;
    return group->form_slots % WORDFORMS_SEGMENT == 0 &&
           group->form_slots / WORDFORMS_SEGMENT >= WORDFORMS_SEGMENTS_LEAST &&
           inside(group->forms_at, (uint64_t)group->form_slots * sizeof(uint16_t), size) &&
           inside(group->kinds_at, (uint64_t)WORDFORMS_ROWS * group->lanes, size);
}

static int tables_inside(const struct langmodel_group *group, unsigned number, size_t size)
{
    return inside(group->rows_at, (uint64_t)group->row_count * group->lanes, size) &&
           inside(group->pairs_at, pair_count(number) * sizeof(uint16_t), size) &&
           inside(group->lines_at, (uint64_t)group->line_count * NGRAM_LINE_BYTES, size) &&
           inside(group->junk_at, WORDSCAN_AROUND_COUNT, size) && forms_inside(group, size);
}

/* Written so that a number that is none is refused too. */
static int within(float value, float least, float most)
{
    return value >= least && value <= most;
}

static int trust_in_range(const struct langmodel_header *header, unsigned group)
{
    for (unsigned step = 0; step < LANGMODEL_STEPS; step++)
        if (!within(header->confidence[group][step], 0, 1))
            return 0;
    return within(header->heat[group][0], 0.01f, 100) && within(header->heat[group][1], 0, 100);
}

static const char *verify_group(const struct langmodel_header *header, unsigned number, const uint8_t *bytes,
                                size_t size)
{
    const struct langmodel_group *group = &header->groups[number];

    if (group->lanes != 16 && group->lanes != 48)
        return "a group of languages has an impossible width";
    if (group->row_count < LANGMODEL_MISS_ROWS || group->row_count > NGRAM_ROWS_MAX || group->line_count == 0)
        return "a group of languages has impossible counts";
    if (!tables_inside(group, number, size))
        return "a table lies outside the file";
    if (!languages_in_range(group, header->language_count) || !pairs_in_range(group, number, bytes) ||
        !slots_in_range(group, bytes))
        return "a number points outside its table";
    if (!trust_in_range(header, number))
        return "the calibration is damaged";
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
        wrong = verify_group(header, i, bytes, size);
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
