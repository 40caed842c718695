/* Any bytes as a text: spans must be sorted, inside the text and cover every letter. The model is the file
 * named by VARTA_LANGUAGE_MODEL. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/identify/wordscan.h"
#include "varta/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct varta_language_model *open_model(void)
{
    const char *path = getenv("VARTA_LANGUAGE_MODEL"), *reason = "cannot be read";
    struct varta_language_model *model = NULL;

    if (!path || varta_language_model_open(path, &model, &reason) < 0) {
        fprintf(stderr, "VARTA_LANGUAGE_MODEL: %s\n", reason);
        exit(1);
    }
    return model;
}

static void check_spans(const struct varta_language_result *result, const uint8_t *bytes, size_t size)
{
    struct wordscan scan;
    struct wordscan_word word;
    size_t at = 0, span = 0;

    for (size_t i = 0; i < result->span_count; i++) {
        if (result->spans[i].start < at || result->spans[i].end <= result->spans[i].start ||
            result->spans[i].end > size)
            abort();
        at = result->spans[i].end;
    }
    wordscan_start(&scan, bytes, size);
    while (wordscan_next(&scan, &word)) {
        while (span < result->span_count && result->spans[span].end < word.end)
            span++;
        if (span == result->span_count || result->spans[span].start > word.start)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct varta_language_model *model;
    static const char *const expected[] = {"uk", "ru", "pl", "nonsense"};
    const struct varta_language_options options = {expected, 4, expected, size % 3 ? 0 : 4};
    struct varta_language_result result;
    float confidence;

    if (!model)
        model = open_model();
    if (varta_language_identify(model, (const char *)bytes, size, size % 2 ? &options : NULL, &result) < 0)
        return 0;
    check_spans(&result, bytes, size);
    varta_language_result_free(&result);
    varta_language_guess(model, (const char *)bytes, size, NULL, &confidence);
    if (!(confidence >= 0 && confidence <= 1))
        abort();
    return 0;
}
