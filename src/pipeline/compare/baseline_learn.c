/*
 * Taking one more version in. The whole memory is built anew beside the old one and put in its place at the
 * end, so that running out of memory half-way leaves the baseline as it was.
 *
 * What differs between two versions is counted for the place where it stands: that is how dates, counters and
 * rotating news become volatile without anybody writing a selector.
 */
#include "base/hash.h"
#include "base/utf8.h"
#include "pipeline/compare/memory.h"
#include "pipeline/compare/set64.h"

#include <errno.h>
#include <stdlib.h>

/* One learning: the old memory, the page, and the memory that grows out of both. */
struct learning {
    const struct baseline *old;
    const struct reading *reading;
    const struct change *compared; /* may be NULL */
    struct baseline *grown;
    struct arena scratch;
    struct piece_list page;
    struct set64 known;   /* hash of an old piece: its index */
    struct set64 present; /* hash of a piece of the page: 1 */
    size_t text_left;     /* bytes of text that may still be kept */
    int64_t at_s;
    bool accepted;
};

static struct span keep_text(struct learning *learning, struct span text)
{
    struct span clip = utf8_prefix(text, MEMORY_CLIP);
    if (clip.size > learning->text_left)
        return (struct span){NULL, 0};
    learning->text_left -= clip.size;
    return arena_copy(&learning->grown->arena, clip);
}

static void take_piece(struct learning *learning, const struct piece *piece)
{
    struct baseline *grown = learning->grown;
    const uint32_t *index = set64_find(&learning->known, piece->hash);
    struct memory_piece *kept = &grown->pieces[grown->piece_count++];
    *kept = (struct memory_piece){.hash = piece->hash,
                                  .first = grown->versions,
                                  .letters = piece->letters,
                                  .flags = piece->counts ? MEMORY_COUNTS | MEMORY_SHOWN : 0,
                                  .origin = piece->origin,
                                  .heading = piece->heading,
                                  .path = piece->path};
    if (index) {
        const struct memory_piece *old = &learning->old->pieces[*index];
        kept->first = old->first;
        kept->seen = old->seen;
        kept->flags |= (old->flags & MEMORY_ANCHOR) | (memory_was_shown(old) ? MEMORY_SHOWN : 0);
    }
    kept->seen++;
    kept->last = grown->versions;
    if (grown->versions == 1 || learning->accepted)
        kept->flags |= MEMORY_ANCHOR;
    kept->text = keep_text(learning, piece->text);
}

static bool worth_keeping(const struct learning *learning, const struct memory_piece *old)
{
    if (set64_find(&learning->present, old->hash) || learning->accepted)
        return false;
    return (old->flags & MEMORY_ANCHOR) || old->last + MEMORY_WINDOW >= learning->grown->versions;
}

static int learn_pieces(struct learning *learning)
{
    struct baseline *grown = learning->grown;
    grown->pieces = arena_alloc(&grown->arena, MEMORY_PIECES_MAX, sizeof(*grown->pieces));
    if (!grown->pieces)
        return -ENOMEM;
    for (size_t i = 0; i < learning->page.count && grown->piece_count < MEMORY_PIECES_MAX; i++) {
        const struct piece *piece = &learning->page.at[i];
        uint32_t *first = set64_put(&learning->present, piece->hash, grown->piece_count);
        if (*first == grown->piece_count)
            take_piece(learning, piece);
        else if (piece->counts)
            grown->pieces[*first].flags |= MEMORY_COUNTS | MEMORY_SHOWN;
    }
    for (uint32_t i = 0; i < learning->old->piece_count && grown->piece_count < MEMORY_PIECES_MAX; i++) {
        const struct memory_piece *old = &learning->old->pieces[i];
        if (!worth_keeping(learning, old))
            continue;
        struct memory_piece *kept = &grown->pieces[grown->piece_count++];
        *kept = *old;
        kept->text = keep_text(learning, old->text);
    }
    return grown->arena.failed ? -ENOMEM : 0;
}

