/*
 * When evidence is kept: what a look saw waits here until the caseload says that it is a moment of an
 * incident, until that incident is in the store and told, and until nothing urgent wants the readers of
 * pictures; then it goes to varta-keep, one moment after the other. Nothing here holds up a look or an alert,
 * and while the disk takes nothing, what is to be kept stays in memory up to a ceiling.
 */
#pragma once

#include "config/config.h"
#include "watch/caseload.h"
#include "watch/exhibit.h"

struct keeper;

enum {
    KEEPER_TOLD_MS =
        30000, /* milliseconds that a moment waits for its incident to be told: quiet hours are longer */
    KEEPER_PICTURE_MS =
        120000,           /* milliseconds that it waits for readers of pictures with nothing urgent to do */
    KEEPER_POLL_MS = 250, /* milliseconds between looks whether it may go on */
    KEEPER_AGAIN_MS = 20000, /* milliseconds to the next attempt after a failure */
    KEEPER_MOMENTS = 20000,  /* moments that wait: every page of a large list down at once */
    KEEPER_BYTES = 64 << 20, /* bytes of memory for them, memory files apart; a dossier has 10 KB */
    KEEPER_NAMES = 99,       /* moments of one kind that an incident may have */
    KEEPER_TRIES = 3,        /* attempts to encode a picture anew when our own helper fails */
    KEEPER_DEATHS =
        3, /* times that varta-keep may die of one moment: then the moment is lost, not those behind it */
    KEEPER_SWEEP_PARTS =
        16,             /* `evidence.bytes` is seen to when that part of it has come since the last time */
    KEEPER_COPIES = 32, /* pictures encoded anew that are remembered: a campaign shows one everywhere */
};

struct keeper_settings {
    const struct config *config;                     /**< borrowed */
    struct helpers *helpers;                         /**< borrowed */
    struct hoard *hoard;                             /**< borrowed */
    struct caseload *caseload;                       /**< borrowed */
    struct store *store;                             /**< borrowed */
    const struct languages *languages;               /**< borrowed */
    const char *instance;                            /**< of the store; borrowed */
    void (*say)(void *context, const char *text);    /**< what an operator should know */
    void (*inform)(void *context, const char *text); /**< what is as it should be */
    void (*wake)(void *context);                     /**< keeper_turn() should be called soon */
    void *context;
};

int keeper_new(const struct keeper_settings *settings, struct keeper **ret_keeper);
void keeper_free(struct keeper *keeper);

/** Another configuration from now on. */
void keeper_use(struct keeper *keeper, const struct config *config);

/** The look that is being taken in turned out to be this moment of that incident: to be called before
 * keeper_look(). */
void keeper_moment(struct keeper *keeper, enum caseload_moment moment, const struct incident *incident);

/** What was to be kept of this incident is lost (varta was killed): the next look that finds it is kept in
 * its stead. */
void keeper_miss(struct keeper *keeper, int64_t incident);

/** What a look is to the page's incident. */
struct keeper_page {
    struct exhibit_page about;
    bool doubtful;   /**< it may yet become evidence */
    int64_t certain; /**< number of the page's incident that is certain; 0 for none */
};

/** A look ends. */
void keeper_look(struct keeper *keeper, const struct visit_end *end, const struct keeper_page *page,
                 int64_t now_ms);

/** Goes on with what waits. `hurry`: varta stops. Returns when to call again, steady milliseconds. */
int64_t keeper_turn(struct keeper *keeper, bool hurry, int64_t now_ms);

/** Removes what is too old or too much; keeper_turn() does it too when much has come since. */
void keeper_sweep(struct keeper *keeper, int64_t now_s);

/** True while something is to be kept that can be. */
bool keeper_is_busy(const struct keeper *keeper);

struct keeper_state {
    uint64_t kept, lost; /**< moments since the start */
    size_t waiting;
    bool failing;
};

struct keeper_state keeper_state(const struct keeper *keeper);
