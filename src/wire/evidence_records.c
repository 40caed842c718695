/*
 * The codec of what is kept as evidence: heads that went over the wire, and the order that has everything of
 * a moment in it. Heads are a stranger's bytes and stay bytes; nobody but varta-keep ever looks into them.
 */
#include "wire/evidence_records.h"

#include "wire/records.h"

enum { COPY_CEILING = 64 << 10 };

/* ---- exchanges ---- */

static void exchanges_put(struct buf *out, const struct exchange *exchanges, size_t count)
{
    put_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        put_span(out, exchanges[i].url);
        put_span(out, exchanges[i].address);
        put_u64(out, (uint64_t)exchanges[i].at_us);
        put_u16(out, exchanges[i].status);
        put_span(out, exchanges[i].request);
        put_span(out, exchanges[i].response);
    }
}

static struct exchange *exchanges_get(struct decoder *in, struct arena *arena, size_t *ret_count)
{
    size_t count = get_count(in, 26);
    struct exchange *exchanges = arena_alloc(arena, count, sizeof(*exchanges));
    *ret_count = exchanges ? count : 0;
    in->bad = in->bad || !exchanges;
    for (size_t i = 0; i < *ret_count; i++) {
        exchanges[i].url = get_text(in, arena);
        exchanges[i].address = get_text(in, arena);
        exchanges[i].at_us = (int64_t)get_u64(in);
        exchanges[i].status = get_u16(in);
        exchanges[i].request = get_bytes(in, arena);
        exchanges[i].response = get_bytes(in, arena);
    }
    return exchanges;
}

void evidence_records_put(struct buf *out, const struct capture *capture)
{
    exchanges_put(out, capture->exchanges, capture->exchange_count);
    put_span(out, capture->subject);
    put_span(out, capture->valid_from);
    put_span(out, capture->valid_until);
    put_u32(out, (uint32_t)capture->chain_count);
    for (size_t i = 0; i < capture->chain_count; i++)
        put_span(out, capture->chain[i]);
}

void evidence_records_get(struct decoder *in, struct capture *capture)
{
    capture->exchanges = exchanges_get(in, &capture->arena, &capture->exchange_count);
    capture->subject = get_text(in, &capture->arena);
    capture->valid_from = get_text(in, &capture->arena);
    capture->valid_until = get_text(in, &capture->arena);
    size_t count = get_count(in, 4);
    capture->chain = arena_alloc(&capture->arena, count, sizeof(*capture->chain));
    capture->chain_count = capture->chain ? count : 0;
    in->bad = in->bad || !capture->chain;
    for (size_t i = 0; i < capture->chain_count; i++)
        capture->chain[i] = get_text(in, &capture->arena);
}

/* ---- orders of varta-keep ---- */

void keep_order_put(struct buf *out, const struct keep_order *order)
{
    put_u64(out, (uint64_t)order->incident);
    put_u64(out, (uint64_t)order->at_s);
    put_span(out, order->name);
    put_span(out, order->watcher);
    put_span(out, order->dossier);
    put_span(out, order->verdict);
    put_u32(out, (uint32_t)order->answer_count);
    for (size_t i = 0; i < order->answer_count; i++) {
        const struct keep_answer *answer = &order->answers[i];
        put_span(out, answer->url);
        put_span(out, answer->type);
        exchanges_put(out, answer->exchanges, answer->exchange_count);
        put_span(out, answer->body);
        put_u8(out, answer->cut);
    }
    put_u32(out, (uint32_t)order->file_count);
    for (size_t i = 0; i < order->file_count; i++) {
        put_span(out, order->files[i].name);
        put_span(out, order->files[i].bytes);
    }
}

static void get_answers(struct decoder *in, struct arena *arena, struct keep_order *order)
{
    size_t count = get_count(in, 17);
    order->answers = arena_alloc(arena, count, sizeof(*order->answers));
    order->answer_count = order->answers ? count : 0;
    in->bad = in->bad || !order->answers;
    for (size_t i = 0; i < order->answer_count; i++) {
        struct keep_answer *answer = &order->answers[i];
        answer->url = get_text(in, arena);
        answer->type = get_text(in, arena);
        answer->exchanges = exchanges_get(in, arena, &answer->exchange_count);
        answer->body = get_borrowed(in);
        answer->cut = get_u8(in) != 0;
    }
}

static void get_files(struct decoder *in, struct arena *arena, struct keep_order *order)
{
    size_t count = get_count(in, 8);
    order->files = arena_alloc(arena, count, sizeof(*order->files));
    order->file_count = order->files ? count : 0;
    in->bad = in->bad || !order->files;
    for (size_t i = 0; i < order->file_count; i++) {
        order->files[i].name = get_text(in, arena);
        order->files[i].bytes = get_borrowed(in);
    }
}

