/* The recognition models: found, loaded, and what their names mean. */
#pragma once

#include "pipeline/ocr/ocr_limits.h"
#include "pipeline/ocr/recogniser.h"

enum model_script { MODEL_LATIN, MODEL_CYRILLIC };

struct model {
    char name[16]; /**< Tesseract's, like "ukr" */
    char tag[12];  /**< BCP 47, like "uk"; the name itself for models not in the table */
    enum model_script script;
    struct recogniser *recogniser; /**< owned */
};

struct models {
    struct model at[OCR_MAX_MODELS];
    size_t count;
    char used[96];    /**< names of the loaded ones with '+' between */
    char missing[96]; /**< names of those not found, with '+' between */
    char damaged[96]; /**< names of those whose file is damaged, too large, or not to be read */
};

/**
 * Loads the models named in `languages` ('+' between) from `folder`, NULL for where Debian puts them or
 * TESSDATA_PREFIX says. 0, or -ENOENT when none is there, -EBADMSG when none can
 * be used and one is damaged, -EINVAL for a list that is none, -ENOMEM. Free
 * with models_close().
 */
int models_open(const char *folder, const char *languages, struct models *ret_models);

/** Safe on zeroed models. */
void models_close(struct models *models);
