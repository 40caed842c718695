/*
 * Finds, among many incidents, the few that one may belong together with. A night in which ten thousand pages
 * fall for ten thousand reasons must not cost a comparison for each pair of them: what could join shares a
 * hash of its message, a picture, a host or a cause, and is found by it. Pure; see campaign.h for what joins.
 */
#pragma once

#include "pipeline/alert/campaign.h"

struct kinship; /* owned, free with kinship_free() */

/** An index over `count` incidents, as they are now. Returns 0 or -ENOMEM. */
int kinship_new(const struct incident *const *incidents, size_t count, struct kinship **ret_kinship);
void kinship_free(struct kinship *kinship);

/**
 * The places, ascending, of all that campaign_joins() could say yes to for the one at `place`, itself left
 * out; some of them may not join. Returns how many; `*ret_places` is borrowed until the next call.
 */
size_t kinship_of(struct kinship *kinship, size_t place, const uint32_t **ret_places);