bool keep_order_get(struct span in, struct arena *arena, struct keep_order *ret_order)
{
    struct decoder from = {.in = in};
    struct keep_order *order = ret_order;
    *order = (struct keep_order){.incident = (int64_t)get_u64(&from), .at_s = (int64_t)get_u64(&from)};
    order->name = get_text(&from, arena);
    order->watcher = get_text(&from, arena);
    order->dossier = get_borrowed(&from);
    order->verdict = get_borrowed(&from);
    get_answers(&from, arena, order);
    get_files(&from, arena, order);
    return decoder_done(&from);
}

static void put_incidents(struct buf *out, const int64_t *incidents, size_t count)
{
    put_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        put_u64(out, (uint64_t)incidents[i]);
}

void clear_order_put(struct buf *out, const struct clear_order *order)
{
    put_u64(out, (uint64_t)order->before_s);
    put_u64(out, order->bytes);
    put_incidents(out, order->open, order->open_count);
    put_incidents(out, order->latest, order->latest_count);
}

/* NULL without memory. */
static const int64_t *get_incidents(struct decoder *from, struct arena *arena, size_t *ret_count)
{
    size_t count = get_count(from, 8);
    int64_t *incidents = arena_alloc(arena, count + 1, sizeof(*incidents));
    for (size_t i = 0; incidents && i < count; i++)
        incidents[i] = (int64_t)get_u64(from);
    *ret_count = count;
    return incidents;
}

bool clear_order_get(struct span in, struct arena *arena, struct clear_order *ret_order)
{
    struct decoder from = {.in = in};
    struct clear_order order = {.before_s = (int64_t)get_u64(&from), .bytes = get_u64(&from)};
    order.open = get_incidents(&from, arena, &order.open_count);
    order.latest = get_incidents(&from, arena, &order.latest_count);
    *ret_order = order;
    return order.open && order.latest && decoder_done(&from);
}

void kept_put(struct buf *out, const struct kept *kept)
{
    put_u32(out, kept->error);
    put_span(out, kept->detail);
    put_u64(out, kept->line);
    buf_add(out, kept->head.at, sizeof(kept->head.at));
    put_u32(out, kept->count);
    put_u64(out, kept->bytes);
}

bool kept_get(struct span in, struct arena *arena, struct kept *ret_kept)
{
    struct decoder from = {.in = in};
    ret_kept->error = get_below(&from, 4096);
    ret_kept->detail = get_text(&from, arena);
    ret_kept->line = get_u64(&from);
    get_fixed(&from, ret_kept->head.at, sizeof(ret_kept->head.at));
    ret_kept->count = get_u32(&from);
    ret_kept->bytes = get_u64(&from);
    return decoder_done(&from);
}

/* ---- pictures encoded anew ---- */

/* Degrees as text of a double would lose digits; its bits travel. */
static void put_double(struct buf *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    put_u64(out, bits);
}

static double get_double(struct decoder *in)
{
    uint64_t bits = get_u64(in);
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

void picture_copy_put(struct buf *out, const struct picture_copy *copy)
{
    put_u32(out, copy->outcome);
    put_u32(out, copy->width);
    put_u32(out, copy->height);
    put_span(out, copy->software);
    put_span(out, copy->taken);
    put_span(out, copy->camera);
    put_span(out, copy->comment);
    put_u8(out, copy->has_place);
    put_double(out, copy->latitude);
    put_double(out, copy->longitude);
}

static bool is_within(double degrees, double most)
{
    return degrees >= -most && degrees <= most; /* false for what is no number */
}

bool picture_copy_get(struct span in, struct picture_copy *ret_copy)
{
    struct decoder from = {.in = in};
    struct picture_copy *copy = ret_copy;
    struct arena *arena = &copy->arena;
    *copy = (struct picture_copy){.arena = arena_new(COPY_CEILING)};
    copy->outcome = (enum outcome)get_below(&from, OUTCOME_COUNT);
    copy->width = get_u32(&from);
    copy->height = get_u32(&from);
    copy->software = get_text(&from, arena);
    copy->taken = get_text(&from, arena);
    copy->camera = get_text(&from, arena);
    copy->comment = get_text(&from, arena);
    copy->has_place = get_u8(&from) != 0;
    copy->latitude = get_double(&from);
    copy->longitude = get_double(&from);
    return decoder_done(&from) && is_within(copy->latitude, 90) && is_within(copy->longitude, 180);
}
