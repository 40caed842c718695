/*
 * The records that travel along a page's way, in the order in which they come to be:
 *
 *     capture  what the network gave          (fetch)
 *     reading  what a visitor would see       (read, ocr)
 *     change   what stayed, went and came     (compare)
 *     verdict  what we think of it, and why   (identify, judge)
 *     incident what became of it over time    (alert, store)
 *
 * They are plain structs. Each owns one arena in which everything it points to lives; `x_free()` frees it.
 * All text is well-formed UTF-8 without NUL unless a comment says otherwise: it is cleaned once, where it
 * comes in.
 */
#pragma once

#include "base/arena.h"
#include "base/outcome.h"
#include "base/span.h"

#include <stdint.h>

/** A SHA-256: what says that two bodies are the same must not be forgeable. */
struct digest {
    unsigned char at[32];
};

/* ---- orders -------------------------------------------------------------------------------------------- */

/** What is to be fetched. */
struct fetch_order {
    struct span url;       /**< absolute; or the page a reference stands on */
    struct span base;      /**< the page's base href, itself relative to `url`; empty when it has none */
    struct span reference; /**< relative to that (a picture's address); empty for `url` itself */
    struct span user_agent;
    struct digest
        known;        /**< SHA-256 of a body that need not be passed on when it comes again; zeros for none */
    struct span etag; /**< what we have already: answered by 304 when it still holds; may be empty */
    struct span modified; /**< the same, as Last-Modified */
    struct span cookies;  /**< of this look so far, as in struct capture; may be empty */
    struct span proxy;    /**< address of a proxy to go through; empty for none */
    uint32_t body_limit;  /**< bytes kept after decompression */
    uint32_t connect_ms;  /**< time for name look-up, connection and TLS */
    uint32_t total_ms;    /**< time for everything */
    bool picture;         /**< asks for images rather than pages */
    bool allow_private;   /**< private, loopback and link-local addresses may be connected to */
    bool fresh;           /**< over a connection of its own, which no earlier request was sent on */
    bool browser;         /**< asks as a browser does, with the headers of one */
    bool record;          /**< the heads that go over the wire are handed over too, and the certificates */
};

/** The same with its text in the arena, which tells whether there was room. */
struct fetch_order fetch_order_copy(struct arena *arena, const struct fetch_order *order);

/** What the reader must know of a page beside its bytes. */
struct read_request {
    struct span content_type; /**< the Content-Type header, may be empty */
    struct span refresh;      /**< the Refresh header, may be empty */
    struct span url;          /**< the page's own address, to tell own hosts from others; may be empty */
};

/** How a picture is to be read. */
struct picture_order {
    uint32_t budget_ms; /**< time for recognising; what is not reached by then is left out and said */
    bool overlay;       /**< also draw boxes on it and send the drawing as PNG */
    bool copy; /**< nothing is recognised: it is encoded anew, small, and what it says of itself told */
    uint32_t background; /**< of the page it stands on, as in struct reading; 0 when unknown */
};

/** The ways to a sink that varta-deliver knows. */
enum sink_way { WAY_SYSLOG, WAY_JOURNAL, WAY_WEBHOOK, WAY_MAIL, WAY_NAGIOS, WAY_FILE, WAY_COUNT };

/** What a notice is turned into for a sink: varta's own form, or one that CERTs and SIEMs know. */
enum sink_format {
    FORMAT_VARTA,
    FORMAT_MISP,
    FORMAT_INTELMQ,
    FORMAT_STIX,
    FORMAT_CEF,
    FORMAT_ECS,
    FORMAT_COUNT
};

/** What a varta-deliver is told once, before it locks itself in. Paths end in NUL. */
struct sink_order {
    enum sink_way way;
    struct span target; /**< syslog: see syslog_target_parse(); webhook, mail: URL; journal: socket, empty for
                           the system's; nagios, file: path */
    const struct span *to; /**< mail: to_count recipients; none: the contacts in the notice */
    size_t to_count;
    struct span from, user;          /**< mail: sender, name for AUTH; may be empty */
    struct span secret_file;         /**< path; empty for none */
    struct span ca_file;             /**< path; empty for the system's authorities */
    struct span cert_file, key_file; /**< paths; empty for none */
    uint32_t facility;               /**< syslog: 0 to 23 */
    enum sink_format format;         /**< syslog (varta, cef), webhook, file */
    uint32_t timeout_ms;             /**< one attempt */
};

