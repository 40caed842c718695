/* SHA-256 and SHA-1 as the forms write them. SHA-1 names payloads in archives; nothing here relies on it
 * alone. */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"

/** Of two pieces that follow one another; the second may be empty. */
void hashes_sha256(struct span first, struct span second, struct digest *ret_digest);

/** Of a file to its end, read piece by piece: somebody may cut it short meanwhile. Returns 0 or a negative
 * errno. */
int hashes_file(int fd, struct digest *ret_digest, uint64_t *ret_bytes);

enum { HASHES_SHA1_TEXT = 33 };

/** In base32 (RFC 4648), ends in NUL. */
void hashes_sha1_text(struct span bytes, char ret_text[HASHES_SHA1_TEXT]);
