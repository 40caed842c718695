/* What every kind of sink is to way.c. A new kind is a file with such a table, a name in enum sink_way, and a
 * row in way.c. */
#pragma once

#include "pipeline/alert/notice.h"

/** The functions are as way_open(), way_send() and way_close() of alert.h say. */
struct way_kind {
    int (*open)(const struct sink_order *order, void **ret_state, struct buf *detail);
    int (*send)(void *state, const struct notice *notice, struct span body, struct buf *detail);
    void (*close)(void *state);
    const char *(*folder)(const void *state); /**< NULL for a way that needs the network */
};

extern const struct way_kind way_syslog, way_journal, way_webhook, way_mail, way_nagios, way_file;
