/*
 * Which incidents are told together, and to whom. A campaign may reach over groups that tell different sinks:
 * each sink hears of the pages it is to hear of and of no other, for a ministry's list is not every
 * ministry's business.
 */
#include "watch/caseload_inside.h"

#include "base/hash.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- belonging together ---- */

static bool is_free(const struct casefile *file)
{
    return file->incident.campaign == 0 && incident_is_certain(&file->incident);
}

/* What is held back by maintenance is not told by way of a campaign either. */
static bool may_join(const struct caseload *caseload, const struct casefile *file, int64_t now_s)
{
    return is_free(file) && (file->incident.told_s || caseload_may_tell(caseload, file, now_s));
}

static void join(struct caseload *caseload, struct casefile *file, struct campaign *campaign, int64_t now_s)
{
    struct incident *incident = &file->incident;
    char text[32];
    snprintf(text, sizeof(text), "c%lld", (long long)campaign->id);
    incident->campaign = campaign->id;
    incident->untold = false;
    incident->told_s = 0; /* as one of these it stands in no notice yet */
    campaign->pages += file->left != campaign->id;
    if (incident->began_s < campaign->opened_s)
        campaign->opened_s = incident->began_s;
    caseload_mark(caseload, campaign, now_s);
    caseload_write(caseload, file, now_s, "campaign", span_of(text));
}

static bool joins(const struct caseload *caseload, const struct casefile *file, const struct casefile *other)
{
    return campaign_joins(&file->incident, &other->incident, caseload->settings.config->campaign_window_s);
}

/* The open campaign this incident belongs to, through one that is in it: the latest of `kin`. */
static struct campaign *campaign_for(struct caseload *caseload, const struct casefile *file,
                                     const uint32_t *kin, size_t kin_count)
{
    for (size_t i = kin_count; i-- > 0;) {
        const struct casefile *other = caseload->files[kin[i]];
        if (other->incident.campaign == 0 || !joins(caseload, file, other))
            continue;
        struct campaign *campaign = caseload_campaign(caseload, other->incident.campaign);
        if (campaign && campaign->closed_s == 0)
            return campaign;
    }
    return NULL;
}

/* Founds a campaign of all certain ones that belong to this incident, when they are enough with it. */
static struct campaign *found_campaign(struct caseload *caseload, const struct casefile *file,
                                       const uint32_t *kin, size_t kin_count, int64_t now_s)
{
    bool outage = file->incident.verdict == VERDICT_UNAVAILABLE;
    size_t others = 0;
    for (size_t i = 0; i < kin_count; i++) {
        const struct casefile *other = caseload->files[kin[i]];
        others += may_join(caseload, other, now_s) && joins(caseload, file, other);
    }
    if (others + 1 < (outage ? CAMPAIGN_OUTAGE : 2))
        return NULL;
    struct campaign fresh = {.id = ++caseload->last_campaign, .outage = outage, .opened_s = now_s};
    struct campaign *campaign = caseload_add_campaign(caseload, &fresh);
    for (size_t i = 0; campaign && i < kin_count; i++) {
        struct casefile *other = caseload->files[kin[i]];
        if (may_join(caseload, other, now_s) && joins(caseload, file, other))
            join(caseload, other, campaign, now_s);
    }
    return campaign;
}

/* ---- incidents whose time has come ---- */

/* A hostile suspicion somewhere that may turn out to belong to what is about to be told. */
static bool is_brewing(const struct caseload *caseload)
{
    for (size_t i = 0; i < caseload->count; i++) {
        const struct incident *incident = &caseload->files[i]->incident;
        if (incident->state == INCIDENT_SUSPECTED && incident->verdict != VERDICT_UNAVAILABLE)
            return true;
    }
    return false;
}

