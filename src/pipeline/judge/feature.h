/*
 * What the verdict is weighed on: a handful of numbers between 0 and 1, each with a name that stands in the
 * model and in the reasons. Few, because what counts is how they do on pages nobody has seen.
 */
#pragma once

#include "pipeline/judge/cue.h"
#include "pipeline/judge/judge.h"

/** From this share of its lasting text on a page is still itself: measured, see models/README.md. */
#define FEATURE_INTACT_KEPT 0.4

enum feature {
    FEATURE_GONE,              /**< share of the lasting text that is gone */
    FEATURE_WORDS_GONE,        /**< share of the lasting words that are gone */
    FEATURE_STRUCTURE_GONE,    /**< share of the markup that is gone */
    FEATURE_TIES_CUT,          /**< share of the contact data and linked hosts that are gone */
    FEATURE_FIRST_SCREEN,      /**< share of the first screen that is new */
    FEATURE_NEW_LANGUAGE,      /**< share of the new text in languages the page never used */
    FEATURE_SEVERAL_LANGUAGES, /**< the new text says it in two (0.5), three or more (1) languages */
    FEATURE_CLAIM,             /**< claims of a hack, signatures */
    FEATURE_MENACE,            /**< threats, leaks, ransom */
    FEATURE_TAUNT,             /**< mockery, slogans, forged statements */
    FEATURE_LEAD,              /**< the new text begins with such cues, or heads its parts with them */
    FEATURE_ADDRESS,           /**< how densely the new text says we and you */
    FEATURE_CONCENTRATION,     /**< share of the new text that stands in blocks with such cues */
    FEATURE_TONE,              /**< how densely the new text has words of fear, war, shame, theft */
    FEATURE_REPORT,            /**< the words of those who report */
    FEATURE_SERVICE,           /**< maintenance, error, login and the like */
    FEATURE_FEW_WORDS,         /**< 1 for no text at all, 0 from 1,500 letters on */
    FEATURE_FEW_LINKS,         /**< 1 for no link at all, 0 from 15 on */
    FEATURE_PICTURE,           /**< the message stands in a picture, or a picture is all there is */
    FEATURE_HOSTS,             /**< links to, or loads from, where attackers do */
    FEATURE_DARK,              /**< the whole page is dark */
    FEATURE_LOUD,              /**< sound that starts by itself, running text, the mouse locked */
    FEATURE_BURIED,            /**< such cues stand in a small part of a page with text and links */
    FEATURE_COUNT
};

/** The situations there are; the model has a section of weights for each. */
enum weights_section {
    WEIGHTS_CHANGED, /**< with a baseline, and much of the page is gone */
    WEIGHTS_INSIDE,  /**< with a baseline, and the page is still itself */
    WEIGHTS_ALONE,   /**< without a baseline */
    WEIGHTS_SECTION_COUNT
};

/** The name in the model, like "words-gone". */
const char *feature_name(enum feature feature);

/** Cues found in the page, summed up. */
struct findings {
    double strength[CUE_CLASS_COUNT]; /**< sum of the weights of different cues; in new text for attack and
                                         report classes, in the whole page for services */
    struct cue_hit best[CUE_CLASS_COUNT]; /**< the heaviest one's place; meaningful where strength > 0 */
    double best_weight[CUE_CLASS_COUNT];
    double lead;      /**< strength of the attack cues in new titles, headings and where new text begins */
    double addresses; /**< how often the text says we or you */
    double head;      /**< strength of the attack cues among the first words of the page */
    double narrated;  /**< how much the new text is a report, 0 to 1 */
    double tones;     /**< different words of fear, war, shame, theft it has, weighed */
    double attack_letters; /**< letters of new blocks with an attack cue */
    double hosts;          /**< heaviest new host */
    struct span host;      /**< and its name, borrowed from the change or the reading */
    struct skeleton text;
    bool new_text; /**< there was new text to look at */
};

struct features {
    double at[FEATURE_COUNT];
    struct findings findings;
    enum cue_class cause; /**< the strongest service class */
    double service;       /**< its strength, 0 when none */
    double office;        /**< the words of an office to its visitors, 0 to 1 */
    double courtesy; /**< the words of an office to its visitors, where nothing claims, threatens or mocks;
                        0 to 1 */
    bool wiped;      /**< what stood there is wholesale gone */
    bool intact;     /**< the page is still itself, or there is no baseline to tell */
    char new_languages[3][12]; /**< the languages the page never used, by share */
    size_t new_language_count;
    double unlisted; /**< share of the new text in languages the page never used and no cue list knows */
};

/** Computes them all. Scratch memory comes from `arena`. Returns 0 or -ENOMEM. */
int feature_compute(const struct cue_set *cues, const struct judge_evidence *evidence, struct arena *arena,
                    struct features *ret_features);

/** Which situation this page is in. */
enum weights_section feature_section(const struct change *change, const struct features *features);
