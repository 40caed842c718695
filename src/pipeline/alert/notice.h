/*
 * A notice is what a sink is told: one JSON object, made once, kept in the outbox, and rendered by each sink
 * in its own form (a syslog line, journal fields, a mail). Its `id` is stable: who gets it twice can tell.
 *
 *     {"id": "v1-…",                 stable, ASCII, at most 64 bytes; the same for every sink and attempt
 *      "kind": "incident-confirmed", see enum notice_kind
 *      "at": "2022-01-14T02:13:05Z", when it was written
 *      "severity": "critical",       critical, warning, notice, info
 *      "summary": "…",               one sentence
 *      "incident": {"id": 17, "state": "confirmed", "verdict": "defaced", "cause": "", "opened": "…",
 *                   "confirmed": "…", "looks": 3, "severity": 9, "campaign": 3},  where it is about one
 *      "page": {"url": "…", "name": "…", "group": "…", "contact": "…"},   with incident
 *      "result": {…},                with incident: the look that decided, as `varta check --json` prints it
 *      "campaign": {"id": 3, "pages": 23, "back": 0, "accepted": 0, "domains": 9, "first": "…", "kind": "defacement",
 *                   "list": [{"url": "…", "name": "…", "verdict": "…", "incident": 17, "at": "…",
 *                             "state": "…", "contact": "…"}, …], "left_out": 0}}   where it is about one
 *
 * The words in it are an attacker's, and it has lain in a file: it is read as strictly as if a stranger had
 * sent it. A member that a kind needs and is missing, and any known member of a wrong form, refuse it;
 * members nobody knows are passed over, so that it can grow.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "pipeline/alert/alert_limits.h"
#include "pipeline/page.h"

#include <stdint.h>

enum notice_kind {
    NOTICE_CONFIRMED,     /**< an incident is certain */
    NOTICE_WORSE,         /**< an open incident became worse: replaced, then defaced */
    NOTICE_RECOVERED,     /**< the page says again what it said */
    NOTICE_ESCALATED,     /**< nobody acknowledged */
    NOTICE_FLAPPING,      /**< comes and goes; nothing more is told until it has been steady */
    NOTICE_ACCEPTED,      /**< a person said that it is the page's own, or a false alarm */
    NOTICE_CAMPAIGN,      /**< several incidents belong together */
    NOTICE_CAMPAIGN_GREW, /**< more of them */
    NOTICE_CAMPAIGN_EASED, /**< some of them are back */
    NOTICE_CAMPAIGN_OVER, /**< all of them ended */
    NOTICE_SELF,          /**< varta itself is hindered: blind, store failing, a sink that takes nothing */
    NOTICE_TEST,          /**< by `varta alert test` */
    NOTICE_RESULT,        /**< by `varta check`: one look at a page, without an incident; page and result */
    NOTICE_KIND_COUNT
};

/** "incident-confirmed", "incident-worse", "incident-recovered", "incident-escalated", "incident-flapping",
 * "incident-accepted", "campaign-opened", "campaign-grew", "campaign-eased", "campaign-over", "self", "test", "result". */
const char *notice_kind_name(enum notice_kind kind);

/** How urgent a notice is, in the order of urgency. */
enum urgency { URGENCY_INFO, URGENCY_NOTICE, URGENCY_WARNING, URGENCY_CRITICAL, URGENCY_COUNT };

/** "info", "notice", "warning", "critical". */
const char *urgency_name(enum urgency urgency);

struct json_t;

/** One page of a campaign. */
struct notice_page {
    struct span url, name, contact; /**< the last two may be empty */
    struct span at;                 /**< RFC 3339, may be empty */
    struct span state;              /**< of its incident, may be empty */
    enum verdict_kind verdict;      /**< VERDICT_KIND_COUNT when it is not said */
    int64_t incident;               /**< 0 when it is not said */
};

/**
 * A notice taken apart. All text is borrowed from `root`, well-formed UTF-8 without NUL, and still the
 * attacker's: a renderer makes it safe for its own form. What was not said is empty, 0 or, for numbers that
 * may be 0, -1.
 */
struct notice {
    struct arena arena;
    struct json_t *root; /**< owned */
    struct span id;      /**< letters, digits, '-', '_', '.', ':' */
    enum notice_kind kind;
    struct span at; /**< RFC 3339 in UTC, as it was written; letters and digits of that form only */
    int64_t at_s;   /**< the same, seconds since 1970 */
    enum urgency urgency;
    struct span summary;

    bool has_incident;
    int64_t incident; /**< its number */
    struct span state;
    enum verdict_kind incident_verdict;
    struct span opened, began, confirmed, closed; /**< RFC 3339 */

    bool has_page;
    struct span url, name, group, contact;

    bool has_result;
    enum verdict_kind verdict; /**< of the result, else of the incident; VERDICT_KIND_COUNT for neither */
    struct span cause;         /**< of the result, else of the incident */
    double score;              /**< 0 to 1; -1 */
    struct language_share languages[NOTICE_LANGUAGES]; /**< language_count; tags of letters, digits, '-' */
    size_t language_count;
    struct span reasons[NOTICE_REASONS]; /**< reason_count sentences */
    size_t reason_count;
    struct span message, origin;
    struct span final_url, address;
    int64_t status;

    bool has_campaign;
    int64_t campaign; /**< its number; also of the one that an incident belongs to, 0 for none */
    struct span campaign_kind;
    struct span first;                /**< RFC 3339 */
    int64_t pages, domains, left_out; /**< domains may be 0 for not said */
    const struct notice_page *list;   /**< list_count */
    size_t list_count;
};

/** Takes a notice apart. Returns 0 (notice_free() is due), -EMSGSIZE, -EBADMSG for what is no notice, or
 * -ENOMEM. `*ret_why` is set on -EBADMSG: what is wrong, a constant. */
int notice_parse(struct span json, struct notice *ret_notice, const char **ret_why);
void notice_free(struct notice *notice);

/** The notice as JSON on one line, without a line feed: whatever steers a terminal is written as \uXXXX,
 * which means the same to whoever parses it. */
void notice_line(const struct notice *notice, struct buf *out);
