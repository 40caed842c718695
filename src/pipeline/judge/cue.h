/*
 * Cues: phrases that tell what a text is, by language and class, kept in readable lists. They never decide
 * alone: they are features among others.
 */
#pragma once

#include "base/arena.h"
#include "pipeline/judge/skeleton.h"

enum cue_class {
    CUE_CLAIM,   /**< we hacked this */
    CUE_THREAT,  /**< be afraid */
    CUE_LEAK,    /**< your data is public, is destroyed */
    CUE_MOCKERY, /**< your security is a joke */
    CUE_SLOGAN,  /**< glory to, free, no war, we are everywhere */
    CUE_RANSOM,  /**< pay */
    CUE_TEAM,    /**< signatures: team, cyber army, greetings to */
    CUE_FORGED,  /**< statements put into a government's mouth: surrender, capitulate, evacuate */
    CUE_ADDRESS, /**< we and you: how messages speak, and pages of an office hardly do */
    CUE_TONE, /**< single words of fear, war, shame, theft, which an office has now and then, a message often
               */
    CUE_REPORT,   /**< the words of those who report about an attack */
    CUE_TELLING,  /**< further words that reporters use, and others too: they help to tell who speaks, no more
                   */
    CUE_COURTESY, /**< how an office speaks to its visitors: thanks, please, choose, confirm, cookies */
    CUE_MAINTENANCE,
    CUE_ERROR,
    CUE_CHALLENGE,
    CUE_LOGIN,
    CUE_PARKED,
    CUE_SUSPENDED,
    CUE_DEFAULT_PAGE,
    CUE_HOST, /**< not in the text: hosts that attackers link to or load from */
    CUE_CLASS_COUNT
};

/** "claim", "threat", …, "default-page", "host". */
const char *cue_class_name(enum cue_class class);

/** True for the classes that name a cause of unavailability. */
static inline bool cue_is_service(enum cue_class class)
{
    return class >= CUE_MAINTENANCE && class <= CUE_DEFAULT_PAGE;
}

struct cue {
    enum cue_class class;
    float weight; /**< 0 to 3: 1 a hint, 2 clear, 3 unmistakable */
};

struct cue_set;

/** Reads every list (*.txt) of the folder. Returns 0 or a negative errno and a sentence in `ret_error`. */
int cue_open(const char *folder, struct cue_set **ret_set, char ret_error[256]);

/** Reads one list from memory into the set; `name` is for the sentence. Returns 0, -EINVAL or -ENOMEM. */
int cue_read(struct cue_set *set, const char *name, struct span list, char ret_error[256]);

struct cue_set *cue_new(void);
void cue_free(struct cue_set *set);
size_t cue_count(const struct cue_set *set);
const struct cue *cue_at(const struct cue_set *set, size_t index);

/** Where a cue was found: from one folded character to another. */
struct cue_hit {
    uint32_t cue;
    uint32_t start, end;
    uint32_t times; /**< how often in all, for the first place; 0 for an echo, which is a further place */
    uint32_t first; /**< index of the cue's first place among the hits */
};

/** Finds each cue of the set in the text, in one walk, with up to CUE_PLACES_MAX places. Returns how many are
 * in `ret_hits`. */
size_t cue_find(const struct cue_set *set, const struct skeleton *text, struct cue_hit *ret_hits,
                size_t room);

/** The weight of the heaviest host cue of the class that `host` is or ends in, 0 when none: CUE_HOST for
 * those of attackers, a service class for those that such a page leans on. */
double cue_host(const struct cue_set *set, enum cue_class class, struct span host);
