/* The ceilings of judging, in one place. */
#pragma once

enum {
    CUE_FILES_MAX = 64,           /* files in the folder of cue lists */
    CUE_FILE_BYTES_MAX = 1 << 18, /* bytes of one list */
    CUES_MAX = 16384,             /* cues of all lists */
    CUE_LETTERS_MAX = 96,         /* folded characters of one cue */
    CUE_NODES_MAX = 1 << 17,      /* nodes of the tree over all cues */
    CUE_HITS_MAX = 1024,          /* places of cues on one page that are kept */
    CUE_PLACES_MAX = 6,           /* places of one cue: the title, the heading and some of the text */
    CUE_BRANCHES_MAX = 32,        /* ways in which one place may still become a cue */

    NARRATION_SENTENCES_MAX = 1024, /* sentences of new text that are told apart */

    FOLD_CHARACTERS_MAX = 1 << 19, /* folded characters of one page looked at: a long book chapter */
    FOLD_WORD_MAX = 64,            /* characters of one word; the rest of a longer one is skipped */

    MODEL_BYTES_MAX = 1 << 16,   /* bytes of the verdict model */
    VERDICT_BYTES_MAX = 1 << 20, /* bytes of one verdict */
    MESSAGE_BYTES_MAX = 8192,    /* bytes of the message kept in a verdict */
    QUOTE_BYTES_MAX = 90,        /* bytes of the page quoted in a reason */
    REASONS_MAX = 24,
    SCRATCH_BYTES_MAX = 64 << 20, /* bytes used while judging one page */
};
