/* See declared_refresh.h. */
#include "pipeline/read/declared_refresh.h"

#include "base/utf8.h"
#include "pipeline/read/read_limits.h"

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static struct span skip_spaces(struct span text)
{
    size_t at = 0;
    while (at < text.size && is_space(text.at[at]))
        at++;
    return span_cut(text, at, text.size);
}

/* Whole seconds; what stands behind a point counts for nothing. False where no number stands: then it is no
 * refresh at all. */
static bool take_seconds(struct span *text, uint32_t *ret_seconds)
{
    uint32_t seconds = 0;
    size_t at = 0;
    for (; at < text->size && is_digit(text->at[at]); at++)
        seconds = seconds < 1000000 ? seconds * 10 + (uint32_t)(text->at[at] - '0') : seconds;
    if (at == 0 && (text->size == 0 || text->at[0] != '.'))
        return false;
    while (at < text->size && (is_digit(text->at[at]) || text->at[at] == '.'))
        at++;
    *text = span_cut(*text, at, text->size);
    *ret_seconds = seconds;
    return true;
}

static bool take_mark(struct span *text, char mark)
{
    if (text->size == 0 || (text->at[0] != mark && text->at[0] != (mark ^ 32)))
        return false;
    *text = span_cut(*text, 1, text->size);
    return true;
}

/* "url=" may be missing, and what only begins like it belongs to the address. */
static struct span skip_name(struct span text)
{
    struct span rest = text;
    if (!take_mark(&rest, 'u'))
        return text;
    if (!take_mark(&rest, 'r') || !take_mark(&rest, 'l'))
        return (struct span){NULL, 0};
    rest = skip_spaces(rest);
    if (rest.size == 0 || rest.at[0] != '=')
        return (struct span){NULL, 0};
    return skip_spaces(span_cut(rest, 1, rest.size));
}

static struct span target_of(struct span text)
{
    struct span rest = skip_name(text);
    if (!rest.at)
        return text;
    if (rest.size > 0 && (rest.at[0] == '"' || rest.at[0] == '\'')) {
        struct span quote = span_cut(rest, 0, 1);
        rest = span_cut(rest, 1, rest.size);
        rest = span_cut(rest, 0, span_find(rest, quote, 0));
    }
    return rest;
}

void declared_refresh_take(struct reading *reading, struct span content)
{
    uint32_t seconds;
    struct span rest = skip_spaces(content);
    if (reading->refreshes || !take_seconds(&rest, &seconds))
        return;
    if (rest.size > 0 && !is_space(rest.at[0]) && rest.at[0] != ';' && rest.at[0] != ',')
        return;
    rest = skip_spaces(rest);
    if (rest.size > 0 && (rest.at[0] == ';' || rest.at[0] == ','))
        rest = skip_spaces(span_cut(rest, 1, rest.size));
    struct span target = span_trim(target_of(rest));
    reading->refreshes = true;
    reading->refresh_s = seconds;
    target = arena_copy(&reading->arena, utf8_prefix(target, READ_URL_BYTES));
    if (target.size == 0)
        reading->refresh_self = true;
    else if (seconds <= READ_REFRESH_S)
        reading->refresh = target;
    else if (seconds <= READ_REFRESH_LATE_S)
        reading->refresh_late = target;
}
