/* What every form of the report asks first: which moment, since when, in which languages; see report.h. */
#include "pipeline/evidence/report.h"
#include "base/percents.h"

#include "base/defang.h"
#include "base/json_reader.h"
#include "pipeline/evidence/markup.h"
#include "pipeline/evidence/report_page.h"
#include "pipeline/evidence/report_style.h"

#include <math.h>
#include <openssl/evp.h>
#include <stdio.h>

#define REPORT_LEAST_WEIGHT 0.05 /* a lesser one would be shown as 0.0 */

static const char *const tongue_names[TONGUE_COUNT] = {"en", "uk", "pl"};

const char *report_tongue_name(enum tongue tongue)
{
    return tongue_names[tongue];
}

bool report_tongue(struct span tag, enum tongue *ret_tongue)
{
    for (size_t i = 0; i < TONGUE_COUNT; i++)
        if (span_equal(tag, span_of(tongue_names[i]))) {
            *ret_tongue = (enum tongue)i;
            return true;
        }
    return false;
}

bool report_is_tlp(struct span word)
{
    static const char *const words[] = {"clear", "green", "amber", "amber+strict", "red"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (span_equal(word, span_of(words[i])))
            return true;
    return false;
}

const struct dossier *report_moment(const struct report_matter *matter)
{
    for (size_t i = matter->moment_count; i-- > 0;)
        if (matter->moments[i].moment != MOMENT_RECOVERED)
            return &matter->moments[i];
    return &matter->moments[matter->moment_count - 1];
}

int64_t report_from_s(const struct report_matter *matter)
{
    if (matter->incident && matter->incident->began_s)
        return matter->incident->began_s;
    return matter->moments[0].at_s;
}

int64_t report_until_s(const struct report_matter *matter)
{
    const struct dossier *last = &matter->moments[matter->moment_count - 1];
    if (matter->incident)
        return matter->incident->closed_s;
    return last->moment == MOMENT_RECOVERED ? last->at_s : 0;
}

enum word report_headline(const struct report_matter *matter, enum verdict_kind verdict)
{
    bool accepted = matter->incident && matter->incident->state == INCIDENT_ACCEPTED;
    return report_word_head(verdict, report_until_s(matter) != 0, accepted);
}

void report_page_name(const struct dossier *dossier, struct buf *out)
{
    if (dossier->name.size)
        buf_add_span(out, dossier->name);
    else if (dossier->title_before.size)
        buf_add_span(out, dossier->title_before);
    else
        defang_add(out, dossier->url);
}

struct report_place report_number(const char *name, size_t number, char text[24])
{
    snprintf(text, 24, "%zu", number);
    return (struct report_place){name, span_of(text), false};
}

struct span report_where(const struct dossier_picture *picture, char text[REPORT_PLACE])
{
    snprintf(text, REPORT_PLACE, "%.5f, %.5f", picture->latitude, picture->longitude);
    return span_of(text);
}

void report_page_percent(double share, struct buf *out)
{
    buf_add_format(out, "%d" REPORT_PERCENT, (int)(share * 100 + 0.5));
}

void report_weight(double weight, enum tongue tongue, char ret_text[REPORT_WEIGHT])
{
    ret_text[0] = '\0';
    if (fabs(weight) >= 0.05)
        snprintf(ret_text, REPORT_WEIGHT, "%+.1f", weight);
    for (char *at = ret_text; tongue != TONGUE_EN && *at; at++)
        *at = *at == '.' ? ',' : *at;
}

void report_score(double score, enum tongue tongue, struct buf *out)
{
    int tenths = (int)(score * 1000 + 0.5);
    buf_add_format(out, "%d%c%d\xC2\xA0%%", tenths / 10, tongue == TONGUE_EN ? '.' : ',', tenths % 10);
}

void report_languages(const struct dossier *dossier, enum tongue tongue, struct buf *out)
{
    const char *mark = "";
    struct percents percents = {0};
    for (size_t i = 0; i < dossier->language_count; i++) {
        const struct language_share *one = &dossier->languages[i];
        int percent = percents_next(&percents, one->share);
        if (percent == 0)
            continue;
        buf_add_format(out, "%s%s (%d" REPORT_PERCENT ")", mark, language_name(one->language, tongue),
                       percent);
        mark = ", ";
    }
}

enum word report_word_evidence(enum report_evidence evidence)
{
    return evidence == REPORT_EVIDENCE_REMOVED ? WORD_EVIDENCE_REMOVED : WORD_EVIDENCE_ABSENT;
}

/* ---- reasons ---- */

static bool is_light(const struct dossier_reason *reason)
{
    return fabs(reason->weight) < REPORT_LEAST_WEIGHT;
}

static bool any_weight(const struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->reason_count; i++)
        if (!is_light(&dossier->reasons[i]))
            return true;
    return false;
}

