/* See kinship.h: an array of (what, who), sorted by what. */
#include "pipeline/alert/kinship.h"

#include "base/hash.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { PICTURES = 4, TRAITS_MAX = SKETCH_SIZE + PICTURES + 1 };

/* Kinds of traits, mixed in so that no two of them meet by chance. */
enum { TRAIT_WORDS = 1, TRAIT_PICTURE, TRAIT_LANDING, TRAIT_CAUSE };

struct trait {
    uint64_t what;
    uint32_t who;
};

/* All who share one trait. */
struct circle {
    const struct trait *at;
    size_t count;
};

struct kinship {
    const struct incident *const *incidents; /* count; only looked at while it is made and asked */
    size_t count;
    struct trait *traits; /* trait_count, sorted */
    size_t trait_count;
    uint32_t *asked; /* of each incident: the question it was last an answer to */
    uint32_t question;
    uint32_t *places;
};

static size_t traits_of(const struct incident *incident, uint64_t ret_traits[TRAITS_MAX], size_t *ret_words)
{
    size_t count = 0;
    *ret_words = 0;
    if (incident->verdict == VERDICT_UNAVAILABLE) {
        ret_traits[count++] = hash_mix(TRAIT_CAUSE, hash_span(span_of(incident->cause)));
        return count;
    }
    for (uint32_t i = 0; i < incident->sketch.count; i++)
        ret_traits[count++] = hash_mix(TRAIT_WORDS, incident->sketch.at[i]);
    *ret_words = count;
    for (size_t i = 0; i < PICTURES; i++)
        if (incident->pictures[i])
            ret_traits[count++] = hash_mix(TRAIT_PICTURE, incident->pictures[i]);
    if (incident->landing)
        ret_traits[count++] = hash_mix(TRAIT_LANDING, incident->landing);
    return count;
}

static int by_what(const void *a, const void *b)
{
    const struct trait *one = a, *other = b;
    if (one->what != other->what)
        return one->what < other->what ? -1 : 1;
    return one->who < other->who ? -1 : one->who > other->who;
}

static void collect(struct kinship *kinship)
{
    for (uint32_t who = 0; who < kinship->count; who++) {
        uint64_t traits[TRAITS_MAX];
        size_t words, count = traits_of(kinship->incidents[who], traits, &words);
        for (size_t i = 0; i < count; i++)
            kinship->traits[kinship->trait_count++] = (struct trait){traits[i], who};
    }
    qsort(kinship->traits, kinship->trait_count, sizeof(*kinship->traits), by_what);
}

int kinship_new(const struct incident *const *incidents, size_t count, struct kinship **ret_kinship)
{
    struct kinship *kinship = calloc(1, sizeof(*kinship));
    if (!kinship)
        return -ENOMEM;
    size_t room = 1;
    for (size_t i = 0; i < count; i++)
        room += incidents[i]->sketch.count + PICTURES + 1;
    *kinship = (struct kinship){.incidents = incidents, .count = count};
    kinship->traits = calloc(room, sizeof(*kinship->traits));
    kinship->asked = calloc(count + 1, sizeof(*kinship->asked));
    kinship->places = calloc(count + 1, sizeof(*kinship->places));
    if (!kinship->traits || !kinship->asked || !kinship->places) {
        kinship_free(kinship);
        return -ENOMEM;
    }
    collect(kinship);
    *ret_kinship = kinship;
    return 0;
}

void kinship_free(struct kinship *kinship)
{
    if (!kinship)
        return;
    free(kinship->traits);
    free(kinship->asked);
    free(kinship->places);
    free(kinship);
}

static struct circle circle_of(const struct kinship *kinship, uint64_t what)
{
    size_t low = 0, high = kinship->trait_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (kinship->traits[middle].what < what)
            low = middle + 1;
        else
            high = middle;
    }
    struct circle circle = {kinship->traits + low, 0};
    while (low + circle.count < kinship->trait_count && circle.at[circle.count].what == what)
        circle.count++;
    return circle;
}

static int by_size(const void *a, const void *b)
{
    const struct circle *one = a, *other = b;
    return one->count < other->count ? -1 : one->count > other->count;
}

static int by_place(const void *a, const void *b)
{
    const uint32_t *one = a, *other = b;
    return *one < *other ? -1 : *one > *other;
}

static size_t take(struct kinship *kinship, const struct circle *circle, size_t count)
{
    for (size_t i = 0; i < circle->count; i++) {
        uint32_t who = circle->at[i].who;
        if (kinship->asked[who] == kinship->question)
            continue;
        kinship->asked[who] = kinship->question;
        kinship->places[count++] = who;
    }
    return count;
}

/*
 * Of the circles of words the largest are passed over, phrases that stand in everybody's message: who says
 * the same shares at least CAMPAIGN_SAME_MESSAGE of this one's hashes, `least` of them, so that without the
 * `least - 1` largest circles each of those is still met in one.
 */
size_t kinship_of(struct kinship *kinship, size_t place, const uint32_t **ret_places)
{
    uint64_t traits[TRAITS_MAX];
    struct circle circles[TRAITS_MAX] = {{NULL, 0}};
    size_t words, count = traits_of(kinship->incidents[place], traits, &words), found = 0;
    for (size_t i = 0; i < count; i++)
        circles[i] = circle_of(kinship, traits[i]);
    qsort(circles, words, sizeof(circles[0]), by_size);
    size_t least = (size_t)ceil(CAMPAIGN_SAME_MESSAGE * (double)words);
    kinship->question++;
    kinship->asked[place] = kinship->question;
    for (size_t i = 0; i < count; i++)
        if (i >= words || i + (least ? least - 1 : 0) < words)
            found = take(kinship, &circles[i], found);
    if (found)
        qsort(kinship->places, found, sizeof(*kinship->places), by_place);
    *ret_places = kinship->places;
    return found;
}
