/*
 * A reason's weight is what its number adds to the log-odds. For what is gone or stays, half is the middle: a
 * page that keeps more than half speaks against a defacement, and the sentence then says what stays.
 */
#include "pipeline/judge/reason.h"

#include "base/buf.h"
#include "base/language_name.h"
#include "pipeline/judge/findings.h"
#include "pipeline/judge/judge_limits.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { SENTENCE_MAX = 600, HOSTS_TOLD = 3, HOST_TOLD_BYTES = 70 };

/* Everything a sentence may need. */
struct telling {
    struct reason_list *list;
    const struct judge_evidence *evidence;
    const struct features *features;
    const struct weights *weights;
    enum weights_section section;
    enum front_kind front;
};

void reason_add(struct reason_list *list, const char *code, double weight, const char *format, ...)
{
    struct verdict *verdict = list->verdict;
    char sentence[SENTENCE_MAX];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(sentence, sizeof(sentence), format, args);
    va_end(args);
    if (size <= 0 || verdict->reason_count >= REASONS_MAX)
        return;
    struct reason *grown =
        arena_grow(&verdict->arena, verdict->reasons, verdict->reason_count, &list->room, sizeof(*grown));
    if (!grown) {
        list->failed = true;
        return;
    }
    verdict->reasons = grown;
    struct reason *reason = &grown[verdict->reason_count];
    reason->text = arena_copy(&verdict->arena, span_of(sentence));
    reason->weight = weight;
    snprintf(reason->code, sizeof(reason->code), "%s", code);
    list->failed |= !reason->text.at;
    verdict->reason_count++;
}

void reason_decide(struct reason_list *list, const char *code, double weight, const char *text)
{
    list->decisive = code;
    reason_add(list, code, weight, "%s", text);
}

static int percent(double share)
{
    return (int)(share * 100 + 0.5);
}

static double weight_of(const struct telling *telling, enum feature feature, double middle)
{
    return telling->weights->section[telling->section].at[feature] *
           (telling->features->at[feature] - middle);
}

/* ---- what is gone and what came
 * ------------------------------------------------------------------------------ */

static void tell_gone(const struct telling *telling)
{
    const struct change *change = telling->evidence->change;
    struct reason_list *list = telling->list;
    if (!change->has_baseline || telling->front == FRONT_LAYER)
        return;
    reason_add(list, change->kept < 0.5 ? "content-gone" : "content-kept",
               weight_of(telling, FEATURE_GONE, 0.5), "%d %% of the lasting text is left",
               percent(change->kept));
    reason_add(list, change->words < 0.5 ? "words-gone" : "words-kept",
               weight_of(telling, FEATURE_WORDS_GONE, 0.5), "%d %% of the page's own words are left",
               percent(change->words));
    reason_add(list, change->structure < 0.5 ? "structure-gone" : "structure-kept",
               weight_of(telling, FEATURE_STRUCTURE_GONE, 0.5), "%d %% of the markup is as it was",
               percent(change->structure));
    bool cut = telling->features->at[FEATURE_TIES_CUT] >= 0.5;
    if (change->contacts >= 0 || change->hosts >= 0)
        reason_add(list, cut ? "ties-cut" : "ties-kept", weight_of(telling, FEATURE_TIES_CUT, 0.5),
                   cut ? "telephone numbers, addresses and links that always stood there are gone"
                       : "its telephone numbers, addresses and links still stand");
    if (change->new_letters)
        reason_add(list, "first-screen", weight_of(telling, FEATURE_FIRST_SCREEN, 0.5),
                   "%d %% of what a visitor sees first is new", percent(change->prominence));
}

static void tell_languages(const struct telling *telling)
{
    const struct features *features = telling->features;
    if (features->new_language_count && features->at[FEATURE_NEW_LANGUAGE] > 0) {
        char names[160] = "";
        for (size_t i = 0, at = 0; i < features->new_language_count; i++) {
            const char *mark = !i ? "" : i + 1 == features->new_language_count ? " and " : ", ";
            at += (size_t)snprintf(names + at, sizeof(names) - at, "%s%s", mark,
                                   language_name(features->new_languages[i], TONGUE_EN));
        }
        reason_add(telling->list, "new-language", weight_of(telling, FEATURE_NEW_LANGUAGE, 0),
                   "new text in %s, which the page never used", names);
    }
    if (features->at[FEATURE_SEVERAL_LANGUAGES] > 0)
        reason_add(telling->list, "several-languages", weight_of(telling, FEATURE_SEVERAL_LANGUAGES, 0),
                   "the text speaks in several languages at once");
}

