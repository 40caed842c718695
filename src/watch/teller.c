/* See teller.h. */
#include "watch/teller.h"

#include "base/hash.h"
#include "base/percents.h"
#include "base/utf8.h"
#include "os/clock.h"
#include "watch/domain.h"
#include "watch/result.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SUMMARY_BYTES = 2000,
    QUOTE_BYTES = 200,
    REASONS = 3,
    LIST_BYTES = 40 << 10, /* of a campaign's list: with the rest it stays below NOTICE_BYTES */
    RESULT_BYTES = 40 << 10,
    CLIPPED_BYTES =
        2000,          /* of a text in a notice that would be too long: six times that where it is escaped */
    LIGHTEN_STEPS = 24 /* halving the longest list leaves nothing long before */
};

static const char *const urgency_names[] = {"info", "notice", "warning", "critical"};

void teller_free(struct teller_notice *notice)
{
    free(notice->json);
    notice->json = NULL;
}

unsigned teller_urgency(enum notice_kind kind, enum verdict_kind verdict)
{
    bool over = kind == NOTICE_RECOVERED || kind == NOTICE_ACCEPTED || kind == NOTICE_CAMPAIGN_OVER ||
                kind == NOTICE_CAMPAIGN_EASED;
    if (over || kind == NOTICE_TEST)
        return 1;
    if (kind == NOTICE_SELF)
        return 2;
    return verdict == VERDICT_DEFACED ? 3 : verdict == VERDICT_REPLACED ? 2 : 1;
}

/* ---- words ---- */

static void add_duration(struct buf *out, int64_t seconds)
{
    if (seconds < 120)
        buf_add_format(out, "%lld s", (long long)seconds);
    else if (seconds < 7200)
        buf_add_format(out, "%lld min", (long long)(seconds / 60));
    else if (seconds < 172800)
        buf_add_format(out, "%lld h %lld min", (long long)(seconds / 3600), (long long)(seconds / 60 % 60));
    else
        buf_add_format(out, "%lld days", (long long)(seconds / 86400));
}

/* What the look said: its first reasons, and the message. */
static void add_findings(struct buf *out, json_t *result, enum verdict_kind verdict)
{
    size_t index, told = 0;
    json_t *reason;
    const char *mark = ": ";
    json_array_foreach(json_object_get(result, "reasons"), index, reason)
    {
        const char *text = json_string_value(json_object_get(reason, "text"));
        bool against =
            verdict == VERDICT_DEFACED && json_number_value(json_object_get(reason, "weight")) <= 0;
        if (!text || against || told == (verdict == VERDICT_UNAVAILABLE ? 1 : REASONS))
            continue;
        buf_add_format(out, "%s%s", mark, text);
        mark = "; ";
        told++;
    }
    struct span message = span_of(json_string_value(json_object_get(result, "message")));
    if (verdict == VERDICT_UNAVAILABLE || message.size == 0)
        return;
    struct span quote = utf8_words(message, QUOTE_BYTES);
    buf_add_text(out, " «");
    buf_add_span(out, quote);
    buf_add_text(out, quote.size < message.size ? "…»" : "»");
}

static void add_languages(struct buf *out, json_t *result)
{
    size_t index;
    json_t *one;
    struct percents percents = {0};
    json_array_foreach(json_object_get(result, "languages"), index, one)
    {
        if (index == 4)
            break;
        const char *tag = json_string_value(json_object_get(one, "language"));
        buf_add_format(out, "%s%s %d %%", index ? ", " : " (", tag ? tag : "und",
                       percents_next(&percents, json_number_value(json_object_get(one, "share"))));
    }
    if (json_array_size(json_object_get(result, "languages")))
        buf_add_byte(out, ')');
}

static void add_what(struct buf *out, const struct incident *incident)
{
    buf_add_text(out, verdict_name(incident->verdict));
    if (incident->cause[0])
        buf_add_format(out, " (%s)", incident->cause);
}

