/* One result as the contract writes it: JSON for scripts. The field names are the product's promise; extend,
 * never rename. */
#pragma once

#include "pipeline/page.h"

#include <jansson.h>

/** How results are written: on one line, numbers with as many digits as mean something. */
#define RESULT_JSON_FORMAT (JSON_COMPACT | JSON_REAL_PRECISION(6))

enum {
    RESULT_BRIEF_BYTES = 400,
    RESULT_TEXT_BYTES = 33,         /* 32 digits and the NUL */
    RESULT_TEXT_CEILING = 64 << 20, /* bytes of text: above what a reader may answer */
};

/** What a result is made of; all borrowed. */
struct result {
    struct span url;   /**< or the path of a file */
    bool is_file;      /**< then JSON says `file` instead of `url` */
    struct span label; /**< of a replayed pair; may be empty */
    struct span name;  /**< of the page in the list; may be empty */
    int64_t at_s;
    const struct capture *capture; /**< NULL for files */
    const struct change *change;   /**< NULL when nothing could be read */
    const struct reading *reading; /**< NULL when nothing could be read */
    const struct verdict *verdict;
    bool brief;               /**< of the message only the beginning is wanted, RESULT_BRIEF_BYTES */
    unsigned pictures_lost;   /**< could not be read for a reason of ours */
    unsigned pictures_unseen; /**< left out at a limit */
    unsigned pictures_broken; /**< break off or are damaged: what could be decoded of them was read */
    unsigned pictures_cut;    /**< have more lines than were read */
    int64_t baseline_at_s;    /**< 0 when there was no baseline */
    uint32_t baseline_versions;
};

/** The result as a JSON object; NULL without memory. The caller owns the reference. */
json_t *result_json(const struct result *result);

/** Text as a JSON string: any bytes that are no UTF-8, and NUL, are replaced. NULL without memory. */
json_t *result_string(struct span text);

/** The object as one line without a line feed, owned by the caller (free()). NULL without memory. */
char *result_line(const struct result *result);

/** As result_line(), for keeping: of a page in order, whose text the baseline keeps, the beginning of the
 * message is enough; `text` stands for all that it says and runs (half a SHA-256, hexadecimal). */
char *result_line_kept(const struct result *result);
