/*
 * Header and decoders of the picture step, up to the plain pixels: what an attacker's bytes meet first.
 * Recognition is left out, it sees only strips that this project made.
 */
#include "pipeline/ocr/ocr_limits.h"
#include "pipeline/ocr/picture_frames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { PIXELS = 4000000 }; /* larger ones only cost the fuzzer time */
    struct span file = {(const char *)data, size};
    struct picture_header header;
    struct raster first, last;
    pixels_quiet();
    if (picture_header_read(file, &header) != OUTCOME_OK || (uint64_t)header.width * header.height > PIXELS)
        return 0;
    if (picture_frames_decode(file, &header, (struct pixels_background){255, 255, 255}, &first, &last) !=
        OUTCOME_OK)
        return 0;
    raster_free(&first);
    raster_free(&last);
    return 0;
}
