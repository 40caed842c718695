/*
 * A *.traineddata file is a table of offsets and the parts behind it, in the order of the table. Only the
 * parts of the line recogniser are used. The file comes from the system's packages, and is checked like any
 * other all the same: a folder of models may be named on the command line.
 */
#include "pipeline/ocr/traineddata.h"

#include "pipeline/ocr/bytes.h"

enum { MOST_PARTS = 64, NETWORK = 17, PUNCTUATION, WORDS, NUMBERS, LETTERS, RECODER };

static uint64_t offset_of(struct span file, size_t part)
{
    return (uint64_t)bytes_le32(file, 8 + part * 8) << 32 | bytes_le32(file, 4 + part * 8);
}

/* A part ends where the next one that is there begins. */
static struct span part_of(struct span file, size_t parts, size_t part)
{
    const uint64_t none = UINT64_MAX;
    uint64_t from = part < parts ? offset_of(file, part) : none, to = file.size;
    for (size_t next = part + 1; next < parts; next++)
        if (offset_of(file, next) != none) {
            to = offset_of(file, next);
            break;
        }
    if (from == none || from > to || to > file.size)
        return (struct span){NULL, 0};
    return span_cut(file, (size_t)from, (size_t)to);
}

/* A file that was cut off has parts that begin behind its end. */
static bool parts_fit(struct span file, size_t parts)
{
    uint64_t least = 4 + parts * 8;
    for (size_t part = 0; part < parts; part++) {
        uint64_t from = offset_of(file, part);
        if (from == UINT64_MAX)
            continue;
        if (from < least || from > file.size)
            return false;
        least = from;
    }
    return true;
}

bool traineddata_read(struct span file, struct traineddata *ret_parts)
{
    size_t parts = bytes_le32(file, 0);
    if (parts > MOST_PARTS || file.size < 4 + parts * 8 || !parts_fit(file, parts))
        return false;
    *ret_parts = (struct traineddata){.network = part_of(file, parts, NETWORK),
                                      .punctuation = part_of(file, parts, PUNCTUATION),
                                      .words = part_of(file, parts, WORDS),
                                      .numbers = part_of(file, parts, NUMBERS),
                                      .letters = part_of(file, parts, LETTERS),
                                      .recoder = part_of(file, parts, RECODER)};
    return ret_parts->network.size > 0;
}
