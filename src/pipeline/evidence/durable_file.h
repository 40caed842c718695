/*
 * A file that is there whole or not at all: written under a name that begins with a dot and ends in ".part",
 * forced to the disk, and only then given its own name, which must be free. Errors stick: a writer may add
 * without looking and ask at the end.
 */
#pragma once

#include "pipeline/evidence/evidence.h"

struct durable_file {
    int folder, fd; /* fd -1: not open */
    char name[EVIDENCE_NAME_BYTES], part[EVIDENCE_NAME_BYTES + 8];
    void *hash; /* of what was added */
    uint64_t bytes;
    int error;
};

/** `folder` is a descriptor, borrowed until the end. */
void durable_file_begin(int folder, const char *name, struct durable_file *ret_file);

void durable_file_add(struct durable_file *file, struct span bytes);

/** Gives the file its name. Returns 0, or the first error, and then nothing of it is left. */
int durable_file_end(struct durable_file *file, struct digest *ret_digest);

/** Bytes to a descriptor, all of them. Returns 0 or a negative errno. */
int durable_file_write(int fd, struct span bytes);

/** True for a name that a part has: what an interruption leaves. */
bool durable_file_is_part(const char *name);
