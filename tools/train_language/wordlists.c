/* Nearly half of the Ukrainian list is Russian. A word is judged by how much of its count such a mixture
 * explains, not by which language uses it more: else the true words of Russian would be dropped because they
 * stand in the Ukrainian list, and the shared words of Macedonian and Bulgarian because one of them says them
 * more often.
 *
 * The mixture is measured: of words at home in language B and not in A, the median of A's share by B's. */
#include "wordlists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dictionary.h"
#include "pipeline/identify/ngram.h"
#include "pipeline/identify/wordscan.h"

enum { WORDS_MAX = 1 << 22, RATIOS_MAX = 1 << 14, RATIOS_LEAST = 50, LANGUAGES = CORPUS_LANGUAGES_MAX };

static const double mixture_least = 0.05; /* less is chance */
static const double mixture_most = 0.7;   /* more is one language under two names, as Croatian and Bosnian */
static const double mixture_slack = 1.1;  /* the share of one word varies around the median */
static const double own_least = 0.4;      /* a word with less of its count left is not the language's own */
static const double telling_share = 2e-5; /* words that a mixture is measured by are at least so common */
/* A name or a slip: another language uses it that much more often; the second for words that the language's
 * own sentences do not have. */
static const double foreign_factor = 40, foreign_factor_unseen = 20;

struct known_word {
    struct corpus_text *text;
    double share; /* of its language's list */
    unsigned language;
    int at_home; /* seen in the language's sentences */
};

struct cleaning {
    struct corpus *corpus;
    struct known_word *known; /* sorted by text */
    size_t length;
    double mixture[LANGUAGES][LANGUAGES]; /* how much of the first's list is the second's */
};

static void *take_room(size_t count, size_t size)
{
    void *room = calloc(count, size);

    if (!room)
        abort();
    return room;
}

static int compare_known(const void *a, const void *b)
{
    const struct known_word *left = a, *right = b;
    uint32_t size = left->text->size < right->text->size ? left->text->size : right->text->size;
    int order = memcmp(left->text->at, right->text->at, size);

    if (order == 0)
        order = (left->text->size > right->text->size) - (left->text->size < right->text->size);
    return order ? order : (left->language > right->language) - (left->language < right->language);
}

static uint64_t key_of(const char *text, size_t size)
{
    struct wordscan scan;
    struct wordscan_word word;
    uint64_t key = LETTERS_EDGE;

    wordscan_start(&scan, text, size);
    while (wordscan_next(&scan, &word))
        for (unsigned i = 0; i < word.length; i++)
            key = ngram_word_step(key, word.ids[i]);
    return ngram_word_key(key);
}

static void count_sentence_words(const struct corpus_language *language, struct dictionary *ret_counts)
{
    struct wordscan scan;
    struct wordscan_word word;

    dictionary_create(ret_counts);
    for (size_t i = 0; i < language->lines.length; i++) {
        const struct corpus_text *line = &language->lines.at[i];

        wordscan_start(&scan, line->at, line->size);
        while (wordscan_next(&scan, &word))
            dictionary_count(ret_counts, key_of(line->at + word.start, word.end - word.start));
    }
    dictionary_number(ret_counts, 2);
}

static double sum_counts(const struct corpus_texts *words)
{
    double sum = 0;

    for (size_t i = 0; i < words->length; i++)
        sum += words->at[i].count;
    return sum;
}

static void gather_texts(struct cleaning *cleaning, const struct corpus_texts *words, unsigned language,
                         double sum, const struct dictionary *home)
{
    if (cleaning->length + words->length > WORDS_MAX)
        abort();
    for (size_t i = 0; i < words->length; i++) {
        struct corpus_text *text = &words->at[i];

        cleaning->known[cleaning->length++] = (struct known_word){
            text, text->count / sum, language, dictionary_find(home, key_of(text->at, text->size), 0) != 0};
    }
}

static int takes_part(const struct corpus_language *language, unsigned group)
{
    return language->group == group && language->made == CORPUS_AS_IS && corpus_has_counts(language);
}

static void gather_words(struct cleaning *cleaning, unsigned group)
{
    for (unsigned l = 0; l < cleaning->corpus->count; l++) {
        struct corpus_language *language = &cleaning->corpus->languages[l];
        struct dictionary home;
        double sum;

        if (!takes_part(language, group))
            continue;
        sum = sum_counts(&language->words) + sum_counts(&language->held_words);
        count_sentence_words(language, &home);
        gather_texts(cleaning, &language->words, l, sum, &home);
        gather_texts(cleaning, &language->held_words, l, sum, &home);
        dictionary_free(&home);
    }
    qsort(cleaning->known, cleaning->length, sizeof *cleaning->known, compare_known);
}

/* One more than the last of the words that are the same as known[from]. */
static size_t end_of_same(const struct cleaning *cleaning, size_t from)
{
    const struct corpus_text *first = cleaning->known[from].text;
    size_t end = from + 1;

    while (end < cleaning->length && cleaning->known[end].text->size == first->size &&
           memcmp(cleaning->known[end].text->at, first->at, first->size) == 0)
        end++;
    return end;
}

