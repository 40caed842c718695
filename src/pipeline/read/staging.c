/*
 * Looking, not understanding: the few places where a page says such things about itself are searched for
 * words. What it misses costs a hint among others; style text is untrusted, so each search goes forward only.
 */
#include "pipeline/read/staging.h"

#include "pipeline/page.h"
#include "pipeline/read/page_colour.h"
#include "pipeline/read/read_limits.h"

/* A background whose brightest channel is at most this is dark. */
enum { DARK_CHANNEL_MAX = 0x30 };

/* Bytes of letters from which on content is words. */
enum { CONTENT_LETTERS_MIN = 4 };

static bool has(struct span text, const char *word)
{
    return span_find_nocase(text, span_of(word), 0) < text.size;
}

/* ---- colours
 * ------------------------------------------------------------------------------------------------- */

uint8_t staging_of_colour(struct span colour)
{
    uint32_t rgb;
    bool dark = page_colour_parse(colour, &rgb) && (rgb >> 16) <= DARK_CHANNEL_MAX &&
                (rgb >> 8 & 0xFF) <= DARK_CHANNEL_MAX && (rgb & 0xFF) <= DARK_CHANNEL_MAX;
    return dark ? STAGING_DARK : 0;
}

/* ---- declarations and rules
 * ---------------------------------------------------------------------------------- */

/* A background that begins with a colour, or is a gradient that does. */
static uint8_t of_background(struct span value)
{
    value = span_trim(value);
    size_t bracket = span_find(value, SPAN("("), 0);
    if (has(span_cut(value, 0, bracket), "gradient"))
        value = span_cut(value, bracket + 1, value.size);
    size_t colour = 0; /* "to bottom, #000": skip what is no colour, up to the first comma or blank */
    for (int i = 0; i < 4 && colour < value.size; i++) {
        struct span word = span_cut(value, colour, value.size);
        if (staging_of_colour(word) || span_starts(span_trim(word), SPAN("#")))
            return staging_of_colour(word);
        while (colour < value.size && value.at[colour] != ' ' && value.at[colour] != ',')
            colour++;
        colour++;
    }
    return 0;
}

uint8_t staging_of_style(struct span declarations)
{
    struct span rest = declarations, one;
    while (span_next(&rest, ';', &one)) {
        size_t colon = span_find(one, SPAN(":"), 0);
        struct span name = span_trim(span_cut(one, 0, colon));
        bool background =
            span_equal_nocase(name, SPAN("background")) || span_equal_nocase(name, SPAN("background-color"));
        if (background && of_background(span_cut(one, colon + 1, one.size)))
            return STAGING_DARK;
    }
    return 0;
}

/* The whole page: *, html, body, :root, also with a class; no descendant. */
static bool is_whole_page(struct span selector)
{
    static const char *const names[] = {"body", "html", "*", ":root"};
    selector = span_trim(selector);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct span name = span_of(names[i]);
        if (!span_equal_nocase(span_cut(selector, 0, name.size), name))
            continue;
        struct span rest = span_cut(selector, name.size, selector.size);
        if (!rest.size || (rest.at[0] == '.' && span_find(rest, SPAN(" "), 0) == rest.size))
            return true;
    }
    return false;
}

static bool for_whole_page(struct span selectors)
{
    struct span one;
    size_t comment = span_find(selectors, SPAN("*/"), 0);
    if (comment < selectors.size)
        selectors = span_cut(selectors, comment + 2, selectors.size);
    while (span_next(&selectors, ',', &one))
        if (is_whole_page(one))
            return true;
    return false;
}

/* Behind the bracket that closes the block which was opened just before `at`. */
static size_t behind_block(struct span css, size_t at)
{
    for (int depth = 1; at < css.size && depth > 0; at++)
        depth += css.at[at] == '{' ? 1 : css.at[at] == '}' ? -1 : 0;
    return at;
}

static uint8_t of_rules(struct span css)
{
    size_t start = 0;
    for (size_t at = 0; at < css.size; at++) {
        if (css.at[at] == '}' || css.at[at] == ';') {
            start = at + 1;
            continue;
        }
        if (css.at[at] != '{')
            continue;
        struct span prelude = span_trim(span_cut(css, start, at));
        bool group = span_starts(prelude, SPAN("@"));
        size_t end = group ? at + 1 : span_find(css, SPAN("}"), at);
        if (group && (has(prelude, "print") || has(prelude, "prefers-") || has(prelude, "keyframes")))
            end = behind_block(css, at + 1);
        else if (!group && for_whole_page(prelude) && staging_of_style(span_cut(css, at + 1, end)))
            return STAGING_DARK;
        start = end + !group;
        at = start - 1;
    }
    return 0;
}

/* Words that the style sheet itself writes: content with several letters, which escapes of icons have not. */
static bool writes_words(struct span css)
{
    for (size_t at = 0; (at = span_find_nocase(css, SPAN("content"), at)) < css.size;) {
        at += strlen("content");
        while (at < css.size && (css.at[at] == ' ' || css.at[at] == ':'))
            at++;
        if (at >= css.size || (css.at[at] != '"' && css.at[at] != '\''))
            continue;
        char quote = css.at[at++];
        size_t letters = 0;
        for (; at < css.size && css.at[at] != quote && letters < CONTENT_LETTERS_MIN; at++) {
            if (css.at[at] == '\\')
                break;
            letters +=
                (unsigned char)css.at[at] >= 0x80 || ((css.at[at] | 32) >= 'a' && (css.at[at] | 32) <= 'z');
        }
        if (letters >= CONTENT_LETTERS_MIN)
            return true;
    }
    return false;
}

uint8_t staging_of_css(struct span css)
{
    css = span_cut(css, 0, css.size < READ_STAGING_BYTES ? css.size : READ_STAGING_BYTES);
    return (uint8_t)(of_rules(css) | (writes_words(css) ? STAGING_UNREAD : 0));
}

/* ---- scripts and players
 * ------------------------------------------------------------------------------------- */

uint8_t staging_of_script(struct span script)
{
    static const char *const signs[] = {"oncontextmenu", "'contextmenu'", "\"contextmenu\"", "onselectstart"};
    script = span_cut(script, 0, script.size < READ_STAGING_BYTES ? script.size : READ_STAGING_BYTES);
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (has(script, signs[i]))
            return STAGING_LOCKED;
    return 0;
}

uint8_t staging_of_player(struct span url)
{
    static const char *const signs[] = {"autoplay=1", "autoplay=true", "auto_play=true", ".mp3", ".ogg",
                                        ".wav",       ".mid"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (has(url, signs[i]))
            return STAGING_SOUND;
    return 0;
}