static bool is_due(const struct caseload *caseload, const struct casefile *file, bool brewing, int64_t now_s)
{
    const struct incident *incident = &file->incident;
    int64_t waited_s = now_s - incident->changed_s, gather_s = caseload->settings.config->gather_s;
    if (brewing && gather_s && incident->verdict != VERDICT_UNAVAILABLE)
        gather_s += CASELOAD_LINGER_S;
    bool gathered = waited_s >= gather_s || waited_s < 0;
    return incident->untold && incident_is_certain(incident) && gathered &&
           caseload_may_tell(caseload, file, now_s);
}

static void tell_alone(struct caseload *caseload, struct casefile *file, int64_t now_s)
{
    enum notice_kind kind = file->incident.told_s ? NOTICE_WORSE : NOTICE_CONFIRMED;
    file->incident.untold = false;
    file->incident.told_s = now_s;
    caseload_tell(caseload, file, kind, now_s);
}

static void tell_one(struct caseload *caseload, struct kinship *kinship, size_t place, int64_t now_s)
{
    struct casefile *file = caseload->files[place];
    const uint32_t *kin = NULL;
    size_t kin_count = kinship ? kinship_of(kinship, place, &kin) : 0;
    struct campaign *campaign = campaign_for(caseload, file, kin, kin_count);
    if (!campaign)
        campaign = found_campaign(caseload, file, kin, kin_count, now_s);
    if (campaign)
        join(caseload, file, campaign, now_s);
    else
        tell_alone(caseload, file, now_s);
}

/* Without memory for the index (NULL) each is told alone: more notices, none missed. */
static struct kinship *index_of(const struct incident **room, const struct caseload *caseload)
{
    struct kinship *kinship = NULL;
    for (size_t i = 0; room && i < caseload->count; i++)
        room[i] = &caseload->files[i]->incident;
    return room && kinship_new(room, caseload->count, &kinship) == 0 ? kinship : NULL;
}

void grouping_tell_due(struct caseload *caseload, int64_t now_s)
{
    bool brewing = is_brewing(caseload), indexed = false;
    struct kinship *kinship = NULL;
    const struct incident **room = NULL;
    for (size_t i = 0; i < caseload->count; i++) {
        if (!is_due(caseload, caseload->files[i], brewing, now_s))
            continue;
        if (!indexed) {
            room = malloc(caseload->count * sizeof(const struct incident *));
            kinship = index_of(room, caseload);
        }
        indexed = true;
        tell_one(caseload, kinship, i, now_s);
    }
    kinship_free(kinship);
    free(room);
}

/* ---- campaigns ---- */

/* A campaign's pages: of each page the newest incident. Behind them stand earlier ones that no notice named
 * yet: a page may be back and bad again before the campaign is told of next. */
struct members {
    struct casefile **at;
    const struct incident **incidents; /* of those that a notice is about */
    size_t count, before, open;
};

static bool is_newest(struct caseload *caseload, const struct casefile *file)
{
    if (file->page >= caseload->settings.config->list.count)
        return true;
    bool met = caseload->met[file->page] == caseload->question;
    caseload->met[file->page] = caseload->question;
    return !met;
}

static void members_free(struct members *members)
{
    free(members->at);
    free(members->incidents);
}

/* False without memory. */
static bool members_of(struct caseload *caseload, int64_t id, struct members *ret_members)
{
    struct members members = {malloc((caseload->count + 1) * sizeof(struct casefile *)),
                              malloc((caseload->count + 1) * sizeof(const struct incident *)), 0, 0, 0};
    if (!members.at || !members.incidents) {
        members_free(&members);
        return false;
    }
    caseload->question++;
    for (size_t i = caseload->count; i-- > 0;) {
        struct casefile *file = caseload->files[i];
        if (file->incident.campaign != id)
            continue;
        if (is_newest(caseload, file)) {
            members.at[members.count++] = file;
            members.open += incident_is_open(&file->incident);
        } else if (file->incident.told_s == 0) {
            members.at[caseload->count - members.before++] = file;
        }
    }
    memmove(members.at + members.count, members.at + caseload->count + 1 - members.before,
            members.before * sizeof(*members.at));
    *ret_members = members;
    return true;
}

