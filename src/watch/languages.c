/* See languages.h. */
#include "watch/languages.h"

#include <varta/language.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_SHARES = 32, LINE_BYTES = 80 };

struct languages {
    struct varta_language_model *model;
};

int languages_open(const char *path, struct languages **ret_languages, char ret_error[256])
{
    const char *reason = NULL;
    struct languages *languages = malloc(sizeof(*languages));
    int result = languages ? varta_language_model_open(path, &languages->model, &reason) : -ENOMEM;
    if (result < 0) {
        snprintf(ret_error, 256, "cannot use the language model %.140s: %.60s", path,
                 reason ? reason : strerror(-result));
        free(languages);
        return result;
    }
    *ret_languages = languages;
    return 0;
}

void languages_close(struct languages *languages)
{
    if (!languages)
        return;
    varta_language_model_close(languages->model);
    free(languages);
}

static struct language_share share_of(const char *language, double share, double confidence)
{
    struct language_share one = {.share = share, .confidence = confidence};
    snprintf(one.language, sizeof(one.language), "%s", language);
    return one;
}

int languages_of(const struct languages *languages, struct span text, struct arena *arena,
                 struct language_share **ret_shares, size_t *ret_count)
{
    struct varta_language_result found;
    int result = varta_language_identify(languages->model, text.at ? text.at : "", text.size, NULL, &found);
    if (result < 0)
        return result;
    struct language_share *shares = arena_alloc(arena, found.share_count + 1, sizeof(*shares));
    for (size_t i = 0; shares && i < found.share_count; i++)
        shares[i] = share_of(found.shares[i].language, (double)found.shares[i].share,
                             (double)found.shares[i].confidence);
    *ret_count = found.share_count;
    varta_language_result_free(&found);
    if (!shares)
        return -ENOMEM;
    *ret_shares = shares;
    return 0;
}

int languages_stretches(const struct languages *languages, struct span text, struct arena *arena,
                        struct language_stretch **ret_stretches, size_t *ret_count)
{
    struct varta_language_result found;
    int result = varta_language_identify(languages->model, text.at ? text.at : "", text.size, NULL, &found);
    if (result < 0)
        return result;
    struct language_stretch *stretches = arena_alloc(arena, found.span_count, sizeof(*stretches));
    for (size_t i = 0; stretches && i < found.span_count; i++) {
        stretches[i] = (struct language_stretch){.start = found.spans[i].start,
                                                 .end = found.spans[i].end,
                                                 .confidence = (double)found.spans[i].confidence};
        snprintf(stretches[i].language, sizeof(stretches[i].language), "%s", found.spans[i].language);
    }
    *ret_count = found.span_count;
    varta_language_result_free(&found);
    if (!stretches)
        return -ENOMEM;
    *ret_stretches = stretches;
    return 0;
}

void languages_put(struct buf *out, const struct language_share *shares, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_add_format(out, "%s %.4f %.4f\n", shares[i].language, shares[i].share, shares[i].confidence);
}

static bool read_line(struct span line, struct language_share *ret_share)
{
    char text[LINE_BYTES];
    struct language_share share;
    if (line.size >= sizeof(text))
        return false;
    memcpy(text, line.at, line.size);
    text[line.size] = '\0';
    if (sscanf(text, "%11s %lf %lf", share.language, &share.share, &share.confidence) != 3)
        return false;
    *ret_share = share;
    return true;
}

int languages_get(struct span text, struct arena *arena, struct language_share **ret_shares,
                  size_t *ret_count)
{
    struct language_share *shares = arena_alloc(arena, MAX_SHARES, sizeof(*shares));
    struct span line;
    size_t count = 0;
    if (!shares)
        return -ENOMEM;
    while (count < MAX_SHARES && span_next(&text, '\n', &line))
        count += read_line(line, &shares[count]);
    *ret_shares = shares;
    *ret_count = count;
    return 0;
}
