/* See keeper.h. */
#include "watch/keeper.h"

#include "base/hash.h"
#include "os/clock.h"
#include "os/memfile.h"
#include "pipeline/fetch/fetch_limits.h"
#include "watch/daemon_answers.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SEND_BYTES = 40 << 20, NAME_BYTES = 40, OPEN_IDS = 20000 };

static const char *const moment_names[CASELOAD_MOMENTS] = {"confirmed", "worse", "recovered"};

/* What was last seen on a page that is in doubt: if it is gone at the next look, this is all there is. */
struct held {
    struct held *next;
    uint64_t page;
    struct exhibit *exhibit;
};

/* A moment on its way to the disk. */
struct item {
    struct item *next;
    struct exhibit *exhibit;
    int64_t incident, opened_s;
    enum caseload_moment moment;
    int64_t since_ms;
    unsigned attempt; /* of its name */
    unsigned tries;   /* to encode the next picture anew */
    unsigned deaths;  /* of varta-keep, while it had this one */
    size_t copied;    /* pictures that were encoded anew, or could not be */
    struct copy *copies[EXHIBIT_COPIES];
    struct keeper *keeper;
};

/* A picture encoded anew; held by those who use it and by the table of the last ones. */
struct copy {
    struct digest digest;
    struct picture_copy about;
    int png; /* -1 when it could not be made */
    unsigned holders;
};

struct keeper {
    struct keeper_settings settings;
    struct held *held;
    struct item *first, **end;
    struct item *active; /* the first one, while a job of it is under way */
    size_t waiting, bytes;
    struct copy *copies[KEEPER_COPIES];
    size_t next_copy;
    uint64_t bytes_since; /* kept since the last sweep */
    int64_t again_ms;     /* not before, after a failure */
    enum caseload_moment moment;
    int64_t moment_incident, moment_opened_s;
    struct keeper_state state;
    bool told_lost;
    int64_t *missing; /* missing_count incidents */
    size_t missing_count, missing_room;
};