/** What one address gave, to be kept as evidence. */
struct keep_answer {
    struct span url;                  /**< what was asked for, or a name for what stood in the page itself */
    struct span type;                 /**< media type of what stood in the page itself; else empty */
    const struct exchange *exchanges; /**< exchange_count; none for what stood in the page itself */
    size_t exchange_count;
    struct span body; /**< bytes, decompressed, as they were read */
    bool cut;         /**< there was more */
};

/** A file that was made of what came: a picture, encoded anew. */
struct keep_file {
    struct span name;
    struct span bytes;
};

/** One moment of an incident, for varta-keep. */
struct keep_order {
    int64_t incident, at_s;
    struct span name;    /**< of its files: "confirmed", "worse-2" */
    struct span watcher; /**< who watches; may be empty */
    struct span dossier; /**< a JSON object, without what varta-keep adds to it */
    struct span verdict; /**< the look's result, a JSON object */
    struct keep_answer *answers;
    size_t answer_count;
    struct keep_file *files;
    size_t file_count;
};

/** What varta-keep is to remove, for its age or to make room. */
struct clear_order {
    int64_t before_s;    /**< kept before this goes */
    uint64_t bytes;      /**< what stays is to be smaller than this, oldest first; 0 for no limit */
    const int64_t *open; /**< open_count incidents that stay whatever their age, ascending */
    size_t open_count;
    /** latest_count incidents, ascending: the newest of each page. They make room only when no other can, so
     * that a page that is defaced again and again does not push out what is kept of the others. */
    const int64_t *latest;
    size_t latest_count;
};

/** What became of either. */
struct kept {
    uint32_t error;     /**< an errno; 0 when it was done */
    struct span detail; /**< what could not be done, a path or a sentence; may be empty */
    uint64_t line;      /**< of the manifest, the last one written */
    struct digest head; /**< of that line */
    uint32_t count;     /**< files written, or incidents removed */
    uint64_t bytes;     /**< of them */
};

/* ---- capture ------------------------------------------------------------------------------------------- */

/** One redirect that was followed. */
struct hop {
    uint16_t status;  /**< the HTTP status that redirected */
    struct span from; /**< the address that answered with it */
};

/** One request and the head of its answer, as they went over the wire (of HTTP/2, as libcurl writes it down).
 * Bytes, not text. */
struct exchange {
    struct span url;      /**< what was asked for; text */
    struct span address;  /**< the IP address that answered, numeric; text, may be empty */
    int64_t at_us;        /**< when it was sent, microseconds since 1970 */
    uint16_t status;      /**< 0 when no answer came */
    struct span request;  /**< its head with the empty line */
    struct span response; /**< likewise; empty when none came */
};

/** What the network gave for one address. The body itself travels beside it, as a descriptor. */
struct capture {
    struct arena arena;
    enum outcome
        broke; /**< how the answer broke off after part of the body had come; OUTCOME_OK when it did not */
    enum outcome outcome;      /**< OUTCOME_OK when an HTTP answer came, whatever its status */
    struct span detail;        /**< the library's own words on a failure; may be empty */
    struct span url;           /**< what was asked for */
    struct span final_url;     /**< what answered in the end, after redirects */
    struct span address;       /**< the IP address really connected to, numeric */
    struct span content_type;  /**< as sent, may be empty; bytes outside printable ASCII replaced */
    struct span etag;          /**< as sent, may be empty */
    struct span modified;      /**< Last-Modified as sent, may be empty */
    struct span refresh;       /**< Refresh as sent, may be empty; of several as browsers join them */
    struct span cookies;       /**< all that hold now, as lines of Netscape's format; bytes, may be empty */
    uint32_t age_s;            /**< seconds from Last-Modified to Date; 0 when unknown */
    struct span server;        /**< Server as sent, may be empty */
    uint16_t status;           /**< the last HTTP status; 0 when none came */
    uint16_t http_version;     /**< 10, 11, 20; 0 when unknown */
    uint32_t retry_after_s;    /**< seconds; 0 when not sent */
    uint64_t body_size;        /**< bytes after decompression, as kept */
    bool body_cut;             /**< the body was longer than the limit and only its beginning is kept */
    struct digest body_digest; /**< of the kept body */
    bool body_known;           /**< it is the body that was known: it is not passed on */
    uint32_t duration_ms;      /**< from the request to the last byte */
    bool has_certificate;      /**< the two below are known: not on a connection kept from before */
    struct digest certificate; /**< SHA-256 of the server's certificate (DER) */
    struct span issuer;        /**< who signed it, as a distinguished name */
    struct hop *hops;          /**< hop_count redirects in order */
    size_t hop_count;
    /* only of an order with `record` */
    struct exchange *exchanges; /**< exchange_count, redirects first; the body is the last one's */
    size_t exchange_count;
    struct span subject, valid_from, valid_until; /**< of the certificate, as the library writes them */
    struct span *chain; /**< chain_count certificates in PEM, the server's own first */
    size_t chain_count;
};

