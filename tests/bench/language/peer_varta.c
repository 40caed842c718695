/* varta itself, through its public interface. */
#include "peer.h"

#include <stdio.h>
#include <string.h>

#include "varta/language.h"

static struct varta_language_model *model;

int peer_varta_open(const char *path)
{
    const char *reason = "cannot be read";

    if (varta_language_model_open(path, &model, &reason) == 0)
        return 1;
    fprintf(stderr, "bench: %s: %s\n", path, reason);
    return 0;
}

static void guess(const char *text, size_t size, char ret_tag[12], float *ret_confidence)
{
    snprintf(ret_tag, 12, "%s", varta_language_guess(model, text, size, NULL, ret_confidence));
}

static size_t spans(const char *text, size_t size, struct peer_span ret_spans[PEER_SPANS_MAX])
{
    struct varta_language_result result;
    size_t count;

    if (varta_language_identify(model, text, size, NULL, &result) < 0)
        return 0;
    count = result.span_count < PEER_SPANS_MAX ? result.span_count : PEER_SPANS_MAX;
    for (size_t i = 0; i < count; i++) {
        ret_spans[i].start = result.spans[i].start;
        ret_spans[i].end = result.spans[i].end;
        snprintf(ret_spans[i].language, sizeof ret_spans[i].language, "%s", result.spans[i].language);
    }
    varta_language_result_free(&result);
    return count;
}

const struct peer peer_varta = {"varta", guess, spans};
