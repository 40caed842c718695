/*
 * The door of the comparing step: what a page has lastingly said (its baseline) against what it says now.
 * Only text and numbers: no languages, no opinion, no I/O.
 */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"

/** What a page has said so far, with how often and how lately. Opaque, bounded, a few KB once packed. */
struct baseline;

/** An empty baseline. NULL without memory. Free it with baseline_free(), which takes NULL. */
struct baseline *baseline_new(void);
void baseline_free(struct baseline *baseline);

/**
 * Takes one more version of the page in. `at_s` is when it was seen, seconds since 1970: what differs from a
 * version less than an hour older changes by itself, so two fetches at set-up teach the volatile places. The
 * first version is the anchor against which slow change is measured. The reading's pictures and picture
 * blocks count too. Whoever calls decides that the version deserves it: nothing suspicious is ever learnt.
 * Returns 0 or -ENOMEM, with the baseline as it was.
 */
int baseline_learn(struct baseline *baseline, const struct reading *reading, int64_t at_s);

/**
 * Takes a version in that a person accepted: it becomes the anchor against which slow change is measured, and
 * what stood there before is forgotten. Returns as baseline_learn() does.
 */
int baseline_accept(struct baseline *baseline, const struct reading *reading, int64_t at_s);

/** baseline_learn(), or baseline_accept() if `accepted`, of a reading that was just compared: `compared` is
 * what compare_reading() made of it, and saves cutting its text again. */
int baseline_take(struct baseline *baseline, const struct reading *reading, const struct change *compared,
                  int64_t at_s, bool accepted);

/**
 * Appends what the page has lastingly said, at most `limit` bytes, a line a piece: what its own languages are
 * told from. Returns 0 or -ENOMEM.
 */
int baseline_text(const struct baseline *baseline, size_t limit, struct buf *out);

/** Number of versions taken in, and when the last one was seen (seconds since 1970, 0 when none). */
uint32_t baseline_versions(const struct baseline *baseline);
int64_t baseline_at(const struct baseline *baseline);

/** True when a picture of this content belongs to the page's own: it need not be read again. */
bool baseline_knows_picture(const struct baseline *baseline, const struct digest *digest);

/** Appends the packed form, with a version number and a checksum. Returns 0 or -ENOMEM. */
int baseline_pack(const struct baseline *baseline, struct buf *out);

/**
 * Reads a packed baseline. Returns 0, -ENOMEM, -EBADMSG when it is damaged, -ENOTSUP when a newer program
 * wrote it.
 * `*ret_baseline` is owned by the caller.
 */
int baseline_unpack(struct span packed, struct baseline **ret_baseline);

/**
 * What stayed, went and came. `baseline` may be NULL or empty: then everything is new and has_baseline is
 * false. Fills `*ret_change` (free it with change_free()). Returns 0 or -ENOMEM.
 */
int compare_reading(const struct baseline *baseline, const struct reading *reading,
                    struct change *ret_change);
