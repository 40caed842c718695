/* See hashes.h. */
#include "pipeline/evidence/hashes.h"

#include "pipeline/evidence/evidence.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <unistd.h>

void hashes_sha256(struct span first, struct span second, struct digest *ret_digest)
{
    unsigned int size = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    memset(ret_digest->at, 0, sizeof(ret_digest->at));
    if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
        EVP_DigestUpdate(context, first.at, first.size) == 1 &&
        EVP_DigestUpdate(context, second.at, second.size) == 1)
        EVP_DigestFinal_ex(context, ret_digest->at, &size);
    EVP_MD_CTX_free(context);
}

static int hash_pieces(int fd, EVP_MD_CTX *context, uint64_t *ret_bytes)
{
    char piece[64 << 10];
    uint64_t bytes = 0;
    for (;;) {
        ssize_t got = read(fd, piece, sizeof(piece));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if (got == 0)
            break;
        EVP_DigestUpdate(context, piece, (size_t)got);
        bytes += (uint64_t)got;
    }
    *ret_bytes = bytes;
    return 0;
}

int hashes_file(int fd, struct digest *ret_digest, uint64_t *ret_bytes)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int result = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1
                     ? hash_pieces(fd, context, ret_bytes)
                     : -ENOMEM;
    if (result == 0)
        EVP_DigestFinal_ex(context, ret_digest->at, NULL);
    EVP_MD_CTX_free(context);
    return result;
}

void hashes_sha1_text(struct span bytes, char ret_text[HASHES_SHA1_TEXT])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1((const unsigned char *)(bytes.size ? bytes.at : ""), bytes.size, digest);
    uint64_t bits = 0;
    unsigned held = 0;
    size_t put = 0;
    for (size_t i = 0; i < sizeof(digest); i++) {
        bits = bits << 8 | digest[i];
        for (held += 8; held >= 5; held -= 5)
            ret_text[put++] = letters[bits >> (held - 5) & 31];
    }
    ret_text[put] = '\0';
}

void evidence_hex(const struct digest *digest, char ret_text[65])
{
    for (size_t i = 0; i < sizeof(digest->at); i++)
        snprintf(ret_text + 2 * i, 3, "%02x", digest->at[i]);
}

static int digit_of(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool evidence_unhex(struct span text, struct digest *ret_digest)
{
    struct digest digest;
    if (text.size != 2 * sizeof(digest.at))
        return false;
    for (size_t i = 0; i < sizeof(digest.at); i++) {
        int high = digit_of(text.at[2 * i]), low = digit_of(text.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        digest.at[i] = (unsigned char)(high << 4 | low);
    }
    *ret_digest = digest;
    return true;
}
