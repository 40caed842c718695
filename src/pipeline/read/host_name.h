/* The host an address points to, as a browser would find it, and lists of such hosts. */
#pragma once

#include "pipeline/page.h"

enum { HOST_BYTES = 253 }; /* the longest name DNS knows (RFC 1035) */

/**
 * The host of an absolute or scheme-relative http, https or ftp address, in small letters, without user, port
 * and the root's dot. False for any other address (relative, mailto:, javascript:, data: …).
 */
bool host_name_of(struct span url, char room[HOST_BYTES + 1], struct span *ret_host);

/** True when both are the same or differ in a leading "www." only. */
bool host_name_same(struct span a, struct span b);

/** Counts the host in the list (in the arena). False when the list is full or memory ran out. */
bool host_name_count(struct arena *arena, struct host_list *list, size_t *room, struct span host);
