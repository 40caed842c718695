/* See request_head.h. */
#include "pipeline/fetch/request_head.h"

#include "pipeline/fetch/fetch_limits.h"

#include <stdio.h>

struct head {
    struct buf *out;
    const struct fetch_order *order;
    struct span url, page; /* page: on which a picture stands */
    bool trusted;
};

static void add(struct head *head, const char *name, struct span value)
{
    if (value.size == 0 || value.size > FETCH_URL_BYTES)
        return;
    buf_add_text(head->out, name);
    buf_add_text(head->out, ": ");
    buf_add_span(head->out, value);
    buf_add_byte(head->out, '\n');
}

/* ---- origins ---- */

static struct span scheme_of(struct span url)
{
    return span_cut(url, 0, span_find(url, SPAN("://"), 0));
}

/* Up to the path: "https://host:port". */
static struct span origin_of(struct span url)
{
    size_t at = scheme_of(url).size + 3;
    while (at < url.size && url.at[at] != '/' && url.at[at] != '?' && url.at[at] != '#')
        at++;
    return span_cut(url, 0, at);
}

static struct span host_of(struct span url)
{
    struct span origin = origin_of(url);
    struct span host = span_cut(origin, scheme_of(url).size + 3, origin.size);
    if (span_starts(host, SPAN("[")))
        return span_cut(host, 0, span_find(host, SPAN("]"), 0) + 1);
    return span_cut(host, 0, span_find(host, SPAN(":"), 0));
}

bool request_head_trusts(struct span url)
{
    struct span host = host_of(url);
    return span_equal_nocase(scheme_of(url), SPAN("https")) || span_equal_nocase(host, SPAN("localhost")) ||
           span_starts(host, SPAN("127.")) || span_equal(host, SPAN("[::1]")) ||
           span_ends(host, SPAN(".localhost"));
}

static bool is_below(struct span host, struct span other)
{
    return host.size > other.size + 1 && span_ends(host, other) && host.at[host.size - other.size - 1] == '.';
}

enum relation { SAME_ORIGIN, SAME_SITE, CROSS_SITE };

/* Of two neighbours below one name it cannot be told without a list of registries whether they are one site:
 * only a host and what stands below it count as such. */
static enum relation relate(const struct head *head)
{
    struct span one = host_of(head->page), other = host_of(head->url);
    if (!span_equal_nocase(scheme_of(head->page), scheme_of(head->url)))
        return CROSS_SITE;
    if (span_equal_nocase(one, other))
        return span_equal_nocase(origin_of(head->page), origin_of(head->url)) ? SAME_ORIGIN : SAME_SITE;
    if (span_starts(one, SPAN("www.")))
        one = span_cut(one, 4, one.size);
    bool related = span_equal_nocase(one, other) || is_below(other, one) || is_below(one, other);
    return related ? SAME_SITE : CROSS_SITE;
}

/* ---- lines ---- */

/* A browser's default: the whole address to its own origin, the origin to others, nothing from https to
 * http. */
static void add_referer(struct head *head)
{
    char origin[FETCH_HEADER_BYTES];
    struct span page = head->page;
    bool down = span_equal_nocase(scheme_of(page), SPAN("https")) &&
                !span_equal_nocase(scheme_of(head->url), SPAN("https"));
    if (down || page.size == 0)
        return;
    if (relate(head) == SAME_ORIGIN) {
        add(head, "Referer", span_cut(page, 0, span_find(page, SPAN("#"), 0)));
        return;
    }
    page = origin_of(page);
    int size = snprintf(origin, sizeof(origin), "%.*s/", (int)page.size, page.at);
    if (size > 0 && (size_t)size < sizeof(origin))
        add(head, "Referer", span_of(origin));
}

/* Version of Chrome in the name that is sent; empty when it names another program. */
static struct span chrome_version(struct span agent)
{
    size_t at = span_find(agent, SPAN("Chrome/"), 0), end;
    if (at >= agent.size)
        return (struct span){NULL, 0};
    for (end = at + 7; end < agent.size && agent.at[end] >= '0' && agent.at[end] <= '9'; end++)
        ;
    struct span version = span_cut(agent, at + 7, end);
    return version.size && version.size < 6 ? version : (struct span){NULL, 0};
}

static struct span platform_of(struct span agent)
{
    if (span_find(agent, SPAN("Windows"), 0) < agent.size)
        return SPAN("\"Windows\"");
    return span_find(agent, SPAN("Macintosh"), 0) < agent.size ? SPAN("\"macOS\"") : SPAN("\"Linux\"");
}

static void add_brands(struct head *head)
{
    char text[160];
    struct span version = chrome_version(head->order->user_agent);
    int size = (int)version.size;
    snprintf(text, sizeof(text),
             "\"Chromium\";v=\"%.*s\", \"Google Chrome\";v=\"%.*s\", \"Not_A Brand\";v=\"99\"", size,
             version.at, size, version.at);
    add(head, "sec-ch-ua", span_of(text));
    add(head, "sec-ch-ua-mobile", SPAN("?0"));
}

static void add_fetch_metadata(struct head *head)
{
    static const char *const sites[] = {"same-origin", "same-site", "cross-site"};
    bool pictured = head->order->picture;
    if (!head->trusted)
        return;
    add(head, "Sec-Fetch-Site", pictured ? span_of(sites[relate(head)]) : SPAN("none"));
    add(head, "Sec-Fetch-Mode", pictured ? SPAN("no-cors") : SPAN("navigate"));
    add(head, "Sec-Fetch-User", pictured ? (struct span){NULL, 0} : SPAN("?1"));
    add(head, "Sec-Fetch-Dest", pictured ? SPAN("image") : SPAN("document"));
}

static void add_browser_lines(struct head *head)
{
    const struct fetch_order *order = head->order;
    bool hints = head->trusted && chrome_version(order->user_agent).size;
    add(head, "Connection", SPAN("keep-alive"));
    if (hints && order->picture)
        add(head, "sec-ch-ua-platform", platform_of(order->user_agent));
    if (hints && !order->picture) {
        add_brands(head);
        add(head, "sec-ch-ua-platform", platform_of(order->user_agent));
    }
    if (!order->picture)
        add(head, "Upgrade-Insecure-Requests", SPAN("1"));
    add(head, "User-Agent", order->user_agent);
    if (hints && order->picture)
        add_brands(head);
    add(head, "Accept",
        order->picture ? SPAN("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8")
                       : SPAN("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
                              "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"));
    add_fetch_metadata(head);
    if (order->picture)
        add_referer(head);
    add(head, "Accept-Encoding", head->trusted ? SPAN("gzip, deflate, br, zstd") : SPAN("gzip, deflate"));
    add(head, "Accept-Language", SPAN("uk-UA,uk;q=0.9,en-US;q=0.8,en;q=0.7"));
}

void request_head_put(const struct fetch_order *order, struct span url, struct span page, bool trusted,
                      struct buf *out)
{
    struct head head = {.out = out, .order = order, .url = url, .page = page, .trusted = trusted};
    if (order->browser)
        add_browser_lines(&head);
    else if (order->picture)
        add_referer(&head);
    if (order->etag.size <= FETCH_HEADER_BYTES)
        add(&head, "If-None-Match", order->etag);
    if (order->etag.size == 0 && order->modified.size <= FETCH_HEADER_BYTES)
        add(&head, "If-Modified-Since", order->modified);
}
