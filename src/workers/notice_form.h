/* A notice in the forms of others. It has no dossier: what is exported is what the notice knows, under the
 * same names (UUIDs) as `varta export` gives of the incident. */
#pragma once

#include "pipeline/alert/alert.h"

/** False for what has no place in the form: what varta tells of itself, in those that CERTs exchange. */
bool notice_form_suits(const struct notice *notice, enum sink_format format);

/** Appends the notice on one line, without a line feed. `format` is not FORMAT_VARTA. */
void notice_form_put(const struct notice *notice, enum sink_format format, struct buf *out);