void capture_free(struct capture *capture);

/* ---- reading ------------------------------------------------------------------------------------------- */

/** Where a block of text stood. */
enum origin {
    ORIGIN_HTML,      /**< text of the page */
    ORIGIN_TITLE,     /**< the title element */
    ORIGIN_META,      /**< meta description and its Open Graph twin */
    ORIGIN_ATTRIBUTE, /**< alt, placeholder, button values: shown only at times */
    ORIGIN_NOSCRIPT,  /**< inside noscript: shown only without scripts */
    ORIGIN_IMAGE,     /**< read in a picture */
    ORIGIN_COUNT
};

/** "html", "title", "meta", "attribute", "noscript", "image". */
const char *origin_name(enum origin origin);

/**
 * One block: the text between two line-breaking element borders, as a visitor sees a paragraph, a heading, a
 * list item or a table cell. White space is collapsed to single spaces, as a browser does.
 */
struct block {
    struct span text;
    enum origin origin;
    uint8_t heading;       /**< 1 to 6 inside h1 to h6, else 0 */
    bool hidden;           /**< by the hidden attribute or inline style: a visitor does not see it */
    bool maybe; /**< hidden from us, but perhaps not from every visitor: on telephones, by rules that are not
                   understood; or drawn in a field or by a style sheet, beside the text */
    bool layer;            /**< stands in a layer that covers the whole page */
    uint16_t confidence;   /**< for ORIGIN_IMAGE: 0 to 1000; else 1000 */
    uint32_t link_letters; /**< how many of its letters stand inside links */
    uint32_t place;        /**< visible letters on the page before this block */
    uint64_t path;         /**< hash of the element names and classes from body down to it */
    uint32_t picture;      /**< for ORIGIN_IMAGE and alt: index into pictures; else UINT32_MAX */
};

/** How a page refers to a picture. */
enum picture_kind {
    PICTURE_IMG,        /**< img src, input type=image, object, embed */
    PICTURE_SOURCE,     /**< the best of srcset or of picture's source elements */
    PICTURE_BACKGROUND, /**< CSS background in a style attribute or element, body background */
    PICTURE_INLINE,     /**< data: address; the bytes stand in the page */
    PICTURE_ICON,       /**< link rel=icon; shown in the tab, not read */
    PICTURE_SOCIAL,     /**< og:image: shown where the page is shared */
    PICTURE_KIND_COUNT
};

struct picture_ref {
    struct span url;   /**< as written in the page, not resolved; for PICTURE_INLINE up to 64 bytes of it */
    struct span bytes; /**< PICTURE_INLINE: the decoded bytes (not text); else empty */
    enum picture_kind kind;
    bool hidden;    /**< stands in a hidden element */
    bool layer;     /**< covers the whole page, or stands in what does */
    bool veil;      /**< so for certain: fixed to the screen, or not inside a box that may be small */
    uint32_t width; /**< CSS pixels by attribute or inline style; 0 when not said */
    uint32_t height;
    uint32_t place; /**< visible letters on the page before it */
    /* known only once the picture itself was fetched */
    bool fetched;         /**< its bytes came; the fields below are set */
    struct digest digest; /**< of its bytes */
    enum outcome outcome; /**< of reading the text in it; OUTCOME_OK also for no text and when it was not
                             worth reading */
    uint32_t pixel_width; /**< as decoded; 0 when unknown */
    uint32_t pixel_height;
    uint64_t perceptual_hash; /**< 0 when not decoded */
};

/** A host the page points to, and how often. Lower case, punycode as written, without port. */
struct host_count {
    struct span host;
    uint32_t count;
};

struct host_list {
    struct host_count *at; /**< `count` hosts, each once, in order of first appearance */
    size_t count;
};

/** An element path (names and classes from body down) and how often it stands in the page. */
struct path_count {
    uint64_t path;
    uint32_t count;
};

/**
 * What may show a visitor more than is read. Each stands among the element paths as a number below PAGE_SIGNS,
 * with the kind above its 16 low bits and, below, part of a hash of what it points to, so that a baseline
 * remembers it like any path.
 */