static void add_summary(struct buf *out, const struct incident *incident, json_t *result,
                        enum notice_kind kind, int64_t at_s)
{
    buf_add_span(out, utf8_prefix(incident->url, SUMMARY_BYTES)); /* an empty summary would be refused */
    switch (kind) {
    case NOTICE_RECOVERED:
        buf_add_text(out, " says again what it said; it was ");
        add_what(out, incident);
        buf_add_text(out, " for ");
        add_duration(out, incident->closed_s - incident->began_s);
        return;
    case NOTICE_ACCEPTED:
        buf_add_text(out, " was accepted as it is; it had been called ");
        add_what(out, incident);
        return;
    case NOTICE_FLAPPING:
        buf_add_text(out, " comes and goes: it was ");
        add_what(out, incident);
        buf_add_format(out, " %u times; nothing more is told until it has been steady", incident->flaps + 1);
        return;
    case NOTICE_ESCALATED:
        buf_add_text(out, " has been ");
        add_what(out, incident);
        buf_add_text(out, " for ");
        add_duration(out, at_s - incident->began_s);
        buf_add_text(out, " and nobody acknowledged it");
        return;
    case NOTICE_CONFIRMED:
    case NOTICE_WORSE:
    case NOTICE_CAMPAIGN:
    case NOTICE_CAMPAIGN_GREW:
    case NOTICE_CAMPAIGN_EASED:
    case NOTICE_CAMPAIGN_OVER:
    case NOTICE_RESULT:
    case NOTICE_SELF:
    case NOTICE_TEST:
    case NOTICE_KIND_COUNT: break;
    }
    buf_add_text(out, kind == NOTICE_WORSE ? " is now " : incident->flaps ? " is again " : " is ");
    add_what(out, incident);
    if (incident->cloaked)
        buf_add_text(out, ", but not for every visitor");
    if (incident->moved)
        buf_add_text(out, ", and is served from elsewhere than before");
    add_findings(out, result, incident->verdict);
}

/* ---- JSON ---- */

static json_t *time_of(int64_t at_s)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(at_s, text);
    return json_string(text);
}

static json_t *notice_head(const struct teller_notice *notice, int64_t at_s, struct span summary)
{
    return json_pack("{s:s, s:s, s:o, s:s, s:o}", "id", notice->id, "kind", notice_kind_name(notice->kind),
                     "at", time_of(at_s), "severity", urgency_names[notice->urgency], "summary",
                     result_string(summary));
}

static json_t *incident_part(const struct incident *incident)
{
    json_t *part = json_pack("{s:I, s:s, s:s, s:s, s:o, s:I, s:I}", "id", (json_int_t)incident->id, "state",
                             incident_state_name(incident->state), "verdict", verdict_name(incident->verdict),
                             "cause", incident->cause, "opened", time_of(incident->opened_s), "looks",
                             (json_int_t)incident->looks, "severity", (json_int_t)incident->severity);
    if (part)
        json_object_set_new(part, "began", time_of(incident->began_s));
    if (part && incident->confirmed_s)
        json_object_set_new(part, "confirmed", time_of(incident->confirmed_s));
    if (part && incident->closed_s)
        json_object_set_new(part, "closed", time_of(incident->closed_s));
    if (part && incident->cloaked)
        json_object_set_new(part, "cloaked", json_true());
    if (part && incident->campaign)
        json_object_set_new(part, "campaign", json_integer(incident->campaign));
    return part;
}

static json_t *page_part(const struct incident *incident)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "url", result_string(incident->url), "name",
                     result_string(incident->name), "group", result_string(incident->group), "contact",
                     result_string(incident->contact));
}

static void clip(json_t *object, const char *key)
{
    struct span text = span_of(json_string_value(json_object_get(object, key)));
    if (text.size > CLIPPED_BYTES)
        json_object_set_new(object, key, result_string(utf8_prefix(text, CLIPPED_BYTES)));
}

