/*
 * Leptonica reads only whole still WebP. A message may stand in the last frame, and frames are patches on
 * what was shown before, so they are all decoded and laid on each other by libwebp's own animation decoder.
 */
#include "pipeline/ocr/webp_frames.h"

#include "base/buf.h"
#include "pipeline/ocr/bytes.h"
#include "pipeline/ocr/ocr_limits.h"

#include <webp/decode.h>
#include <webp/demux.h>

static enum outcome lay(const uint8_t *rgba, const struct picture_header *header,
                        struct pixels_background background, struct raster *ret_raster)
{
    struct raster raster;
    if (!raster_new(header->width, header->height, &raster))
        return OUTCOME_NO_MEMORY;
    raster.clear = pixels_lay(rgba, (size_t)header->width * header->height, background, raster.rgb);
    *ret_raster = raster;
    return OUTCOME_OK;
}

/* ---- animated ---- */

static enum outcome walk(WebPAnimDecoder *decoder, const struct picture_header *header,
                         struct pixels_background background, struct raster *first, struct raster *last)
{
    uint8_t *rgba = NULL;
    int shown_ms;
    uint32_t frames = 0;
    enum outcome outcome = OUTCOME_PICTURE_DAMAGED;
    while (frames < OCR_MAX_FRAMES && WebPAnimDecoderHasMoreFrames(decoder) &&
           WebPAnimDecoderGetNext(decoder, &rgba, &shown_ms)) {
        if (frames++ == 0)
            outcome = lay(rgba, header, background, first);
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    if (frames > 1)
        outcome = lay(rgba, header, background, last);
    first->damaged = frames < OCR_MAX_FRAMES && WebPAnimDecoderHasMoreFrames(decoder);
    return outcome;
}

/* libwebp's decoder of animations takes whole files only: one that breaks off is given its whole pieces, and
 * a size to match. False when nothing was missing. */
static bool keep_whole_pieces(struct span file, struct buf *whole)
{
    size_t end = 12;
    if (bytes_le32(file, 4) + (size_t)8 <= file.size)
        return false;
    for (size_t next = end; next + 8 <= file.size; end = next <= file.size ? next : end)
        next += 8 + (((size_t)bytes_le32(file, next + 4) + 1) & ~(size_t)1);
    buf_add_span(whole, span_cut(file, 0, end));
    for (size_t i = 0; i < 4 && !whole->failed; i++)
        whole->at[4 + i] = (char)((end - 8) >> (8 * i) & 0xFF);
    return !whole->failed;
}

static enum outcome decode_animation(struct span file, const struct picture_header *header,
                                     struct pixels_background background, struct raster *first,
                                     struct raster *last)
{
    WebPAnimDecoderOptions options;
    WebPData data = {(const uint8_t *)file.at, file.size};
    if (!WebPAnimDecoderOptionsInit(&options))
        return OUTCOME_NO_MEMORY;
    options.color_mode = MODE_RGBA;
    options.use_threads = 0;
    WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, &options);
    if (!decoder)
        return OUTCOME_PICTURE_DAMAGED;
    enum outcome outcome = walk(decoder, header, background, first, last);
    WebPAnimDecoderDelete(decoder);
    return outcome;
}

static enum outcome read_animation(struct span file, const struct picture_header *header,
                                   struct pixels_background background, struct raster *ret_first,
                                   struct raster *ret_last)
{
    struct raster first = {0}, last = {0};
    buf_auto whole = buf_new(OCR_MAX_FILE_BYTES);
    if (header->all_pixels > OCR_MAX_FRAME_PIXELS)
        return OUTCOME_PICTURE_TOO_LARGE;
    bool damaged = keep_whole_pieces(file, &whole);
    enum outcome outcome =
        decode_animation(damaged ? buf_span(&whole) : file, header, background, &first, &last);
    if (outcome != OUTCOME_OK) {
        raster_free(&first);
        raster_free(&last);
        return outcome;
    }
    first.damaged |= damaged;
    *ret_first = first;
    *ret_last = last;
    return OUTCOME_OK;
}

/* ---- still ---- */

/* What has come when libwebp gives up is shown, as browsers do. */
static enum outcome keep_rows(WebPIDecoder *decoder, const struct picture_header *header,
                              struct pixels_background background, struct raster *ret_raster)
{
    int rows = 0, width = 0, height = 0, stride = 0;
    struct raster raster;
    const uint8_t *rgba = WebPIDecGetRGB(decoder, &rows, &width, &height, &stride);
    if (!rgba || rows <= 0 || (uint32_t)width != header->width || (uint32_t)height != header->height)
        return OUTCOME_PICTURE_DAMAGED;
    if (!pixels_blank(header->width, header->height, background, &raster))
        return OUTCOME_NO_MEMORY;
    for (int y = 0; y < rows && y < height; y++)
        raster.clear += pixels_lay(rgba + (size_t)y * (size_t)stride, header->width, background,
                                   raster.rgb + (size_t)y * header->width * 3);
    raster.damaged = rows < height;
    *ret_raster = raster;
    return OUTCOME_OK;
}

static enum outcome read_still(struct span file, const struct picture_header *header,
                               struct pixels_background background, struct raster *ret_raster)
{
    WebPIDecoder *decoder = WebPINewRGB(MODE_RGBA, NULL, 0, 0);
    if (!decoder)
        return OUTCOME_NO_MEMORY;
    VP8StatusCode status = WebPIUpdate(decoder, (const uint8_t *)file.at, file.size);
    enum outcome outcome = status == VP8_STATUS_OUT_OF_MEMORY
                               ? OUTCOME_NO_MEMORY
                               : keep_rows(decoder, header, background, ret_raster);
    WebPIDelete(decoder);
    if (outcome == OUTCOME_OK)
        ret_raster->damaged |= status != VP8_STATUS_OK;
    return outcome;
}

enum outcome webp_frames_decode(struct span file, const struct picture_header *header,
                                struct pixels_background background, struct raster *ret_first,
                                struct raster *ret_last)
{
    *ret_last = (struct raster){0};
    if (header->animated_webp)
        return read_animation(file, header, background, ret_first, ret_last);
    return read_still(file, header, background, ret_first);
}
