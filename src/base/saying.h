/*
 * What varta itself says of a page in whole sentences (the judge's reasons, why a page is unavailable, what
 * an incident's history notes), in each language that people are spoken to in. Results, stores and logs keep
 * the English sentence beside its code; readers of reports and of the status page get theirs from here, with
 * the numbers, names and quotations of the English one.
 */
#pragma once

#include "base/buf.h"
#include "base/language_name.h"

/** Appends the sentence of that code in the tongue. False, and nothing appended, for English, for a code
 * without a translation, or when the English sentence is not the one the table knows: better a foreign
 * sentence than a wrong one. */
bool saying_translate(struct span code, struct span english, enum tongue tongue, struct buf *out);

/** Appends what a cause means ("refused", "http-503", "maintenance") in a sentence, English too. False for an
 * unknown one. */
bool saying_cause(struct span cause, enum tongue tongue, struct buf *out);

/** The detail of a line of an incident's history: as saying_translate() with its name as the code, and with
 * what a cause means in "unavailable (refused)", whose verdict `verdict` names. */
bool saying_detail(struct span what, struct span detail, const char *verdict, enum tongue tongue,
                   struct buf *out);
