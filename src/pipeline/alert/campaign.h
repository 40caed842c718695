/*
 * Which incidents belong together. In the night of 14 January 2022 some seventy pages carried one picture
 * with one message: that is one event to tell, not seventy. Pure, like incident.h.
 *
 * Two pages belong to one campaign when their incidents are near in time and share the message (nearly), a
 * picture that carries text, or the foreign host they lead to. Pages that are down belong together only with
 * others that are down, for the same cause: a data centre that lost its power is no attack.
 */
#pragma once

#include "pipeline/page.h"

enum {
    CAMPAIGN_WORDS = 3,     /* words in a run; fewer where a message has fewer */
    CAMPAIGN_OUTAGE = 3,    /* pages down together that make one event: two are chance */
    CAMPAIGN_OUTAGE_S = 600 /* seconds between their beginnings */
};

/* Of the runs of words, from which on two messages are one: it was cut, or names the ministry it stands on.
 */
#define CAMPAIGN_SAME_MESSAGE 0.25

/**
 * The sketch of a message: the smallest SKETCH_SIZE hashes of its runs of CAMPAIGN_WORDS words, in lower
 * case. From two sketches the likeness of the messages is estimated, as in A. Broder, "On the resemblance and
 * containment of documents" (1997).
 */
struct sketch sketch_of(struct span message);

/** Estimated share of runs that two messages have in common, 0 to 1; 0 when either is empty. */
double sketch_likeness(const struct sketch *a, const struct sketch *b);

/** True when the two belong together; `window_s` is how far apart they may begin. */
bool campaign_joins(const struct incident *a, const struct incident *b, uint32_t window_s);