/* ---- places whose text changes ------------------------------------------------------------------------- */

static int slot_order(const void *a, const void *b)
{
    const struct memory_slot *left = a, *right = b;
    return left->path < right->path ? -1 : left->path > right->path;
}

static void slot_changed(struct learning *learning, uint32_t path, uint32_t letters)
{
    struct baseline *grown = learning->grown;
    struct memory_slot *slot = NULL;
    for (uint32_t i = 0; i < grown->slot_count && !slot; i++)
        if (grown->slots[i].path == path)
            slot = &grown->slots[i];
    if (!slot) {
        if (grown->slot_count == MEMORY_SLOTS_MAX)
            return;
        slot = &grown->slots[grown->slot_count++];
        *slot = (struct memory_slot){.path = path, .first = grown->versions};
    }
    bool again = slot->last == grown->versions;
    slot->letters = again ? slot->letters + letters : (slot->letters > letters ? slot->letters : letters);
    if (again)
        return;
    slot->changes++;
    slot->quick += learning->at_s - learning->old->last_at < VOLATILE_SECONDS;
    slot->last = grown->versions;
}

static bool is_change(const struct learning *learning, const struct piece *piece)
{
    const uint32_t *index = set64_find(&learning->known, piece->hash);
    return piece->letters && (!index || learning->old->pieces[*index].last < learning->old->versions);
}

static int learn_slots(struct learning *learning)
{
    struct baseline *grown = learning->grown;
    const struct baseline *old = learning->old;
    grown->slots = arena_alloc(&grown->arena, MEMORY_SLOTS_MAX, sizeof(*grown->slots));
    if (!grown->slots)
        return -ENOMEM;
    for (uint32_t i = 0; i < old->slot_count; i++)
        if (old->slots[i].last + MEMORY_WINDOW >= grown->versions)
            grown->slots[grown->slot_count++] = old->slots[i];
    for (size_t i = 0; old->versions && !learning->accepted && i < learning->page.count; i++)
        if (is_change(learning, &learning->page.at[i]))
            slot_changed(learning, learning->page.at[i].path, learning->page.at[i].letters);
    if (grown->slot_count)
        qsort(grown->slots, grown->slot_count, sizeof(*grown->slots), slot_order);
    return 0;
}

/* ---- markup, hosts, pictures, contacts -------------------------------------------------------------------
 */

static int path_order(const void *a, const void *b)
{
    const struct memory_path *left = a, *right = b;
    return left->path < right->path ? -1 : left->path > right->path;
}

/* Keeps the few paths whose low bits happen to be those of a sign from being taken for one. */
enum { PLAIN_PATH = 1 << 30 };

/* Both lists are sampled alike when there are too many: the smallest hashes stay. */
static int learn_paths(struct learning *learning)
{
    struct baseline *grown = learning->grown;
    const struct baseline *old = learning->old;
    size_t room = learning->reading->path_count + old->path_count + 1, count = 0;
    struct memory_path *all = arena_alloc(&learning->scratch, room + 1, sizeof(*all));
    if (!all)
        return -ENOMEM;
    for (size_t i = 0; i < learning->reading->path_count; i++) {
        const struct path_count *path = &learning->reading->paths[i];
        uint32_t low = piece_path(path->path);
        low |= path->path >= PAGE_SIGNS && low < PAGE_SIGNS ? PLAIN_PATH : 0;
        all[count++] = (struct memory_path){low, path->count, 1, grown->versions};
    }
    if (learning->reading->cut || learning->page.cut)
        all[count++] = (struct memory_path){SIGN_CUT << 16, 1, 1, grown->versions};
    for (uint32_t i = 0; i < old->path_count && !learning->accepted; i++)
        if (old->paths[i].last + MEMORY_WINDOW >= grown->versions)
            all[count++] = old->paths[i];
    qsort(all, count, sizeof(*all), path_order);
    grown->paths = arena_alloc(&grown->arena, MEMORY_PATHS_MAX, sizeof(*grown->paths));
    if (!grown->paths)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        struct memory_path *last = grown->path_count ? &grown->paths[grown->path_count - 1] : NULL;
        if (last && last->path == all[i].path) {
            last->seen += all[i].last == last->last && last->last == grown->versions ? 0 : all[i].seen;
            last->count = last->last > all[i].last ? last->count : all[i].count;
            last->last = last->last > all[i].last ? last->last : all[i].last;
        } else if (grown->path_count < MEMORY_PATHS_MAX) {
            grown->paths[grown->path_count++] = all[i];
        }
    }
    return 0;
}