static void halve_list(json_t *campaign)
{
    json_t *list = json_object_get(campaign, "list"), *left_out = json_object_get(campaign, "left_out");
    size_t count = json_array_size(list), kept = count / 2;
    while (json_array_size(list) > kept)
        json_array_remove(list, json_array_size(list) - 1);
    json_object_set_new(campaign, "left_out",
                        json_integer(json_integer_value(left_out) + (json_int_t)(count - kept)));
}

/* No sink takes what is longer than NOTICE_BYTES, and addresses of 8 KB, twenty redirects to such ones and
 * what a page says are an attacker's to choose: what a notice can do without goes first. False when nothing
 * is left to go. */
static bool lighten(json_t *object, unsigned step)
{
    json_t *result = json_object_get(object, "result"), *http = json_object_get(result, "http");
    json_t *page = json_object_get(object, "page"), *campaign = json_object_get(object, "campaign");
    switch (step) {
    case 0:
        json_object_del(http, "redirects");
        json_object_del(http, "detail");
        json_object_del(result, "notes");
        clip(result, "message");
        return true;
    case 1:
        json_object_del(result, "http");
        json_object_del(result, "reasons");
        clip(result, "url");
        clip(result, "name");
        return true;
    case 2: json_object_del(object, "result"); return true;
    case 3:
        clip(page, "name");
        clip(page, "group");
        clip(page, "contact");
        clip(page, "url");
        return true;
    default: halve_list(campaign); return step < LIGHTEN_STEPS;
    }
}

/* Takes the object; fills the notice's bytes. */
static int finish(struct teller_notice *notice, json_t *object)
{
    notice->json = object ? json_dumps(object, RESULT_JSON_FORMAT) : NULL;
    for (unsigned step = 0; notice->json && strlen(notice->json) > NOTICE_BYTES && lighten(object, step);
         step++) {
        free(notice->json);
        notice->json = json_dumps(object, RESULT_JSON_FORMAT);
    }
    json_decref(object);
    if (!notice->json)
        return -ENOMEM;
    notice->size = strlen(notice->json);
    return 0;
}

int teller_incident(const char *instance, const struct incident *incident, enum notice_kind kind,
                    int64_t at_s, struct teller_notice *ret_notice)
{
    struct teller_notice notice = {.kind = kind, .urgency = teller_urgency(kind, incident->verdict)};
    snprintf(notice.about, sizeof(notice.about), "i%lld", (long long)incident->id);
    snprintf(notice.id, sizeof(notice.id), "%s-i%lld-%s-%u", instance, (long long)incident->id,
             notice_kind_name(kind) + strlen("incident-"),
             kind == NOTICE_ESCALATED ? incident->escalations : incident->flaps);
    json_t *result =
        json_loadb(incident->result.size ? incident->result.at : "", incident->result.size, 0, NULL);
    buf_auto summary = buf_new(SUMMARY_BYTES * 4);
    add_summary(&summary, incident, result, kind, at_s);
    json_t *object = notice_head(&notice, at_s, buf_span(&summary));
    if (object) {
        json_object_set_new(object, "incident", incident_part(incident));
        json_object_set_new(object, "page", page_part(incident));
        if (result && incident->result.size <= RESULT_BYTES)
            json_object_set(object, "result", result);
    }
    json_decref(result);
    int made = finish(&notice, object);
    if (made == 0)
        *ret_notice = notice;
    return made;
}

/* ---- campaigns ---- */

static int by_time(const void *a, const void *b)
{
    const struct incident *const *one = a, *const *other = b;
    if ((*one)->began_s != (*other)->began_s)
        return (*one)->began_s < (*other)->began_s ? -1 : 1;
    return (*one)->id < (*other)->id ? -1 : (*one)->id > (*other)->id;
}

static int by_hash(const void *a, const void *b)
{
    const uint64_t *one = a, *other = b;
    return *one < *other ? -1 : *one > *other;
}

