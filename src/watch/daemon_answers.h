/* What the daemon answers to its commands; see control.h for the way, and varta-watch(1) for the words. */
#pragma once

#include "watch/caseload.h"
#include "watch/desk.h"
#include "watch/gather.h"
#include "watch/meters.h"
#include "watch/warden.h"

#include <jansson.h>

/** The parts a command may look at or move; all borrowed. */
struct daemon_parts {
    const struct config *config;
    struct store *store;
    struct gather *gather;
    struct caseload *caseload;
    struct outbox *outbox;
    struct warden *warden;
    const struct desk *desk;
    const struct meters *meters; /**< NULL where nothing is counted; then `desk` is not used */
    bool store_gone;             /**< its file was removed: nothing is kept, whatever it takes */
};

/**
 * Answers {"command": …} with JSON Lines:
 *     status                      one object
 *     metrics                     {"metrics": TEXT}, in the text format of Prometheus
 *     incidents [all: true]       an object an incident, open ones or all that are kept, oldest first
 *     show id: N                  the incident with its history, the look that decided, and
 *                                 the folder that evidence is kept in
 *     ack id: "N"|"cN"|"all"      {"acknowledged": COUNT}
 *     accept url: URL [digest: "…"] [force: true]
 *                                 {"accepted": true|false}; refused with an error when what waits is not what
 * the person saw, see acceptance.h or {"error": …}.
 */
void daemon_answer(const struct daemon_parts *parts, const json_t *request, const char *user, int64_t now_s,
                   struct buf *reply);

/** What of the evidence is too old at `now_s`, or too much; without the incidents that are open. */
struct clear_order config_evidence_retention(const struct config *config, int64_t now_s);

/** What is too old at `now_s`. */
struct store_retention config_retention(const struct config *config, int64_t now_s);
