/*
 * One example for training and measuring: what a page was before (or nothing), what it is now, and whether
 * that is a defacement. Kept as the features and the verdict that stands if the model says no.
 */
#pragma once

#include "pipeline/compare/compare.h"
#include "pipeline/judge/judge_model.h"

#include <varta/language.h>

enum lesson_kind {
    LESSON_VERSION,        /**< a real page's next version */
    LESSON_PAIR,           /**< the same against the one version before it only */
    LESSON_VERSION_ALONE,  /**< a real page by itself */
    LESSON_DEFACED,        /**< a real defacement in place of a real page */
    LESSON_DEFACED_ALONE,  /**< a real defacement by itself */
    LESSON_SCRIPTED,       /**< a real defacement drawn by script, in place of a real page */
    LESSON_SCRIPTED_ALONE, /**< the same by itself */
    LESSON_PARTIAL_ALONE,  /**< a real page with something injected, by itself */
    LESSON_OWN,            /**< a message of our own in place of a real page */
    LESSON_OWN_ALONE,      /**< a message of our own by itself */
    LESSON_PADDED,         /**< a message of our own above long neutral text, in place of a real page */
    LESSON_PADDED_ALONE,   /**< the same by itself */
    LESSON_INJECTED,       /**< a message of our own inside a real page */
    LESSON_ORDINARY,       /**< maintenance, error, login… in place of a real page */
    LESSON_ORDINARY_ALONE, /**< the same by itself */
    LESSON_NOTICE,         /**< a service notice of our own in place of a real page */
    LESSON_NOTICE_ALONE,   /**< the same by itself */
    LESSON_OTHER_PAGE,     /**< another site's page in place of a real one */
    LESSON_OTHER_LANGUAGE, /**< the same site's page in another language */
    LESSON_NEWS,           /**< an article that quotes a message, inside a real page */
    LESSON_NEWS_ALONE,     /**< the same page by itself */
    LESSON_ARTICLE,        /**< an article that quotes a message, in place of a real page */
    LESSON_ARTICLE_ALONE,  /**< the same by itself */
    LESSON_GREETING, /**< a friendly page of our own that speaks to the reader, in place of a real one */
    LESSON_GREETING_ALONE, /**< the same by itself */
    LESSON_KIND_COUNT
};

/** "version", "version-alone", … */
const char *lesson_kind_name(enum lesson_kind kind);

/** True for the kinds that are attacks. */
bool lesson_hostile(enum lesson_kind kind);

struct lesson {
    float at[FEATURE_COUNT];
    float front[FEATURE_COUNT]; /**< of what stands foremost */
    enum weights_section front_section;
    bool has_front;
    bool spared, front_spared; /**< a report or a courtesy, which is no message whatever the model says */
    enum lesson_kind kind;
    enum weights_section section;
    enum verdict_kind otherwise; /**< the verdict when the model does not say `defaced` */
    bool never;                  /**< no model makes this `defaced`: nothing to judge, or empty */
    bool held_out;               /**< never trained on, only measured */
    bool changed;                /**< `otherwise` is not "unchanged" */
    char cause[24];              /**< of `otherwise` */
    char expected[24];           /**< kind of ordinary page or notice, or empty */
    uint32_t site;               /**< hash of the site it belongs to; 0 when to none */
    uint32_t family;             /**< hash of the family of messages or pages it belongs to; 0 when to none */
    float kept, words;
    float say; /**< for the trainer: its part of the voice of its kind; 0 counts as 1 */
    char name[96];
};

struct lesson_list {
    struct lesson *at; /**< owned */
    size_t count;
    size_t room;
};

void lesson_list_free(struct lesson_list *list);

/** What all lessons are made with. */
struct lesson_tools {
    struct judge judge; /**< cues, and weights that do not matter */
    struct varta_language_model *languages;
    double reading_s, comparing_s, identifying_s, judging_s; /**< CPU seconds spent so far */
    uint64_t pages;
};

/** Opens cues and language model of the model folder; false after saying why on standard error. */
bool lesson_open(const char *model_folder, struct lesson_tools *ret_tools);
void lesson_close(struct lesson_tools *tools);

/** The languages of what a baseline lastingly says. */
struct lesson_languages {
    struct language_share at[VARTA_LANGUAGE_SHARES_MAX];
    size_t count;
};
struct lesson_languages lesson_languages(struct lesson_tools *tools, const struct baseline *baseline);

/**
 * Compares, identifies and judges; appends the lesson with kind, site, family and name from `about`.
 * `baseline` may be NULL.
 */
const struct lesson *lesson_add(struct lesson_tools *tools, const struct baseline *baseline,
                                const struct lesson_languages *own, const struct reading *reading,
                                const struct lesson *about, struct lesson_list *list);

/** CPU seconds of this process. */
double lesson_clock(void);
