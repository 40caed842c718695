/*
 * A web archive (WARC 1.1, ISO 28500:2017): what was asked, what was answered, and what we made of it, in a
 * form that others' tools read and check. A gzip member a record, so that an index can lead into the middle.
 *
 *     payload digest   SHA-1 in base32, which archives are searched by
 *     block digest     SHA-256, which nobody can make a second block for
 */
#pragma once

#include "pipeline/evidence/cdxj.h"
#include "pipeline/evidence/durable_file.h"

enum { WARC_ID_BYTES = 48 };

/** A payload that stands in a record already, of this archive or an earlier one of the incident. */
struct warc_earlier {
    char sha1[40]; /* "sha1:…" */
    char id[WARC_ID_BYTES];
    struct span url; /* in the arena */
    char date[32];
};

struct warc {
    struct durable_file *file;
    struct cdxj index;
    struct arena arena;
    struct warc_earlier *earlier; /* earlier_count, in the arena */
    size_t earlier_count, earlier_room;
    char info[WARC_ID_BYTES]; /* id of the record about the archive itself */
    char page[WARC_ID_BYTES]; /* of the page's last answer; empty until there is one */
    bool failed;              /* memory ran out; the file knows of other errors */
};

/** Begins an archive in `file`; `name` is borrowed. Writes its first record. */
void warc_begin(struct warc *warc, struct durable_file *file, const char *name,
                const struct keep_order *order);

/** Payloads of an earlier archive's index need not be written again. */
void warc_know(struct warc *warc, struct span index);

/** Everything one address gave, redirects first. */
void warc_answer(struct warc *warc, const struct keep_answer *answer, int64_t at_s);

/** Our own verdict, on the page: the first address that answered. */
void warc_verdict(struct warc *warc, const struct keep_order *order);

/** Writes the index. Frees everything. False when memory ran out. */
bool warc_end(struct warc *warc, struct buf *index);
