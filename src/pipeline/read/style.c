/* Declarations, one by one: names by comparison, values by the first word that decides. */
#include "pipeline/read/style.h"

#include "base/utf8.h"

enum { AWAY_PX = -500 };

struct declarations {
    struct style style;
    double opacity;
    bool moves; /* animation or transition */
    bool no_overflow;
    bool none_wide, none_high, most_wide, most_high; /* of no size, by width, height and their ceilings */
    bool away_left, away_top, away_right, away_bottom;
    bool below;   /* the rest of the page: z-index less than nothing */
    bool shifted; /* by what may bring it back: margin, transform */
    bool indented;
    bool clipped, clipped_path;
    bool top, bottom, left, right; /* at that edge */
    bool wide, high;               /* as the screen */
    bool tiny;
    struct span colour;
    struct span back_colour;
};

/* Letters are compared by their small forms; `word` is in small letters. */
static bool has_word(struct span value, const char *word)
{
    return span_find_nocase(value, span_of(word), 0) < value.size;
}

static inline bool is(struct span text, const char *word)
{
    return text.size == strlen(word) && span_equal_nocase(text, span_of(word));
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* A number at the start; `*ret_unit` is the rest. False when there is none. */
static bool take_number(struct span text, double *ret_number, struct span *ret_unit)
{
    size_t at = 0;
    bool minus = text.size > 0 && text.at[0] == '-';
    at += minus || (text.size > 0 && text.at[0] == '+');
    double number = 0.0;
    double scale = 1.0;
    bool seen = false;
    for (bool fraction = false; at < text.size; at++) {
        if (text.at[at] == '.' && !fraction) {
            fraction = true;
        } else if (is_digit(text.at[at])) {
            scale = fraction ? scale / 10.0 : scale;
            number = fraction ? number + (text.at[at] - '0') * scale : number * 10.0 + (text.at[at] - '0');
            seen = true;
        } else {
            break;
        }
    }
    *ret_number = minus ? -number : number;
    *ret_unit = span_cut(text, at, text.size);
    return seen;
}

static bool is_zero(struct span value)
{
    double number;
    struct span unit;
    return take_number(value, &number, &unit) && number == 0.0;
}

static bool is_far_left(struct span value)
{
    double number;
    struct span unit;
    if (!take_number(value, &number, &unit))
        return false;
    if (span_starts(unit, SPAN("em")) || span_starts(unit, SPAN("rem")))
        number *= 16.0;
    else if (span_starts(unit, SPAN("%")) || span_starts(unit, SPAN("v")))
        number *= 5.0;
    return number <= AWAY_PX;
}

static uint32_t pixels(struct span value)
{
    double number;
    struct span unit;
    if (!take_number(value, &number, &unit) || number < 0.0 || number > 100000.0 ||
        !span_starts(unit, SPAN("px")))
        return 0;
    return (uint32_t)number;
}

static uint8_t display_of(struct span value)
{
    static const struct {
        const char *name;
        uint8_t display;
    } known[] = {
        {"none", DISPLAY_NONE},
        {"block", DISPLAY_BLOCK},
        {"inline", DISPLAY_INLINE},
        {"inline-block", DISPLAY_INLINE},
        {"flex", DISPLAY_FLEX},
        {"grid", DISPLAY_FLEX},
        {"inline-flex", DISPLAY_INLINE_FLEX},
        {"inline-grid", DISPLAY_INLINE_FLEX},
        {"-webkit-box", DISPLAY_FLEX},
        {"-webkit-flex", DISPLAY_FLEX},
        {"table", DISPLAY_BLOCK},
        {"table-row", DISPLAY_BLOCK},
        {"table-cell", DISPLAY_CELL},
        {"list-item", DISPLAY_BLOCK},
        {"contents", DISPLAY_CONTENTS},
        {"flow-root", DISPLAY_BLOCK},
        {"table-caption", DISPLAY_BLOCK},
        {"inline-table", DISPLAY_INLINE},
        {"table-row-group", DISPLAY_BLOCK},
        {"initial", DISPLAY_INLINE},
        {"unset", DISPLAY_INLINE},
        {"inherit", DISPLAY_OTHER},
        {"revert", DISPLAY_OTHER},
        {"revert-layer", DISPLAY_OTHER},
        {"ruby", DISPLAY_INLINE},
        {"math", DISPLAY_INLINE},
        {"-webkit-inline-box", DISPLAY_INLINE},
        {"table-header-group", DISPLAY_BLOCK},
        {"table-footer-group", DISPLAY_BLOCK},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (is(value, known[i].name))
            return known[i].display;
    bool two_words = span_find(value, SPAN(" "), 0) < value.size && !has_word(value, "none");
    return two_words || has_word(value, "var(") ? DISPLAY_OTHER : STYLE_UNSET;
}

static void set(struct declarations *all, enum style_property property, uint8_t value, bool important)
{
    bool locked = all->style.important >> property & 1;
    if (value == STYLE_UNSET || (locked && !important))
        return;
    all->style.values[property] = value;
    if (important)
        all->style.important = (uint8_t)(all->style.important | 1u << property);
}

static uint8_t visibility_of(struct span value)
{
    if (is(value, "hidden") || is(value, "collapse"))
        return VISIBILITY_HIDDEN;
    if (is(value, "inherit") || is(value, "unset") || is(value, "revert") || is(value, "revert-layer"))
        return VISIBILITY_PARENTS;
    return is(value, "visible") || is(value, "initial") || has_word(value, "var(") ? VISIBILITY_VISIBLE
                                                                                   : STYLE_UNSET;
}

static uint8_t float_of(struct span value)
{
    if (is(value, "left") || is(value, "right"))
        return FLOAT_SIDE;
    return is(value, "none") ? FLOAT_NONE : STYLE_UNSET;
}

static uint8_t position_of(struct span value)
{
    if (is(value, "absolute"))
        return POSITION_OUT;
    if (is(value, "fixed"))
        return POSITION_FIXED;
    return is(value, "static") || is(value, "relative") || is(value, "sticky") ? POSITION_FLOW : STYLE_UNSET;
}

/* The properties of the cascade. False when the name is none of them. */
static bool cascade_one(struct declarations *all, struct span name, struct span value, bool important)
{
    if (is(name, "display"))
        set(all, STYLE_DISPLAY, display_of(value), important);
    else if (is(name, "visibility"))
        set(all, STYLE_VISIBILITY, visibility_of(value), important);
    else if (is(name, "float"))
        set(all, STYLE_FLOAT, float_of(value), important);
    else if (is(name, "position"))
        set(all, STYLE_POSITION, position_of(value), important);
    else if (is(name, "white-space"))
        set(all, STYLE_WHITE_SPACE, has_word(value, "pre") ? WHITE_SPACE_PRE : WHITE_SPACE_NORMAL, important);
    else
        return false;
    return true;
}

static bool is_clip(struct span value)
{
    if (has_word(value, "inset(100%") || has_word(value, "inset(50%") || has_word(value, "circle(0)") ||
        has_word(value, "circle(0 ") || has_word(value, "circle(0px") || has_word(value, "circle(0%"))
        return true;
    return has_word(value, "rect(0 0 0 0") || has_word(value, "rect(0,0,0,0") ||
           has_word(value, "rect(0, 0, 0, 0") || has_word(value, "rect(0px,0px,0px,0px") ||
           has_word(value, "rect(0px, 0px, 0px, 0px") || has_word(value, "rect(1px,1px,1px,1px") ||
           has_word(value, "rect(1px, 1px, 1px, 1px");
}

/* A colour as one word, "#fff" and "white" made the same for the two commonest. */
static struct span colour_word(struct span value)
{
    size_t end = 0;
    bool inside = false;
    while (end < value.size && (inside || value.at[end] != ' ')) {
        inside = value.at[end] == '(' || (inside && value.at[end] != ')');
        end++;
    }
    value = span_cut(value, 0, end);
    if (is(value, "white") || is(value, "#fff"))
        return SPAN("#ffffff");
    return is(value, "black") || is(value, "#000") ? SPAN("#000000") : value;
}

static void background_one(struct declarations *all, struct span value, bool colour)
{
    size_t at = 0;
    if (all->style.background.size == 0)
        style_next_url(value, &at, &all->style.background);
    if (colour && at == 0)
        all->back_colour = colour_word(value);
}

/* As wide or high as what it stands in: from 90 % on. */
static bool is_whole(struct span value)
{
    double number;
    struct span unit;
    return take_number(value, &number, &unit) && number >= 90.0 &&
           (span_starts(unit, SPAN("%")) || span_starts(unit, SPAN("v")) || span_starts(unit, SPAN("dv")));
}

static void edge_one(struct declarations *all, struct span name, struct span value)
{
    bool inset = is(name, "inset");
    if (!is_zero(value))
        return;
    all->top |= inset || is(name, "top");
    all->bottom |= inset || is(name, "bottom");
    all->left |= inset || is(name, "left");
    all->right |= inset || is(name, "right");
}

static bool covers(const struct declarations *all)
{
    return !all->below && (all->high || (all->top && all->bottom)) &&
           (all->wide || (all->left && all->right));
}

static void place_one(struct declarations *all, struct span name, struct span value)
{
    if (is(name, "left"))
        all->away_left = is_far_left(value);
    else if (is(name, "top"))
        all->away_top = is_far_left(value);
    else if (is(name, "right"))
        all->away_right = is_far_left(value);
    else if (is(name, "bottom"))
        all->away_bottom = is_far_left(value);
    else if (is(name, "inset"))
        all->away_left = all->away_top = all->away_right = all->away_bottom = false;
    else if (is(name, "text-indent"))
        all->indented = is_far_left(value);
    else if (is(name, "clip"))
        all->clipped = is_clip(value);
    else if (is(name, "clip-path"))
        all->clipped_path = is_clip(value);
    else if (is(name, "overflow"))
        all->no_overflow = has_word(value, "hidden") || has_word(value, "clip");
    else if (span_starts(name, SPAN("margin")) || is(name, "transform") || is(name, "translate"))
        all->shifted |= !is_zero(value);
}

static void size_one(struct declarations *all, struct span name, struct span value)
{
    bool wide = is(name, "width");
    bool high = is(name, "height");
    if (wide) {
        all->none_wide = is_zero(value);
        all->wide = is_whole(value);
        all->style.width = pixels(value);
    } else if (high) {
        all->none_high = is_zero(value);
        all->high = is_whole(value);
        all->style.height = pixels(value);
    } else if (is(name, "max-width")) {
        all->most_wide = is_zero(value);
    } else if (is(name, "max-height")) {
        all->most_high = is_zero(value);
    }
}

static void font_one(struct declarations *all, struct span name, struct span value)
{
    double number;
    struct span unit;
    if (is(name, "opacity"))
        all->opacity =
            !take_number(value, &number, &unit) ? 1 : number / (span_starts(unit, SPAN("%")) ? 100 : 1);
    else if (is(name, "font-size") || is(name, "font"))
        all->tiny = is_zero(value);
    else if (is(name, "z-index"))
        all->below = value.at[0] == '-';
    else if (is(name, "color"))
        all->colour = colour_word(value);
    else if (span_starts(name, SPAN("animation")) || span_starts(name, SPAN("transition")))
        all->moves = true;
}

static int hex_digit(char byte)
{
    if (is_digit(byte))
        return byte - '0';
    byte = (char)(byte | 32);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

enum { WORD_BYTES = 96 };

uint32_t style_escape(struct span css, size_t *at)
{
    uint32_t number = 0;
    size_t digits = 0;
    for (++*at; *at < css.size && digits < 6 && hex_digit(css.at[*at]) >= 0; ++*at, digits++)
        number = number * 16 + (uint32_t)hex_digit(css.at[*at]);
    if (digits == 0)
        return *at < css.size ? utf8_next(css, at) : 0;
    if (*at < css.size && (css.at[*at] == ' ' || css.at[*at] == '\t' || css.at[*at] == '\n'))
        ++*at;
    return number < 0x110000 && (number < 0xD800 || number > 0xDFFF) ? number : 0xFFFD;
}

/* "displa\\79" is display. What is longer than a name or a keyword stays as it is written. */
static struct span unescaped(struct span text, char room[WORD_BYTES])
{
    size_t size = 0;
    if (text.size >= WORD_BYTES || span_find(text, SPAN("\\"), 0) == text.size)
        return text;
    for (size_t at = 0; at < text.size;) {
        if (text.at[at] != '\\') {
            room[size++] = text.at[at++];
            continue;
        }
        uint32_t c = style_escape(text, &at);
        room[size++] = c > 0 && c < 0x80 ? (char)c : '?';
    }
    return (struct span){room, size};
}

/* Without the comments at both ends. */
static struct span uncommented(struct span text)
{
    text = span_trim(text);
    while (span_starts(text, SPAN("/*"))) {
        size_t end = span_find(text, SPAN("*/"), 2);
        text = span_trim(span_cut(text, end + 2 < text.size ? end + 2 : text.size, text.size));
    }
    size_t comment = span_find(text, SPAN("/*"), 0);
    if (comment < text.size && span_find(text, SPAN("*/"), comment) + 2 >= text.size)
        text = span_trim(span_cut(text, 0, comment));
    return text;
}

static void declaration(struct declarations *all, struct span name, struct span value)
{
    bool important = false;
    char name_room[WORD_BYTES], value_room[WORD_BYTES];
    name = unescaped(uncommented(name), name_room);
    value = uncommented(value);
    for (size_t i = value.size; i > 0; i--)
        if (value.at[i - 1] == '!') {
            important = span_equal_nocase(span_trim(span_cut(value, i, value.size)), SPAN("important"));
            value = important ? span_trim(span_cut(value, 0, i - 1)) : value;
            break;
        }
    if (name.size == 0 || value.size == 0 || cascade_one(all, name, unescaped(value, value_room), important))
        return;
    if (is(name, "background") || is(name, "background-image") || is(name, "background-color")) {
        background_one(all, value, !is(name, "background-image"));
        return;
    }
    place_one(all, name, value);
    edge_one(all, name, value);
    size_one(all, name, value);
    font_one(all, name, value);
}

/* The end of a declaration: ';' outside quotes and brackets. */
static size_t declaration_end(struct span css, size_t at)
{
    char quote = '\0';
    for (int depth = 0; at < css.size; at++) {
        char byte = css.at[at];
        if (byte == '\\')
            at++;
        else if (quote)
            quote = byte == quote ? '\0' : quote;
        else if (byte == '"' || byte == '\'')
            quote = byte;
        else if (byte == '/' && at + 1 < css.size && css.at[at + 1] == '*')
            at = span_find(css, SPAN("*/"), at + 2) + 1;
        else if (byte == '(')
            depth++;
        else if (byte == ')')
            depth -= depth > 0;
        else if (byte == ';' && depth == 0)
            return at;
    }
    return css.size;
}

static bool is_away(const struct declarations *all)
{
    return all->style.values[STYLE_POSITION] >= POSITION_OUT && !all->shifted &&
           (all->away_left || all->away_top || all->away_right || all->away_bottom);
}

static bool is_clipped(const struct declarations *all)
{
    return all->clipped_path || all->indented ||
           (all->clipped && all->style.values[STYLE_POSITION] >= POSITION_OUT);
}

static uint8_t trick_of(const struct declarations *all)
{
    if (all->opacity < 0.005 && !all->moves)
        return TRICK_TRANSPARENT;
    if (is_clipped(all))
        return TRICK_CLIPPED;
    if (is_away(all))
        return TRICK_AWAY;
    if (all->no_overflow && (all->none_wide || all->none_high || all->most_wide || all->most_high))
        return TRICK_BOXED;
    if (all->tiny)
        return TRICK_TINY;
    bool same = all->colour.size > 0 && span_equal_nocase(all->colour, all->back_colour) &&
                !is(all->colour, "inherit");
    return same && all->style.background.size == 0 ? TRICK_SAME_COLOUR : TRICK_NONE;
}

struct style style_read(struct span declarations)
{
    struct declarations all = {.opacity = 1.0};
    for (size_t at = 0; at < declarations.size;) {
        size_t end = declaration_end(declarations, at);
        struct span one = span_cut(declarations, at, end);
        size_t colon = span_find(one, SPAN(":"), 0);
        if (colon < one.size)
            declaration(&all, span_trim(span_cut(one, 0, colon)),
                        span_trim(span_cut(one, colon + 1, one.size)));
        at = end + 1;
    }
    all.style.trick = trick_of(&all);
    if (covers(&all))
        all.style.values[STYLE_LAYER] = LAYER_COVERING;
    return all.style;
}

bool style_matters(const struct style *style)
{
    for (int i = 0; i < STYLE_PROPERTY_COUNT; i++)
        if (style->values[i] != STYLE_UNSET)
            return true;
    return false;
}

bool style_next_url(struct span css, size_t *at, struct span *ret_url)
{
    size_t start = span_find_nocase(css, SPAN("url("), *at);
    if (start >= css.size)
        return false;
    start += 4;
    while (start < css.size && (css.at[start] == ' ' || css.at[start] == '\t' || css.at[start] == '\n'))
        start++;
    char quote = start < css.size && (css.at[start] == '"' || css.at[start] == '\'') ? css.at[start++] : '\0';
    size_t end = start;
    while (end < css.size && css.at[end] != (quote ? quote : ')'))
        end += css.at[end] == '\\' ? 2 : 1;
    *ret_url = span_trim(span_cut(css, start, end));
    *at = end < css.size ? end + 1 : css.size;
    return true;
}
