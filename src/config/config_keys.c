/* The table of keys; see config_keys.h. The order is that of `config show` and of the manual. */
#include "config/config_keys.h"

#include "config/units.h"

static const char *const levels[] = {"strict", "tolerant", "off", NULL};
static const char *const kinds[] = {"syslog", "journal", "exec", "webhook", "mail", "nagios", "file", NULL};
static const char *const formats[] = {"varta", "misp", "intelmq", "stix", "cef", "ecs", NULL};
static const char *const severities[] = {"info", "notice", "warning", "critical", NULL};
static const char *const facilities[] = {
    "kern",   "user",     "mail",   "daemon", "auth",   "syslog", "lpr",   "news",   "uucp",
    "cron",   "authpriv", "ftp",    "ntp",    "audit",  "alert",  "clock", "local0", "local1",
    "local2", "local3",   "local4", "local5", "local6", "local7", NULL};
static const char *const web_schemes[] = {"https", "http", "smtps", "smtp", NULL};
static const char *const proxy_schemes[] = {"http", "https", "socks5h", "socks5", "socks4a", NULL};

/* What a current desktop browser sends; a server that hides its changed page from monitors shows it to this.
 */
#define BROWSER                                                                                              \
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "     \
    "Safari/537.36"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

#define TOP(section_, name_, type_, field, ...)                                                              \
    {                                                                                                        \
        .scope = KEY_TOP, .section = section_, .name = name_, .type = type_,                                 \
        .offset = offsetof(struct config, field), __VA_ARGS__                                                \
    }
#define GROUP(name_, type_, field, ...)                                                                      \
    {                                                                                                        \
        .scope = KEY_GROUP, .section = "", .name = name_, .type = type_,                                     \
        .offset = offsetof(struct config_group, field), __VA_ARGS__                                          \
    }
#define SINK(name_, type_, field, ...)                                                                       \
    {                                                                                                        \
        .scope = KEY_SINK, .section = "", .name = name_, .type = type_,                                      \
        .offset = offsetof(struct config_sink, field), __VA_ARGS__                                           \
    }
#define COUNT(structure, field) .count_offset = offsetof(struct structure, field)
#define BOUNDS(least_, most_)   .least = (least_), .most = (most_)
#define KIND(kind)              (1u << SINK_##kind)
#define ALL_KINDS               ((1u << SINK_KIND_COUNT) - 1)

