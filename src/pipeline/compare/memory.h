/*
 * What a baseline remembers of a page: each piece of text with how often and how lately it was seen, the
 * places whose text changes by itself, the markup, the hosts, the pictures. Private to this folder.
 */
#pragma once

#include "pipeline/compare/compare.h"
#include "pipeline/compare/compare_limits.h"
#include "pipeline/compare/piece.h"

/** One remembered piece. Versions are counted from 1. */
struct memory_piece {
    uint64_t hash;
    struct span text; /**< clipped, cleaned; empty where the budget was spent */
    uint32_t path;
    uint32_t first; /**< version that had it first */
    uint32_t last;  /**< version that had it last */
    uint32_t seen;  /**< versions that had it */
    uint32_t letters;
    uint32_t flags; /**< enum memory_flag */
    enum origin origin;
    uint8_t heading;
};

enum memory_flag {
    MEMORY_COUNTS = 1, /**< a visitor sees it */
    MEMORY_ANCHOR = 2, /**< it stood in the version that a person accepted */
    MEMORY_SHOWN = 4,  /**< a visitor saw it in some version, though perhaps not in the last that had it */
};

struct memory_path {
    uint32_t path;
    uint32_t count;
    uint32_t seen;
    uint32_t last;
};

/** A place of the page, and how its text was seen to change from one version to the next. */
struct memory_slot {
    uint32_t path;
    uint32_t changes;
    uint32_t quick;   /**< changes within VOLATILE_SECONDS: nobody edits that fast */
    uint32_t first;   /**< version in which it was first seen to change */
    uint32_t last;    /**< and last */
    uint32_t letters; /**< the most that came new at once */
};

struct memory_host {
    uint64_t hash;
    uint32_t seen;
    uint32_t last;
};

enum memory_host_kind { MEMORY_LINKS, MEMORY_SCRIPTS, MEMORY_FRAMES, MEMORY_FORMS, MEMORY_HOST_KINDS };

struct memory_hosts {
    struct memory_host *at;
    uint32_t count;
};

struct memory_picture {
    struct digest digest;     /**< zero when only the address is known */
    uint64_t url;             /**< hash of the address as written */
    uint64_t perceptual_hash; /**< 0 when not known */
    uint32_t last;
};

struct baseline {
    struct arena arena;
    uint32_t versions;
    int64_t first_at, last_at; /**< seconds since 1970 */
    struct span title;
    struct memory_piece *pieces; /**< in page order as far as it is known */
    uint32_t piece_count;
    struct memory_path *paths; /**< by path ascending */
    uint32_t path_count;
    struct memory_slot *slots; /**< by path ascending */
    uint32_t slot_count;
    uint32_t *contacts; /**< ascending, each once */
    uint32_t contact_count;
    struct memory_hosts hosts[MEMORY_HOST_KINDS];
    struct memory_picture *pictures;
    uint32_t picture_count;
};

/** True when a visitor was ever shown this piece: what was only sent, hidden, is news once it shows. */
static inline bool memory_was_shown(const struct memory_piece *piece)
{
    return (piece->flags & (MEMORY_COUNTS | MEMORY_SHOWN)) != 0;
}

/** How much of this piece is lasting: 0 (gone or never confirmed) to 1. */
double memory_weight(const struct baseline *baseline, const struct memory_piece *piece);

/** The slot of this place, or NULL when its text was never seen to change. */
const struct memory_slot *memory_slot(const struct baseline *baseline, uint32_t path);

/** True when the place changes by itself: between two fetches close in time, or nearly every time. */
bool memory_volatile(const struct baseline *baseline, const struct memory_slot *slot);

/** True when the hosts are known. */
bool memory_knows_host(const struct memory_hosts *hosts, uint64_t hash);

/** The remembered picture that shows the same as `ref`, or NULL. */
const struct memory_picture *memory_picture(const struct baseline *baseline, const struct picture_ref *ref);
