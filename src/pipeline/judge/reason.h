/* Reasons: each number that weighed in, said in a sentence that is true of this page. */
#pragma once

#include "pipeline/judge/front.h"
#include "pipeline/judge/weights.h"

/** A reason list under construction, in the verdict's arena. */
struct reason_list {
    struct verdict *verdict;
    size_t room;
    const char *decisive; /**< code of what decided; NULL for none */
    bool failed;
};

/** Appends one reason. */
void reason_add(struct reason_list *list, const char *code, double weight, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** The same for what decided, whatever the rest weighs: it comes first. */
void reason_decide(struct reason_list *list, const char *code, double weight, const char *text);

/** Appends a reason for every feature that says something about this page, or about what stands foremost on
 * it. */
void reason_features(struct reason_list *list, const struct judge_evidence *evidence,
                     const struct features *features, const struct weights *weights,
                     enum weights_section section, enum front_kind front);

/** The code of the reason that tells of a class of cues, like "cue-login". */
const char *reason_of_class(enum cue_class class);

/** The code of the heaviest reason that tells what an attacker says; NULL when none speaks for one. */
const char *reason_of_attack(const struct reason_list *list);

/** Puts the heaviest first, behind what decided. */
void reason_sort(const struct reason_list *list);
