/* See incident.h. */
#include "pipeline/alert/incident.h"

#include <stdio.h>

enum { INCIDENT_BYTES = 1 << 20 };

static unsigned badness(enum verdict_kind verdict)
{
    switch (verdict) {
    case VERDICT_DEFACED: return 3;
    case VERDICT_REPLACED: return 2;
    case VERDICT_UNAVAILABLE: return 1;
    case VERDICT_NEW:
    case VERDICT_UNCHANGED:
    case VERDICT_EDITED:
    case VERDICT_KIND_COUNT: break;
    }
    return 0;
}

bool incident_is_bad(enum verdict_kind verdict)
{
    return badness(verdict) > 0;
}

bool incident_is_worse(enum verdict_kind a, enum verdict_kind b)
{
    return badness(a) > badness(b);
}

bool incident_is_certain(const struct incident *incident)
{
    return incident->state == INCIDENT_CONFIRMED || incident->state == INCIDENT_ACKNOWLEDGED;
}

bool incident_is_open(const struct incident *incident)
{
    return incident->state == INCIDENT_SUSPECTED || incident_is_certain(incident);
}

uint32_t incident_severity(const struct incident *incident)
{
    int severity = incident->verdict == VERDICT_DEFACED ? 8 : incident->verdict == VERDICT_REPLACED ? 5 : 3;
    severity += incident->verdict == VERDICT_DEFACED && incident->score > 0.99;
    severity += incident->cloaked || incident->moved;
    severity += ((int)incident->weight - 5) * 2 / 5;
    return (uint32_t)(severity < 1 ? 1 : severity > 10 ? 10 : severity);
}

struct incident incident_open(enum verdict_kind verdict, uint32_t weight, int64_t at_s)
{
    struct incident incident = {
        .arena = arena_new(INCIDENT_BYTES),
        .state = INCIDENT_SUSPECTED,
        .verdict = verdict,
        .last = verdict,
        .opened_s = at_s,
        .began_s = at_s,
        .changed_s = at_s,
        .weight = weight,
    };
    incident.severity = incident_severity(&incident);
    return incident;
}

void incident_follow(struct incident *incident, const struct incident *before,
                     const struct incident_rules *rules)
{
    if (before->state == INCIDENT_DISMISSED && badness(before->verdict) >= badness(VERDICT_REPLACED) &&
        incident->opened_s - before->closed_s <= rules->flap_window_s)
        incident->flaps = before->flaps + 1;
}

bool incident_is_in_doubt(const struct incident *incident)
{
    enum verdict_kind seen = incident->state == INCIDENT_SUSPECTED ? incident->verdict : incident->pending;
    return badness(seen) >= badness(VERDICT_REPLACED);
}

static unsigned enter(struct incident *incident, enum incident_state state, int64_t at_s)
{
    incident->state = state;
    incident->changed_s = at_s;
    if (!incident_is_open(incident))
        incident->closed_s = at_s;
    return INCIDENT_CHANGED;
}

static void note_what(struct incident *incident, enum verdict_kind verdict, const char *cause, double score,
                      int64_t at_s)
{
    if (incident->verdict != verdict)
        incident->began_s = at_s;
    incident->verdict = verdict;
    incident->score = score;
    snprintf(incident->cause, sizeof(incident->cause), "%s", verdict == VERDICT_UNAVAILABLE ? cause : "");
    incident->severity = incident_severity(incident);
}

/* ---- becoming certain ---- */

static unsigned confirm(struct incident *incident, int64_t at_s)
{
    bool first = incident->confirmed_s == 0;
    if (first)
        incident->confirmed_s = at_s;
    incident->pending = VERDICT_NEW;
    incident->tries = incident->flaps = 0;
    incident->severity = incident_severity(incident);
    return enter(incident, INCIDENT_CONFIRMED, at_s) | INCIDENT_TELL;
}

/* An outage is certain after enough looks in a row, all of them the ordinary way: only time tells. */
static unsigned count_outage(struct incident *incident, const struct incident_rules *rules, int64_t at_s)
{
    if (incident->bad >= rules->outage_looks)
        return confirm(incident, at_s);
    return INCIDENT_LOOK_AGAIN;
}

