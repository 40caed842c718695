/*
 * Letters with nothing behind them are made for the page's colour, so whoever reads a transparent picture
 * must know it. Only what a page says plainly is taken: a guess less costs a second look at the picture, on
 * the opposite colour.
 */
#include "pipeline/read/page_colour.h"

static const struct {
    const char *name;
    uint32_t rgb;
} names[] = {
    {"black", 0x000000},  {"white", 0xFFFFFF},  {"red", 0xFF0000},     {"green", 0x008000},
    {"blue", 0x0000FF},   {"yellow", 0xFFFF00}, {"gray", 0x808080},    {"silver", 0xC0C0C0},
    {"maroon", 0x800000}, {"purple", 0x800080}, {"fuchsia", 0xFF00FF}, {"lime", 0x00FF00},
    {"olive", 0x808000},  {"navy", 0x000080},   {"teal", 0x008080},    {"aqua", 0x00FFFF},
    {"orange", 0xFFA500},
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static int hex(char byte)
{
    if (is_digit(byte))
        return byte - '0';
    char small = (char)(byte | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

static bool is_word(char byte)
{
    return is_digit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || byte == '-';
}

static bool parse_hex(struct span text, uint32_t *ret_rgb)
{
    uint32_t value = 0;
    size_t digits = 0;
    for (; digits < text.size && digits < 7 && hex(text.at[digits]) >= 0; digits++)
        value = value << 4 | (uint32_t)hex(text.at[digits]);
    if ((digits != 3 && digits != 6) || (digits < text.size && is_word(text.at[digits])))
        return false;
    if (digits == 3)
        value = (value >> 8) * 0x110000 | (value >> 4 & 15) * 0x1100 | (value & 15) * 0x11;
    *ret_rgb = value;
    return true;
}

/* The next number before the bracket closes; false when there is none. Parts of a thousand behind a point
 * count, as an opacity of .5 is not nothing. */
static bool next_number(struct span text, size_t *at, unsigned *ret_thousandths)
{
    unsigned number = 0, place = 1000;
    while (*at < text.size && !is_digit(text.at[*at]) && text.at[*at] != '.' && text.at[*at] != ')')
        ++*at;
    if (*at >= text.size || text.at[*at] == ')')
        return false;
    for (; *at < text.size && is_digit(text.at[*at]); ++*at)
        number = number < 1000000 ? number * 10 + (unsigned)(text.at[*at] - '0') * 1000 : number;
    if (*at < text.size && text.at[*at] == '.')
        for (++*at; *at < text.size && is_digit(text.at[*at]); ++*at)
            number += (unsigned)(text.at[*at] - '0') * (place /= 10);
    *ret_thousandths = number;
    return true;
}

static bool parse_rgb(struct span text, uint32_t *ret_rgb)
{
    size_t at = 0;
    uint32_t rgb = 0;
    unsigned number;
    for (int channel = 0; channel < 3; channel++) {
        if (!next_number(text, &at, &number))
            return false;
        rgb = rgb << 8 | (number >= 255000 ? 255 : number / 1000);
    }
    if (next_number(text, &at, &number) && number == 0)
        return false;
    *ret_rgb = rgb;
    return true;
}

bool page_colour_parse(struct span text, uint32_t *ret_rgb)
{
    text = span_trim(text);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct span name = span_of(names[i].name);
        bool ends = text.size == name.size || (text.size > name.size && !is_word(text.at[name.size]));
        if (ends && span_equal_nocase(span_cut(text, 0, name.size), name)) {
            *ret_rgb = names[i].rgb;
            return true;
        }
    }
    if (span_equal_nocase(span_cut(text, 0, 3), SPAN("rgb")))
        return parse_rgb(span_cut(text, 3, text.size), ret_rgb);
    return parse_hex(span_cut(text, span_starts(text, SPAN("#")), text.size), ret_rgb);
}

/* The first word of a background that is a colour, skipping what stands in brackets. */
static bool of_background(struct span value, uint32_t *ret_rgb)
{
    size_t at = 0;
    for (int word = 0; word < 8 && at < value.size; word++) {
        while (at < value.size && value.at[at] == ' ')
            at++;
        struct span rest = span_cut(value, at, value.size);
        if ((rest.size && !is_digit(rest.at[0])) && page_colour_parse(rest, ret_rgb))
            return true;
        for (bool inside = false; at < value.size && (inside || value.at[at] != ' '); at++)
            inside = value.at[at] == '(' || (inside && value.at[at] != ')');
    }
    return false;
}

bool page_colour_of_style(struct span declarations, uint32_t *ret_rgb)
{
    struct span rest = declarations, one;
    bool found = false;
    while (span_next(&rest, ';', &one)) {
        size_t colon = span_find(one, SPAN(":"), 0);
        struct span name = span_trim(span_cut(one, 0, colon));
        if (span_equal_nocase(name, SPAN("background")) || span_equal_nocase(name, SPAN("background-color")))
            found |= of_background(span_cut(one, colon + 1, one.size), ret_rgb);
    }
    return found;
}
