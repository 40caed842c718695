/* Reasons: each number that weighed in, said in a sentence that is true of this page. */
#pragma once

#include "pipeline/judge/weights.h"

/** A reason list under construction, in the verdict's arena. */
struct reason_list {
    struct verdict *verdict;
    size_t room;
    bool failed;
};

/** Appends one reason. */
void reason_add(struct reason_list *list, const char *code, double weight, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** Appends a reason for every feature that says something about this page. */
void reason_features(struct reason_list *list, const struct judge_evidence *evidence,
                     const struct features *features, const struct weights *weights,
                     enum weights_section section);

/** Puts the heaviest first. */
void reason_sort(struct verdict *verdict);
