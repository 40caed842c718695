/*
 * The index of an archive (CDXJ): a line a record, ordered by address and time, so that a reader finds a page
 * without going through it all. Addresses are turned around (SURT: `com,example)/path`) the way the IA's
 * canonicaliser does, which pywb looks up by.
 */
#pragma once

#include "base/buf.h"

/** A record as the index has it. */
struct cdxj_record {
    struct span url, mime, digest, id; /**< digest SHA-1 in base32, id "urn:uuid:…" */
    uint16_t status;                   /**< 0 for none */
    char time[15];                     /**< YYYYMMDDhhmmss */
    uint64_t offset, length;           /**< bytes, of its gzip member */
};

struct cdxj {
    struct buf lines; /* as they came */
    struct span file; /* name of the archive, borrowed */
};

void cdxj_add(struct cdxj *index, const struct cdxj_record *record);

/** Writes the lines in order. False without memory. */
bool cdxj_end(const struct cdxj *index, struct buf *out);

/** An address as it is ordered by. */
void cdxj_key(struct span url, struct buf *out);

/** The value of a text member of a line that cdxj_add() wrote; empty when it is not there. Borrowed. */
struct span cdxj_member(struct span line, const char *name);