static size_t count_domains(const struct incident *const *members, size_t count)
{
    uint64_t *hashes = calloc(count + 1, sizeof(*hashes));
    if (!hashes)
        return 0;
    for (size_t i = 0; i < count; i++) {
        char domain[DOMAIN_BYTES];
        domain_of(members[i]->url, domain);
        hashes[i] = hash_span(span_of(domain));
    }
    qsort(hashes, count, sizeof(*hashes), by_hash);
    size_t domains = 0;
    for (size_t i = 0; i < count; i++)
        domains += i == 0 || hashes[i] != hashes[i - 1];
    free(hashes);
    return domains;
}

static json_t *member_list(const struct incident *const *members, size_t count, size_t *ret_left_out)
{
    json_t *list = json_array();
    size_t bytes = 0, i = 0;
    for (; i < count && bytes < LIST_BYTES; i++) {
        const struct incident *one = members[i];
        bytes += one->url.size + one->name.size + 120;
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:s, s:s, s:I, s:o}", "url", result_string(one->url),
                                        "name", result_string(one->name), "verdict",
                                        verdict_name(one->verdict), "state", incident_state_name(one->state),
                                        "incident", (json_int_t)one->id, "at", time_of(one->began_s)));
    }
    *ret_left_out = count - i;
    return list;
}

/* The worst of them speaks for all. */
static const struct incident *worst_of(const struct incident *const *members, size_t count)
{
    const struct incident *worst = members[0];
    for (size_t i = 1; i < count; i++)
        if (members[i]->severity > worst->severity)
            worst = members[i];
    return worst;
}

/* A page that was accepted is no longer wrong, but it did not come back either. */
struct tally {
    size_t pages, back, accepted, domains;
};

static struct tally tally_of(const struct incident *const *members, size_t count)
{
    struct tally tally = {.pages = count, .domains = count_domains(members, count)};
    for (size_t i = 0; i < count; i++) {
        tally.accepted += members[i]->state == INCIDENT_ACCEPTED;
        tally.back += members[i]->closed_s != 0 && members[i]->state != INCIDENT_ACCEPTED;
    }
    return tally;
}

static void add_accepted(struct buf *out, const struct tally *tally)
{
    if (tally->accepted)
        buf_add_format(out, ", %zu %s accepted as %s", tally->accepted, tally->accepted == 1 ? "was" : "were",
                       tally->accepted == 1 ? "it is" : "they are");
}

static void add_eased(struct buf *out, const struct tally *tally, const char *verdict, const char *first)
{
    buf_add_format(out, "%zu of %zu pages that were %s together %s back", tally->back, tally->pages, verdict,
                   tally->back == 1 ? "is" : "are");
    add_accepted(out, tally);
    buf_add_format(out, ", first at %s", first);
}

static void add_over(struct buf *out, const struct tally *tally, const char *verdict, int64_t lasted_s)
{
    if (tally->accepted)
        buf_add_format(out, "%zu of ", tally->back);
    buf_add_format(out, "%zu page%s of %zu domain%s %s back", tally->pages, tally->pages == 1 ? "" : "s",
                   tally->domains, tally->domains == 1 ? "" : "s",
                   (tally->accepted ? tally->back : tally->pages) == 1 ? "is" : "are");
    add_accepted(out, tally);
    buf_add_format(out, ": they were %s together for ", verdict);
    add_duration(out, lasted_s);
}

static void add_campaign_summary(struct buf *out, const struct campaign *campaign,
                                 const struct incident *worst, const struct tally *tally,
                                 enum notice_kind kind, json_t *result, int64_t at_s)
{
    char first[CLOCK_TEXT_SIZE];
    clock_text(campaign->opened_s, first);
    if (kind == NOTICE_CAMPAIGN_EASED) {
        add_eased(out, tally, verdict_name(worst->verdict), first);
        return;
    }
    if (kind == NOTICE_CAMPAIGN_OVER) {
        add_over(out, tally, verdict_name(worst->verdict), at_s - campaign->opened_s);
        return;
    }
    buf_add_format(out, "%zu page%s of %zu domain%s %s %s together", tally->pages,
                   tally->pages == 1 ? "" : "s", tally->domains, tally->domains == 1 ? "" : "s",
                   tally->pages == 1 ? "is" : "are", verdict_name(worst->verdict));
    if (campaign->outage)
        buf_add_format(out, " (%s)", worst->cause);
    buf_add_format(out, ", first at %s", first);
    if (campaign->outage)
        return;
    add_languages(out, result);
    add_findings(out, result, worst->verdict);
}

