/*
 * The PICTURES state of a journey: which of a page's pictures are looked at, fetching them, reading each one
 * whose content was never read before, and putting their text into the reading. The page's author wants some
 * not to be looked at, so what he says of their size only orders them, and what is left out is counted.
 */
#pragma once

#include "pipeline/page.h"

#include <stddef.h>
#include <stdint.h>

struct journey;
struct hoarded;

typedef void page_pictures_done_fn(struct journey *journey);

/** What a picture's address gave; of a page to be recorded. */
struct page_picture_answer {
    struct capture capture; /**< empty for one that stands in the page itself */
    struct hoarded *bytes;  /**< NULL when they were not held */
};

/** A page's pictures on their way; zeroed at first. */
struct page_pictures {
    struct span *texts; /**< packed, by index into reading.pictures; owned, the text is the reading's */
    uint32_t
        *order; /**< `count` indexes into reading.pictures, the likeliest to carry a message first; owned */
    size_t count, next;
    unsigned under_way, carrying;
    unsigned handed_in; /**< to be read, so far */
    bool starting;
    int64_t begun_ms;
    int64_t took_ms; /**< once they are done */
    unsigned lost;   /**< could not be read for a reason of ours: the page is not fully checked */
    unsigned unseen; /**< left out at a limit */
    unsigned broken; /**< break off or are damaged: what could be decoded of them was read */
    unsigned cut;    /**< have more lines than were read */
    struct page_picture_answer
        *answers; /**< answer_count, by index into reading.pictures; NULL unless recorded; owned */
    size_t answer_count;
    page_pictures_done_fn *done;
};

void page_pictures_free(struct page_pictures *pictures);

/** Looks at the pictures of journey->reading; `done` is called once, from here or from the event loop, and
 * may end the journey. */
void page_pictures_look(struct journey *journey, page_pictures_done_fn *done);
