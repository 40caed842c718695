/* The word that was likely meant: the nearest of those that would have been right. */
#pragma once

#include "base/span.h"

enum { SUGGEST_BYTES = 64 }; /* longer words get no suggestion */

struct suggest {
    struct span word; /**< what was written */
    struct span best;
    unsigned distance;
};

struct suggest suggest_for(struct span word);

/** One word that would have been right; borrowed until suggest_best(). */
void suggest_offer(struct suggest *suggest, struct span candidate);

/** The nearest, or the empty span when more than a third of the letters would be wrong. */
struct span suggest_best(const struct suggest *suggest);
