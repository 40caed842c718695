/* Comparing, searching and cutting spans; see span.h for why text is a span. */
#include "base/span.h"

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte;
}

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

int span_compare(struct span a, struct span b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.at, b.at, common) : 0;
    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

bool span_equal_nocase(struct span a, struct span b)
{
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

bool span_starts(struct span text, struct span prefix)
{
    return text.size >= prefix.size && span_equal(span_cut(text, 0, prefix.size), prefix);
}

bool span_ends(struct span text, struct span suffix)
{
    return text.size >= suffix.size && span_equal(span_cut(text, text.size - suffix.size, text.size), suffix);
}

size_t span_find(struct span text, struct span needle, size_t from)
{
    if (from >= text.size || needle.size > text.size - from)
        return text.size;
    if (needle.size == 0)
        return from;
    const char *hit = memmem(text.at + from, text.size - from, needle.at, needle.size);
    return hit ? (size_t)(hit - text.at) : text.size;
}

size_t span_find_nocase(struct span text, struct span needle, size_t from)
{
    for (size_t i = from; i + needle.size <= text.size; i++)
        if (span_equal_nocase(span_cut(text, i, i + needle.size), needle))
            return i;
    return text.size;
}

struct span span_trim(struct span text)
{
    size_t from = 0;
    size_t to = text.size;
    while (from < to && is_space(text.at[from]))
        from++;
    while (to > from && is_space(text.at[to - 1]))
        to--;
    return span_cut(text, from, to);
}

bool span_next(struct span *rest, char mark, struct span *ret_piece)
{
    if (!rest->at)
        return false;
    const char *hit = rest->size ? memchr(rest->at, mark, rest->size) : NULL;
    size_t size = hit ? (size_t)(hit - rest->at) : rest->size;
    *ret_piece = span_cut(*rest, 0, size);
    *rest = hit ? span_cut(*rest, size + 1, rest->size) : (struct span){NULL, 0};
    return true;
}
