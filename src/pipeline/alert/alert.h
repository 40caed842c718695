/*
 * The door of the alerting step: what is told, in which form, and where to. It decides nothing about a page;
 * it only makes sure that what an attacker wrote cannot forge a line, a field or a record in somebody's log.
 */
#pragma once

#include "base/buf.h"
#include "pipeline/alert/alert_limits.h"
#include "pipeline/alert/campaign.h"
#include "pipeline/alert/incident.h"
#include "pipeline/alert/kinship.h"
#include "pipeline/alert/notice.h"
#include "pipeline/page.h"

/* ---- one look, said in a sentence ---------------------------------------------------------------------- */

/** One thing to tell. All borrowed. */
struct alert {
    struct span url;
    struct span name; /**< the page's name in the list; may be empty */
    const struct capture *capture;
    const struct verdict *verdict;
    int64_t at_us; /**< when it was seen, microseconds since 1970 */
};

/** How urgent a verdict is by itself: critical for defaced, warning for replaced, notice for unavailable,
 * info for the rest. */
enum urgency alert_urgency(enum verdict_kind verdict);

/** One sentence a person understands at once, like "https://… is defaced: 2 % of the lasting text is left
 * «…»". A notice's summary where no incident has a better one. */
void alert_sentence(const struct alert *alert, struct buf *out);

/** Appends text of anybody's on one line, what steers a terminal as spaces: for a log or a person. */
void alert_clean(struct buf *out, struct span text);

/* ---- syslog -------------------------------------------------------------------------------------------- */

enum { SYSLOG_DAEMON = 3 };

/** The syslog severity of a notice: 2, 4, 5, 6 from critical to info. */
int syslog_severity(enum urgency urgency);

/** "uk:0.36,ru:0.33": the languages of a notice for a log. */
void syslog_languages(const struct notice *notice, struct buf *out);

/**
 * Appends the notice as one RFC 5424 message of at most `limit` bytes, without framing: MSGID is the verdict
 * for a result and else the kind; structured data [varta@32473 verdict="…" url="…" score="…"
 * languages="uk:0.36,ru:0.33" … notice="…" kind="…" incident="…" campaign="…" pages="…"], then the summary
 * behind a byte order mark, cut between characters. `facility` is RFC 5424's number, `host` and `pid` name
 * the sender.
 */
void syslog_line(const struct notice *notice, int facility, struct span host, int pid, size_t limit,
                 struct buf *out);

/** The same with a text that is a form of its own (CEF), which stands right behind the header: no structured
 * data, no byte order mark. */
void syslog_text_line(const struct notice *notice, struct span text, int facility, struct span host, int pid,
                      size_t limit, struct buf *out);

/** Where a syslog message may go. */
enum syslog_transport { SYSLOG_UNIX, SYSLOG_UDP, SYSLOG_TCP, SYSLOG_TLS };

struct syslog_target {
    enum syslog_transport transport;
    char path[108]; /**< SYSLOG_UNIX: of the socket */
    char host[256]; /**< SYSLOG_UDP, SYSLOG_TCP, SYSLOG_TLS */
    char port[16];
};

/**
 * Reads a target: "local" (/dev/log), "unix:/path", "udp:HOST[:PORT]", "tcp:HOST[:PORT]", "tls:HOST[:PORT]";
 * ports default to 514, 601 and 6514 (RFC 5426, RFC 6587, RFC 5425); an IPv6 address stands in brackets.
 * Returns 0 or -EINVAL.
 */
int syslog_target_parse(const char *text, struct syslog_target *ret_target);

/* ---- the other forms ----------------------------------------------------------------------------------- */

/** The MESSAGE_ID of a kind in the journal: 32 hexadecimal digits, fixed for ever (varta-notice(5)). */
const char *journal_message_id(enum notice_kind kind);

/** Appends the notice as one datagram of the journal's native protocol: lines KEY=value. */
void journal_fields(const struct notice *notice, struct buf *out);

/**
 * Appends passive check results for Nagios and its kin, a line each:
 * [TIME] PROCESS_SERVICE_CHECK_RESULT;HOST;SERVICE;CODE;TEXT. HOST is the page's, SERVICE its name in the
 * list or "varta"; a campaign gives a line for each page of its list. What varta tells of itself is about
 * `host`. No line is longer than NAGIOS_LINE_BYTES.
 */
void nagios_lines(const struct notice *notice, struct span host, struct buf *out);

/** Who a mail is from and for; addresses that mail_address() took. */
struct mail_people {
    struct span from;
    const struct span *to; /**< to_count */
    size_t to_count;
};

/** The bare address of "a@b" or "Name <a@b>"; false when it is none that may stand in a header. */
bool mail_address(struct span text, struct span *ret_address);

/** Who is to get the notice, each once: `to` of the order; else the contacts in the notice that are
 * addresses; else the sender. Fills at most MAIL_RECIPIENTS spans, returns how many. */
size_t mail_recipients(const struct sink_order *order, const struct notice *notice,
                       struct span ret_to[MAIL_RECIPIENTS]);

/** Appends the notice as a mail (RFC 5322, MIME, UTF-8 as quoted-printable, lines ending in CRLF). */
void mail_text(const struct notice *notice, const struct mail_people *people, struct buf *out);

enum { SIGNATURE_BYTES = 72 };

/** "sha256=" and the hexadecimal HMAC-SHA-256 of "TIMESTAMP.BODY"; ends in NUL. Returns 0 or -ENOMEM. */
int signature_make(struct span key, int64_t timestamp_s, struct span body,
                   char ret_signature[SIGNATURE_BYTES]);

/* ---- ways to a sink ------------------------------------------------------------------------------------ */

/** A way to one sink, with its secret, its certificates and its connection or file. */
struct way;

/**
 * Opens a way: reads what lies in files (secret, certificates), which is all it will ever read, and opens
 * the file that is appended to. Connections are made with the first notice. `order` is borrowed for the
 * way's life. Returns 0, or a negative errno and a sentence in `detail`.
 */
int way_open(const struct sink_order *order, struct way **ret_way, struct buf *detail);

/** Wipes the secrets. */
void way_close(struct way *way);

/** Takes a notice to the sink, waiting at most the order's timeout: as `body` where the order names a format
 * of others (one line, without a line feed), else (empty) in the way's own form. Returns 0, or a negative
 * errno and a sentence in `detail` that may carry the sink's own words. */
int way_send(struct way *way, const struct notice *notice, struct span body, struct buf *detail);

/** For a way that appends to a file: the folder of it, ends in NUL; NULL for one that needs the network. */
const char *way_folder(const struct way *way);

/** The TCP port that a sink is reached at; 0 for one that is reached otherwise (a datagram, a file, a socket
 * of this machine), or whose address cannot be understood. */
uint16_t way_port(const struct sink_order *order);