bool report_weighs(const struct dossier *dossier)
{
    return dossier->verdict != VERDICT_UNAVAILABLE && any_weight(dossier);
}

bool report_tells(const struct dossier *dossier, const struct dossier_reason *reason)
{
    return !is_light(reason) || !any_weight(dossier);
}

/* ---- the course of events ---- */

static void step(report_step_fn *each, void *context, int64_t at_s, enum word word, struct span detail)
{
    struct report_step one = {at_s, {NULL, 0}, detail, word};
    if (at_s)
        each(context, &one);
}

static void steps_of_moments(const struct report_matter *matter, report_step_fn *each, void *context)
{
    for (size_t i = 0; i < matter->moment_count; i++) {
        const struct dossier *one = &matter->moments[i];
        struct span name = span_of(dossier_moment_name(one->moment));
        step(each, context, one->at_s, report_word_event(name), (struct span){NULL, 0});
    }
}

static void steps_of_record(const struct incident *incident, report_step_fn *each, void *context)
{
    static const struct span none = {NULL, 0};
    step(each, context, incident->opened_s, WORD_OPENED, none);
    step(each, context, incident->confirmed_s, WORD_CONFIRMED, none);
    step(each, context, incident->told_s, WORD_TOLD, none);
    step(each, context, incident->acked_s, WORD_ACKNOWLEDGED, incident->acked_by);
    step(each, context, incident->escalated_s, WORD_ESCALATED, none);
    step(each, context, incident->closed_s, report_word_event(span_of(incident_state_name(incident->state))),
         none);
}

/* One that was told with its campaign has no line of its own for it: the record knows when. */
static int64_t told_elsewhere_s(const struct report_matter *matter)
{
    for (size_t i = 0; i < matter->event_count; i++)
        if (span_equal(matter->events[i].what, SPAN("told")))
            return 0;
    return matter->incident ? matter->incident->told_s : 0;
}

static void steps_of_history(const struct report_matter *matter, report_step_fn *each, void *context)
{
    static const struct span none = {NULL, 0};
    int64_t told_s = told_elsewhere_s(matter);
    for (size_t i = 0; i < matter->event_count; i++) {
        const struct report_event *event = &matter->events[i];
        struct report_step one = {event->at_s, event->what, event->detail, report_word_event(event->what)};
        if (told_s && told_s < event->at_s) {
            step(each, context, told_s, WORD_TOLD, none);
            told_s = 0;
        }
        each(context, &one);
    }
    step(each, context, told_s, WORD_TOLD, none);
}

void report_steps(const struct report_matter *matter, report_step_fn *each, void *context)
{
    int64_t good_s;
    if (report_moment(matter)->baseline_at.size &&
        json_reader_moment(report_moment(matter)->baseline_at, &good_s))
        step(each, context, good_s, WORD_KNOWN_GOOD, (struct span){NULL, 0});
    if (matter->event_count)
        steps_of_history(matter, each, context);
    else if (matter->incident)
        steps_of_record(matter->incident, each, context);
    else
        steps_of_moments(matter, each, context);
}

/* ---- the policy ---- */

void report_policy(struct buf *out)
{
    unsigned char digest[32];
    struct span style = span_of(report_style);
    if (EVP_Digest(style.at, style.size, digest, NULL, EVP_sha256(), NULL) != 1) {
        out->failed = true;
        return;
    }
    buf_add_text(out, "default-src 'none'; img-src data:; style-src 'sha256-");
    markup_base64(out, (struct span){(const char *)digest, sizeof(digest)});
    buf_add_text(out, "'; base-uri 'none'; form-action 'none'");
}
