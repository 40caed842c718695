/* Addresses of pictures: data: ones are decoded at once, because nothing else will ever fetch them. */
#include "pipeline/read/picture_list.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "pipeline/read/inline_bytes.h"
#include "pipeline/read/style.h"

enum {
    SHOWN_BYTES = 64,
    SMALL_SIDE = 64,    /* CSS pixels: an icon */
    USUAL_WIDTH = 1280, /* CSS pixels: of an ordinary window */
};

static uint32_t find(const struct picture_list *list, uint64_t hash)
{
    for (size_t i = 0; i < list->reading->picture_count; i++)
        if (list->hashes[i] == hash)
            return (uint32_t)i;
    return UINT32_MAX;
}

/* Makes an inline picture of a data: address; false when it carries no picture or there is no room. */
static bool fill_inline(struct picture_list *list, struct span url, struct picture_ref *ref)
{
    bool cut = false;
    size_t room = READ_INLINE_BYTES - list->inline_bytes;
    ref->kind = PICTURE_INLINE;
    ref->url = arena_copy(&list->reading->arena, utf8_prefix(url, SHOWN_BYTES));
    bool done = inline_bytes_decode(url, &list->reading->arena, room, &ref->bytes, &cut);
    list->cut |= cut;
    list->inline_bytes += ref->bytes.size;
    return done && ref->bytes.size > 0;
}

static bool fill(struct picture_list *list, struct span url, struct picture_ref *ref)
{
    if (span_equal_nocase(span_cut(url, 0, 5), SPAN("data:")))
        return fill_inline(list, url, ref);
    if (url.size > READ_URL_BYTES) {
        list->cut = true;
        return false;
    }
    ref->url = arena_copy(&list->reading->arena, url);
    return ref->url.at != NULL;
}

static bool is_shown(enum picture_kind kind)
{
    return kind != PICTURE_ICON && kind != PICTURE_SOCIAL;
}

/* Of two sizes the larger; a small one that the other reference does not confirm is not believed. */
static uint32_t larger(uint32_t one, uint32_t other)
{
    uint32_t most = one > other ? one : other;
    return (one && other) || most >= SMALL_SIDE ? most : 0;
}

/* The same picture once more: it counts as the most visible of its references. */
static void show_more(struct picture_ref *known, const struct picture_ref *how)
{
    if (!is_shown(how->kind) || (how->hidden && is_shown(known->kind)))
        return;
    bool first = !is_shown(known->kind) || known->hidden;
    known->width = first ? how->width : larger(known->width, how->width);
    known->height = first ? how->height : larger(known->height, how->height);
    known->place = first ? how->place : known->place;
    known->hidden = how->hidden;
    known->layer |= how->layer;
    known->veil |= how->veil;
    if (known->kind != PICTURE_INLINE)
        known->kind = is_shown(known->kind) ? known->kind : how->kind;
}

/* Browsers leave out tabs and line ends wherever they stand. `room` holds READ_URL_BYTES; what is longer
 * stays as it is. */
static struct span without_breaks(struct span url, char *room)
{
    size_t size = 0;
    if (url.size > READ_URL_BYTES)
        return url;
    for (size_t i = 0; i < url.size; i++)
        if (url.at[i] != '\t' && url.at[i] != '\n' && url.at[i] != '\r')
            room[size++] = url.at[i];
    return (struct span){room, size};
}

uint32_t picture_list_add(struct picture_list *list, struct span url, const struct picture_ref *how)
{
    char room[READ_URL_BYTES];
    struct reading *reading = list->reading;
    url = without_breaks(span_trim(url), room);
    if (url.size == 0 || span_starts(url, SPAN("#")) ||
        span_equal_nocase(span_cut(url, 0, 6), SPAN("about:")))
        return UINT32_MAX;
    uint64_t hash = hash_span(url);
    uint32_t known = find(list, hash);
    if (known != UINT32_MAX) {
        show_more(&reading->pictures[known], how);
        return known;
    }
    struct picture_ref ref = *how;
    size_t most = how->hidden ? READ_PICTURES / 2 : READ_PICTURES;
    list->cut |= reading->picture_count >= most;
    if (reading->picture_count >= most || !fill(list, url, &ref))
        return UINT32_MAX;
    struct picture_ref *pictures = arena_grow(&reading->arena, reading->pictures, reading->picture_count,
                                              &list->room, sizeof(*pictures));
    if (!pictures)
        return UINT32_MAX;
    reading->pictures = pictures;
    list->hashes[reading->picture_count] = hash;
    pictures[reading->picture_count] = ref;
    return (uint32_t)reading->picture_count++;
}

/* ---- srcset ----------------------------------------------------------------------------------------------
 */

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

