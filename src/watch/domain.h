/* The registrable domain of a page ("mon.gov.ua" of "https://www.mon.gov.ua/ua"): who one is polite to, and
 * what is counted when several pages are hit at once. By the public suffix list. The one file that knows
 * libpsl is domain.c. */
#pragma once

#include "base/span.h"

enum { DOMAIN_BYTES = 256 };

/**
 * Writes the registrable domain of an absolute URL's host in lower case, ending in NUL; for an address or a
 * name without public suffix the host with its port.
 */
void domain_of(struct span url, char ret_domain[DOMAIN_BYTES]);
