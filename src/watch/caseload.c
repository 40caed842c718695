/* See caseload.h. */
#include "watch/caseload_inside.h"

#include "base/hash.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_EVENTS = 100000 };

/* ---- small things ---- */

static struct incident_rules rules_of(const struct caseload *caseload)
{
    const struct config *config = caseload->settings.config;
    return (struct incident_rules){config->outage_looks, config->recover_looks, config->flap_window_s,
                                   config->escalate_after_s};
}

const struct config_group *caseload_group_of(const struct caseload *caseload, const struct casefile *file)
{
    const struct config *config = caseload->settings.config;
    if (file->page < config->list.count)
        return &config->groups[config->list.pages[file->page].group];
    return &config->groups[0];
}

static void say(const struct caseload *caseload, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(const struct caseload *caseload, const char *format, ...)
{
    char text[700];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    caseload->settings.say(caseload->settings.context, text);
}

static void *grown(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    size_t more = *room ? 2 * *room : 32;
    void *larger = realloc(array, more * size);
    if (larger)
        *room = more;
    return larger;
}

void caseload_write(struct caseload *caseload, struct casefile *file, int64_t at_s, const char *what,
                    struct span detail)
{
    file->dirty = caseload->changed = true;
    if (caseload->line_count >= MAX_EVENTS)
        return;
    struct caseline *lines =
        grown(caseload->lines, caseload->line_count, &caseload->line_room, sizeof(*lines));
    if (!lines)
        return;
    caseload->lines = lines;
    struct caseline *line = &lines[caseload->line_count++];
    *line = (struct caseline){.incident = file->incident.id, .at_s = at_s};
    snprintf(line->what, sizeof(line->what), "%s", what);
    snprintf(line->detail, sizeof(line->detail), "%.*s",
             (int)(detail.size < CASELOAD_DETAIL_BYTES ? detail.size : CASELOAD_DETAIL_BYTES - 1),
             detail.size ? detail.at : "");
}

/* ---- loading ---- */

static struct casefile *add_file(struct caseload *caseload, struct incident *incident)
{
    struct casefile **files = grown(caseload->files, caseload->count, &caseload->room, sizeof(*files));
    if (!files)
        return NULL;
    caseload->files = files;
    struct casefile *file = calloc(1, sizeof(*file));
    if (!file)
        return NULL;
    file->incident = *incident;
    file->page = SIZE_MAX;
    files[caseload->count++] = file;
    return file;
}

static void load_incident(void *context, const struct incident *stored)
{
    struct caseload *caseload = context;
    struct incident incident = *stored;
    incident.arena = arena_new(1 << 20);
    incident.url = arena_copy(&incident.arena, stored->url);
    incident.name = arena_copy(&incident.arena, stored->name);
    incident.group = arena_copy(&incident.arena, stored->group);
    incident.contact = arena_copy(&incident.arena, stored->contact);
    incident.acked_by = arena_copy(&incident.arena, stored->acked_by);
    incident.result = arena_copy(&incident.arena, stored->result);
    if (!add_file(caseload, &incident))
        incident_free(&incident);
}

struct campaign *caseload_add_campaign(struct caseload *caseload, const struct campaign *campaign)
{
    size_t room = caseload->campaign_room;
    struct campaign *campaigns =
        grown(caseload->campaigns, caseload->campaign_count, &room, sizeof(*campaigns));
    if (!campaigns)
        return NULL;
    caseload->campaigns = campaigns;
    bool *dirty = realloc(caseload->campaign_dirty, room * sizeof(*dirty));
    if (!dirty)
        return NULL;
    caseload->campaign_dirty = dirty;
    caseload->campaign_room = room;
    dirty[caseload->campaign_count] = false;
    campaigns[caseload->campaign_count] = *campaign;
    return &campaigns[caseload->campaign_count++];
}

static void load_campaign(void *context, const struct campaign *campaign)
{
    caseload_add_campaign(context, campaign);
}

/* A table from URL to place in the list, built once for a list. */
static int place_pages(struct caseload *caseload)
{
    const struct page_list *list = &caseload->settings.config->list;
    struct casefile **by_page = calloc(list->count + 1, sizeof(*by_page));
    uint32_t *met = calloc(list->count + 1, sizeof(*met));
    if (!by_page || !met) {
        free(by_page);
        free(met);
        return -ENOMEM;
    }
    free(caseload->by_page);
    free(caseload->met);
    caseload->met = met;
    caseload->question = 0;
    caseload->by_page = by_page;
    for (size_t i = 0; i < caseload->count; i++) {
        struct casefile *file = caseload->files[i];
        file->page = page_list_find(list, file->incident.url);
        if (file->page >= list->count)
            continue;
        by_page[file->page] = file;
        file->missed_s = 0;
    }
    return 0;
}

int caseload_new(const struct caseload_settings *settings, int64_t now_s, struct caseload **ret_caseload)
{
    struct caseload *caseload = calloc(1, sizeof(*caseload));
    if (!caseload)
        return -ENOMEM;
    caseload->settings = *settings;
    const struct config *config = settings->config;
    int64_t window_s =
        config->campaign_window_s > config->flap_window_s ? config->campaign_window_s : config->flap_window_s;
    int result = store_incidents(settings->store, now_s - window_s, load_incident, caseload);
    if (result >= 0)
        result = store_campaigns(settings->store, now_s - window_s, load_campaign, caseload);
    if (result >= 0)
        result = store_last_ids(settings->store, &caseload->last_incident, &caseload->last_campaign);
    if (result >= 0)
        result = place_pages(caseload);
    if (result < 0) {
        caseload_free(caseload);
        return result;
    }
    *ret_caseload = caseload;
    return 0;
}

int caseload_use(struct caseload *caseload, const struct config *config)
{
    const struct config *old = caseload->settings.config;
    caseload->settings.config = config;
    int result = place_pages(caseload);
    if (result < 0)
        caseload->settings.config = old;
    return result;
}

static void free_file(struct casefile *file)
{
    incident_free(&file->incident);
    free(file->result);
    free(file);
}

void caseload_free(struct caseload *caseload)
{
    if (!caseload)
        return;
    for (size_t i = 0; i < caseload->count; i++)
        free_file(caseload->files[i]);
    free(caseload->files);
    free(caseload->by_page);
    free(caseload->met);
    free(caseload->campaigns);
    free(caseload->campaign_dirty);
    free(caseload->lines);
    free(caseload);
}

/* ---- telling ---- */

void caseload_put(struct caseload *caseload, struct teller_notice *notice, uint64_t sinks, int64_t now_s)
{
    if (outbox_put(caseload->settings.outbox, notice, sinks, now_s) < 0)
        say(caseload, "without memory: notice %s is lost", notice->id);
    caseload->changed = true;
    teller_free(notice);
}

void caseload_tell(struct caseload *caseload, struct casefile *file, enum notice_kind kind, int64_t now_s)
{
    struct teller_notice notice;
    if (teller_incident(store_instance(caseload->settings.store), &file->incident, kind, now_s, &notice) <
        0) {
        say(caseload, "without memory: a notice about incident %lld is lost", (long long)file->incident.id);
        return;
    }
    caseload_write(caseload, file, now_s, "told", span_of(notice_kind_name(kind)));
    caseload_put(caseload, &notice, caseload_group_of(caseload, file)->sinks, now_s);
}

void caseload_tell_self(struct caseload *caseload, const char *what, const char *text, int64_t now_s)
{
    struct teller_notice notice;
    if (teller_self(store_instance(caseload->settings.store), what, text, now_s, &notice) == 0)
        caseload_put(caseload, &notice, UINT64_MAX, now_s);
}

bool caseload_may_tell(const struct caseload *caseload, const struct casefile *file, int64_t now_s)
{
    if (file->incident.verdict == VERDICT_DEFACED)
        return true;
    if (file->incident.verdict == VERDICT_UNAVAILABLE && caseload->blind)
        return false;
    return !config_windows_hold(&caseload->settings.config->quiet, now_s) &&
           !config_windows_hold(&caseload_group_of(caseload, file)->maintenance, now_s);
}

/* ---- looks ---- */

static void take_sighting(struct casefile *file, const struct sighting *sighting)
{
    struct incident *incident = &file->incident;
    char *copy = malloc(sighting->result.size + 1);
    if (copy) {
        memcpy(copy, sighting->result.size ? sighting->result.at : "", sighting->result.size);
        copy[sighting->result.size] = '\0';
        free(file->result);
        file->result = copy;
        incident->result = (struct span){copy, sighting->result.size};
    }
    if (sighting->message.size)
        incident->sketch = sketch_of(sighting->message);
    memcpy(incident->pictures, sighting->pictures, sizeof(incident->pictures));
    incident->landing = sighting->landing;
    incident->moved = incident->moved || sighting->moved;
    incident->severity = incident_severity(incident);
}

static struct casefile *open_file(struct caseload *caseload, size_t page, const struct sighting *sighting,
                                  int64_t now_s)
{
    const struct config *config = caseload->settings.config;
    const struct page *watched = &config->list.pages[page];
    const struct config_group *group = &config->groups[watched->group];
    uint32_t weight = watched->weight ? watched->weight : group->weight;
    struct incident incident = incident_open(sighting->verdict, weight, now_s);
    incident.id = ++caseload->last_incident;
    incident.url = arena_copy(&incident.arena, watched->url);
    incident.name = arena_copy(&incident.arena, watched->name);
    incident.group = arena_copy(&incident.arena, group->name);
    incident.contact = arena_copy(&incident.arena, group->contact);
    incident.score = sighting->score;
    incident.bad = incident.looks = 1;
    snprintf(incident.cause, sizeof(incident.cause), "%s", sighting->cause);
    incident.severity = incident_severity(&incident);
    struct casefile *file = add_file(caseload, &incident);
    if (!file) {
        incident_free(&incident);
        return NULL;
    }
    file->page = page;
    if (caseload->by_page[page]) {
        struct incident_rules rules = rules_of(caseload);
        incident_follow(&file->incident, &caseload->by_page[page]->incident, &rules);
    }
    caseload->by_page[page] = file;
    take_sighting(file, sighting);
    caseload_write(caseload, file, now_s, "suspected", span_of(verdict_name(sighting->verdict)));
    for (size_t i = 0; i < sighting->sign_count; i++)
        caseload_write(caseload, file, now_s, "sign", sighting->signs[i]);
    return file;
}

struct campaign *caseload_campaign(struct caseload *caseload, int64_t id)
{
    for (size_t i = 0; i < caseload->campaign_count; i++)
        if (caseload->campaigns[i].id == id)
            return &caseload->campaigns[i];
    return NULL;
}

void caseload_mark(struct caseload *caseload, struct campaign *campaign, int64_t now_s)
{
    campaign->changed_s = now_s;
    caseload->campaign_dirty[campaign - caseload->campaigns] = true;
    caseload->changed = true;
}

/* A new state with what makes it one; between two states, what a look saw. `cause` is the look's. */
static void write_step(struct caseload *caseload, struct casefile *file, bool entered, const char *cause,
                       int64_t now_s)
{
    const struct incident *incident = &file->incident;
    bool certain = entered && incident_is_certain(incident);
    enum verdict_kind verdict = certain ? incident->verdict : incident->last;
    char what[64];
    if (certain)
        cause = incident->cause;
    bool caused = verdict == VERDICT_UNAVAILABLE && cause[0];
    snprintf(what, sizeof(what), "%s%s%s%s", verdict_name(verdict), caused ? " (" : "", caused ? cause : "",
             caused ? ")" : "");
    caseload_write(caseload, file, now_s, entered ? incident_state_name(incident->state) : "seen",
                   span_of(what));
}

static void leave_campaign(struct casefile *file)
{
    file->left = file->incident.campaign ? file->incident.campaign : file->left;
    file->incident.campaign = 0;
}

/* Acts on what a step of the life cycle asks for. `before` is the state that it was in, `cause` the
 * look's; NULL when only time passed. */
static void act(struct caseload *caseload, struct casefile *file, unsigned actions,
                enum incident_state before, const char *cause, int64_t now_s)
{
    struct incident *incident = &file->incident;
    bool entered = incident->state != before || actions & (INCIDENT_TELL | INCIDENT_TELL_WORSE);
    file->dirty |= (actions & INCIDENT_CHANGED) != 0;
    caseload->changed |= file->dirty;
    if ((actions & INCIDENT_CHANGED) && cause)
        write_step(caseload, file, entered, cause, now_s);
    if (actions & INCIDENT_TELL) {
        incident->untold = true;
        incident->told_s = 0;
        leave_campaign(file);
    }
    if (actions & INCIDENT_TELL_WORSE) { /* what it is now may belong to others than what it was */
        incident->untold = true;
        leave_campaign(file);
    }
    if ((actions & INCIDENT_TELL_FLAPS) && caseload_may_tell(caseload, file, now_s))
        caseload_tell(caseload, file, NOTICE_FLAPPING, now_s);
    else if (actions & INCIDENT_TELL_FLAPS)
        incident->untold = true; /* told when its window ends, if it is still so */
    if (actions & INCIDENT_ESCALATE)
        caseload_tell(caseload, file, NOTICE_ESCALATED, now_s);
    if (actions & INCIDENT_TELL_OVER) {
        bool may_tell = caseload_may_tell(caseload, file, now_s);
        bool in_vain = incident->untold && (!may_tell || incident->verdict == VERDICT_UNAVAILABLE);
        if (in_vain && may_tell)
            caseload_write(caseload, file, now_s, "untold", SPAN("it was over before it was told"));
        else if (in_vain)
            caseload_write(caseload, file, now_s, "untold", SPAN("it was over before its window was"));
        else if (incident->untold)
            caseload_tell(caseload, file, NOTICE_CONFIRMED, now_s);
        struct campaign *campaign =
            incident->campaign ? caseload_campaign(caseload, incident->campaign) : NULL;
        if (campaign) { /* its next notice tells of this one too: see mark_told() */
            caseload_mark(caseload, campaign, now_s);
        } else {
            if (!in_vain)
                incident->told_s = incident->told_s ? incident->told_s : now_s;
            if (incident->told_s)
                caseload_tell(caseload, file, NOTICE_RECOVERED, now_s);
        }
        incident->untold = false;
    }
}

static struct casefile *file_for(struct caseload *caseload, size_t page, const struct incident_rules *rules,
                                 int64_t now_s)
{
    struct casefile *file = caseload->by_page[page];
    if (file && !incident_is_open(&file->incident) && !incident_may_return(&file->incident, rules, now_s))
        return NULL;
    return file;
}

static void mark_moment(const struct caseload *caseload, const struct casefile *file, unsigned actions)
{
    enum caseload_moment moment = actions & (INCIDENT_TELL | INCIDENT_TELL_FLAPS) ? CASELOAD_CONFIRMED
                                  : actions & INCIDENT_TELL_WORSE                 ? CASELOAD_WORSE
                                  : actions & INCIDENT_TELL_OVER                  ? CASELOAD_RECOVERED
                                                                                  : CASELOAD_MOMENTS;
    if (moment != CASELOAD_MOMENTS && caseload->settings.moment)
        caseload->settings.moment(caseload->settings.context, moment, &file->incident);
}

bool caseload_look(struct caseload *caseload, size_t page, enum incident_look look,
                   const struct sighting *sighting, int64_t now_s, enum incident_look *ret_look)
{
    struct incident_rules rules = rules_of(caseload);
    struct casefile *file = file_for(caseload, page, &rules, now_s);
    if (!file) {
        if (!incident_is_bad(sighting->verdict))
            return false;
        file = open_file(caseload, page, sighting, now_s);
        if (!file)
            return false;
        if (sighting->verdict == VERDICT_UNAVAILABLE && rules.outage_looks <= 1) {
            unsigned actions = incident_look(&file->incident, &rules, look, sighting->verdict,
                                             sighting->cause, sighting->score, now_s);
            act(caseload, file, actions, INCIDENT_SUSPECTED, sighting->cause, now_s);
            mark_moment(caseload, file, actions);
            return false;
        }
        *ret_look = incident_manner(&file->incident);
        return true;
    }
    bool worse = incident_is_worse(sighting->verdict, file->incident.verdict);
    bool returned = !incident_is_open(&file->incident);
    enum incident_state before = file->incident.state;
    unsigned actions = incident_look(&file->incident, &rules, look, sighting->verdict, sighting->cause,
                                     sighting->score, now_s);
    bool decided = actions & (INCIDENT_TELL | INCIDENT_TELL_WORSE | INCIDENT_TELL_FLAPS);
    if (worse || (decided && (returned || sighting->verdict == file->incident.verdict)))
        take_sighting(file, sighting);
    act(caseload, file, actions, before, sighting->cause, now_s);
    mark_moment(caseload, file, actions);
    *ret_look = incident_manner(&file->incident);
    return actions & INCIDENT_LOOK_AGAIN;
}

enum incident_look caseload_manner(const struct caseload *caseload, size_t page)
{
    const struct casefile *file = caseload->by_page[page];
    return file && file->incident.state == INCIDENT_SUSPECTED ? incident_manner(&file->incident)
                                                              : LOOK_ROUTINE;
}

bool caseload_is_in_doubt(const struct caseload *caseload, size_t page)
{
    return caseload->by_page[page] && incident_is_in_doubt(&caseload->by_page[page]->incident);
}

bool caseload_is_bad(const struct caseload *caseload, size_t page)
{
    return caseload->by_page[page] && incident_is_certain(&caseload->by_page[page]->incident);
}

/* ---- turns ---- */

/* Of a campaign, one incident speaks: the first that is open. */
static bool speaks(const struct caseload *caseload, const struct casefile *file)
{
    if (file->incident.campaign == 0)
        return true;
    for (size_t i = 0; i < caseload->count; i++) {
        const struct incident *other = &caseload->files[i]->incident;
        if (other->campaign == file->incident.campaign && other->state == INCIDENT_CONFIRMED)
            return other == &file->incident;
    }
    return true;
}

/* No look will tell more of it, unless its list was only lost for a moment. */
static void miss(struct caseload *caseload, struct casefile *file, int64_t now_s)
{
    struct incident *incident = &file->incident;
    if (file->missed_s == 0 || now_s < file->missed_s)
        file->missed_s = now_s;
    if (now_s - file->missed_s < caseload->settings.config->flap_window_s)
        return;
    struct campaign *campaign = incident->campaign ? caseload_campaign(caseload, incident->campaign) : NULL;
    incident_accept(incident, now_s);
    incident->untold = false;
    caseload_write(caseload, file, now_s, "unwatched", SPAN("the page is in no list any more"));
    if (campaign)
        caseload_mark(caseload, campaign, now_s);
}

static void tick(struct caseload *caseload, int64_t now_s)
{
    struct incident_rules rules = rules_of(caseload);
    for (size_t i = 0; i < caseload->count; i++) {
        struct casefile *file = caseload->files[i];
        if (incident_is_open(&file->incident) && file->page >= caseload->settings.config->list.count) {
            miss(caseload, file, now_s);
            continue;
        }
        if (incident_is_open(&file->incident) && !caseload_may_tell(caseload, file, now_s))
            continue; /* reminders wait too, they are not used up */
        unsigned actions = incident_tick(&file->incident, &rules, now_s);
        if ((actions & INCIDENT_ESCALATE) && !speaks(caseload, file))
            actions &= ~(unsigned)INCIDENT_ESCALATE;
        if (actions)
            act(caseload, file, actions, file->incident.state, NULL, now_s);
    }
}

/* It joined a campaign that grew, ended, and stands in no notice yet: the campaign's next one has to name it.
 */
static bool awaits_campaign(struct caseload *caseload, const struct incident *incident)
{
    if (incident->campaign == 0 || incident->told_s)
        return false;
    const struct campaign *campaign = caseload_campaign(caseload, incident->campaign);
    return campaign && campaign->closed_s == 0;
}

/* Those that ended so long ago that nothing can come of them leave memory. */
static void forget_old(struct caseload *caseload, int64_t now_s)
{
    const struct config *config = caseload->settings.config;
    int64_t window_s =
        config->campaign_window_s > config->flap_window_s ? config->campaign_window_s : config->flap_window_s;
    size_t kept = 0;
    for (size_t i = 0; i < caseload->count; i++) {
        struct casefile *file = caseload->files[i];
        bool old = !incident_is_open(&file->incident) && !file->dirty &&
                   now_s - file->incident.closed_s > 2 * window_s &&
                   !awaits_campaign(caseload, &file->incident);
        if (!old) {
            caseload->files[kept++] = file;
            continue;
        }
        if (file->page != SIZE_MAX && caseload->by_page[file->page] == file)
            caseload->by_page[file->page] = NULL;
        free_file(file);
    }
    caseload->count = kept;
    size_t open = 0;
    for (size_t i = 0; i < caseload->campaign_count; i++) {
        if (caseload->campaigns[i].closed_s && !caseload->campaign_dirty[i] &&
            now_s - caseload->campaigns[i].closed_s > 2 * window_s)
            continue;
        caseload->campaign_dirty[open] = caseload->campaign_dirty[i];
        caseload->campaigns[open++] = caseload->campaigns[i];
    }
    caseload->campaign_count = open;
}

/* ---- keeping ---- */

static int save_all(struct caseload *caseload)
{
    struct store *store = caseload->settings.store;
    int result = 0;
    for (size_t i = 0; i < caseload->campaign_count && result >= 0; i++)
        if (caseload->campaign_dirty[i])
            result = store_put_campaign(store, &caseload->campaigns[i]);
    for (size_t i = 0; i < caseload->count && result >= 0; i++)
        if (caseload->files[i]->dirty)
            result = store_put_incident(store, &caseload->files[i]->incident);
    for (size_t i = 0; i < caseload->line_count && result >= 0; i++) {
        const struct caseline *line = &caseload->lines[i];
        result =
            store_put_event(store, line->incident, line->at_s, span_of(line->what), span_of(line->detail));
    }
    return result < 0 ? result : outbox_save(caseload->settings.outbox);
}

static void saved(struct caseload *caseload)
{
    for (size_t i = 0; i < caseload->count; i++)
        caseload->files[i]->dirty = false;
    for (size_t i = 0; i < caseload->campaign_count; i++)
        caseload->campaign_dirty[i] = false;
    caseload->line_count = 0;
    caseload->changed = caseload->unsaved = false;
}

static void not_saved(struct caseload *caseload, const char *why, int64_t now_s)
{
    caseload->unsaved = true;
    caseload->save_at_s = now_s + CASELOAD_SAVE_S;
    if (caseload->failing)
        return;
    caseload->failing = true;
    char text[600];
    snprintf(text, sizeof(text),
             "the store takes nothing: %.400s; what happens is kept in memory and told all the same", why);
    say(caseload, "%s", text);
    caseload_tell_self(caseload, "store", text, now_s);
}

/* One transaction: incidents, their history, and what is to be told about them. */
static void save(struct caseload *caseload, int64_t now_s)
{
    struct store *store = caseload->settings.store;
    bool early =
        caseload->unsaved && now_s < caseload->save_at_s && caseload->save_at_s - now_s <= CASELOAD_SAVE_S;
    if (early || (!caseload->changed && !caseload->unsaved && !outbox_is_dirty(caseload->settings.outbox)))
        return;
    store_commit(store); /* what was gathered stands by itself */
    int result = store_begin(store);
    if (result == 0)
        result = save_all(caseload);
    char why[400];
    snprintf(why, sizeof(why), "%s", result < 0 ? store_error(store) : "");
    if (result < 0)
        store_rollback(store);
    else
        result = store_commit(store);
    outbox_saved(caseload->settings.outbox, result >= 0);
    if (result < 0) {
        not_saved(caseload, why[0] ? why : store_error(store), now_s);
        return;
    }
    saved(caseload);
    if (caseload->failing)
        say(caseload, "the store takes what happens again");
    caseload->failing = false;
}

void caseload_save(struct caseload *caseload, int64_t now_s)
{
    caseload->save_at_s = now_s;
    save(caseload, now_s);
}

int64_t caseload_turn(struct caseload *caseload, bool blind, int64_t now_s)
{
    caseload->blind = blind;
    grouping_tell_due(caseload, now_s);
    grouping_tell_campaigns(caseload, now_s);
    tick(caseload, now_s);
    save(caseload, now_s);
    forget_old(caseload, now_s);
    int64_t wake_s = outbox_turn(caseload->settings.outbox, now_s);
    bool waiting = caseload->unsaved;
    for (size_t i = 0; i < caseload->count && !waiting; i++)
        waiting = caseload->files[i]->incident.untold;
    for (size_t i = 0; i < caseload->campaign_count && !waiting; i++)
        waiting = caseload->campaigns[i].closed_s == 0;
    int64_t next_s = now_s + (waiting ? 1 : 60);
    return wake_s < next_s ? wake_s : next_s;
}

/* ---- people ---- */

static bool is_meant(const struct incident *incident, struct span id)
{
    char one[32], other[32], campaign[32];
    snprintf(one, sizeof(one), "%lld", (long long)incident->id);
    snprintf(other, sizeof(other), "i%lld", (long long)incident->id);
    snprintf(campaign, sizeof(campaign), "c%lld", (long long)incident->campaign);
    return span_equal(id, SPAN("all")) || span_equal(id, span_of(one)) || span_equal(id, span_of(other)) ||
           (incident->campaign && span_equal(id, span_of(campaign)));
}

size_t caseload_acknowledge(struct caseload *caseload, struct span id, struct span who, int64_t now_s)
{
    size_t count = 0;
    for (size_t i = 0; i < caseload->count; i++) {
        struct casefile *file = caseload->files[i];
        if (!is_meant(&file->incident, id) || incident_acknowledge(&file->incident, now_s) == 0)
            continue;
        file->incident.acked_by = arena_copy(&file->incident.arena, who);
        caseload_write(caseload, file, now_s, "acknowledged", who);
        count++;
    }
    return count;
}

bool caseload_accept(struct caseload *caseload, struct span url, struct span who, int64_t now_s)
{
    size_t page = page_list_find(&caseload->settings.config->list, url);
    struct casefile *file = page < caseload->settings.config->list.count ? caseload->by_page[page] : NULL;
    if (!file || incident_accept(&file->incident, now_s) == 0)
        return false;
    caseload_write(caseload, file, now_s, "accepted", who);
    bool was_told = file->incident.told_s != 0;
    file->incident.untold = false;
    if (was_told && file->incident.campaign == 0)
        caseload_tell(caseload, file, NOTICE_ACCEPTED, now_s);
    return true;
}

int64_t caseload_certain(const struct caseload *caseload, size_t page)
{
    const struct casefile *file = caseload->by_page[page];
    return file && incident_is_certain(&file->incident) ? file->incident.id : 0;
}

static struct casefile *file_by_id(const struct caseload *caseload, int64_t id)
{
    for (size_t i = caseload->count; i-- > 0;)
        if (caseload->files[i]->incident.id == id)
            return caseload->files[i];
    return NULL;
}

bool caseload_is_out(const struct caseload *caseload, int64_t id)
{
    const struct casefile *file = file_by_id(caseload, id);
    if (!file)
        return true;
    return !file->dirty && !file->incident.untold &&
           (file->incident.told_s || !incident_is_open(&file->incident));
}

void caseload_note(struct caseload *caseload, int64_t id, const char *what, struct span detail, int64_t now_s)
{
    struct casefile *file = file_by_id(caseload, id);
    if (file)
        caseload_write(caseload, file, now_s, what, detail);
}

static int by_number(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

size_t caseload_open(const struct caseload *caseload, int64_t *ret_ids, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < caseload->count && count < room; i++)
        if (incident_is_open(&caseload->files[i]->incident))
            ret_ids[count++] = caseload->files[i]->incident.id;
    qsort(ret_ids, count, sizeof(*ret_ids), by_number);
    return count;
}

struct caseload_state caseload_state(const struct caseload *caseload)
{
    struct caseload_state state = {.unsaved = caseload->unsaved};
    for (size_t i = 0; i < caseload->count; i++) {
        enum incident_state one = caseload->files[i]->incident.state;
        state.suspected += one == INCIDENT_SUSPECTED;
        state.confirmed += one == INCIDENT_CONFIRMED;
        state.acknowledged += one == INCIDENT_ACKNOWLEDGED;
    }
    for (size_t i = 0; i < caseload->campaign_count; i++)
        state.campaigns += caseload->campaigns[i].closed_s == 0;
    return state;
}

/* ---- to be looked at ---- */

void caseload_each(const struct caseload *caseload, caseload_each_fn *each, void *context)
{
    for (size_t i = 0; i < caseload->count; i++)
        each(context, &caseload->files[i]->incident);
}

const struct incident *caseload_find(const struct caseload *caseload, int64_t id)
{
    for (size_t i = caseload->count; i-- > 0;)
        if (caseload->files[i]->incident.id == id)
            return &caseload->files[i]->incident;
    return NULL;
}

const struct incident *caseload_of_page(const struct caseload *caseload, struct span url)
{
    size_t page = page_list_find(&caseload->settings.config->list, url);
    const struct casefile *file =
        page < caseload->settings.config->list.count ? caseload->by_page[page] : NULL;
    return file ? &file->incident : NULL;
}

void caseload_lines(const struct caseload *caseload, int64_t id, caseload_line_fn *each, void *context)
{
    for (size_t i = 0; i < caseload->line_count; i++)
        if (caseload->lines[i].incident == id)
            each(context, caseload->lines[i].at_s, span_of(caseload->lines[i].what),
                 span_of(caseload->lines[i].detail));
}
