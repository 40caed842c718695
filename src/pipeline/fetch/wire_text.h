/* What came over the wire as text that cannot hurt: a server chooses its headers, addresses and certificates.
 */
#pragma once

#include "base/arena.h"
#include "pipeline/page.h"

/** A header's value: printable ASCII, anything else '?', cut at the limit. */
struct span wire_text_header(struct arena *arena, struct span value);

/** A date as HTTP writes it ("Sun, 06 Nov 1994 08:49:37 GMT"): seconds since 1970, or 0 for what is none. */
int64_t wire_text_date(struct span value);

/** An address: an international host stays readable, what steers is percent-encoded away. */
struct span wire_text_address(struct arena *arena, const char *text);

/** The distinguished names of a certificate that stands in PEM, as readable UTF-8 ("O = Міністерство"): what
 * steers is '?', cut at the limit of a header. Empty for what is none. */
void wire_text_names_pem(struct arena *arena, const char *pem, struct span *ret_subject,
                         struct span *ret_issuer);

/** The SHA-256 of a certificate that stands in PEM; false for what is none. */
bool wire_text_digest_pem(const char *pem, struct digest *ret_digest);
