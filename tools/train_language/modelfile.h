/* The model file, written. */
#pragma once

#include "corpus.h"
#include "learner.h"

struct modelfile {
    struct langmodel_header header;
    uint8_t *bytes; /* room for LANGMODEL_SIZE_MAX */
    size_t size;
};

/* Lays out the trained groups. */
void modelfile_build(struct modelfile *file, const struct corpus *corpus, const struct learner *learners,
                     unsigned count);

/* Takes the trained groups of the model at `path` as they are; languages and calibration are written anew. 0,
 * or -1 with a message on standard error. */
int modelfile_take(struct modelfile *file, const struct corpus *corpus, const char *path);

/* Room of `size` zeroed bytes at the end of the file. */
void *modelfile_append(struct modelfile *file, size_t size, uint32_t *ret_at);

/* Puts the header, with size and checksum, in front. */
void modelfile_seal(struct modelfile *file);

/* 0, or -1 with a message on standard error. */
int modelfile_write(const struct modelfile *file, const char *path);
