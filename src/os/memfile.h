/*
 * Bodies pass between processes as sealed memory files: written once, then nobody can change or shrink them,
 * so the reader may map them without fearing that the sender cuts them short under its hands (SIGBUS).
 */
#pragma once

#include "base/span.h"

/** A sealed memory file with these bytes. Returns the descriptor (close-on-exec) or a negative errno. */
int memfile_new(const char *name, struct span bytes);

/**
 * Maps a descriptor read-only. Refuses (-EBADMSG) one that is not a memory file sealed against writing,
 * growing and shrinking, unless `trusted`; refuses (-EFBIG) more than `limit` bytes. An empty file gives an
 * empty span. Unmap with memfile_unmap().
 */
int memfile_map(int fd, size_t limit, bool trusted, struct span *ret_bytes);

void memfile_unmap(struct span bytes);
