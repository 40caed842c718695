/*
 * The daemon's configuration as plain structs: varta.yaml, the files of conf.d beside it, and the page lists
 * they name. Reading is all or nothing: a file with a fault gives no configuration, so that a running daemon
 * keeps the one it has.
 */
#pragma once

#include "base/arena.h"
#include "config/pagelist.h"

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

enum {
    CONFIG_GROUPS = 1000, /* groups: a ministry each, for a large country */
    CONFIG_SINKS = 32,    /* sinks */
    CONFIG_WINDOWS = 64,  /* maintenance windows or quiet hours in one place */
};

/** A span of time that comes back on some days of the week, or comes once. Local time of `timezone`. */
struct config_window {
    uint8_t days;         /**< bit 0 Monday … bit 6 Sunday; 0 for one that comes once */
    int from_min, to_min; /**< minutes after midnight; `to` at or before `from` lies on the next day */
    int64_t from_s, to_s; /**< seconds since 1970, for one that comes once */
    struct span text;     /**< as it was written */
};

struct config_windows {
    const struct config_window *at; /**< `count` of them */
    size_t count;
};

/** What a group of pages has in common. */
struct config_group {
    struct span name;
    struct span contact; /**< who is asked about these pages: told in alerts, and the recipient of mail sinks
                            that name none; may be empty */
    uint32_t interval_s; /**< seconds between checks */
    uint32_t weight;     /**< 1 to 10: how much a page matters, see incident severity */
    uint32_t full_every; /**< every so many checks the page is fetched and read in full */
    struct span proxy;   /**< second vantage for confirmation; empty for none */
    bool pictures;       /**< read the text in pictures */
    struct config_windows maintenance; /**< alerts other than `defaced` wait until it is over */
    uint64_t sinks;                    /**< bit i: sink i is told of this group's pages */
    const struct span *lists;          /**< list_count files of pages, absolute; they are in config.list */
    size_t list_count;
    const struct span *urls; /**< url_count lines of pages written into the configuration itself; likewise */
    size_t url_count;
    size_t page_count; /**< of config.list */
};

enum config_sink_kind {
    SINK_SYSLOG,  /**< RFC 5424 to `target` */
    SINK_JOURNAL, /**< systemd's journal, native fields */
    SINK_EXEC,    /**< a program with the notice as JSON on standard input */
    SINK_WEBHOOK, /**< HTTP POST of the JSON, signed */
    SINK_MAIL,    /**< SMTP */
    SINK_NAGIOS,  /**< passive check results, appended to a file or command pipe */
    SINK_FILE,    /**< JSON Lines, appended to a file */
    SINK_KIND_COUNT
};

/** "syslog", "journal", "exec", "webhook", "mail", "nagios", "file". */
const char *config_sink_kind_name(enum config_sink_kind kind);

/** Least severity a sink is told; the order is that of urgency. */
enum config_severity { SEVERITY_INFO, SEVERITY_NOTICE, SEVERITY_WARNING, SEVERITY_CRITICAL };

struct config_sink {
    struct span name;
    enum config_sink_kind kind;
    struct span target; /**< syslog (key target): local, unix:PATH, udp:, tcp: or tls:HOST[:PORT]; webhook
                           (key url): http:// or https:// URL; mail (key url): smtp:// or smtps:// URL;
                           nagios, file (key path): absolute path */
    const struct span *argv; /**< exec: argv_count words, the first an absolute path; each ends in NUL */
    size_t argv_count;
    const struct span *to; /**< mail: to_count recipients; none: the group's contact */
    size_t to_count;
    struct span from;        /**< mail: sender */
    struct span user;        /**< mail: name for SMTP AUTH; empty for none */
    struct span secret_file; /**< webhook: key of the HMAC; mail: password. A path, or a name in
                                $CREDENTIALS_DIRECTORY; empty for none */
    struct span ca_file;     /**< tls, webhook, mail: PEM of the authorities; empty for the system's */
    struct span cert_file, key_file; /**< tls: our own certificate; empty for none */
    int facility;                    /**< syslog */
    int format;         /**< syslog, webhook, file: 0 varta, 1 misp, 2 intelmq, 3 stix, 4 cef, 5 ecs */
    uint32_t timeout_s; /**< one attempt */
    enum config_severity least; /**< what is less urgent is not told here */
};

/** The local status page; see varta-web(8). */
struct config_web {
    struct span listen;     /**< as config_web_address() reads it; empty: there is no page */
    struct span token_file; /**< as a sink's secret_file; empty: the page is for reading only */
    const struct span
        *hosts; /**< host_count names that browsers may call it by, beside those of this machine */
    size_t host_count;
    bool allow_remote; /**< `listen` may be another address than this machine's own */
};

