/* All that is known of one incident, gathered for a report or an export: what the daemon has on record and
 * what lies in the evidence folder. Either is enough: the daemon may be down, and evidence may be kept
 * nowhere or have come from another machine. */
#pragma once

#include "pipeline/evidence/exports.h"
#include "watch/dossier_folder.h"

#define CASE_EVIDENCE_FOLDER "/var/lib/varta/evidence"

struct case_source {
    const char *control;  /**< the daemon's socket */
    const char *evidence; /**< folder; NULL for the one that the daemon names, else the usual one */
    int64_t incident;
};

struct case_matter {
    struct report_matter matter; /**< points into the rest */
    struct dossier_folder folder;
    struct dossier made; /**< of the record, where no evidence was kept */
    struct incident incident;
    struct arena arena;
    struct json_t *record; /**< as the daemon told it; NULL without one */
    const char *evidence;  /**< the folder that was looked in */
};

/** Gathers it. Returns an exit code: 0 (case_matter_free() is due), or 3 after telling why. */
int case_matter_open(const struct case_source *source, struct case_matter *ret_case);
void case_matter_free(struct case_matter *one);
