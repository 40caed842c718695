/*
 * See picture_facts.h. Where the block of EXIF stands in the file is found by hand, chunk by chunk; what is
 * in it, libexif tells. Its own words for tags are not asked for: they would be looked up in files, which
 * nobody here may open.
 */
#include "pipeline/ocr/picture_facts.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "pipeline/ocr/bytes.h"
#include "pipeline/ocr/ocr_limits.h"

#include <libexif/exif-data.h>

enum { MAX_CHUNKS = 1000, MAX_EXIF = 1 << 20 };

/* ---- where it stands ---- */

struct found {
    struct span exif;    /* a TIFF structure */
    struct span comment; /* the first one that stands outside of it */
    struct span software;
};

static void keep_first(struct span *kept, struct span value)
{
    if (kept->size == 0)
        *kept = value;
}

static void walk_jpeg(struct span file, struct found *found)
{
    size_t at = 2;
    for (int i = 0; i < MAX_CHUNKS && at + 4 <= file.size && bytes_8(file, at) == 0xFF; i++) {
        uint32_t marker = bytes_8(file, at + 1), size = bytes_be16(file, at + 2);
        struct span body = span_cut(file, at + 4, at + 2 + size);
        if (marker == 0xDA || size < 2) /* pixels */
            return;
        if (marker == 0xE1 && bytes_are(body, 0, SPAN("Exif\0\0")))
            keep_first(&found->exif, span_cut(body, 6, body.size));
        else if (marker == 0xFE)
            keep_first(&found->comment, body);
        at += 2 + (size_t)size;
    }
}

/* tEXt: a keyword, NUL, Latin-1; iTXt: a keyword, NUL, two bytes, two more texts, UTF-8. */
static void take_text(struct span chunk, bool international, struct found *found)
{
    size_t end = span_find(chunk, SPAN("\0"), 0);
    struct span keyword = span_cut(chunk, 0, end), text = span_cut(chunk, end + 1, chunk.size);
    if (international) {
        if (bytes_8(text, 0) != 0)
            return; /* compressed */
        text = span_cut(text, 2, text.size);
        for (int i = 0; i < 2; i++)
            text = span_cut(text, span_find(text, SPAN("\0"), 0) + 1, text.size);
    }
    if (span_equal(keyword, SPAN("Software")))
        keep_first(&found->software, text);
    else if (span_equal(keyword, SPAN("Comment")) || span_equal(keyword, SPAN("Description")))
        keep_first(&found->comment, text);
}

static void walk_png(struct span file, struct found *found)
{
    size_t at = 8;
    for (int i = 0; i < MAX_CHUNKS && at + 12 <= file.size; i++) {
        uint32_t size = bytes_be32(file, at);
        struct span body = span_cut(file, at + 8, at + 8 + size);
        if (bytes_are(file, at + 4, SPAN("eXIf")))
            keep_first(&found->exif, body);
        else if (bytes_are(file, at + 4, SPAN("tEXt")))
            take_text(body, false, found);
        else if (bytes_are(file, at + 4, SPAN("iTXt")))
            take_text(body, true, found);
        at += 12 + (size_t)size;
    }
}

static void walk_webp(struct span file, struct found *found)
{
    size_t at = 12;
    for (int i = 0; i < MAX_CHUNKS && at + 8 <= file.size; i++) {
        uint32_t size = bytes_le32(file, at + 4);
        struct span body = span_cut(file, at + 8, at + 8 + (size_t)size);
        if (bytes_are(file, at, SPAN("EXIF")))
            keep_first(&found->exif,
                       bytes_are(body, 0, SPAN("Exif\0\0")) ? span_cut(body, 6, body.size) : body);
        at += 8 + (size_t)size + size % 2;
    }
}

static struct found find(struct span file, const struct picture_header *header)
{
    struct found found = {0};
    if (header->format[0] == 'j')
        walk_jpeg(file, &found);
    else if (header->format[0] == 'p')
        walk_png(file, &found);
    else if (header->format[0] == 'w')
        walk_webp(file, &found);
    else if (header->format[0] == 't')
        found.exif = file;
    return found;
}

/* ---- what is in it ---- */

static void keep_text(struct picture_copy *copy, struct span *kept, struct span text)
{
    buf_auto clean = buf_new(4 * OCR_COPY_FACT);
    text = span_cut(text, 0, span_find(text, SPAN("\0"), 0));
    text = span_trim(span_cut(text, 0, OCR_COPY_FACT));
    if (kept->size == 0 && text.size && utf8_add_clean(&clean, text))
        *kept = arena_copy(&copy->arena, buf_span(&clean));
}

