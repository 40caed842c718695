/* The evidence of one incident as it lies on the disk, read for a report or an export. The folder may have
 * come from another machine: only bare names are opened in it, no link is followed, and a dossier that is
 * none is told, not trusted. */
#pragma once

#include "pipeline/evidence/report.h"

enum { DOSSIER_FOLDER_MOMENTS = 64, DOSSIER_FOLDER_NAME = 16 };

struct dossier_folder {
    int fd;                  /**< of the incident's folder; owned; -1 for none */
    struct dossier *moments; /**< count, in order of time; owned */
    size_t count;
};

/** The name of an incident's folder, "00000017". */
void dossier_folder_name(int64_t incident, char ret_name[DOSSIER_FOLDER_NAME]);

/**
 * Reads the moments of an incident from its folder below `evidence`. Returns 0, or a negative errno with a
 * sentence in `why`: -ENOENT when there is no folder or no dossier in it, -EBADMSG when one is none.
 * dossier_folder_free() is due on success.
 */
int dossier_folder_open(const char *evidence, int64_t incident, struct dossier_folder *ret_folder,
                        struct buf *why);
void dossier_folder_free(struct dossier_folder *folder);

/** Opens the incident's folder below `evidence`. Returns the descriptor or a negative errno. */
int dossier_folder_fd(const char *evidence, int64_t incident);

/** Appends the bytes of one of its files; a report_bytes_fn with the folder as context. */
bool dossier_folder_bytes(void *context, struct span file, struct buf *out);
