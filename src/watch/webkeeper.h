/*
 * The supervisor's side of the status page: makes the listening socket, starts varta-web, tells it which
 * pages are watched, and answers what it asks. The page is a convenience: whatever befalls it, the watch goes
 * on. It is started again when it dies, waits its turn when it asks too much, and may ask for a few things
 * only.
 */
#pragma once

#include "config/config.h"
#include "os/sandbox.h"
#include "watch/control.h"

struct webkeeper;

struct webkeeper_settings {
    sd_event *event;
    enum sandbox_level level;
    control_answer_fn *answer;
    void (*say)(void *context, const char *text);
    void *context;    /**< of both */
    uint64_t *deaths; /**< counted here */
};

enum {
    WEBKEEPER_ASKS = 40,             /* requests answered in a second; further ones wait */
    WEBKEEPER_FIRST_PAUSE_MS = 1000, /* milliseconds until it is started again, doubled up to */
    WEBKEEPER_LAST_PAUSE_MS = 60000,
    WEBKEEPER_STEADY_MS = 60000, /* milliseconds of life after which the next death is a first one again */
    WEBKEEPER_BACKLOG = 128,     /* connections that wait to be accepted */
};

/** Serves as the configuration says; does nothing while that names no place to listen at. The configuration
 * is borrowed until webkeeper_use() names another. Returns 0 or -ENOMEM; that it cannot listen is told and
 * tried again. */
int webkeeper_open(const struct webkeeper_settings *settings, const struct config *config,
                   struct webkeeper **ret_keeper);

/** Goes by another configuration from now on. */
void webkeeper_use(struct webkeeper *keeper, const struct config *config);

/** Takes NULL. */
void webkeeper_close(struct webkeeper *keeper);

/** The process's id, 0 while there is none. */
pid_t webkeeper_pid(const struct webkeeper *keeper);
