/* Media queries for one fixed screen. A feature that is not known here does not hold, so its rules hide
 * nothing. */
#include "pipeline/read/style_media.h"

#include "pipeline/read/style_sheet.h"

static bool has(struct span text, const char *word)
{
    return span_find_nocase(text, span_of(word), 0) < text.size;
}

/* A length in px; em and rem are 16 px. */
static double length_px(struct span value)
{
    double number = 0.0;
    size_t at = 0;
    value = span_trim(value);
    for (double scale = 0.0; at < value.size; at++) {
        char byte = value.at[at];
        if (byte == '.')
            scale = 1.0;
        else if (byte < '0' || byte > '9')
            break;
        else if (scale > 0.0)
            number += (byte - '0') * (scale /= 10.0);
        else
            number = number * 10.0 + (byte - '0');
    }
    return has(span_cut(value, at, value.size), "em") ? number * 16.0 : number;
}

static bool word_holds(struct span name, struct span value)
{
    if (has(name, "orientation"))
        return has(value, "landscape");
    if (has(name, "prefers-color-scheme"))
        return has(value, "light");
    if (has(name, "prefers-reduced-motion"))
        return has(value, "no-preference");
    if (has(name, "hover"))
        return !has(value, "none");
    return has(name, "pointer") && has(value, "fine");
}

/* The inside of one pair of brackets. */
static bool feature_holds(struct span feature)
{
    size_t colon = span_find(feature, SPAN(":"), 0);
    struct span name = span_trim(span_cut(feature, 0, colon));
    struct span value = span_cut(feature, colon + 1, feature.size);
    bool height = has(name, "height");
    double screen = height ? STYLE_SCREEN_HEIGHT : STYLE_SCREEN_WIDTH;
    if (!has(name, "width") && !height)
        return word_holds(name, value);
    if (span_starts(name, SPAN("min-")))
        return screen >= length_px(value);
    if (span_starts(name, SPAN("max-")))
        return screen <= length_px(value);
    size_t sign = span_find(feature, SPAN("="), 0);
    if (sign == feature.size && (sign = span_find(feature, SPAN(">"), 0)) == feature.size)
        sign = span_find(feature, SPAN("<"), 0);
    struct span limit = span_cut(feature, sign + 1, feature.size);
    return span_find(feature, SPAN(">"), 0) < feature.size ? screen >= length_px(limit)
                                                           : screen <= length_px(limit);
}

/* "only screen and " without what joins it. */
static bool is_for_screens(struct span type)
{
    static const char *const others[] = {"print", "speech",   "aural",    "braille",   "tty",
                                         "tv",    "embossed", "handheld", "projection"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (has(type, others[i]))
            return false;
    return true;
}

static enum style_media media_of_query(struct span query)
{
    query = span_trim(query);
    bool negated = span_starts(query, SPAN("not "));
    size_t open = span_find(query, SPAN("("), 0);
    bool screens = is_for_screens(span_cut(query, 0, open));
    if (open == query.size || !screens)
        return screens != negated ? MEDIA_ALWAYS : MEDIA_NEVER;
    bool holds = true;
    while (open < query.size) {
        size_t close = span_find(query, SPAN(")"), open);
        holds = holds && feature_holds(span_cut(query, open + 1, close));
        open = span_find(query, SPAN("("), close);
    }
    return holds != negated ? MEDIA_HERE : MEDIA_ELSEWHERE;
}

enum style_media style_media_of(struct span prelude)
{
    enum style_media best = MEDIA_NEVER;
    struct span query;
    if (span_trim(prelude).size == 0)
        return MEDIA_ALWAYS;
    while (span_next(&prelude, ',', &query)) {
        enum style_media media = media_of_query(query);
        best = media > best ? media : best;
    }
    return best;
}

bool style_media_holds(struct span prelude)
{
    return style_media_of(prelude) >= MEDIA_HERE;
}
