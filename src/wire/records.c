/* Writing and reading the records; see records.h. */
#include "wire/records.h"

#include "wire/evidence_records.h"

/* What a record may grow to in the supervisor's memory: a page of the largest size kept (5 MB), as text and
 * tables. */
enum { CAPTURE_CEILING = 2 << 20, READING_CEILING = 48 << 20, PICTURE_CEILING = 4 << 20 };

void fetch_order_put(struct buf *out, const struct fetch_order *order)
{
    put_span(out, order->url);
    put_span(out, order->base);
    put_span(out, order->reference);
    put_span(out, order->user_agent);
    buf_add(out, order->known.at, sizeof(order->known.at));
    put_span(out, order->etag);
    put_span(out, order->modified);
    put_span(out, order->cookies);
    put_span(out, order->proxy);
    put_u32(out, order->body_limit);
    put_u32(out, order->connect_ms);
    put_u32(out, order->total_ms);
    put_u8(out, order->picture);
    put_u8(out, order->allow_private);
    put_u8(out, order->fresh);
    put_u8(out, order->browser);
    put_u8(out, order->record);
}

bool fetch_order_get(struct span in, struct arena *arena, struct fetch_order *ret_order)
{
    struct decoder from = {.in = in};
    ret_order->url = get_text(&from, arena);
    ret_order->base = get_text(&from, arena);
    ret_order->reference = get_text(&from, arena);
    ret_order->user_agent = get_text(&from, arena);
    get_fixed(&from, ret_order->known.at, sizeof(ret_order->known.at));
    ret_order->etag = get_text(&from, arena);
    ret_order->modified = get_text(&from, arena);
    ret_order->cookies = get_bytes(&from, arena);
    ret_order->proxy = get_text(&from, arena);
    ret_order->body_limit = get_u32(&from);
    ret_order->connect_ms = get_u32(&from);
    ret_order->total_ms = get_u32(&from);
    ret_order->picture = get_u8(&from) != 0;
    ret_order->allow_private = get_u8(&from) != 0;
    ret_order->fresh = get_u8(&from) != 0;
    ret_order->browser = get_u8(&from) != 0;
    ret_order->record = get_u8(&from) != 0;
    return decoder_done(&from);
}

void read_request_put(struct buf *out, const struct read_request *order)
{
    put_span(out, order->content_type);
    put_span(out, order->refresh);
    put_span(out, order->url);
}

bool read_request_get(struct span in, struct arena *arena, struct read_request *ret_order)
{
    struct decoder from = {.in = in};
    ret_order->content_type = get_text(&from, arena);
    ret_order->refresh = get_text(&from, arena);
    ret_order->url = get_text(&from, arena);
    return decoder_done(&from);
}

void picture_order_put(struct buf *out, const struct picture_order *order)
{
    put_u32(out, order->budget_ms);
    put_u8(out, order->overlay);
    put_u8(out, order->copy);
    put_u32(out, order->background);
}

bool picture_order_get(struct span in, struct picture_order *ret_order)
{
    struct decoder from = {.in = in};
    ret_order->budget_ms = get_u32(&from);
    ret_order->overlay = get_u8(&from) != 0;
    ret_order->copy = get_u8(&from) != 0;
    ret_order->background = get_u32(&from);
    return decoder_done(&from);
}

void sink_order_put(struct buf *out, const struct sink_order *order)
{
    put_u32(out, order->way);
    put_span(out, order->target);
    put_u32(out, (uint32_t)order->to_count);
    for (size_t i = 0; i < order->to_count; i++)
        put_span(out, order->to[i]);
    put_span(out, order->from);
    put_span(out, order->user);
    put_span(out, order->secret_file);
    put_span(out, order->ca_file);
    put_span(out, order->cert_file);
    put_span(out, order->key_file);
    put_u32(out, order->facility);
    put_u32(out, order->format);
    put_u32(out, order->timeout_ms);
}

