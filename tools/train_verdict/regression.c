/*
 * Accelerated projected gradient descent on the weighted log-loss with a ridge. Every kind of lesson has the
 * same say whatever its number, and within a kind every site or family: 390 pages of one site are one voice.
 */
#include "regression.h"

#include <math.h>
#include <stdlib.h>

/* The ridge: what one unit of weight costs. Between 0.00005 and 0.0005 the tables hardly move. */
#define RIDGE 0.00015

/* What a made-up twin of a real lesson counts. */
#define TWIN_SAY 0.15F

#define STEP 0.3
enum { STEPS = 2500, GROUPS_MAX = 8192, COLUMNS = FEATURE_COUNT + 1 };

/* How often a page of a kind is met in the wild against the others, as far as it matters: what must not be
 * called defaced speaks louder, since there is ten thousand times more of it. */
static const double voices[LESSON_KIND_COUNT] = {
    [LESSON_VERSION] = 3,
    [LESSON_PAIR] = 3,
    [LESSON_VERSION_ALONE] = 2,
    [LESSON_DEFACED] = 2,
    [LESSON_DEFACED_ALONE] = 2,
    [LESSON_SCRIPTED] = 0.2,
    [LESSON_SCRIPTED_ALONE] = 0,
    [LESSON_PARTIAL_ALONE] = 0.1,
    [LESSON_OWN] = 2,
    [LESSON_OWN_ALONE] = 1,
    [LESSON_INJECTED] = 1,
    [LESSON_ORDINARY] = 2,
    [LESSON_ORDINARY_ALONE] = 2,
    [LESSON_OTHER_PAGE] = 2,
    [LESSON_OTHER_LANGUAGE] = 1,
    [LESSON_NEWS] = 2,
    [LESSON_NEWS_ALONE] = 1,
};

/* +1: may only speak for, -1: only against, 0: never looked at in this section. */
static const signed char signs[WEIGHTS_SECTION_COUNT][FEATURE_COUNT] = {
    /* what is gone ×4, screen, languages ×2, cues ×7, report, service, bareness ×2, picture, hosts, dark, loud, buried */
    [WEIGHTS_CHANGED] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, 1, 1, 1, 1, 1, 1, -1},
    [WEIGHTS_INSIDE] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, -1, -1, 0, 0, 1, 1, 0, 0, 0},
    [WEIGHTS_ALONE] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, 1, 1, 1, 1, 1, 1, -1},
};

struct fitting {
    struct lesson *lessons;
    double *voice;
    size_t count;
};

/* ---- voices
 * ---------------------------------------------------------------------------------------------------- */

static uint32_t group_of(const struct lesson *lesson)
{
    return lesson->family ? lesson->family : lesson->site;
}

/* The number of lessons of one kind and group, and of the groups of a kind. */
struct voice_count {
    uint32_t group;
    enum lesson_kind kind;
    size_t lessons;
};

static void set_voices(struct fitting *fitting)
{
    struct voice_count *counts = calloc(GROUPS_MAX, sizeof(*counts));
    size_t *which = calloc(fitting->count + 1, sizeof(*which));
    size_t used = 0, groups[LESSON_KIND_COUNT] = {0};
    if (!counts || !which)
        abort();
    for (size_t i = 0; i < fitting->count; i++) {
        const struct lesson *lesson = &fitting->lessons[i];
        size_t j = 0;
        while (j < used && (counts[j].group != group_of(lesson) || counts[j].kind != lesson->kind))
            j++;
        if (j == used && used + 1 < GROUPS_MAX) {
            counts[used++] = (struct voice_count){group_of(lesson), lesson->kind, 0};
            groups[lesson->kind]++;
        }
        counts[j].lessons++;
        which[i] = j;
    }
    double sum = 0;
    for (size_t i = 0; i < fitting->count; i++) {
        enum lesson_kind kind = fitting->lessons[i].kind;
        fitting->voice[i] = voices[kind] / (double)groups[kind] / (double)counts[which[i]].lessons;
        if (fitting->lessons[i].say > 0)
            fitting->voice[i] *= (double)fitting->lessons[i].say;
        sum += fitting->voice[i];
    }
    for (size_t i = 0; i < fitting->count && sum > 0; i++)
        fitting->voice[i] /= sum;
    free(counts);
    free(which);
}

/* ---- descent
 * ----------------------------------------------------------------------------------------------------- */

static double sum_of(const double *weights, const struct lesson *lesson)
{
    double sum = weights[FEATURE_COUNT];
    for (int i = 0; i < FEATURE_COUNT; i++)
        sum += weights[i] * (double)lesson->at[i];
    return sum;
}

static void gradient(const struct fitting *fitting, const double *weights, double *ret_gradient)
{
    for (int i = 0; i < FEATURE_COUNT; i++)
        ret_gradient[i] = 2 * RIDGE * weights[i];
    ret_gradient[FEATURE_COUNT] = 0;
    for (size_t i = 0; i < fitting->count; i++) {
        const struct lesson *lesson = &fitting->lessons[i];
        double p = 1 / (1 + exp(-sum_of(weights, lesson)));
        double slope = fitting->voice[i] * (p - (lesson_hostile(lesson->kind) ? 1 : 0));
        for (int j = 0; j < FEATURE_COUNT; j++)
            ret_gradient[j] += slope * (double)lesson->at[j];
        ret_gradient[FEATURE_COUNT] += slope;
    }
}

