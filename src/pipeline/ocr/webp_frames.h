/* Takes single frames out of an animated WebP, which Leptonica does not read. */
#pragma once

#include "base/buf.h"

/**
 * Appends to `still` a WebP file of the first or the last frame alone, as stored: without what earlier frames left
 * beside and below it. False when there is no whole frame or no memory.
 */
bool webp_frames_still(struct span file, bool last, struct buf *still);
