/* The table behind outcome.h. */
#include "base/outcome.h"

#include <stddef.h>

static const struct {
    const char *name;
    const char *text;
} outcomes[OUTCOME_COUNT] = {
    [OUTCOME_OK] = {"ok", "it worked"},
    [OUTCOME_BAD_URL] = {"bad-url", "the address is not a valid URL"},
    [OUTCOME_BAD_SCHEME] = {"bad-scheme", "only http and https are fetched"},
    [OUTCOME_NOT_RESOLVED] = {"not-resolved", "the host name could not be resolved"},
    [OUTCOME_REFUSED] = {"refused", "the server refused the connection"},
    [OUTCOME_UNREACHABLE] = {"unreachable", "the server could not be reached"},
    [OUTCOME_FORBIDDEN_ADDRESS] = {"forbidden-address", "it leads to a private or local address"},
    [OUTCOME_TIMEOUT] = {"timeout", "the server did not answer in time"},
    [OUTCOME_TLS_FAILED] = {"tls-failed", "no TLS connection could be made"},
    [OUTCOME_CERTIFICATE] = {"certificate", "the server's certificate is not valid"},
    [OUTCOME_RESET] = {"reset", "the connection broke off"},
    [OUTCOME_PROTOCOL] = {"protocol", "the server does not speak HTTP properly"},
    [OUTCOME_REDIRECTS] = {"redirects", "the redirects do not come to an end"},
    [OUTCOME_BAD_ENCODING] = {"bad-encoding", "the body could not be decompressed"},
    [OUTCOME_TOO_LARGE] = {"too-large", "it is larger than the limit"},
    [OUTCOME_EMPTY] = {"empty", "the body is empty"},
    [OUTCOME_NOT_TEXT] = {"not-text", "it is neither a page nor text"},
    [OUTCOME_BAD_CHARSET] = {"bad-charset", "the character set could not be told or converted"},
    [OUTCOME_NOT_PICTURE] = {"not-picture", "it is not a picture"},
    [OUTCOME_PICTURE_FORMAT] = {"picture-format", "pictures of this format are not read"},
    [OUTCOME_PICTURE_TOO_LARGE] = {"picture-too-large", "the picture has more pixels than the limit"},
    [OUTCOME_PICTURE_DAMAGED] = {"picture-damaged", "the picture could not be decoded"},
    [OUTCOME_NO_MODEL] = {"no-model", "no recognition model is installed"},
    [OUTCOME_HELPER_TIMEOUT] = {"helper-timeout", "reading it took too long and was stopped"},
    [OUTCOME_HELPER_LIMIT] = {"helper-limit", "reading it needed more memory or time than the limit"},
    [OUTCOME_HELPER_SANDBOX] = {"helper-sandbox", "its reader tried something forbidden and was killed"},
    [OUTCOME_HELPER_CRASHED] = {"helper-crashed", "a helper crashed over it"},
    [OUTCOME_HELPER_LIED] = {"helper-lied", "its reader sent a malformed answer"},
    [OUTCOME_NO_MEMORY] = {"no-memory", "there was not enough memory"},
    [OUTCOME_FILE] = {"file", "the file could not be read"},
};

const char *outcome_name(enum outcome outcome)
{
    return (unsigned)outcome < OUTCOME_COUNT ? outcomes[outcome].name : "unknown";
}

const char *outcome_text(enum outcome outcome)
{
    return (unsigned)outcome < OUTCOME_COUNT ? outcomes[outcome].text : "an outcome of an unknown number";
}
