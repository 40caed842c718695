/*
 * What stayed, went and came. Text that stands as it stood is found by its hash, which settles most pages in
 * one pass; only what is left over is compared word by word, so that an edited sentence or a redesign that
 * cuts its text anew is not taken for a page wiped out.
 */
#include "pipeline/compare/compare.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "pipeline/compare/likeness.h"
#include "pipeline/compare/memory.h"

#include <errno.h>
#include <stdlib.h>

/* Below this weight text that went is no loss worth showing: it came and went before. */
#define GONE_WEIGHT_MIN 0.25

/* What a place may change by itself: twice what was seen there. */
enum { VOLATILE_FACTOR = 2, VOLATILE_LETTERS_MIN = 40 };

/* One comparison on its way. */
struct comparing {
    const struct baseline *baseline;
    const struct reading *reading;
    struct change *change;
    struct arena scratch;
    struct likeness likeness;
    enum change_kind *kinds; /* of each piece of the page */
    double *fresh;           /* share of each piece that is new */
    uint32_t *allowance;     /* letters each slot may still change */
    size_t block_room;
    bool pictures_stand; /* all remembered pictures are there and none was read */
};

/* ---- text ------------------------------------------------------------------------------------------------
 */

static bool is_volatile(struct comparing *comparing, const struct piece *piece)
{
    const struct baseline *baseline = comparing->baseline;
    const struct memory_slot *slot = memory_slot(baseline, piece->path);
    if (!memory_volatile(baseline, slot))
        return false;
    uint32_t *left = &comparing->allowance[slot - baseline->slots];
    if (*left < piece->letters)
        return false;
    *left -= piece->letters;
    return true;
}

static void judge_piece(struct comparing *comparing, size_t i)
{
    const struct piece *piece = &comparing->likeness.page.at[i];
    double likeness = likeness_of_page_piece(&comparing->likeness, i);
    comparing->kinds[i] = CHANGE_KEPT;
    comparing->fresh[i] = 0;
    if (likeness >= 1)
        return;
    if (comparing->baseline && is_volatile(comparing, piece)) {
        comparing->kinds[i] = CHANGE_VOLATILE;
        return;
    }
    comparing->kinds[i] = CHANGE_NEW;
    comparing->fresh[i] = 1 - likeness;
}

static int set_allowances(struct comparing *comparing)
{
    const struct baseline *baseline = comparing->baseline;
    if (!baseline)
        return 0;
    comparing->allowance = arena_alloc(&comparing->scratch, baseline->slot_count + 1, sizeof(uint32_t));
    if (!comparing->allowance)
        return -ENOMEM;
    for (uint32_t i = 0; i < baseline->slot_count; i++) {
        uint32_t seen = baseline->slots[i].letters;
        if (seen > PAGE_LETTERS_MAX)
            seen = PAGE_LETTERS_MAX;
        comparing->allowance[i] = seen * VOLATILE_FACTOR + VOLATILE_LETTERS_MIN;
    }
    return 0;
}

static void sum_page(struct comparing *comparing)
{
    struct change *change = comparing->change;
    const struct piece_list *page = &comparing->likeness.page;
    double fresh = 0, first = 0, first_fresh = 0, pictures = 0;
    for (size_t i = 0; i < page->count; i++) {
        const struct piece *piece = &page->at[i];
        if (!piece->counts)
            continue;
        double letters = piece->letters * comparing->fresh[i];
        change->page_letters += piece->letters;
        fresh += letters;
        pictures += piece->origin == ORIGIN_IMAGE ? letters : 0;
        if (comparing->kinds[i] == CHANGE_VOLATILE)
            change->volatile_letters += piece->letters;
        if (piece->place < FIRST_SCREEN_LETTERS || piece->heading) {
            first += piece->letters;
            first_fresh += letters;
        }
    }
    change->new_letters = (uint32_t)(fresh + 0.5);
    change->new_picture_letters = (uint32_t)(pictures + 0.5);
    change->fresh = change->page_letters ? fresh / change->page_letters : 0;
    change->prominence = first > 0 ? first_fresh / first : 0;
}