/* ---- what it says
 * ------------------------------------------------------------------------------------------ */

static const char *const said[CUE_CLASS_COUNT] = {
    [CUE_CLAIM] = "the page claims it was hacked",
    [CUE_TEAM] = "it is signed the way attackers sign",
    [CUE_THREAT] = "it threatens",
    [CUE_LEAK] = "it says that data was stolen, published or destroyed",
    [CUE_RANSOM] = "it demands money",
    [CUE_MOCKERY] = "it mocks",
    [CUE_SLOGAN] = "it carries a slogan",
    [CUE_FORGED] = "it announces what smells of forgery",
    [CUE_TONE] = "its words are of fear, war, shame or theft",
    [CUE_REPORT] = "it is written the way news reports are",
    [CUE_MAINTENANCE] = "it reads like a maintenance page",
    [CUE_ERROR] = "it reads like an error page",
    [CUE_CHALLENGE] = "it reads like a challenge to prove one is human",
    [CUE_LOGIN] = "it reads like a login page",
    [CUE_PARKED] = "it reads like a parked domain",
    [CUE_SUSPENDED] = "it reads like a suspended account",
    [CUE_DEFAULT_PAGE] = "it reads like a server's default page",
};

static const char *const codes[CUE_CLASS_COUNT] = {
    [CUE_CLAIM] = "cue-claim",
    [CUE_TEAM] = "cue-team",
    [CUE_THREAT] = "cue-threat",
    [CUE_LEAK] = "cue-leak",
    [CUE_RANSOM] = "cue-ransom",
    [CUE_MOCKERY] = "cue-mockery",
    [CUE_SLOGAN] = "cue-slogan",
    [CUE_FORGED] = "cue-forged",
    [CUE_TONE] = "cue-tone",
    [CUE_REPORT] = "cue-report",
    [CUE_MAINTENANCE] = "cue-maintenance",
    [CUE_ERROR] = "cue-error",
    [CUE_CHALLENGE] = "cue-challenge",
    [CUE_LOGIN] = "cue-login",
    [CUE_PARKED] = "cue-parked",
    [CUE_SUSPENDED] = "cue-suspended",
    [CUE_DEFAULT_PAGE] = "cue-default-page",
};

const char *reason_of_class(enum cue_class class)
{
    return codes[class] ? codes[class] : "cue-other";
}

static void tell_class(const struct telling *telling, enum cue_class class, double weight)
{
    bool cut;
    struct span quote = findings_quote(telling->evidence->change, &telling->features->findings, class, &cut);
    const char *code = reason_of_class(class);
    if (quote.size)
        reason_add(telling->list, code, weight, "%s: «%.*s%s»", said[class], (int)quote.size, quote.at,
                   cut ? "…" : "");
    else
        reason_add(telling->list, code, weight, "%s", said[class]);
}

static double strength_of(const struct telling *telling, const enum cue_class *classes, size_t count)
{
    double all = 0;
    for (size_t i = 0; i < count; i++)
        all += telling->features->findings.strength[classes[i]];
    return all;
}

/* That the page begins with such words weighs by itself; half of it is told with the words. */
static double lead_share(const struct telling *telling, enum cue_class class)
{
    static const enum cue_class attacks[] = {CUE_CLAIM,  CUE_TEAM,    CUE_THREAT, CUE_LEAK,
                                             CUE_RANSOM, CUE_MOCKERY, CUE_SLOGAN, CUE_FORGED};
    double all = strength_of(telling, attacks, sizeof(attacks) / sizeof(attacks[0]));
    return weight_of(telling, FEATURE_LEAD, 0) / 2 * telling->features->findings.strength[class] / all;
}

