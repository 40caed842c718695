/* Pages made by hand: readings built from a few lines, for tests of the steps behind the reader. */
#pragma once

#include "base/hash.h"
#include "base/utf8.h"
#include "pipeline/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HAND_BLOCKS = 512, HAND_PICTURES = 32, HAND_HOSTS = 64, HAND_PATHS = 512 };

struct hand_page {
    struct reading reading;
    struct block blocks[HAND_BLOCKS];
    struct picture_ref pictures[HAND_PICTURES];
    struct host_count links[HAND_HOSTS];
    struct path_count paths[HAND_PATHS];
};

static inline void hand_start(struct hand_page *page, const char *title)
{
    memset(page, 0, sizeof(*page));
    page->reading.blocks = page->blocks;
    page->reading.pictures = page->pictures;
    page->reading.links.at = page->links;
    page->reading.paths = page->paths;
    page->reading.title = span_of(title);
    page->blocks[page->reading.block_count++] = (struct block){
        .text = span_of(title), .origin = ORIGIN_TITLE, .confidence = 1000, .picture = UINT32_MAX};
}

static inline void hand_path(struct hand_page *page, uint64_t path)
{
    size_t at = 0;
    while (at < page->reading.path_count && page->paths[at].path < path)
        at++;
    if (at < page->reading.path_count && page->paths[at].path == path) {
        page->paths[at].count++;
        return;
    }
    memmove(page->paths + at + 1, page->paths + at, (page->reading.path_count - at) * sizeof(*page->paths));
    page->paths[at] = (struct path_count){path, 1};
    page->reading.path_count++;
    page->reading.element_count++;
}

/* A block at a place of the page that `where` names, like "menu" or "main p". */
static inline struct block *hand_block(struct hand_page *page, const char *where, const char *text)
{
    struct block *block = &page->blocks[page->reading.block_count++];
    *block = (struct block){.text = span_of(text),
                            .origin = ORIGIN_HTML,
                            .confidence = 1000,
                            .place = page->reading.letters,
                            .path = hash_span(span_of(where)),
                            .picture = UINT32_MAX};
    if (strncmp(where, "h1", 2) == 0)
        block->heading = 1;
    page->reading.letters += (uint32_t)utf8_letters(block->text);
    hand_path(page, block->path);
    return block;
}

static inline struct picture_ref *hand_picture(struct hand_page *page, const char *url, uint32_t width,
                                               uint32_t height)
{
    struct picture_ref *picture = &page->pictures[page->reading.picture_count++];
    *picture = (struct picture_ref){.url = span_of(url),
                                    .kind = PICTURE_IMG,
                                    .place = page->reading.letters,
                                    .fetched = true,
                                    .pixel_width = width,
                                    .pixel_height = height,
                                    .perceptual_hash = hash_span(span_of(url))};
    uint64_t hash = hash_span(span_of(url));
    memcpy(picture->digest.at, &hash, sizeof(hash));
    return picture;
}

/* A line read in the page's last picture. */
static inline void hand_picture_text(struct hand_page *page, const char *text)
{
    struct block *block = &page->blocks[page->reading.block_count++];
    *block = (struct block){.text = span_of(text),
                            .origin = ORIGIN_IMAGE,
                            .confidence = 950,
                            .place = page->reading.letters,
                            .picture = (uint32_t)(page->reading.picture_count - 1)};
}

static inline void hand_link(struct hand_page *page, const char *host)
{
    page->links[page->reading.links.count++] = (struct host_count){span_of(host), 1};
    page->reading.link_count++;
}
