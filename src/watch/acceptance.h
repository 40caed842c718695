/*
 * Whether what waits to be accepted is what the person who accepts it saw. A redesign is shown, somebody
 * decides, and meanwhile the page is defaced: then the message would become what the page says from now on.
 */
#pragma once

#include "pipeline/store/store.h"

enum { ACCEPTANCE_DIGEST_BYTES = 17 };

/**
 * Of what a look's result says: its verdict, its message, and all text of the page and the hosts of what it
 * runs. False when the result is none. It is shown with an incident, and equal for looks that saw the same
 * page: a message may be cut, and what is accepted is the whole.
 */
bool acceptance_digest(struct span result, char ret_digest[ACCEPTANCE_DIGEST_BYTES]);

/**
 * NULL when what waits may be accepted by somebody who saw the incident as it is shown, else a sentence that
 * says why not: it was seen by a later look whose verdict is worse, or whose message is another one.
 */
const char *acceptance_of_incident(const struct incident *incident, const struct store_waiting *waiting);

/** The same for somebody who saw what has this digest; `incident` may be NULL. */
const char *acceptance_of_digest(const struct incident *incident, const struct store_waiting *waiting,
                                 const char *digest);
