/*
 * The life of an incident, look by look. Pure: a record, what was seen and when go in, the record and what is
 * to be done come out, so that a month of looks is a test of milliseconds.
 *
 *     (none) ── bad look ──► SUSPECTED ── found again ──► CONFIRMED ── somebody knows ──► ACKNOWLEDGED
 *                               │                            │  ▲                              │
 *                               └─ not found ► DISMISSED     │  └─ back within the window      │
 *                                                            ▼  (the same one, flapping)       ▼
 *                                                        RECOVERED ◄── enough good looks ──────┘
 *                                                         ACCEPTED ◄── a person says so
 *
 * Two things may be pending at once on a confirmed incident: something worse that is being looked at again (a
 * page that was down comes back defaced), and good looks that are being counted.
 */
#pragma once

#include "pipeline/page.h"

struct incident_rules {
    uint32_t outage_looks;     /**< bad looks in a row before `unavailable` is certain */
    uint32_t recover_looks;    /**< good looks in a row that end it */
    uint32_t flap_window_s;    /**< one that comes back within is the same one */
    uint32_t escalate_after_s; /**< without acknowledgement; 0 for never */
};

enum {
    INCIDENT_TRIES = 3, /* looks for confirmation; a page that cannot be reached any more is then believed as
                           it was seen */
    INCIDENT_FLAPS = 3, /* comings back that are told; then it is called flapping and told once */
    INCIDENT_DOUBTS =
        3, /* suspicions within the window, each gone at the second look: who asks first sees it */
    INCIDENT_ESCALATIONS = 3, /* after 1, 2 and 4 times the waiting time */
};

/** What is to be done after a step; a set of bits. */
enum incident_action {
    INCIDENT_LOOK_AGAIN = 1,  /**< at once, as incident_manner() says */
    INCIDENT_TELL = 2,        /**< confirmed, or back again */
    INCIDENT_TELL_WORSE = 4,  /**< became worse */
    INCIDENT_TELL_OVER = 8,   /**< recovered */
    INCIDENT_TELL_FLAPS = 16, /**< flapping; nothing more until it is steady */
    INCIDENT_ESCALATE = 32,   /**< nobody acknowledged */
    INCIDENT_CHANGED = 64,    /**< the record is to be kept */
};

/** Who looked. */
enum incident_look {
    LOOK_ROUTINE, /**< as varta, in its turn */
    LOOK_BROWSER, /**< as a browser, over a fresh connection, through the second vantage where there is one */
    LOOK_AGAIN,   /**< as varta, over a fresh connection */
};

/** True for a verdict that opens or holds an incident. */
bool incident_is_bad(enum verdict_kind verdict);

/** True when `a` is worse than `b`: defaced, replaced, unavailable, anything else. */
bool incident_is_worse(enum verdict_kind a, enum verdict_kind b);

/** A new one, suspected, from its first bad look. Text is the caller's to set. */
struct incident incident_open(enum verdict_kind verdict, uint32_t weight, int64_t at_s);

/** A new suspicion on a page whose last incident was `before`: what comes again and again, and is never found
 * by a second look, is told in the end. */
void incident_follow(struct incident *incident, const struct incident *before,
                     const struct incident_rules *rules);

/** True while something hostile was seen and is to be looked at again. */
bool incident_is_in_doubt(const struct incident *incident);

/**
 * One look's end. `cause` is of `unavailable` (empty else). Returns the actions. A closed incident
 * (incident_is_open() false) is only taken back within the rules' window; otherwise the caller opens a new
 * one.
 */
unsigned incident_look(struct incident *incident, const struct incident_rules *rules, enum incident_look look,
                       enum verdict_kind verdict, const char *cause, double score, int64_t at_s);

/** How the next look for confirmation is to be made. */
enum incident_look incident_manner(const struct incident *incident);

/** True for a closed incident that would be taken back if the page were bad again now. */
bool incident_may_return(const struct incident *incident, const struct incident_rules *rules, int64_t now_s);

/** Time passed. Returns the actions: INCIDENT_ESCALATE when nobody acknowledged for too long,
 * INCIDENT_TELL_OVER when one that was flapping has been steady for the window. */
unsigned incident_tick(struct incident *incident, const struct incident_rules *rules, int64_t now_s);

/** A person takes it on. Returns the actions, 0 when there is nothing to acknowledge. */
unsigned incident_acknowledge(struct incident *incident, int64_t at_s);

/** A person says that the page is as it should be. Returns the actions, 0 when it is over already. */
unsigned incident_accept(struct incident *incident, int64_t at_s);

bool incident_is_open(const struct incident *incident);

/** True once it is certain, until it is over. */
bool incident_is_certain(const struct incident *incident);

/** 1 to 10: 8 for defaced, 5 for replaced, 3 for unavailable; one more above a score of 0.99 (its cues are
 * many), one more when the page shows different faces; and from two less to two more by the page's weight. */
uint32_t incident_severity(const struct incident *incident);
