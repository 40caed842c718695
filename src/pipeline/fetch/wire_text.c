/* See wire_text.h. */
#include "pipeline/fetch/wire_text.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "pipeline/fetch/fetch_limits.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <time.h>

struct span wire_text_header(struct arena *arena, struct span value)
{
    struct span copy = arena_copy(arena, span_cut(span_trim(value), 0, FETCH_HEADER_BYTES));
    char *at = (char *)(uintptr_t)copy.at;
    for (size_t i = 0; i < copy.size; i++)
        if (at[i] < ' ' || at[i] > '~')
            at[i] = '?';
    return copy;
}

int64_t wire_text_date(struct span value)
{
    char text[32];
    struct tm parts = {0};
    struct span date = span_trim(value);
    if (date.size == 0 || date.size >= sizeof(text))
        return 0;
    memcpy(text, date.at, date.size);
    text[date.size] = '\0';
    const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    int64_t at_s = end && *end == '\0' ? timegm(&parts) : 0;
    return at_s > 0 ? at_s : 0;
}

struct span wire_text_address(struct arena *arena, const char *text)
{
    struct span address = span_of(text);
    buf_auto clean = buf_new(FETCH_URL_BYTES * 3);
    for (size_t at = 0; at < address.size;) {
        size_t start = at;
        uint32_t character = utf8_next(address, &at);
        if (character != UTF8_REPLACEMENT && !utf8_is_steering(character))
            buf_add_span(&clean, span_cut(address, start, at));
        else
            for (size_t i = start; i < at; i++)
                buf_add_format(&clean, "%%%02X", (unsigned char)address.at[i]);
    }
    return arena_copy(arena, buf_span(&clean));
}

bool wire_text_digest_pem(const char *pem, struct digest *ret_digest)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----", end[] = "-----END";
    const char *at = strstr(pem, begin);
    const char *stop = at ? strstr(at, end) : NULL;
    if (!stop)
        return false;
    buf_auto bytes = buf_new(FETCH_HEADER_TOTAL);
    buf_auto letters = buf_new(FETCH_HEADER_TOTAL);
    for (at += sizeof(begin) - 1; at < stop; at++)
        if (*at > ' ')
            buf_add_byte(&letters, *at);
    if (letters.failed || letters.size == 0 || !buf_reserve(&bytes, letters.size))
        return false;
    int size =
        EVP_DecodeBlock((unsigned char *)bytes.at, (const unsigned char *)letters.at, (int)letters.size);
    if (size < 3)
        return false;
    for (size_t i = letters.size; i > 0 && letters.at[i - 1] == '='; i--)
        size--; /* what pads the last group decodes to zeros */
    SHA256((const unsigned char *)bytes.at, (size_t)size, ret_digest->at);
    return true;
}

/* As libcurl writes them, so that what was seen before stays comparable, but with letters as they are. */
static struct span name_of(struct arena *arena, const X509_NAME *name)
{
    char *text = NULL;
    BIO *memory = BIO_new(BIO_s_mem());
    buf_auto clean = buf_new(FETCH_HEADER_BYTES);
    if (memory &&
        X509_NAME_print_ex(memory, name, 0, XN_FLAG_ONELINE & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
        long size = BIO_get_mem_data(memory, &text);
        struct span all = {text, size > 0 ? (size_t)size : 0};
        struct span wanted = utf8_prefix(all, FETCH_HEADER_BYTES);
        for (size_t at = 0; at < wanted.size;) {
            size_t start = at;
            uint32_t character = utf8_next(wanted, &at);
            if (character == UTF8_REPLACEMENT || utf8_is_steering(character))
                buf_add_byte(&clean, '?');
            else
                buf_add_span(&clean, span_cut(wanted, start, at));
        }
    }
    BIO_free(memory);
    return arena_copy(arena, buf_span(&clean));
}

void wire_text_names_pem(struct arena *arena, const char *pem, struct span *ret_subject,
                         struct span *ret_issuer)
{
    BIO *memory = BIO_new_mem_buf(pem, -1);
    X509 *certificate = memory ? PEM_read_bio_X509(memory, NULL, NULL, NULL) : NULL;
    *ret_subject = *ret_issuer = (struct span){NULL, 0};
    if (certificate) {
        *ret_subject = name_of(arena, X509_get_subject_name(certificate));
        *ret_issuer = name_of(arena, X509_get_issuer_name(certificate));
    }
    X509_free(certificate);
    ERR_clear_error(); /* a connection of the same thread would take it for its own */
    BIO_free(memory);
}
