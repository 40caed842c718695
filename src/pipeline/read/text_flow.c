/*
 * The inner loop of the reading: every character of a page passes here once. ASCII and two-byte Cyrillic
 * letters go the short way; the rest is looked at one by one.
 */
#include "pipeline/read/text_flow.h"

#include "base/utf8.h"
#include "pipeline/read/read_limits.h"

#include <stdlib.h>

enum sort { SORT_SIGN, SORT_LETTER, SORT_SPACE, SORT_LINE, SORT_NOTHING };

void text_flow_free(struct text_flow *flow)
{
    free(flow->at);
    flow->at = NULL;
    flow->size = flow->room = 0;
}

static bool reserve(struct text_flow *flow, size_t more)
{
    if (flow->room - flow->size >= more)
        return true;
    size_t room = flow->room ? flow->room : 4096;
    while (room - flow->size < more)
        room *= 2;
    char *grown = room <= 2 * (size_t)READ_UTF8_BYTES + READ_BLOCK_BYTES ? realloc(flow->at, room) : NULL;
    flow->failed |= !grown;
    if (!grown)
        return false;
    flow->at = grown;
    flow->room = room;
    return true;
}

/* Characters that take no room: soft hyphen, joiners, direction marks, variation selectors, fillers, tags.
 * Attackers put them inside words so that a search for the word fails. */
static bool is_invisible(uint32_t c)
{
    if (c < 0x2000)
        return c == 0xAD || c == 0x34F || c == 0x61C || c == 0x115F || c == 0x1160 ||
               (c >= 0x180B && c <= 0x180F);
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           c == 0x3164 || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || c == 0xFFA0 ||
           (c >= 0xFFF0 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF);
}

static bool is_wide_space(uint32_t c)
{
    return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000 || (c >= 0x80 && c < 0xA0);
}

static enum sort sort_high(uint32_t c)
{
    if (c >= 0x400 && c <= 0x481)
        return SORT_LETTER;
    if (is_wide_space(c))
        return SORT_SPACE;
    if (is_invisible(c))
        return SORT_NOTHING;
    return utf8_is_letter(c) ? SORT_LETTER : SORT_SIGN;
}

static enum sort sort_low(unsigned char byte)
{
    if ((byte | 32) >= 'a' && (byte | 32) <= 'z')
        return SORT_LETTER;
    if (byte == '\n')
        return SORT_LINE;
    return byte <= ' ' || byte == 0x7F ? SORT_SPACE : SORT_SIGN;
}

static uint32_t clipped_place(const struct text_flow *flow)
{
    return flow->reading->letters + flow->ahead;
}

static bool fill_block(struct text_flow *flow, struct block *block)
{
    struct reading *reading = flow->reading;
    *block = (struct block){
        .text = arena_copy(&reading->arena, (struct span){flow->at, flow->size}),
        .origin = flow->place.origin,
        .heading = flow->place.heading,
        .hidden = flow->place.hidden,
        .maybe = flow->place.maybe,
        .layer = flow->place.layer,
        .confidence = 1000,
        .link_letters = flow->link_letters,
        .place = clipped_place(flow),
        .path = flow->place.path,
        .picture = flow->place.picture,
    };
    return block->text.at != NULL;
}

static void keep_block(struct text_flow *flow)
{
    struct reading *reading = flow->reading;
    bool shown = flow->place.origin == ORIGIN_HTML && !flow->place.hidden;
    size_t blocks_max = shown ? READ_BLOCKS : READ_BLOCKS / 2;
    size_t bytes_max = shown ? READ_TEXT_BYTES : READ_TEXT_BYTES / 2;
    if (reading->block_count >= blocks_max || *flow->text_bytes + flow->size > bytes_max) {
        flow->cut = true;
        return;
    }
    struct block *blocks =
        arena_grow(&reading->arena, reading->blocks, reading->block_count, flow->block_room, sizeof(*blocks));
    if (!blocks || !fill_block(flow, &blocks[reading->block_count])) {
        flow->failed = true;
        return;
    }
    reading->blocks = blocks;
    reading->block_count++;
    *flow->text_bytes += flow->size;
    if (shown)
        reading->letters += flow->letters;
}

