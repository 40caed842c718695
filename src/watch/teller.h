/*
 * Puts into words what sinks are told: the JSON of pipeline/alert/notice.h, made once for all sinks. A
 * notice's id is made of what it is about, so that the same thing told again after a crash has the same id.
 */
#pragma once

#include "pipeline/alert/alert.h"
#include "pipeline/page.h"

struct teller_notice {
    char id[NOTICE_ID_BYTES];
    enum notice_kind kind;
    char about[32];   /**< what it is about: "i17", "c3", "self" */
    unsigned urgency; /**< as enum config_severity */
    char *json;       /**< owned: free() */
    size_t size;      /**< bytes of it */
};

void teller_free(struct teller_notice *notice);

/** 3 critical for defaced, 2 warning for replaced, 1 notice for unavailable; what is good news is 1 at most.
 */
unsigned teller_urgency(enum notice_kind kind, enum verdict_kind verdict);

/** About one incident. `instance` tells stores apart. Returns 0 or -ENOMEM. */
int teller_incident(const char *instance, const struct incident *incident, enum notice_kind kind,
                    int64_t at_s, struct teller_notice *ret_notice);

/** About several; `members` are the campaign's incidents that are told of, `count` of them, in any order, one
 * a page, and behind them `before` that are listed, not counted: earlier ones of these pages. `view` is 0
 * when they are all, else it names those who hear of these, and the notice's id holds it.
 */
int teller_campaign(const char *instance, const struct campaign *campaign,
                    const struct incident *const *members, size_t count, size_t before, uint64_t view,
                    enum notice_kind kind, int64_t at_s, struct teller_notice *ret_notice);

/** About varta itself: `what` is a word that names the trouble, `text` a sentence. */
int teller_self(const char *instance, const char *what, const char *text, int64_t at_s,
                struct teller_notice *ret_notice);
