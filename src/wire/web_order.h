/* What varta-web is told by its supervisor: once where things are, and at each reading of the configuration
 * which pages are watched. */
#pragma once

#include "wire/codec.h"

/** Where the status page finds what it shows, and whom it serves. */
struct web_order {
    struct span store;        /**< path */
    struct span evidence;     /**< path of a folder; need not be there */
    struct span token_file;   /**< path; empty: for reading only */
    const struct span *hosts; /**< host_count names that it may be called by, beside those of this machine */
    size_t host_count;
    struct span zone; /**< time zone of what is shown; empty for the system's */
    uint32_t port;    /**< 0 for a Unix socket */
};

/** One page that is watched. */
struct web_page {
    struct span url, name;
    uint32_t group; /**< index into the groups */
    uint32_t interval_s;
};

struct web_group {
    struct span name, contact;
};

struct web_roll {
    const struct web_group *groups; /**< group_count */
    size_t group_count;
    struct web_page *pages; /**< page_count */
    size_t page_count;
};

/** Records go into a buffer (whose failure says that they did not fit), and come out of bytes into an arena:
 * false when they are malformed. */
void web_order_put(struct buf *out, const struct web_order *order);
bool web_order_get(struct span in, struct arena *arena, struct web_order *ret_order);
void web_roll_put(struct buf *out, const struct web_roll *roll);
bool web_roll_get(struct span in, struct arena *arena, struct web_roll *ret_roll);