/* Pictures that stand as they stood need not be read again: what was read in them still stands. */
static bool pictures_stand(const struct comparing *comparing)
{
    const struct baseline *baseline = comparing->baseline;
    const struct reading *reading = comparing->reading;
    for (size_t i = 0; i < comparing->likeness.page.count; i++)
        if (comparing->likeness.page.at[i].origin == ORIGIN_IMAGE)
            return false;
    for (uint32_t i = 0; i < baseline->picture_count; i++) {
        size_t j = 0;
        while (j < reading->picture_count &&
               memory_picture(baseline, &reading->pictures[j]) != &baseline->pictures[i])
            j++;
        if (j == reading->picture_count && baseline->pictures[i].last == baseline->versions)
            return false;
    }
    return baseline->picture_count > 0;
}

static double stands(const struct comparing *comparing, uint32_t piece)
{
    if (comparing->pictures_stand && comparing->baseline->pieces[piece].origin == ORIGIN_IMAGE)
        return 1;
    return likeness_of_memory_piece(&comparing->likeness, piece);
}

static void sum_memory(struct comparing *comparing)
{
    struct change *change = comparing->change;
    const struct baseline *baseline = comparing->baseline;
    double lasting = 0, kept = 0, anchor = 0, anchor_kept = 0;
    for (uint32_t i = 0; i < baseline->piece_count; i++) {
        const struct memory_piece *piece = &baseline->pieces[i];
        double weight = memory_weight(baseline, piece);
        bool anchored = (piece->flags & MEMORY_ANCHOR) && (piece->flags & MEMORY_COUNTS);
        if (weight <= 0 && !anchored)
            continue;
        double share = stands(comparing, i);
        lasting += weight * piece->letters;
        kept += weight * piece->letters * share;
        anchor += anchored ? piece->letters : 0;
        anchor_kept += anchored ? piece->letters * share : 0;
    }
    change->lasting_letters = (uint32_t)(lasting + 0.5);
    change->kept = lasting > 0 ? kept / lasting : change->structure;
    change->anchor = anchor > 0 ? anchor_kept / anchor : change->kept;
    change->words = comparing->likeness.words < 0 ? change->kept : comparing->likeness.words;
}

/* ---- blocks ----------------------------------------------------------------------------------------------
 */

