/*
 * A notice is what a sink is told: one JSON object, made once, kept in the outbox, and rendered by each sink
 * in its own form (a syslog line, journal fields, a mail). Its `id` is stable: who gets it twice can tell.
 *
 *     {"id": "v1-…",                          stable, ASCII, at most 64 bytes; the same for every sink and
 * attempt "kind": "incident-confirmed",          see enum notice_kind "at": "2022-01-14T02:13:05Z", when it
 * was written "severity": "critical",                critical, warning, notice, info "summary": "…", one
 * sentence "incident": {"id": 17, "state": "confirmed", "verdict": "defaced", "cause": "", "opened": "…",
 * "confirmed": "…", "looks": 3, "severity": 9},                                  where it is about one
 *      "page": {"url": "…", "name": "…", "group": "…", "contact": "…"},           with incident
 *      "result": {…},                         with incident: the look that decided, as `varta check --json`
 * prints it "campaign": {"id": 3, "pages": 23, "domains": 9, "first": "…", "kind": "defacement", "list":
 * [{"url": "…", "name": "…", "verdict": "…", "incident": 17, "at": "…"}, …], "left_out": 0}}   where it is
 * about one
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

#include <stdint.h>

enum {
    NOTICE_BYTES =
        64 << 10,         /* bytes of JSON: a campaign of a thousand pages stays a message, its list is cut */
    NOTICE_ID_BYTES = 65, /* bytes, NUL included */
};

enum notice_kind {
    NOTICE_CONFIRMED,     /**< an incident is certain */
    NOTICE_WORSE,         /**< an open incident became worse: replaced, then defaced */
    NOTICE_RECOVERED,     /**< the page says again what it said */
    NOTICE_ESCALATED,     /**< nobody acknowledged */
    NOTICE_FLAPPING,      /**< comes and goes; nothing more is told until it has been steady */
    NOTICE_ACCEPTED,      /**< a person said that it is the page's own, or a false alarm */
    NOTICE_CAMPAIGN,      /**< several incidents belong together */
    NOTICE_CAMPAIGN_GREW, /**< more of them */
    NOTICE_CAMPAIGN_OVER, /**< all of them ended */
    NOTICE_SELF,          /**< varta itself is hindered: blind, store failing, a sink that takes nothing */
    NOTICE_TEST,          /**< by `varta alert test` */
    NOTICE_KIND_COUNT
};

/** "incident-confirmed", "incident-worse", "incident-recovered", "incident-escalated", "incident-flapping",
 * "incident-accepted", "campaign-opened", "campaign-grew", "campaign-over", "self", "test". */
const char *notice_kind_name(enum notice_kind kind);
