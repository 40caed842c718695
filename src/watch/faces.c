/* See faces.h. */
#include "watch/faces.h"

#include "base/hash.h"
#include "watch/journey.h"

#include <stdlib.h>
#include <string.h>

enum {
    SAID_BYTES = 4 << 20, /* of all that is shown on the way: a page to be read in seconds has kilobytes */
    RETURNS = 1,          /* to an address that has new cookies to know us by */
    FRESH_PERCENT = 50,   /* of a page that leads on: less is the page as it is known, edited */
};

static void face_free(struct face *face)
{
    verdict_free(&face->verdict);
    change_free(&face->change);
    reading_free(&face->reading);
    capture_free(&face->capture);
    page_pictures_free(&face->pictures);
    hoard_release(face->body);
    *face = (struct face){0};
}

void faces_free(struct faces *faces)
{
    if (faces->has_left)
        face_free(&faces->left);
    if (faces->has_said)
        reading_free(&faces->said);
    faces->has_left = faces->has_said = false;
}

/* ---- where it leads ---- */

void faces_arrive(struct journey *journey)
{
    struct faces *faces = &journey->faces;
    uint64_t place = hash_span(journey->capture.final_url);
    unsigned visits = 0;
    for (unsigned i = 0; i < journey->refreshes; i++)
        visits += faces->places[i] == place;
    faces->returned = visits > 0;
    faces->looped |= visits > 0 && (!faces->fed || visits > RETURNS);
    faces->places[journey->refreshes] = place;
}

static struct span declared_way(const struct journey *journey)
{
    const struct reading *reading = &journey->reading;
    if (journey->file || journey->faces.late || journey->faces.looped)
        return (struct span){NULL, 0};
    if (reading->refresh_self && reading->refresh_s <= JOURNEY_SELF_S && journey->faces.fed)
        return journey->capture.final_url;
    return reading->refresh.size || journey->refreshes ? reading->refresh : reading->refresh_late;
}

struct span faces_way(const struct journey *journey)
{
    if (!journey->has_reading || journey->refreshes >= JOURNEY_REFRESHES)
        return (struct span){NULL, 0};
    return declared_way(journey);
}

bool faces_beyond(const struct journey *journey)
{
    return journey->has_reading && journey->refreshes >= JOURNEY_REFRESHES && declared_way(journey).size;
}

/* ---- leaving ---- */

/* Of a page that is known by what it leads to, little stands in its own words: only new ones speak. */
static bool speaks_anew(const struct journey *journey)
{
    const struct change *change = &journey->change;
    if (journey->verdict.kind != VERDICT_REPLACED || !journey->has_change || !change->has_baseline)
        return false;
    if (journey->reading.refresh_s < JOURNEY_SHOWN_S)
        return false;
    return change->fresh * 100 >= FRESH_PERCENT || (change->pictures_new && !change->pictures_kept);
}

static struct face take_face(struct journey *journey)
{
    struct face face = {
        .capture = journey->capture,
        .body = journey->body,
        .reading = journey->reading,
        .has_reading = journey->has_reading,
        .change = journey->change,
        .has_change = journey->has_change,
        .verdict = journey->verdict,
        .pictures = journey->pictures,
        .leg = journey->refreshes,
    };
    journey->capture = (struct capture){0};
    journey->body = NULL;
    journey->reading = (struct reading){0};
    journey->change = (struct change){0};
    journey->verdict = (struct verdict){0};
    journey->pictures = (struct page_pictures){0};
    journey->has_reading = journey->has_change = false;
    return face;
}