/* The longer it grows, the less often it is told that it did. */
static bool is_time(const struct caseload *caseload, const struct campaign *campaign, int64_t now_s)
{
    if (campaign->tells == 0)
        return true;
    unsigned times = campaign->tells < 8 ? campaign->tells : 8;
    int64_t wait_s = (int64_t)caseload->settings.config->gather_s << times;
    int64_t most_s = (int64_t)CASELOAD_GROWN_S << (times - 1);
    if (most_s > CASELOAD_TELL_S)
        most_s = CASELOAD_TELL_S;
    return now_s - campaign->told_s >= (wait_s < most_s ? wait_s : most_s) || now_s < campaign->told_s;
}

static bool has_untold(const struct members *members)
{
    for (size_t i = 0; i < members->count + members->before; i++)
        if (members->at[i]->incident.told_s == 0)
            return true;
    return false;
}

/* What there is to tell of a campaign now; NOTICE_KIND_COUNT for nothing. */
static enum notice_kind news_of(const struct caseload *caseload, const struct campaign *campaign,
                                const struct members *members, int64_t now_s)
{
    bool settled =
        now_s - campaign->changed_s >= caseload->settings.config->gather_s || now_s < campaign->changed_s;
    if (members->open == 0)
        return campaign->tells ? NOTICE_CAMPAIGN_OVER : NOTICE_CAMPAIGN;
    if (!is_time(caseload, campaign, now_s))
        return NOTICE_KIND_COUNT;
    if (campaign->pages > campaign->told_pages || has_untold(members))
        return campaign->tells ? NOTICE_CAMPAIGN_GREW : NOTICE_CAMPAIGN;
    bool eased = members->count - members->open > campaign->told_back && settled;
    return eased ? NOTICE_CAMPAIGN_EASED : NOTICE_KIND_COUNT;
}

/* ---- who hears of which pages ---- */

/* Sinks that hear of the same pages of a campaign. */
struct view {
    uint64_t sinks;
    uint64_t name;        /* of their sinks, for the notice's id; 0 when they hear of all pages */
    size_t count, before; /* of members->incidents */
    bool may, has_news;
};

static uint64_t sinks_of(const struct caseload *caseload, const struct casefile *file)
{
    return caseload_group_of(caseload, file)->sinks;
}

/* Of the sinks in `left` those that hear of the same pages as the first of them. */
static uint64_t companions(const struct caseload *caseload, const struct members *members, uint64_t left)
{
    uint64_t first = left & -left, same = left;
    for (size_t i = 0; i < members->count; i++) {
        uint64_t heard = sinks_of(caseload, members->at[i]);
        same &= heard & first ? heard : ~heard;
    }
    return same;
}

static uint64_t name_of(const struct caseload *caseload, uint64_t sinks)
{
    uint64_t name = 1;
    for (size_t i = 0; i < caseload->settings.config->sink_count; i++)
        if (sinks >> i & 1)
            name = hash_mix(name, hash_span(caseload->settings.config->sinks[i].name));
    return name;
}

static bool is_news(const struct incident *incident, const struct campaign *campaign, enum notice_kind kind)
{
    if (kind == NOTICE_CAMPAIGN_EASED)
        return incident->closed_s >= campaign->told_s;
    return kind == NOTICE_CAMPAIGN_OVER || incident->told_s == 0;
}

/* Fills members->incidents with what these sinks hear of. */
static struct view view_of(const struct caseload *caseload, const struct campaign *campaign,
                           struct members *members, uint64_t sinks, enum notice_kind kind, int64_t now_s)
{
    struct view view = {.sinks = sinks,
                        .may = !config_windows_hold(&caseload->settings.config->quiet, now_s)};
    for (size_t i = 0; i < members->count + members->before; i++) {
        const struct incident *incident = &members->at[i]->incident;
        if (!(sinks_of(caseload, members->at[i]) & sinks))
            continue;
        members->incidents[view.count + view.before] = incident;
        view.count += i < members->count;
        view.before += i >= members->count;
        view.may |= incident->verdict == VERDICT_DEFACED;
        view.has_news |= is_news(incident, campaign, kind);
    }
    if (view.count < members->count)
        view.name = name_of(caseload, sinks);
    else
        view.has_news = true;
    return view;
}

