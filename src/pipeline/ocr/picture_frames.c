/* Sends a file to the decoder of its format. Only animations have a last frame; TIFF pages are not frames. */
#include "pipeline/ocr/picture_frames.h"

#include "pipeline/ocr/bmp_rows.h"
#include "pipeline/ocr/gif_frames.h"
#include "pipeline/ocr/png_rows.h"
#include "pipeline/ocr/webp_frames.h"

static enum outcome decode(struct span file, const struct picture_header *header,
                           struct pixels_background background, struct raster *ret_first,
                           struct raster *ret_last)
{
    switch (header->format[0]) {
    case 'p': return png_rows_decode(file, header, background, ret_first);
    case 'b': return bmp_rows_decode(file, header, background, ret_first);
    case 'g': return gif_frames_decode(file, header, background, ret_first, ret_last);
    case 'w': return webp_frames_decode(file, header, background, ret_first, ret_last);
    default: return pixels_decode(file, header, background, ret_first);
    }
}

enum outcome picture_frames_decode(struct span file, const struct picture_header *header,
                                   struct pixels_background background, struct raster *ret_first,
                                   struct raster *ret_last)
{
    struct raster first = {0}, last = {0};
    enum outcome outcome = decode(file, header, background, &first, &last);
    if (outcome == OUTCOME_OK && (!raster_orient(&first, header->orientation) ||
                                  (last.rgb && !raster_orient(&last, header->orientation))))
        outcome = OUTCOME_NO_MEMORY;
    if (outcome != OUTCOME_OK) {
        raster_free(&first);
        raster_free(&last);
        return outcome;
    }
    *ret_first = first;
    *ret_last = last;
    return OUTCOME_OK;
}
