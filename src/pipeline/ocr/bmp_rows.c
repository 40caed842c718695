/*
 * Read by hand, since Leptonica knows only the plain Windows kinds and asks for whole files. The layout is
 * that of "Bitmap Storage" (Windows GDI) and of OS/2's headers of 12, 16 and 64 bytes. Each number is taken
 * through bytes.h, which gives zeros beyond the end.
 */
#include "pipeline/ocr/bmp_rows.h"

#include "pipeline/ocr/bytes.h"

#include <stdlib.h>

enum packing { PLAIN = 0, RUNS_OF_8 = 1, RUNS_OF_4 = 2, MASKS = 3, MASKS_AND_ALPHA = 6 };
enum {
    FILE_HEADER = 14,
    CORE_HEADER = 12,
    INFO_HEADER = 40,
    OS2_HEADER = 64,
    ALPHA_HEADER = 56,
    COLOURS = 256
};

struct bmp {
    struct span file;
    uint32_t width, height;
    bool from_top;
    uint32_t bits, packing;
    uint32_t masks[4]; /* red, green, blue, alpha; 0 when there is none */
    uint8_t colours[COLOURS][3];
    size_t pixels; /* where they begin */
    struct raster raster;
};

/* ---- header ---- */

static void read_masks(struct bmp *bmp, uint32_t header_bytes)
{
    static const uint32_t of_16[3] = {0x7C00, 0x3E0, 0x1F}, of_32[3] = {0xFF0000, 0xFF00, 0xFF};
    bool said = bmp->packing == MASKS || bmp->packing == MASKS_AND_ALPHA;
    for (size_t i = 0; i < 3; i++)
        bmp->masks[i] = said              ? bytes_le32(bmp->file, FILE_HEADER + INFO_HEADER + 4 * i)
                        : bmp->bits == 16 ? of_16[i]
                                          : of_32[i];
    if (said && (header_bytes >= ALPHA_HEADER || bmp->packing == MASKS_AND_ALPHA))
        bmp->masks[3] = bytes_le32(bmp->file, FILE_HEADER + INFO_HEADER + 12);
}

static size_t masks_behind(const struct bmp *bmp, uint32_t header_bytes)
{
    if (header_bytes != INFO_HEADER)
        return 0;
    return bmp->packing == MASKS ? 12 : bmp->packing == MASKS_AND_ALPHA ? 16 : 0;
}

static void read_colours(struct bmp *bmp, uint32_t header_bytes, size_t end)
{
    size_t at = FILE_HEADER + header_bytes + masks_behind(bmp, header_bytes);
    size_t step = header_bytes == CORE_HEADER ? 3 : 4;
    for (size_t i = 0; i < COLOURS && at + step <= end && bmp->bits <= 8; i++, at += step)
        for (size_t c = 0; c < 3; c++)
            bmp->colours[i][c] = (uint8_t)bytes_8(bmp->file, at + 2 - c);
}

static bool is_known(const struct bmp *bmp, uint32_t header_bytes)
{
    bool masked = bmp->bits == 16 || bmp->bits == 32;
    switch (bmp->packing) {
    case PLAIN: return bmp->bits == 1 || bmp->bits == 4 || bmp->bits == 8 || bmp->bits == 24 || masked;
    case RUNS_OF_8: return bmp->bits == 8;
    case RUNS_OF_4: return bmp->bits == 4;
    case MASKS: return masked && header_bytes != OS2_HEADER;
    case MASKS_AND_ALPHA: return masked;
    default: return false;
    }
}

static bool read_header(struct bmp *bmp, const struct picture_header *header)
{
    uint32_t header_bytes = bytes_le32(bmp->file, FILE_HEADER);
    bool core = header_bytes == CORE_HEADER;
    bmp->width = header->width;
    bmp->height = header->height;
    bmp->from_top = !core && (int32_t)bytes_le32(bmp->file, 22) < 0;
    bmp->bits = bytes_le16(bmp->file, core ? 24 : 28);
    bmp->packing = header_bytes >= INFO_HEADER ? bytes_le32(bmp->file, 30) : PLAIN;
    bmp->pixels = bytes_le32(bmp->file, 10);
    if (!is_known(bmp, header_bytes))
        return false;
    if (bmp->pixels < FILE_HEADER + header_bytes)
        bmp->pixels = FILE_HEADER + header_bytes + masks_behind(bmp, header_bytes);
    read_masks(bmp, header_bytes);
    read_colours(bmp, header_bytes, bmp->pixels);
    return true;
}

/* ---- plain rows ---- */

/* The bits of a mask, wherever they stand, as 0 to 255. */
static uint8_t masked(uint32_t value, uint32_t mask)
{
    if (mask == 0)
        return 0;
    uint32_t lowest = mask & (~mask + 1), most = mask / lowest;
    return (uint8_t)((uint64_t)((value & mask) / lowest) * 255 / most);
}

static uint32_t value_at(const struct bmp *bmp, size_t row, uint32_t x)
{
    switch (bmp->bits) {
    case 1: return bytes_8(bmp->file, row + x / 8) >> (7 - x % 8) & 1;
    case 4: return bytes_8(bmp->file, row + x / 2) >> (x % 2 ? 0 : 4) & 15;
    case 8: return bytes_8(bmp->file, row + x);
    case 16: return bytes_le16(bmp->file, row + (size_t)x * 2);
    case 24: return bytes_le32(bmp->file, row + (size_t)x * 3) & 0xFFFFFF;
    default: return bytes_le32(bmp->file, row + (size_t)x * 4);
    }
}

