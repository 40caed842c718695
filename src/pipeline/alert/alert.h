/*
 * The door of the alerting step: what is told, in which form, and where to. It decides nothing about a page;
 * it only makes sure that what an attacker wrote cannot forge a line, a field or a record in somebody's log.
 */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"

/** One thing to tell. All borrowed. */
struct alert {
    struct span url;
    struct span name; /**< the page's name in the list; may be empty */
    const struct capture *capture;
    const struct verdict *verdict;
    int64_t at_us; /**< when it was seen, microseconds since 1970 */
};

enum { SYSLOG_DAEMON = 3, SYSLOG_LINE_BYTES = 8192, SYSLOG_DATAGRAM_BYTES = 2048 };

/** The syslog severity of a verdict (RFC 5424, table 2): 2 critical for defaced, 4 warning for replaced, 5
 * notice for unavailable, 6 informational for the rest. */
int alert_severity(enum verdict_kind verdict);

/** One sentence a person understands at once, like "defaced (99.8 %): … now says in Ukrainian, Russian and
 * Polish «…»". */
void alert_sentence(const struct alert *alert, struct buf *out);

/**
 * Appends the alert as one RFC 5424 message of at most `limit` bytes, without framing: structured data
 * [varta@32473 url="…" verdict="…" score="…" languages="uk:0.36,ru:0.33" …], then the sentence behind a byte
 * order mark, cut between characters. `facility` is RFC 5424's number, `host` and `pid` name the sender.
 */
void syslog_line(const struct alert *alert, int facility, struct span host, int pid, size_t limit,
                 struct buf *out);

/** Where a syslog message may go. */
enum syslog_transport { SYSLOG_UNIX, SYSLOG_UDP, SYSLOG_TCP };

struct syslog_target {
    enum syslog_transport transport;
    char path[108]; /**< SYSLOG_UNIX: of the socket */
    char host[256]; /**< SYSLOG_UDP, SYSLOG_TCP */
    char port[16];
};

/**
 * Reads a target: "local" (/dev/log), "unix:/path", "udp:HOST[:PORT]", "tcp:HOST[:PORT]"; ports default to
 * 514 and 601 (RFC 5426, RFC 6587); an IPv6 address stands in brackets. Returns 0 or -EINVAL.
 */
int syslog_target_parse(const char *text, struct syslog_target *ret_target);

/** A way to one target that is kept open between messages. */
struct syslog_sink;

int syslog_sink_new(const struct syslog_target *target, struct syslog_sink **ret_sink);
void syslog_sink_free(struct syslog_sink *sink);

/**
 * Sends one message, connecting first when it must; TCP with octet counting (RFC 6587). Waits at most
 * `wait_ms`. Returns 0, or a negative errno. After a failed connection nothing is
 * tried for a second, doubled up to a minute, and the same error is returned at once.
 */
int syslog_sink_send(struct syslog_sink *sink, struct span line, int wait_ms);
