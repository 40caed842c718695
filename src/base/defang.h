/* Addresses of attackers, written so that no mail program, terminal or browser makes a link of them. */
#pragma once

#include "base/buf.h"

/** Appends an address ("hxxps://evil[.]example/a.b") or a bare host ("evil[.]example"); anything else goes
 * the same way. */
void defang_add(struct buf *out, struct span url);
