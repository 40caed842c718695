/* Multinomial logistic regression by stochastic gradient descent with one AdaGrad step size per row (Duchi,
 * Hazan, Singer 2011). Three passes: with all features, to learn which ones matter; with those that got a
 * slot in the model's table, so that nothing leans on a feature that is not there; and with rows shared by
 * clusters and rounded as the file stores them, so that the loss of precision is learnt away.
 *
 * One thread trains one group and draws from its own dice: the result does not depend on timing. */
#include "learner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "pipeline/identify/ngram.h"
#include "sample.h"

static const float step_size = 0.25f;
static const float smoothing =
    0.005f; /* of the wanted answer, spread over the other lanes: texts are mislabelled */
static const float learnt_enough = 5e-4f; /* squared gradient of a text that teaches nothing more */
static const float junk_share = 0.10f;    /* of a group's samples */
static const float weight_max = 31.0f / LANGMODEL_NATS;

struct chances {
    unsigned language[CORPUS_LANGUAGES_MAX];
    double ladder[CORPUS_LANGUAGES_MAX];
    unsigned count;
};

/* Zeroed. Hundreds of megabytes looked into at random: with small pages most of the time would go into
 * finding them. */
static void *take_room(size_t count, size_t size)
{
    const size_t page = 2 << 20, bytes = (count * size + page - 1) / page * page;
    void *room = aligned_alloc(page, bytes ? bytes : page);

    if (!room)
        abort();
    madvise(room, bytes, MADV_HUGEPAGE);
    memset(room, 0, bytes ? bytes : page);
    return room;
}

static void list_chances(const struct learner *learner, struct chances *chances)
{
    double sum = 0;

    chances->count = 0;
    for (unsigned i = 1; i < learner->corpus->count; i++) {
        if (learner->corpus->languages[i].group != learner->group ||
            learner->corpus->languages[i].lines.length == 0)
            continue;
        sum += (double)learner->corpus->languages[i].weight;
        chances->ladder[chances->count] = sum;
        chances->language[chances->count++] = i;
    }
    chances->language[chances->count] = 0;
    chances->ladder[chances->count++] = sum * (1 + (double)junk_share);
}

static const struct corpus_language *draw_language(const struct learner *learner,
                                                   const struct chances *chances, struct dice *dice)
{
    double height = dice_unit(dice) * chances->ladder[chances->count - 1];
    unsigned i = 0;

    while (chances->ladder[i] <= height)
        i++;
    return &learner->corpus->languages[chances->language[i]];
}

static unsigned samples_of_round(const struct learner *learner, const struct chances *chances)
{
    return (unsigned)(learner->plan.samples * chances->ladder[chances->count - 1]);
}

static void count_features(struct learner *learner, const struct chances *chances)
{
    static const struct sample_source source = {0, 1};
    char text[SAMPLE_BYTES_MAX];

    dictionary_create(&learner->dictionary);
    for (unsigned i = 0, n = 2 * samples_of_round(learner, chances); i < n; i++) {
        const struct corpus_language *language = draw_language(learner, chances, &learner->dice);
        size_t size = sample_draw(language, learner->group, source, i % 3 ? SAMPLE_ANY : SAMPLE_SENTENCE,
                                  &learner->dice, text);

        textfeatures_count(&learner->dictionary, learner->group, text, size);
    }
    dictionary_number(&learner->dictionary, learner->plan.least_count);
}

static void create_rows(struct learner *learner)
{
    learner->rows = learner->dictionary.numbers;
    learner->weights = take_room((size_t)learner->rows * learner->lanes, sizeof(float));
    learner->slack = take_room(learner->rows, sizeof(float));
    learner->row_of = take_room(learner->rows, sizeof(uint32_t));
    learner->use_count = take_room(learner->rows, sizeof(uint32_t));
    for (uint32_t i = 0; i < learner->rows; i++)
        learner->row_of[i] = i;
}

/* The gradient of the loss by the lanes' sums; returns its squared length. */
static float gradient(const float *sums, const float *closed, unsigned lanes, unsigned wanted,
                      float *ret_gradient)
{
    float highest = -1e30f, total = 0, square = 0;
    float others = smoothing / (float)lanes;

    for (unsigned l = 0; l < lanes; l++)
        highest = sums[l] + closed[l] > highest ? sums[l] + closed[l] : highest;
    for (unsigned l = 0; l < lanes; l++) {
        ret_gradient[l] = expf(sums[l] + closed[l] - highest);
        total += ret_gradient[l];
    }
    for (unsigned l = 0; l < lanes; l++) {
        float target = closed[l] < 0 ? 0 : others + (l == wanted ? 1 - smoothing : 0);

        ret_gradient[l] = ret_gradient[l] / total - target;
        square += ret_gradient[l] * ret_gradient[l];
    }
    return square;
}