/** All of it. Text lives in the arena and ends in NUL. */
struct config {
    struct arena arena;
    struct span path;     /**< of the main file */
    struct span store;    /**< file */
    struct span control;  /**< Unix socket for the commands that talk to the daemon; empty for none */
    struct span contact;  /**< sent in the User-Agent; may be empty */
    struct span timezone; /**< of windows and quiet hours, like "Europe/Kyiv"; empty for the system's */
    struct span sandbox;  /**< "strict", "tolerant", "off" */
    uint32_t timeout_s, connect_timeout_s; /**< of a fetch */
    uint32_t parallel;                     /**< fetches at once */
    uint32_t per_domain;                   /**< pages of one registrable domain checked at once */
    uint32_t jitter_percent;               /**< of the interval, either way */
    uint32_t backoff_max_s;                /**< longest wait for a page that stays unavailable */
    uint32_t confirm_after_s;              /**< before a suspicion is looked at again */
    struct span browser_agent;             /**< User-Agent of the second look */
    uint32_t gather_s;           /**< a confirmed incident waits so long for others of the same campaign */
    uint32_t recover_looks;      /**< good looks in a row that end an incident */
    uint32_t outage_looks;       /**< bad looks in a row before a page counts as unavailable */
    uint32_t escalate_after_s;   /**< without acknowledgement; 0 for never */
    uint32_t flap_window_s;      /**< an incident that comes back within is the same one */
    uint32_t campaign_window_s;  /**< incidents so far apart may belong together */
    struct config_windows quiet; /**< quiet hours: only `defaced` is told at once */
    uint32_t keep_incidents_d, keep_pictures_d, keep_deliveries_d; /**< days */
    uint64_t keep_bytes; /**< of the store, above which the oldest goes first; 0 for no limit */
    struct config_web web;
    bool evidence_keep;
    struct span evidence_folder; /**< absolute; beside the store's file when the configuration does not say */
    uint32_t evidence_d;         /**< days */
    uint64_t evidence_bytes;     /**< of the folder, above which the oldest goes first; 0 for no limit */
    struct config_group
        common; /**< what poll: and confirm: say for every group that does not say otherwise */
    struct config_group *groups; /**< group_count; the first is "default" */
    size_t group_count;
    struct config_sink *sinks; /**< sink_count */
    size_t sink_count;
    struct page_list list; /**< all pages; page.group is an index into groups */
};

enum { CONFIG_ERROR_BYTES = 1024 };

/** Told of each fault, "FILE:LINE:COLUMN: what, what to do". `text` ends in NUL and may carry what the file
 * carried, control characters too. */
typedef void config_error_fn(void *context, const char *text);

/**
 * Reads the configuration in `path`, and `*.yaml` of the folder `conf.d` beside it in name order. "-" is
 * standard input, without conf.d. Returns 0, -EINVAL after telling every fault that could be found (sorted by
 * place, CONFIG_FAULTS at most and how many more), -ENOENT (told too), or -ENOMEM. config_free() is due on
 * success only. Dates of windows are turned into moments under `timezone`: TZ is set for that and put back,
 * so no other thread may be running. Reads STATE_DIRECTORY and RUNTIME_DIRECTORY, as systemd sets them.
 */
int config_read(const char *path, config_error_fn *tell, void *context, struct config *ret_config);

/** As config_read(), for a person who wants to know: it is also a fault when the folder for evidence cannot
 * be made, its ceiling cannot work, or the token of the status page cannot be read. The daemon would say so,
 * and watch. */
int config_check(const char *path, config_error_fn *tell, void *context, struct config *ret_config);

/** The same from memory: `path` is what the text is called and where relative paths start. Neither conf.d nor
 * a page list is read. */
int config_read_text(const char *path, struct span text, config_error_fn *tell, void *context,
                     struct config *ret_config);

void config_free(struct config *config);

/** Writes it all as YAML, defaults included, so that reading it again gives the same configuration; a secret
 * is never in it, only where it is kept. Returns 0 or -ENOMEM; whether it could be written, the stream knows.
 */
int config_show(const struct config *config, FILE *out);

/** The same as one JSON object on one line. */
int config_show_json(const struct config *config, FILE *out);

/** Where a listening socket is bound. */
union config_address {
    struct sockaddr any;
    struct sockaddr_un local;
    struct sockaddr_storage room;
};

/** Reads "127.0.0.1:8080", "[::1]:8080" or the absolute path of a Unix socket. Returns 0 or -EINVAL. */
int config_web_address(struct span text, union config_address *ret_address, socklen_t *ret_size);

/** True when only this machine's own processes can reach the address. */
bool config_web_is_near(const union config_address *address);

/** True when `at_s` lies in one of the windows, in the process's time zone (`config.timezone` has to be set
 * as TZ by then). */
bool config_windows_hold(const struct config_windows *windows, int64_t at_s);