/* The look as a browser failed, and varta has just found it again. Whether everybody sees it belongs to what
 * is told, so a browser is asked once more; should that fail too, it was found often enough. */
static bool misses_browser(const struct incident *incident, enum incident_look look)
{
    return look == LOOK_AGAIN && incident->last == VERDICT_UNAVAILABLE && incident->tries == 1;
}

static bool missed_browser(const struct incident *incident, enum incident_look look)
{
    return look == LOOK_BROWSER && incident->tries == 2 &&
           badness(incident->last) >= badness(VERDICT_REPLACED);
}

/* Something hostile was seen once and is looked at again; `look` has just ended with `verdict`. */
static unsigned verify(struct incident *incident, enum incident_look look, enum verdict_kind verdict,
                       int64_t at_s)
{
    bool found = badness(verdict) >= badness(VERDICT_REPLACED);
    bool enough = found && look != LOOK_ROUTINE && !misses_browser(incident, look);
    if (enough || (verdict == VERDICT_UNAVAILABLE && missed_browser(incident, look))) {
        if (look == LOOK_AGAIN &&
            !incident_is_bad(incident->last)) /* a browser was just shown something harmless */
            incident->cloaked = true;
        return confirm(incident, at_s);
    }
    incident->tries++;
    if (found)
        return INCIDENT_LOOK_AGAIN | INCIDENT_CHANGED;
    if (incident->tries <= INCIDENT_TRIES && (verdict == VERDICT_UNAVAILABLE || look == LOOK_BROWSER))
        return INCIDENT_LOOK_AGAIN;
    if (verdict == VERDICT_UNAVAILABLE)
        return confirm(incident, at_s); /* it was seen, and nobody can say any more that it is gone */
    if (incident->flaps + 1 >= INCIDENT_DOUBTS) {
        incident->cloaked = true;
        return confirm(incident, at_s);
    }
    return enter(incident, INCIDENT_DISMISSED, at_s);
}

static unsigned look_suspected(struct incident *incident, const struct incident_rules *rules,
                               enum incident_look look, enum verdict_kind verdict, const char *cause,
                               double score, int64_t at_s)
{
    bool outage = incident->verdict == VERDICT_UNAVAILABLE;
    if (incident_is_worse(verdict, incident->verdict) || (outage && verdict == VERDICT_UNAVAILABLE)) {
        note_what(incident, verdict, cause, score, at_s);
        if (outage && verdict != VERDICT_UNAVAILABLE) { /* the first sight of it */
            incident->tries = 0;
            return INCIDENT_LOOK_AGAIN | INCIDENT_CHANGED;
        }
    }
    if (incident->verdict != VERDICT_UNAVAILABLE)
        return verify(incident, look, verdict, at_s);
    if (verdict == VERDICT_UNAVAILABLE)
        return count_outage(incident, rules, at_s);
    return enter(incident, INCIDENT_DISMISSED, at_s);
}

/* ---- while it is certain ---- */

/* Something worse than what was told, which is looked at once more before it is told too. */
static unsigned look_worse(struct incident *incident, enum incident_look look, enum verdict_kind verdict,
                           double score, int64_t at_s)
{
    if (incident->pending == VERDICT_NEW || look == LOOK_ROUTINE) {
        incident->pending = verdict;
        incident->tries = 0;
        return INCIDENT_LOOK_AGAIN | INCIDENT_CHANGED;
    }
    note_what(incident, verdict, "", score, at_s);
    incident->pending = VERDICT_NEW;
    return enter(incident, INCIDENT_CONFIRMED, at_s) | INCIDENT_TELL_WORSE;
}

static bool is_flapping(const struct incident *incident)
{
    return incident->flaps >= INCIDENT_FLAPS;
}

