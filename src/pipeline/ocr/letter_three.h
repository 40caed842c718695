/* The Ukrainian word "З" looks like the digit 3 in every face. */
#pragma once

#include "pipeline/ocr/recogniser.h"

/** Takes a 3 for the word where it stands before a number that a word follows, as in "З 5 березня". The line
 * is Ukrainian. */
void letter_three_mend(struct recognised *line);
