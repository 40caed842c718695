/*
 * The door of the judging step: a change, its languages and what the server said go in, a verdict with
 * reasons comes out. It decides what is suspicious and nothing else: it sends nothing, stores nothing, asks
 * nobody.
 */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"

/** Cue lists and the verdict model, read once; immutable after, so it may be shared. */
struct judge;

/**
 * Reads the cue lists and the model from the folder. Returns 0, or a negative errno with a sentence that
 * names file and line in `ret_error` (ends in NUL). `*ret_judge` is owned by the caller, judge_close() frees
 * it.
 */
int judge_open(const char *model_folder, struct judge **ret_judge, char ret_error[256]);
void judge_close(struct judge *judge);

/** Everything a verdict is built on; all borrowed for the call. */
struct judge_evidence {
    const struct capture *capture;              /**< never NULL; may be a failed one */
    const struct reading *reading;              /**< NULL when nothing could be read */
    const struct change *change;                /**< NULL when nothing could be read */
    const struct language_share *new_languages; /**< of the new text, by share descending */
    size_t new_language_count;
    const struct language_share *page_languages; /**< of the page as it is now */
    size_t page_language_count;
    const struct language_share
        *baseline_languages; /**< of what the page lastingly said; none without a baseline */
    size_t baseline_language_count;
};

/** Judges one page. Fills `*ret_verdict` (free it with verdict_free()). Returns 0 or -ENOMEM. */
int judge_page(const struct judge *judge, const struct judge_evidence *evidence, struct verdict *ret_verdict);

/**
 * The text the verdict's languages are told from: the new text where something is new, else the page's,
 * clipped to `limit` bytes between blocks, pictures included. Appends to `out`. Returns 0 or -ENOMEM.
 */
int judge_message(const struct change *change, const struct reading *reading, size_t limit, struct buf *out);
