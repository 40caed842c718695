/*
 * What one look saw, taken out of it before it ends: the dossier as text, and everything that came over the
 * wire. It is made while the look ends and written much later, in another process, if the incident is
 * confirmed.
 */
#pragma once

#include "watch/visit.h"

enum {
    EXHIBIT_BLOCK_BYTES = 256 << 10, /* bytes of blocks in a dossier: a long page has 100 KB */
    EXHIBIT_LINES = 400,             /* lines of one picture */
    EXHIBIT_PICTURES = 40,           /* pictures in a dossier: as many are fetched */
    EXHIBIT_COPIES = 12,             /* pictures encoded anew */
    EXHIBIT_BLOCK = 16 << 10,        /* bytes of one block */
    EXHIBIT_LINE_BYTES = 256 << 10,  /* bytes of lines of all pictures */
    EXHIBIT_TEXT = 4 << 10,          /* bytes of a title or an address */
    EXHIBIT_HOSTS = 200,             /* hosts of a kind that are new */
    EXHIBIT_HEADS = 4 << 20,         /* bytes of HTTP heads: a page and its pictures have 50 KB */
    EXHIBIT_BYTES = 24 << 20, /* bytes of an exhibit, what is held apart: more than all of these, escaped */
};

/** A picture that is new to the page, to be encoded anew. */
struct exhibit_picture {
    struct hoarded *bytes; /**< owned */
    size_t index;          /**< in the dossier's list */
};

/** What one address gave. */
struct exhibit_answer {
    struct keep_answer answer; /**< without the body */
    struct hoarded *body;      /**< owned; NULL when there is none */
};

struct exhibit {
    struct arena arena;
    int64_t at_s;
    enum verdict_kind verdict;
    struct span dossier; /**< JSON; without incident, moment and the pictures' files */
    struct span result;  /**< JSON of the look */
    struct exhibit_answer *answers;
    size_t answer_count;
    struct exhibit_picture *pictures; /**< in order of the page */
    size_t picture_count;
    size_t head_bytes;
};

/** Who is asked about the page, and in which group it is. */
struct exhibit_page {
    struct span group, contact;
};

/** Takes what is needed out of a look that ends. Returns 0 or -ENOMEM. */
int exhibit_new(const struct visit_end *end, const struct exhibit_page *page,
                const struct languages *languages, struct exhibit **ret_exhibit);
void exhibit_free(struct exhibit *exhibit);

/** Bytes of memory it takes, what is held apart. */
size_t exhibit_size(const struct exhibit *exhibit);
