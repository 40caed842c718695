/* What the word lists say, as first weights. A list word is drawn only a few times in the whole training, too
 * few to learn its weight from nothing; how often each language uses it is known from the start. Training
 * corrects the rest. */
#include <math.h>
#include <stdlib.h>

#include "learner.h"
#include "pipeline/identify/ngram.h"

static const double least_share = 1.5e-6; /* of a word that a language's list does not have */
static const double strength = 0.5;       /* of the log of the shares: letters say part of the same */
static const double most = 2.5;           /* nats */

static uint32_t number_of(const struct learner *learner, const struct corpus_text *text)
{
    struct wordscan scan;
    struct wordscan_word word;
    uint64_t key = LETTERS_EDGE;

    wordscan_start(&scan, text->at, text->size);
    if (!wordscan_next(&scan, &word) || word.group != learner->group || word.length < NGRAM_WORD_SHORTEST)
        return 0;
    for (unsigned i = 0; i < word.length; i++)
        key = ngram_word_step(key, word.ids[i]);
    key = ngram_word_step(key, LETTERS_EDGE);
    return wordscan_next(&scan, &word) ? 0 : dictionary_find(&learner->dictionary, ngram_word_key(key), 0);
}

static void add_shares(const struct learner *learner, const struct corpus_language *language, float *shares)
{
    double sum = 0;

    for (size_t i = 0; i < language->words.length; i++)
        sum += language->words.at[i].count;
    for (size_t i = 0; i < language->words.length && sum > 0; i++) {
        uint32_t number = number_of(learner, &language->words.at[i]);

        if (number)
            shares[(size_t)number * learner->lanes + language->lane] +=
                (float)(language->words.at[i].count / sum);
    }
}

static int has_list(const struct corpus_language *language, const struct learner *learner)
{
    return language->group == learner->group && language->made == CORPUS_AS_IS && language->words.length > 0;
}

static void weigh(const float *shares, const uint8_t *listed, unsigned lanes, float *ret_weights)
{
    double logs[LANGMODEL_LANES_MAX], mean = 0, count = 0;

    for (unsigned l = 0; l < lanes; l++) {
        logs[l] = log((double)shares[l] + least_share);
        mean += listed[l] * logs[l];
        count += listed[l];
    }
    for (unsigned l = 0; l < lanes; l++)
        if (listed[l])
            ret_weights[l] = (float)fmax(-most, fmin(most, strength * (logs[l] - mean / count)));
}

void learner_head_start(struct learner *learner)
{
    float *shares = calloc((size_t)learner->rows * learner->lanes, sizeof *shares);
    uint8_t listed[LANGMODEL_LANES_MAX] = {0};

    if (!shares)
        abort();
    for (unsigned i = 1; i < learner->corpus->count; i++)
        if (has_list(&learner->corpus->languages[i], learner)) {
            listed[learner->corpus->languages[i].lane] = 1;
            add_shares(learner, &learner->corpus->languages[i], shares);
        }
    for (uint32_t row = DICTIONARY_FIRST; row < learner->rows; row++) {
        const float *share = shares + (size_t)row * learner->lanes;
        float sum = 0;

        for (unsigned l = 0; l < learner->lanes; l++)
            sum += share[l];
        if (sum > 0)
            weigh(share, listed, learner->lanes, learner->weights + (size_t)row * learner->lanes);
    }
    free(shares);
}
