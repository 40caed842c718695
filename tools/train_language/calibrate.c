/* Held-out lines and words were not trained on, so the model is as sure of them as it will be of strangers'
 * texts. The temperature is the one of least log-loss; the curve is the measured share of right answers, made
 * monotonous by pooling neighbours (isotonic regression, Ayer et al. 1955). */
#include "calibrate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/identify/langtext.h"
#include "pipeline/identify/langtrust.h"
#include "pipeline/identify/ngram.h"
#include "varta/language.h"

enum { TEXTS_PER_KIND = 220, MEASURED_PER_KIND = 300, JUNK_FACTOR = 3, CURVE_BINS = 20 };

static const enum sample_kind kinds[CALIBRATE_KINDS] = {SAMPLE_WORD, SAMPLE_PAIR, SAMPLE_SENTENCE};

struct held {
    struct langtrust_sums sums;
    unsigned language;
};

struct held_list {
    struct held *at;
    size_t length;
};

static struct varta_language_model *open_file(const struct modelfile *file)
{
    struct varta_language_model *model = NULL;
    const char *reason = "out of memory";

    if (varta_language_model_from_memory(file->bytes, file->size, &model, &reason) < 0)
        fprintf(stderr, "train-language: own model refused: %s\n", reason);
    return model;
}

/* Reads a text of one script; zero if it has other letters too. */
static int read_text(const struct varta_language_model *model, unsigned group, const char *text, size_t size,
                     struct held *ret_held)
{
    static struct langtext_window window;
    struct wordscan scan;

    memset(&ret_held->sums, 0, sizeof ret_held->sums);
    wordscan_start(&scan, text, size);
    if (!langtext_read(model, model->no_prior, &scan, 0, &window) || window.group != group)
        return 0;
    langtrust_add_window(&window, &ret_held->sums);
    return 1;
}

static void gather(const struct varta_language_model *model, const struct corpus *corpus, unsigned group,
                   struct dice *dice, struct held_list *held)
{
    char text[SAMPLE_BYTES_MAX];

    held->length = 0;
    for (unsigned l = 0; l < corpus->count; l++) {
        const struct corpus_language *language = &corpus->languages[l];
        unsigned texts = language->made == CORPUS_JUNK ? JUNK_FACTOR * TEXTS_PER_KIND : TEXTS_PER_KIND;

        if (language->made != CORPUS_JUNK && (language->group != group || language->lines.length == 0))
            continue;
        for (unsigned i = 0; i < texts * CALIBRATE_KINDS; i++) {
            struct sample_source source = {1, i % 5 == 0};
            size_t size = sample_draw(language, group, source, kinds[i % CALIBRATE_KINDS], dice, text);

            if (read_text(model, group, text, size, &held->at[held->length]))
                held->at[held->length++].language = l;
        }
    }
}

static double loss(const struct varta_language_model *model, const struct held_list *held)
{
    double sum = 0;

    for (size_t i = 0; i < held->length; i++)
        sum -= log(1e-6 +
                   (double)langtrust_raw(model, &held->at[i].sums, model->no_prior, held->at[i].language));
    return sum;
}

static void find_heat(struct varta_language_model *model, const struct held_list *held, float heat[2])
{
    double best = (double)INFINITY;
    float found[2] = {1, 0};

    for (int a = 0; a < 9; a++)
        for (int b = 0; b < 8; b++) {
            double here;

            heat[0] = 0.5f + 0.2f * (float)a;
            heat[1] = 0.1f * (float)b;
            here = loss(model, held);
            if (here < best) {
                best = here;
                found[0] = heat[0];
                found[1] = heat[1];
            }
        }
    heat[0] = found[0];
    heat[1] = found[1];
}

static unsigned best_language(const struct varta_language_model *model, const struct langtrust_sums *sums)
{
    const struct langmodel_group *group = &model->header.groups[sums->group - LETTERS_LATIN];
    const int16_t *bonus = model->no_prior->lane_bonus[sums->group - LETTERS_LATIN];
    unsigned best = 0;

    for (unsigned lane = 1; lane < group->lanes; lane++)
        if (group->languages[lane] && sums->scores[lane] + bonus[lane] > sums->scores[best] + bonus[best])
            best = lane;
    return group->languages[best];
}

