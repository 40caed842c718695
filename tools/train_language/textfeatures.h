/* The features of a training text, exactly those the identifier will look at. */
#pragma once

#include "dictionary.h"
#include "pipeline/identify/wordscan.h"

enum { TEXTFEATURES_MAX = 4096, TEXTFEATURES_WORDS_MAX = 256 };

struct textfeatures {
    uint32_t numbers[TEXTFEATURES_MAX];
    unsigned length;
    uint8_t around[TEXTFEATURES_WORDS_MAX]; /* of each word */
    unsigned words;
};

/* Counts the features of the words of `group` in the text. */
void textfeatures_count(struct dictionary *dictionary, enum letters_class group, const char *text,
                        size_t size);

void textfeatures_find(const struct dictionary *dictionary, enum letters_class group, const char *text,
                       size_t size, struct textfeatures *ret_features);
