/* The table of ways; one row is one kind of sink. */
#include "pipeline/alert/alert.h"
#include "pipeline/alert/way_kinds.h"

#include <errno.h>
#include <stdlib.h>

struct way {
    const struct sink_order *order;
    const struct way_kind *kind;
    void *state; /* the kind's own */
};

static const struct way_kind *kind_of(enum sink_way way)
{
    static const struct way_kind *const kinds[WAY_COUNT] = {
        [WAY_SYSLOG] = &way_syslog, [WAY_JOURNAL] = &way_journal, [WAY_WEBHOOK] = &way_webhook,
        [WAY_MAIL] = &way_mail,     [WAY_NAGIOS] = &way_nagios,   [WAY_FILE] = &way_file,
    };
    return way < WAY_COUNT ? kinds[way] : NULL;
}

int way_open(const struct sink_order *order, struct way **ret_way, struct buf *detail)
{
    struct way way = {.order = order, .kind = kind_of(order->way)};
    if (!way.kind)
        return -ENOTSUP;
    struct way *kept = malloc(sizeof(*kept));
    int result = kept ? way.kind->open(order, &way.state, detail) : -ENOMEM;
    if (result < 0) {
        free(kept);
        return result;
    }
    *kept = way;
    *ret_way = kept;
    return 0;
}

void way_close(struct way *way)
{
    if (!way)
        return;
    way->kind->close(way->state);
    free(way);
}

int way_send(struct way *way, const struct notice *notice, struct span body, struct buf *detail)
{
    return way->kind->send(way->state, notice, body, detail);
}

/* "https://[::1]:8443/x": the scheme's own where none is said. */
static uint16_t port_of_url(struct span url)
{
    static const struct {
        struct span scheme;
        uint16_t port;
    } known[] = {{SPAN_CONSTANT("http"), 80},
                 {SPAN_CONSTANT("https"), 443},
                 {SPAN_CONSTANT("smtp"), 25},
                 {SPAN_CONSTANT("smtps"), 465}};
    size_t start = span_find(url, SPAN("://"), 0), end = start + 3, port = 0;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (span_equal_nocase(span_cut(url, 0, start), known[i].scheme))
            port = known[i].port;
    size_t colon = end;
    for (; end < url.size && !strchr("/?#", url.at[end]); end++)
        if (url.at[end] == ':' || url.at[end] == ']' || url.at[end] == '@')
            colon = end; /* the last of them */
    if (colon >= end || url.at[colon] != ':' || colon + 1 == end)
        return (uint16_t)port;
    port = 0;
    for (size_t i = colon + 1; i < end; i++) {
        port = port * 10 + (unsigned char)(url.at[i] - '0');
        if (url.at[i] < '0' || url.at[i] > '9' || port > UINT16_MAX)
            return 0;
    }
    return (uint16_t)port;
}

uint16_t way_port(const struct sink_order *order)
{
    struct syslog_target target;
    if (order->way == WAY_WEBHOOK || order->way == WAY_MAIL)
        return port_of_url(order->target);
    if (order->way != WAY_SYSLOG || syslog_target_parse(order->target.at, &target) < 0)
        return 0;
    bool stream = target.transport == SYSLOG_TCP || target.transport == SYSLOG_TLS;
    return stream ? (uint16_t)strtoul(target.port, NULL, 10) : 0;
}

const char *way_folder(const struct way *way)
{
    return way->kind->folder ? way->kind->folder(way->state) : NULL;
}