const struct config_key config_keys[] = {
    TOP("", "store", KEY_PATH, store, .standard = "/var/lib/varta/varta.db", .environment = "STATE_DIRECTORY",
        .help = "the file that keeps baselines, incidents and deliveries"),
    TOP("", "control", KEY_PATH, control, .flags = KEY_EMPTY, .standard = "/run/varta/control",
        .environment = "RUNTIME_DIRECTORY", .help = "socket for the commands that talk to the daemon"),
    TOP("", "contact", KEY_TEXT, contact, .flags = KEY_EMPTY, .standard = "",
        .help = "who watches, told to the servers in the User-Agent"),
    TOP("", "timezone", KEY_ZONE, timezone, .flags = KEY_EMPTY, .standard = "",
        .help = "of windows and quiet hours; the system's when empty"),
    TOP("", "sandbox", KEY_WORD, sandbox, .standard = "strict", .words = levels,
        .help = "how the processes that read hostile bytes are caged"),
    TOP("", "pages", KEY_LISTS, common.lists, .flags = KEY_ADDS, COUNT(config, common.list_count),
        .standard = "", .help = "lists of pages for the group default"),

    TOP("poll", "interval", KEY_DURATION, common.interval_s, BOUNDS(1, 7 * DAY), .standard = "5m",
        .help = "between two checks of a page"),
    TOP("poll", "jitter", KEY_PERCENT, jitter_percent, BOUNDS(0, 50), .standard = "10%",
        .help = "of the interval, either way, so that checks do not march in step"),
    TOP("poll", "timeout", KEY_DURATION, timeout_s, BOUNDS(1, 10 * MINUTE), .standard = "30s",
        .help = "for fetching one page or picture"),
    TOP("poll", "connect_timeout", KEY_DURATION, connect_timeout_s, BOUNDS(1, MINUTE), .standard = "10s",
        .help = "for name look-up, connection and TLS"),
    TOP("poll", "parallel", KEY_NUMBER, parallel, BOUNDS(1, 256), .standard = "64",
        .help = "fetches at once"),
    TOP("poll", "per_domain", KEY_NUMBER, per_domain, BOUNDS(1, 64), .standard = "4",
        .help = "pages of one registrable domain checked at once"),
    TOP("poll", "full_every", KEY_NUMBER, common.full_every, BOUNDS(1, 1000), .standard = "12",
        .help = "every so many checks the server's \"not modified\" is not believed"),
    TOP("poll", "backoff_max", KEY_DURATION, backoff_max_s, BOUNDS(1, DAY), .standard = "30m",
        .help = "longest wait for a page that stays unavailable"),
    TOP("poll", "pictures", KEY_BOOLEAN, common.pictures, .standard = "true",
        .help = "read the text in pictures"),

    TOP("confirm", "after", KEY_DURATION, confirm_after_s, BOUNDS(0, 5 * MINUTE), .standard = "2s",
        .help = "wait before a suspicion is looked at again"),
    TOP("confirm", "browser_agent", KEY_TEXT, browser_agent, .standard = BROWSER,
        .help = "User-Agent of the second look"),
    TOP("confirm", "outage_looks", KEY_NUMBER, outage_looks, BOUNDS(1, 100), .standard = "2",
        .help = "bad looks in a row before a page counts as unavailable"),
    TOP("confirm", "proxy", KEY_URL, common.proxy, .flags = KEY_EMPTY, .standard = "", .words = proxy_schemes,
        .help = "second vantage that a suspicion is looked at from"),

    TOP("incidents", "gather", KEY_DURATION, gather_s, BOUNDS(0, 5 * MINUTE), .standard = "8s",
        .help = "a confirmed incident waits so long for others of its campaign"),
    TOP("incidents", "recover_looks", KEY_NUMBER, recover_looks, BOUNDS(1, 100), .standard = "2",
        .help = "good looks in a row that end an incident"),
    TOP("incidents", "escalate_after", KEY_DURATION, escalate_after_s, BOUNDS(0, 7 * DAY), .standard = "15m",
        .help = "without acknowledgement; 0 for never"),
    TOP("incidents", "flap_window", KEY_DURATION, flap_window_s, BOUNDS(0, 7 * DAY), .standard = "1h",
        .help = "an incident that comes back within is the same one"),
    TOP("incidents", "campaign_window", KEY_DURATION, campaign_window_s, BOUNDS(0, 30 * DAY),
        .standard = "6h", .help = "incidents so far apart may belong together"),
    TOP("incidents", "quiet_hours", KEY_WINDOWS, quiet, .standard = "",
        .help = "windows in which only defaced is told at once"),

    TOP("keep", "incidents", KEY_DAYS, keep_incidents_d, BOUNDS(DAY, 36500ull * DAY), .standard = "730d",
        .help = "ended incidents and their history"),
    TOP("keep", "pictures", KEY_DAYS, keep_pictures_d, BOUNDS(DAY, 36500ull * DAY), .standard = "180d",
        .help = "what was read in pictures no longer seen"),
    TOP("keep", "deliveries", KEY_DAYS, keep_deliveries_d, BOUNDS(DAY, 36500ull * DAY), .standard = "30d",
        .help = "notices that every sink took"),
    TOP("keep", "size", KEY_BYTES, keep_bytes, BOUNDS(0, 1ull << 50), .standard = "0",
        .help = "of the store, above which the oldest goes first; 0 for no limit"),

    TOP("evidence", "keep", KEY_BOOLEAN, evidence_keep, .standard = "true",
        .help = "what was seen of an incident when confirmed, worse, and over"),
    TOP("evidence", "folder", KEY_PATH, evidence_folder, .flags = KEY_EMPTY, .standard = "",
        .help = "where it is kept; the folder evidence beside the store when empty"),
    TOP("evidence", "days", KEY_DAYS, evidence_d, BOUNDS(DAY, 36500ull * DAY), .standard = "365d",
        .help = "how long, once the incident is over"),
    TOP("evidence", "bytes", KEY_BYTES, evidence_bytes, BOUNDS(0, 1ull << 50), .standard = "2G",
        .help = "of the folder, above which the oldest incident goes first; 0 for no limit"),

    TOP("web", "listen", KEY_LISTEN, web.listen, .flags = KEY_EMPTY, .standard = "",
        .help = "where the status page is served; nowhere when empty"),
    TOP("web", "allow_remote", KEY_BOOLEAN, web.allow_remote, .standard = "false",
        .help = "the page may listen on addresses that other machines reach"),
    TOP("web", "hosts", KEY_HOSTS, web.hosts, COUNT(config, web.host_count), .standard = "",
        .help = "names that browsers may call the page by"),
    TOP("web", "token_file", KEY_SECRET, web.token_file, .flags = KEY_EMPTY | KEY_EXISTS, .standard = "",
        .help = "holds what one logs in with; without it the page is for reading only"),

    GROUP("pages", KEY_LISTS, lists, COUNT(config_group, list_count), .standard = "",
          .help = "lists of pages"),
    GROUP("urls", KEY_URLS, urls, COUNT(config_group, url_count), .standard = "",
          .help = "pages, each as a line of a page list"),
    GROUP("interval", KEY_DURATION, interval_s, BOUNDS(1, 7 * DAY), .inherits = "poll.interval",
          .help = "between two checks of a page"),
    GROUP("weight", KEY_NUMBER, weight, BOUNDS(1, 10), .standard = "5", .help = "how much a page matters"),
    GROUP("contact", KEY_TEXT, contact, .flags = KEY_EMPTY, .standard = "",
          .help = "who is asked about these pages; told in alerts"),
    GROUP("proxy", KEY_URL, proxy, .flags = KEY_EMPTY, .inherits = "confirm.proxy", .words = proxy_schemes,
          .help = "second vantage that a suspicion is looked at from"),
    GROUP("full_every", KEY_NUMBER, full_every, BOUNDS(1, 1000), .inherits = "poll.full_every",
          .help = "every so many checks the server's \"not modified\" is not believed"),
    GROUP("pictures", KEY_BOOLEAN, pictures, .inherits = "poll.pictures",
          .help = "read the text in pictures"),
    GROUP("maintenance", KEY_WINDOWS, maintenance, .standard = "",
          .help = "windows in which only defaced is told at once"),
    GROUP("sinks", KEY_SINKS, sinks, .standard = "all",
          .help = "names of the sinks that are told; [] for none"),

    SINK("type", KEY_CHOICE, kind, .flags = KEY_REQUIRED, .words = kinds, .kinds = ALL_KINDS,
         .help = "what kind of sink it is"),
    SINK("target", KEY_TARGET, target, .standard = "local", .kinds = KIND(SYSLOG),
         .help = "local, unix:PATH, or udp:, tcp: or tls:HOST[:PORT]"),
    SINK("url", KEY_URL, target, .flags = KEY_REQUIRED, .words = web_schemes,
         .kinds = KIND(WEBHOOK) | KIND(MAIL),
         .help = "where it is sent: https:// for a webhook, smtp:// or smtps:// for mail"),
    SINK("socket", KEY_PATH, target, .standard = "/run/systemd/journal/socket", .kinds = KIND(JOURNAL),
         .help = "the journal's native socket"),
    SINK("path", KEY_PATH, target, .flags = KEY_REQUIRED, .kinds = KIND(NAGIOS) | KIND(FILE),
         .help = "the file or command pipe that is appended to"),
    SINK("command", KEY_COMMAND, argv, COUNT(config_sink, argv_count), .flags = KEY_REQUIRED | KEY_EMPTY,
         .kinds = KIND(EXEC), .help = "the program and its arguments, as a list; no shell"),
    SINK("to", KEY_ADDRESSES, to, COUNT(config_sink, to_count), .standard = "", .kinds = KIND(MAIL),
         .help = "recipients; the group's contact when none"),
    SINK("from", KEY_ADDRESS, from, .flags = KEY_REQUIRED, .kinds = KIND(MAIL), .help = "the sender"),
    SINK("user", KEY_TEXT, user, .flags = KEY_EMPTY, .standard = "", .kinds = KIND(MAIL),
         .help = "name for SMTP AUTH; none when empty"),
    SINK("secret_file", KEY_SECRET, secret_file, .flags = KEY_EMPTY | KEY_EXISTS, .standard = "",
         .kinds = KIND(WEBHOOK) | KIND(MAIL), .help = "holds the webhook's HMAC key or the mail password"),
    SINK("ca_file", KEY_PATH, ca_file, .flags = KEY_EMPTY | KEY_EXISTS, .standard = "",
         .kinds = KIND(SYSLOG) | KIND(WEBHOOK) | KIND(MAIL),
         .help = "authorities, PEM; the system's when empty"),
    SINK("cert_file", KEY_PATH, cert_file, .flags = KEY_EMPTY | KEY_EXISTS, .standard = "",
         .kinds = KIND(SYSLOG), .help = "our own certificate for tls:, PEM"),
    SINK("key_file", KEY_PATH, key_file, .flags = KEY_EMPTY | KEY_EXISTS, .standard = "",
         .kinds = KIND(SYSLOG), .help = "the key of cert_file, PEM"),
    SINK("facility", KEY_CHOICE, facility, .standard = "daemon", .words = facilities, .kinds = KIND(SYSLOG),
         .help = "RFC 5424 facility"),
    SINK("format", KEY_CHOICE, format, .standard = "varta", .words = formats,
         .kinds = KIND(SYSLOG) | KIND(WEBHOOK) | KIND(FILE), .help = "what a notice is turned into"),
    SINK("timeout", KEY_DURATION, timeout_s, BOUNDS(1, 5 * MINUTE), .standard = "10s", .kinds = ALL_KINDS,
         .help = "for one attempt"),
    SINK("least", KEY_CHOICE, least, .standard = "info", .words = severities, .kinds = ALL_KINDS,
         .help = "least severity that is told here"),
};

