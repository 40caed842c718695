/* From the evidence to the numbers. Every constant that bends one of them is named here and nowhere else. */
#include "pipeline/judge/feature.h"

#include "pipeline/judge/findings.h"

#include <errno.h>
#include <math.h>

/* A page without this many letters (links) is as bare as can be told: a page of a government has more. */
#define LETTERS_OF_A_PAGE 1500.0
#define LINKS_OF_A_PAGE   15.0

/* Cue weights add up: 3 is one unmistakable phrase. */
#define STRENGTH_UNIT 2.0

/* One word in eight is we or you: as dense as a message gets. */
#define LETTERS_OF_A_WORD   6.0
#define ADDRESS_DENSITY     0.125
#define ADDRESS_LETTERS_MIN 60.0

/* One word in eight is of fear, war, shame or theft; in a line or two that is chance. */
#define TONE_DENSITY     0.125
#define TONE_LETTERS_MIN 120.0

/* What is loud of how a page is staged. */
#define LOUD_BITS ((unsigned)(STAGING_SOUND | STAGING_SCROLLING | STAGING_LOCKED))

/* Loud in two ways or more is loud all through; where hardly anything is written one is enough. */
#define LOUD_WAYS 2.0

/* In longer text some cue or other stands by chance: what they weigh falls with the root of the length. */
#define LETTERS_OF_A_MESSAGE 800.0

/* Fewer letters than this are no message yet. */
#define LETTERS_OF_A_CRY 8.0

/* A language counts from this share of the new text, and belongs to the page from that share of it. */
#define LANGUAGE_SHARE_MIN      0.1
#define LANGUAGE_OWN_MIN        0.03
#define LANGUAGE_CONFIDENCE_MIN 0.5
#define LANGUAGE_LETTERS        60.0

/* Below this a page is no longer itself: measured on real successive versions, see models/README.md. */
#define WIPED_KEPT_MAX  0.2
#define WIPED_WORDS_MAX 0.5

static const char *const names[FEATURE_COUNT] = {
    [FEATURE_GONE] = "gone",
    [FEATURE_WORDS_GONE] = "words-gone",
    [FEATURE_STRUCTURE_GONE] = "structure-gone",
    [FEATURE_TIES_CUT] = "ties-cut",
    [FEATURE_FIRST_SCREEN] = "first-screen",
    [FEATURE_NEW_LANGUAGE] = "new-language",
    [FEATURE_SEVERAL_LANGUAGES] = "several-languages",
    [FEATURE_CLAIM] = "claim",
    [FEATURE_MENACE] = "menace",
    [FEATURE_TAUNT] = "taunt",
    [FEATURE_LEAD] = "lead",
    [FEATURE_ADDRESS] = "address",
    [FEATURE_CONCENTRATION] = "concentration",
    [FEATURE_TONE] = "tone",
    [FEATURE_REPORT] = "report",
    [FEATURE_SERVICE] = "service",
    [FEATURE_FEW_WORDS] = "few-words",
    [FEATURE_FEW_LINKS] = "few-links",
    [FEATURE_PICTURE] = "picture",
    [FEATURE_HOSTS] = "hosts",
    [FEATURE_DARK] = "dark",
    [FEATURE_LOUD] = "loud",
    [FEATURE_BURIED] = "buried",
};

const char *feature_name(enum feature feature)
{
    return (unsigned)feature < FEATURE_COUNT ? names[feature] : "unknown";
}