bool sink_order_get(struct span in, struct arena *arena, struct sink_order *ret_order)
{
    struct decoder from = {.in = in};
    struct sink_order order = {.way = (enum sink_way)get_below(&from, WAY_COUNT)};
    order.target = get_text(&from, arena);
    order.to_count = get_count(&from, 4);
    struct span *to = arena_alloc(arena, order.to_count ? order.to_count : 1, sizeof(*to));
    for (size_t i = 0; to && i < order.to_count; i++)
        to[i] = get_text(&from, arena);
    order.to = to;
    order.from = get_text(&from, arena);
    order.user = get_text(&from, arena);
    order.secret_file = get_text(&from, arena);
    order.ca_file = get_text(&from, arena);
    order.cert_file = get_text(&from, arena);
    order.key_file = get_text(&from, arena);
    order.facility = get_below(&from, 24);
    order.format = (enum sink_format)get_below(&from, FORMAT_COUNT);
    order.timeout_ms = get_u32(&from);
    *ret_order = order;
    return to && decoder_done(&from);
}

void delivered_put(struct buf *out, const struct delivered *delivered)
{
    put_u32(out, delivered->error);
    put_span(out, delivered->detail);
}

bool delivered_get(struct span in, struct arena *arena, struct delivered *ret_delivered)
{
    struct decoder from = {.in = in};
    ret_delivered->error = get_below(&from, 4096);
    ret_delivered->detail = get_text(&from, arena);
    return decoder_done(&from);
}

/* ---- capture ---- */

void capture_put(struct buf *out, const struct capture *capture)
{
    put_u32(out, capture->outcome);
    put_u32(out, capture->broke);
    put_span(out, capture->detail);
    put_span(out, capture->url);
    put_span(out, capture->final_url);
    put_span(out, capture->address);
    put_span(out, capture->content_type);
    put_span(out, capture->etag);
    put_span(out, capture->modified);
    put_span(out, capture->refresh);
    put_span(out, capture->cookies);
    put_u32(out, capture->age_s);
    put_span(out, capture->server);
    put_u16(out, capture->status);
    put_u16(out, capture->http_version);
    put_u32(out, capture->retry_after_s);
    put_u64(out, capture->body_size);
    put_u8(out, capture->body_cut);
    buf_add(out, capture->body_digest.at, sizeof(capture->body_digest.at));
    put_u8(out, capture->body_known);
    put_u32(out, capture->duration_ms);
    put_u8(out, capture->has_certificate);
    buf_add(out, capture->certificate.at, sizeof(capture->certificate.at));
    put_span(out, capture->issuer);
    put_u32(out, (uint32_t)capture->hop_count);
    for (size_t i = 0; i < capture->hop_count; i++) {
        put_u16(out, capture->hops[i].status);
        put_span(out, capture->hops[i].from);
    }
    evidence_records_put(out, capture);
}

static void get_hops(struct decoder *in, struct capture *capture)
{
    size_t count = get_count(in, 6);
    capture->hops = arena_alloc(&capture->arena, count, sizeof(*capture->hops));
    if (!capture->hops) {
        in->bad = true;
        return;
    }
    capture->hop_count = count;
    for (size_t i = 0; i < count; i++) {
        capture->hops[i].status = get_u16(in);
        capture->hops[i].from = get_text(in, &capture->arena);
    }
}

