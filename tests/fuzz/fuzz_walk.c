/*
 * A page's whole walk behind the network, with the models that are installed: two versions of a page are
 * read, the first is learnt, packed and unpacked, the second compared with it, its languages told, and
 * judged. The versions are set apart by a byte 0x1E. What the steps promise one another must hold for any
 * bytes.
 */
#include "base/utf8.h"
#include "pipeline/compare/compare.h"
#include "pipeline/judge/judge.h"
#include "pipeline/read/read.h"
#include "watch/languages.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { NOW_S = 1642118400, PACKED_BYTES = 8 << 20, MESSAGE_BYTES = 20000, SHARES_BYTES = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct models {
    struct judge *judge;
    struct languages *languages;
};

static void demand(bool kept)
{
    if (!kept)
        abort();
}

static struct models open_models(void)
{
    const char *folder = getenv("VARTA_MODELS");
    char path[4096], error[256] = "VARTA_MODELS names no folder";
    struct models models = {NULL, NULL};
    snprintf(path, sizeof(path), "%s/language.varta", folder ? folder : ".");
    if (!folder || judge_open(folder, &models.judge, error) < 0 ||
        languages_open(path, &models.languages, error) < 0) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    return models;
}

static bool is_share(double value)
{
    return isfinite(value) && value >= 0 && value <= 1.0001;
}

static void check_change(const struct change *change)
{
    demand(is_share(change->kept) && is_share(change->words) && is_share(change->anchor));
    demand(is_share(change->fresh) && is_share(change->structure) && is_share(change->prominence));
    demand(change->contacts == -1 || is_share(change->contacts));
    demand(change->hosts == -1 || is_share(change->hosts));
    for (size_t i = 0; i < change->block_count; i++)
        demand(utf8_valid(change->blocks[i].text) && is_share(change->blocks[i].fresh));
}

static void check_verdict(const struct verdict *verdict)
{
    double letters = 0;
    demand(verdict->kind < VERDICT_KIND_COUNT && is_share(verdict->score));
    for (size_t i = 0; i < verdict->language_count; i++) {
        demand(is_share(verdict->languages[i].share) && is_share(verdict->languages[i].confidence));
        letters += verdict->languages[i].share;
    }
    demand(letters <= 1.01 && utf8_valid(verdict->message) && verdict->message_origin < ORIGIN_COUNT);
    demand(verdict->reason_count > 0 || verdict->kind == VERDICT_NEW);
    for (size_t i = 0; i < verdict->reason_count; i++)
        demand(verdict->reasons[i].text.size > 0 && utf8_valid(verdict->reasons[i].text) &&
               isfinite(verdict->reasons[i].weight));
}

/* What outlives a visit: learnt, packed, read back. */
static struct baseline *learn(const struct reading *reading)
{
    buf_auto packed = buf_new(PACKED_BYTES);
    struct baseline *first = baseline_new(), *again = NULL;
    demand(first && baseline_learn(first, reading, NOW_S) == 0 && baseline_pack(first, &packed) == 0);
    baseline_free(first);
    demand(baseline_unpack(buf_span(&packed), &again) == 0);
    return again;
}

static void judge_it(const struct models *models, const struct reading *reading, const struct change *change)
{
    struct capture capture = {
        .outcome = OUTCOME_OK, .status = 200, .final_url = SPAN("https://www.ministry.example/")};
    buf_auto message = buf_new(MESSAGE_BYTES + 4096);
    arena_auto arena = arena_new(SHARES_BYTES);
    struct language_share *shares = NULL;
    size_t count = 0;
    struct verdict verdict;
    demand(judge_message(change, reading, MESSAGE_BYTES, &message) == 0 && utf8_valid(buf_span(&message)));
    demand(languages_of(models->languages, buf_span(&message), &arena, &shares, &count) == 0);
    struct judge_evidence evidence = {.capture = &capture,
                                      .reading = reading,
                                      .change = change,
                                      .new_languages = shares,
                                      .new_language_count = count,
                                      .page_languages = shares,
                                      .page_language_count = count};
    demand(judge_page(models->judge, &evidence, &verdict) == 0);
    check_verdict(&verdict);
    verdict_free(&verdict);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct models models;
    if (!models.judge)
        models = open_models();
    struct span rest = {(const char *)data, size}, before;
    const struct read_request request = {.url = SPAN("https://www.ministry.example/")};
    struct reading first, second;
    if (!span_next(&rest, '\x1e', &before))
        return 0;
    enum outcome was = read_page(before, &request, &first);
    enum outcome is = read_page(rest.size ? rest : before, &request, &second);
    if (was == OUTCOME_OK && is == OUTCOME_OK) {
        struct baseline *baseline = learn(&first);
        struct change change;
        demand(compare_reading(baseline, &second, &change) == 0);
        check_change(&change);
        judge_it(&models, &second, &change);
        change_free(&change);
        baseline_free(baseline);
    }
    reading_free(&first);
    reading_free(&second);
    return 0;
}