static int learn_hosts(struct learning *learning, enum memory_host_kind kind, const struct host_list *list)
{
    struct baseline *grown = learning->grown;
    struct memory_hosts *hosts = &grown->hosts[kind];
    const struct memory_hosts *old = &learning->old->hosts[kind];
    hosts->at = arena_alloc(&grown->arena, MEMORY_HOSTS_MAX, sizeof(*hosts->at));
    if (!hosts->at)
        return -ENOMEM;
    for (size_t i = 0; i < list->count && hosts->count < MEMORY_HOSTS_MAX; i++)
        hosts->at[hosts->count++] = (struct memory_host){hash_span(list->at[i].host), 1, grown->versions};
    uint32_t present = hosts->count;
    for (uint32_t i = 0; i < old->count; i++) {
        uint32_t j = 0;
        while (j < present && hosts->at[j].hash != old->at[i].hash)
            j++;
        if (j < present)
            hosts->at[j].seen += old->at[i].seen;
        else if (hosts->count < MEMORY_HOSTS_MAX && old->at[i].last + MEMORY_WINDOW >= grown->versions)
            hosts->at[hosts->count++] = old->at[i];
    }
    return 0;
}

/* One that no visitor sees does not become known: it would be let through once it shows. */
static bool is_shown(const struct picture_ref *ref)
{
    return ref->kind != PICTURE_ICON && ref->kind != PICTURE_SOCIAL && !ref->hidden;
}

static int learn_pictures(struct learning *learning)
{
    struct baseline *grown = learning->grown;
    const struct baseline *old = learning->old;
    grown->pictures = arena_alloc(&grown->arena, MEMORY_PICTURES_MAX, sizeof(*grown->pictures));
    if (!grown->pictures)
        return -ENOMEM;
    for (size_t i = 0; i < learning->reading->picture_count; i++) {
        const struct picture_ref *ref = &learning->reading->pictures[i];
        if (grown->picture_count == MEMORY_PICTURES_MAX)
            break;
        if (!is_shown(ref))
            continue;
        struct memory_picture *kept = &grown->pictures[grown->picture_count++];
        *kept = (struct memory_picture){.url = hash_span(ref->url), .last = grown->versions};
        if (ref->fetched) {
            kept->digest = ref->digest;
            kept->perceptual_hash = ref->perceptual_hash;
        }
    }
    uint32_t present = grown->picture_count;
    for (uint32_t i = 0; i < old->picture_count && grown->picture_count < MEMORY_PICTURES_MAX; i++) {
        const struct memory_picture *known = &old->pictures[i];
        uint32_t j = 0;
        while (j < present && memcmp(&grown->pictures[j].digest, &known->digest, sizeof(known->digest)) != 0)
            j++;
        if (j == present && known->last + MEMORY_WINDOW >= grown->versions && !learning->accepted)
            grown->pictures[grown->picture_count++] = *known;
    }
    return 0;
}

