/*
 * What has become of the incident, and which version of it an export is. A form that tells only what was
 * wrong tells of an attack that goes on, long after it is over or a person has said that it was none; and who
 * receives two versions keeps the later one, so that each has to be later than what was sent before.
 */
#include "pipeline/evidence/export_facts.h"

#include "pipeline/evidence/report_page.h"

static int64_t later(int64_t one_s, int64_t other_s)
{
    return one_s > other_s ? one_s : other_s;
}

static enum incident_state state_of(const struct report_matter *matter)
{
    if (matter->incident)
        return matter->incident->state;
    return matter->moments[matter->moment_count - 1].moment == MOMENT_RECOVERED ? INCIDENT_RECOVERED
           : matter->moments[0].incident                                        ? INCIDENT_CONFIRMED
                                                                                : INCIDENT_STATE_COUNT;
}

/* When it became known to us: it never changes, also where a page became worse or came back. */
static int64_t opened_of(const struct report_matter *matter)
{
    if (matter->incident && matter->incident->opened_s)
        return matter->incident->opened_s;
    return matter->moments[0].opened_s ? matter->moments[0].opened_s : matter->moments[0].at_s;
}

static int64_t latest_of(const struct report_matter *matter)
{
    int64_t at_s = matter->made_s;
    for (size_t i = 0; i < matter->moment_count; i++)
        at_s = later(at_s, matter->moments[i].at_s);
    for (size_t i = 0; i < matter->event_count; i++)
        at_s = later(at_s, matter->events[i].at_s);
    return matter->incident ? later(at_s, matter->incident->closed_s) : at_s;
}

/* What was over before it was told is told as confirmed and as over in one second; an export may be made in
 * the same one, and has pictures that the notices lacked. */
static int64_t version_of(const struct export_facts *facts)
{
    bool notice = facts->matter->action.size != 0;
    return latest_of(facts->matter) + (notice ? facts->over : 2);
}

void export_take_course(struct export_facts *facts)
{
    const struct report_matter *matter = facts->matter;
    facts->state = state_of(matter);
    facts->false_alarm = facts->state == INCIDENT_ACCEPTED || facts->state == INCIDENT_DISMISSED;
    facts->over = facts->false_alarm || facts->state == INCIDENT_RECOVERED;
    facts->opened_s = opened_of(matter);
    facts->from_s = report_from_s(matter);
    facts->until_s = facts->over ? report_until_s(matter) : 0;
    facts->version_s = later(version_of(facts), facts->opened_s);
}

const char *export_state(const struct export_facts *facts)
{
    return facts->state < INCIDENT_STATE_COUNT ? incident_state_name(facts->state) : "";
}

void export_add_end(const struct export_facts *facts, struct buf *out)
{
    char at[40] = "";
    if (!facts->over)
        return;
    if (facts->until_s)
        export_time(facts->until_s, "Z", at);
    buf_add_text(out, facts->state == INCIDENT_ACCEPTED    ? "; accepted as right by a person, no attack"
                      : facts->state == INCIDENT_DISMISSED ? "; not found again by a second look"
                                                           : "; over");
    buf_add_format(out, "%s%s", at[0] ? " since " : "", at);
}

/* ---- classes ---- */

/* A notice that something ended is no alarm, though what ended was grave. */
int export_severity(const struct export_facts *facts)
{
    enum verdict_kind verdict = facts->dossier->verdict;
    if (facts->false_alarm || (facts->over && facts->matter->action.size))
        return 2;
    return verdict == VERDICT_DEFACED       ? 10
           : verdict == VERDICT_REPLACED    ? 7
           : verdict == VERDICT_UNAVAILABLE ? 5
                                            : 2;
}

const char *export_class(const struct export_facts *facts)
{
    enum verdict_kind verdict = facts->dossier->verdict;
    return facts->false_alarm               ? "other"
           : verdict == VERDICT_DEFACED     ? "information-content-security"
           : verdict == VERDICT_UNAVAILABLE ? "availability"
                                            : "other";
}

const char *export_type(const struct export_facts *facts)
{
    enum verdict_kind verdict = facts->dossier->verdict;
    return facts->false_alarm               ? "undetermined"
           : verdict == VERDICT_DEFACED     ? "unauthorised-information-modification"
           : verdict == VERDICT_UNAVAILABLE ? "outage"
                                            : "undetermined";
}