/* One feature may stand on several classes: each tells its share. */
static void tell_classes(const struct telling *telling, enum feature feature, const enum cue_class *classes,
                         size_t count)
{
    const double *strength = telling->features->findings.strength;
    double all = strength_of(telling, classes, count);
    for (size_t i = 0; i < count && all > 0; i++) {
        double weight = weight_of(telling, feature, 0) * strength[classes[i]] / all;
        weight += classes[i] == CUE_REPORT ? 0 : lead_share(telling, classes[i]);
        if (strength[classes[i]] > 0)
            tell_class(telling, classes[i], weight);
    }
}

static void tell_cues(const struct telling *telling)
{
    static const enum cue_class claim[] = {CUE_CLAIM, CUE_TEAM};
    static const enum cue_class menace[] = {CUE_THREAT, CUE_LEAK, CUE_RANSOM};
    static const enum cue_class taunt[] = {CUE_MOCKERY, CUE_SLOGAN, CUE_FORGED};
    static const enum cue_class news[] = {CUE_REPORT};
    tell_classes(telling, FEATURE_CLAIM, claim, 2);
    tell_classes(telling, FEATURE_MENACE, menace, 3);
    tell_classes(telling, FEATURE_TAUNT, taunt, 3);
    tell_classes(telling, FEATURE_REPORT, news, 1);
    const struct features *features = telling->features;
    if (features->at[FEATURE_LEAD] > 0)
        reason_add(telling->list, "cue-first", weight_of(telling, FEATURE_LEAD, 0) / 2,
                   "the new text begins with a claim, a threat or mockery");
    if (features->at[FEATURE_ADDRESS] > 0.2)
        reason_add(telling->list, "cue-address", weight_of(telling, FEATURE_ADDRESS, 0),
                   "it speaks to the reader as we and you, again and again");
    if (features->at[FEATURE_TONE] > 0.2)
        tell_class(telling, CUE_TONE, weight_of(telling, FEATURE_TONE, 0));
    if (features->at[FEATURE_CONCENTRATION] > 0)
        reason_add(telling->list, "cue-share", weight_of(telling, FEATURE_CONCENTRATION, 0),
                   "%d %% of the new text stands in passages that claim, threaten or mock",
                   percent(features->at[FEATURE_CONCENTRATION]));
    if (features->service > 0)
        tell_class(telling, features->cause, weight_of(telling, FEATURE_SERVICE, 0));
}

/* ---- what it looks like
 * -------------------------------------------------------------------------------------- */

static void tell_picture(const struct telling *telling)
{
    const struct change *change = telling->evidence->change;
    double weight = weight_of(telling, FEATURE_PICTURE, 0);
    if (telling->features->at[FEATURE_PICTURE] <= 0)
        return;
    if (change->new_picture_letters)
        reason_add(telling->list, "picture-message", weight, "the message stands in a picture");
    else if (change->pictures_unread)
        reason_add(telling->list, "picture-unread", weight,
                   "a new picture is nearly all there is, and what it says could not be read");
    else
        reason_add(telling->list, "picture-only", weight, "a new picture is nearly all there is");
}

