/*
 * Replaying histories: every version of a page is judged against what the earlier ones taught, then accepted
 * whatever it is. This is how an operator tries the detector on a past he knows, and how its false alarms are
 * counted. Many pages at once, each page's versions in order.
 */
#pragma once

#include "watch/desk.h"
#include "watch/result.h"

/** Told of each version judged; everything is borrowed for the call. */
typedef void replay_fn(void *context, const struct result *result);

/**
 * Hands out the next page to replay: fills `*ret_files` with `*ret_count` paths (each and the array from
 * malloc(), taken by the replay) and
 * `*ret_label` (from malloc(), may be NULL). With `*ret_pair` set, the first file is only learnt and not
 * judged. Returns 1, 0 when there is no more, or a negative errno, which ends the replay after what is under
 * way.
 */
typedef int replay_next_fn(void *context, char ***ret_files, size_t *ret_count, char **ret_label,
                           bool *ret_pair);

/** Replays until there is no more. Memory does not grow with the number of pages. Returns 0 or a negative
 * errno. */
int replay_run(struct desk *desk, replay_next_fn *next, replay_fn *each, void *context);
