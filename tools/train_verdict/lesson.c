/* See lesson.h. */
#include "lesson.h"

#include "pipeline/judge/front.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MESSAGE_MAX = 16384 };

static const char *const names[LESSON_KIND_COUNT] = {
    [LESSON_VERSION] = "version",
    [LESSON_PAIR] = "pair",
    [LESSON_VERSION_ALONE] = "version-alone",
    [LESSON_DEFACED] = "defaced",
    [LESSON_DEFACED_ALONE] = "defaced-alone",
    [LESSON_SCRIPTED] = "scripted",
    [LESSON_SCRIPTED_ALONE] = "scripted-alone",
    [LESSON_PARTIAL_ALONE] = "partial-alone",
    [LESSON_OWN] = "own",
    [LESSON_OWN_ALONE] = "own-alone",
    [LESSON_PADDED] = "padded",
    [LESSON_PADDED_ALONE] = "padded-alone",
    [LESSON_INJECTED] = "injected",
    [LESSON_ORDINARY] = "ordinary",
    [LESSON_ORDINARY_ALONE] = "ordinary-alone",
    [LESSON_NOTICE] = "notice",
    [LESSON_NOTICE_ALONE] = "notice-alone",
    [LESSON_OTHER_PAGE] = "other-page",
    [LESSON_OTHER_LANGUAGE] = "other-language",
    [LESSON_NEWS] = "news",
    [LESSON_NEWS_ALONE] = "news-alone",
    [LESSON_ARTICLE] = "article",
    [LESSON_ARTICLE_ALONE] = "article-alone",
    [LESSON_GREETING] = "greeting",
    [LESSON_GREETING_ALONE] = "greeting-alone",
};

const char *lesson_kind_name(enum lesson_kind kind)
{
    return names[kind];
}

bool lesson_hostile(enum lesson_kind kind)
{
    return kind >= LESSON_DEFACED && kind <= LESSON_INJECTED;
}

void lesson_list_free(struct lesson_list *list)
{
    free(list->at);
    *list = (struct lesson_list){0};
}

bool lesson_open(const char *model_folder, struct lesson_tools *ret_tools)
{
    char path[4096], error[256];
    const char *reason = "no model";
    snprintf(path, sizeof(path), "%s/cues", model_folder);
    if (cue_open(path, &ret_tools->judge.cues, error)) {
        fprintf(stderr, "%s\n", error);
        return false;
    }
    snprintf(path, sizeof(path), "%s/language.varta", model_folder);
    if (varta_language_model_open(path, &ret_tools->languages, &reason)) {
        fprintf(stderr, "%s: %s\n", path, reason);
        return false;
    }
    for (int section = 0; section < WEIGHTS_SECTION_COUNT; section++)
        ret_tools->judge.weights.section[section].threshold = 0.5;
    return true;
}

void lesson_close(struct lesson_tools *tools)
{
    cue_free(tools->judge.cues);
    varta_language_model_close(tools->languages);
}

double lesson_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static struct lesson_languages identify(struct lesson_tools *tools, struct span text)
{
    struct lesson_languages languages = {0};
    struct varta_language_result result;
    if (!text.size || varta_language_identify(tools->languages, text.at, text.size, NULL, &result))
        return languages;
    for (size_t i = 0; i < result.share_count; i++) {
        struct language_share *share = &languages.at[languages.count++];
        snprintf(share->language, sizeof(share->language), "%s", result.shares[i].language);
        share->share = (double)result.shares[i].share;
        share->confidence = (double)result.shares[i].confidence;
    }
    varta_language_result_free(&result);
    return languages;
}

struct lesson_languages lesson_languages(struct lesson_tools *tools, const struct baseline *baseline)
{
    buf_auto text = buf_new(MESSAGE_MAX + 1);
    baseline_text(baseline, MESSAGE_MAX, &text);
    return identify(tools, buf_span(&text));
}

