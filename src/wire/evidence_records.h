/* What of a capture is there for evidence only: exchanges and certificates. Private to the codec. */
#pragma once

#include "pipeline/page.h"
#include "wire/codec.h"

/** Writes the exchanges and certificates of a capture, and reads them back into its arena. */
void evidence_records_put(struct buf *out, const struct capture *capture);
void evidence_records_get(struct decoder *in, struct capture *capture);
