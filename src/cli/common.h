/* What the commands that look at pages share: finding the models, telling the operator, the option that cages
 * are named by. */
#pragma once

#include "watch/desk.h"

/** Fills a desk's settings: models found, notes go to standard error. `storage` keeps the path. Prints the
 * error itself. */
bool cli_desk_settings(struct desk_settings *ret_settings, char storage[4096]);

/** A helpers_note_fn that prints to standard error. */
void cli_note(void *context, const char *text);
