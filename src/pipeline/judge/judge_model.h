/* What an opened judge holds. Private to this folder, and known to the trainer, which judges with weights of
 * its own. */
#pragma once

#include "pipeline/judge/judge.h"
#include "pipeline/judge/weights.h"

/** True when a page with these features is no message whatever the model says: a report, or an office's
 * courtesy. */
bool judge_spares(const struct features *features);

struct judge {
    struct cue_set *cues;
    struct weights weights;
};
