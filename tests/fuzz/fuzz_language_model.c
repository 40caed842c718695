/* Any bytes as a model file. The checksum is set right first, or the fuzzer would never get past it; a file
 * that is accepted must then serve texts without reading outside of it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/identify/langmodel.h"
#include "varta/language.h"

enum { FILE_BYTES_MAX = 1 << 19 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void set_checksum(uint8_t *file, size_t size)
{
    const size_t start = offsetof(struct langmodel_header, checksum) + sizeof(uint64_t);
    const uint32_t size32 = (uint32_t)size;
    uint64_t sum;

    memcpy(file, LANGMODEL_MAGIC, 8);
    memcpy(file + offsetof(struct langmodel_header, size), &size32, sizeof size32);
    sum = langmodel_checksum(file + start, size - start);
    memcpy(file + offsetof(struct langmodel_header, checksum), &sum, sizeof sum);
}

/* The fuzzer writes the front; tables lie behind, so that small inputs can describe whole models. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char text[] = "Слава Україні! Wszystkie dane. 漢字かな العربية ελληνικά xkcd123";
    struct varta_language_model *model = NULL;
    struct varta_language_result result;
    const char *reason = NULL;
    size_t whole = size > 0 && bytes[size - 1] & 1 ? size : FILE_BYTES_MAX;
    uint8_t *file = aligned_alloc(64, (whole + 63) / 64 * 64);

    if (!file)
        return 0;
    memset(file, 0, whole);
    memcpy(file, bytes, size < whole ? size : whole);
    if (whole >= sizeof(struct langmodel_header))
        set_checksum(file, whole);
    if (varta_language_model_from_memory(file, whole, &model, &reason) == 0) {
        if (varta_language_identify(model, text, sizeof text - 1, NULL, &result) == 0)
            varta_language_result_free(&result);
        varta_language_model_close(model);
    } else if (!reason) {
        abort();
    }
    free(file);
    return 0;
}
