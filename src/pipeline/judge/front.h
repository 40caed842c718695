/*
 * What stands foremost, judged by itself: a layer that covers the page, or the first words of a page whose
 * text was exchanged. What lies beneath or below is the attacker's to choose, so it must not speak for him.
 */
#pragma once

#include "pipeline/judge/feature.h"

enum front_kind {
    FRONT_NONE,
    FRONT_LAYER, /**< a covering layer over the page */
    FRONT_MAYBE, /**< what only some visitors see, or see beside the text, and what speaks of an attack */
    FRONT_HEAD   /**< the first words, which claim, threaten or mock */
};

struct front {
    enum front_kind kind;
    const struct judge_evidence *evidence; /**< as if the rest were not there; in the arena */
    struct features features;
    enum weights_section section;
};

/** Looks whether something stands foremost, and computes its features; `whole` are those of the page. Memory
 * comes from the arena. Returns 0 or -ENOMEM. */
int front_look(const struct cue_set *cues, const struct judge_evidence *evidence,
               const struct features *whole, struct arena *arena, struct front *ret_front);
