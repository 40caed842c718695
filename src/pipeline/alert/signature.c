/*
 * The signature of a webhook. The time is signed with the body, so that a body that was overheard cannot be
 * sent again later by whoever checks the time.
 */
#include "pipeline/alert/alert.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>

int signature_make(struct span key, int64_t timestamp_s, struct span body,
                   char ret_signature[SIGNATURE_BYTES])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    buf_auto text = buf_new(body.size + 32);
    buf_add_format(&text, "%lld.", (long long)timestamp_s);
    buf_add_span(&text, body);
    if (text.failed ||
        !HMAC(EVP_sha256(), key.at, (int)key.size, (const unsigned char *)text.at, text.size, digest, &size))
        return -ENOMEM;
    int at = snprintf(ret_signature, SIGNATURE_BYTES, "sha256=");
    for (unsigned int i = 0; i < size && i < 32; i++)
        at += snprintf(ret_signature + at, SIGNATURE_BYTES - (size_t)at, "%02x", digest[i]);
    return 0;
}
