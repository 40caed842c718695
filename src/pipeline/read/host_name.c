/*
 * Attackers write addresses the way browsers forgive: white space and line ends inside, backslashes for
 * slashes, a user name that looks like a host. The WHATWG URL rules for special schemes decide here, in as
 * much as the host needs them.
 */
#include "pipeline/read/host_name.h"

#include "base/utf8.h"
#include "pipeline/read/read_limits.h"

enum { HEAD_BYTES = 1024 }; /* of an address; longer user names are no user names */

/* The address without white space at the ends and without line ends and tabs inside, backslashes made
 * slashes. */
static struct span cleaned(struct span url, char room[HEAD_BYTES])
{
    size_t size = 0;
    while (url.size > 0 && (unsigned char)url.at[0] <= ' ')
        url = span_cut(url, 1, url.size);
    for (size_t i = 0; i < url.size && size < HEAD_BYTES; i++) {
        char byte = url.at[i];
        if (byte == '?' || byte == '#')
            break;
        if (byte != '\t' && byte != '\n' && byte != '\r')
            room[size++] = byte == '\\' ? '/' : byte;
    }
    return (struct span){room, size};
}

/* Behind the scheme and its slashes; false when the address has no host of its own. */
static bool skip_scheme(struct span *url)
{
    static const struct span schemes[] = {{"https:", 6}, {"http:", 5}, {"ftp:", 4}, {"wss:", 4}, {"ws:", 3}};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (!span_equal_nocase(span_cut(*url, 0, schemes[i].size), schemes[i]))
            continue;
        *url = span_cut(*url, schemes[i].size, url->size);
        while (url->size > 0 && url->at[0] == '/')
            *url = span_cut(*url, 1, url->size);
        return true;
    }
    if (!span_starts(*url, SPAN("//")))
        return false;
    while (url->size > 0 && url->at[0] == '/')
        *url = span_cut(*url, 1, url->size);
    return true;
}

static struct span host_part(struct span url)
{
    struct span authority = span_cut(url, 0, span_find(url, SPAN("/"), 0));
    for (size_t i = authority.size; i > 0; i--)
        if (authority.at[i - 1] == '@') {
            authority = span_cut(authority, i, authority.size);
            break;
        }
    if (span_starts(authority, SPAN("[")))
        return span_cut(authority, 0, span_find(authority, SPAN("]"), 0) + 1);
    struct span host = span_cut(authority, 0, span_find(authority, SPAN(":"), 0));
    return span_ends(host, SPAN(".")) ? span_cut(host, 0, host.size - 1) : host;
}

bool host_name_of(struct span url, char room[HOST_BYTES + 1], struct span *ret_host)
{
    char head[HEAD_BYTES];
    struct span rest = cleaned(url, head);
    if (!skip_scheme(&rest))
        return false;
    struct span host = host_part(rest);
    size_t size = 0;
    for (size_t at = 0; at < host.size;) {
        char bytes[4];
        uint32_t c = utf8_next(host, &at);
        size_t more = utf8_put(utf8_lower(c), bytes);
        if (c <= ' ' || c == 0x7F || c == UTF8_REPLACEMENT || size + more > HOST_BYTES)
            return false;
        memcpy(room + size, bytes, more);
        size += more;
    }
    room[size] = '\0';
    *ret_host = (struct span){room, size};
    return size > 0;
}

static struct span without_www(struct span host)
{
    return span_starts(host, SPAN("www.")) ? span_cut(host, 4, host.size) : host;
}

bool host_name_same(struct span a, struct span b)
{
    return span_equal(without_www(a), without_www(b));
}

bool host_name_count(struct arena *arena, struct host_list *list, size_t *room, struct span host)
{
    for (size_t i = 0; i < list->count; i++)
        if (span_equal(list->at[i].host, host)) {
            list->at[i].count++;
            return true;
        }
    if (list->count >= READ_HOSTS)
        return false;
    struct host_count *at = arena_grow(arena, list->at, list->count, room, sizeof(*at));
    struct span copy = at ? arena_copy(arena, host) : (struct span){NULL, 0};
    if (!copy.at)
        return false;
    list->at = at;
    list->at[list->count++] = (struct host_count){copy, 1};
    return true;
}