static double project(double weight, signed char sign)
{
    if (sign == 0)
        return 0;
    return weight * sign < 0 ? 0 : weight;
}

static void descend(const struct fitting *fitting, enum weights_section section, double *ret_weights)
{
    double at[COLUMNS] = {0}, ahead[COLUMNS] = {0}, slope[COLUMNS];
    double pace = 1;
    for (int step = 0; step < STEPS; step++) {
        gradient(fitting, ahead, slope);
        double next_pace = (1 + sqrt(1 + 4 * pace * pace)) / 2;
        for (int i = 0; i < COLUMNS; i++) {
            double next = ahead[i] - STEP * slope[i];
            if (i < FEATURE_COUNT)
                next = project(next, signs[section][i]);
            ahead[i] = next + (pace - 1) / next_pace * (next - at[i]);
            at[i] = next;
        }
        pace = next_pace;
    }
    memcpy(ret_weights, at, sizeof(at));
}

/* ---- the whole
 * --------------------------------------------------------------------------------------------------- */

/*
 * Where the bars stand, chosen on the cross-validated tables. A
 * page that is wholesale gone is called defaced from one chance in five on: by then it is the bareness of
 * what came that decides, and waking somebody for one strange service page in forty is the smaller harm.
 * Without a baseline nothing tells a bare page of the site's own from a stranger's, so that bar is a little
 * higher. Inside a page that is still itself the bar is where the real versions and reports that were trained
 * on end, plus a margin, never below INSIDE_BAR.
 */
#define CHANGED_BAR   0.2
#define ALONE_BAR     0.25
#define INSIDE_BAR    0.55
#define INSIDE_MARGIN 0.2

static double threshold_of(const struct fitting *fitting, enum weights_section section, const double *weights)
{
    double highest = 0;
    if (section != WEIGHTS_INSIDE)
        return section == WEIGHTS_CHANGED ? CHANGED_BAR : ALONE_BAR;
    for (size_t i = 0; i < fitting->count; i++) {
        double sum = sum_of(weights, &fitting->lessons[i]);
        if (!lesson_hostile(fitting->lessons[i].kind) && sum > highest)
            highest = sum;
    }
    double bar = 1 / (1 + exp(-(highest + INSIDE_MARGIN)));
    return bar < INSIDE_BAR ? INSIDE_BAR : bar > 0.99 ? 0.99 : bar;
}

static struct lesson *add_twin(struct fitting *fitting, const struct lesson *lesson)
{
    struct lesson *twin = &fitting->lessons[fitting->count++];
    *twin = *lesson;
    twin->say = TWIN_SAY;
    return twin;
}

/* A message that speaks for itself is taken a second time as if it stood on a large light page full of links:
 * nearly all that were caught stand on bare dark pages, and that must not be what their words are believed
 * for. What is no message is taken a second time as if it were dark, since hardly any of the ordinary pages
 * at hand is, and many are. */
static void take_lesson(struct fitting *fitting, const struct lesson *lesson)
{
    bool speaks = lesson->at[FEATURE_CLAIM] + lesson->at[FEATURE_MENACE] + lesson->at[FEATURE_TAUNT] > 0.6F;
    fitting->lessons[fitting->count++] = *lesson;
    if (lesson->section == WEIGHTS_INSIDE)
        return;
    if (!lesson_hostile(lesson->kind)) {
        add_twin(fitting, lesson)->at[FEATURE_DARK] = 1;
    } else if (speaks) {
        struct lesson *twin = add_twin(fitting, lesson);
        twin->at[FEATURE_FEW_LINKS] = twin->at[FEATURE_FEW_WORDS] = twin->at[FEATURE_PICTURE] = 0;
        twin->at[FEATURE_DARK] = twin->at[FEATURE_LOUD] = 0;
    }
}

static void fit_section(const struct lesson_list *list, regression_filter *filter, const void *context,
                        enum weights_section section, struct weights *weights)
{
    struct fitting fitting = {calloc(list->count * 2 + 1, sizeof(*fitting.lessons)),
                              calloc(list->count * 2 + 1, sizeof(*fitting.voice)), 0};
    double fitted[COLUMNS];
    if (!fitting.lessons || !fitting.voice)
        abort();
    for (size_t i = 0; i < list->count; i++) {
        const struct lesson *lesson = &list->at[i];
        if (lesson->section == section && !lesson->never && !lesson->held_out && voices[lesson->kind] > 0 &&
            (!filter || filter(context, lesson)))
            take_lesson(&fitting, lesson);
    }
    set_voices(&fitting);
    descend(&fitting, section, fitted);
    memcpy(weights->section[section].at, fitted, sizeof(weights->section[section].at));
    weights->section[section].bias = fitted[FEATURE_COUNT];
    weights->section[section].threshold = threshold_of(&fitting, section, fitted);
    free(fitting.lessons);
    free(fitting.voice);
}

void regression_fit(const struct lesson_list *list, regression_filter *filter, const void *context,
                    struct weights *ret_weights)
{
    for (enum weights_section section = 0; section < WEIGHTS_SECTION_COUNT; section++)
        fit_section(list, filter, context, section, ret_weights);
}

double regression_score(const struct weights *weights, const struct lesson *lesson)
{
    double sum = weights->section[lesson->section].bias;
    for (int i = 0; i < FEATURE_COUNT; i++)
        sum += weights->section[lesson->section].at[i] * (double)lesson->at[i];
    return 1 / (1 + exp(-sum));
}
