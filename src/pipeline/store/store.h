/*
 * The door of the store: what outlives a run. Pages with their last verdict, baselines as packed bytes (the
 * comparing step knows what is in them), what was last seen and may be accepted, and the text of pictures by
 * content. SQLite keeps it; nothing else knows that.
 */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"

struct store;

enum { STORE_ERROR_BYTES = 512 };

/** What store_open() does when there is no such file. */
enum store_mode { STORE_EXISTING, STORE_CREATE };

/**
 * Opens the store in `path`; makes it when there is none and the mode allows. Returns 0 or a negative errno
 * with a sentence that says what is wrong and what to do in `ret_error`: -ENOTSUP when a newer program wrote
 * it, -EBADMSG when it is damaged or no store, -EBUSY when another process holds it. `*ret_store` is owned by
 * the caller, store_close() frees it.
 */
int store_open(const char *path, enum store_mode mode, struct store **ret_store,
               char ret_error[STORE_ERROR_BYTES]);
void store_close(struct store *store);

/** The last failure in words; borrowed until the next call. */
const char *store_error(const struct store *store);

/** What belongs to a page's baseline. */
struct store_baseline {
    struct span packed;    /**< by baseline_pack() */
    struct span languages; /**< lines of "TAG SHARE CONFIDENCE" */
    int64_t at_s;          /**< when the last version in it was seen */
    uint32_t versions;
};

/** Reads a page's baseline into the arena. Returns 1, 0 when the page has none, or a negative errno. */
int store_get_baseline(struct store *store, struct span url, struct arena *arena,
                       struct store_baseline *ret_baseline);

/** What became of one check, written in one transaction. */
struct store_check {
    struct span url;
    struct span name;
    int64_t at_s;
    struct span verdict; /**< its name */
    double score;
    struct span cause;
    struct span result;                    /**< the JSON that was printed */
    const struct store_baseline *baseline; /**< the page's new baseline, or NULL to keep the old one */
    const struct store_baseline
        *seen; /**< what would be the baseline if someone accepted it; NULL for none */
};

/** Returns 0 or a negative errno; on failure nothing of it is written. */
int store_put_check(struct store *store, const struct store_check *check);

/** One row of store_pages(); borrowed for the call. */
struct store_page {
    struct span url, name, verdict, cause;
    double score;
    int64_t at_s;       /**< of the last check */
    int64_t baseline_s; /**< of the baseline; 0 when there is none */
    uint32_t versions;
    bool acceptable; /**< something was seen that may be accepted */
};

typedef void store_page_fn(void *context, const struct store_page *page);

/** Calls `each` for every page, by URL. Returns the number of pages or a negative errno. */
int store_pages(struct store *store, store_page_fn *each, void *context);

/** Makes what was last seen of the page its baseline. Returns 1, 0 when the page is not known or has nothing
 * to accept, or a negative errno. */
int store_accept(struct store *store, struct span url);

/** The text of a picture read before, by content, as picture_text_put() wrote it. Returns 1, 0 when it is not
 * known, or a negative errno. */
int store_get_picture(struct store *store, const struct digest *digest, struct arena *arena,
                      struct span *ret_packed);
int store_put_picture(struct store *store, const struct digest *digest, struct span packed, int64_t at_s);
