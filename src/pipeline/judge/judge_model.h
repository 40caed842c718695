/* What an opened judge holds. Private to this folder, and known to the trainer, which judges with weights of
 * its own. */
#pragma once

#include "pipeline/judge/judge.h"
#include "pipeline/judge/weights.h"

struct judge {
    struct cue_set *cues;
    struct weights weights;
};
