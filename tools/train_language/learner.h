/* Trains the weights of one script group: which languages each feature speaks for. */
#pragma once

#include "corpus.h"
#include "dictionary.h"
#include "textfeatures.h"

struct learner_plan {
    unsigned samples;       /* of one round, of a language of weight 1 */
    unsigned rounds_all;    /* with every feature */
    unsigned rounds_kept;   /* with the features that fit into the model */
    unsigned rounds_shared; /* with weights shared by clusters */
    uint32_t lines, rows;   /* size of the model's tables */
    uint32_t least_count;   /* features seen less often are not looked at */
    uint64_t seed;
};

struct learner {
    const struct corpus *corpus;
    enum letters_class group;
    unsigned lanes;
    struct learner_plan plan;
    struct dice dice;
    struct dictionary dictionary;
    uint32_t *row_of;    /* by feature number; the identity until rows are shared */
    uint32_t *use_count; /* how often each feature was seen in the last round */
    float *weights;      /* rows of `lanes` nats */
    float *rounded;      /* the same as the model will store them; null until rows are shared */
    float *slack;        /* AdaGrad's sum of squared gradients, one for each row */
    uint32_t rows;
    float junk[WORDSCAN_AROUND_COUNT], junk_slack[WORDSCAN_AROUND_COUNT];
};

/* Trains; takes minutes. The learner is then ready for modelfile.h. */
void learner_run(struct learner *learner, const struct corpus *corpus, enum letters_class group,
                 const struct learner_plan *plan);

void learner_free(struct learner *learner);

/* Sets the first weights of words from the word lists (headstart.c). */
void learner_head_start(struct learner *learner);

/* Replaces the rows by at most plan.rows shared ones (clusters.c). */
void learner_share_rows(struct learner *learner);