static void tell(void (*told)(void *context, const char *text), void *context, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void tell(void (*told)(void *context, const char *text), void *context, const char *format, ...)
{
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    told(context, text);
}

#define say(keeper, ...)    tell((keeper)->settings.say, (keeper)->settings.context, __VA_ARGS__)
#define inform(keeper, ...) tell((keeper)->settings.inform, (keeper)->settings.context, __VA_ARGS__)

static bool is_on(const struct keeper *keeper)
{
    return keeper->settings.config->evidence_keep;
}

/* ---- pictures encoded anew ---- */

static void copy_release(struct copy *copy)
{
    if (!copy || --copy->holders > 0)
        return;
    if (copy->png >= 0)
        close(copy->png);
    picture_copy_free(&copy->about);
    free(copy);
}

static struct copy *copy_find(const struct keeper *keeper, const struct digest *digest)
{
    for (size_t i = 0; i < KEEPER_COPIES; i++) {
        struct copy *copy = keeper->copies[i];
        if (copy && memcmp(copy->digest.at, digest->at, sizeof(digest->at)) == 0) {
            copy->holders++;
            return copy;
        }
    }
    return NULL;
}

/* One that a helper of ours failed is nobody else's. */
static struct copy *copy_new(struct keeper *keeper, const struct digest *digest, bool shared)
{
    struct copy *copy = calloc(1, sizeof(*copy));
    if (!copy)
        return NULL;
    *copy = (struct copy){.digest = *digest, .png = -1, .holders = shared ? 2 : 1};
    if (!shared)
        return copy;
    copy_release(keeper->copies[keeper->next_copy]);
    keeper->copies[keeper->next_copy] = copy;
    keeper->next_copy = (keeper->next_copy + 1) % KEEPER_COPIES;
    return copy;
}

static void on_copy(void *context, enum outcome outcome, struct message *answer)
{
    struct item *item = context;
    struct keeper *keeper = item->keeper;
    keeper->active = NULL;
    if (outcome != OUTCOME_OK && ++item->tries < KEEPER_TRIES) { /* ours to mend: it is asked for once more */
        keeper->settings.wake(keeper->settings.context);
        return;
    }
    item->tries = 0;
    struct copy *copy =
        copy_new(keeper, hoard_digest(item->exhibit->pictures[item->copied].bytes), outcome == OUTCOME_OK);
    if (copy && outcome == OUTCOME_OK && answer) {
        if (!picture_copy_get(answer->payload, &copy->about)) {
            answer->refused = true;
            picture_copy_free(&copy->about);
        } else if (copy->about.outcome == OUTCOME_OK) {
            copy->png = message_take_fd(answer, 0);
        }
    }
    item->copies[item->copied++] = copy;
    keeper->settings.wake(keeper->settings.context);
}

/* Returns false while one is under way or has to wait. */
static bool copy_pictures(struct item *item, bool hurry, int64_t now_ms)
{
    struct keeper *keeper = item->keeper;
    const struct picture_order order = {.copy = true};
    while (item->copied < item->exhibit->picture_count) {
        const struct exhibit_picture *picture = &item->exhibit->pictures[item->copied];
        item->copies[item->copied] = copy_find(keeper, hoard_digest(picture->bytes));
        if (item->copies[item->copied]) {
            item->copied++;
            continue;
        }
        if (!hurry && helpers_pictures_wait(keeper->settings.helpers) &&
            now_ms - item->since_ms < KEEPER_PICTURE_MS)
            return false;
        keeper->active = item;
        if (helpers_picture(keeper->settings.helpers, true, UINT_MAX, hoard_fd(picture->bytes), &order,
                            on_copy, item) == 0)
            return false;
        keeper->active = NULL;
        item->copied++;
    }
    return true;
}

/* ---- items ---- */

static void item_free(struct item *item)
{
    for (size_t i = 0; i < EXHIBIT_COPIES; i++)
        copy_release(item->copies[i]);
    exhibit_free(item->exhibit);
    free(item);
}

static void drop_first(struct keeper *keeper)
{
    struct item *item = keeper->first;
    keeper->first = item->next;
    if (!keeper->first)
        keeper->end = &keeper->first;
    keeper->waiting--;
    keeper->bytes -= exhibit_size(item->exhibit);
    item_free(item);
}

/* ---- the dossier's last words ---- */

static void name_of(const struct item *item, char ret_name[NAME_BYTES])
{
    snprintf(ret_name, NAME_BYTES, item->attempt ? "%s-%u" : "%s", moment_names[item->moment],
             item->attempt + 1);
}

static void set_text(json_t *object, const char *key, struct span text)
{
    if (text.size)
        json_object_set_new(object, key, result_string(text));
}

static json_t *metadata_of(const struct picture_copy *about)
{
    json_t *object = json_object();
    set_text(object, "software", about->software);
    set_text(object, "taken", about->taken);
    set_text(object, "camera", about->camera);
    set_text(object, "comment", about->comment);
    if (about->has_place) {
        json_object_set_new(object, "latitude", json_real(about->latitude));
        json_object_set_new(object, "longitude", json_real(about->longitude));
    }
    return object;
}

/* A photograph that is stored lying on its side stands upright in the copy, and so do the boxes of its lines.
 */
static void say_displayed(json_t *picture, const struct copy *copy)
{
    json_int_t width = json_integer_value(json_object_get(picture, "width")),
               height = json_integer_value(json_object_get(picture, "height"));
    if ((width > height) == (copy->about.width > copy->about.height) || width == height)
        return;
    json_object_set_new(picture, "width", json_integer(height));
    json_object_set_new(picture, "height", json_integer(width));
}

static void tell_copy(json_t *picture, const struct copy *copy, const char *file)
{
    if (copy->png >= 0) {
        json_object_set_new(picture, "file", json_string(file));
        say_displayed(picture, copy);
        json_object_set_new(
            picture, "shown",
            json_pack("[I,I]", (json_int_t)copy->about.width, (json_int_t)copy->about.height));
    }
    json_t *metadata = metadata_of(&copy->about);
    if (json_object_size(metadata))
        json_object_set(picture, "metadata", metadata);
    json_decref(metadata);
}

/* The whole dossier as text, from malloc(). */
static char *finish_dossier(const struct item *item, const char *name)
{
    json_t *dossier = json_loadb(item->exhibit->dossier.at, item->exhibit->dossier.size, 0, NULL);
    char opened[CLOCK_TEXT_SIZE];
    json_t *whole =
        json_pack("{s:i, s:I, s:s, s:s}", "format", 1, "incident", (json_int_t)item->incident, "moment",
                  moment_names[item->moment], "instance", item->keeper->settings.instance);
    clock_text(item->opened_s, opened);
    if (item->opened_s)
        json_object_set_new(whole, "opened", json_string(opened));
    json_t *pictures = json_object_get(dossier, "pictures");
    for (size_t i = 0; i < item->exhibit->picture_count; i++) {
        char file[NAME_BYTES + 16];
        snprintf(file, sizeof(file), "%s-%zu.png", name, item->exhibit->pictures[i].index + 1);
        if (item->copies[i])
            tell_copy(json_array_get(pictures, item->exhibit->pictures[i].index), item->copies[i], file);
    }
    json_object_update(whole, dossier);
    char *text = dossier ? json_dumps(whole, RESULT_JSON_FORMAT) : NULL;
    json_decref(dossier);
    json_decref(whole);
    return text;
}

/* ---- sending ---- */

/* What is mapped for a moment while it is packed. */
struct packing {
    struct keep_order order;
    struct span mapped[3 * EXHIBIT_PICTURES];
    size_t mapped_count;
    size_t bytes;
    char names[EXHIBIT_COPIES][NAME_BYTES + 16];
};

/* Nothing when there is no room for it any more: the page's own body comes first. */
static struct span map(struct packing *packing, int fd)
{
    struct span bytes;
    enum { ROOM = sizeof(packing->mapped) / sizeof(packing->mapped[0]) };
    if (fd < 0 || packing->mapped_count >= ROOM || memfile_map(fd, FETCH_PICTURE_BYTES, false, &bytes) < 0)
        return (struct span){NULL, 0};
    if (packing->bytes + bytes.size > SEND_BYTES) {
        memfile_unmap(bytes);
        return (struct span){NULL, 0};
    }
    packing->mapped[packing->mapped_count++] = bytes;
    packing->bytes += bytes.size;
    return bytes;
}

static void pack_answers(const struct exhibit *exhibit, struct packing *packing, struct keep_answer *answers)
{
    packing->order.answers = answers;
    for (size_t i = 0; i < exhibit->answer_count; i++) {
        struct keep_answer answer = exhibit->answers[i].answer;
        if (exhibit->answers[i].body) {
            answer.body = map(packing, hoard_fd(exhibit->answers[i].body));
            answer.cut = answer.cut || answer.body.size == 0;
        }
        if (answer.type.size == 0 || answer.body.size)
            answers[packing->order.answer_count++] = answer;
    }
}

static void pack_files(const struct item *item, const char *name, struct packing *packing,
                       struct keep_file *files)
{
    packing->order.files = files;
    for (size_t i = 0; i < item->exhibit->picture_count; i++) {
        struct span bytes = item->copies[i] ? map(packing, item->copies[i]->png) : (struct span){NULL, 0};
        if (bytes.size == 0)
            continue;
        char *own = packing->names[packing->order.file_count];
        snprintf(own, sizeof(packing->names[0]), "%s-%zu.png", name, item->exhibit->pictures[i].index + 1);
        files[packing->order.file_count++] = (struct keep_file){span_of(own), bytes};
    }
}

static void on_kept(void *context, enum outcome outcome, struct message *answer);

static int send_item(struct item *item)
{
    struct keeper *keeper = item->keeper;
    char name[NAME_BYTES];
    name_of(item, name);
    char *dossier = finish_dossier(item, name);
    struct packing *packing = calloc(1, sizeof(*packing));
    struct keep_answer *answers = calloc(item->exhibit->answer_count + 1, sizeof(*answers));
    struct keep_file *files = calloc(EXHIBIT_COPIES, sizeof(*files));
    int result = dossier && packing && answers && files ? 0 : -ENOMEM;
    if (result == 0) {
        packing->order = (struct keep_order){.incident = item->incident,
                                             .at_s = item->exhibit->at_s,
                                             .name = span_of(name),
                                             .watcher = keeper->settings.config->contact,
                                             .dossier = span_of(dossier),
                                             .verdict = item->exhibit->result};
        pack_answers(item->exhibit, packing, answers);
        pack_files(item, name, packing, files);
        result = helpers_keep(keeper->settings.helpers, &packing->order, on_kept, item);
    }
    for (size_t i = 0; packing && i < packing->mapped_count; i++)
        memfile_unmap(packing->mapped[i]);
    free(dossier);
    free(packing);
    free(answers);
    free(files);
    return result;
}

/* ---- how it went ---- */

static void failed(struct keeper *keeper, int64_t incident, int error, struct span detail)
{
    keeper->again_ms = clock_steady_ms() + KEEPER_AGAIN_MS;
    if (keeper->state.failing)
        return;
    keeper->state.failing = true;
    char text[500];
    snprintf(text, sizeof(text),
             "evidence of incident %lld cannot be written: %s%s%.*s; it is kept in memory for now",
             (long long)incident, strerror(error), detail.size ? ": " : "",
             (int)(detail.size < 200 ? detail.size : 200), detail.size ? detail.at : "");
    say(keeper, "%s", text);
    caseload_tell_self(keeper->settings.caseload, "evidence", text, clock_wall_s());
}

static void succeeded(struct keeper *keeper, const struct item *item, const struct kept *kept)
{
    char name[NAME_BYTES], text[300], digest[65];
    name_of(item, name);
    for (size_t i = 0; i < sizeof(kept->head.at); i++)
        snprintf(digest + 2 * i, 3, "%02x", kept->head.at[i]);
    snprintf(text, sizeof(text), "%08lld/%s.json, line %llu %s", (long long)item->incident, name,
             (unsigned long long)kept->line, digest);
    caseload_note(keeper->settings.caseload, item->incident, "evidence", span_of(text), clock_wall_s());
    inform(keeper, "evidence is kept: %s", text);
    if (keeper->state.failing)
        say(keeper, "evidence can be written again");
    keeper->state.failing = false;
    keeper->state.kept++;
    keeper->bytes_since += kept->bytes;
    uint64_t limit = keeper->settings.config->evidence_bytes;
    if (limit && keeper->bytes_since >= limit / KEEPER_SWEEP_PARTS)
        keeper_sweep(keeper, clock_wall_s());
}

static void lose(struct keeper *keeper, int64_t incident, const char *why)
{
    keeper->state.lost++;
    say(keeper, "evidence of incident %lld is lost: %s", (long long)incident, why);
    if (keeper->told_lost)
        return;
    keeper->told_lost = true;
    char text[300];
    snprintf(text, sizeof(text), "evidence of incident %lld is lost: %.200s", (long long)incident, why);
    caseload_tell_self(keeper->settings.caseload, "evidence-lost", text, clock_wall_s());
}

static void on_kept(void *context, enum outcome outcome, struct message *answer)
{
    struct item *item = context;
    struct keeper *keeper = item->keeper;
    struct kept kept = {.error = EIO};
    arena_auto arena = arena_new(64 << 10);
    keeper->active = NULL;
    item->deaths += outcome == OUTCOME_HELPER_CRASHED || outcome == OUTCOME_HELPER_LIED;
    if (outcome == OUTCOME_OK && answer && !kept_get(answer->payload, &arena, &kept)) {
        answer->refused = true;
        kept = (struct kept){.error = EBADMSG};
    }
    if (kept.error == 0) {
        succeeded(keeper, item, &kept);
        drop_first(keeper);
    } else if (kept.error == EEXIST && item->attempt + 1 < KEEPER_NAMES) {
        item->attempt++;
    } else if (item->deaths >= KEEPER_DEATHS) {
        lose(keeper, item->incident, "varta-keep died of it each time");
        drop_first(keeper);
    } else if (kept.error == EEXIST || kept.error == EINVAL || kept.error == EBADMSG ||
               kept.error == ENOMEM) {
        lose(keeper, item->incident,
             strerror((int)kept.error)); /* it would fail again, and hold up the others */
        drop_first(keeper);
    } else {
        failed(keeper, item->incident, (int)kept.error, kept.detail);
    }
    keeper->settings.wake(keeper->settings.context);
}

/* ---- turns ---- */

static bool may_go(const struct keeper *keeper, const struct item *item, bool hurry, int64_t now_ms)
{
    return hurry || now_ms - item->since_ms >= KEEPER_TOLD_MS ||
           caseload_is_out(keeper->settings.caseload, item->incident);
}

int64_t keeper_turn(struct keeper *keeper, bool hurry, int64_t now_ms)
{
    struct item *item = keeper->first;
    if (!item || keeper->active)
        return INT64_MAX;
    if (now_ms < keeper->again_ms)
        return keeper->again_ms;
    if (!may_go(keeper, item, hurry, now_ms) || !copy_pictures(item, hurry, now_ms))
        return keeper->active ? INT64_MAX : now_ms + KEEPER_POLL_MS;
    keeper->active = item;
    int result = send_item(item);
    if (result == 0)
        return INT64_MAX;
    keeper->active = NULL;
    if (result == -EINVAL || result == -ENOMEM) {
        lose(keeper, item->incident, strerror(-result));
        drop_first(keeper);
        return now_ms;
    }
    failed(keeper, item->incident, -result, (struct span){NULL, 0});
    return keeper->again_ms;
}

/* ---- looks ---- */

void keeper_moment(struct keeper *keeper, enum caseload_moment moment, const struct incident *incident)
{
    keeper->moment = moment;
    keeper->moment_incident = incident->id;
    keeper->moment_opened_s = incident->opened_s;
}

static struct held *find_held(const struct keeper *keeper, uint64_t page)
{
    struct held *held = keeper->held;
    while (held && held->page != page)
        held = held->next;
    return held;
}

/* The caller's from now on; NULL when there is none. */
static struct exhibit *take_held(struct keeper *keeper, uint64_t page)
{
    for (struct held **at = &keeper->held; *at; at = &(*at)->next) {
        struct held *held = *at;
        if (held->page != page)
            continue;
        struct exhibit *exhibit = held->exhibit;
        *at = held->next;
        keeper->bytes -= exhibit_size(exhibit);
        free(held);
        return exhibit;
    }
    return NULL;
}

static bool has_room(const struct keeper *keeper, const struct exhibit *exhibit)
{
    return keeper->bytes + exhibit_size(exhibit) <= KEEPER_BYTES && keeper->waiting < KEEPER_MOMENTS;
}

/* Takes the exhibit. One that saw more than a later one stays. */
static void hold(struct keeper *keeper, uint64_t page, struct exhibit *exhibit)
{
    struct held *before = find_held(keeper, page);
    bool better = !before || !incident_is_worse(before->exhibit->verdict, exhibit->verdict);
    if (!better || !has_room(keeper, exhibit)) {
        exhibit_free(exhibit);
        return;
    }
    exhibit_free(take_held(keeper, page));
    struct held *held = calloc(1, sizeof(*held));
    if (!held) {
        exhibit_free(exhibit);
        return;
    }
    *held = (struct held){keeper->held, page, exhibit};
    keeper->held = held;
    keeper->bytes += exhibit_size(exhibit);
}

/* Takes the exhibit. */
static void queue(struct keeper *keeper, struct exhibit *exhibit, int64_t now_ms)
{
    struct item *item = has_room(keeper, exhibit) ? calloc(1, sizeof(*item)) : NULL;
    if (!item) {
        lose(keeper, keeper->moment_incident, "too much waits to be written");
        exhibit_free(exhibit);
        return;
    }
    *item = (struct item){.exhibit = exhibit,
                          .incident = keeper->moment_incident,
                          .opened_s = keeper->moment_opened_s,
                          .moment = keeper->moment,
                          .since_ms = now_ms,
                          .keeper = keeper};
    *keeper->end = item;
    keeper->end = &item->next;
    keeper->waiting++;
    keeper->bytes += exhibit_size(exhibit);
}

/* Of two looks the one that saw what is told: a page may be gone, or show something else, when it is looked
 * at again. */
static struct exhibit *choose(struct keeper *keeper, struct exhibit *now, struct exhibit *before)
{
    bool earlier =
        before && keeper->moment != CASELOAD_RECOVERED && incident_is_worse(before->verdict, now->verdict);
    exhibit_free(earlier ? now : before);
    return earlier ? before : now;
}

void keeper_miss(struct keeper *keeper, int64_t incident)
{
    if (keeper->missing_count == keeper->missing_room) {
        size_t room = keeper->missing_room ? 2 * keeper->missing_room : 16;
        int64_t *grown = room <= OPEN_IDS ? realloc(keeper->missing, room * sizeof(*grown)) : NULL;
        if (!grown)
            return;
        keeper->missing = grown;
        keeper->missing_room = room;
    }
    keeper->missing[keeper->missing_count++] = incident;
}

/* True once for an incident that is missing. */
static bool take_missing(struct keeper *keeper, int64_t incident)
{
    for (size_t i = 0; incident && i < keeper->missing_count; i++) {
        if (keeper->missing[i] != incident)
            continue;
        keeper->missing[i] = keeper->missing[--keeper->missing_count];
        return true;
    }
    return false;
}

void keeper_look(struct keeper *keeper, const struct visit_end *end, const struct keeper_page *page,
                 int64_t now_ms)
{
    bool bad = incident_is_bad(end->journey->verdict.kind);
    uint64_t key = hash_span(end->page->url);
    struct exhibit *exhibit = NULL;
    if (keeper->moment == CASELOAD_MOMENTS && bad && take_missing(keeper, page->certain)) {
        keeper->moment = CASELOAD_CONFIRMED;
        const struct incident *known = caseload_find(keeper->settings.caseload, page->certain);
        keeper->moment_incident = page->certain;
        keeper->moment_opened_s = known ? known->opened_s : 0;
    }
    bool moment = keeper->moment != CASELOAD_MOMENTS;
    if (is_on(keeper) && (moment || (page->doubtful && bad)) &&
        exhibit_new(end, &page->about, keeper->settings.languages, &exhibit) < 0 && moment)
        lose(keeper, keeper->moment_incident, "memory ran out");
    if (moment && exhibit)
        queue(keeper, choose(keeper, exhibit, take_held(keeper, key)), now_ms);
    else if (exhibit)
        hold(keeper, key, exhibit);
    if (!page->doubtful)
        exhibit_free(take_held(keeper, key));
    keeper->moment = CASELOAD_MOMENTS;
}

/* ---- sweeping ---- */

static void on_cleared(void *context, enum outcome outcome, struct message *answer)
{
    struct keeper *keeper = context;
    struct kept kept = {.error = EIO};
    arena_auto arena = arena_new(64 << 10);
    if (outcome == OUTCOME_OK && answer && !kept_get(answer->payload, &arena, &kept)) {
        answer->refused = true;
        kept = (struct kept){.error = EBADMSG};
    }
    if (kept.error)
        say(keeper, "evidence that is too old could not be removed: %s", strerror((int)kept.error));
    else if (kept.count)
        inform(keeper, "evidence of %u incidents is removed, %llu bytes", kept.count,
               (unsigned long long)kept.bytes);
}

void keeper_sweep(struct keeper *keeper, int64_t now_s)
{
    const struct config *config = keeper->settings.config;
    int64_t *open = is_on(keeper) ? calloc(OPEN_IDS, sizeof(*open)) : NULL;
    if (!open)
        return;
    int64_t *latest = NULL;
    struct clear_order order = config_evidence_retention(config, now_s);
    order.open = open;
    order.open_count = caseload_open(keeper->settings.caseload, open, OPEN_IDS);
    if (store_latest_incidents(keeper->settings.store, &latest, &order.latest_count) == 0)
        order.latest = latest;
    keeper->bytes_since = 0;
    helpers_clear(keeper->settings.helpers, &order, on_cleared, keeper);
    free(open);
    free(latest);
}

/* ---- beginning and end ---- */

void keeper_use(struct keeper *keeper, const struct config *config)
{
    keeper->settings.config = config;
    if (!config->evidence_keep || keeper->active)
        return; /* a folder that is changed while something is written is taken up at the next start */
    if (helpers_keep_in(keeper->settings.helpers, config->evidence_folder) < 0)
        say(keeper, "without memory: evidence is not kept");
}

int keeper_new(const struct keeper_settings *settings, struct keeper **ret_keeper)
{
    struct keeper *keeper = calloc(1, sizeof(*keeper));
    if (!keeper)
        return -ENOMEM;
    keeper->settings = *settings;
    keeper->end = &keeper->first;
    keeper->moment = CASELOAD_MOMENTS;
    keeper_use(keeper, settings->config);
    *ret_keeper = keeper;
    return 0;
}

void keeper_free(struct keeper *keeper)
{
    if (!keeper)
        return;
    while (keeper->first)
        drop_first(keeper);
    while (keeper->held)
        exhibit_free(take_held(keeper, keeper->held->page));
    for (size_t i = 0; i < KEEPER_COPIES; i++)
        copy_release(keeper->copies[i]);
    free(keeper->missing);
    free(keeper);
}

bool keeper_is_busy(const struct keeper *keeper)
{
    return keeper->first && !keeper->state.failing;
}

struct keeper_state keeper_state(const struct keeper *keeper)
{
    struct keeper_state state = keeper->state;
    state.waiting = keeper->waiting;
    return state;
}
