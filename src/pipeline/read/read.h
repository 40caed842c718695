/*
 * The door of the reading step: the bytes of a page in, what a visitor sees out. It touches neither network
 * nor files, and it is the place where hostile bytes are parsed, so it runs in a locked-down child of its
 * own.
 */
#pragma once

#include "pipeline/page.h"

/** What the reader must know beside the bytes. */
struct read_request {
    struct span content_type; /**< the Content-Type header, may be empty */
    struct span url;          /**< the page's own address, to tell own hosts from others; may be empty */
};

/**
 * Reads one page. `body` is borrowed for the call; everything in `*ret_reading` is a copy.
 * Always fills `*ret_reading` (free it with reading_free()) and returns its outcome: OUTCOME_OK,
 * OUTCOME_EMPTY, OUTCOME_NOT_TEXT, OUTCOME_BAD_CHARSET, OUTCOME_NO_MEMORY.
 */
enum outcome read_page(struct span body, const struct read_request *request, struct reading *ret_reading);