static void name_campaign_notice(const char *instance, const struct campaign *campaign, uint64_t view,
                                 struct teller_notice *notice)
{
    char part[12] = "";
    if (view)
        snprintf(part, sizeof(part), "-%08x", (unsigned)(view ^ view >> 32));
    snprintf(notice->about, sizeof(notice->about), "c%lld", (long long)campaign->id);
    snprintf(notice->id, sizeof(notice->id), "%s-c%lld-%s-%u%s", instance, (long long)campaign->id,
             notice_kind_name(notice->kind) + strlen("campaign-"), campaign->tells + 1, part);
}

/* `listed` is longer than the pages told of where one of them was bad before. */
static json_t *campaign_part(const struct campaign *campaign, const struct incident *const *members,
                             size_t listed, const struct tally *tally)
{
    size_t left_out;
    json_t *list = member_list(members, listed, &left_out);
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:s, s:o, s:I}", "id", (json_int_t)campaign->id, "pages",
                     (json_int_t)tally->pages, "back", (json_int_t)tally->back, "accepted",
                     (json_int_t)tally->accepted, "domains", (json_int_t)tally->domains, "first",
                     time_of(campaign->opened_s), "kind", campaign->outage ? "outage" : "defacement", "list",
                     list, "left_out", (json_int_t)left_out);
}

int teller_campaign(const char *instance, const struct campaign *campaign,
                    const struct incident *const *members, size_t count, size_t before, uint64_t view,
                    enum notice_kind kind, int64_t at_s, struct teller_notice *ret_notice)
{
    const struct incident **sorted = malloc((count + before + 1) * sizeof(const struct incident *));
    if (!sorted || count == 0) {
        free(sorted);
        return -ENOMEM;
    }
    memcpy(sorted, members, (count + before) * sizeof(const struct incident *));
    qsort(sorted, count, sizeof(const struct incident *), by_time);
    const struct incident *worst = worst_of(sorted, count);
    struct teller_notice notice = {.kind = kind, .urgency = teller_urgency(kind, worst->verdict)};
    struct tally tally = tally_of(sorted, count);
    name_campaign_notice(instance, campaign, view, &notice);
    json_t *result = json_loadb(worst->result.size ? worst->result.at : "", worst->result.size, 0, NULL);
    buf_auto summary = buf_new(SUMMARY_BYTES * 4);
    add_campaign_summary(&summary, campaign, worst, &tally, kind, result, at_s);
    json_t *object = notice_head(&notice, at_s, buf_span(&summary));
    if (object) {
        qsort(sorted, count + before, sizeof(const struct incident *), by_time);
        json_object_set_new(object, "campaign", campaign_part(campaign, sorted, count + before, &tally));
        if (result && worst->result.size <= NOTICE_BYTES / 4 && kind != NOTICE_CAMPAIGN_OVER)
            json_object_set(object, "result", result);
    }
    json_decref(result);
    free(sorted);
    int made = finish(&notice, object);
    if (made == 0)
        *ret_notice = notice;
    return made;
}

int teller_self(const char *instance, const char *what, const char *text, int64_t at_s,
                struct teller_notice *ret_notice)
{
    struct teller_notice notice = {
        .kind = NOTICE_SELF, .about = "self", .urgency = teller_urgency(NOTICE_SELF, VERDICT_NEW)};
    snprintf(notice.id, sizeof(notice.id), "%s-self-%.20s-%lld", instance, what, (long long)at_s);
    json_t *object = notice_head(&notice, at_s, span_of(text));
    int made = finish(&notice, object);
    if (made == 0)
        *ret_notice = notice;
    return made;
}