bool capture_get(struct span in, struct capture *ret_capture)
{
    struct decoder from = {.in = in};
    struct capture *capture = ret_capture;
    *capture = (struct capture){.arena = arena_new(CAPTURE_CEILING)};
    capture->outcome = (enum outcome)get_below(&from, OUTCOME_COUNT);
    capture->broke = (enum outcome)get_below(&from, OUTCOME_COUNT);
    capture->detail = get_text(&from, &capture->arena);
    capture->url = get_text(&from, &capture->arena);
    capture->final_url = get_text(&from, &capture->arena);
    capture->address = get_text(&from, &capture->arena);
    capture->content_type = get_text(&from, &capture->arena);
    capture->etag = get_text(&from, &capture->arena);
    capture->modified = get_text(&from, &capture->arena);
    capture->refresh = get_text(&from, &capture->arena);
    capture->cookies = get_bytes(&from, &capture->arena);
    capture->age_s = get_u32(&from);
    capture->server = get_text(&from, &capture->arena);
    capture->status = get_u16(&from);
    capture->http_version = get_u16(&from);
    capture->retry_after_s = get_u32(&from);
    capture->body_size = get_u64(&from);
    capture->body_cut = get_u8(&from) != 0;
    get_fixed(&from, capture->body_digest.at, sizeof(capture->body_digest.at));
    capture->body_known = get_u8(&from) != 0;
    capture->duration_ms = get_u32(&from);
    capture->has_certificate = get_u8(&from) != 0;
    get_fixed(&from, capture->certificate.at, sizeof(capture->certificate.at));
    capture->issuer = get_text(&from, &capture->arena);
    get_hops(&from, capture);
    evidence_records_get(&from, capture);
    return decoder_done(&from);
}

/* ---- reading ---- */

static void block_put(struct buf *out, const struct block *block)
{
    put_span(out, block->text);
    put_u32(out, block->origin);
    put_u8(out, block->heading);
    put_u8(out, (uint8_t)(block->hidden | block->maybe << 1));
    put_u8(out, block->layer);
    put_u16(out, block->confidence);
    put_u32(out, block->link_letters);
    put_u32(out, block->place);
    put_u64(out, block->path);
    put_u32(out, block->picture);
}

enum { BLOCK_LEAST = 32 }; /* bytes of one without text */

static struct block block_get(struct decoder *in, struct arena *arena)
{
    struct block block = {.text = get_text(in, arena)};
    block.origin = (enum origin)get_below(in, ORIGIN_COUNT);
    block.heading = get_u8(in);
    uint8_t seen = get_u8(in);
    block.hidden = seen & 1;
    block.maybe = seen >> 1 & 1;
    block.layer = get_u8(in) != 0;
    block.confidence = get_u16(in);
    block.link_letters = get_u32(in);
    block.place = get_u32(in);
    block.path = get_u64(in);
    block.picture = get_u32(in);
    return block;
}

static void picture_ref_put(struct buf *out, const struct picture_ref *picture)
{
    put_span(out, picture->url);
    put_span(out, picture->bytes);
    put_u32(out, picture->kind);
    put_u8(out, picture->hidden);
    put_u8(out, (uint8_t)(picture->layer | picture->veil << 1));
    put_u32(out, picture->width);
    put_u32(out, picture->height);
    put_u32(out, picture->place);
}

static struct picture_ref picture_ref_get(struct decoder *in, struct arena *arena)
{
    struct picture_ref picture = {.url = get_text(in, arena)};
    picture.bytes = get_bytes(in, arena);
    picture.kind = (enum picture_kind)get_below(in, PICTURE_KIND_COUNT);
    picture.hidden = get_u8(in) != 0;
    uint8_t over = get_u8(in);
    picture.layer = over & 1;
    picture.veil = over >> 1 & 1;
    picture.width = get_u32(in);
    picture.height = get_u32(in);
    picture.place = get_u32(in);
    return picture;
}

static void hosts_put(struct buf *out, const struct host_list *hosts)
{
    put_u32(out, (uint32_t)hosts->count);
    for (size_t i = 0; i < hosts->count; i++) {
        put_span(out, hosts->at[i].host);
        put_u32(out, hosts->at[i].count);
    }
}

static struct host_list hosts_get(struct decoder *in, struct arena *arena)
{
    size_t count = get_count(in, 8);
    struct host_list hosts = {arena_alloc(arena, count, sizeof(*hosts.at)), count};
    if (!hosts.at) {
        in->bad = true;
        return (struct host_list){NULL, 0};
    }
    for (size_t i = 0; i < count; i++) {
        hosts.at[i].host = get_text(in, arena);
        hosts.at[i].count = get_u32(in);
    }
    return hosts;
}

