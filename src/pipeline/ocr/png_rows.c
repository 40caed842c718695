/*
 * Leptonica gives up a PNG with one wrong bit in a check sum, and browsers show it: a picture nobody reads is
 * an attacker's free pass. So libpng is asked for one row after the other, told what browsers tell it, and
 * what has come when it gives up is kept. Everything in the file that is no pixel is skipped unread: those
 * pieces unpack to gigabytes.
 */
#include "pipeline/ocr/png_rows.h"

#include "pipeline/ocr/bytes.h"
#include "pipeline/ocr/ocr_limits.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct png_reader {
    struct span file;
    size_t at;
    const struct picture_header *header;
    struct pixels_background background;
    png_structp png;
    png_infop info;
    jmp_buf failed;
    uint32_t channels;
    uint8_t *stored; /* one row, or all of them where they come interlaced */
    uint32_t rows;   /* that have come, of the last pass that began */
    struct raster raster;
};

/* ---- what libpng calls ---- */

static void give_bytes(png_structp png, png_bytep to, size_t wanted)
{
    struct png_reader *reader = png_get_io_ptr(png);
    if (wanted > reader->file.size - reader->at)
        png_error(png, "the file breaks off");
    memcpy(to, reader->file.at + reader->at, wanted);
    reader->at += wanted;
}

static void on_error(png_structp png, png_const_charp message)
{
    struct png_reader *reader = png_get_error_ptr(png);
    (void)message;
    longjmp(reader->failed, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    struct png_reader *reader = png_get_error_ptr(png);
    if (strstr(message, "CRC"))
        reader->raster.damaged = true;
}

/* False when libpng gave up in it. */
static bool try(struct png_reader *reader, void (*step)(struct png_reader *reader))
{
    if (setjmp(reader->failed))
        return false;
    step(reader);
    return true;
}

/* ---- the steps ---- */

static void begin(struct png_reader *reader)
{
    png_structp png = reader->png;
    png_set_read_fn(png, reader, give_bytes);
    png_set_user_limits(png, OCR_MAX_SIDE, OCR_MAX_SIDE);
    png_set_crc_action(png, PNG_CRC_WARN_USE, PNG_CRC_QUIET_USE);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(png, reader->info);
    if (png_get_image_width(png, reader->info) != reader->header->width ||
        png_get_image_height(png, reader->info) != reader->header->height)
        png_error(png, "another size than the header's");
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, reader->info);
    reader->channels = png_get_channels(png, reader->info);
    if ((reader->channels != 3 && reader->channels != 4) ||
        png_get_rowbytes(png, reader->info) != (size_t)reader->header->width * reader->channels)
        png_error(png, "not three or four bytes a pixel");
}

static void lay_row(struct png_reader *reader, uint32_t y, const uint8_t *stored)
{
    uint8_t *to = reader->raster.rgb + (size_t)y * reader->header->width * 3;
    if (reader->channels == 4)
        reader->raster.clear += pixels_lay(stored, reader->header->width, reader->background, to);
    else
        memcpy(to, stored, (size_t)reader->header->width * 3);
}

static void read_rows(struct png_reader *reader)
{
    for (; reader->rows < reader->header->height; reader->rows++) {
        png_read_row(reader->png, reader->stored, NULL);
        lay_row(reader, reader->rows, reader->stored);
    }
}

/* Each pass fills the squares that later ones refine, as browsers show them while a picture is coming. */
static void read_passes(struct png_reader *reader)
{
    enum { PASSES = 7 };
    size_t row_bytes = (size_t)reader->header->width * reader->channels;
    for (int pass = 0; pass < PASSES; pass++)
        for (uint32_t y = 0; y < reader->header->height; y++) {
            png_read_row(reader->png, NULL, reader->stored + y * row_bytes);
            reader->rows = pass == 0 ? y + 1 : reader->header->height;
        }
}

static enum outcome decode_rows(struct png_reader *reader)
{
    size_t row_bytes = (size_t)reader->header->width * reader->channels;
    bool passes = png_get_interlace_type(reader->png, reader->info) != PNG_INTERLACE_NONE;
    reader->stored = calloc(passes ? reader->header->height : 1, row_bytes);
    if (!reader->stored)
        return OUTCOME_NO_MEMORY;
    reader->raster.damaged |= !try(reader, passes ? read_passes : read_rows);
    for (uint32_t y = 0; passes && y < reader->rows; y++)
        lay_row(reader, y, reader->stored + y * row_bytes);
    return reader->rows ? OUTCOME_OK : OUTCOME_PICTURE_DAMAGED;
}

static enum outcome decode(struct png_reader *reader)
{
    bool damaged = false;
    if (!try(reader, begin))
        return OUTCOME_PICTURE_DAMAGED;
    damaged = reader->raster.damaged;
    if (!pixels_blank(reader->header->width, reader->header->height, reader->background, &reader->raster))
        return OUTCOME_NO_MEMORY;
    reader->raster.damaged = damaged;
    return decode_rows(reader);
}

/* ---- the door ---- */

static bool has_end(struct span file)
{
    size_t at = 8;
    while (at + 12 <= file.size && !bytes_are(file, at + 4, SPAN("IEND")))
        at += 12 + (size_t)bytes_be32(file, at);
    return at + 12 <= file.size;
}

/* `trusting`: the check sum over all pixels and the size of the window are not believed, the pixels are. */
static enum outcome read_file(struct png_reader *reader, bool trusting)
{
    enum { LAST_BYTES = 64 }; /* up to so many of a file that breaks off are lost */
    enum outcome outcome = OUTCOME_NO_MEMORY;
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
    if (reader->png)
        reader->info = png_create_info_struct(reader->png);
    if (reader->info) {
        png_set_option(reader->png, PNG_IGNORE_ADLER32, trusting);
        png_set_option(reader->png, PNG_MAXIMUM_INFLATE_WINDOW, trusting);
        if (trusting)
            png_set_compression_buffer_size(reader->png, LAST_BYTES);
        outcome = decode(reader);
    }
    png_destroy_read_struct(&reader->png, &reader->info, NULL);
    free(reader->stored);
    if (outcome != OUTCOME_OK)
        raster_free(&reader->raster);
    return outcome;
}

enum outcome png_rows_decode(struct span file, const struct picture_header *header,
                             struct pixels_background background, struct raster *ret_raster)
{
    struct png_reader reader = {.file = file, .header = header, .background = background};
    enum outcome outcome = read_file(&reader, false);
    if (outcome == OUTCOME_PICTURE_DAMAGED || (outcome == OUTCOME_OK && reader.rows < header->height)) {
        raster_free(&reader.raster);
        reader = (struct png_reader){.file = file, .header = header, .background = background};
        outcome = read_file(&reader, true);
        reader.raster.damaged = true;
    }
    if (outcome != OUTCOME_OK)
        return outcome;
    reader.raster.damaged |= !has_end(file);
    *ret_raster = reader.raster;
    return OUTCOME_OK;
}