static double clamp(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

static double saturate(double strength)
{
    return 1 - exp(-strength / STRENGTH_UNIT);
}

/* For cues of an attack and of services: hints hardly count by themselves, a clear phrase counts half, two
 * nearly all. */
static double mount(double strength)
{
    double square = strength * strength;
    return square / (square + STRENGTH_UNIT * STRENGTH_UNIT);
}

/* ---- what is gone
 * ------------------------------------------------------------------------------------------ */

static double ties_cut(const struct change *change)
{
    double cut = 0, known = 0;
    if (change->contacts >= 0) {
        cut += 1 - change->contacts;
        known++;
    }
    if (change->hosts >= 0) {
        cut += 1 - change->hosts;
        known++;
    }
    return known > 0 ? cut / known : 1 - change->words;
}

static void compute_gone(const struct change *change, struct features *features)
{
    features->intact = !change->has_baseline || change->kept >= FEATURE_INTACT_KEPT;
    if (!change->has_baseline)
        return;
    features->at[FEATURE_GONE] = clamp(1 - change->kept);
    features->at[FEATURE_WORDS_GONE] = clamp(1 - change->words);
    features->at[FEATURE_STRUCTURE_GONE] = clamp(1 - change->structure);
    features->at[FEATURE_TIES_CUT] = clamp(ties_cut(change));
    features->at[FEATURE_FIRST_SCREEN] = clamp(change->prominence);
    features->wiped = change->kept < WIPED_KEPT_MAX && change->words < WIPED_WORDS_MAX;
}

/* ---- languages
 * ----------------------------------------------------------------------------------------------- */

/* "sr-Latn" and "sr" are one language here. */
static bool same_language(const char *a, const char *b)
{
    size_t size = strcspn(a, "-");
    return size == strcspn(b, "-") && strncmp(a, b, size) == 0;
}

static bool countable(const struct language_share *language)
{
    return language->share >= LANGUAGE_SHARE_MIN && language->confidence >= LANGUAGE_CONFIDENCE_MIN &&
           strcmp(language->language, "und") != 0;
}

static bool belongs(const struct judge_evidence *evidence, const char *language)
{
    for (size_t i = 0; i < evidence->baseline_language_count; i++)
        if (evidence->baseline_languages[i].share >= LANGUAGE_OWN_MIN &&
            same_language(evidence->baseline_languages[i].language, language))
            return true;
    return false;
}

/* Languages whose ways to claim, threaten and mock the lists know: that none of them was found says
 * something. */
static bool is_listed(const char *language)
{
    static const char *const listed[] = {"uk", "ru", "pl", "be", "en"};
    for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++)
        if (same_language(language, listed[i]))
            return true;
    return false;
}

static void compute_languages(const struct judge_evidence *evidence, struct features *features)
{
    double foreign = 0, enough = clamp(evidence->change->new_letters / LANGUAGE_LETTERS);
    size_t count = 0;
    bool known = evidence->change->has_baseline && evidence->baseline_language_count;
    for (size_t i = 0; i < evidence->new_language_count; i++) {
        const struct language_share *language = &evidence->new_languages[i];
        if (!countable(language))
            continue;
        count++;
        if (!known || belongs(evidence, language->language))
            continue;
        foreign += language->share;
        features->unlisted += is_listed(language->language) ? 0 : language->share * enough;
        if (features->new_language_count < 3)
            strcpy(features->new_languages[features->new_language_count++], language->language);
    }
    features->at[FEATURE_NEW_LANGUAGE] = clamp(foreign) * enough;
    bool page_has_them = known && foreign <= 0;
    if (count > 1 && !page_has_them)
        features->at[FEATURE_SEVERAL_LANGUAGES] = (count > 2 ? 1 : 0.5) * enough;
}

/* ---- words and pictures
 * ------------------------------------------------------------------------------------ */

/* Whoever threatens and says please is not polite. */
static double courtesy(const struct features *features)
{
    double attack = features->at[FEATURE_CLAIM] + features->at[FEATURE_MENACE] + features->at[FEATURE_TAUNT];
    return features->office * (1 - clamp(attack));
}

