/*
 * A dossier is what is kept of one moment of an incident: what the page said, what it had said, the pictures
 * with what was read in them, where it came from, and which files hold the proof. Reports and exports are
 * made from it, often years later and on another machine, so it is read as strictly as if a stranger had
 * sent it: nearly every word in it is an attacker's. The format is docs/EVIDENCE.md's.
 *
 * Members nobody knows are passed over, so that it can grow; a known one of a wrong form refuses it all.
 */
#pragma once

#include "pipeline/page.h"

struct json_t;

enum {
    DOSSIER_BYTES = 8 << 20, /* bytes of JSON: 256 KiB of blocks, each byte six when escaped, and pictures */
    DOSSIER_DEPTH = 8,       /* objects and lists inside one another: a line's box needs 6 */
    DOSSIER_ARENA_BYTES = 32 << 20, /* bytes of records: a block takes 30 bytes of JSON and 64 here */
    DOSSIER_LANGUAGES = 16,
    DOSSIER_FORMAT = 1,
};

enum dossier_moment { MOMENT_CONFIRMED, MOMENT_WORSE, MOMENT_RECOVERED, MOMENT_COUNT };

/** "confirmed", "worse", "recovered". */
const char *dossier_moment_name(enum dossier_moment moment);

struct dossier_reason {
    struct span code, text;
    double weight; /**< in log-odds; 0 when it is not said */
};

/** A stretch of the message in one language. */
struct dossier_stretch {
    size_t start, end; /**< bytes of `message`, between characters; ascending, never over one another */
    char language[12];
    double confidence; /**< 0 to 1 */
};

struct dossier_block {
    enum change_kind kind;
    struct span text, origin;
    int64_t heading; /**< 1 to 6; 0 for none */
    int64_t picture; /**< number of the picture it was read in, 1 and up; 0 for none */
    double fresh;    /**< share of it that is new */
    bool hidden;
};

struct dossier_hosts {
    const struct span *at; /**< `count` */
    size_t count;
};

struct dossier_line {
    struct span text;
    double x, y, width, height; /**< pixels of the original as displayed */
    double confidence;          /**< 0 to 1; -1 when it is not said */
    bool doubtful;
    char language[12]; /**< empty when it is not said */
};

struct dossier_picture {
    struct span url, sha256, format, perceptual_hash;
    int64_t width, height; /**< of the original, as displayed */
    bool fresh;            /**< new to the page */
    struct span file;      /**< of our PNG; a bare file name, or empty when none was kept */
    int64_t shown_width, shown_height;
    const struct dossier_line *lines; /**< line_count */
    size_t line_count;
    struct span software, taken, camera, comment; /**< what the picture says of itself: easily forged */
    bool has_place;
    double latitude, longitude; /**< degrees */
};

struct dossier_redirect {
    int64_t status;
    struct span from;
};

struct dossier_file {
    struct span file, sha256; /**< a bare file name; 64 hexadecimal digits */
    int64_t bytes;
};

/** All text is borrowed from `root`, well-formed UTF-8 without NUL. What was not said is empty, 0 or, for
 * shares, -1. */
struct dossier {
    struct arena arena;
    struct json_t *root; /**< owned */
    int64_t incident;
    enum dossier_moment moment;
    struct span at; /**< RFC 3339 */
    int64_t at_s;
    int64_t opened_s; /**< of the incident; 0 in dossiers that do not say it */
    struct span instance;
    struct span url, name, group, contact;

    enum verdict_kind verdict;
    double score;
    struct span cause;
    struct language_share languages[DOSSIER_LANGUAGES]; /**< language_count */
    size_t language_count;
    const struct dossier_reason *reasons; /**< reason_count, heaviest first */
    size_t reason_count;
    struct span message, origin;
    double kept, fresh, structure; /**< -1 without a baseline */
    int64_t status;
    struct span final_url, address;
    const struct dossier_redirect *redirects; /**< redirect_count */
    size_t redirect_count;
    struct span baseline_at; /**< empty without a baseline */
    int64_t baseline_versions;
    const struct dossier_stretch *stretches; /**< stretch_count */
    size_t stretch_count;

    struct span title_before, title_after;
    const struct dossier_block *blocks; /**< block_count, page order, what is gone last */
    size_t block_count;
    bool blocks_cut;
    struct dossier_hosts links, scripts, frames, forms;
    const struct dossier_picture *pictures; /**< picture_count */
    size_t picture_count;

    struct span content_type, server, etag;
    struct span certificate_sha256, certificate_subject, certificate_issuer;
    struct span certificate_from, certificate_until;
    const struct span *chain; /**< chain_count certificates in PEM, the server's own first */
    size_t chain_count;
    const struct dossier_file *files; /**< file_count */
    size_t file_count;
};

/** Where a stretch of the message begins for the eye: signs that stand before it without a space, as in
 * "<script>", belong to it. Never before the end of the stretch before. */
size_t dossier_stretch_start(const struct dossier *dossier, size_t index);

/** Takes a dossier apart. Returns 0 (dossier_free() is due), -EMSGSIZE, -EBADMSG for what is none or of
 * another format, or -ENOMEM. `*ret_why` is set on -EBADMSG: what is wrong, a constant. */
int dossier_parse(struct span json, struct dossier *ret_dossier, const char **ret_why);
void dossier_free(struct dossier *dossier);

/** True for the name of a file that may be opened in an evidence folder: letters, digits, '-', '_' and '.',
 * not beginning with '.'. */
bool dossier_is_file_name(struct span name);