static bool tell_view(struct caseload *caseload, const struct campaign *campaign,
                      const struct members *members, const struct view *view, enum notice_kind kind,
                      int64_t now_s)
{
    struct teller_notice notice;
    if (!view->may || !view->has_news ||
        teller_campaign(store_instance(caseload->settings.store), campaign, members->incidents, view->count,
                        view->before, view->name, kind, now_s, &notice) < 0)
        return false;
    caseload_put(caseload, &notice, view->sinks, now_s);
    return true;
}

static void mark_told(struct caseload *caseload, const struct members *members, uint64_t sinks, int64_t now_s)
{
    for (size_t i = 0; i < members->count + members->before; i++) {
        struct casefile *file = members->at[i];
        uint64_t heard = sinks_of(caseload, file);
        if (file->incident.told_s || (heard && !(heard & sinks)))
            continue;
        file->incident.told_s = now_s;
        file->dirty = true;
    }
}

/* Returns the sinks that were told, of `*ret_all`. */
static uint64_t tell_views(struct caseload *caseload, const struct campaign *campaign,
                           struct members *members, enum notice_kind kind, bool rehearse, int64_t now_s,
                           uint64_t *ret_all)
{
    uint64_t left = 0, told = 0;
    for (size_t i = 0; i < members->count; i++)
        left |= sinks_of(caseload, members->at[i]);
    *ret_all = left;
    while (left) {
        uint64_t sinks = companions(caseload, members, left);
        struct view view = view_of(caseload, campaign, members, sinks, kind, now_s);
        bool done = rehearse ? view.may : tell_view(caseload, campaign, members, &view, kind, now_s);
        told |= done ? sinks : 0;
        left &= ~sinks;
    }
    return told;
}

static void told(struct caseload *caseload, struct campaign *campaign, const struct members *members,
                 enum notice_kind kind, int64_t now_s)
{
    campaign->told_s = now_s;
    campaign->told_pages = campaign->pages;
    campaign->told_back = (uint32_t)(members->count - members->open);
    campaign->tells++;
    if (kind == NOTICE_CAMPAIGN_OVER)
        campaign->closed_s = now_s;
    caseload_mark(caseload, campaign, now_s);
}

static void tell_campaign(struct caseload *caseload, struct campaign *campaign, int64_t now_s)
{
    struct members members;
    uint64_t all = 0, heard = 0;
    if (!members_of(caseload, campaign->id, &members))
        return;
    if (members.count == 0) { /* each of them went on to another one */
        campaign->closed_s = now_s;
        caseload_mark(caseload, campaign, now_s);
    }
    enum notice_kind kind = members.count ? news_of(caseload, campaign, &members, now_s) : NOTICE_KIND_COUNT;
    bool rehearse = kind == NOTICE_CAMPAIGN_OVER; /* its end waits until everybody may hear of it */
    if (kind != NOTICE_KIND_COUNT)
        heard = tell_views(caseload, campaign, &members, kind, rehearse, now_s, &all);
    if (rehearse && heard == all)
        heard = tell_views(caseload, campaign, &members, kind, false, now_s, &all);
    else if (rehearse)
        heard = 0;
    bool nobody = kind != NOTICE_KIND_COUNT && all == 0; /* no sink hears of these groups */
    if (heard || nobody) {
        mark_told(caseload, &members, heard, now_s);
        told(caseload, campaign, &members, kind, now_s);
    }
    members_free(&members);
}

void grouping_tell_campaigns(struct caseload *caseload, int64_t now_s)
{
    for (size_t i = 0; i < caseload->campaign_count; i++)
        if (caseload->campaigns[i].closed_s == 0)
            tell_campaign(caseload, &caseload->campaigns[i], now_s);
}