static void compute_cues(const struct judge_evidence *evidence, struct features *features)
{
    const struct findings *found = &features->findings;
    double letters =
        evidence->change->has_baseline ? evidence->change->new_letters : evidence->change->page_letters;
    double part = letters > LETTERS_OF_A_MESSAGE ? sqrt(LETTERS_OF_A_MESSAGE / letters) : 1;
    double strength[CUE_CLASS_COUNT];
    for (int i = 0; i < CUE_CLASS_COUNT; i++)
        strength[i] = found->strength[i] * (i == CUE_REPORT ? 1 : part);
    features->at[FEATURE_CLAIM] = mount(strength[CUE_CLAIM] + strength[CUE_TEAM]);
    features->at[FEATURE_MENACE] = mount(strength[CUE_THREAT] + strength[CUE_LEAK] + strength[CUE_RANSOM]);
    features->at[FEATURE_TAUNT] = mount(strength[CUE_MOCKERY] + strength[CUE_SLOGAN] + strength[CUE_FORGED]);
    features->at[FEATURE_REPORT] = saturate(strength[CUE_REPORT]);
    features->at[FEATURE_LEAD] = mount(found->lead * part);
    features->office = mount(strength[CUE_COURTESY]);
    features->courtesy = courtesy(features);
    if (letters > 0) {
        features->at[FEATURE_CONCENTRATION] = clamp(found->attack_letters / letters);
        double words = letters < ADDRESS_LETTERS_MIN ? ADDRESS_LETTERS_MIN : letters;
        features->at[FEATURE_ADDRESS] = clamp(found->addresses * LETTERS_OF_A_WORD / words / ADDRESS_DENSITY);
        words = letters < TONE_LETTERS_MIN ? TONE_LETTERS_MIN : letters;
        features->at[FEATURE_TONE] = clamp(found->tones * LETTERS_OF_A_WORD / words / TONE_DENSITY);
    }
}

static void compute_bareness(const struct judge_evidence *evidence, struct features *features)
{
    const struct change *change = evidence->change;
    double letters = change->page_letters, links = evidence->reading->link_count;
    features->at[FEATURE_FEW_WORDS] = clamp(1 - letters / LETTERS_OF_A_PAGE);
    bool plays = (evidence->reading->staging & STAGING_SOUND) && change->new_title.size;
    if (letters < LETTERS_OF_A_CRY && !change->pictures_new && !plays)
        features->at[FEATURE_FEW_WORDS] = letters / LETTERS_OF_A_CRY;
    features->at[FEATURE_FEW_LINKS] = clamp(1 - links / LINKS_OF_A_PAGE);
    double in_pictures = letters > 0 ? change->new_picture_letters / letters : 0;
    double only_pictures =
        change->pictures_new ? clamp(1 - (letters - change->new_picture_letters) / 200) : 0;
    if (change->has_baseline || letters < 400)
        features->at[FEATURE_PICTURE] = in_pictures > only_pictures ? clamp(in_pictures) : only_pictures;
}

static void compute_staging(const struct judge_evidence *evidence, struct features *features)
{
    double ways = 0;
    features->at[FEATURE_DARK] = evidence->reading->staging & STAGING_DARK ? 1 : 0;
    for (unsigned bits = evidence->reading->staging & LOUD_BITS; bits; bits >>= 1)
        ways += bits & 1;
    bool silent = evidence->change->page_letters < LETTERS_OF_A_CRY;
    features->at[FEATURE_LOUD] = clamp(ways / (silent ? 1 : LOUD_WAYS));
}

/* A report or a shop has text and links around the words in question; a message has little else. A host
 * counts as much as it stands out. */
static void compute_buried(const struct judge_evidence *evidence, struct features *features)
{
    double text = clamp(evidence->change->page_letters / LETTERS_OF_A_PAGE);
    double links = clamp(evidence->reading->link_count / LINKS_OF_A_PAGE);
    double buried = clamp((text + links) / 2 * (1 - features->at[FEATURE_CONCENTRATION]));
    bool itself = evidence->change->has_baseline && features->intact;
    features->at[FEATURE_BURIED] = buried;
    features->at[FEATURE_HOSTS] = features->findings.hosts / 3 * (itself ? 1 : 1 - buried);
}

int feature_compute(const struct cue_set *cues, const struct judge_evidence *evidence, struct arena *arena,
                    struct features *ret_features)
{
    struct features features = {0};
    compute_gone(evidence->change, &features);
    int error = findings_gather(cues, evidence, arena, &features.findings);
    if (error)
        return error;
    compute_languages(evidence, &features);
    compute_cues(evidence, &features);
    compute_bareness(evidence, &features);
    compute_staging(evidence, &features);
    compute_buried(evidence, &features);
    features.service = findings_service(evidence, &features.findings, &features.cause);
    features.at[FEATURE_SERVICE] = mount(features.service);
    *ret_features = features;
    return 0;
}

enum weights_section feature_section(const struct change *change, const struct features *features)
{
    if (!change->has_baseline)
        return WEIGHTS_ALONE;
    return features->intact ? WEIGHTS_INSIDE : WEIGHTS_CHANGED;
}
