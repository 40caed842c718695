/* From a feature's key to its number: the n-grams and words seen often enough in the training texts. */
#pragma once

#include <stdint.h>

/* Numbers 0-3 stand for unknown runs of 3, 4, 5 letters and unknown words (rows 0-3 of the model), 4 for an
 * unknown pair. */
enum { DICTIONARY_MISS_PAIR = 4, DICTIONARY_FIRST = 5 };

struct dictionary_entry {
    uint64_t key; /* 0: free */
    uint32_t count;
    uint32_t number;
};

struct dictionary {
    struct dictionary_entry *entries;
    uint64_t mask, used;
    uint32_t numbers; /* one more than the highest number given */
};

void dictionary_create(struct dictionary *dictionary);
void dictionary_free(struct dictionary *dictionary);

/* Counts one more of `key`. */
void dictionary_count(struct dictionary *dictionary, uint64_t key);

/* How often it was counted. */
uint32_t dictionary_counted(const struct dictionary *dictionary, uint64_t key);

/* Gives numbers to the keys counted at least `least` times, in an order that depends on nothing but the
 * counting; the others are forgotten. */
void dictionary_number(struct dictionary *dictionary, uint32_t least);

/* Forgets the keys whose number has keep[number] == 0 and numbers the rest anew; ret_old[new number] is the
 * old one. */
void dictionary_keep(struct dictionary *dictionary, const uint8_t *keep, uint32_t *ret_old);

/* The key's number, or `miss`. */
uint32_t dictionary_find(const struct dictionary *dictionary, uint64_t key, uint32_t miss);
