/* Looking for the cues in a page: attack and report in what is new, services in the whole of it. */
#pragma once

#include "pipeline/judge/feature.h"

/** Fills the findings. Returns 0 or -ENOMEM. */
int findings_gather(const struct cue_set *cues, const struct judge_evidence *evidence, struct arena *arena,
                    struct findings *ret_findings);

/** How strongly the page looks like a service page, and which; 0 when not at all. */
double findings_service(const struct judge_evidence *evidence, const struct findings *findings,
                        enum cue_class *ret_class);

/** The page's own words for the heaviest cue of the class, clipped after a word; borrowed from the change.
 * `ret_cut`: the page's text goes on. */
struct span findings_quote(const struct change *change, const struct findings *findings, enum cue_class class,
                           bool *ret_cut);
