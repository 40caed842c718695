/* SHA-256 of bytes that are in this process already (a picture written into the page itself). */
#pragma once

#include "pipeline/page.h"

void digest_of(struct span bytes, struct digest *ret_digest);
