/* The features of a training text, exactly those the identifier will look at. */
#pragma once

#include "dice.h"
#include "dictionary.h"
#include "pipeline/identify/wordscan.h"

enum { FEATURES_MAX = 4096, FEATURES_WORDS_MAX = 256 };

struct features {
    uint32_t numbers[FEATURES_MAX];
    unsigned length;
    uint8_t around[FEATURES_WORDS_MAX]; /* of each word */
    unsigned words;
};

/* Counts the features of the words of `group` in the text. */
void features_count(struct dictionary *dictionary, enum letters_class group, const char *text, size_t size);

/* With `dropout` some words lose their longest runs, as if they had never been seen. */
void features_find(const struct dictionary *dictionary, enum letters_class group, const char *text,
                   size_t size, struct dice *dropout, struct features *ret_features);