static unsigned look_good(struct incident *incident, const struct incident_rules *rules, int64_t at_s)
{
    incident->pending = VERDICT_NEW;
    if (incident->good < rules->recover_looks)
        return INCIDENT_LOOK_AGAIN;
    return enter(incident, INCIDENT_RECOVERED, at_s) | (is_flapping(incident) ? 0 : INCIDENT_TELL_OVER);
}

static unsigned look_certain(struct incident *incident, const struct incident_rules *rules,
                             enum incident_look look, enum verdict_kind verdict, double score, int64_t at_s)
{
    if (!incident_is_bad(verdict))
        return look_good(incident, rules, at_s);
    if (incident_is_worse(verdict, incident->verdict))
        return look_worse(incident, look, verdict, score, at_s);
    if (incident->pending != VERDICT_NEW && ++incident->tries >= INCIDENT_TRIES) {
        enum verdict_kind seen = incident->pending;
        incident->pending = VERDICT_NEW;
        if (verdict == VERDICT_UNAVAILABLE) { /* as with a suspicion: nobody can say that it is gone */
            note_what(incident, seen, "", incident->score, at_s);
            return enter(incident, INCIDENT_CONFIRMED, at_s) | INCIDENT_TELL_WORSE;
        }
    }
    return incident->pending != VERDICT_NEW ? INCIDENT_LOOK_AGAIN : 0;
}

/* ---- after its end ---- */

/* It was over, and is not. The window keeps a page that comes and goes from being news each time. */
static unsigned come_back(struct incident *incident, enum verdict_kind verdict, const char *cause,
                          double score, int64_t at_s)
{
    bool worse = incident_is_worse(verdict, incident->verdict);
    incident->flaps = worse ? 1 : incident->flaps + 1;
    incident->tries = incident->doubts = 0;
    incident->closed_s = incident->escalated_s = incident->acked_s = 0;
    incident->acked_by = (struct span){NULL, 0}; /* who saw to the last time need not know of this one */
    incident->escalations = 0;
    incident->began_s = at_s;
    if (worse || verdict == VERDICT_UNAVAILABLE || incident->verdict == VERDICT_UNAVAILABLE)
        note_what(incident, verdict, cause, score,
                  at_s); /* restored and then rebooted is not defaced again */
    unsigned actions = enter(incident, INCIDENT_CONFIRMED, at_s);
    if (incident->flaps < INCIDENT_FLAPS)
        return actions | INCIDENT_TELL;
    return incident->flaps == INCIDENT_FLAPS ? actions | INCIDENT_TELL_FLAPS : actions;
}

bool incident_may_return(const struct incident *incident, const struct incident_rules *rules, int64_t now_s)
{
    return incident->state == INCIDENT_RECOVERED && now_s - incident->closed_s <= rules->flap_window_s;
}

/* A good look at one that is over. Where the look before saw something hostile, the page may show a browser
 * another face: varta asks once more as itself, and what is seen again and again only by who asks first is
 * believed in the end, as with a suspicion. */
static unsigned look_over(struct incident *incident, enum incident_look look, int64_t at_s)
{
    bool doubt = badness(incident->pending) >= badness(VERDICT_REPLACED);
    if (doubt && look == LOOK_BROWSER && (incident->tries == 0 || missed_browser(incident, look))) {
        incident->tries++;
        return INCIDENT_LOOK_AGAIN;
    }
    enum verdict_kind seen = incident->pending;
    incident->pending = VERDICT_NEW;
    incident->tries = 0;
    if (!doubt || look == LOOK_ROUTINE || ++incident->doubts < INCIDENT_DOUBTS)
        return 0;
    incident->cloaked = true;
    return come_back(incident, seen, "", incident->score, at_s);
}

