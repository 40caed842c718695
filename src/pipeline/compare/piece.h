/*
 * A page's text cut into pieces, about a sentence each, so that one edited word does not make a whole article
 * new. A piece is known again by the hash of its folded text: letters in lower case, digits all alike (dates
 * and counters change without anybody's doing, telephone numbers stay as they are), punctuation gone.
 */
#pragma once

#include "base/arena.h"
#include "pipeline/page.h"

/** One word: the hash of its folded letters and of the first six of them (its stem, near enough). */
struct piece_word {
    uint32_t full;
    uint32_t stem;
    uint32_t letters;
};

struct piece {
    uint64_t hash;    /**< of the folded text */
    struct span text; /**< as it stands in the block, borrowed from the reading */
    uint32_t block;   /**< index of its block in the reading */
    uint32_t letters;
    uint32_t place;      /**< visible letters of the page before it */
    uint32_t path;       /**< where it stands: the low bits of its block's path */
    uint32_t first_word; /**< its words stand at words[first_word], word_count of them */
    uint32_t word_count;
    enum origin origin;
    uint8_t heading;
    bool counts; /**< a visitor sees it: it takes part in the shares */
};

/** The pieces of one page, in order. */
struct piece_list {
    struct piece *at;
    size_t count;
    size_t room;
    size_t unseen; /* pieces that no visitor sees */
    bool cut;      /* there was more text than is looked at */
    struct piece_word *words;
    size_t word_count;
    size_t word_room;
    uint32_t *contacts; /**< hashes of telephone numbers and mail addresses, in order, not each once */
    size_t contact_count;
    size_t contact_room;
};

/** The pieces of a page. Everything lives in `arena`. Returns 0 or -ENOMEM. */
int piece_read(const struct reading *reading, struct arena *arena, struct piece_list *ret_list);

/** The pieces (and words) of one text; for the remembered text of a baseline. Appends to `list`. */
int piece_add(struct span text, struct arena *arena, struct piece_list *list);

/** 32 bits of a path: enough to tell the few hundred places of one page apart. */
static inline uint32_t piece_path(uint64_t path)
{
    return (uint32_t)(path ^ path >> 32);
}
