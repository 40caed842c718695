/*
 * How much of each piece stands on the other side. Pieces that are the same are found at once; the words of
 * the others are only looked at when something differs, which on most fetches nothing does.
 */
#pragma once

#include "pipeline/compare/memory.h"
#include "pipeline/compare/set64.h"

#define LIKENESS_NONE UINT32_MAX

struct likeness {
    const struct baseline *baseline; /**< NULL without one */
    struct piece_list page;
    uint32_t *page_match;     /**< for each piece of the page the remembered piece it is, or LIKENESS_NONE */
    float *page_share;        /**< share of its word pairs that the baseline has; 1 for a match */
    float *memory_share;      /**< for each remembered piece, share of it that stands on the page */
    struct piece_list memory; /**< words of the remembered text; made only when something differs */
    uint32_t *memory_first;   /**< first word of each remembered piece in it, one more at the end */
    double words;             /**< share of the baseline's different lasting words that stand on the page */
};

/** Compares both sides. Everything lives in `arena`, but for the page's pieces, which live in `lasting`.
 * Returns 0 or -ENOMEM. */
int likeness_make(const struct baseline *baseline, const struct reading *reading, struct arena *lasting,
                  struct arena *arena, struct likeness *ret_likeness);

/** 0 to 1; without a baseline 0. */
double likeness_of_page_piece(const struct likeness *likeness, size_t piece);
double likeness_of_memory_piece(const struct likeness *likeness, size_t piece);