const size_t config_keys_count = sizeof(config_keys) / sizeof(config_keys[0]);

const char *config_keys_type_name(enum key_type type)
{
    static const char *const names[KEY_TYPE_COUNT] = {
        [KEY_TEXT] = "text",
        [KEY_PATH] = "path",
        [KEY_SECRET] = "path or credential",
        [KEY_URL] = "URL",
        [KEY_TARGET] = "target",
        [KEY_ADDRESS] = "mail address",
        [KEY_ZONE] = "time zone",
        [KEY_WORD] = "word",
        [KEY_CHOICE] = "word",
        [KEY_BOOLEAN] = "boolean",
        [KEY_NUMBER] = "number",
        [KEY_PERCENT] = "percent",
        [KEY_DURATION] = "duration",
        [KEY_DAYS] = "duration",
        [KEY_BYTES] = "bytes",
        [KEY_LISTEN] = "address or path",
        [KEY_ADDRESSES] = "list of mail addresses",
        [KEY_HOSTS] = "list of host names",
        [KEY_COMMAND] = "list of words",
        [KEY_LISTS] = "list of files",
        [KEY_URLS] = "list of pages",
        [KEY_WINDOWS] = "list of windows",
        [KEY_SINKS] = "list of names",
    };
    return names[type];
}

