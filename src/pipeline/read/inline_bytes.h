/* The bytes of a data: address (RFC 2397): base64 or percent-encoded. */
#pragma once

#include "base/arena.h"

/**
 * Decodes the address into the arena, at most `room` bytes; `*ret_cut` tells that it would have been more,
 * and then nothing is decoded. False when it is malformed, too large, or without memory.
 */
bool inline_bytes_decode(struct span url, struct arena *arena, size_t room, struct span *ret_bytes,
                         bool *ret_cut);