static int add_block(struct comparing *comparing, const struct change_block *block)
{
    struct change *change = comparing->change;
    struct change_block *grown = arena_grow(&change->arena, change->blocks, change->block_count,
                                            &comparing->block_room, sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    change->blocks = grown;
    change->blocks[change->block_count] = *block;
    change->blocks[change->block_count].text = arena_copy(&change->arena, block->text);
    if (!change->blocks[change->block_count].text.at)
        return -ENOMEM;
    change->block_count++;
    return 0;
}

static struct change_block block_of(const struct comparing *comparing, size_t i)
{
    const struct piece *piece = &comparing->likeness.page.at[i];
    return (struct change_block){.kind = comparing->kinds[i],
                                 .text = piece->text,
                                 .origin = piece->origin,
                                 .heading = piece->heading,
                                 .hidden = comparing->reading->blocks[piece->block].hidden,
                                 .maybe = comparing->reading->blocks[piece->block].maybe,
                                 .layer = comparing->reading->blocks[piece->block].layer,
                                 .letters = piece->letters,
                                 .place = piece->place,
                                 .fresh = comparing->fresh[i]};
}

/* Sentences of one block that fared alike are shown as one. */
static bool join(struct change_block *block, const struct change_block *next, bool same)
{
    if (!same || block->kind != next->kind)
        return false;
    double letters = (double)block->letters + next->letters;
    if (letters > 0)
        block->fresh = (block->fresh * block->letters + next->fresh * next->letters) / letters;
    block->letters += next->letters;
    block->text.size = (size_t)(next->text.at + next->text.size - block->text.at);
    return true;
}

static int add_page_blocks(struct comparing *comparing)
{
    const struct piece_list *page = &comparing->likeness.page;
    for (size_t i = 0; i < page->count;) {
        struct change_block block = block_of(comparing, i);
        size_t start = i++;
        while (i < page->count) {
            struct change_block next = block_of(comparing, i);
            if (!join(&block, &next, page->at[i].block == page->at[start].block))
                break;
            i++;
        }
        if (add_block(comparing, &block))
            return -ENOMEM;
    }
    return 0;
}

static int add_gone_blocks(struct comparing *comparing)
{
    const struct baseline *baseline = comparing->baseline;
    for (uint32_t i = 0; i < baseline->piece_count; i++) {
        const struct memory_piece *piece = &baseline->pieces[i];
        if (piece->last != baseline->versions || memory_weight(baseline, piece) < GONE_WEIGHT_MIN ||
            !piece->text.size || stands(comparing, i) >= 1)
            continue;
        struct change_block block = {.kind = CHANGE_GONE,
                                     .text = piece->text,
                                     .origin = piece->origin,
                                     .heading = piece->heading,
                                     .letters = piece->letters};
        if (add_block(comparing, &block))
            return -ENOMEM;
    }
    return 0;
}

/* What stands in another order than before: everything outside the longest rising run of old places. A text
 * that stands on the page several times has one old place; its first one counts. */
static int mark_moved(struct comparing *comparing)
{
    const struct piece_list *page = &comparing->likeness.page;
    uint32_t *tails = arena_alloc(&comparing->scratch, page->count + 1, sizeof(*tails));
    uint32_t *before = arena_alloc(&comparing->scratch, page->count + 1, sizeof(*before));
    bool *taken = arena_alloc(&comparing->scratch, comparing->baseline->piece_count + 1, sizeof(*taken));
    if (!tails || !before || !taken)
        return -ENOMEM;
    const uint32_t *old = comparing->likeness.page_match;
    size_t length = 0;
    for (uint32_t i = 0; i < page->count; i++) {
        if (old[i] == LIKENESS_NONE || taken[old[i]])
            continue;
        taken[old[i]] = true;
        size_t low = 0, high = length;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (old[tails[middle]] <= old[i])
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low ? tails[low - 1] : UINT32_MAX;
        tails[low] = i;
        length += low == length;
        comparing->kinds[i] = comparing->kinds[i] == CHANGE_KEPT ? CHANGE_MOVED : comparing->kinds[i];
    }
    for (uint32_t i = length ? tails[length - 1] : UINT32_MAX; i != UINT32_MAX; i = before[i])
        comparing->kinds[i] = comparing->kinds[i] == CHANGE_MOVED ? CHANGE_KEPT : comparing->kinds[i];
    return 0;
}

/* ---- markup, hosts, pictures
 * ------------------------------------------------------------------------------- */

static int compare_structure(struct comparing *comparing)
{
    const struct baseline *baseline = comparing->baseline;
    const struct reading *reading = comparing->reading;
    struct set64 present;
    if (set64_make(&comparing->scratch, reading->path_count, &present))
        return -ENOMEM;
    for (size_t i = 0; i < reading->path_count; i++)
        set64_put(&present, piece_path(reading->paths[i].path), 1);
    uint32_t lasting = 0, stands = 0;
    for (uint32_t i = 0; i < baseline->path_count; i++) {
        const struct memory_path *path = &baseline->paths[i];
        if (path->path < PAGE_SIGNS || path->last < baseline->versions ||
            (path->seen < 2 && baseline->versions > 2))
            continue;
        lasting++;
        stands += set64_find(&present, path->path) != NULL;
    }
    comparing->change->structure = lasting ? (double)stands / lasting : 1;
    return 0;
}

static bool knows_path(const struct baseline *baseline, uint32_t path)
{
    uint32_t low = 0, high = baseline->path_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (baseline->paths[middle].path < path)
            low = middle + 1;
        else
            high = middle;
    }
    return low < baseline->path_count && baseline->paths[low].path == path;
}

