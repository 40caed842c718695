/* Writing JSON that may be printed: whatever steers a terminal is written as \uXXXX, which means the same to
 * whoever parses it. */
#pragma once

#include "base/buf.h"

#include <jansson.h>

/** Appends the value; `flags` as json_dumps() takes them. Numbers get six digits unless
 * they say otherwise: as many as mean something. Marks
 * `out` failed without memory. */
void json_writer_add(const json_t *value, size_t flags, struct buf *out);

/** Text as a JSON string; bytes that are no UTF-8 become U+FFFD. NULL without memory. */
json_t *json_writer_text(struct span text);
