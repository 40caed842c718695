/* What a picture file says of itself. The only file that knows libexif. */
#pragma once

#include "pipeline/ocr/picture_header.h"
#include "pipeline/page.h"

/** Fills what is said: software, time, camera, comment, place. Text is clean UTF-8, cut short; a place is one
 * on earth. */
void picture_facts_read(struct span file, const struct picture_header *header, struct picture_copy *copy);
