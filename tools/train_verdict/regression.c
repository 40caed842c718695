/*
 * Accelerated projected gradient descent on the weighted log-loss with a ridge. Every kind of lesson has the
 * same say whatever its number, and within a kind every site or family: 390 pages of one site are one voice.
 */
#include "regression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The ridge: what one unit of weight costs. Between 0.00005 and 0.0005 the tables hardly move. */
#define RIDGE 0.00015

/* What a made-up twin of a real lesson counts. */
#define TWIN_SAY     0.15F
#define WORDLESS_SAY 0.5F

/* From this density of we and you, or of tone, on, a message is one without its known words too. */
#define ADDRESSED 0.3F

/* From this much of known service wording on, a notice is known for one: less than one clear phrase is not.
 */
#define KNOWN_NOTICE 0.4F

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
    [LESSON_NOTICE] = 1,
    [LESSON_NOTICE_ALONE] = 1,
    [LESSON_OTHER_PAGE] = 2,
    [LESSON_OTHER_LANGUAGE] = 1,
    [LESSON_NEWS] = 2,
    [LESSON_NEWS_ALONE] = 1,
};

/* +1: may only speak for, -1: only against, 0: never looked at in this section. */
static const signed char signs[WEIGHTS_SECTION_COUNT][FEATURE_COUNT] = {
    /* what is gone ×4, screen, languages ×2, cues ×7, report, service, bareness ×2, picture, hosts, dark,
       loud, buried */
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
 * Where the bars stand is chosen by a cross-validation inside the lessons that are trained on: each of INNER
 * parts is scored by weights fitted to the rest, and the bar is the lowest over which no more of what is no
 * message stands than these shares of its kind. So a table made on lessons left out from all of this is not
 * one that the bars were chosen on.
 */
static const double spared[LESSON_KIND_COUNT] = {
    [LESSON_VERSION] = 0,
    [LESSON_PAIR] = 0,
    [LESSON_VERSION_ALONE] = 0.002,
    [LESSON_ORDINARY] = 0.012,
    [LESSON_NEWS] = 0,
    [LESSON_ORDINARY_ALONE] = 0.012,
    [LESSON_NOTICE] = 0.012,
    [LESSON_NOTICE_ALONE] = 0.012,
    [LESSON_OTHER_PAGE] = 0.003,
    [LESSON_NEWS_ALONE] = 0.003,
    [LESSON_OTHER_LANGUAGE] = 0,
};

enum { INNER = 5 };

/* No bar is lower, whatever the lessons allow: they are few, and below it a page is likelier none than one.
 * Inside a page that is still itself the highest of what is no message decides, and there is a margin in
 * log-odds above it. */
#define LOWEST_BAR    0.5
#define HIGHEST_BAR   0.97
#define INSIDE_MARGIN 0.3

static bool in_part(const struct lesson *lesson, uint32_t part)
{
    return (lesson->family && lesson->family % INNER == part) ||
           (lesson->site && lesson->site % INNER == part);
}

/* A page of a picture and a few words that speak to the reader is one in which nobody can tell, and so is a
 * notice whose words stand in no list: it may be a forged one. */
static bool may_be_either(const struct lesson *lesson)
{
    bool notice = lesson->kind == LESSON_NOTICE || lesson->kind == LESSON_NOTICE_ALONE;
    return strcmp(lesson->expected, "image_page") == 0 ||
           (notice && lesson->at[FEATURE_SERVICE] < KNOWN_NOTICE);
}

static double logistic(double sum)
{
    return 1 / (1 + exp(-sum));
}

static int by_score_down(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left > right ? -1 : left < right;
}

/* The lowest bar that spares enough of one kind: just above the first score too many. */
static double bar_of_kind(double *scores, size_t count, enum lesson_kind kind)
{
    qsort(scores, count, sizeof(*scores), by_score_down);
    size_t allowed = (size_t)(spared[kind] * (double)count);
    return allowed < count ? scores[allowed] + 1e-6 : 0;
}

/* Scores of those lessons of the part that are no message, no twin, and not spared by a rule, by kind. */
struct spare_scores {
    double *at[LESSON_KIND_COUNT];
    size_t count[LESSON_KIND_COUNT];
};

static void score_part(const struct fitting *fitting, uint32_t part, enum weights_section section,
                       struct spare_scores *scores)
{
    struct fitting rest = {calloc(fitting->count + 1, sizeof(*rest.lessons)),
                           calloc(fitting->count + 1, sizeof(*rest.voice)), 0};
    double weights[COLUMNS];
    if (!rest.lessons || !rest.voice)
        abort();
    for (size_t i = 0; i < fitting->count; i++)
        if (!in_part(&fitting->lessons[i], part))
            rest.lessons[rest.count++] = fitting->lessons[i];
    set_voices(&rest);
    descend(&rest, section, weights);
    for (size_t i = 0; i < fitting->count; i++) {
        const struct lesson *lesson = &fitting->lessons[i];
        bool counts =
            !lesson_hostile(lesson->kind) && lesson->say <= 0 && !lesson->spared && !may_be_either(lesson);
        if (in_part(lesson, part) && counts)
            scores->at[lesson->kind][scores->count[lesson->kind]++] = logistic(sum_of(weights, lesson));
    }
    free(rest.lessons);
    free(rest.voice);
}

static double threshold_of(const struct fitting *fitting, enum weights_section section)
{
    struct spare_scores scores = {0};
    double bar = LOWEST_BAR;
    for (enum lesson_kind kind = 0; kind < LESSON_KIND_COUNT; kind++)
        if (!(scores.at[kind] = calloc(2 * fitting->count + 1, sizeof(double))))
            abort();
    for (uint32_t part = 0; part < INNER; part++)
        score_part(fitting, part, section, &scores);
    for (enum lesson_kind kind = 0; kind < LESSON_KIND_COUNT; kind++) {
        double of_kind = scores.count[kind] ? bar_of_kind(scores.at[kind], scores.count[kind], kind) : 0;
        bar = of_kind > bar ? of_kind : bar;
        free(scores.at[kind]);
    }
    if (section == WEIGHTS_INSIDE)
        bar = logistic(log(bar / (1 - bar)) + INSIDE_MARGIN);
    return bar > HIGHEST_BAR ? HIGHEST_BAR : bar;
}

static struct lesson *add_twin(struct fitting *fitting, const struct lesson *lesson, float say)
{
    struct lesson *twin = &fitting->lessons[fitting->count++];
    *twin = *lesson;
    twin->say = say;
    return twin;
}

/* As if its words stood in no list: the lists were written by people who knew these lessons, and the next
 * message will use other words. What is left are the ways of messages: speaking to somebody, languages, tone,
 * a bare page. */
static void add_wordless(struct fitting *fitting, const struct lesson *lesson)
{
    static const enum feature words[] = {FEATURE_CLAIM,         FEATURE_MENACE, FEATURE_TAUNT, FEATURE_LEAD,
                                         FEATURE_CONCENTRATION, FEATURE_DARK,   FEATURE_LOUD,  FEATURE_HOSTS};
    struct lesson *twin = add_twin(fitting, lesson, WORDLESS_SAY);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        twin->at[words[i]] = 0;
}

/* A message that speaks for itself is taken a second time as if it stood on a large light page full of links:
 * nearly all that were caught stand on bare dark pages, and that must not be what their words are believed
 * for. What is no message is taken a second time as if it were dark, since hardly any of the ordinary pages
 * at hand is, and many are. */
static void take_lesson(struct fitting *fitting, const struct lesson *lesson)
{
    bool hostile = lesson_hostile(lesson->kind);
    bool speaks = lesson->at[FEATURE_CLAIM] + lesson->at[FEATURE_MENACE] + lesson->at[FEATURE_TAUNT] > 0.6F;
    fitting->lessons[fitting->count++] = *lesson;
    if (hostile && (lesson->at[FEATURE_ADDRESS] >= ADDRESSED || lesson->at[FEATURE_TONE] >= ADDRESSED))
        add_wordless(fitting, lesson);
    if (lesson->section == WEIGHTS_INSIDE)
        return;
    if (!hostile) {
        add_twin(fitting, lesson, TWIN_SAY)->at[FEATURE_DARK] = 1;
    } else if (speaks) {
        struct lesson *twin = add_twin(fitting, lesson, TWIN_SAY);
        twin->at[FEATURE_FEW_LINKS] = twin->at[FEATURE_FEW_WORDS] = twin->at[FEATURE_PICTURE] = 0;
        twin->at[FEATURE_DARK] = twin->at[FEATURE_LOUD] = 0;
    }
}

static void fit_section(const struct lesson_list *list, regression_filter *filter, const void *context,
                        enum weights_section section, struct weights *weights)
{
    struct fitting fitting = {calloc(list->count * 3 + 1, sizeof(*fitting.lessons)),
                              calloc(list->count * 3 + 1, sizeof(*fitting.voice)), 0};
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
    weights->section[section].threshold = threshold_of(&fitting, section);
    free(fitting.lessons);
    free(fitting.voice);
}

void regression_fit(const struct lesson_list *list, regression_filter *filter, const void *context,
                    struct weights *ret_weights)
{
    for (enum weights_section section = 0; section < WEIGHTS_SECTION_COUNT; section++)
        fit_section(list, filter, context, section, ret_weights);
}

double regression_front(const struct weights *weights, const struct lesson *lesson)
{
    double sum = weights->section[lesson->front_section].bias;
    for (int i = 0; i < FEATURE_COUNT; i++)
        sum += weights->section[lesson->front_section].at[i] * (double)lesson->front[i];
    return lesson->has_front ? logistic(sum) : 0;
}

double regression_score(const struct weights *weights, const struct lesson *lesson)
{
    double sum = weights->section[lesson->section].bias;
    for (int i = 0; i < FEATURE_COUNT; i++)
        sum += weights->section[lesson->section].at[i] * (double)lesson->at[i];
    return 1 / (1 + exp(-sum));
}