/* A baseline that was learnt before signs were told knows none of them. */
static void compare_signs(struct comparing *comparing)
{
    const struct baseline *baseline = comparing->baseline;
    const struct reading *reading = comparing->reading;
    if (!baseline || !knows_path(baseline, SIGN_READER << 16 | 1))
        return;
    for (size_t i = 0; i < reading->path_count && reading->paths[i].path < PAGE_SIGNS; i++)
        if (!knows_path(baseline, (uint32_t)reading->paths[i].path))
            comparing->change->signs |= 1u << (reading->paths[i].path >> 16);
    bool cut = reading->cut || comparing->likeness.page.cut;
    if (cut && !knows_path(baseline, SIGN_CUT << 16))
        comparing->change->signs |= 1u << SIGN_CUT;
}

static int new_hosts(struct comparing *comparing, enum memory_host_kind kind, const struct host_list *now,
                     struct host_list *ret_new)
{
    struct host_list fresh = {arena_alloc(&comparing->change->arena, now->count + 1, sizeof(*fresh.at)), 0};
    if (!fresh.at)
        return -ENOMEM;
    for (size_t i = 0; i < now->count; i++) {
        if (comparing->baseline &&
            memory_knows_host(&comparing->baseline->hosts[kind], hash_span(now->at[i].host)))
            continue;
        struct span host = arena_copy(&comparing->change->arena, now->at[i].host);
        if (!host.at)
            return -ENOMEM;
        fresh.at[fresh.count++] = (struct host_count){host, now->at[i].count};
    }
    *ret_new = fresh;
    return 0;
}

static double hosts_kept(const struct comparing *comparing)
{
    const struct memory_hosts *links = &comparing->baseline->hosts[MEMORY_LINKS];
    const struct host_list *now = &comparing->reading->links;
    uint32_t lasting = 0, stands = 0;
    for (uint32_t i = 0; i < links->count; i++) {
        if (links->at[i].last < comparing->baseline->versions)
            continue;
        size_t j = 0;
        while (j < now->count && hash_span(now->at[j].host) != links->at[i].hash)
            j++;
        lasting++;
        stands += j < now->count;
    }
    return lasting ? (double)stands / lasting : -1;
}

static int compare_hosts(struct comparing *comparing)
{
    struct change *change = comparing->change;
    const struct reading *reading = comparing->reading;
    change->hosts = comparing->baseline ? hosts_kept(comparing) : -1;
    if (new_hosts(comparing, MEMORY_LINKS, &reading->links, &change->new_links) ||
        new_hosts(comparing, MEMORY_SCRIPTS, &reading->scripts, &change->new_scripts) ||
        new_hosts(comparing, MEMORY_FRAMES, &reading->frames, &change->new_frames))
        return -ENOMEM;
    return new_hosts(comparing, MEMORY_FORMS, &reading->forms, &change->new_forms);
}

static double contacts_kept(const struct comparing *comparing)
{
    const struct baseline *baseline = comparing->baseline;
    const struct piece_list *page = &comparing->likeness.page;
    uint32_t stands = 0;
    for (uint32_t i = 0; i < baseline->contact_count; i++) {
        size_t j = 0;
        while (j < page->contact_count && page->contacts[j] != baseline->contacts[i])
            j++;
        stands += j < page->contact_count;
    }
    return baseline->contact_count ? (double)stands / baseline->contact_count : -1;
}

/* True when the picture may carry a message, as far as is known: a size that nobody told may be large. */
static bool carries(const struct picture_ref *picture)
{
    if (picture->kind == PICTURE_ICON || picture->kind == PICTURE_SOCIAL || picture->hidden)
        return false;
    uint64_t width = picture->pixel_width ? picture->pixel_width : picture->width;
    uint64_t height = picture->pixel_height ? picture->pixel_height : picture->height;
    if ((width && width < PICTURE_SIDE_MIN) || (height && height < PICTURE_SIDE_MIN))
        return false;
    return !width || !height || width * height >= PICTURE_AREA_MIN;
}

