/* Which forms of spelling dictionaries the model remembers. */
#pragma once

#include "modelfile.h"

/* Adds forms of the dictionaries in FOLDER (see formlist.h) to the Cyrillic group, as many as fit into a file
 * of `bytes`. The file must be sealed, without forms, and is sealed again. Returns their number; 0, with a
 * message on standard error, if there are none. */
size_t formchoice_add(struct modelfile *file, const struct corpus *corpus, const char *folder, size_t bytes);
