/* How much one word speaks for each language of its script. */
#pragma once

#include "pipeline/identify/langmodel.h"
#include "pipeline/identify/wordscan.h"

/* Scores of `word`, which is a word of `group` (Latin, Cyrillic, Arabic or Han) in the text at `bytes`, for
 * the lanes of its group: 1/LANGMODEL_NATS nat, only their differences mean anything. All `lanes` are set. */
void wordscore(const struct varta_language_model *model, const uint8_t *bytes,
               const struct wordscan_word *word, int16_t ret_scores[LANGMODEL_LANES_MAX]);
