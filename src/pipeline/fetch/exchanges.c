/* See exchanges.h. */
#include "pipeline/fetch/exchanges.h"

#include "pipeline/fetch/fetch_limits.h"

static void settle(struct exchanges *exchanges)
{
    if (exchanges->count && exchanges->head.size)
        exchanges->at[exchanges->count - 1].response = arena_copy(exchanges->arena, exchanges->head);
    exchanges->head = (struct span){NULL, 0};
    exchanges->head_room = 0;
}

void exchanges_request(struct exchanges *exchanges, struct span head, struct span url, int64_t at_us)
{
    settle(exchanges);
    exchanges->open = false;
    if (span_starts(head, SPAN("CONNECT ")) || exchanges->count > FETCH_REDIRECTS ||
        exchanges->bytes + head.size > FETCH_HEADER_TOTAL)
        return;
    struct exchange *grown = arena_grow(exchanges->arena, exchanges->at, exchanges->count, &exchanges->room,
                                        sizeof(*exchanges->at));
    if (!grown)
        return;
    exchanges->at = grown;
    exchanges->at[exchanges->count++] =
        (struct exchange){.url = url, .request = arena_copy(exchanges->arena, head), .at_us = at_us};
    exchanges->bytes += head.size;
    exchanges->open = true;
    exchanges->head_ended = false;
}

/* Doubles the room of the head that comes line by line; the arena keeps the old one until its end. */
static bool make_room(struct exchanges *exchanges, size_t more)
{
    size_t need = exchanges->head.size + more, room = exchanges->head_room ? exchanges->head_room : 1024;
    if (need <= exchanges->head_room)
        return true;
    while (room < need)
        room *= 2;
    char *at = arena_alloc(exchanges->arena, room, 1);
    if (!at)
        return false;
    if (exchanges->head.size)
        memcpy(at, exchanges->head.at, exchanges->head.size);
    exchanges->head.at = at;
    exchanges->head_room = room;
    return true;
}

void exchanges_line(struct exchanges *exchanges, struct span line, uint16_t status, struct span address)
{
    if (!exchanges->open)
        return;
    struct exchange *last = &exchanges->at[exchanges->count - 1];
    if (span_starts(line, SPAN("HTTP/"))) { /* an interim answer came before; the last one counts */
        exchanges->head.size = 0;
        exchanges->head_ended = false;
        last->status = status;
        last->address = address;
    }
    if (exchanges->head_ended || exchanges->bytes + line.size > FETCH_HEADER_TOTAL ||
        !make_room(exchanges, line.size))
        return; /* what comes behind the empty line are trailers */
    memcpy((char *)(uintptr_t)exchanges->head.at + exchanges->head.size, line.at, line.size);
    exchanges->head.size += line.size;
    exchanges->bytes += line.size;
    exchanges->head_ended = span_trim(line).size == 0;
}

void exchanges_end(struct exchanges *exchanges, struct capture *capture)
{
    settle(exchanges);
    capture->exchanges = exchanges->at;
    capture->exchange_count = exchanges->count;
}
