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

const char *way_folder(const struct way *way)
{
    return way->kind->folder ? way->kind->folder(way->state) : NULL;
}
