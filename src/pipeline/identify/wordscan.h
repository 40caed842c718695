/* A text as words: the only reader of raw bytes in the identifier, shared with the trainer so that both see
 * the same words. Look-alike letters are folded here, because the word and its neighbours tell which script
 * is meant: one Latin "o" in a Cyrillic word is a disguise or a typing error, a Latin word in a Cyrillic line
 * is a word. */
#pragma once

#include "pipeline/identify/letters.h"

enum {
    WORDSCAN_LETTERS_MAX = 60,  /* letters of one word; longer runs are cut: longer than any word of prose */
    WORDSCAN_LOOKAHEAD_MAX = 96 /* bytes searched for the script of the next telling letter */
};

/* What stands directly around a word, for telling prose from code; bits of wordscan_word.around. */
enum {
    WORDSCAN_LEFT_SHIFT = 0,  /* 2 bits: 0 space, 1 symbol, 2 code, 3 digit */
    WORDSCAN_RIGHT_SHIFT = 2, /* 2 bits, the same */
    WORDSCAN_CAMEL = 16,      /* a capital after a small letter */
    WORDSCAN_DIGITS = 32,     /* digits between its letters */
    WORDSCAN_AROUND_COUNT = 64
};

/* What came between this word and the one before it; the switch of language is likelier after some. */
enum wordscan_gap {
    WORDSCAN_GAP_NONE,
    WORDSCAN_GAP_SPACE,
    WORDSCAN_GAP_SYMBOL,
    WORDSCAN_GAP_STOP,
    WORDSCAN_GAP_LINE
};

struct wordscan_word {
    size_t start, end; /* bytes */
    uint8_t group;     /* enum letters_class, LETTERS_LATIN or above */
    uint8_t length;    /* entries of ids, or characters of a Han or direct run */
    uint8_t letters;   /* how many of them are letters */
    uint8_t around;
    uint8_t gap;                           /* enum wordscan_gap */
    uint8_t capital;                       /* begins with a capital and goes on with a small letter */
    uint8_t direct;                        /* enum letters_direct, for LETTERS_DIRECT */
    uint8_t ids[WORDSCAN_LETTERS_MAX + 4]; /* without edges; nothing for Han and direct runs */
};

struct wordscan {
    const uint8_t *bytes, *end, *at;
    uint8_t left;   /* class code of the character before `at` */
    uint8_t gap;    /* worst gap seen since the last word */
    uint8_t script; /* script of the last telling letter in this line, or 0 */
    uint8_t mixed;  /* a word of mixed scripts was seen in this text */
    size_t
        signs; /* code signs so far that had no space on either side, as programs have many and prose few */
};

void wordscan_start(struct wordscan *scan, const void *bytes, size_t size);

/* Nonzero while there is a word. */
int wordscan_next(struct wordscan *scan, struct wordscan_word *ret_word);

/* Whether the word is a Roman number of two signs or more, in Latin capitals. Of no language; and the signs
 * of most have twins, so that in a Cyrillic line it would pass for Ukrainian. */
int wordscan_is_number(const struct wordscan *scan, const struct wordscan_word *word);

/* Whether the word read last begins a web address; then moves behind the address. */
int wordscan_skip_address(struct wordscan *scan, const struct wordscan_word *word);

/* Passes over up to `words` words of letters of `group` without reading them, to the next space; stops before
 * a letter of another script. Returns the letters passed. */
size_t wordscan_skip(struct wordscan *scan, unsigned group, unsigned words);
