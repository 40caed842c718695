/*
 * The pixels of a picture of the evidence folder, for a terminal that wants pixels. The PNG was written by
 * varta, but by a process that had met an attacker's picture, and it may have come from elsewhere on a stick:
 * so it is decoded where a fault of the decoder can do nothing, in a child that is locked in like those that
 * read pages.
 */
#pragma once

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum { PICTURE_CAGE_PIXELS = 16 << 20 /* pixels at most; varta's own are 1,280 wide */ };

/** Width and height as a PNG's head says; false when it is none, or beyond what is decoded. */
bool picture_cage_size(struct span png, uint32_t *ret_width, uint32_t *ret_height);

/** Red, green, blue, row by row, on white where it is transparent. NULL when it cannot be decoded or there is
 * no cage here. picture_cage_free() is due. */
uint8_t *picture_cage_decode(struct span png, uint32_t width, uint32_t height);
void picture_cage_free(uint8_t *pixels, uint32_t width, uint32_t height);