static void compare_pictures(struct comparing *comparing)
{
    struct change *change = comparing->change;
    for (size_t i = 0; i < comparing->reading->picture_count; i++) {
        const struct picture_ref *picture = &comparing->reading->pictures[i];
        if (!carries(picture))
            continue;
        if (comparing->baseline && memory_picture(comparing->baseline, picture)) {
            change->pictures_kept++;
            continue;
        }
        change->pictures_new++;
        change->pictures_unread += !picture->fetched || picture->outcome != OUTCOME_OK;
        if (comparing->baseline && picture->veil && picture->fetched && picture->outcome != OUTCOME_OK)
            change->signs |= 1u << SIGN_VEIL;
    }
}

static int compare_title(struct comparing *comparing)
{
    struct change *change = comparing->change;
    change->new_title = arena_copy(&change->arena, comparing->reading->title);
    change->old_title = (struct span){NULL, 0};
    if (!change->new_title.at)
        return -ENOMEM;
    if (!comparing->baseline)
        return 0;
    change->old_title = arena_copy(&change->arena, comparing->baseline->title);
    struct span now = utf8_prefix(change->new_title, MEMORY_TITLE_MAX);
    change->title_changed = !span_equal(now, change->old_title);
    return change->old_title.at ? 0 : -ENOMEM;
}

/* ---- the whole
 * --------------------------------------------------------------------------------------------- */

static int compare_text(struct comparing *comparing)
{
    size_t count = comparing->likeness.page.count;
    comparing->kinds = arena_alloc(&comparing->scratch, count + 1, sizeof(*comparing->kinds));
    comparing->fresh = arena_alloc(&comparing->scratch, count + 1, sizeof(*comparing->fresh));
    if (!comparing->kinds || !comparing->fresh || set_allowances(comparing))
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        judge_piece(comparing, i);
    if (comparing->baseline && mark_moved(comparing))
        return -ENOMEM;
    sum_page(comparing);
    comparing->pictures_stand = comparing->baseline && pictures_stand(comparing);
    if (comparing->baseline)
        sum_memory(comparing);
    if (add_page_blocks(comparing))
        return -ENOMEM;
    return comparing->baseline ? add_gone_blocks(comparing) : 0;
}

static int compare(struct comparing *comparing)
{
    int error = likeness_make(comparing->baseline, comparing->reading, &comparing->change->arena,
                              &comparing->scratch, &comparing->likeness);
    if (!error && comparing->baseline)
        error = compare_structure(comparing);
    error = error ? error : compare_text(comparing);
    error = error ? error : compare_hosts(comparing);
    error = error ? error : compare_title(comparing);
    if (error)
        return error;
    comparing->change->contacts = comparing->baseline ? contacts_kept(comparing) : -1;
    compare_signs(comparing);
    compare_pictures(comparing);
    return 0;
}

/* Learning comes after comparing, and cutting is half of its work. */
static int keep_cut(struct comparing *comparing)
{
    struct piece_list *cut = arena_alloc(&comparing->change->arena, 1, sizeof(*cut));
    if (!cut)
        return -ENOMEM;
    *cut = comparing->likeness.page;
    comparing->change->cut = cut;
    return 0;
}

int compare_reading(const struct baseline *baseline, const struct reading *reading, struct change *ret_change)
{
    struct change change = {.arena = arena_new(CHANGE_BYTES_MAX)};
    struct comparing comparing = {.baseline = baseline && baseline->versions ? baseline : NULL,
                                  .reading = reading,
                                  .change = &change,
                                  .scratch = arena_new(CHANGE_BYTES_MAX)};
    change.has_baseline = comparing.baseline != NULL;
    int error = compare(&comparing);
    error = error ? error : keep_cut(&comparing);
    arena_free(&comparing.scratch);
    if (error) {
        arena_free(&change.arena);
        return error;
    }
    *ret_change = change;
    return 0;
}
