/*
 * The chain: a line a file written or removed, each with the SHA-256 of the line before it, so that no line
 * can be changed, taken out or moved without every later one showing it. There is one way to write a line,
 * and a line that is written another way is none: what reads it makes it again and compares.
 */
#pragma once

#include "pipeline/evidence/evidence.h"
#include "pipeline/evidence/evidence_limits.h"

#define MANIFEST_NAME "manifest.jsonl"

struct manifest_line {
    uint64_t n;
    char at[32];
    char file[EVIDENCE_NAME_BYTES];
    struct digest digest; /* of the file */
    uint64_t bytes;
    bool removed;
    struct digest previous;
};

/** Where a chain ends. */
struct manifest_end {
    uint64_t lines;     /**< whole ones */
    struct digest head; /**< of the last one; zeros for none */
    uint64_t size;      /**< bytes up to its end */
    bool torn;          /**< there is more behind it: a line that was not written to its end */
};

/** The line as it stands in the file, without a line feed. */
void manifest_put(struct buf *out, const struct manifest_line *line);

/** False for what manifest_put() would not have written. */
bool manifest_get(struct span text, struct manifest_line *ret_line);

/** Told of each line; `line` is NULL for one that is none. */
typedef void manifest_fn(void *context, struct span text, const struct manifest_line *line);

/** Reads a whole chain from a descriptor. Returns 0 or a negative errno. */
int manifest_read(int fd, manifest_fn *each, void *context, struct manifest_end *ret_end);

/** True for "00000017/confirmed-1.png": a folder of digits, and a name that stays in it. */
bool manifest_is_file(const char *file);
