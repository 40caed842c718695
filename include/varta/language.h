/*
 * Which languages a text is written in, and where: the public interface of varta's language identifier.
 *
 * A model is opened once and is immutable: any number of threads may use it at the same time. Nothing here
 * logs, keeps globals, or does I/O, except opening the model. Any bytes may be passed as text; what is not
 * well-formed UTF-8 counts as a symbol. Letters are those of UTF-8 texts; look-alike letters of Latin and
 * Cyrillic are read in the script of the word or line they stand in.
 *
 * Languages are BCP 47 tags: "uk", "ru", "pl", …; "sr" is Serbian in Cyrillic, "sr-Latn" in Latin letters;
 * "ru-Latn" and "uk-Latn" are Russian and Ukrainian typed in Latin letters; "und" is no language (digits,
 * code, random letters) or one that cannot be told. Tags belong to the model and live as long as it.
 */
#ifndef VARTA_LANGUAGE_H
#define VARTA_LANGUAGE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Languages reported for one text, largest first; smaller ones beyond are left out of the list. */
#define VARTA_LANGUAGE_SHARES_MAX 8

/** Spans reported for one text. The last one covers the rest of a text that would have more. */
#define VARTA_LANGUAGE_SPANS_MAX 1000000

/** A trained model. Opaque, immutable, shared by threads. */
struct varta_language_model;

/** What the caller knows beforehand. All zero: nothing. Tags the model does not know are ignored. */
struct varta_language_options {
    const char *const *expected; /**< tags the text is likelier to be in; borrowed during the call */
    size_t expected_count;
    const char *const
        *only;         /**< nothing but these tags, and "und", may be answered; borrowed during the call */
    size_t only_count; /**< 0: all languages */
};

/** A stretch of text in one language. Stretches are sorted, do not overlap and together cover every letter.
 */
struct varta_language_span {
    size_t start; /**< byte offset of its first byte */
    size_t end;   /**< byte offset behind its last byte */
    const char *language;
    float confidence; /**< 0 … 1, calibrated: of spans with 0.9, nine in ten are right */
};

/** One language's part of a text. */
struct varta_language_share {
    const char *language;
    float share;      /**< of the text's letters, 0 … 1 */
    float confidence; /**< of its spans, weighted by their letters */
};

/** What a text is written in. Give it to varta_language_result_free() when done. */
struct varta_language_result {
    const char *language; /**< of the largest share; "und" for a text without letters */
    float confidence;     /**< that `language` is right */
    size_t letters;       /**< in the text: characters that are letters of any script */
    struct varta_language_share shares[VARTA_LANGUAGE_SHARES_MAX]; /**< largest first */
    size_t share_count;
    struct varta_language_span *spans; /**< owned by the result; null without letters */
    size_t span_count;
};

/**
 * Maps the model file at `path`. Returns 0, or a negative errno: what open(2) and mmap(2) say, or -EBADMSG
 * for a file that is no usable model; then `*ret_reason`, if `ret_reason` is not null, is set to a constant
 * string that says why. The file must not be cut short while it is in use. Close the model with
 * varta_language_model_close().
 */
int varta_language_model_open(const char *path, struct varta_language_model **ret_model,
                              const char **ret_reason);

/**
 * The same from memory: `bytes` (64-byte aligned, `size` of them) are borrowed until the model is closed.
 * Returns 0, -EINVAL for misaligned bytes, -EBADMSG with a reason as above, or -ENOMEM.
 */
int varta_language_model_from_memory(const void *bytes, size_t size, struct varta_language_model **ret_model,
                                     const char **ret_reason);

/** Closes the model; all tags and results got from it end here. Null is allowed. */
void varta_language_model_close(struct varta_language_model *model);

/** How many languages the model knows, "und" among them. */
size_t varta_language_count(const struct varta_language_model *model);

/** The tag of a language by its number, 0 … count - 1; number 0 is "und". Null beyond. */
const char *varta_language_tag(const struct varta_language_model *model, size_t number);

/**
 * Finds the languages of the text of `size` bytes at `text`, with spans. `options` may be null.
 * Returns 0 and fills `*ret_result`, or -ENOMEM and leaves it alone. The only memory taken is the result's
 * spans.
 */
int varta_language_identify(const struct varta_language_model *model, const char *text, size_t size,
                            const struct varta_language_options *options,
                            struct varta_language_result *ret_result);

/** Frees the spans of a result and clears it. */
void varta_language_result_free(struct varta_language_result *result);

/**
 * The same without spans and without any allocation: one language, and how sure that is. Words of one script
 * are taken together, so that a foreign name or a slip in a short text does not count as a stretch of its
 * own; of several scripts the answer is the language with most letters. Web addresses do not count.
 * `ret_confidence` may be null. Never fails.
 */
const char *varta_language_guess(const struct varta_language_model *model, const char *text, size_t size,
                                 const struct varta_language_options *options, float *ret_confidence);

#ifdef __cplusplus
}
#endif

#endif
