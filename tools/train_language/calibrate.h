/* Confidence that keeps its word, and accuracy, both measured on held-out texts through the identifier
 * itself. */
#pragma once

#include "corpus.h"
#include "modelfile.h"
#include "sample.h"

enum { CALIBRATE_KINDS = 3 }; /* words, pairs, sentences */

struct calibrate_accuracy {
    unsigned right[CORPUS_LANGUAGES_MAX][CALIBRATE_KINDS], all[CORPUS_LANGUAGES_MAX][CALIBRATE_KINDS];
    double error; /* expected calibration error over all of them */
};

/* Sets heat and confidence in the file's header and seals it again. Returns 0, or -1 with a message. */
int calibrate(struct modelfile *file, const struct corpus *corpus, uint64_t seed);

/* Accuracy of the sealed file on other held-out texts. Returns 0 or -1. */
int calibrate_measure(const struct modelfile *file, const struct corpus *corpus, uint64_t seed,
                      struct calibrate_accuracy *ret_accuracy);
