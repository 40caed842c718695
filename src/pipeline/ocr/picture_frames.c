/* Sends a file to the decoder of its format. Only animations have a last frame; TIFF pages are not frames. */
#include "pipeline/ocr/picture_frames.h"

#include "pipeline/ocr/gif_frames.h"
#include "pipeline/ocr/webp_frames.h"

static enum outcome decode_still(struct span file, const struct picture_header *header,
                                 struct pixels_background background, struct raster *ret_raster)
{
    enum outcome outcome = pixels_decode(file, header, background, ret_raster);
    if (outcome == OUTCOME_OK && !raster_orient(ret_raster, header->orientation)) {
        raster_free(ret_raster);
        return OUTCOME_NO_MEMORY;
    }
    return outcome;
}

enum outcome picture_frames_decode(struct span file, const struct picture_header *header,
                                   struct pixels_background background, struct raster *ret_first,
                                   struct raster *ret_last)
{
    *ret_last = (struct raster){0};
    if (header->format[0] == 'g')
        return gif_frames_decode(file, header, background, ret_first, ret_last);
    if (header->animated_webp)
        return webp_frames_decode(file, header, background, ret_first, ret_last);
    return decode_still(file, header, background, ret_first);
}
