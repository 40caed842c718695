/*
 * The report of one incident: for the ministry, the police and an allied CERT, who see it without varta, on
 * paper, on a telephone, years later. It is one file in which nothing is live: no script, no link, nothing
 * loaded from elsewhere, pictures only as varta drew them again, and every word of the page as text. That is
 * said to the browser too (report_policy()), so that a fault of ours here is not yet the attacker's chance.
 *
 * Pure: what it is made of goes in, bytes come out.
 */
#pragma once

#include "base/buf.h"
#include "base/language_name.h"
#include "pipeline/evidence/dossier.h"

enum {
    REPORT_BYTES = 48 << 20,        /* bytes of a report: pictures are the most of it */
    REPORT_PICTURE_BYTES = 4 << 20, /* bytes of one re-encoded picture; 1,280 pixels wide are below it */
    REPORT_PICTURES = 8,            /* pictures shown */
    REPORT_SIDE_BYTES = 24 << 10,   /* bytes of text before and after: what prints on some ten pages */
    REPORT_SIBLINGS = 200,          /* rows of the campaign */
};

/** A line of the incident's history. */
struct report_event {
    int64_t at_s;
    struct span what, detail; /**< "confirmed", "told", …; a sentence, may be empty */
};

/** Another incident of the same campaign. */
struct report_sibling {
    int64_t incident;
    struct span url, name;
    enum verdict_kind verdict;
    struct span state; /**< "confirmed", "recovered", … */
    int64_t opened_s;
};

/** Appends the bytes of a file of the incident's evidence folder; `file` is a bare file name. False when it
 * is not there or not readable: the report then says so. */
typedef bool report_bytes_fn(void *context, struct span file, struct buf *out);

/** Appends a picture as a terminal draws it, from the PNG of the evidence folder, and a line feed. */
typedef void report_draw_fn(void *context, struct span png, struct buf *out);

/** Where the evidence is of which the history says that it was kept. */
enum report_evidence {
    REPORT_EVIDENCE_THERE, /**< or none was ever kept */
    REPORT_EVIDENCE_REMOVED,
    REPORT_EVIDENCE_ABSENT,
};

/** All borrowed. */
struct report_matter {
    const struct dossier *moments; /**< moment_count of one incident, in order of time; 1 and more. An export
                                      takes one without `url`: what a monitor tells of itself */
    size_t moment_count;
    const struct incident *incident;   /**< its record; NULL when only the evidence is there */
    const struct report_event *events; /**< event_count, in order of time */
    size_t event_count;
    const struct report_sibling *siblings; /**< sibling_count, itself left out */
    size_t sibling_count;
    size_t siblings_left; /**< further ones that are not given */
    enum report_evidence evidence;
    report_bytes_fn *bytes; /**< NULL when there are no files */
    void *context;
    report_draw_fn *draw; /**< of report_text(); NULL for a text without pictures */
    void *draw_context;
    struct span title;  /**< what happened in a sentence; made from the dossier when empty */
    struct span action; /**< what a notice tells: "incident-confirmed", …; else empty */
    struct span id;     /**< of the notice; else empty */
    struct span tlp;    /**< "clear", "green", "amber", "amber+strict", "red"; amber when empty */
    int64_t made_s;     /**< when the report is made */
    int64_t campaign;   /**< its number, where a notice is about one; else 0 */
};

/** The moment that a report or export is about: the last one at which something was wrong. */
const struct dossier *report_moment(const struct report_matter *matter);

/** The new pictures that are shown, the one in which most was read first; `more` are left out. */
struct report_shown {
    size_t at[REPORT_PICTURES]; /**< `count` places in the dossier's pictures */
    size_t count, more;
};

struct report_shown report_shown(const struct dossier *dossier);

/** True when the picture's file says something of itself: a place, a camera, … */
bool report_has_claims(const struct dossier_picture *picture);

/** True for the words of `tlp` above. */
bool report_is_tlp(struct span word);

/** "en", "uk", "pl". */
const char *report_tongue_name(enum tongue tongue);

/** False for a tag that is none of them. */
bool report_tongue(struct span tag, enum tongue *ret_tongue);

/** Appends the report as one HTML file. Marks `out` failed when it does not fit or memory ran out. */
void report_html(const struct report_matter *matter, enum tongue tongue, struct buf *out);

/** Appends the Content-Security-Policy that the report states in itself; whoever serves it sends the same one
 * as a header. */
void report_policy(struct buf *out);

/** Appends the report as text for a terminal of `columns` columns; `colours` for ANSI colours. Whatever
 * steers a terminal in what the page said is shown as its number. */
void report_text(const struct report_matter *matter, enum tongue tongue, int columns, bool colours,
                 struct buf *out);
