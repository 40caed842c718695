/* Texts that are no language: hashes, base64, code, random letters, keyboard mash. */
#pragma once

#include "dice.h"
#include "pipeline/identify/langmodel.h"
#include "points.h"

/* A text whose letters are of `group` (Latin or Cyrillic; others get random letters of their script). */
void junk(enum letters_class group, struct dice *dice, struct points *ret_text);