static struct span entry_bytes(ExifData *data, ExifIfd directory, ExifTag tag)
{
    const ExifEntry *entry = exif_content_get_entry(data->ifd[directory], tag);
    return entry && entry->data ? (struct span){(const char *)entry->data, entry->size}
                                : (struct span){NULL, 0};
}

/* Degrees, minutes, seconds. */
static bool read_angle(ExifData *data, ExifTag tag, ExifTag reference, char negative, double *ret_degrees)
{
    const ExifEntry *entry = exif_content_get_entry(data->ifd[EXIF_IFD_GPS], tag);
    struct span side = entry_bytes(data, EXIF_IFD_GPS, reference);
    double degrees = 0;
    static const double units[3] = {1, 60, 3600};
    if (!entry || !entry->data || entry->format != EXIF_FORMAT_RATIONAL || entry->components < 1 ||
        entry->size < 8)
        return false;
    for (unsigned i = 0; i < 3 && i < entry->components && 8 * (i + 1) <= entry->size; i++) {
        ExifRational part = exif_get_rational(entry->data + 8 * (size_t)i, exif_data_get_byte_order(data));
        if (part.denominator)
            degrees += (double)part.numerator / part.denominator / units[i];
    }
    *ret_degrees = side.size && side.at[0] == negative ? -degrees : degrees;
    return true;
}

static void read_place(ExifData *data, struct picture_copy *copy)
{
    double latitude, longitude;
    copy->has_place = read_angle(data, (ExifTag)EXIF_TAG_GPS_LATITUDE, (ExifTag)EXIF_TAG_GPS_LATITUDE_REF,
                                 'S', &latitude) &&
                      read_angle(data, (ExifTag)EXIF_TAG_GPS_LONGITUDE, (ExifTag)EXIF_TAG_GPS_LONGITUDE_REF,
                                 'W', &longitude) &&
                      latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180;
    if (!copy->has_place)
        return;
    copy->latitude = latitude;
    copy->longitude = longitude;
}

static void read_camera(ExifData *data, struct picture_copy *copy)
{
    struct span parts[2] = {entry_bytes(data, EXIF_IFD_0, EXIF_TAG_MAKE),
                            entry_bytes(data, EXIF_IFD_0, EXIF_TAG_MODEL)};
    buf_auto both = buf_new(2 * OCR_COPY_FACT);
    for (size_t i = 0; i < 2; i++) {
        struct span part = span_trim(span_cut(parts[i], 0, span_find(parts[i], SPAN("\0"), 0)));
        if (both.size && part.size)
            buf_add_byte(&both, ' ');
        buf_add_span(&both, span_cut(part, 0, OCR_COPY_FACT / 2));
    }
    keep_text(copy, &copy->camera, buf_span(&both));
}

/* A user's comment begins with eight bytes that name its characters. */
static struct span user_comment(ExifData *data)
{
    struct span text = entry_bytes(data, EXIF_IFD_EXIF, EXIF_TAG_USER_COMMENT);
    bool ascii = bytes_are(text, 0, SPAN("ASCII\0\0\0")) || bytes_are(text, 0, SPAN("\0\0\0\0\0\0\0\0"));
    return ascii ? span_cut(text, 8, text.size) : (struct span){NULL, 0};
}

static void read_exif(struct span exif, struct picture_copy *copy)
{
    buf_auto block = buf_new(MAX_EXIF + 6);
    buf_add_span(&block, SPAN("Exif\0\0"));
    buf_add_span(&block, span_cut(exif, 0, MAX_EXIF));
    ExifData *data =
        block.failed ? NULL : exif_data_new_from_data((const unsigned char *)block.at, (unsigned)block.size);
    if (!data)
        return;
    keep_text(copy, &copy->software, entry_bytes(data, EXIF_IFD_0, EXIF_TAG_SOFTWARE));
    keep_text(copy, &copy->taken, entry_bytes(data, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL));
    keep_text(copy, &copy->taken, entry_bytes(data, EXIF_IFD_0, EXIF_TAG_DATE_TIME));
    keep_text(copy, &copy->comment, user_comment(data));
    keep_text(copy, &copy->comment, entry_bytes(data, EXIF_IFD_0, EXIF_TAG_IMAGE_DESCRIPTION));
    read_camera(data, copy);
    read_place(data, copy);
    exif_data_unref(data);
}

void picture_facts_read(struct span file, const struct picture_header *header, struct picture_copy *copy)
{
    struct found found = find(file, header);
    keep_text(copy, &copy->comment, found.comment);
    keep_text(copy, &copy->software, found.software);
    if (found.exif.size)
        read_exif(found.exif, copy);
}
