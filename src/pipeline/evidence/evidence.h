/*
 * The door of what is kept: moments of incidents as files that others can open and check without us, in a
 * folder that only grows and shrinks by lines of a chain.
 *
 *     manifest.jsonl          a line a file written or removed, each with the SHA-256 of the line before
 *     00000017/               incident 17
 *         confirmed.warc.gz   what went over the wire, ISO 28500
 *         confirmed.cdxj      its index
 *         confirmed-1.png     pictures, encoded anew
 *         confirmed.json      the dossier; written last
 *
 * Whoever writes dies at any moment: a file has its name only when it is whole, and a line its file before
 * it. What was interrupted is put in order by the next who opens the folder.
 */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"

struct evidence;

enum {
    EVIDENCE_NAME_BYTES = 96,   /* bytes of "00000017/confirmed-12.png", NUL included */
    EVIDENCE_DETAIL_BYTES = 256, /* bytes of what could not be done */
    EVIDENCE_DATE_BYTES = 40,    /* bytes of an archive's date, NUL included */
};

/** Makes the folder if there is none (not the one it stands in), and puts in order what was interrupted.
 * Returns 0 or a negative errno. */
int evidence_open(const char *folder, int64_t now_s, struct evidence **ret_evidence);
void evidence_close(struct evidence *evidence);

/** Keeps a moment. `*ret_kept` is set either way, its `error` apart; `detail` lives until the next call.
 * Returns 0, -EEXIST when that moment was kept before, or another negative errno: then nothing of it is left.
 */
int evidence_keep(struct evidence *evidence, const struct keep_order *order, int64_t now_s,
                  struct kept *ret_kept);

/** Removes whole incidents, the one whose last moment is oldest first. With `dry` nothing is changed, only
 * counted. Returns 0 or a negative errno. */
int evidence_clear(struct evidence *evidence, const struct clear_order *order, bool dry, int64_t now_s,
                   struct kept *ret_kept);

/** A file that stands in the chain and was not removed. */
struct evidence_file {
    const char *name; /**< with its incident's folder */
    uint64_t line;    /**< of the manifest, 1 and up */
    const char *at;   /**< when it was written, RFC 3339 */
    struct digest digest;
    uint64_t bytes;
};

/** Calls `each` for each file in order of writing. Returns how many, -ENOENT when there is no manifest, or
 * another negative errno. */
int evidence_files(const char *folder, void (*each)(void *context, const struct evidence_file *file),
                   void *context);

/** True when the chain says that all that was kept of an incident has been removed. */
bool evidence_was_removed(const char *folder, int64_t incident);

/** What was found by evidence_verify(). */
struct evidence_report {
    uint64_t lines, files, bytes; /**< of the chain, and what of it is still there */
    struct digest head;           /**< of the last line */
    uint64_t faults;              /**< each was told */
    uint64_t unfinished; /**< files that no line names: writing was interrupted, or somebody put them there */
};

/** A line that somebody noted elsewhere, so that a chain that was cut short or made anew shows. */
struct evidence_anchor {
    uint64_t line;
    struct digest head;
    int64_t incident; /**< told with it */
};

/**
 * Reads every line and every file, and tells each thing that is wrong as a sentence that ends in NUL. Returns
 * 0 when it could be read, whatever was found; or a negative errno.
 */
int evidence_verify(const char *folder, const struct evidence_anchor *anchors, size_t anchor_count,
                    void (*tell)(void *context, const char *text), void *context,
                    struct evidence_report *ret_report);

/** A digest as 64 hexadecimal digits, and back; false for what is none. */
void evidence_hex(const struct digest *digest, char ret_text[65]);
bool evidence_unhex(struct span text, struct digest *ret_digest);

/** When an archive was recorded, as its first record says; `packed` is the beginning of the file. Empty for
 * what is no archive. */
void evidence_archive_date(struct span packed, char ret_date[EVIDENCE_DATE_BYTES]);
