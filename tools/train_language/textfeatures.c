/* Walks the words of a text like src/pipeline/identify/wordscore.c does; a difference between the two would
 * make the model worse without any error, so the trainer measures its accuracy through the library. */
#include "textfeatures.h"

#include "pipeline/identify/ngram.h"

typedef void take_function(void *context, uint64_t key, unsigned kind); /* kind: the number for a miss */

static void walk_letters(const struct wordscan_word *word, take_function *take, void *context)
{
    uint64_t recent = LETTERS_EDGE, whole = LETTERS_EDGE;

    for (unsigned i = 0; i <= word->length; i++) {
        uint8_t id = i < word->length ? word->ids[i] : LETTERS_EDGE;

        recent = recent << 8 | id;
        whole = ngram_word_step(whole, id);
        take(context, ngram_key(recent, 2), DICTIONARY_MISS_PAIR);
        for (unsigned letters = NGRAM_SHORTEST; letters <= NGRAM_LONGEST && letters <= i + 2; letters++)
            take(context, ngram_key(recent, letters), letters - NGRAM_SHORTEST);
    }
    if (word->length >= NGRAM_WORD_SHORTEST)
        take(context, ngram_word_key(whole), 3);
}

static void walk_han(const uint8_t *at, const uint8_t *end, take_function *take, void *context)
{
    uint32_t before = 0;
    unsigned length;

    for (; at < end; at += length) {
        letters_entry entry = letters_at(at, end, &length);

        if (letters_class(entry) != LETTERS_HAN)
            continue;
        take(context, ngram_han_key(0, ngram_point(at, length)), 0);
        if (before)
            take(context, ngram_han_key(before, ngram_point(at, length)), 1);
        before = ngram_point(at, length);
    }
}

static void walk_word(const char *text, const struct wordscan_word *word, take_function *take, void *context)
{
    const uint8_t *bytes = (const uint8_t *)text;

    if (word->group == LETTERS_HAN)
        walk_han(bytes + word->start, bytes + word->end, take, context);
    else
        walk_letters(word, take, context);
}

static void take_count(void *context, uint64_t key, unsigned kind)
{
    (void)kind;
    dictionary_count(context, key);
}

void textfeatures_count(struct dictionary *dictionary, enum letters_class group, const char *text,
                        size_t size)
{
    struct wordscan scan;
    struct wordscan_word word;

    wordscan_start(&scan, text, size);
    while (wordscan_next(&scan, &word))
        if (word.group == group)
            walk_word(text, &word, take_count, dictionary);
}

struct finding {
    const struct dictionary *dictionary;
    struct textfeatures *features;
};

static void take_find(void *context, uint64_t key, unsigned kind)
{
    struct finding *finding = context;
    struct textfeatures *features = finding->features;

    if (features->length == TEXTFEATURES_MAX)
        return;
    features->numbers[features->length++] = dictionary_find(finding->dictionary, key, kind);
}

void textfeatures_find(const struct dictionary *dictionary, enum letters_class group, const char *text,
                       size_t size, struct textfeatures *ret_features)
{
    struct finding finding = {dictionary, ret_features};
    struct wordscan scan;
    struct wordscan_word word;

    ret_features->length = ret_features->words = 0;
    wordscan_start(&scan, text, size);
    while (wordscan_next(&scan, &word) && ret_features->words < TEXTFEATURES_WORDS_MAX) {
        if (word.group != group)
            continue;
        ret_features->around[ret_features->words++] = word.around;
        walk_word(text, &word, take_find, &finding);
    }
}
