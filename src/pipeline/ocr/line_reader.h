/* Reads strips with a model of tessdata_fast, as Tesseract would, in a third of its time. */
#pragma once

#include "pipeline/ocr/recogniser.h"

struct line_reader;

/** Takes a *.traineddata file's bytes, which are not needed afterwards. NULL when it cannot: the model is
 * built otherwise, is damaged, or there is no memory. `*ret_damaged` is then true when it is damaged for
 * sure: its network breaks off, say. */
struct line_reader *line_reader_open(struct span model, bool *ret_damaged);

void line_reader_close(struct line_reader *reader);

/** Reads one strip of LINE_NET_HEIGHT rows. False for a strip of another height, and for want of memory. */
bool line_reader_read(const struct line_reader *reader, const struct strip *strip,
                      struct recognised *ret_line);
