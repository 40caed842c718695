/* The directories of tiff_tags.h. Offsets in the file point anywhere, in circles too: every walk is counted.
 */
#include "pipeline/ocr/tiff_tags.h"

#include "pipeline/ocr/bytes.h"

enum { MAX_TAGS = 256, MAX_DIRECTORIES = 64, ENTRY_BYTES = 12 };
enum { TAG_WIDTH = 256, TAG_HEIGHT = 257, TAG_ORIENTATION = 274, TYPE_SHORT = 3 };

static uint32_t short_at(struct span file, bool big, size_t at)
{
    return big ? bytes_be16(file, at) : bytes_le16(file, at);
}

static uint32_t long_at(struct span file, bool big, size_t at)
{
    return big ? bytes_be32(file, at) : bytes_le32(file, at);
}

static void read_tag(struct span file, bool big, size_t at, struct tiff_tags *tags)
{
    bool is_short = short_at(file, big, at + 2) == TYPE_SHORT;
    uint32_t value = is_short ? short_at(file, big, at + 8) : long_at(file, big, at + 8);
    switch (short_at(file, big, at)) {
    case TAG_WIDTH: tags->width = value; break;
    case TAG_HEIGHT: tags->height = value; break;
    case TAG_ORIENTATION: tags->orientation = value >= 1 && value <= 8 ? value : 1; break;
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
