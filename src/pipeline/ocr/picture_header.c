/*
 * The headers of picture_header.h. Each reader takes only the numbers it needs, from fixed places or by a
 * walk over the file's own pieces that ends at the file's end.
 */
#include "pipeline/ocr/picture_header.h"

#include "pipeline/ocr/bytes.h"
#include "pipeline/ocr/ocr_limits.h"
#include "pipeline/ocr/tiff_tags.h"

#include <stdio.h>

/* ---- PNG ------------------------------------------------------------------------------------------------
 */

static bool is_png(struct span file)
{
    return bytes_are(file, 0, SPAN("\x89PNG\r\n\x1a\n"));
}

static enum outcome read_png(struct span file, struct picture_header *header)
{
    if (!bytes_are(file, 12, SPAN("IHDR")))
        return OUTCOME_PICTURE_DAMAGED;
    header->width = bytes_be32(file, 16);
    header->height = bytes_be32(file, 20);
    for (size_t at = 8; at + 12 <= file.size && !bytes_are(file, at + 4, SPAN("IDAT"));) {
        if (bytes_are(file, at + 4, SPAN("acTL")))
            header->frames = bytes_be32(file, at + 8);
        size_t size = bytes_be32(file, at);
        if (size > file.size - at - 12) /* libpng would first make room for up to 2 GB */
            return OUTCOME_PICTURE_DAMAGED;
        struct tiff_tags tags;
        if (bytes_are(file, at + 4, SPAN("eXIf")) &&
            tiff_tags_read(span_cut(file, at + 8, at + 8 + size), &tags))
            header->orientation = (uint8_t)tags.orientation;
        at += size + 12;
    }
    return OUTCOME_OK;
}

/* ---- JPEG -----------------------------------------------------------------------------------------------
 */

static bool is_jpeg(struct span file)
{
    return bytes_are(file, 0, SPAN("\xff\xd8\xff"));
}