static void put_pixel(struct bmp *bmp, uint32_t value, struct pixels_background background, uint8_t *to)
{
    uint8_t rgba[4] = {0, 0, 0, 255};
    if (bmp->bits <= 8) {
        memcpy(to, bmp->colours[value % COLOURS], 3);
        return;
    }
    for (size_t c = 0; c < 3; c++)
        rgba[c] = masked(value, bmp->masks[c]);
    if (bmp->masks[3])
        rgba[3] = masked(value, bmp->masks[3]);
    bmp->raster.clear += pixels_lay(rgba, 1, background, to);
}

static uint8_t *shown_row(struct bmp *bmp, uint32_t stored_row)
{
    uint32_t y = bmp->from_top ? stored_row : bmp->height - 1 - stored_row;
    return bmp->raster.rgb + (size_t)y * bmp->width * 3;
}

/* A mask of alpha under which nothing at all would be seen is one that nobody filled in. */
static void forget_empty_alpha(struct bmp *bmp, size_t row_bytes)
{
    for (uint32_t y = 0; y < bmp->height && bmp->masks[3]; y++)
        for (uint32_t x = 0; x < bmp->width; x++)
            if (value_at(bmp, bmp->pixels + y * row_bytes, x) & bmp->masks[3])
                return;
    bmp->masks[3] = 0;
}

static uint32_t read_plain(struct bmp *bmp, struct pixels_background background)
{
    size_t row_bytes = ((size_t)bmp->width * bmp->bits + 31) / 32 * 4;
    size_t shown_bytes = ((size_t)bmp->width * bmp->bits + 7) / 8;
    uint32_t y = 0;
    forget_empty_alpha(bmp, row_bytes);
    for (; y < bmp->height && bmp->pixels + y * row_bytes + shown_bytes <= bmp->file.size; y++) {
        uint8_t *to = shown_row(bmp, y);
        for (uint32_t x = 0; x < bmp->width; x++)
            put_pixel(bmp, value_at(bmp, bmp->pixels + y * row_bytes, x), background, to + (size_t)x * 3);
    }
    return y;
}

/* ---- runs ---- */

struct pen {
    uint32_t x, y;
};

static void put_colour(struct bmp *bmp, struct pen *pen, uint32_t colour)
{
    if (pen->x < bmp->width && pen->y < bmp->height)
        memcpy(shown_row(bmp, pen->y) + (size_t)pen->x * 3, bmp->colours[colour], 3);
    pen->x++;
}

/* `count` pixels of the bytes at `at`; a run has one byte that stands for all of them. */
static void put_pixels(struct bmp *bmp, struct pen *pen, size_t at, uint32_t count, bool run)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t byte = bytes_8(bmp->file, at + (run ? 0 : bmp->bits == 4 ? i / 2 : i));
        put_colour(bmp, pen, bmp->bits == 8 ? byte : i % 2 ? byte & 15 : byte >> 4);
    }
}

/* Returns the rows that have come, the last one perhaps in part. */
static uint32_t read_runs(struct bmp *bmp, bool *ret_ended)
{
    enum { END_OF_ROW = 0, END = 1, MOVE = 2 };
    struct pen pen = {0, 0};
    size_t at = bmp->pixels;
    *ret_ended = false;
    while (!*ret_ended && at + 2 <= bmp->file.size && pen.y < bmp->height) {
        uint32_t count = bytes_8(bmp->file, at), code = bytes_8(bmp->file, at + 1);
        at += 2;
        if (count > 0) {
            put_pixels(bmp, &pen, at - 1, count, true);
        } else if (code == END_OF_ROW) {
            pen = (struct pen){0, pen.y + 1};
        } else if (code == END) {
            *ret_ended = true;
        } else if (code == MOVE) {
            pen = (struct pen){pen.x + bytes_8(bmp->file, at), pen.y + bytes_8(bmp->file, at + 1)};
            at += 2;
        } else {
            put_pixels(bmp, &pen, at, code, false);
            at += ((bmp->bits == 4 ? (code + 1) / 2 : code) + 1) / 2 * 2;
        }
    }
    *ret_ended |= pen.y >= bmp->height;
    return pen.y + (pen.x > 0);
}

/* ---- the door ---- */

enum outcome bmp_rows_decode(struct span file, const struct picture_header *header,
                             struct pixels_background background, struct raster *ret_raster)
{
    struct bmp bmp = {.file = file};
    bool whole = true;
    if (!read_header(&bmp, header))
        return OUTCOME_PICTURE_FORMAT;
    if (!pixels_blank(bmp.width, bmp.height, background, &bmp.raster))
        return OUTCOME_NO_MEMORY;
    bool runs = bmp.packing == RUNS_OF_8 || bmp.packing == RUNS_OF_4;
    uint32_t rows = runs ? read_runs(&bmp, &whole) : read_plain(&bmp, background);
    if (rows == 0) {
        raster_free(&bmp.raster);
        return OUTCOME_PICTURE_DAMAGED;
    }
    bmp.raster.damaged = !whole || (!runs && rows < bmp.height);
    *ret_raster = bmp.raster;
    return OUTCOME_OK;
}
