/* Where the model came from and how good it is, as a text beside it. */
#pragma once

#include "calibrate.h"
#include "modelfile.h"

struct report {
    const struct corpus *corpus;
    const struct modelfile *file;
    const struct calibrate_accuracy *accuracy;
    const char *data, *without, *forms; /* forms: null if there are none */
    uint64_t seed;
    unsigned effort;
    size_t form_count;
};

/* Writes `model` + ".txt". 0, or -1 with a message. */
int report_write(const struct report *report, const char *model);
