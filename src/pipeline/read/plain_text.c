/*
 * The way to read when there is no tree to walk. It is the way of last resort for pages built to exhaust a
 * parser, so it looks at each byte once and keeps no state that grows.
 */
#include "pipeline/read/plain_text.h"

#include "base/utf8.h"
#include "pipeline/read/element.h"
#include "pipeline/read/text_flow.h"

struct plain {
    struct text_flow flow;
    size_t text_bytes;
    size_t block_room;
    bool xml;
};

static void plain_open(struct plain *plain, struct reading *reading)
{
    *plain = (struct plain){.flow = {.reading = reading}};
    plain->flow.text_bytes = &plain->text_bytes;
    plain->flow.block_room = &plain->block_room;
}

static bool plain_close(struct plain *plain, bool *ret_cut)
{
    text_flow_break(&plain->flow);
    text_flow_free(&plain->flow);
    *ret_cut = plain->flow.cut;
    return !plain->flow.failed && !plain->flow.reading->arena.failed;
}

bool plain_text_read(struct span text, struct reading *reading, bool *ret_cut)
{
    struct plain plain;
    const struct text_place place = {.origin = ORIGIN_HTML, .lines = true, .picture = UINT32_MAX};
    plain_open(&plain, reading);
    text_flow_add(&plain.flow, text, &place);
    return plain_close(&plain, ret_cut);
}

/* memchr() and not span_find(): it looks no further than the byte, also where a sanitizer watches. */
static size_t find_byte(struct span text, char byte, size_t from)
{
    const char *found = from < text.size ? memchr(text.at + from, byte, text.size - from) : NULL;
    return found ? (size_t)(found - text.at) : text.size;
}

/* ---- markup ----------------------------------------------------------------------------------------------
 */

static bool number_entity(struct span name, uint32_t *ret_character)
{
    bool hex = name.size > 1 && (name.at[1] | 32) == 'x';
    uint32_t number = 0;
    size_t at = hex ? 2 : 1;
    if (at >= name.size || name.size > 10)
        return false;
    for (; at < name.size; at++) {
        char byte = (char)(name.at[at] | 32);
        uint32_t digit = name.at[at] >= '0' && name.at[at] <= '9' ? (uint32_t)(name.at[at] - '0')
                         : hex && byte >= 'a' && byte <= 'f'      ? (uint32_t)(byte - 'a' + 10)
                                                                  : 99;
        if (digit == 99)
            return false;
        number = number * (hex ? 16 : 10) + digit;
        if (number > 0x10FFFF)
            return false;
    }
    *ret_character = number;
    return true;
}

/* The name between '&' and ';'. XML knows five; HTML's commonest are added. */
static bool entity(struct span name, uint32_t *ret_character)
{
    static const struct {
        struct span name;
        uint32_t character;
    } known[] = {{{"amp", 3}, '&'},      {{"lt", 2}, '<'},       {{"gt", 2}, '>'},       {{"quot", 4}, '"'},
                 {{"apos", 4}, '\''},    {{"nbsp", 4}, ' '},     {{"laquo", 5}, 0xAB},   {{"raquo", 5}, 0xBB},
                 {{"mdash", 5}, 0x2014}, {{"ndash", 5}, 0x2013}, {{"hellip", 6}, 0x2026}};
    if (span_starts(name, SPAN("#")))
        return number_entity(name, ret_character);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (span_equal(name, known[i].name)) {
            *ret_character = known[i].character;
            return true;
        }
    return false;
}

static void add_decoded(struct plain *plain, struct span text, const struct text_place *place)
{
    for (size_t at = 0; at < text.size;) {
        size_t mark = find_byte(text, '&', at);
        text_flow_add(&plain->flow, span_cut(text, at, mark), place);
        if (mark == text.size)
            return;
        struct span rest = span_cut(text, mark + 1, mark + 12);
        size_t end = find_byte(rest, ';', 0);
        uint32_t character;
        char bytes[4] = "&";
        size_t size = 1;
        at = mark + 1;
        if (end < rest.size && entity(span_cut(rest, 0, end), &character)) {
            size = utf8_put(character ? character : UTF8_REPLACEMENT, bytes);
            at = mark + 1 + end + 1;
        }
        text_flow_add(&plain->flow, (struct span){bytes, size}, place);
    }
}

static struct span tag_name(struct span text, size_t at)
{
    size_t start = at;
    while (at < text.size && text.at[at] > ' ' && text.at[at] != '>' && text.at[at] != '/')
        at++;
    return span_cut(text, start, at);
}

/* Behind the element's end tag, or the end of the text. */
static size_t skip_element(struct span text, size_t at, struct span name)
{
    while ((at = span_find(text, SPAN("</"), at)) < text.size) {
        at += 2;
        if (span_equal_nocase(span_cut(text, at, at + name.size), name))
            return at;
    }
    return at;
}

/* A tag at `at` (a '<' that starts one); returns where text goes on. */
static size_t pass_tag(struct plain *plain, struct span text, size_t at)
{
    struct span rest = span_cut(text, at, at + 9);
    if (span_equal(rest, SPAN("<![CDATA[")))
        return at + 9;
    if (span_starts(rest, SPAN("<!--"))) {
        size_t end = span_find(text, SPAN("-->"), at + 2);
        return end == text.size ? end : end + 3;
    }
    bool closing = rest.size > 1 && rest.at[1] == '/';
    struct span name = tag_name(text, at + 1 + closing);
    enum element element = element_by_name(name);
    if (plain->xml || element_layout(element) == LAYOUT_BLOCK || element_layout(element) == LAYOUT_CELL ||
        element == ELEMENT_TITLE)
        text_flow_break(&plain->flow);
    else if (element == ELEMENT_BR)
        text_flow_line(&plain->flow);
    if (!closing && (element == ELEMENT_SCRIPT || element == ELEMENT_STYLE))
        at = skip_element(text, at, name);
    size_t end = find_byte(text, '>', at);
    return end == text.size ? end : end + 1;
}

static bool starts_tag(struct span text, size_t at)
{
    char next = at + 1 < text.size ? text.at[at + 1] : ' ';
    return ((next | 32) >= 'a' && (next | 32) <= 'z') || next == '/' || next == '!' || next == '?';
}

bool plain_text_read_markup(struct span text, bool xml, struct reading *reading, bool *ret_cut)
{
    struct plain plain;
    const struct text_place place = {.origin = ORIGIN_HTML, .picture = UINT32_MAX};
    plain_open(&plain, reading);
    plain.xml = xml;
    for (size_t at = 0; at < text.size;) {
        size_t mark = find_byte(text, '<', at);
        struct span piece = span_cut(text, at, mark);
        if (span_ends(piece, SPAN("]]>")))
            piece.size -= 3;
        add_decoded(&plain, piece, &place);
        if (mark == text.size)
            break;
        if (starts_tag(text, mark)) {
            at = pass_tag(&plain, text, mark);
        } else {
            text_flow_add(&plain.flow, SPAN("<"), &place);
            at = mark + 1;
        }
    }
    return plain_close(&plain, ret_cut);
}
