/* Which languages a word belongs to, for words that spelling dictionaries or web pages know and letters leave
 * open: 16 bits a word, the number of a row of weights, in a table without keys. The table is solved so that
 * three of its slots, at places that the word's key tells, xor to the word's number (binary fuse filter, Graf
 * and Lemire 2022).
 *
 * The danger: a word that is not in the table gets a number by chance. Of 65,536 numbers only 256 have a row;
 * with fewer bits there would be room for more words, but they would not make up for the strange ones. */
#pragma once

#include <stdint.h>

#include "pipeline/identify/ngram.h"

enum {
    WORDFORMS_ROWS = 256,     /* row 0 is zero; numbers from here on mean nothing either */
    WORDFORMS_SEGMENT = 8192, /* slots; the places of a word lie in three neighbouring segments */
    WORDFORMS_SEGMENTS_LEAST = 3
};

struct wordforms_places {
    uint32_t at[3];
};

/* `slots` is a multiple of WORDFORMS_SEGMENT, of at least three. */
static inline struct wordforms_places wordforms_find(uint64_t key, uint32_t slots)
{
    uint64_t hash = (key ^ (key >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
    uint32_t first, inside;

    hash ^= hash >> 32;
    hash *= UINT64_C(0x9E3779B97F4A7C15);
    first = (uint32_t)(((hash >> 32) * (slots - 2 * WORDFORMS_SEGMENT)) >> 32);
    inside = (uint32_t)(hash ^ (hash >> 29));
    return (struct wordforms_places){
        {first, (first + WORDFORMS_SEGMENT) ^ (inside % WORDFORMS_SEGMENT),
         (first + 2 * WORDFORMS_SEGMENT) ^ (inside / WORDFORMS_SEGMENT % WORDFORMS_SEGMENT)}};
}

/* The word's row. */
static inline uint32_t wordforms_row(const uint16_t *table, const struct wordforms_places *places)
{
    uint32_t number = (uint32_t)(table[places->at[0]] ^ table[places->at[1]] ^ table[places->at[2]]);

    return number < WORDFORMS_ROWS ? number : 0;
}