static int compare_doubles(const void *a, const void *b)
{
    const double *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* Of words at home in one language, the shares in the others by its own. */
struct ratios {
    double of[LANGUAGES][RATIOS_MAX];
    size_t count[LANGUAGES];
};

/* Of one word, known[from..to-1], whose share in `theirs` is known. */
static void add_ratios(const struct cleaning *cleaning, size_t from, size_t to,
                       const struct known_word *theirs, struct ratios *ratios)
{
    double of[LANGUAGES] = {0};

    for (size_t i = from; i < to; i++)
        of[cleaning->known[i].language] =
            cleaning->known[i].at_home ? -1 : cleaning->known[i].share / theirs->share;
    for (unsigned a = 0; a < cleaning->corpus->count; a++)
        if (of[a] >= 0 && ratios->count[a] < RATIOS_MAX)
            ratios->of[a][ratios->count[a]++] = of[a];
}

static void gather_ratios(const struct cleaning *cleaning, unsigned b, struct ratios *ret_ratios)
{
    size_t end;

    memset(ret_ratios->count, 0, sizeof ret_ratios->count);
    for (size_t from = 0; from < cleaning->length; from = end) {
        end = end_of_same(cleaning, from);
        for (size_t i = from; i < end; i++) {
            const struct known_word *word = &cleaning->known[i];

            if (word->language == b && word->at_home && word->share >= telling_share)
                add_ratios(cleaning, from, end, word, ret_ratios);
        }
    }
}

static double middle_of(struct ratios *ratios, unsigned a)
{
    double middle;

    if (ratios->count[a] < RATIOS_LEAST)
        return 0;
    qsort(ratios->of[a], ratios->count[a], sizeof(double), compare_doubles);
    middle = ratios->of[a][ratios->count[a] / 2];
    return middle < mixture_least || middle > mixture_most ? 0 : middle;
}

static void measure_mixtures(struct cleaning *cleaning, unsigned group)
{
    const struct corpus_language *languages = cleaning->corpus->languages;
    struct ratios *ratios = take_room(1, sizeof *ratios);

    for (unsigned b = 0; b < cleaning->corpus->count; b++) {
        if (!takes_part(&languages[b], group))
            continue;
        gather_ratios(cleaning, b, ratios);
        for (unsigned a = 0; a < cleaning->corpus->count; a++) {
            if (a == b || !takes_part(&languages[a], group))
                continue;
            cleaning->mixture[a][b] = middle_of(ratios, a);
            if (cleaning->mixture[a][b] > 0)
                fprintf(stderr, "train-language: %.2f of the word list of %s is %s\n",
                        cleaning->mixture[a][b], languages[a].tag, languages[b].tag);
        }
    }
    free(ratios);
}

static uint32_t own_count(const struct cleaning *cleaning, size_t from, size_t to,
                          const struct known_word *word)
{
    double explained = 0, best = 0, left;

    for (size_t i = from; i < to; i++) {
        const struct known_word *other = &cleaning->known[i];
        double theirs = cleaning->mixture[word->language][other->language];

        if (other == word)
            continue;
        explained += mixture_slack * theirs * other->share;
        if (cleaning->mixture[other->language][word->language] <= 0 && other->share > best)
            best = other->share;
    }
    left = 1 - explained / word->share;
    if (left < own_least || best > word->share * (word->at_home ? foreign_factor : foreign_factor_unseen))
        return 0;
    return (uint32_t)(word->text->count * left);
}

static void set_counts(struct cleaning *cleaning)
{
    uint32_t counts[LANGUAGES];
    size_t end;

    for (size_t from = 0; from < cleaning->length; from = end) {
        end = end_of_same(cleaning, from);
        for (size_t i = from; i < end && i - from < LANGUAGES; i++)
            counts[i - from] = own_count(cleaning, from, end, &cleaning->known[i]);
        for (size_t i = from; i < end && i - from < LANGUAGES; i++)
            cleaning->known[i].text->count = counts[i - from];
    }
}

/* Held-out words are drawn without regard to their counts. */
static void take_out_zeros(struct corpus_texts *words)
{
    size_t kept = 0;

    for (size_t i = 0; i < words->length; i++)
        if (words->at[i].count > 0)
            words->at[kept++] = words->at[i];
    words->length = kept;
}

void wordlists_clean(struct corpus *corpus, unsigned group)
{
    struct cleaning *cleaning = take_room(1, sizeof *cleaning);

    cleaning->corpus = corpus;
    cleaning->known = take_room(WORDS_MAX, sizeof *cleaning->known);
    gather_words(cleaning, group);
    measure_mixtures(cleaning, group);
    set_counts(cleaning);
    for (unsigned l = 0; l < corpus->count; l++)
        if (takes_part(&corpus->languages[l], group))
            take_out_zeros(&corpus->languages[l].held_words);
    free(cleaning->known);
    free(cleaning);
}

static void copy_texts(const struct corpus_texts *from, struct corpus_texts *to)
{
    to->length = 0;
    for (size_t i = 0; i < from->length; i++)
        to->at[to->length++] = from->at[i];
}

void wordlists_copy(struct corpus *corpus)
{
    for (unsigned made = 0; made < corpus->count; made++)
        for (unsigned from = 0; from < corpus->count; from++) {
            struct corpus_language *to = &corpus->languages[made];
            const struct corpus_language *source = &corpus->languages[from];

            if (to->made == CORPUS_AS_IS || to->made == CORPUS_JUNK || source->made != CORPUS_AS_IS ||
                !source->source || strcmp(source->source, to->source) != 0)
                continue;
            copy_texts(&source->words, &to->words);
            copy_texts(&source->held_words, &to->held_words);
        }
}