static void tell_staging(const struct telling *telling)
{
    static const struct {
        enum staging way;
        const char *words;
    } ways[] = {{STAGING_SOUND, "sound that starts by itself"},
                {STAGING_SCROLLING, "running or blinking text"},
                {STAGING_LOCKED, "a locked mouse"}};
    char list[128] = "";
    uint8_t staging = telling->evidence->reading->staging;
    if (telling->features->at[FEATURE_DARK] > 0)
        reason_add(telling->list, "dark", weight_of(telling, FEATURE_DARK, 0), "the whole page is dark");
    for (size_t i = 0, at = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (staging & ways[i].way)
            at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s", at ? ", " : "", ways[i].words);
    if (telling->features->at[FEATURE_LOUD] > 0)
        reason_add(telling->list, "loud", weight_of(telling, FEATURE_LOUD, 0),
                   "it has what attackers like: %s", list);
}

static void tell_looks(const struct telling *telling)
{
    const struct features *features = telling->features;
    const struct judge_evidence *evidence = telling->evidence;
    if (telling->front == FRONT_NONE && features->at[FEATURE_FEW_WORDS] > 0.3)
        reason_add(telling->list, "few-words", weight_of(telling, FEATURE_FEW_WORDS, 0),
                   evidence->change->page_letters == 1 ? "only one letter stands on the page"
                                                       : "only %u letters stand on the page",
                   evidence->change->page_letters);
    if (telling->front == FRONT_NONE && features->at[FEATURE_FEW_LINKS] > 0.3)
        reason_add(telling->list, "few-links", weight_of(telling, FEATURE_FEW_LINKS, 0),
                   evidence->reading->link_count == 0   ? "no link leads on"
                   : evidence->reading->link_count == 1 ? "only one link leads on"
                                                        : "only %u links lead on",
                   evidence->reading->link_count);
    if (features->at[FEATURE_BURIED] > 0.5 && weight_of(telling, FEATURE_BURIED, 0) < 0)
        reason_add(telling->list, "buried", weight_of(telling, FEATURE_BURIED, 0),
                   "around it stands a page with much else");
    tell_picture(telling);
    tell_staging(telling);
    struct span host = features->findings.host;
    if (host.size)
        reason_add(telling->list, "hosts", weight_of(telling, FEATURE_HOSTS, 0),
                   "it newly refers to %.*s, where attackers often send visitors",
                   (int)(host.size < 100 ? host.size : 100), host.at);
}

/* Hosts that the page never referred to: whoever looks at it wants their names. */
static void tell_new_hosts(const struct telling *telling)
{
    const struct change *change = telling->evidence->change;
    const struct host_list *lists[] = {&change->new_scripts, &change->new_frames, &change->new_forms,
                                       &change->new_links};
    char names[256] = "";
    size_t told = 0, at = 0;
    for (size_t i = 0; change->has_baseline && i < sizeof(lists) / sizeof(lists[0]); i++)
        for (size_t j = 0; j < lists[i]->count && told < HOSTS_TOLD; j++, told++) {
            struct span host = lists[i]->at[j].host;
            at += (size_t)snprintf(names + at, sizeof(names) - at, "%s%.*s", told ? ", " : "",
                                   (int)(host.size < HOST_TOLD_BYTES ? host.size : HOST_TOLD_BYTES), host.at);
        }
    if (told)
        reason_add(telling->list, "new-hosts", 0, "hosts new to this page: %s", names);
}

void reason_features(struct reason_list *list, const struct judge_evidence *evidence,
                     const struct features *features, const struct weights *weights,
                     enum weights_section section, enum front_kind front)
{
    struct telling telling = {list, evidence, features, weights, section, front};
    tell_gone(&telling);
    tell_languages(&telling);
    tell_cues(&telling);
    tell_looks(&telling);
    tell_new_hosts(&telling);
}

static int heavier(const void *a, const void *b)
{
    double left = fabs(((const struct reason *)a)->weight), right = fabs(((const struct reason *)b)->weight);
    if (left != right)
        return left > right ? -1 : 1;
    return strcmp(((const struct reason *)a)->code, ((const struct reason *)b)->code);
}

static double weight_of_code(const struct reason_list *list, const char *code)
{
    for (size_t i = 0; i < list->verdict->reason_count; i++)
        if (strcmp(list->verdict->reasons[i].code, code) == 0)
            return list->verdict->reasons[i].weight;
    return 0;
}

const char *reason_of_attack(const struct reason_list *list)
{
    const char *best = NULL;
    double heaviest = 0;
    for (enum cue_class class = CUE_CLAIM; class <= CUE_FORGED; class ++) {
        double weight = weight_of_code(list, codes[class]);
        if (weight <= heaviest)
            continue;
        heaviest = weight;
        best = codes[class];
    }
    return best;
}

void reason_sort(const struct reason_list *list)
{
    struct verdict *verdict = list->verdict;
    if (verdict->reason_count)
        qsort(verdict->reasons, verdict->reason_count, sizeof(*verdict->reasons), heavier);
    for (size_t i = 0; list->decisive && i < verdict->reason_count; i++) {
        struct reason one = verdict->reasons[i];
        if (strcmp(one.code, list->decisive) != 0)
            continue;
        memmove(verdict->reasons + 1, verdict->reasons, i * sizeof(one));
        verdict->reasons[0] = one;
        break;
    }
}