void text_flow_break(struct text_flow *flow)
{
    if (flow->size > 0)
        keep_block(flow);
    flow->size = 0;
    flow->space = false;
    flow->lines = 0;
    flow->letters = flow->link_letters = 0;
}

void text_flow_line(struct text_flow *flow)
{
    flow->space = true;
    if (++flow->lines >= 2)
        text_flow_break(flow);
}

/* Makes ready for a character: the due space, a new block's place, a block that became too long. */
static void begin_character(struct text_flow *flow, const struct text_place *place)
{
    if (flow->size >= READ_BLOCK_BYTES && (flow->space || flow->size >= 2 * READ_BLOCK_BYTES))
        text_flow_break(flow);
    if (flow->size == 0)
        flow->place = *place;
    else if (flow->space)
        flow->at[flow->size++] = ' ';
    flow->space = false;
    flow->lines = 0;
}

static void space_character(struct text_flow *flow, enum sort sort, const struct text_place *place)
{
    if (sort == SORT_LINE && place->lines)
        text_flow_line(flow);
    else
        flow->space = true;
}

/* A run of printable ASCII; returns where it ends. */
static size_t add_run(struct text_flow *flow, struct span text, size_t at, uint32_t *letters)
{
    size_t start = at;
    for (; at < text.size && text.at[at] > ' ' && text.at[at] < 0x7F; at++)
        *letters += (text.at[at] | 32) >= 'a' && (text.at[at] | 32) <= 'z';
    memcpy(flow->at + flow->size, text.at + start, at - start);
    flow->size += at - start;
    return at;
}

/* A run of two-byte letters from U+0400 to U+047F; returns where it ends. */
static size_t add_cyrillic(struct text_flow *flow, struct span text, size_t at, uint32_t *letters)
{
    while (text.size - at >= 8 && utf8_are_pairs(text.at + at, 0xFE, 0xD0)) {
        memcpy(flow->at + flow->size, text.at + at, 8);
        flow->size += 8;
        at += 8;
        *letters += 4;
    }
    while (at + 1 < text.size && ((unsigned char)text.at[at] & 0xFE) == 0xD0) {
        flow->at[flow->size++] = text.at[at++];
        flow->at[flow->size++] = text.at[at++];
        ++*letters;
    }
    return at;
}

static size_t add_other(struct text_flow *flow, struct span text, size_t at, const struct text_place *place,
                        uint32_t *letters)
{
    uint32_t c = utf8_next(text, &at);
    enum sort sort = c < 0x80 ? sort_low((unsigned char)c) : sort_high(c);
    if (sort == SORT_SPACE || sort == SORT_LINE)
        space_character(flow, sort, place);
    if (sort != SORT_SIGN && sort != SORT_LETTER)
        return at;
    begin_character(flow, place);
    flow->size += utf8_put(c, flow->at + flow->size);
    *letters += sort == SORT_LETTER;
    return at;
}

static void add_piece(struct text_flow *flow, struct span text, const struct text_place *place)
{
    /* Each byte becomes at most three (U+FFFD), and a space may come before it. */
    if (flow->failed || !reserve(flow, text.size * 3 + 8))
        return;
    for (size_t at = 0; at < text.size;) {
        unsigned char byte = (unsigned char)text.at[at];
        uint32_t letters = 0;
        if (byte > ' ' && byte < 0x7F) {
            begin_character(flow, place);
            at = add_run(flow, text, at, &letters);
        } else if ((byte & 0xFE) == 0xD0 && at + 1 < text.size) {
            begin_character(flow, place);
            at = add_cyrillic(flow, text, at, &letters);
        } else {
            at = add_other(flow, text, at, place, &letters);
        }
        flow->letters += letters;
        flow->link_letters += place->link ? letters : 0;
    }
}

void text_flow_add(struct text_flow *flow, struct span text, const struct text_place *place)
{
    for (size_t at = 0; at < text.size;) {
        struct span piece = utf8_prefix(span_cut(text, at, text.size), READ_BLOCK_BYTES);
        if (piece.size == 0)
            piece = span_cut(text, at, at + 1);
        add_piece(flow, piece, place);
        at += piece.size;
    }
}
