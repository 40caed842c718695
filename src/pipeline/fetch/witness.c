/* See witness.h. */
#include "pipeline/fetch/witness.h"

#include "base/buf.h"
#include "pipeline/fetch/fetch_limits.h"
#include "pipeline/fetch/wire_text.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdlib.h>

struct witness {
    unsigned holders;
    size_t count;
    char *pem[FETCH_CHAIN]; /* from malloc(), the server's own first */
    char from[64], until[64];
};

struct witness *witness_new(void)
{
    struct witness *witness = calloc(1, sizeof(*witness));
    if (witness)
        witness->holders = 1;
    return witness;
}

void witness_free(struct witness *witness)
{
    if (!witness || --witness->holders > 0)
        return;
    for (size_t i = 0; i < witness->count; i++)
        free(witness->pem[i]);
    free(witness);
}

/* ---- what was sent ---- */

static char *pem_of(X509 *certificate)
{
    char *text = NULL, *copy = NULL;
    BIO *memory = BIO_new(BIO_s_mem());
    if (memory && PEM_write_bio_X509(memory, certificate)) {
        long size = BIO_get_mem_data(memory, &text);
        copy = size > 0 && size <= FETCH_CERTIFICATE_BYTES ? strndup(text, (size_t)size) : NULL;
    }
    BIO_free(memory);
    return copy;
}

static void time_of(const ASN1_TIME *time, char ret_text[64])
{
    BIO *memory = BIO_new(BIO_s_mem());
    int size = memory && ASN1_TIME_print(memory, time) ? BIO_read(memory, ret_text, 63) : 0;
    ret_text[size > 0 ? size : 0] = '\0';
    BIO_free(memory);
}

static void take(struct witness *witness, STACK_OF(X509) * sent)
{
    for (int i = 0; sent && i < sk_X509_num(sent) && witness->count < FETCH_CHAIN; i++) {
        X509 *certificate = sk_X509_value(sent, i);
        char *pem = pem_of(certificate);
        if (!pem)
            break; /* the first one is the server's own, or there is none */
        if (witness->count == 0) {
            time_of(X509_get0_notBefore(certificate), witness->from);
            time_of(X509_get0_notAfter(certificate), witness->until);
        }
        witness->pem[witness->count++] = pem;
    }
}

/* ---- attending ---- */

static void let_go(void *parent, void *held, CRYPTO_EX_DATA *data, int index, long number, void *more)
{
    (void)parent, (void)data, (void)index, (void)number, (void)more;
    witness_free(held);
}

static int slot(void)
{
    static int index = -1;
    if (index < 0)
        index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, let_go);
    return index;
}

static int on_verified(int good, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct witness *witness = ssl ? SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), slot()) : NULL;
    if (!good && witness && witness->count == 0) {
        ERR_set_mark();
        take(witness, X509_STORE_CTX_get0_untrusted(store));
        ERR_pop_to_mark();
    }
    return good;
}

void witness_attend(struct witness *witness, void *context)
{
    if (!witness || slot() < 0 || !SSL_CTX_set_ex_data(context, slot(), witness))
        return;
    witness->holders++;
    SSL_CTX_set_verify(context, SSL_CTX_get_verify_mode(context), on_verified);
}

void witness_tell(const struct witness *witness, bool chain, struct capture *capture)
{
    if (!witness || witness->count == 0)
        return;
    capture->has_certificate = wire_text_digest_pem(witness->pem[0], &capture->certificate);
    wire_text_names_pem(&capture->arena, witness->pem[0], &capture->subject, &capture->issuer);
    capture->valid_from = wire_text_header(&capture->arena, span_of(witness->from));
    capture->valid_until = wire_text_header(&capture->arena, span_of(witness->until));
    if (!chain)
        return;
    capture->chain = arena_alloc(&capture->arena, FETCH_CHAIN, sizeof(*capture->chain));
    for (size_t i = 0; capture->chain && i < witness->count; i++)
        capture->chain[capture->chain_count++] = arena_copy(&capture->arena, span_of(witness->pem[i]));
}
