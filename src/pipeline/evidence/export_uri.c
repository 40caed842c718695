/*
 * An address as a URI of RFC 3986. Lists, redirections and pages carry addresses with letters, spaces and
 * quotes that browsers forgive; STIX does not, and a CERT's tool drops the whole object that has one.
 */
#include "pipeline/evidence/export_facts.h"

#include <idn2.h>
#include <stdio.h>
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

static bool is_ascii(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.at[i] >= 0x80 || text.at[i] <= ' ')
            return false;
    return true;
}

bool export_ascii_host(struct span host, struct buf *out)
{
    char text[EXPORT_HOST_BYTES], *ascii = NULL;
    if (host.size == 0 || host.size >= sizeof(text) || memchr(host.at, '\0', host.size))
        return false;
    if (is_ascii(host))
        return buf_add_span(out, host);
    snprintf(text, sizeof(text), "%.*s", (int)host.size, host.at);
    bool done = idn2_to_ascii_8z(text, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK;
    struct span name = span_of(done ? ascii : NULL);
    done = done && name.size < EXPORT_HOST_BYTES && is_ascii(name) && buf_add_span(out, name);
    idn2_free(ascii);
    return done;
}

/* Where the host stands in an address; empty where it is none. */
static struct span host_of(struct span url, size_t host_end)
{
    size_t from = host_end ? span_find(url, SPAN("://"), 0) + 3 : 0;
    struct span host = span_cut(url, from, host_end);
    size_t at = span_find(host, SPAN("@"), 0);
    if (at < host.size)
        host = span_cut(host, at + 1, host.size);
    return span_cut(host, 0, span_find(host, SPAN(":"), 0));
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
    struct span host = host_of(url, host_end);
    size_t skip = is_ascii(host) ? 0 : host.size, from = host.size ? (size_t)(host.at - url.at) : 0;
    for (size_t i = 0; i < url.size; i++) {
        if (skip && i == from && export_ascii_host(host, out)) /* a name in letters of its own: punycode */
            i += skip;
        if (i < url.size && may_stand(url, i, host_end, fragment))
            buf_add_byte(out, url.at[i]);
        else if (i < url.size)
            buf_add_format(out, "%%%02X", (unsigned char)url.at[i]);
    }
}