static unsigned look_closed(struct incident *incident, const struct incident_rules *rules,
                            enum incident_look look, enum verdict_kind verdict, const char *cause,
                            double score, int64_t at_s)
{
    if (!incident_may_return(incident, rules, at_s)) {
        incident->pending = VERDICT_NEW;
        incident->tries = 0;
        return 0;
    }
    if (!incident_is_bad(verdict))
        return look_over(incident, look, at_s);
    enum verdict_kind seen = incident->pending;
    if (verdict == VERDICT_UNAVAILABLE &&
        badness(seen) > badness(verdict)) { /* nobody can say that it is gone */
        if (!missed_browser(incident, look) && ++incident->tries <= INCIDENT_TRIES)
            return INCIDENT_LOOK_AGAIN;
        incident->pending = VERDICT_NEW;
        return come_back(incident, seen, "", incident->score, at_s);
    }
    bool enough = verdict == VERDICT_UNAVAILABLE ? incident->bad >= rules->outage_looks
                                                 : incident->pending != VERDICT_NEW && look != LOOK_ROUTINE;
    if (!enough) {
        incident->pending = verdict;
        incident->tries = 0;
        return INCIDENT_LOOK_AGAIN;
    }
    if (verdict != VERDICT_UNAVAILABLE && misses_browser(incident, look)) {
        incident->tries++;
        return INCIDENT_LOOK_AGAIN;
    }
    if (look == LOOK_AGAIN &&
        !incident_is_bad(incident->last)) /* a browser was just shown something harmless */
        incident->cloaked = true;
    incident->pending = VERDICT_NEW;
    return come_back(incident, verdict, cause, score, at_s);
}

/* ---- the door ---- */

unsigned incident_look(struct incident *incident, const struct incident_rules *rules, enum incident_look look,
                       enum verdict_kind verdict, const char *cause, double score, int64_t at_s)
{
    bool bad = incident_is_bad(verdict);
    incident->looks++;
    incident->bad = bad ? incident->bad + 1 : 0;
    incident->good = bad ? 0 : incident->good + 1;
    unsigned actions;
    if (incident->state == INCIDENT_SUSPECTED)
        actions = look_suspected(incident, rules, look, verdict, cause, score, at_s);
    else if (incident_is_certain(incident))
        actions = look_certain(incident, rules, look, verdict, score, at_s);
    else
        actions = look_closed(incident, rules, look, verdict, cause, score, at_s);
    if (incident->last != verdict)
        actions |= INCIDENT_CHANGED;
    incident->last = verdict;
    return actions;
}

enum incident_look incident_manner(const struct incident *incident)
{
    bool outage = incident->state == INCIDENT_SUSPECTED && incident->verdict == VERDICT_UNAVAILABLE;
    if (outage || incident->pending == VERDICT_UNAVAILABLE || incident->tries % 2 == 1)
        return LOOK_AGAIN;
    return LOOK_BROWSER;
}

static unsigned escalate(struct incident *incident, const struct incident_rules *rules, int64_t now_s)
{
    if (incident->verdict == VERDICT_UNAVAILABLE || incident->told_s == 0 || rules->escalate_after_s == 0 ||
        incident->escalations >= INCIDENT_ESCALATIONS)
        return 0;
    int64_t from = incident->escalated_s ? incident->escalated_s : incident->told_s;
    if (now_s - from < (int64_t)rules->escalate_after_s << incident->escalations)
        return 0;
    incident->escalations++;
    incident->escalated_s = now_s;
    return INCIDENT_ESCALATE | INCIDENT_CHANGED;
}

unsigned incident_tick(struct incident *incident, const struct incident_rules *rules, int64_t now_s)
{
    if (incident->state == INCIDENT_CONFIRMED)
        return escalate(incident, rules, now_s);
    if (incident->state != INCIDENT_RECOVERED || !is_flapping(incident) ||
        incident_may_return(incident, rules, now_s))
        return 0;
    incident->flaps = 0;
    return INCIDENT_TELL_OVER | INCIDENT_CHANGED;
}

unsigned incident_acknowledge(struct incident *incident, int64_t at_s)
{
    if (incident->state != INCIDENT_CONFIRMED)
        return 0;
    incident->acked_s = at_s;
    return enter(incident, INCIDENT_ACKNOWLEDGED, at_s);
}

unsigned incident_accept(struct incident *incident, int64_t at_s)
{
    if (!incident_is_open(incident))
        return 0;
    incident->pending = VERDICT_NEW;
    return enter(incident, INCIDENT_ACCEPTED, at_s);
}
