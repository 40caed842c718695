/*
 * The door of the reading step: the bytes of a page in, what a visitor sees out. It touches neither network
 * nor files, and it is the place where hostile bytes are parsed, so it runs in a locked-down child of its
 * own.
 */
#pragma once

#include "pipeline/page.h"

struct read_prepared;

/**
 * Loads what reading would otherwise open files for: iconv's modules for the East Asian character sets. Call
 * it once before the sandbox closes and keep the result until the process (and the children it forks) has
 * read its last page. Without it such pages read as if in windows-1252 once no file can be opened; all other
 * sets need no preparation. NULL without memory or when a module is missing.
 */
struct read_prepared *read_prepare(void);
void read_prepared_free(struct read_prepared *prepared);

/**
 * Reads one page. `body` is borrowed for the call; everything in `*ret_reading` is a copy.
 * Always fills `*ret_reading` (free it with reading_free()) and returns its outcome: OUTCOME_OK,
 * OUTCOME_EMPTY (no bytes but white space), OUTCOME_NOT_TEXT (a picture, an archive), OUTCOME_NO_MEMORY. An
 * unknown or wrong character set never fails: the bytes decide then. A page takes up to READ_PARSE_BYTES +
 * READ_RECORD_BYTES + 4 × READ_UTF8_BYTES of memory and READ_PARSE_MS of CPU to parse; a page that needs more
 * is read without a tree, and `cut_what` says so.
 */
enum outcome read_page(struct span body, const struct read_request *request, struct reading *ret_reading);
