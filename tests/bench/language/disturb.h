/* Texts as they arrive: with reading errors and disguised. Not the generator the model was trained with. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { DISTURB_BYTES_MAX = 1 << 16 };

/* Chance with a seed of its own. */
struct disturb_dice {
    uint64_t state;
};

uint32_t disturb_below(struct disturb_dice *dice, uint32_t below);

/* Every letter is wrong with a probability of `percent`: two thirds replaced by a letter of `alphabet`, one
 * sixth lost, one sixth doubled by a letter of it. Returns the new size. */
size_t disturb_letters(const char *text, size_t size, const char *alphabet, unsigned percent,
                       struct disturb_dice *dice, char ret_text[DISTURB_BYTES_MAX]);

/* Every letter that has a twin in the other script (Latin, Cyrillic) is replaced by it. */
size_t disturb_twins(const char *text, size_t size, char ret_text[DISTURB_BYTES_MAX]);

/* Polish without its diacritics. */
size_t disturb_plain(const char *text, size_t size, char ret_text[DISTURB_BYTES_MAX]);

/* Latin and Cyrillic in capitals. */
size_t disturb_upper(const char *text, size_t size, char ret_text[DISTURB_BYTES_MAX]);
