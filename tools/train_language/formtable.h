/* Solves the table of src/pipeline/identify/wordforms.h. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct formtable_word {
    uint64_t key;
    uint8_t number; /* of its row, not 0 */
};

/* Fills `table` of `slots` so that every word gets its number. No key may occur twice. Returns 0, or -1
 * if there are too many words for it. */
int formtable_solve(const struct formtable_word *words, size_t count, uint16_t *table, uint32_t slots);
