/* The texts measured on: DATA/dev/{single-words,word-pairs,sentences}/TAG.txt, one text a line. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { TEXTS_LANGUAGES_MAX = 80 };

enum texts_kind { TEXTS_WORDS, TEXTS_PAIRS, TEXTS_SENTENCES, TEXTS_KINDS };

struct texts_line {
    const char *at;
    size_t size;
};

struct texts {
    char tag[12];
    struct texts_line *lines[TEXTS_KINDS];
    size_t count[TEXTS_KINDS];
};

/* Fills the array, sorted by tag, and returns its length; 0 with a message on standard error. */
size_t texts_load(const char *data, struct texts ret_texts[TEXTS_LANGUAGES_MAX]);

const struct texts *texts_find(const struct texts *texts, size_t count, const char *tag);