enum page_sign {
    SIGN_READER, /**< stands on every page that was looked at for signs */
    SIGN_VEIL,   /**< a frame, a film, a plug-in or a drawing over the whole page, or a shadow root in its place */
    SIGN_FRAME,  /**< another page inside this one, a plug-in */
    SIGN_SHEET,  /**< a style sheet of its own address */
    SIGN_SCRIPT, /**< a script in the page that writes the page or leads away */
    SIGN_SHADOW, /**< a shadow root */
    SIGN_DRAWN,  /**< words that a style sheet draws and that are not read */
    SIGN_CUT,    /**< the page is longer than what is read of it; told by `cut` of the reading */
    SIGN_COUNT
};

enum { PAGE_SIGNS = SIGN_COUNT << 16, PAGE_SIGNS_MAX = 64 /* of one page */ };

/** How a page is staged; bits. */
enum staging {
    STAGING_DARK = 1,      /**< the whole page has a dark background */
    STAGING_SOUND = 2,     /**< plays music or a film with sound by itself */
    STAGING_SCROLLING = 4, /**< text that runs or blinks */
    STAGING_LOCKED = 8,    /**< takes the context menu or selecting away */
    STAGING_UNREAD =
        16, /**< holds a frame, a film, a plug-in, a drawing or words of a style sheet: not read */
    STAGING_ALL = 31
};

/** Set in the background of a reading or a picture order that names a colour. */
enum { READING_BACKGROUND = 0x1000000 };

/** What a page says to a visitor, and how it is built. */
struct reading {
    struct arena arena;
    enum outcome outcome;   /**< OUTCOME_OK, or why there is nothing to read */
    struct span charset;    /**< WHATWG name of the character set used, like "windows-1251" */
    struct span charset_by; /**< how it was told: "bom", "header", "meta", "detected", "default" */
    struct span title;      /**< also the first block of ORIGIN_TITLE */
    struct span
        language;     /**< the lang attribute of html (or Content-Language meta), as written; may be empty */
    struct span base; /**< base href as written; may be empty */
    struct span
        refresh; /**< target of a refresh (meta or header) after at most 30 s, as written; may be empty */
    struct span refresh_late; /**< the same of one after 31 to 300 s; may be empty */
    bool refreshes;           /**< there is one, whenever and wherever to */
    bool refresh_self;        /**< it names no address: the page itself once more */
    uint32_t refresh_s;       /**< seconds after which */
    struct block *blocks;     /**< block_count, in document order */
    size_t block_count;
    struct picture_ref *pictures;
    size_t picture_count;
    struct host_list links;   /**< a href to other hosts */
    struct host_list scripts; /**< script src of other hosts */
    struct host_list frames;  /**< iframe, frame, object of other hosts */
    struct host_list forms;   /**< form action on other hosts */
    uint32_t link_count;      /**< all a href, own host included */
    uint32_t form_count;
    uint32_t password_count; /**< input type=password */
    uint32_t script_count;   /**< script elements */
    uint32_t script_bytes;   /**< bytes of inline script */
    uint32_t element_count;
    uint8_t staging;          /**< enum staging, as bits */
    uint32_t background;      /**< READING_BACKGROUND and the 0xRRGGBB that html or body names; 0: none */
    struct path_count *paths; /**< path_count element paths, by path ascending */
    size_t path_count;
    uint32_t letters;     /**< visible letters: origin html, not hidden */
    bool cut;             /**< something was left out at a limit */
    struct span cut_what; /**< a sentence on what was left out, like "read the first 5 MB"; may be empty */
};

void reading_free(struct reading *reading);

/* ---- what stood in one picture ------------------------------------------------------------------------- */

/** One line of text found in a picture. Coordinates are pixels of the picture as displayed, origin at the top
 * left. */
struct picture_line {
    struct span text;
    uint32_t x, y, width, height;
    uint16_t confidence; /**< 0 to 1000; lines below the bar are kept and marked, never taken as fact */
    bool doubtful;       /**< below the bar */
    char language[12];   /**< BCP 47 tag by the identifier, "und" when it cannot be told; ends in NUL */
    uint32_t block;      /**< lines of one block of text share the number; blocks are in reading order */
};