static void set_bias(struct lesson_tools *tools, double bias)
{
    for (int section = 0; section < WEIGHTS_SECTION_COUNT; section++)
        tools->judge.weights.section[section].bias = bias;
}

static bool was_spared(const struct verdict *verdict)
{
    const char *first = verdict->reason_count ? verdict->reasons[0].code : "";
    return strcmp(first, "narrated") == 0 || strcmp(first, "courtesy") == 0 ||
           strcmp(first, "aftermath") == 0;
}

/* What the rules say when the model says no, and whether it is asked at all. */
static void judge_both_ways(struct lesson_tools *tools, const struct judge_evidence *evidence,
                            struct lesson *lesson)
{
    struct verdict verdict;
    set_bias(tools, -50);
    if (judge_page(&tools->judge, evidence, &verdict))
        abort();
    lesson->otherwise = verdict.kind;
    lesson->changed = verdict.kind != VERDICT_UNCHANGED;
    snprintf(lesson->cause, sizeof(lesson->cause), "%.23s", verdict.cause);
    verdict_free(&verdict);
    set_bias(tools, 50);
    if (judge_page(&tools->judge, evidence, &verdict))
        abort();
    lesson->never = verdict.kind != VERDICT_DEFACED && !was_spared(&verdict);
    verdict_free(&verdict);
}

static void weigh(struct lesson_tools *tools, const struct judge_evidence *evidence, struct lesson *lesson)
{
    arena_auto arena = arena_new(64 << 20);
    struct features features;
    double start = lesson_clock();
    if (feature_compute(tools->judge.cues, evidence, &arena, &features))
        abort();
    for (int i = 0; i < FEATURE_COUNT; i++)
        lesson->at[i] = (float)features.at[i];
    lesson->section = feature_section(evidence->change, &features);
    struct front front;
    if (front_look(tools->judge.cues, evidence, &features, &arena, &front))
        abort();
    tools->judging_s += lesson_clock() - start;
    lesson->spared = judge_spares(&features);
    lesson->front_spared = judge_spares(&front.features);
    lesson->has_front = front.kind != FRONT_NONE && !(front.kind == FRONT_HEAD && lesson->spared);
    lesson->front_section = front.section;
    for (int i = 0; i < FEATURE_COUNT; i++)
        lesson->front[i] = (float)front.features.at[i];
    lesson->kept = (float)evidence->change->kept;
    lesson->words = (float)evidence->change->words;
}

static struct lesson *room_for_one(struct lesson_list *list)
{
    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 1024;
        list->at = realloc(list->at, list->room * sizeof(*list->at));
        if (!list->at)
            abort();
    }
    return &list->at[list->count++];
}

const struct lesson *lesson_add(struct lesson_tools *tools, const struct baseline *baseline,
                                const struct lesson_languages *own, const struct reading *reading,
                                const struct lesson *about, struct lesson_list *list)
{
    struct change change;
    double start = lesson_clock();
    if (compare_reading(baseline, reading, &change))
        abort();
    double compared = lesson_clock();
    buf_auto text = buf_new(MESSAGE_MAX + 1);
    judge_message(&change, reading, MESSAGE_MAX, &text);
    struct lesson_languages fresh = {0};
    if (change.new_letters)
        fresh = identify(tools, buf_span(&text));
    tools->comparing_s += compared - start;
    tools->identifying_s += lesson_clock() - compared;
    struct capture capture = {.outcome = OUTCOME_OK, .status = 200};
    struct judge_evidence evidence = {.capture = &capture,
                                      .reading = reading,
                                      .change = &change,
                                      .new_languages = fresh.at,
                                      .new_language_count = fresh.count,
                                      .baseline_languages = own ? own->at : NULL,
                                      .baseline_language_count = own ? own->count : 0};
    struct lesson *lesson = room_for_one(list);
    *lesson = *about;
    weigh(tools, &evidence, lesson);
    judge_both_ways(tools, &evidence, lesson);
    change_free(&change);
    tools->pages++;
    return lesson;
}
