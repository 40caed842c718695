/*
 * `varta watch`: gives the warden real time, real looks, real sinks and a service manager. It reads its
 * configuration, and reads it again when asked; it stops when asked, leaving nothing half told.
 */
#pragma once

#include "watch/desk.h"

struct daemon_settings {
    const char *config;   /**< path of varta.yaml */
    const char *models;   /**< folder of the models */
    helpers_note_fn *say; /**< told what an operator should know */
    void *say_context;
    helpers_note_fn *inform; /**< told what is as it should be, with `say_context`; NULL for nobody */
};

enum {
    DAEMON_STOP_S = 10,     /* seconds that looks and deliveries under way have to end when it is stopped */
    DAEMON_STORE_MS = 1000, /* milliseconds that a store held by another process may hold up the watch */
    DAEMON_TURN_MS = 20,    /* milliseconds in which what ends is taken together */
    DAEMON_STATUS_S = 10,   /* seconds between lines of status */
    DAEMON_KNOCK_S = 60,    /* seconds between tellings of a helper that asks at the control socket */
    DAEMON_SWEEP_S = 86400, /* seconds between removals of what is too old */
    DAEMON_STUCK_MS = 1800000, /* milliseconds without the end of any look, while some are under way: then the
                                  service manager's watchdog is no longer fed */
};

/** Runs until it is told to stop. Returns 0, -EINVAL for a configuration that cannot be used, or another
 * negative errno; told either way. */
int daemon_run(const struct daemon_settings *settings);
