/*
 * Memory files that are held until it is known whether they are evidence. On the night that matters three
 * hundred pages show one picture: the same bytes are held once. Both their number and their bytes have
 * ceilings, since pages choose what is held; what does not fit is not held, and counted.
 */
#pragma once

#include "pipeline/page.h"

struct hoard;
struct hoarded;

enum {
    HOARD_FILES = 400,       /* descriptors: the supervisor has 1,024, and needs most of them for looks */
    HOARD_BYTES = 192 << 20, /* bytes in all */
};

/** Returns 0 or -ENOMEM. All that is held must be released before hoard_free(). */
int hoard_new(struct hoard **ret_hoard);
void hoard_free(struct hoard *hoard);

/** Holds a sealed memory file whose content has this digest; the descriptor stays the caller's. NULL when
 * `hoard` is, at a ceiling, and for what is no file. */
struct hoarded *hoard_hold(struct hoard *hoard, int fd, const struct digest *digest);

/** Held once more, by somebody else. */
struct hoarded *hoard_share(struct hoarded *held);
void hoard_release(struct hoarded *held);

/** Borrowed while it is held. */
int hoard_fd(const struct hoarded *held);
const struct digest *hoard_digest(const struct hoarded *held);
uint64_t hoard_size(const struct hoarded *held);

/** How many were not held for want of room. */
uint64_t hoard_refused(const struct hoard *hoard);
