/*
 * What every kind of run needs on its desk: the event loop, the helpers, the models, the texts of pictures
 * read before. Rounds, one-off looks and replays set it up in one place.
 */
#pragma once

#include "watch/journey.h"

struct store;

struct desk_settings {
    const char *models;     /**< folder of the models; borrowed */
    struct store *store;    /**< what is known, texts of pictures among it; may be NULL */
    const char *store_path; /**< where there is none yet: opened, made if need be, while the helpers start,
                               and closed with the desk; the desk's own settings have it */
    enum sandbox_level sandbox;
    unsigned fetches; /**< in flight at once */
    struct span user_agent;
    uint32_t connect_ms, total_ms;
    bool read_pictures;
    bool many;             /**< many pages will be fetched and read */
    helpers_note_fn *note; /**< told of what an operator should know */
    void *note_context;
};

struct desk {
    struct desk_settings settings;
    sd_event *event;
    struct helpers *helpers;
    struct picture_cache *pictures;
    struct judge *judge;
    struct languages *languages;
    struct journey_tools tools;
};

/** The settings a command starts from: strict, the usual limits, pictures read. */
struct desk_settings desk_defaults(void);

/** Sets the desk up. Returns 0, or a negative errno after telling why, -ENOTRECOVERABLE where it is the
 * store; desk_close() is due either way. */
int desk_open(const struct desk_settings *settings, struct desk *ret_desk);
void desk_close(struct desk *desk);

/** Tells the operator. */
void desk_say(const struct desk *desk, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Runs the event loop until `*open` is zero and no job is under way. Returns 0 or a negative errno. */
int desk_run(struct desk *desk, const size_t *open);