void config_keys_path(const struct config_key *key, char ret_path[CONFIG_KEY_PATH_BYTES])
{
    static const char *const scopes[] = {
        [KEY_TOP] = "", [KEY_GROUP] = "groups.NAME.", [KEY_SINK] = "sinks.NAME."};
    snprintf(ret_path, CONFIG_KEY_PATH_BYTES, "%s%s%s%s", scopes[key->scope], key->section,
             *key->section ? "." : "", key->name);
}

const struct config_key *config_keys_find(enum key_scope scope, const char *section, struct span name)
{
    for (size_t i = 0; i < config_keys_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (key->scope == scope && strcmp(key->section, section) == 0 && span_equal(name, span_of(key->name)))
            return key;
    }
    return NULL;
}

bool config_keys_is_section(struct span name)
{
    for (size_t i = 0; i < config_keys_count; i++)
        if (name.size && span_equal(name, span_of(config_keys[i].section)))
            return true;
    return false;
}

void config_keys_bound(const struct config_key *key, uint64_t value, char ret_text[CONFIG_KEY_PATH_BYTES])
{
    char text[UNITS_TEXT_BYTES];
    if (key->type == KEY_DURATION || key->type == KEY_DAYS)
        units_write_duration(value, text);
    else if (key->type == KEY_BYTES)
        units_write_bytes(value, text);
    else
        snprintf(text, sizeof(text), "%llu%s", (unsigned long long)value,
                 key->type == KEY_PERCENT ? "%" : "");
    snprintf(ret_text, CONFIG_KEY_PATH_BYTES, "%s", text);
}

const char *config_sink_kind_name(enum config_sink_kind kind)
{
    return kinds[kind];
}
