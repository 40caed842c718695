/* Which model reads a line, and in which language the line is. */
#pragma once

#include "pipeline/ocr/models.h"
#include "pipeline/ocr/ocr.h"

struct linguist {
    struct models *models;    /**< borrowed */
    ocr_identify_fn identify; /**< may be NULL: then the model's own language is taken */
    void *context;
    size_t last;    /**< index of the model that read the line before */
    bool unsure;    /**< the next line may well be in another language: its first words are tried alone */
    bool failed;    /**< a model had no memory to read a line with */
    uint32_t calls; /**< how often a model was asked */
};

/** A line as read by the model that understood it best. */
struct linguist_line {
    struct recognised read;
    char language[12]; /**< BCP 47 or "und" */
    uint16_t score;    /**< the confidence, with what the language adds to it: for comparing readings */
};

/** Lets the model for `language` (BCP 47) go first with the next line. False when there is none, nothing
 * changed. */
bool linguist_start(struct linguist *linguist, const char *language);

/** Reads a strip with as few models as it takes. */
void linguist_read(struct linguist *linguist, const struct strip *strip, struct linguist_line *ret_line);