struct picture_text {
    struct arena arena;
    enum outcome outcome;
    char format[8]; /**< "png", "jpeg", "gif", "webp", "tiff", "bmp", "svg", "avif", …; ends in NUL */
    uint32_t width, height;     /**< pixels, as stored */
    uint32_t frames;            /**< 1 when not animated */
    uint64_t perceptual_hash;   /**< 64-bit difference hash of the decoded picture; 0 when not decoded */
    struct picture_line *lines; /**< line_count, in reading order */
    size_t line_count;
    uint16_t confidence; /**< mean over the letters of lines that are not doubtful, 0 to 1000 */
    struct span models;  /**< the recognition models used, like "ukr+rus+pol+eng" */
    bool cut;            /**< lines were left out at a limit (number or time) */
    bool damaged;        /**< the file breaks off or is damaged; what could be decoded of it was read */
};

void picture_text_free(struct picture_text *text);

/** What became of a picture that was to be encoded anew; the PNG travels beside it. */
struct picture_copy {
    struct arena arena;
    enum outcome outcome;
    uint32_t width, height;                       /**< of the PNG */
    struct span software, taken, camera, comment; /**< what the file says of itself; may be empty */
    bool has_place;
    double latitude, longitude; /**< degrees */
};

void picture_copy_free(struct picture_copy *copy);

/* ---- change -------------------------------------------------------------------------------------------- */

enum change_kind { CHANGE_KEPT, CHANGE_MOVED, CHANGE_NEW, CHANGE_GONE, CHANGE_VOLATILE };

/** One block of the comparison; `text` is a copy in the change's own arena. */
struct change_block {
    enum change_kind kind;
    struct span text;
    enum origin origin;
    uint8_t heading;
    bool hidden; /**< a visitor does not see it: it counts in no share */
    bool maybe;  /**< as in struct block */
    bool layer;  /**< stands in a layer that covers the whole page */
    uint32_t letters;
    uint32_t place; /**< visible letters before it, on the page where it stands */
    double fresh; /**< share of it that is new: 1 for new text, less for an edited sentence, 0 for the rest */
};

/** What stayed, what went, what is new. Shares are 0 to 1. */
struct change {
    struct arena arena;
    bool has_baseline;
    struct change_block *blocks; /**< kept, moved, new and volatile in page order, then what is gone */
    size_t block_count;
    double kept;   /**< share of the baseline's lasting text that still stands, edited sentences in part */
    double words;  /**< share of the baseline's different lasting words (5 letters and more) that still stand:
                      a redesign cuts text anew but keeps names and terms */
    double anchor; /**< share of the text of the version last accepted by a person that still stands */
    double fresh;  /**< share of the page's text that is new */
    double structure; /**< share of the baseline's markup paths that still stand */
    double
        prominence;  /**< share of the first screen (the first 1,500 letters and all headings) that is new */
    double contacts; /**< share of the baseline's telephone numbers and mail addresses that still stand; -1
                        when it has none */
    double hosts;    /**< share of the other hosts the baseline links to that are still linked to; -1 when it
                        has none */
    bool title_changed;
    struct span old_title;
    struct span new_title;
    uint32_t lasting_letters;  /**< letters of the baseline's lasting text */
    uint32_t new_letters;      /**< letters of new text, pictures included */
    uint32_t volatile_letters; /**< letters of new text in places whose text changes by itself */
    uint32_t new_picture_letters;
    uint32_t page_letters; /**< letters of the page now, pictures included */
    uint32_t pictures_new; /**< pictures large enough to carry a message that the baseline does not know */
    uint32_t pictures_kept;
    uint32_t pictures_unread; /**< of the new ones, those whose text could not be read */
    uint32_t signs; /**< bits by enum page_sign: what the baseline does not know */
    struct host_list new_links, new_scripts, new_frames, new_forms; /**< hosts the baseline does not know */
    const void *cut; /**< the comparing step's own: the page as it was cut, for baseline_take(); or NULL */
};

void change_free(struct change *change);

/* ---- verdict ------------------------------------------------------------------------------------------- */

enum verdict_kind {
    VERDICT_NEW,
    VERDICT_UNCHANGED,
    VERDICT_EDITED,
    VERDICT_REPLACED,
    VERDICT_DEFACED,
    VERDICT_UNAVAILABLE,
    VERDICT_KIND_COUNT
};

/** "new", "unchanged", "edited", "replaced", "defaced", "unavailable". */
const char *verdict_name(enum verdict_kind kind);

struct language_share {
    char language[12]; /**< BCP 47; "und" for what cannot be told; ends in NUL */
    double share;      /**< of the letters, 0 to 1 */
    double confidence; /**< 0 to 1 */
};

