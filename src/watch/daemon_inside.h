/* What the files of the daemon share; see daemon.h. */
#pragma once

#include "watch/control.h"
#include "watch/courier.h"
#include "watch/daemon.h"
#include "watch/daemon_answers.h"
#include "watch/gather.h"
#include "watch/keeper.h"
#include "watch/visit.h"
#include "watch/warden.h"
#include "watch/webkeeper.h"

/* One reading of the configuration, and the looks that were started under it. */
struct generation {
    struct daemon *daemon;
    struct config config;
    struct warden *warden;
    struct buf user_agent;
    size_t underway;
    bool retired; /* another one took over: freed when its last look has ended */
};

/* The delivery that is under way to a sink: one at a time. */
struct send_call {
    struct daemon *daemon;
    uint64_t ticket;
};

struct daemon {
    const struct daemon_settings *settings;
    struct store *store;
    int store_lock;        /* descriptor: one watch a store; -1 for none */
    struct buf store_path; /* as it was opened, ends in NUL */
    struct desk desk;
    struct visitor visitor;
    struct gather gather;
    struct outbox *outbox;
    struct caseload *caseload;
    struct courier *courier;
    struct hoard *hoard; /* NULL: what looks see is not held */
    struct keeper *keeper;
    struct send_call sends[CONFIG_SINKS];
    struct control *control;
    struct webkeeper *web;
    struct meters meters;
    struct generation *now;
    sd_event_source *turn, *status, *watchdog, *sweep, *deadline;
    size_t underway;       /* looks of all generations */
    uint64_t looks_before; /* at the last line of status */
    int64_t knocked_s;     /* when a helper that asked was told of, steady; 0 for never */
    int64_t begun_ms;      /* when the looks of this generation began: none may have ended yet */
    bool stopping, not_kept;
    bool store_gone; /* its file was removed or moved */
};

/** Soon, not at once: what happens together is met in one turn. */
void daemon_turn_soon(struct daemon *daemon);

void daemon_generation_free(struct generation *generation);

/** A result could not be kept: told once until one is kept again. `context` is the daemon. */
void daemon_not_kept(void *context, int error);

/** Starts a look of the generation that is the context; a warden_look_fn (daemon_looks.c). */
int daemon_look(void *context, const struct warden_look *look);
