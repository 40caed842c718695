/*
 * What was recorded of an incident, as one archive. An archive of a later moment holds a revisit where an
 * earlier one holds the page: alone, it would show a CERT nothing. An archive of archives is one (gzip
 * members follow one another), so all up to the last moment at which something was wrong are given, in order
 * of time; what was recorded of the recovery behind it would be what a reader opens first.
 *
 * The order is the archives' own (WARC-Date), so that they can be read though all dossiers are damaged.
 */
#pragma once

#include "base/buf.h"

#include <stdint.h>

enum {
    INCIDENT_ARCHIVE_BYTES = 512 << 20, /* bytes of one that is given; incidents have some megabytes */
    INCIDENT_ARCHIVES = 192,            /* archives of one: three for each moment that is read */
};

/** Appends it. Returns 0, -ENOENT when none is there, -EFBIG when they do not fit into `out`, or another
 * negative errno. */
int incident_archive(const char *evidence, int64_t incident, struct buf *out);