static int number_order(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

static int learn_contacts(struct learning *learning)
{
    struct baseline *grown = learning->grown;
    const struct piece_list *page = &learning->page;
    size_t count = page->contact_count;
    grown->contacts = arena_alloc(&grown->arena, MEMORY_CONTACTS_MAX, sizeof(*grown->contacts));
    uint32_t *sorted = arena_alloc(&learning->scratch, count + 1, sizeof(*sorted));
    if (!grown->contacts || !sorted)
        return -ENOMEM;
    if (count) {
        memcpy(sorted, page->contacts, count * sizeof(*sorted));
        qsort(sorted, count, sizeof(*sorted), number_order);
    }
    for (size_t i = 0; i < count && grown->contact_count < MEMORY_CONTACTS_MAX; i++)
        if (!i || sorted[i] != sorted[i - 1])
            grown->contacts[grown->contact_count++] = sorted[i];
    return 0;
}

/* ---- the whole -------------------------------------------------------------------------------------------
 */

static int learn_parts(struct learning *learning)
{
    const struct reading *reading = learning->reading;
    const struct host_list *const hosts[MEMORY_HOST_KINDS] = {
        [MEMORY_LINKS] = &reading->links,
        [MEMORY_SCRIPTS] = &reading->scripts,
        [MEMORY_FRAMES] = &reading->frames,
        [MEMORY_FORMS] = &reading->forms,
    };
    int error = learn_pieces(learning);
    for (unsigned kind = 0; !error && kind < MEMORY_HOST_KINDS; kind++)
        error = learn_hosts(learning, kind, hosts[kind]);
    error = error ? error : learn_slots(learning);
    error = error ? error : learn_paths(learning);
    error = error ? error : learn_pictures(learning);
    return error ? error : learn_contacts(learning);
}

static int learn_prepare(struct learning *learning)
{
    const struct baseline *old = learning->old;
    int error = 0;
    if (learning->compared && learning->compared->cut)
        learning->page = *(const struct piece_list *)learning->compared->cut;
    else
        error = piece_read(learning->reading, &learning->scratch, &learning->page);
    error = error ? error : set64_make(&learning->scratch, old->piece_count, &learning->known);
    error = error ? error : set64_make(&learning->scratch, learning->page.count, &learning->present);
    for (uint32_t i = 0; !error && i < old->piece_count; i++)
        set64_put(&learning->known, old->pieces[i].hash, i);
    return error;
}

static int learn_title(struct learning *learning)
{
    struct span title = utf8_prefix(learning->reading->title, MEMORY_TITLE_MAX);
    learning->grown->title = arena_copy(&learning->grown->arena, title);
    return learning->grown->title.at ? 0 : -ENOMEM;
}

static int learn(struct baseline *baseline, const struct reading *reading, const struct change *compared,
                 int64_t at_s, bool accepted)
{
    struct baseline grown = {.arena = arena_new(MEMORY_BYTES_MAX),
                             .versions = baseline->versions + 1,
                             .first_at = baseline->versions ? baseline->first_at : at_s,
                             .last_at = at_s};
    struct learning learning = {.old = baseline,
                                .reading = reading,
                                .compared = compared,
                                .grown = &grown,
                                .scratch = arena_new(CHANGE_BYTES_MAX),
                                .text_left = MEMORY_TEXT_MAX,
                                .at_s = at_s,
                                .accepted = accepted};
    int error = learn_prepare(&learning);
    error = error ? error : learn_parts(&learning);
    error = error ? error : learn_title(&learning);
    arena_free(&learning.scratch);
    if (error) {
        arena_free(&grown.arena);
        return error;
    }
    arena_free(&baseline->arena);
    *baseline = grown;
    return 0;
}

int baseline_learn(struct baseline *baseline, const struct reading *reading, int64_t at_s)
{
    return learn(baseline, reading, NULL, at_s, false);
}

int baseline_accept(struct baseline *baseline, const struct reading *reading, int64_t at_s)
{
    return learn(baseline, reading, NULL, at_s, true);
}

int baseline_take(struct baseline *baseline, const struct reading *reading, const struct change *compared,
                  int64_t at_s, bool accepted)
{
    return learn(baseline, reading, compared, at_s, accepted);
}
