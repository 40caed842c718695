/* The identifier as the journey needs it: a text in, shares of languages out. */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"

struct languages;

/** Opens the language model at `path`. Returns 0, or a negative errno with a sentence in `ret_error` (ends in
 * NUL). */
int languages_open(const char *path, struct languages **ret_languages, char ret_error[256]);
void languages_close(struct languages *languages);

/** Shares by letters, largest first, `und` included; in the arena. Returns 0 or -ENOMEM. */
int languages_of(const struct languages *languages, struct span text, struct arena *arena,
                 struct language_share **ret_shares, size_t *ret_count);

/** A stretch of text in one language. */
struct language_stretch {
    size_t start, end; /**< bytes */
    char language[12];
    double confidence;
};

/** The stretches of a text in order; in the arena. Returns 0 or -ENOMEM. */
int languages_stretches(const struct languages *languages, struct span text, struct arena *arena,
                        struct language_stretch **ret_stretches, size_t *ret_count);

/** Writes shares as lines of "TAG SHARE CONFIDENCE", and reads them back (lines that are none are left out).
 */
void languages_put(struct buf *out, const struct language_share *shares, size_t count);
int languages_get(struct span text, struct arena *arena, struct language_share **ret_shares,
                  size_t *ret_count);
