/*
 * Leptonica reads only still WebP. A message may stand in the last frame, and frames are patches on what was
 * shown before, so they are all decoded and laid on each other by libwebp's own animation decoder.
 */
#include "pipeline/ocr/webp_frames.h"

#include "pipeline/ocr/ocr_limits.h"

#include <webp/demux.h>

static enum outcome lay(const uint8_t *rgba, const struct picture_header *header,
                        struct pixels_background background, struct raster *ret_raster)
{
    const uint32_t ground[3] = {background.red, background.green, background.blue};
    struct raster raster;
    if (!raster_new(header->width, header->height, &raster))
        return OUTCOME_NO_MEMORY;
    uint8_t *to = raster.rgb;
    for (size_t i = 0; i < (size_t)header->width * header->height; i++, rgba += 4) {
        raster.has_alpha |= rgba[3] < 128;
        for (int c = 0; c < 3; c++)
            *to++ = (uint8_t)((rgba[c] * (uint32_t)rgba[3] + ground[c] * (255u - rgba[3]) + 127) / 255);
    }
    *ret_raster = raster;
    return OUTCOME_OK;
}

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
    return frames > 1 ? lay(rgba, header, background, last) : outcome;
}

enum outcome webp_frames_decode(struct span file, const struct picture_header *header,
                                struct pixels_background background, struct raster *ret_first,
                                struct raster *ret_last)
{
    WebPAnimDecoderOptions options;
    struct raster first = {0}, last = {0};
    WebPData data = {(const uint8_t *)file.at, file.size};
    if (header->all_pixels > OCR_MAX_FRAME_PIXELS)
        return OUTCOME_PICTURE_TOO_LARGE;
    if (!WebPAnimDecoderOptionsInit(&options))
        return OUTCOME_NO_MEMORY;
    options.color_mode = MODE_RGBA;
    options.use_threads = 0;
    WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, &options);
    if (!decoder)
        return OUTCOME_PICTURE_DAMAGED;
    enum outcome outcome = walk(decoder, header, background, &first, &last);
    WebPAnimDecoderDelete(decoder);
    if (outcome != OUTCOME_OK) {
        raster_free(&first);
        raster_free(&last);
        return outcome;
    }
    *ret_first = first;
    *ret_last = last;
    return OUTCOME_OK;
}
