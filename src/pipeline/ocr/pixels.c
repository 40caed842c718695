/*
 * The only file that knows Leptonica. Its readers are called by format, never by guess: pixReadMem() would
 * also take formats that browsers do not show and that nobody looks at.
 */
#include "pipeline/ocr/pixels.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>

void pixels_quiet(void)
{
    setMsgSeverity(L_SEVERITY_NONE);
}

static PIX *read_pix(struct span file, const char *format)
{
    const l_uint8 *at = (const l_uint8 *)file.at;
    if (format[0] == 'p')
        return pixReadMemPng(at, file.size);
    if (format[0] == 'j')
        return pixReadMemJpeg(at, file.size, 0, 1, NULL, L_JPEG_CONTINUE_WITH_BAD_DATA);
    if (format[0] == 'w')
        return pixReadMemWebP(at, file.size);
    if (format[0] == 't')
        return pixReadMemTiff(at, file.size, 0);
    return pixReadMemBmp(at, file.size);
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

static void copy_opaque(const l_uint32 *from, uint32_t width, uint8_t *to)
{
    for (uint32_t x = 0; x < width; x++, to += 3) {
        to[0] = (uint8_t)(from[x] >> 24);
        to[1] = (uint8_t)(from[x] >> 16);
        to[2] = (uint8_t)(from[x] >> 8);
    }
}

static bool copy_laid(const l_uint32 *from, uint32_t width, struct pixels_background background, uint8_t *to)
{
    bool transparent = false;
    for (uint32_t x = 0; x < width; x++, to += 3) {
        uint32_t alpha = from[x] & 0xFF;
        transparent |= alpha < 128;
        to[0] = lay(from[x] >> 24, alpha, background.red);
        to[1] = lay(from[x] >> 16 & 0xFF, alpha, background.green);
        to[2] = lay(from[x] >> 8 & 0xFF, alpha, background.blue);
    }
    return transparent;
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
            raster.has_alpha |= copy_laid(from, raster.width, background, to);
        else
            copy_opaque(from, raster.width, to);
    }
    *ret_raster = raster;
    return OUTCOME_OK;
}

enum outcome pixels_decode(struct span file, const struct picture_header *header,
                           struct pixels_background background, struct raster *ret_raster)
{
    PIX *pix = read_pix(file, header->format);
    if (!pix)
        return OUTCOME_PICTURE_DAMAGED;
    pix = to_rgba(pix);
    if (!pix)
        return OUTCOME_NO_MEMORY;
    enum outcome outcome =
        OUTCOME_PICTURE_DAMAGED; /* a file that decodes to another size lied to the limits */
    if ((uint64_t)pixGetWidth(pix) * (uint64_t)pixGetHeight(pix) <= (uint64_t)header->width * header->height)
        outcome = to_raster(pix, background, ret_raster);
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
