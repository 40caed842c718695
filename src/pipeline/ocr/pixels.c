/*
 * The only file that knows Leptonica. Its readers are called by format, never by guess: pixReadMem() would
 * also take formats that browsers do not show and that nobody looks at.
 */
#include "pipeline/ocr/pixels.h"

#include "pipeline/ocr/ocr_limits.h"
#include "pipeline/ocr/tiff_tags.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

void pixels_quiet(void)
{
    setMsgSeverity(L_SEVERITY_NONE);
}

/* Leptonica turns a TIFF by its tag, but not in all eight ways: it is shown one that says upright. */
static PIX *read_tiff(struct span file)
{
    struct tiff_tags tags;
    buf_auto upright = buf_new(OCR_MAX_FILE_BYTES);
    if (tiff_tags_read(file, &tags) && tags.orientation != 1 && buf_add_span(&upright, file)) {
        upright.at[tags.orientation_at] = 1;
        file = buf_span(&upright);
    }
    return pixReadMemTiff((const l_uint8 *)file.at, file.size, 0);
}

/* Leptonica reads strips of whole numbers, and 16 bits only without transparency. */
static bool is_unread_tiff(struct span file)
{
    struct tiff_tags tags;
    return tiff_tags_read(file, &tags) &&
           (tags.tiled || tags.real || tags.bits > 16 || (tags.bits == 16 && tags.samples % 2 == 0));
}

/* libjpeg goes on where data is wrong or missing, and counts how often it had to. */
static PIX *read_pix(struct span file, const char *format, bool *ret_damaged)
{
    const l_uint8 *at = (const l_uint8 *)file.at;
    l_int32 warnings = 0;
    PIX *pix = format[0] == 'j'
                   ? pixReadMemJpeg(at, file.size, 0, 1, &warnings, L_JPEG_CONTINUE_WITH_BAD_DATA)
                   : read_tiff(file);
    *ret_damaged = warnings > 0;
    return pix;
}

/* Every depth, palette and 16 bit become 32 bits; the alpha channel survives. Takes `pix`. */
static PIX *to_rgba(PIX *pix)
{
    if (pixGetDepth(pix) == 32)
        return pix;
    PIX *wide = pixConvertTo32(pix);
    pixDestroy(&pix);
    return wide;
}

static uint8_t lay(uint32_t value, uint32_t alpha, uint32_t background)
{
    return (uint8_t)((value * alpha + background * (255 - alpha) + 127) / 255);
}

uint32_t pixels_lay(const uint8_t *rgba, size_t count, struct pixels_background background, uint8_t *rgb)
{
    uint32_t clear = 0;
    for (size_t i = 0; i < count; i++, rgba += 4, rgb += 3) {
        if (rgba[3] == 255) {
            memcpy(rgb, rgba, 3);
            continue;
        }
        clear += rgba[3] < 128;
        rgb[0] = lay(rgba[0], rgba[3], background.red);
        rgb[1] = lay(rgba[1], rgba[3], background.green);
        rgb[2] = lay(rgba[2], rgba[3], background.blue);
    }
    return clear;
}

bool pixels_blank(uint32_t width, uint32_t height, struct pixels_background background,
                  struct raster *ret_raster)
{
    struct raster raster;
    if (!raster_new(width, height, &raster))
        return false;
    uint8_t *to = raster.rgb;
    for (size_t i = 0; i < (size_t)width * height; i++, to += 3) {
        to[0] = background.red;
        to[1] = background.green;
        to[2] = background.blue;
    }
    *ret_raster = raster;
    return true;
}

static void copy_opaque(const l_uint32 *from, uint32_t width, uint8_t *to)
{
    for (uint32_t x = 0; x < width; x++, to += 3) {
        to[0] = (uint8_t)(from[x] >> 24);
        to[1] = (uint8_t)(from[x] >> 16);
        to[2] = (uint8_t)(from[x] >> 8);
    }
}

static uint32_t copy_laid(const l_uint32 *from, uint32_t width, struct pixels_background background,
                          uint8_t *to)
{
    uint32_t clear = 0;
    for (uint32_t x = 0; x < width; x++, to += 3) {
        uint8_t rgba[4] = {(uint8_t)(from[x] >> 24), (uint8_t)(from[x] >> 16), (uint8_t)(from[x] >> 8),
                           (uint8_t)from[x]};
        clear += pixels_lay(rgba, 1, background, to);
    }
    return clear;
}

static enum outcome to_raster(PIX *pix, struct pixels_background background, struct raster *ret_raster)
{
    struct raster raster;
    if (!raster_new((uint32_t)pixGetWidth(pix), (uint32_t)pixGetHeight(pix), &raster))
        return OUTCOME_NO_MEMORY;
    bool alpha = pixGetSpp(pix) == 4;
    const l_uint32 *data = pixGetData(pix);
    for (uint32_t y = 0; y < raster.height; y++) {
        const l_uint32 *from = data + (size_t)y * (size_t)pixGetWpl(pix);
        uint8_t *to = raster.rgb + (size_t)y * raster.width * 3;
        if (alpha)
            raster.clear += copy_laid(from, raster.width, background, to);
        else
            copy_opaque(from, raster.width, to);
    }
    *ret_raster = raster;
    return OUTCOME_OK;
}

enum outcome pixels_decode(struct span file, const struct picture_header *header,
                           struct pixels_background background, struct raster *ret_raster)
{
    bool damaged;
    PIX *pix = read_pix(file, header->format, &damaged);
    if (!pix)
        return is_unread_tiff(file) ? OUTCOME_PICTURE_FORMAT : OUTCOME_PICTURE_DAMAGED;
    pix = to_rgba(pix);
    if (!pix)
        return OUTCOME_NO_MEMORY;
    enum outcome outcome =
        OUTCOME_PICTURE_DAMAGED; /* a file that decodes to another size lied to the limits */
    if ((uint64_t)pixGetWidth(pix) * (uint64_t)pixGetHeight(pix) <= (uint64_t)header->width * header->height)
        outcome = to_raster(pix, background, ret_raster);
    if (outcome == OUTCOME_OK)
        ret_raster->damaged = damaged;
    pixDestroy(&pix);
    return outcome;
}

bool pixels_write_png(const struct raster *raster, struct buf *out)
{
    PIX *pix = pixCreate((l_int32)raster->width, (l_int32)raster->height, 32);
    if (!pix)
        return false;
    const uint8_t *from = raster->rgb;
    for (uint32_t y = 0; y < raster->height; y++) {
        l_uint32 *row = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        for (uint32_t x = 0; x < raster->width; x++, from += 3)
            row[x] = (l_uint32)from[0] << 24 | (l_uint32)from[1] << 16 | (l_uint32)from[2] << 8;
    }
    l_uint8 *bytes = NULL;
    size_t size = 0;
    bool done = pixWriteMemPng(&bytes, &size, pix, 0) == 0 && buf_add(out, bytes, size);
    pixDestroy(&pix);
    free(bytes); /* Leptonica hands out its memory by malloc() unless told otherwise */
    return done;
}