static void counts_put(struct buf *out, const struct reading *reading)
{
    put_u32(out, reading->link_count);
    put_u32(out, reading->form_count);
    put_u32(out, reading->password_count);
    put_u32(out, reading->script_count);
    put_u32(out, reading->script_bytes);
    put_u32(out, reading->element_count);
    put_u32(out, reading->letters);
    put_u8(out, reading->staging);
    put_u32(out, reading->background);
    put_u8(out, reading->cut);
}

static void counts_get(struct decoder *in, struct reading *reading)
{
    reading->link_count = get_u32(in);
    reading->form_count = get_u32(in);
    reading->password_count = get_u32(in);
    reading->script_count = get_u32(in);
    reading->script_bytes = get_u32(in);
    reading->element_count = get_u32(in);
    reading->letters = get_u32(in);
    reading->staging = get_u8(in) & STAGING_ALL;
    reading->background = get_u32(in) & (READING_BACKGROUND | 0xFFFFFF);
    reading->cut = get_u8(in) != 0;
}

void reading_put(struct buf *out, const struct reading *reading)
{
    put_u32(out, reading->outcome);
    put_span(out, reading->charset);
    put_span(out, reading->charset_by);
    put_span(out, reading->title);
    put_span(out, reading->language);
    put_span(out, reading->base);
    put_span(out, reading->refresh);
    put_span(out, reading->refresh_late);
    put_u8(out, reading->refreshes);
    put_u8(out, reading->refresh_self);
    put_u32(out, reading->refresh_s);
    put_span(out, reading->cut_what);
    counts_put(out, reading);
    put_u32(out, (uint32_t)reading->block_count);
    for (size_t i = 0; i < reading->block_count; i++)
        block_put(out, &reading->blocks[i]);
    put_u32(out, (uint32_t)reading->picture_count);
    for (size_t i = 0; i < reading->picture_count; i++)
        picture_ref_put(out, &reading->pictures[i]);
    hosts_put(out, &reading->links);
    hosts_put(out, &reading->scripts);
    hosts_put(out, &reading->frames);
    hosts_put(out, &reading->forms);
    put_u32(out, (uint32_t)reading->path_count);
    for (size_t i = 0; i < reading->path_count; i++) {
        put_u64(out, reading->paths[i].path);
        put_u32(out, reading->paths[i].count);
    }
}

static void get_blocks(struct decoder *in, struct reading *reading)
{
    size_t count = get_count(in, BLOCK_LEAST);
    reading->blocks = arena_alloc(&reading->arena, count, sizeof(*reading->blocks));
    if (!reading->blocks) {
        in->bad = true;
        return;
    }
    reading->block_count = count;
    for (size_t i = 0; i < count; i++)
        reading->blocks[i] = block_get(in, &reading->arena);
}

static void get_pictures(struct decoder *in, struct reading *reading)
{
    size_t count = get_count(in, 25);
    reading->pictures = arena_alloc(&reading->arena, count, sizeof(*reading->pictures));
    if (!reading->pictures) {
        in->bad = true;
        return;
    }
    reading->picture_count = count;
    for (size_t i = 0; i < count; i++)
        reading->pictures[i] = picture_ref_get(in, &reading->arena);
}

static void get_paths(struct decoder *in, struct reading *reading)
{
    size_t count = get_count(in, 12);
    reading->paths = arena_alloc(&reading->arena, count, sizeof(*reading->paths));
    if (!reading->paths) {
        in->bad = true;
        return;
    }
    reading->path_count = count;
    for (size_t i = 0; i < count; i++) {
        reading->paths[i].path = get_u64(in);
        reading->paths[i].count = get_u32(in);
        if (i > 0 && reading->paths[i].path <= reading->paths[i - 1].path)
            in->bad = true;
    }
}

