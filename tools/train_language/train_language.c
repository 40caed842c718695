/* train-language: learns the language model from texts and writes it.
 *
 *   train-language [--without GPL,MPL] [--effort PERCENT] [--weights OLD] [--forms FOLDER] DATA MODEL
 *
 * With --forms the model remembers words of the spelling dictionaries that tools/word-forms put into FOLDER.
 * With
 * --weights only what comes after the learning is done again (forms, leans, calibration, report), on the
 * weights of the model OLD. It must have been learnt from the same data with the same options, which are
 * reported as given. Beside MODEL it writes MODEL.txt: what it was made of and how good it is. DATA holds
 * train/ and words/ (see models/README.md for what they must contain). Same data, same seed, same bytes. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calibrate.h"
#include "corpus.h"
#include "formchoice.h"
#include "learner.h"
#include "modelfile.h"
#include "pipeline/identify/ngram.h"
#include "report.h"

static const uint64_t seed = 20220114;
static const size_t bytes_most = 7000000; /* of the model */

struct job {
    const struct corpus *corpus;
    struct learner *learner;
    enum letters_class group;
    struct learner_plan plan;
};

static void *run_job(void *context)
{
    struct job *job = context;

    learner_run(job->learner, job->corpus, job->group, &job->plan);
    return NULL;
}

static void *run_small_jobs(void *context)
{
    struct job *jobs = context;

    for (unsigned i = 0; i < 3; i++)
        run_job(&jobs[i]);
    return NULL;
}

/* Latin in one thread, the rest in another: about the same work. */
static void learn_all(const struct corpus *corpus, unsigned effort, struct learner learners[LANGMODEL_GROUPS])
{
    struct job jobs[LANGMODEL_GROUPS] = {
        {corpus, &learners[0], LETTERS_LATIN, {1200 * effort, 2, 3, 2, 34000, NGRAM_ROWS_MAX, 6, seed}},
        {corpus, &learners[1], LETTERS_CYRILLIC, {3500 * effort, 2, 4, 2, 38400, NGRAM_ROWS_MAX, 6, seed}},
        {corpus, &learners[2], LETTERS_ARABIC, {600 * effort, 1, 2, 1, 2000, 4096, 3, seed}},
        {corpus, &learners[3], LETTERS_HAN, {400 * effort, 1, 2, 1, 1000, 2048, 3, seed}},
    };
    pthread_t thread;

    if (pthread_create(&thread, NULL, run_small_jobs, jobs + 1) != 0)
        abort();
    run_job(&jobs[0]);
    pthread_join(thread, NULL);
}

struct options {
    const char *without, *weights, *forms, *data, *model;
    unsigned effort;
    size_t form_count;
};

static int read_options(int argc, char **argv, struct options *options)
{
    int at = 1;

    *options = (struct options){"", NULL, NULL, NULL, NULL, 90, 0};
    for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
        if (strcmp(argv[at], "--without") == 0)
            options->without = argv[at + 1];
        else if (strcmp(argv[at], "--weights") == 0)
            options->weights = argv[at + 1];
        else if (strcmp(argv[at], "--forms") == 0)
            options->forms = argv[at + 1];
        else if (strcmp(argv[at], "--effort") == 0)
            options->effort = (unsigned)strtoul(argv[at + 1], NULL, 10);
        else
            return -1;
    }
    if (argc - at != 2 || options->effort == 0 || options->effort > 1000)
        return -1;
    options->data = argv[at];
    options->model = argv[at + 1];
    return 0;
}

static int get_weights(struct modelfile *file, const struct corpus *corpus, const struct options *options)
{
    static struct learner learners[LANGMODEL_GROUPS];

    if (options->weights)
        return modelfile_take(file, corpus, options->weights);
    learn_all(corpus, options->effort, learners);
    modelfile_build(file, corpus, learners, LANGMODEL_GROUPS);
    return 0;
}

/* Without dictionaries the model is a working one that is worse at single words. */
static int add_forms(struct modelfile *file, const struct corpus *corpus, struct options *options)
{
    if (!options->forms) {
        fputs("train-language: no --forms: the model remembers no forms of spelling dictionaries\n", stderr);
        return 0;
    }
    options->form_count = formchoice_add(file, corpus, options->forms, bytes_most);
    return options->form_count > 0 ? 0 : -1;
}

static int write_report(const struct modelfile *file, const struct corpus *corpus,
                        const struct options *options)
{
    static struct calibrate_accuracy accuracy;
    const struct report report = {corpus,         file, &accuracy,       options->data,      options->without,
                                  options->forms, seed, options->effort, options->form_count};

    if (calibrate_measure(file, corpus, seed + 2, &accuracy) < 0)
        return -1;
    return report_write(&report, options->model);
}

int main(int argc, char **argv)
{
    static struct corpus corpus;
    static struct modelfile file;
    struct options options;

    if (read_options(argc, argv, &options) < 0) {
        fputs("usage: train-language [--without WORD,WORD] [--effort PERCENT] [--weights OLD] [--forms "
              "FOLDER] DATA "
              "MODEL\n",
              stderr);
        return 2;
    }
    if (corpus_load(&corpus, options.data, options.without) < 0)
        return 1;
    if (get_weights(&file, &corpus, &options) < 0)
        return 1;
    modelfile_seal(&file);
    if (add_forms(&file, &corpus, &options) < 0)
        return 1;
    if (calibrate(&file, &corpus, seed + 1) < 0 || modelfile_write(&file, options.model) < 0)
        return 1;
    return write_report(&file, &corpus, &options) < 0;
}
