/* Every word that a report says by itself, in each of its languages. What the page said is never translated.
 */
#pragma once

#include "base/buf.h"
#include "base/language_name.h"
#include "pipeline/page.h"

enum word {
    /* the head */
    WORD_REPORT,
    WORD_INCIDENT,
    WORD_HEAD_DEFACED,     /* {page} {from} */
    WORD_HEAD_REPLACED,    /* {page} {from} */
    WORD_HEAD_UNAVAILABLE, /* {page} {from} */
    WORD_HEAD_OTHER,       /* {page} {from} */
    WORD_OVER_DEFACED,     /* {page} {from} {until} */
    WORD_OVER_REPLACED,
    WORD_OVER_UNAVAILABLE,
    WORD_OVER_OTHER,
    WORD_OVER_ACCEPTED,
    WORD_IN_LANGUAGES, /* {languages} */
    WORD_CERTAINTY,    /* {score} */
    WORD_LASTED,       /* {time} */
    WORD_LASTS,
    WORD_PAGE,
    WORD_GROUP,
    WORD_CONTACT,
    WORD_STATE,
    WORD_CAUSE,
    /* verdicts and states */
    WORD_DEFACED,
    WORD_REPLACED,
    WORD_UNAVAILABLE,
    WORD_EDITED,
    WORD_UNCHANGED,
    WORD_NEW,
    WORD_SUSPECTED,
    WORD_CONFIRMED,
    WORD_ACKNOWLEDGED,
    WORD_RECOVERED,
    WORD_ACCEPTED,
    WORD_DISMISSED,
    /* the message */
    WORD_MESSAGE,
    WORD_NEW_TEXT,
    WORD_MESSAGE_IMAGE,
    WORD_MESSAGE_TEXT,
    WORD_MESSAGE_NONE,
    WORD_LANGUAGES,
    WORD_SHARE,
    /* pictures */
    WORD_PICTURES,
    WORD_PICTURES_LEAD,
    WORD_PICTURE,      /* {number} */
    WORD_PICTURE_READ, /* {number} */
    WORD_PICTURE_LOST,
    WORD_PICTURE_SILENT,
    WORD_MORE_PICTURES, /* {count} */
    WORD_LINE,
    WORD_LINE_SURE,
    WORD_DOUBTFUL,
    /* before and after */
    WORD_CHANGE,
    WORD_CHANGE_LEAD, /* {kept} {new} */
    WORD_BEFORE,
    WORD_AFTER,
    WORD_SIGN_KEPT,
    WORD_SIGN_GONE,
    WORD_SIGN_NEW,
    WORD_SIGN_VOLATILE,
    WORD_LEGEND,
    WORD_MORE_BLOCKS, /* {count} */
    WORD_NO_BLOCKS,
    WORD_TITLE,
    WORD_FROM_PICTURE,
    WORD_HIDDEN,
    /* reasons */
    WORD_REASONS,
    WORD_REASONS_LEAD,
    WORD_REASON,
    WORD_WEIGHT,
    WORD_AGAINST,
    /* course */
    WORD_TIMELINE,
    WORD_TIME,
    WORD_EVENT,
    WORD_DETAIL,
    WORD_OPENED,
    WORD_TOLD,
    WORD_ESCALATED,
    WORD_WORSE,
    WORD_CLOSED,
    WORD_KNOWN_GOOD,
    WORD_SIGN,
    WORD_SEEN,
    WORD_JOINED,
    WORD_UNTOLD,
    WORD_UNWATCHED,
    WORD_KEPT,
    WORD_BY_HAND, /* {who} */
    /* campaign */
    WORD_CAMPAIGN,
    WORD_CAMPAIGN_LEAD, /* {count} {campaign} */
    WORD_VERDICT,
    WORD_SINCE,
    WORD_MORE_SIBLINGS, /* {count} */
    /* technical */
    WORD_TECHNICAL,
    WORD_DEFANGED,
    WORD_ADDRESS,
    WORD_FINAL_ADDRESS,
    WORD_REDIRECTS,
    WORD_IP,
    WORD_HTTP_STATUS,
    WORD_SERVER,
    WORD_CONTENT_TYPE,
    WORD_CERTIFICATE,
    WORD_ISSUER,
    WORD_VALID,
    WORD_NEW_LINKS,
    WORD_NEW_SCRIPTS,
    WORD_NEW_FRAMES,
    WORD_NEW_FORMS,
    WORD_PICTURE_FACTS,
    WORD_PICTURE_WARNING,
    WORD_FORMAT,
    WORD_SIZE,
    WORD_SOFTWARE,
    WORD_TAKEN,
    WORD_CAMERA,
    WORD_COMMENT,
    WORD_PLACE,
    WORD_HASH,
    /* proof */
    WORD_PROOF,
    WORD_PROOF_LEAD,
    WORD_FILE,
    WORD_BYTES,
    WORD_VERIFY_ONE,
    WORD_VERIFY_TWO,
    WORD_VERIFY_THREE,
    WORD_EVIDENCE_REMOVED,
    WORD_EVIDENCE_ABSENT,
    WORD_MADE, /* {when} {version} */
    WORD_COUNT
};

/** The word as it stands in the table: UTF-8, may hold {name} places. */
const char *report_word(enum word word, enum tongue tongue);

/** The word of a verdict, of the head for one that lasts, and of the head for one that is over: back as
 * it was, or accepted by a person. */
enum word report_word_verdict(enum verdict_kind verdict);
enum word report_word_head(enum verdict_kind verdict, bool over, bool accepted);

/** The word of an incident's state or of an event's name, "confirmed"; WORD_COUNT for another. */
enum word report_word_event(struct span name);

/** The word of an event's detail that is a name of ours (a verdict, the kind of a notice); WORD_COUNT for
 * another. */
enum word report_word_detail(struct span detail);

/** An event's detail as people read it: a name of ours as its word, a sentence of ours in the tongue,
 * anything else as it is. */
void report_word_said(struct span what, struct span detail, enum tongue tongue, struct buf *out);

/** What a cause means; the cause itself when that is not known. */
void report_word_cause(struct span cause, enum tongue tongue, struct buf *out);

/** "14 January 2022, 02:13:05 UTC"; "14 stycznia …", "14 січня …". */
void report_word_time(int64_t at_s, enum tongue tongue, struct buf *out);

/** The same without seconds, for a sentence. */
void report_word_minute(int64_t at_s, enum tongue tongue, struct buf *out);

/** "5 h 27 min", "3 d 2 h", "40 s". */
void report_word_duration(int64_t duration_s, enum tongue tongue, struct buf *out);

/** Fills the places of a word. `fill` is called for each, with the name between the braces, and appends
 * what stands there; the text between goes through `put`. */
typedef void report_fill_fn(void *context, struct span name);
typedef void report_put_fn(void *context, struct span text);
void report_word_fill(const char *pattern, report_put_fn *put, report_fill_fn *fill, void *context);
