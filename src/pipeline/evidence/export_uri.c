/*
 * An address as a URI of RFC 3986. Lists, redirections and pages carry addresses with letters, spaces and
 * quotes that browsers forgive; STIX does not, and a CERT's tool drops the whole object that has one.
 */
#include "pipeline/evidence/export_facts.h"

#include <string.h>

static bool is_digit_or_letter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return is_digit_or_letter(c) && (c | 0x20) <= 'f';
}

static size_t authority_end(struct span url)
{
    static const char ends[] = {'/', '?', '#'};
    size_t at = span_find(url, SPAN("://"), 0);
    if (at >= url.size)
        return 0;
    for (at += 3; at < url.size && !memchr(ends, url.at[at], sizeof(ends)); at++)
        ;
    return at;
}

static bool may_stand(struct span url, size_t at, size_t host_end, size_t fragment)
{
    char c = url.at[at];
    if (c == '%')
        return at + 2 < url.size && is_hex(url.at[at + 1]) && is_hex(url.at[at + 2]);
    if (c == '[' || c == ']')
        return at < host_end;
    if (c == '#')
        return at == fragment;
    return is_digit_or_letter(c) || (c && strchr("-._~:/?@!$&'()*+,;=", c));
}

void export_uri(struct span url, struct buf *out)
{
    size_t host_end = authority_end(url), fragment = span_find(url, SPAN("#"), 0);
    for (size_t i = 0; i < url.size; i++) {
        if (may_stand(url, i, host_end, fragment))
            buf_add_byte(out, url.at[i]);
        else
            buf_add_format(out, "%%%02X", (unsigned char)url.at[i]);
    }
}
