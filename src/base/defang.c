/* See defang.h. */
#include "base/defang.h"

/* Where the host ends: behind the scheme's slashes, at the next slash, question mark or number sign. */
static size_t host_end(struct span url, size_t from)
{
    while (from < url.size && !strchr("/?#\\", url.at[from]))
        from++;
    return from;
}

static void add_scheme(struct buf *out, struct span scheme)
{
    if (span_equal_nocase(scheme, SPAN("http")))
        buf_add_text(out, "hxxp");
    else if (span_equal_nocase(scheme, SPAN("https")))
        buf_add_text(out, "hxxps");
    else
        buf_add_span(out, scheme);
}

/* Behind the host another address may stand, as in a redirector's. */
static void add_rest(struct buf *out, struct span rest)
{
    for (size_t at = 0; at < rest.size;) {
        size_t mark = span_find(rest, SPAN("://"), at);
        buf_add_span(out, span_cut(rest, at, mark));
        if (mark < rest.size)
            buf_add_text(out, "[:]//");
        at = mark + 3;
    }
}

void defang_add(struct buf *out, struct span url)
{
    size_t mark = span_find(url, SPAN("://"), 0);
    size_t host = mark < url.size ? mark + 3 : 0;
    if (host) {
        add_scheme(out, span_cut(url, 0, mark));
        buf_add_text(out, "://");
    }
    size_t end = host_end(url, host);
    for (size_t i = host; i < end; i++) {
        if (url.at[i] == '.' || url.at[i] == '@')
            buf_add_format(out, "[%c]", url.at[i]);
        else
            buf_add_byte(out, url.at[i]);
    }
    add_rest(out, span_cut(url, end, url.size));
}
