/* See digest.h. */
#include "watch/digest.h"

#include <openssl/sha.h>

void digest_of(struct span bytes, struct digest *ret_digest)
{
    SHA256((const unsigned char *)(bytes.size ? bytes.at : ""), bytes.size, ret_digest->at);
}
