/* The directories of tiff_tags.h. Offsets in the file point anywhere, in circles too: every walk is counted.
 */
#include "pipeline/ocr/tiff_tags.h"

#include "pipeline/ocr/bytes.h"

enum { MAX_TAGS = 256, MAX_DIRECTORIES = 64, ENTRY_BYTES = 12 };
enum {
    TAG_WIDTH = 256,
    TAG_HEIGHT = 257,
    TAG_BITS = 258,
    TAG_ORIENTATION = 274,
    TAG_SAMPLES = 277,
    TAG_TILE_WIDTH = 322
};
enum { TAG_SAMPLE_FORMAT = 339, REAL = 3, TYPE_SHORT = 3 };

static uint32_t short_at(struct span file, bool big, size_t at)
{
    return big ? bytes_be16(file, at) : bytes_le16(file, at);
}

static uint32_t long_at(struct span file, bool big, size_t at)
{
    return big ? bytes_be32(file, at) : bytes_le32(file, at);
}

/* Of several that do not fit into the entry, the first stands where the entry points. */
static uint32_t first_short(struct span file, bool big, size_t at)
{
    return long_at(file, big, at + 4) > 2 ? short_at(file, big, long_at(file, big, at + 8))
                                          : short_at(file, big, at + 8);
}

static void read_tag(struct span file, bool big, size_t at, struct tiff_tags *tags)
{
    bool is_short = short_at(file, big, at + 2) == TYPE_SHORT;
    uint32_t value = is_short ? short_at(file, big, at + 8) : long_at(file, big, at + 8);
    switch (short_at(file, big, at)) {
    case TAG_WIDTH: tags->width = value; break;
    case TAG_HEIGHT: tags->height = value; break;
    case TAG_ORIENTATION:
        tags->orientation = value >= 1 && value <= 8 ? value : 1;
        tags->orientation_at = at + 8 + (big ? (is_short ? 1 : 3) : 0);
        break;
    case TAG_BITS: tags->bits = first_short(file, big, at); break;
    case TAG_SAMPLES: tags->samples = value; break;
    case TAG_TILE_WIDTH: tags->tiled = true; break;
    case TAG_SAMPLE_FORMAT: tags->real = first_short(file, big, at) == REAL; break;
    default: break;
    }
}

bool tiff_tags_read(struct span file, struct tiff_tags *ret_tags)
{
    bool big = bytes_are(file, 0, SPAN("MM\0*"));
    if (!big && !bytes_are(file, 0, SPAN("II*\0")))
        return false;
    struct tiff_tags tags = {.orientation = 1};
    size_t directory = long_at(file, big, 4);
    while (directory != 0 && directory + 2 < file.size && tags.directories < MAX_DIRECTORIES) {
        uint32_t count = short_at(file, big, directory);
        for (uint32_t i = 0; i < count && i < MAX_TAGS && tags.directories == 0; i++)
            read_tag(file, big, directory + 2 + (size_t)i * ENTRY_BYTES, &tags);
        tags.directories++;
        directory = long_at(file, big, directory + 2 + (size_t)count * ENTRY_BYTES);
    }
    *ret_tags = tags;
    return true;
}
