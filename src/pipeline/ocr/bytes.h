/* Numbers out of untrusted bytes: reading beyond the end gives 0, never a fault. */
#pragma once

#include "base/span.h"

#include <stdint.h>

static inline uint32_t bytes_8(struct span file, size_t at)
{
    return file.at && at < file.size ? (uint8_t)file.at[at] : 0;
}

static inline uint32_t bytes_be16(struct span file, size_t at)
{
    return bytes_8(file, at) << 8 | bytes_8(file, at + 1);
}

static inline uint32_t bytes_le16(struct span file, size_t at)
{
    return bytes_8(file, at + 1) << 8 | bytes_8(file, at);
}

static inline uint32_t bytes_be32(struct span file, size_t at)
{
    return bytes_be16(file, at) << 16 | bytes_be16(file, at + 2);
}

static inline uint32_t bytes_le32(struct span file, size_t at)
{
    return bytes_le16(file, at + 2) << 16 | bytes_le16(file, at);
}

/** True when `mark` stands at offset `at`. */
static inline bool bytes_are(struct span file, size_t at, struct span mark)
{
    return at <= file.size && mark.size <= file.size - at && memcmp(file.at + at, mark.at, mark.size) == 0;
}
