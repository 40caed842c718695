/*
 * Who speaks: somebody who tells what happened, or somebody who addresses the reader. A report opens by
 * telling and comes back to it behind what it quotes; a message speaks from its first sentence on.
 */
#pragma once

#include "pipeline/judge/cue.h"
#include "pipeline/page.h"

/** One sentence of new shown text. */
struct sentence {
    uint32_t block;    /**< index into the change's blocks */
    uint32_t from, to; /**< bytes of that block */
    uint32_t letters;  /**< of it, about */
    bool heading;
    bool colon;   /**< ends in one */
    bool opens;   /**< begins with a quotation mark */
    bool quoted;  /**< begins inside quotation marks */
    bool cites;   /**< a heading that quotes, with words of its own beside the quotation */
    bool head;    /**< among the first words of the page, or in its main heading */
    double tells; /**< weights of the words of those who report */
    double adds; /**< of those that stand here for the first time: a sentence said again tells nothing more */
    double attacks; /**< weights of an attack's words outside quotation marks */
    double speaks;  /**< how often it says we or you, outside quotation marks */
};

struct narration {
    struct sentence *at; /**< `count` sentences in page order */
    size_t count;
};

/** Cuts new shown text into sentences; memory comes from the arena. Returns 0 or -ENOMEM. */
int narration_cut(const struct change *change, struct arena *arena, struct narration *ret_narration);

/** The sentence in which a hit begins; NULL when it stands elsewhere. */
struct sentence *narration_at(struct narration *narration, const struct skeleton *text,
                              const struct cue_hit *hit);

/** Whether quotation marks are open behind the text, if they were (`inside`) or were not before it. */
bool narration_in_quotes(struct span text, bool inside);

/** How much it is a report: 0 when it opens with somebody speaking, up to 1 for long telling around what is
 * quoted. */
double narration_share(const struct narration *narration);

/** Weights of an attack's words at the head of the page, in sentences that do not report. */
double narration_head(const struct narration *narration);
