/* Reading one of the judge's own files. */
#pragma once

#include "base/buf.h"

/** Appends the file to `out`, whose ceiling is the limit. Returns 0 or a negative errno and a sentence. */
int judge_file_read(const char *path, struct buf *out, char ret_error[256]);
