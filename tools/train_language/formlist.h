/* The forms of spelling dictionaries and the words met on web pages, as tools/word-forms writes them, and how
 * likely each is met in a text. */
#pragma once

#include "corpus.h"

/* Bits: what is known of a form. Pages have names, slips and foreign words too. */
enum formlist_grade { FORMLIST_WRITTEN = 1, FORMLIST_SPELLED = 2, FORMLIST_GRADES = 4 };

struct formlist_form {
    const char *at;
    uint64_t key; /* of ngram.h, as the identifier computes it */
    float chance; /* of being met, as a share of what is met of its language's dictionary */
    uint16_t size;
    uint16_t ending; /* its last two letters */
    uint8_t lane;
    uint8_t grade; /* enum formlist_grade */
    uint8_t rank;  /* how well the training texts know it and the other forms of its entry */
};

struct formlist {
    struct formlist_form *at; /* sorted by key, then lane; no form of a language twice */
    size_t length, room;
};

/* Reads FOLDER/TAG.txt and FOLDER/TAG.written.txt of every language of `group` that is there. Returns 0, or
 * -1 with a message on standard error if there is none. */
int formlist_load(struct formlist *list, const struct corpus *corpus, enum letters_class group,
                  const char *folder);

void formlist_free(struct formlist *list);

/* The key of the only word of a text that is long enough to have one; 0 if there is none. */
uint64_t formlist_key(const char *text, size_t size, enum letters_class group, uint16_t *ret_ending);
