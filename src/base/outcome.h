/*
 * What can become of a fetch, a reading or a picture. The world saying no is not an error of ours: a
 * monitor's product is outcomes, so each has a name that people and scripts see and a sentence that says what
 * it means.
 */
#pragma once

#include <stdbool.h>

enum outcome {
    OUTCOME_OK,
    /* reaching the server */
    OUTCOME_BAD_URL,
    OUTCOME_BAD_SCHEME,
    OUTCOME_NOT_RESOLVED,
    OUTCOME_REFUSED,
    OUTCOME_UNREACHABLE,
    OUTCOME_FORBIDDEN_ADDRESS,
    OUTCOME_TIMEOUT,
    OUTCOME_TLS_FAILED,
    OUTCOME_CERTIFICATE,
    /* talking to it */
    OUTCOME_RESET,
    OUTCOME_PROTOCOL,
    OUTCOME_REDIRECTS,
    OUTCOME_BAD_ENCODING,
    OUTCOME_TOO_LARGE,
    OUTCOME_EMPTY,
    /* reading what it said */
    OUTCOME_NOT_TEXT,
    OUTCOME_BAD_CHARSET,
    OUTCOME_NOT_PICTURE,
    OUTCOME_PICTURE_FORMAT,
    OUTCOME_PICTURE_TOO_LARGE,
    OUTCOME_PICTURE_DAMAGED,
    OUTCOME_NO_MODEL,
    /* our own helpers */
    OUTCOME_HELPER_TIMEOUT,
    OUTCOME_HELPER_LIMIT,
    OUTCOME_HELPER_SANDBOX,
    OUTCOME_HELPER_CRASHED,
    OUTCOME_HELPER_LIED,
    OUTCOME_NO_MEMORY,
    OUTCOME_FILE,
    OUTCOME_COUNT
};

/** The stable name scripts see, like "not-resolved"; "unknown" for a number outside the enum. */
const char *outcome_name(enum outcome outcome);

/** One sentence without a full stop, for a person, like "the host name could not be resolved". */
const char *outcome_text(enum outcome outcome);