static inline void add_rows(const struct learner *learner, const struct textfeatures *features,
                            unsigned lanes, float *sums)
{
    const float *rows = learner->rounded ? learner->rounded : learner->weights;

    for (unsigned i = 0; i < features->length; i++) {
        const float *row = rows + (size_t)learner->row_of[features->numbers[i]] * lanes;

        for (unsigned l = 0; l < lanes; l++)
            sums[l] += row[l];
    }
}

static float as_stored(float weight)
{
    weight = weight > weight_max ? weight_max : weight < -weight_max ? -weight_max : weight;
    return rintf(weight * LANGMODEL_NATS) / LANGMODEL_NATS;
}

static inline void move_rows(struct learner *learner, const struct textfeatures *features, unsigned lanes,
                             const float *slope, float square, float step)
{
    for (unsigned i = 0; i < features->length; i++) {
        uint32_t number = learner->row_of[features->numbers[i]];
        float *row = learner->weights + (size_t)number * lanes;
        float rate;

        learner->use_count[features->numbers[i]]++;
        learner->slack[number] += square;
        rate = step / sqrtf(learner->slack[number] + 0.5f);
        for (unsigned l = 0; l < lanes; l++)
            row[l] -= rate * slope[l];
        if (learner->rounded)
            for (unsigned l = 0; l < lanes; l++)
                learner->rounded[(size_t)number * lanes + l] = as_stored(row[l]);
    }
}

static void move_junk(struct learner *learner, const struct textfeatures *features, float slope, float step)
{
    for (unsigned i = 0; i < features->words; i++) {
        unsigned around = features->around[i];

        learner->junk_slack[around] += slope * slope;
        learner->junk[around] -= step * slope / sqrtf(learner->junk_slack[around] + 0.5f);
        learner->junk[around] = fmaxf(-6.0f, fminf(6.0f, learner->junk[around]));
    }
}

static void learn_one(struct learner *learner, const struct textfeatures *features, const float *closed,
                      unsigned wanted, float step)
{
    float sums[LANGMODEL_LANES_MAX] = {0}, slope[LANGMODEL_LANES_MAX], square;

    for (unsigned i = 0; i < features->words; i++)
        sums[0] += learner->junk[features->around[i]];
    if (learner->lanes == 48)
        add_rows(learner, features, 48, sums);
    else
        add_rows(learner, features, 16, sums);
    square = gradient(sums, closed, learner->lanes, wanted, slope);
    if (square < learnt_enough)
        return;
    step /= sqrtf(1 + (float)features->length / 40);
    if (learner->lanes == 48)
        move_rows(learner, features, 48, slope, square, step);
    else
        move_rows(learner, features, 16, slope, square, step);
    move_junk(learner, features, slope[0], step);
}

static void close_lanes(const struct learner *learner, const struct chances *chances, float *ret_closed)
{
    for (unsigned l = 0; l < LANGMODEL_LANES_MAX; l++)
        ret_closed[l] = -1e9f;
    for (unsigned i = 0; i < chances->count; i++)
        ret_closed[learner->corpus->languages[chances->language[i]].lane] = 0;
}

static void learn_round(struct learner *learner, const struct chances *chances, float from_step,
                        float to_step)
{
    static const struct sample_source source = {0, 1};
    float closed[LANGMODEL_LANES_MAX];
    struct textfeatures *features = take_room(1, sizeof *features);
    char text[SAMPLE_BYTES_MAX];
    unsigned samples = samples_of_round(learner, chances);

    close_lanes(learner, chances, closed);
    memset(learner->use_count, 0, learner->dictionary.numbers * sizeof *learner->use_count);
    for (unsigned i = 0; i < samples; i++) {
        const struct corpus_language *language = draw_language(learner, chances, &learner->dice);
        size_t size = sample_draw(language, learner->group, source, SAMPLE_ANY, &learner->dice, text);
        float done = (float)i / (float)samples;

        textfeatures_find(&learner->dictionary, learner->group, text, size, features);
        if (features->length)
            learn_one(learner, features, closed, language->lane, from_step + (to_step - from_step) * done);
    }
    free(features);
    fprintf(stderr, "train-language: group %d: a round of %u samples, %u rows\n", (int)learner->group,
            samples, learner->rows);
}

static void learn_rounds(struct learner *learner, const struct chances *chances, unsigned rounds,
                         float from_step, float to_step)
{
    for (unsigned i = 0; i < rounds; i++) {
        float a = (float)i / (float)rounds, b = (float)(i + 1) / (float)rounds;

        learn_round(learner, chances, from_step + (to_step - from_step) * a,
                    from_step + (to_step - from_step) * b);
    }
}