/* Blocks of text and pictures of one reading behind those of another. */
static void append(struct reading *into, const struct reading *from)
{
    struct arena *arena = &into->arena;
    size_t pictures = into->picture_count, blocks = into->block_count;
    size_t picture_room = pictures, block_room = blocks;
    for (size_t i = 0; i < from->picture_count; i++) {
        struct picture_ref *at =
            arena_grow(arena, into->pictures, into->picture_count, &picture_room, sizeof(*at));
        if (!at)
            return;
        into->pictures = at;
        at[into->picture_count] = from->pictures[i];
        at[into->picture_count].url = arena_copy(arena, from->pictures[i].url);
        at[into->picture_count++].bytes = (struct span){NULL, 0};
    }
    for (size_t i = 0; i < from->block_count; i++) {
        struct block *at = arena_grow(arena, into->blocks, into->block_count, &block_room, sizeof(*at));
        if (!at)
            return;
        into->blocks = at;
        at[into->block_count] = from->blocks[i];
        at[into->block_count].text = arena_copy(arena, from->blocks[i].text);
        at[into->block_count].place += into->letters;
        if (from->blocks[i].picture < from->picture_count)
            at[into->block_count].picture += (uint32_t)pictures;
        into->block_count++;
    }
    into->letters += from->letters;
}

/* Error pages and challenges are on the way only now and then. */
static bool is_to_be_learnt(const struct journey *journey)
{
    return journey->has_reading && journey->reading.refresh_s >= JOURNEY_SHOWN_S &&
           journey->verdict.kind != VERDICT_UNAVAILABLE &&
           (journey->reading.letters || journey->reading.picture_count);
}

static void keep_said(struct journey *journey)
{
    struct faces *faces = &journey->faces;
    if (!is_to_be_learnt(journey))
        return;
    if (!faces->has_said)
        faces->said = (struct reading){.arena = arena_new(SAID_BYTES)};
    faces->has_said = true;
    append(&faces->said, &journey->reading);
}

static void drop(struct journey *journey)
{
    verdict_free(&journey->verdict);
    change_free(&journey->change);
    journey->has_change = false;
    page_pictures_free(&journey->pictures);
    reading_free(&journey->reading);
    journey->has_reading = false;
}

void faces_leave(struct journey *journey)
{
    struct faces *faces = &journey->faces;
    faces->late = journey->reading.refresh.size == 0 && !journey->reading.refresh_self;
    if (faces->late || (!faces->has_left && speaks_anew(journey))) {
        faces->left = take_face(journey);
        faces->has_left = true;
    } else {
        keep_said(journey);
        drop(journey);
    }
    journey->led_on |= !faces->late;
    journey->refreshes++;
}

/* ---- the end ---- */

/* Who shows the pictures looks their text up by number. */
static bool make_room(struct page_pictures *pictures, size_t count, size_t more)
{
    struct span *texts = calloc(count + more + 1, sizeof(*texts));
    if (!texts)
        return false;
    if (pictures->texts)
        memcpy(texts, pictures->texts, count * sizeof(*texts));
    free(pictures->texts);
    pictures->texts = texts;
    return true;
}

void faces_join(struct journey *journey)
{
    struct faces *faces = &journey->faces;
    if (!faces->has_said || faces->returned || !journey->has_reading || faces_way(journey).size)
        return;
    if (!make_room(&journey->pictures, journey->reading.picture_count, faces->said.picture_count))
        return;
    append(&journey->reading, &faces->said);
    reading_free(&faces->said);
    faces->has_said = false;
}

/* The page in the journey's hands goes to where the one that is told was kept as a leg of the way. */
static void exchange(struct journey *journey, struct face *left)
{
    struct face other = take_face(journey);
    journey->capture = left->capture;
    journey->body = left->body;
    journey->reading = left->reading;
    journey->has_reading = left->has_reading;
    journey->change = left->change;
    journey->has_change = left->has_change;
    journey->verdict = left->verdict;
    journey->pictures = left->pictures;
    other.leg = left->leg;
    *left = other;
}

void faces_settle(struct journey *journey)
{
    struct faces *faces = &journey->faces;
    if (!faces->has_left)
        return;
    if (journey->verdict.kind != VERDICT_DEFACED)
        exchange(journey, &faces->left);
    if (journey->manner.record && faces->left.leg < JOURNEY_REFRESHES) {
        journey->legs[faces->left.leg] = (struct journey_leg){faces->left.capture, faces->left.body};
        faces->left.capture = (struct capture){0};
        faces->left.body = NULL;
    }
}