bool reading_get(struct span in, struct reading *ret_reading)
{
    struct decoder from = {.in = in};
    struct reading *reading = ret_reading;
    *reading = (struct reading){.arena = arena_new(READING_CEILING)};
    reading->outcome = (enum outcome)get_below(&from, OUTCOME_COUNT);
    reading->charset = get_text(&from, &reading->arena);
    reading->charset_by = get_text(&from, &reading->arena);
    reading->title = get_text(&from, &reading->arena);
    reading->language = get_text(&from, &reading->arena);
    reading->base = get_text(&from, &reading->arena);
    reading->refresh = get_text(&from, &reading->arena);
    reading->refresh_late = get_text(&from, &reading->arena);
    reading->refreshes = get_u8(&from) != 0;
    reading->refresh_self = get_u8(&from) != 0;
    reading->refresh_s = get_u32(&from);
    reading->cut_what = get_text(&from, &reading->arena);
    counts_get(&from, reading);
    get_blocks(&from, reading);
    get_pictures(&from, reading);
    reading->links = hosts_get(&from, &reading->arena);
    reading->scripts = hosts_get(&from, &reading->arena);
    reading->frames = hosts_get(&from, &reading->arena);
    reading->forms = hosts_get(&from, &reading->arena);
    get_paths(&from, reading);
    return decoder_done(&from);
}

/* ---- picture text ---- */

static void get_name(struct decoder *in, char *ret_name, size_t size)
{
    get_fixed(in, ret_name, size);
    if (!memchr(ret_name, '\0', size)) {
        in->bad = true;
        ret_name[0] = '\0';
    }
    for (const char *c = ret_name; *c; c++)
        if (*c < '!' || *c > '~')
            in->bad = true;
}

static void line_put(struct buf *out, const struct picture_line *line)
{
    put_span(out, line->text);
    put_u32(out, line->x);
    put_u32(out, line->y);
    put_u32(out, line->width);
    put_u32(out, line->height);
    put_u16(out, line->confidence);
    put_u8(out, line->doubtful);
    buf_add(out, line->language, sizeof(line->language));
    put_u32(out, line->block);
}

static struct picture_line line_get(struct decoder *in, struct arena *arena)
{
    struct picture_line line = {.text = get_text(in, arena)};
    line.x = get_u32(in);
    line.y = get_u32(in);
    line.width = get_u32(in);
    line.height = get_u32(in);
    line.confidence = get_u16(in);
    line.doubtful = get_u8(in) != 0;
    get_name(in, line.language, sizeof(line.language));
    line.block = get_u32(in);
    return line;
}

void picture_text_put(struct buf *out, const struct picture_text *text)
{
    put_u32(out, text->outcome);
    buf_add(out, text->format, sizeof(text->format));
    put_u32(out, text->width);
    put_u32(out, text->height);
    put_u32(out, text->frames);
    put_u64(out, text->perceptual_hash);
    put_u16(out, text->confidence);
    put_span(out, text->models);
    put_u8(out, (uint8_t)(text->cut | text->damaged << 1));
    put_u32(out, (uint32_t)text->line_count);
    for (size_t i = 0; i < text->line_count; i++)
        line_put(out, &text->lines[i]);
}

bool picture_text_get(struct span in, struct picture_text *ret_text)
{
    struct decoder from = {.in = in};
    struct picture_text *text = ret_text;
    *text = (struct picture_text){.arena = arena_new(PICTURE_CEILING)};
    text->outcome = (enum outcome)get_below(&from, OUTCOME_COUNT);
    get_name(&from, text->format, sizeof(text->format));
    text->width = get_u32(&from);
    text->height = get_u32(&from);
    text->frames = get_u32(&from);
    text->perceptual_hash = get_u64(&from);
    text->confidence = get_u16(&from);
    text->models = get_text(&from, &text->arena);
    uint8_t marks = get_u8(&from);
    text->cut = marks & 1;
    text->damaged = marks >> 1 & 1;
    size_t count = get_count(&from, 39);
    text->lines = arena_alloc(&text->arena, count, sizeof(*text->lines));
    if (!text->lines)
        return false;
    text->line_count = count;
    for (size_t i = 0; i < count; i++)
        text->lines[i] = line_get(&from, &text->arena);
    return decoder_done(&from);
}
