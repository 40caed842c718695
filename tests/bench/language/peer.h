/* The identifiers measured, behind one shape. */
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { PEER_SPANS_MAX = 64 };

struct peer_span {
    size_t start, end; /* bytes */
    char language[12];
};

struct peer {
    const char *name;
    /* Writes the tag ("und" if it does not say). */
    void (*guess)(const char *text, size_t size, char ret_tag[12], float *ret_confidence);
    /* Returns how many spans it found; null if it knows no spans. */
    size_t (*spans)(const char *text, size_t size, struct peer_span ret_spans[PEER_SPANS_MAX]);
};

/* `model` is the path of varta's model; false with a message on standard error if it cannot be opened. */
int peer_varta_open(const char *model);

extern const struct peer peer_varta, peer_cld2, peer_exttextcat;

#ifdef __cplusplus
}
#endif
