/* See web_order.h. */
#include "wire/web_order.h"

void web_order_put(struct buf *out, const struct web_order *order)
{
    put_span(out, order->store);
    put_span(out, order->evidence);
    put_span(out, order->token_file);
    put_u32(out, (uint32_t)order->host_count);
    for (size_t i = 0; i < order->host_count; i++)
        put_span(out, order->hosts[i]);
    put_span(out, order->zone);
    put_u32(out, order->port);
}

bool web_order_get(struct span in, struct arena *arena, struct web_order *ret_order)
{
    struct decoder from = {.in = in};
    struct web_order order = {.store = get_text(&from, arena)};
    order.evidence = get_text(&from, arena);
    order.token_file = get_text(&from, arena);
    order.host_count = get_count(&from, 4);
    struct span *hosts = arena_alloc(arena, order.host_count + 1, sizeof(*hosts));
    for (size_t i = 0; hosts && i < order.host_count; i++)
        hosts[i] = get_text(&from, arena);
    order.hosts = hosts;
    order.zone = get_text(&from, arena);
    order.port = get_below(&from, 65536);
    *ret_order = order;
    return hosts && decoder_done(&from) && !arena->failed;
}

void web_roll_put(struct buf *out, const struct web_roll *roll)
{
    put_u32(out, (uint32_t)roll->group_count);
    for (size_t i = 0; i < roll->group_count; i++) {
        put_span(out, roll->groups[i].name);
        put_span(out, roll->groups[i].contact);
    }
    put_u32(out, (uint32_t)roll->page_count);
    for (size_t i = 0; i < roll->page_count; i++) {
        put_span(out, roll->pages[i].url);
        put_span(out, roll->pages[i].name);
        put_u32(out, roll->pages[i].group);
        put_u32(out, roll->pages[i].interval_s);
    }
}

static struct web_group *get_groups(struct decoder *from, struct arena *arena, size_t *ret_count)
{
    size_t count = get_count(from, 8);
    struct web_group *groups = arena_alloc(arena, count + 1, sizeof(*groups));
    for (size_t i = 0; groups && i < count; i++) {
        groups[i].name = get_text(from, arena);
        groups[i].contact = get_text(from, arena);
    }
    *ret_count = count;
    return groups;
}

bool web_roll_get(struct span in, struct arena *arena, struct web_roll *ret_roll)
{
    struct decoder from = {.in = in};
    struct web_roll roll = {.groups = NULL};
    roll.groups = get_groups(&from, arena, &roll.group_count);
    roll.page_count = get_count(&from, 16);
    roll.pages = arena_alloc(arena, roll.page_count + 1, sizeof(*roll.pages));
    for (size_t i = 0; roll.pages && i < roll.page_count; i++) {
        struct web_page *page = &roll.pages[i];
        page->url = get_text(&from, arena);
        page->name = get_text(&from, arena);
        page->group = get_below(&from, (uint32_t)(roll.group_count ? roll.group_count : 1));
        page->interval_s = get_u32(&from);
    }
    *ret_roll = roll;
    return roll.groups && roll.pages && decoder_done(&from) && !arena->failed;
}
