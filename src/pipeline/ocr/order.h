/* Lines into blocks, blocks into reading order. */
#pragma once

#include "pipeline/page.h"

/** Numbers the blocks of `lines` and sorts the lines by them. False without memory, the lines as they were.
 */
bool order_lines(struct picture_line *lines, size_t count);