/* Makes right[i] / all[i] monotonous by pooling neighbours that are not. */
static void pool(const double *right, const double *all, float *curve)
{
    double sum_right[LANGMODEL_STEPS], sum_all[LANGMODEL_STEPS];
    unsigned length[LANGMODEL_STEPS], blocks = 0, at = 0;

    for (unsigned step = 0; step < LANGMODEL_STEPS; step++) {
        /* a little of the raw probability, for steps that hardly a text fell on */
        sum_all[blocks] = all[step] + 2;
        sum_right[blocks] = right[step] + 2 * (1 - exp2(-0.5 * step));
        length[blocks++] = 1;
        while (blocks > 1 &&
               sum_right[blocks - 2] * sum_all[blocks - 1] > sum_right[blocks - 1] * sum_all[blocks - 2]) {
            blocks--;
            sum_all[blocks - 1] += sum_all[blocks];
            sum_right[blocks - 1] += sum_right[blocks];
            length[blocks - 1] += length[blocks];
        }
    }
    for (unsigned b = 0; b < blocks; b++)
        while (length[b]--)
            curve[at++] = (float)(sum_right[b] / sum_all[b]);
}

static void find_curve(const struct varta_language_model *model, const struct held_list *held, float *curve)
{
    double right[LANGMODEL_STEPS] = {0}, all[LANGMODEL_STEPS] = {0};

    for (size_t i = 0; i < held->length; i++) {
        unsigned best = best_language(model, &held->at[i].sums);
        float step = langtrust_step(langtrust_raw(model, &held->at[i].sums, model->no_prior, best));
        unsigned low = (unsigned)step;
        double part = (double)step - low;

        all[low] += 1 - part;
        right[low] += (1 - part) * (best == held->at[i].language);
        if (low + 1 < LANGMODEL_STEPS) {
            all[low + 1] += part;
            right[low + 1] += part * (best == held->at[i].language);
        }
    }
    pool(right, all, curve);
}

int calibrate(struct modelfile *file, const struct corpus *corpus, uint64_t seed)
{
    struct varta_language_model *model = open_file(file);
    struct held_list held = {calloc(CORPUS_LANGUAGES_MAX * CALIBRATE_KINDS * TEXTS_PER_KIND, sizeof *held.at),
                             0};
    struct dice dice = {seed};

    if (!model || !held.at) {
        free(held.at);
        varta_language_model_close(model);
        return -1;
    }
    for (unsigned g = 0; g < LANGMODEL_GROUPS; g++) {
        gather(model, corpus, LETTERS_LATIN + g, &dice, &held);
        find_heat(model, &held, model->header.heat[g]);
        find_curve(model, &held, model->header.confidence[g]);
        memcpy(file->header.heat[g], model->header.heat[g], sizeof file->header.heat[g]);
        memcpy(file->header.confidence[g], model->header.confidence[g], sizeof file->header.confidence[g]);
        fprintf(stderr, "train-language: group %u: heat %.2f + %.2f ln n\n", LETTERS_LATIN + g,
                (double)file->header.heat[g][0], (double)file->header.heat[g][1]);
    }
    free(held.at);
    varta_language_model_close(model);
    modelfile_seal(file);
    return 0;
}

struct bins {
    double all[CURVE_BINS], right[CURVE_BINS], trust[CURVE_BINS], texts;
};

static int measure_text(const struct varta_language_model *model, const struct corpus_language *language,
                        const char *text, size_t size, struct bins *bins)
{
    float confidence;
    int right = strcmp(varta_language_guess(model, text, size, NULL, &confidence), language->tag) == 0;
    int bin = confidence >= 1 ? CURVE_BINS - 1 : (int)(CURVE_BINS * confidence);

    bins->all[bin]++;
    bins->right[bin] += right;
    bins->trust[bin] += (double)confidence;
    bins->texts++;
    return right;
}

int calibrate_measure(const struct modelfile *file, const struct corpus *corpus, uint64_t seed,
                      struct calibrate_accuracy *ret_accuracy)
{
    static const struct sample_source source = {1, 0};
    struct varta_language_model *model = open_file(file);
    struct bins bins = {{0}, {0}, {0}, 0};
    struct dice dice = {seed};
    char text[SAMPLE_BYTES_MAX];

    if (!model)
        return -1;
    memset(ret_accuracy, 0, sizeof *ret_accuracy);
    for (unsigned l = 0; l < corpus->count; l++) {
        const struct corpus_language *language = &corpus->languages[l];

        if (language->made != CORPUS_JUNK && language->lines.length == 0)
            continue;
        for (unsigned i = 0; i < MEASURED_PER_KIND * CALIBRATE_KINDS; i++) {
            size_t size =
                sample_draw(language, LETTERS_LATIN, source, kinds[i % CALIBRATE_KINDS], &dice, text);

            ret_accuracy->right[l][i % CALIBRATE_KINDS] +=
                (unsigned)measure_text(model, language, text, size, &bins);
            ret_accuracy->all[l][i % CALIBRATE_KINDS]++;
        }
    }
    for (int bin = 0; bin < CURVE_BINS; bin++)
        ret_accuracy->error += fabs(bins.trust[bin] - bins.right[bin]) / bins.texts;
    varta_language_model_close(model);
    return 0;
}