/* "640w" or "2x" as a number; a missing one is 1x. */
static double descriptor(struct span text)
{
    double number = 0.0, scale = 0.0;
    text = span_trim(text);
    if (text.size == 0)
        return 1.0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] == '.')
            scale = 1.0;
        else if (text.at[i] < '0' || text.at[i] > '9')
            break;
        else if (scale > 0.0)
            number += (text.at[i] - '0') * (scale /= 10.0);
        else
            number = number * 10.0 + (text.at[i] - '0');
    }
    return number;
}

/* The next candidate: its address and what stands behind it. */
static bool next_candidate(struct span srcset, size_t *at, struct span *ret_url, struct span *ret_size)
{
    while (*at < srcset.size && (is_space(srcset.at[*at]) || srcset.at[*at] == ','))
        ++*at;
    size_t start = *at;
    while (*at < srcset.size && !is_space(srcset.at[*at]))
        ++*at;
    struct span url = span_cut(srcset, start, *at);
    *ret_size = (struct span){NULL, 0};
    if (!span_ends(url, SPAN(","))) {
        size_t comma = span_find(srcset, SPAN(","), *at);
        *ret_size = span_trim(span_cut(srcset, *at, comma));
        *at = comma;
    }
    while (span_ends(url, SPAN(",")))
        url = span_cut(url, 0, url.size - 1);
    *ret_url = url;
    return url.size > 0;
}

struct span picture_best_of(struct span srcset)
{
    struct span best = {NULL, 0}, url, size;
    double most = -1.0;
    for (size_t at = 0; next_candidate(srcset, &at, &url, &size);)
        if (descriptor(size) > most) {
            most = descriptor(size);
            best = url;
        }
    return best;
}

/* Browsers take the smallest that is no smaller than what they need. */
struct span picture_usual_of(struct span srcset)
{
    struct span usual = {NULL, 0}, url, size;
    double least = 0.0;
    for (size_t at = 0; next_candidate(srcset, &at, &url, &size);) {
        double number = descriptor(size), needed = span_ends(size, SPAN("w")) ? USUAL_WIDTH : 1.0;
        if (number >= needed && (!usual.size || number < least)) {
            least = number;
            usual = url;
        }
    }
    return usual.size ? usual : picture_best_of(srcset);
}

/* ---- style text ------------------------------------------------------------------------------------------
 */

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte = (char)(byte | 32);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Resolves CSS escapes: "\28 " is '(' and "\(" is '(' too. `room` holds at least url.size bytes. */
static struct span unescape(struct span url, char *room)
{
    size_t size = 0;
    for (size_t at = 0; at < url.size;) {
        if (url.at[at] != '\\' || at + 1 >= url.size) {
            room[size++] = url.at[at++];
            continue;
        }
        uint32_t number = 0;
        size_t digits = 0;
        for (at++; at < url.size && digits < 6 && hex_digit(url.at[at]) >= 0; at++, digits++)
            number = number * 16 + (uint32_t)hex_digit(url.at[at]);
        if (digits == 0)
            room[size++] = url.at[at++];
        else if (number > 0 && number < 0x80)
            room[size++] = (char)number;
        if (digits > 0 && at < url.size && is_space(url.at[at]))
            at++;
    }
    return (struct span){room, size};
}

static bool is_font(struct span url)
{
    static const struct span marks[] = {{".woff", 5}, {".ttf", 4}, {".eot", 4},
                                        {".otf", 4},  {".css", 4}, {"font/", 5}};
    struct span head = span_cut(url, 0, 256);
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (span_find_nocase(head, marks[i], 0) < head.size)
            return true;
    return false;
}

/* image-set("a.png" 1x, …): the address without url(). */
static void add_sets(struct picture_list *list, struct span css, const struct picture_ref *how)
{
    const struct span name = SPAN("image-set(");
    for (size_t at = 0; (at = span_find_nocase(css, name, at)) < css.size;) {
        at += name.size;
        while (at < css.size && is_space(css.at[at]))
            at++;
        if (at >= css.size || (css.at[at] != '"' && css.at[at] != '\''))
            continue;
        char quote[2] = {css.at[at], '\0'};
        size_t end = span_find(css, span_of(quote), at + 1);
        picture_list_add(list, span_cut(css, at + 1, end), how);
        at = end;
    }
}

void picture_list_add_style(struct picture_list *list, struct span css, const struct picture_ref *how)
{
    struct span url;
    add_sets(list, css, how);
    for (size_t at = 0; style_next_url(css, &at, &url);) {
        if (is_font(url))
            continue;
        char room[READ_URL_BYTES];
        bool plain = url.size > sizeof(room) || span_find(url, SPAN("\\"), 0) == url.size;
        picture_list_add(list, plain ? url : unescape(url, room), how);
    }
}