struct reason {
    char code[32];    /**< stable, kebab-case; ends in NUL */
    struct span text; /**< a sentence for a person */
    double weight;    /**< in log-odds of `defaced`; negative speaks against */
};

struct verdict {
    struct arena arena;
    enum verdict_kind kind;
    double score;                     /**< probability of `defaced`, 0 to 1 */
    char cause[32];                   /**< for unavailable: why, like "refused", "maintenance"; else empty */
    struct language_share *languages; /**< language_count, by share descending */
    size_t language_count;
    struct reason *reasons; /**< reason_count, by |weight| descending */
    size_t reason_count;
    struct span message; /**< the new text, clipped, or the page's where nothing is new */
    enum origin message_origin;
};

void verdict_free(struct verdict *verdict);

/** True for a reason that speaks for this verdict: what a person is told first. Reasons against it stay in
 * the record. */
bool verdict_rests_on(const struct verdict *verdict, const struct reason *reason);

/* ---- incident ------------------------------------------------------------------------------------------ */

enum incident_state {
    INCIDENT_SUSPECTED,    /**< seen once; being looked at again */
    INCIDENT_CONFIRMED,    /**< certain; told */
    INCIDENT_ACKNOWLEDGED, /**< a person knows and works on it */
    INCIDENT_RECOVERED,    /**< over: the page says again what it said */
    INCIDENT_ACCEPTED,     /**< over: a person said that the page is as it should be */
    INCIDENT_DISMISSED,    /**< over: a second look did not find it */
    INCIDENT_STATE_COUNT
};

/** "suspected", "confirmed", "acknowledged", "recovered", "accepted", "dismissed". */
const char *incident_state_name(enum incident_state state);

enum { SKETCH_SIZE = 64 };

/** What a message is recognised by on another page: the smallest hashes of its runs of words. */
struct sketch {
    uint32_t at[SKETCH_SIZE]; /**< `count` of them, ascending, each once */
    uint32_t count;
};

/** What is wrong with one page, from the first suspicion to its end. Times are seconds since 1970, 0 for not
 * yet. */
struct incident {
    struct arena arena;
    int64_t id; /**< in the store, 1 and up; 0 until it has one */
    struct span url, name, group, contact;
    enum incident_state state;
    enum verdict_kind verdict; /**< the worst that was confirmed; while suspected, the worst that was seen */
    enum verdict_kind pending; /**< something worse that is being looked at again; VERDICT_NEW for nothing */
    enum verdict_kind last;    /**< of the last look */
    char cause[32];            /**< of `unavailable`; else empty */
    double score;              /**< of the look that decided */
    int64_t opened_s, confirmed_s, told_s, acked_s, escalated_s, closed_s;
    int64_t began_s;    /**< when the page became what `verdict` says: after opened_s for one that was down at
                           first, or came back */
    int64_t changed_s;  /**< when its state last changed */
    uint32_t looks;     /**< since it was opened */
    uint32_t bad, good; /**< looks in a row */
    uint32_t tries;     /**< looks for confirmation of what is pending */
    uint32_t flaps;     /**< how often it came back */
    uint32_t doubts;    /**< since it was over, suspicions that no second look found; not kept */
    uint32_t escalations;
    uint32_t weight;   /**< of the page, 1 to 10 */
    uint32_t severity; /**< 1 to 10 */
    bool moved; /**< it is served from elsewhere than before: address, signer of the certificate, foreign host
                 */
    bool cloaked;     /**< the page shows different faces to different visitors */
    bool untold;      /**< there is something to tell that waits (for siblings, for the end of a window) */
    int64_t campaign; /**< id; 0 for none */
    struct sketch sketch; /**< of the message */
    uint64_t pictures[4]; /**< beginnings of the digests of new pictures that carry text; 0 for none */
    uint64_t landing;     /**< hash of the foreign host that it leads to; 0 for none */
    struct span acked_by;
    struct span result; /**< JSON of the look that decided */
};

void incident_free(struct incident *incident);

/** Several incidents that belong together. */
struct campaign {
    int64_t id;
    bool outage; /**< pages that are down together; else taken over together */
    int64_t opened_s, changed_s, told_s, closed_s;
    uint32_t pages;      /**< incidents in it */
    uint32_t told_pages; /**< as many were told */
    uint32_t told_back;  /**< of them as many were told to be back */
    uint32_t tells;      /**< how often it was told */
};
