/* An open evidence folder: its lock, the end of its chain, and writing to both. Private to the step. */
#pragma once

#include "pipeline/evidence/manifest.h"

struct evidence {
    int folder, manifest;
    struct manifest_end end;
    char detail[EVIDENCE_DETAIL_BYTES];
};

/** Takes the folder for oneself; another process waits in evidence_folder_lock(), or reads a chain that is
 * whole. Reads the chain again when somebody else wrote to it. Returns 0 or a negative errno. */
int evidence_folder_lock(struct evidence *evidence);
void evidence_folder_unlock(struct evidence *evidence);

/** Writes lines at the chain's end in one piece; `n`, `at` and `previous` are set here. Returns 0, or a
 * negative errno with the chain as it was. */
int evidence_folder_append(struct evidence *evidence, struct manifest_line *lines, size_t count,
                           int64_t now_s);

/** Says what could not be done; returns `result`. */
int evidence_folder_fault(struct evidence *evidence, int result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Calls `each` for every file in the folder's incidents, with its name from the folder on; "00000017/" is
 * the incident's folder itself. A name without a slash is of what does not belong into the folder: a stray
 * file or folder, a link in an incident's place. Returns 0 or a negative errno. */
int evidence_folder_walk(int folder, void (*each)(void *context, const char *name), void *context);