/* How much a feature can change the answers: how often it is seen, times how unlike its weights are. */
static float importance(const struct learner *learner, uint32_t number)
{
    const float *row = learner->weights + (size_t)number * learner->lanes;
    float mean = 0, square = 0;

    for (unsigned l = 0; l < learner->lanes; l++)
        mean += row[l] / (float)learner->lanes;
    for (unsigned l = 0; l < learner->lanes; l++)
        square += (row[l] - mean) * (row[l] - mean);
    return square * powf((float)learner->use_count[number], 0.7f);
}

struct candidate {
    float importance;
    uint32_t number;
    uint64_t key;
};

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *left = a, *right = b;

    if (left->importance != right->importance)
        return left->importance < right->importance ? 1 : -1;
    return (left->number > right->number) - (left->number < right->number);
}

static int is_pair(uint64_t key)
{
    return key < NGRAM_PAIRS;
}

static uint32_t list_candidates(const struct learner *learner, struct candidate *candidates)
{
    uint32_t count = 0;

    for (uint64_t i = 0; i <= learner->dictionary.mask; i++) {
        const struct dictionary_entry *entry = &learner->dictionary.entries[i];

        if (entry->key)
            candidates[count++] =
                (struct candidate){is_pair(entry->key) ? INFINITY : importance(learner, entry->number),
                                   entry->number, entry->key};
    }
    qsort(candidates, count, sizeof *candidates, compare_candidates);
    return count;
}

/* Every feature has one slot it may take; the most important one gets it. */
static void choose_features(const struct learner *learner, uint8_t *ret_keep)
{
    struct candidate *candidates = take_room(learner->dictionary.numbers, sizeof *candidates);
    uint8_t *taken = take_room((size_t)learner->plan.lines * NGRAM_LINE_SLOTS, 1);
    uint32_t count = list_candidates(learner, candidates), kept = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint64_t key = candidates[i].key;
        uint32_t line = ngram_line(ngram_line_key(key), learner->plan.lines);
        uint32_t slot = line * NGRAM_LINE_SLOTS + ngram_place(ngram_check(key));

        if (!is_pair(key) && taken[slot])
            continue;
        taken[slot] = (uint8_t)(taken[slot] | !is_pair(key));
        ret_keep[candidates[i].number] = 1;
        kept++;
    }
    fprintf(stderr, "train-language: group %d: %u of %u features kept\n", (int)learner->group, kept, count);
    free(taken);
    free(candidates);
}

static void keep_features(struct learner *learner)
{
    uint32_t numbers = learner->dictionary.numbers;
    uint8_t *keep = take_room(numbers, 1);
    uint32_t *old = take_room(numbers, sizeof *old);
    float *weights = learner->weights;
    uint32_t *counts = learner->use_count;

    choose_features(learner, keep);
    dictionary_keep(&learner->dictionary, keep, old);
    free(learner->slack);
    free(learner->row_of);
    create_rows(learner);
    for (uint32_t i = 0; i < learner->rows; i++) {
        memcpy(learner->weights + (size_t)i * learner->lanes, weights + (size_t)old[i] * learner->lanes,
               learner->lanes * sizeof(float));
        learner->use_count[i] = counts[old[i]];
    }
    free(weights);
    free(counts);
    free(keep);
    free(old);
}

/* From here on the learner sees the weights as the file will hold them. */
static void start_rounding(struct learner *learner)
{
    size_t values = (size_t)learner->rows * learner->lanes;

    learner->rounded = take_room(values, sizeof(float));
    for (size_t i = 0; i < values; i++)
        learner->rounded[i] = as_stored(learner->weights[i]);
}

void learner_run(struct learner *learner, const struct corpus *corpus, enum letters_class group,
                 const struct learner_plan *plan)
{
    struct chances chances;

    memset(learner, 0, sizeof *learner);
    learner->corpus = corpus;
    learner->group = group;
    learner->lanes = group == LETTERS_LATIN ? 48 : 16;
    learner->plan = *plan;
    learner->dice.state = plan->seed + group;
    list_chances(learner, &chances);
    count_features(learner, &chances);
    create_rows(learner);
    learner_head_start(learner);
    learn_rounds(learner, &chances, plan->rounds_all, step_size, step_size / 3);
    keep_features(learner);
    learn_rounds(learner, &chances, plan->rounds_kept, step_size * 0.6f, step_size / 6);
    learner_share_rows(learner);
    start_rounding(learner);
    learn_rounds(learner, &chances, plan->rounds_shared, step_size / 3, step_size / 20);
}

void learner_free(struct learner *learner)
{
    dictionary_free(&learner->dictionary);
    free(learner->row_of);
    free(learner->use_count);
    free(learner->weights);
    free(learner->rounded);
    free(learner->slack);
}