/* SOF0 to SOF15 without the tables DHT, JPG and DAC that stand among them. */
static bool is_frame_marker(uint32_t marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

static enum outcome read_jpeg(struct span file, struct picture_header *header)
{
    size_t at = 2;
    while (at + 4 <= file.size) {
        uint32_t marker = bytes_8(file, at + 1);
        if (bytes_8(file, at) != 0xFF || marker == 0xFF || marker == 0x00) {
            at++;
            continue;
        }
        if (is_frame_marker(marker)) {
            header->height = bytes_be16(file, at + 5);
            header->width = bytes_be16(file, at + 7);
            header->progressive = (marker & 3) == 2;
            return OUTCOME_OK;
        }
        struct tiff_tags tags;
        if (marker == 0xE1 && bytes_are(file, at + 4, SPAN("Exif\0\0")) &&
            tiff_tags_read(span_cut(file, at + 10, at + 2 + bytes_be16(file, at + 2)), &tags))
            header->orientation = (uint8_t)tags.orientation;
        at += 2 + (size_t)bytes_be16(file, at + 2);
    }
    return OUTCOME_PICTURE_DAMAGED;
}

/* ---- GIF ------------------------------------------------------------------------------------------------
 */

static bool is_gif(struct span file)
{
    return bytes_are(file, 0, SPAN("GIF87a")) || bytes_are(file, 0, SPAN("GIF89a"));
}

static size_t colour_table_bytes(uint32_t flags)
{
    return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

static size_t skip_sub_blocks(struct span file, size_t at)
{
    while (at < file.size && bytes_8(file, at) != 0)
        at += bytes_8(file, at) + 1;
    return at + 1;
}

static enum outcome read_gif(struct span file, struct picture_header *header)
{
    header->width = bytes_le16(file, 6);
    header->height = bytes_le16(file, 8);
    header->frames = 0;
    header->all_pixels = 0;
    size_t at = 13 + colour_table_bytes(bytes_8(file, 10));
    while (at < file.size && bytes_8(file, at) != 0x3B) {
        uint32_t kind = bytes_8(file, at);
        if (kind == 0x21) {
            at = skip_sub_blocks(file, at + 2);
        } else if (kind == 0x2C) {
            header->frames++;
            header->all_pixels += (uint64_t)bytes_le16(file, at + 5) * bytes_le16(file, at + 7);
            at = skip_sub_blocks(file, at + 11 + colour_table_bytes(bytes_8(file, at + 9)));
        } else {
            break;
        }
    }
    return header->frames ? OUTCOME_OK : OUTCOME_PICTURE_DAMAGED;
}

/* ---- WebP -----------------------------------------------------------------------------------------------
 */

static bool is_webp(struct span file)
{
    return bytes_are(file, 0, SPAN("RIFF")) && bytes_are(file, 8, SPAN("WEBP"));
}

static void count_webp_frames(struct span file, struct picture_header *header)
{
    header->animated_webp = true;
    header->frames = 0;
    for (size_t at = 12; at + 8 <= file.size; at += 8 + (((size_t)bytes_le32(file, at + 4) + 1) & ~(size_t)1))
        header->frames += bytes_are(file, at, SPAN("ANMF"));
}

static enum outcome read_webp(struct span file, struct picture_header *header)
{
    if (bytes_are(file, 12, SPAN("VP8X"))) {
        header->width = (bytes_le32(file, 24) & 0xFFFFFF) + 1;
        header->height = (bytes_le32(file, 27) & 0xFFFFFF) + 1;
        if (bytes_8(file, 20) & 2)
            count_webp_frames(file, header);
    } else if (bytes_are(file, 12, SPAN("VP8L"))) {
        uint32_t bits = bytes_le32(file, 21);
        header->width = (bits & 0x3FFF) + 1;
        header->height = (bits >> 14 & 0x3FFF) + 1;
    } else if (bytes_are(file, 12, SPAN("VP8 "))) {
        header->width = bytes_le16(file, 26) & 0x3FFF;
        header->height = bytes_le16(file, 28) & 0x3FFF;
    } else {
        return OUTCOME_PICTURE_DAMAGED;
    }
    return OUTCOME_OK;
}

/* ---- TIFF and BMP ---------------------------------------------------------------------------------------
 */

static bool is_tiff(struct span file)
{
    return bytes_are(file, 0, SPAN("II*\0")) || bytes_are(file, 0, SPAN("MM\0*"));
}

static enum outcome read_tiff(struct span file, struct picture_header *header)
{
    struct tiff_tags tags;
    if (!tiff_tags_read(file, &tags))
        return OUTCOME_PICTURE_DAMAGED;
    header->width = tags.width;
    header->height = tags.height;
    header->frames = tags.directories;
    header->orientation = (uint8_t)tags.orientation;
    return OUTCOME_OK;
}

static bool is_bmp(struct span file)
{
    return bytes_are(file, 0, SPAN("BM")) && bytes_le32(file, 14) >= 12 && bytes_le32(file, 14) <= 124;
}

static enum outcome read_bmp(struct span file, struct picture_header *header)
{
    if (bytes_le32(file, 14) == 12) {
        header->width = bytes_le16(file, 18);
        header->height = bytes_le16(file, 20);
        return OUTCOME_OK;
    }
    int64_t height = (int32_t)bytes_le32(file, 22);
    header->width = bytes_le32(file, 18);
    header->height = (uint32_t)(height < 0 ? -height : height);
    return OUTCOME_OK;
}

/* ---- named, not read ------------------------------------------------------------------------------------
 */

/* A file of ISO boxes says in its brand what it is. */
static const char *box_format(struct span file)
{
    static const struct {
        struct span brand;
        const char *format;
    } brands[] = {{SPAN_CONSTANT("avif"), "avif"}, {SPAN_CONSTANT("avis"), "avif"},
                  {SPAN_CONSTANT("heic"), "heic"}, {SPAN_CONSTANT("heix"), "heic"},
                  {SPAN_CONSTANT("hevc"), "heic"}, {SPAN_CONSTANT("mif1"), "heic"},
                  {SPAN_CONSTANT("msf1"), "heic"}};
    if (!bytes_are(file, 4, SPAN("ftyp")))
        return NULL;
    for (size_t i = 0; i < sizeof(brands) / sizeof(brands[0]); i++)
        if (bytes_are(file, 8, brands[i].brand))
            return brands[i].format;
    return NULL;
}

static bool is_svg(struct span file)
{
    enum { LOOK_BYTES = 4096 }; /* behind an XML declaration, a document type and comments */
    struct span start =
        span_trim(span_cut(file, bytes_are(file, 0, SPAN("\xef\xbb\xbf")) ? 3 : 0, LOOK_BYTES));
    return start.size && start.at[0] == '<' && !span_starts(start, SPAN("<html")) &&
           span_find_nocase(start, SPAN("<svg"), 0) < start.size;
}

static const char *unread_format(struct span file)
{
    if (bytes_are(file, 0, SPAN("\0\0\1\0")))
        return "ico";
    if (bytes_are(file, 0, SPAN("\0\0\0\x0cjP  ")))
        return "jp2";
    if (bytes_are(file, 0, SPAN("\0\0\0\x0cJXL ")) || bytes_are(file, 0, SPAN("\xff\x0a")))
        return "jxl";
    if (is_svg(file))
        return "svg";
    return box_format(file);
}

/* ---- the table ------------------------------------------------------------------------------------------
 */

static const struct {
    const char *format;
    bool (*is)(struct span file);
    enum outcome (*read)(struct span file, struct picture_header *header);
} formats[] = {{"png", is_png, read_png},    {"jpeg", is_jpeg, read_jpeg}, {"gif", is_gif, read_gif},
               {"webp", is_webp, read_webp}, {"tiff", is_tiff, read_tiff}, {"bmp", is_bmp, read_bmp}};

static void name_format(struct picture_header *header, const char *format)
{
    snprintf(header->format, sizeof(header->format), "%s", format);
}

static enum outcome within_limits(const struct picture_header *header)
{
    uint64_t pixels = (uint64_t)header->width * header->height;
    if (pixels == 0)
        return OUTCOME_PICTURE_DAMAGED;
    if (header->width > OCR_MAX_SIDE || header->height > OCR_MAX_SIDE || pixels > OCR_MAX_PIXELS)
        return OUTCOME_PICTURE_TOO_LARGE;
    if (header->progressive && pixels > OCR_MAX_PROGRESSIVE_PIXELS)
        return OUTCOME_PICTURE_TOO_LARGE;
    return OUTCOME_OK;
}

enum outcome picture_header_read(struct span file, struct picture_header *ret_header)
{
    struct picture_header header = {.frames = 1, .orientation = 1};
    enum outcome outcome = OUTCOME_NOT_PICTURE;
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]) && !header.format[0]; i++) {
        if (!formats[i].is(file))
            continue;
        name_format(&header, formats[i].format);
        outcome = formats[i].read(file, &header);
    }
    const char *unread = header.format[0] ? NULL : unread_format(file);
    if (unread) {
        name_format(&header, unread);
        outcome = OUTCOME_PICTURE_FORMAT;
    }
    if (outcome == OUTCOME_OK && file.size > OCR_MAX_FILE_BYTES)
        outcome = OUTCOME_PICTURE_TOO_LARGE;
    if (outcome == OUTCOME_OK)
        outcome = within_limits(&header);
    if (header.all_pixels == 0)
        header.all_pixels = (uint64_t)header.width * header.height * header.frames;
    *ret_header = header;
    return outcome;
}
