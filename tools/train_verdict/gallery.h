/* Pictures saved beside a page: put into the reading as if they had been fetched and read. What the
 * recogniser says is kept in a cache folder, so that a second run needs none. */
#pragma once

#include "pipeline/page.h"

struct gallery;

/** Both may be NULL: without a cache folder no picture is read, without the recogniser only what is cached.
 */
struct gallery *gallery_open(const char *cache_folder);
void gallery_close(struct gallery *gallery);

/** Gives the reading the pictures of `folder`, matched by the last part of their address. */
void gallery_hang(struct gallery *gallery, const char *folder, struct reading *reading);

/** Appends text as if it had been read in a large picture of the page. */
void gallery_write(struct reading *reading, const struct span *lines, size_t count);
