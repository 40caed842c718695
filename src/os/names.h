/* Looking up host names in a cage: what must be loaded before it is closed, and when it no longer fits. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * Loads the modules that nsswitch.conf names for hosts, which no cage lets in later. True when there is one
 * that asks a local service (systemd-resolved, mDNS) and so needs local sockets.
 */
bool names_load_modules(void);

/**
 * A number that changes when the files name look-up reads were replaced. A cage grants files, not names:
 * whoever was locked in before sees the old resolv.conf, or none, and has to be started anew.
 */
uint64_t names_state(void);
