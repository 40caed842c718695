/*
 * The certificates that a server showed and that were refused. libcurl tells of a handshake that succeeded
 * only, and an incident whose cause is the certificate would be told without it. Nothing is decided here:
 * what the verification said is passed on as it is.
 *
 * A connection outlives the transfer that opened it, so both hold the witness.
 */
#pragma once

#include "base/arena.h"
#include "pipeline/page.h"

struct witness;

/** NULL without memory. */
struct witness *witness_new(void);

/** Lets go of it; NULL is fine. */
void witness_free(struct witness *witness);

/** Has it attend the verification; `context` is the SSL_CTX of one connection. */
void witness_attend(struct witness *witness, void *context);

/** Fills the capture's certificate, its names, dates and, with `chain`, all that was sent; nothing where
 * nothing was refused. */
void witness_tell(const struct witness *witness, bool chain, struct capture *capture);
