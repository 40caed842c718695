/* Freeing and naming the records of page.h. */
#include "pipeline/page.h"

void capture_free(struct capture *capture)
{
    arena_free(&capture->arena);
    *capture = (struct capture){.arena = capture->arena};
}

void reading_free(struct reading *reading)
{
    arena_free(&reading->arena);
    *reading = (struct reading){.arena = reading->arena};
}

void picture_text_free(struct picture_text *text)
{
    arena_free(&text->arena);
    *text = (struct picture_text){.arena = text->arena};
}

void picture_copy_free(struct picture_copy *copy)
{
    arena_free(&copy->arena);
    *copy = (struct picture_copy){.arena = copy->arena};
}

void change_free(struct change *change)
{
    arena_free(&change->arena);
    *change = (struct change){.arena = change->arena};
}

void verdict_free(struct verdict *verdict)
{
    arena_free(&verdict->arena);
    *verdict = (struct verdict){.arena = verdict->arena};
}

void incident_free(struct incident *incident)
{
    arena_free(&incident->arena);
    *incident = (struct incident){.arena = incident->arena};
}

const char *incident_state_name(enum incident_state state)
{
    static const char *const names[INCIDENT_STATE_COUNT] = {
        [INCIDENT_SUSPECTED] = "suspected",       [INCIDENT_CONFIRMED] = "confirmed",
        [INCIDENT_ACKNOWLEDGED] = "acknowledged", [INCIDENT_RECOVERED] = "recovered",
        [INCIDENT_ACCEPTED] = "accepted",         [INCIDENT_DISMISSED] = "dismissed",
    };
    return (unsigned)state < INCIDENT_STATE_COUNT ? names[state] : "unknown";
}

const char *origin_name(enum origin origin)
{
    static const char *const names[ORIGIN_COUNT] = {
        [ORIGIN_HTML] = "html",           [ORIGIN_TITLE] = "title",       [ORIGIN_META] = "meta",
        [ORIGIN_ATTRIBUTE] = "attribute", [ORIGIN_NOSCRIPT] = "noscript", [ORIGIN_IMAGE] = "image",
    };
    return (unsigned)origin < ORIGIN_COUNT ? names[origin] : "unknown";
}

const char *verdict_name(enum verdict_kind kind)
{
    static const char *const names[VERDICT_KIND_COUNT] = {
        [VERDICT_NEW] = "new",         [VERDICT_UNCHANGED] = "unchanged",
        [VERDICT_EDITED] = "edited",   [VERDICT_REPLACED] = "replaced",
        [VERDICT_DEFACED] = "defaced", [VERDICT_UNAVAILABLE] = "unavailable",
    };
    return (unsigned)kind < VERDICT_KIND_COUNT ? names[kind] : "unknown";
}

bool verdict_rests_on(const struct verdict *verdict, const struct reason *reason)
{
    return verdict->kind != VERDICT_DEFACED || reason->weight > 0;
}

struct fetch_order fetch_order_copy(struct arena *arena, const struct fetch_order *order)
{
    struct fetch_order copy = *order;
    copy.url = arena_copy(arena, order->url);
    copy.base = arena_copy(arena, order->base);
    copy.reference = arena_copy(arena, order->reference);
    copy.user_agent = arena_copy(arena, order->user_agent);
    copy.etag = arena_copy(arena, order->etag);
    copy.modified = arena_copy(arena, order->modified);
    copy.cookies = arena_copy(arena, order->cookies);
    copy.proxy = arena_copy(arena, order->proxy);
    return copy;
}
