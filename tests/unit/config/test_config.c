/* The configuration from text to structs: values, defaults, inheritance, and what is said of each fault. */
#include "config/config.h"

#include "unit/cmocka_all.h"
#include "unit/failing_malloc.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

struct told {
    char text[8000];
    unsigned count;
};

static void tell(void *context, const char *text)
{
    struct told *told = context;
    size_t used = strlen(told->text);
    snprintf(told->text + used, sizeof(told->text) - used, "%s\n", text);
    told->count++;
}

static int read_text(const char *text, struct config *config, struct told *told)
{
    *told = (struct told){0};
    return config_read_text("/etc/varta/varta.yaml", span_of(text), tell, told, config);
}

static void read_good(const char *text, struct config *config)
{
    struct told told;
    if (read_text(text, config, &told) != 0)
        fail_msg("'%s' is refused: %s", text, told.text);
    assert_int_equal(told.count, 0);
}

static void assert_span(struct span text, const char *wanted)
{
    if (!span_equal(text, span_of(wanted)))
        fail_msg("'%.*s' is not '%s'", (int)text.size, text.at ? text.at : "", wanted);
    assert_int_equal(text.at[text.size], '\0');
}

static void test_config__empty_is_all_defaults(void **state)
{
    (void)state;
    struct config config;
    read_good("# nothing yet\n", &config);
    assert_span(config.store, "/var/lib/varta/varta.db");
    assert_span(config.control, "/run/varta/control");
    assert_span(config.contact, "");
    assert_span(config.timezone, "");
    assert_span(config.sandbox, "strict");
    assert_span(config.path, "/etc/varta/varta.yaml");
    assert_int_equal(config.timeout_s, 30);
    assert_int_equal(config.connect_timeout_s, 10);
    assert_int_equal(config.parallel, 64);
    assert_int_equal(config.per_domain, 4);
    assert_int_equal(config.jitter_percent, 10);
    assert_int_equal(config.backoff_max_s, 1800);
    assert_int_equal(config.confirm_after_s, 2);
    assert_true(span_starts(config.browser_agent, SPAN("Mozilla/5.0 (")));
    assert_int_equal(config.gather_s, 8);
    assert_int_equal(config.recover_looks, 2);
    assert_int_equal(config.outage_looks, 2);
    assert_int_equal(config.escalate_after_s, 900);
    assert_int_equal(config.flap_window_s, 3600);
    assert_int_equal(config.campaign_window_s, 21600);
    assert_int_equal(config.keep_incidents_d, 730);
    assert_int_equal(config.keep_pictures_d, 180);
    assert_int_equal(config.keep_deliveries_d, 30);
    assert_int_equal(config.keep_bytes, 0);
    assert_int_equal(config.quiet.count, 0);
    assert_int_equal(config.sink_count, 0);
    assert_int_equal(config.list.count, 0);
    assert_int_equal(config.group_count, 1);
    assert_span(config.groups[0].name, "default");
    assert_int_equal(config.groups[0].interval_s, 300);
    assert_int_equal(config.groups[0].full_every, 12);
    assert_int_equal(config.groups[0].weight, 5);
    assert_true(config.groups[0].pictures);
    config_free(&config);
}

static void test_config__systemds_folders_go_first(void **state)
{
    (void)state;
    struct config config;
    setenv("STATE_DIRECTORY", "/srv/state:/srv/other", 1);
    setenv("RUNTIME_DIRECTORY", "/run/one", 1);
    read_good("", &config);
    assert_span(config.store, "/srv/state/varta.db");
    assert_span(config.control, "/run/one/control");
    config_free(&config);
    read_good("store: here.db\ncontrol: ''\n", &config);
    assert_span(config.store, "/etc/varta/here.db");
    assert_span(config.control, "");
    config_free(&config);
    unsetenv("STATE_DIRECTORY");
    unsetenv("RUNTIME_DIRECTORY");
}

static void test_config__values_of_every_type(void **state)
{
    (void)state;
    struct config config;
    read_good("contact: \"цілодобово: noc@cert.example\"\n"
              "timezone: Europe/Kyiv\n"
              "poll: {interval: 90s, jitter: 25 %, parallel: 7, pictures: no, backoff_max: 2h}\n"
              "keep: {incidents: 2w, size: 500M}\n"
              "incidents: {escalate_after: 0}\n",
              &config);
    assert_span(config.contact, "цілодобово: noc@cert.example");
    assert_int_equal(config.groups[0].interval_s, 90);
    assert_int_equal(config.jitter_percent, 25);
    assert_int_equal(config.parallel, 7);
    assert_false(config.groups[0].pictures);
    assert_int_equal(config.backoff_max_s, 7200);
    assert_int_equal(config.keep_incidents_d, 14);
    assert_int_equal(config.keep_bytes, 500 << 20);
    assert_int_equal(config.escalate_after_s, 0);
    config_free(&config);
}

static void test_config__groups_inherit_and_own_pages(void **state)
{
    (void)state;
    struct config config;
    read_good("poll: {interval: 2m, full_every: 3}\n"
              "confirm: {proxy: 'http://proxy.example:3128'}\n"
              "sinks: {a: {type: journal}, b: {type: syslog}, c: {type: journal}}\n"
              "groups:\n"
              "  ministries:\n"
              "    urls: ['https://mfa.example/ name=МЗС weight=9 interval=30s', mon.example]\n"
              "    interval: 1m\n"
              "    sinks: [c, a]\n"
              "  quiet: {sinks: [], proxy: ''}\n"
              "  default: {urls: https://a.example/, weight: 1}\n",
              &config);
    assert_int_equal(config.group_count, 3);
    assert_int_equal(config.groups[0].interval_s, 120);
    assert_int_equal(config.groups[0].weight, 1);
    assert_int_equal(config.groups[0].sinks, 7);
    assert_int_equal(config.groups[0].page_count, 1);
    assert_span(config.groups[1].name, "ministries");
    assert_int_equal(config.groups[1].interval_s, 60);
    assert_int_equal(config.groups[1].full_every, 3);
    assert_int_equal(config.groups[1].weight, 5);
    assert_int_equal(config.groups[1].sinks, 5);
    assert_int_equal(config.groups[1].page_count, 2);
    assert_span(config.groups[1].proxy, "http://proxy.example:3128");
    assert_int_equal(config.groups[2].sinks, 0);
    assert_span(config.groups[2].proxy, "");
    assert_int_equal(config.list.count, 3);
    assert_span(config.list.pages[0].url, "https://mfa.example/");
    assert_span(config.list.pages[0].name, "МЗС");
    assert_int_equal(config.list.pages[0].group, 1);
    assert_int_equal(config.list.pages[0].interval_s, 30);
    assert_int_equal(config.list.pages[0].weight, 9);
    assert_int_equal(config.list.pages[1].interval_s, 0);
    assert_int_equal(config.list.pages[2].group, 0);
    config_free(&config);
}

static void test_config__sinks_of_every_kind(void **state)
{
    (void)state;
    struct config config;
    read_good("sinks:\n"
              "  s: {type: syslog, target: 'tls:[2001:db8::1]:6514', facility: local7, least: critical, "
              "cert_file: a, key_file: b}\n"
              "  j: {type: journal}\n"
              "  x: {type: exec, command: [/bin/echo, 'two words', ''], timeout: 3s}\n"
              "  w: {type: webhook, url: 'https://hook.example/x?y=1@2', secret_file: hook-key}\n"
              "  m: {type: mail, url: 'smtp://mail.example:587', from: a@b.example, to: [c@d.example, "
              "e@f.example], user: u, secret_file: ./pw}\n"
              "  n: {type: nagios, path: nagios.cmd}\n"
              "  f: {type: file, path: /var/log/notices}\n",
              &config);
    assert_int_equal(config.sink_count, 7);
    for (int i = 0; i < 7; i++)
        assert_int_equal(config.sinks[i].kind, i);
    assert_span(config.sinks[0].target, "tls:[2001:db8::1]:6514");
    assert_int_equal(config.sinks[0].facility, 23);
    assert_int_equal(config.sinks[0].least, SEVERITY_CRITICAL);
    assert_span(config.sinks[0].cert_file, "/etc/varta/a");
    assert_int_equal(config.sinks[1].timeout_s, 10);
    assert_int_equal(config.sinks[1].least, SEVERITY_INFO);
    assert_int_equal(config.sinks[2].argv_count, 3);
    assert_span(config.sinks[2].argv[1], "two words");
    assert_span(config.sinks[2].argv[2], "");
    assert_int_equal(config.sinks[2].timeout_s, 3);
    assert_span(config.sinks[3].secret_file, "hook-key");
    assert_int_equal(config.sinks[4].to_count, 2);
    assert_span(config.sinks[4].to[1], "e@f.example");
    assert_span(config.sinks[4].secret_file, "/etc/varta/pw");
    assert_span(config.sinks[5].target, "/etc/varta/nagios.cmd");
    assert_span(config.sinks[6].target, "/var/log/notices");
    config_free(&config);
}

/* ---- faults ---- */

static void test_config__each_fault_has_its_place_and_a_way_out(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"pol:\n  interval: 5m\n",
         "/etc/varta/varta.yaml:1:1: there is no key 'pol' here; did you mean 'poll'?"},
        {"poll:\n  intervall: 5m\n",
         "varta.yaml:2:3: there is no key 'intervall' here; did you mean 'interval'?"},
        {"interval: 5m\n", "'interval' does not belong here: the key is poll.interval"},
        {"poll:\n  quux: 5m\n", "there is no key 'quux' here; there are: interval, jitter, timeout"},
        {"quux: 5m\n", "there are: store, control, contact, timezone, sandbox, pages, poll, confirm, "
                       "incidents, keep, evidence, web, groups, sinks"},
        {"poll: {interval: 5}\n", "1:18: poll.interval: '5' has no unit"},
        {"poll: {interval: 5x}\n", "'5x' is not understood: a whole number and s, m, h, d or w"},
        {"poll: {interval: 0}\n", "'0' is out of bounds: from 1s to 7d"},
        {"poll: {interval: 8d}\n", "'8d' is out of bounds: from 1s to 7d"},
        {"poll: {interval: 99999999999999999999s}\n", "is out of bounds"},
        {"poll: {interval: 99999999999999999w}\n", "is out of bounds"},
        {"poll: {interval: -5m}\n", "is not understood"},
        {"poll: {interval: [5m]}\n", "one value is wanted, not a list"},
        {"poll: {interval: {a: b}}\n", "one value is wanted, not a mapping"},
        {"poll: {interval: }\n", "no value: leave the line out"},
        {"poll: 5m\n", "poll: keys and values are wanted"},
        {"poll: {jitter: 10}\n", "'10' has no unit: a whole number and %"},
        {"poll: {jitter: 51%}\n", "from 0% to 50%"},
        {"poll: {parallel: 6.5}\n", "'6.5' is not understood: a whole number"},
        {"poll: {parallel: 0}\n", "from 1 to 256"},
        {"poll: {pictures: maybe}\n", "'maybe' is neither true nor false"},
        {"sandbox: stict\n", "did you mean 'strict'? It is strict, tolerant or off"},
        {"keep: {size: 5X}\n", "'5X' is not understood: a whole number and k, M, G or T"},
        {"keep: {incidents: 36h}\n", "'36h' are no whole days"},
        {"timezone: Europe/Kyjv\n", "knows no time zone 'Europe/Kyjv'"},
        {"timezone: ../zoneinfo/UTC\n", "knows no time zone"},
        {"contact: \"a\\r\\nX-Evil: 1\"\n", "a line break, a control or an invisible character"},
        {"contact: \"\\u202Eevil\"\n", "a line break, a control or an invisible character"},
        {"store: ''\n", "store: the value is empty"},
        {"confirm: {proxy: proxy.example}\n",
         "begins with no scheme: it begins with http://, https://, socks5h://"},
        {"confirm: {proxy: 'http://u:p@proxy.example'}\n", "carries a name or password"},
        {"web: {listen: localhost}\n", "is no place to listen at"},
        {"web: {listen: '127.0.0.1:0'}\n", "is no place to listen at"},
        {"web: {listen: '127.0.0.1:65536'}\n", "is no place to listen at"},
        {"web: {listen: '[::1:8080'}\n", "is no place to listen at"},
        {"web: {listen: '/run/varta/'}\n", "is no place to listen at"},
        {"web: {listen: '0.0.0.0:8080'}\n", "other machines reach this address"},
        {"web: {listen: '[::]:8080', allow_remote: false}\n", "other machines reach this address"},
        {"web: {hosts: ['status.cert.example:443']}\n", "is no host name"},
        {"web: {hosts: [Status.cert.example]}\n", "is no host name"},
        {"incidents: {quiet_hours: [22-06]}\n", "'22-06' is no window: like mon-fri 22:00-06:00"},
        {"incidents: {quiet_hours: [mon-fry 22:00-06:00]}\n", "names no days"},
        {"incidents: {quiet_hours: [25:00-06:00]}\n", "is no window"},
        {"incidents: {quiet_hours: [2026-02-30T01:00/2026-03-01T01:00]}\n", "is no span of time"},
        {"incidents: {quiet_hours: [2026-03-02T01:00/2026-03-01T01:00]}\n", "ends before it begins"},
        {"groups: {a: {urls: ['ftp://a.example/']}}\n",
         "1:21: urls: 'ftp://a.example/' cannot be watched: only http"},
        {"groups: {a: {urls: ['https://a.example/ interval=5']}}\n", "interval=5 is no interval"},
        {"groups: {a: {urls: ['https://a.example/ weight=11']}}\n", "weight=11 is no weight: from 1 to 10"},
        {"groups:\n  a: {urls: [a.example]}\n  b: {urls: ['https://a.example']}\n",
         "3:14: urls: https://a.example stands in another group already, in /etc/varta/varta.yaml line 2"},
        {"groups: {a: {sinks: [log]}}\nsinks: {logs: {type: journal}}\n",
         "there is no sink 'log'; did you mean 'logs'?"},
        {"groups: {a: {sinks: [log]}}\n", "there is no sink 'log' under sinks"},
        {"groups: {a: {weight: 0}}\n", "from 1 to 10"},
        {"groups: [a]\n", "groups: names are wanted"},
        {"groups: {\"a\\nb\": {}}\n", "a name has 1 to 100 bytes and no control"},
        {"sinks: {a: {target: local}}\n", "1:9: the sink 'a' has no type"},
        {"sinks: {a: {type: mial}}\n", "did you mean 'mail'?"},
        {"sinks: {a: {type: webhook}}\n", "the sink 'a' has no url"},
        {"sinks: {a: {type: webhook, target: x, url: 'https://a/'}}\n",
         "'target' does not belong here: the key is sinks.NAME.target; here may stand: type, url, "
         "secret_file"},
        {"sinks: {a: {type: webhook, url: 'smtp://a'}}\n", "a webhook is at https:// or http://"},
        {"sinks: {a: {type: webhook, url: 'https://u:p@a/'}}\n", "carries a name or password"},
        {"sinks: {a: {type: webhook, url: 'https://a/', secret: x}}\n",
         "a secret is never written here; put it in a file"},
        {"sinks: {a: {type: mail, url: 'smtp://a', from: a@b, password: x}}\n", "with secret_file"},
        {"sinks: {a: {type: mail, url: 'https://a', from: a@b}}\n", "mail goes to smtps:// or smtp://"},
        {"sinks: {a: {type: mail, url: 'smtp://a', from: 'A <a@b>'}}\n", "is no mail address"},
        {"sinks: {a: {type: mail, url: 'smtp://a', from: a@b, user: x}}\n",
         "user needs secret_file beside it"},
        {"sinks: {a: {type: mail, url: 'smtp://a', from: a@b}}\ngroups: {g: {urls: [a.example]}}\n",
         "the group 'g' has no mail address"},
        {"sinks: {a: {type: syslog, target: 'tcp:'}}\n", "'tcp:' is no target: local, unix:/PATH"},
        {"sinks: {a: {type: syslog, target: 'tcp:a:0'}}\n", "is no target"},
        {"sinks: {a: {type: syslog, target: 'unix:log'}}\n", "is no target"},
        {"sinks: {a: {type: syslog, target: 'tls:a', cert_file: a}}\n", "cert_file needs key_file"},
        {"sinks: {a: {type: exec, command: /bin/echo hello}}\n", "a list of words is wanted"},
        {"sinks: {a: {type: exec, command: [echo]}}\n", "the program is an absolute path, not 'echo'"},
        {"a: &x 1\nb: *x\n", "anchors and aliases"},
        {"store: !!str x\n", "tags (!) are not read here"},
        {"poll:\n\tinterval: 5m\n", "2:1: a tab: YAML is indented with spaces"},
        {"poll:\n  interval: 5m\n jitter: 5%\n", "3:2: the indentation does not fit"},
        {"poll:\n  interval: 5m\n   jitter: 5%\n", "3:10: a ':' that does not fit"},
        {"contact: \"open\n", "1:10: a quote that is never closed"},
        {"pages: [a\n", "a '[' that is never closed"},
        {"store\n", "keys and values are wanted"},
        {"contact: @home\n", "a value cannot begin with this character: put it in quotes"},
        {"- a\n", "keys and values are wanted"},
        {"store: a\n---\nstore: b\n", "a second document"},
        {"poll: {}\npoll: {}\n", "2:1: 'poll' stands here already, in line 1"},
        {"contact: a\xFF\n", "1:11: byte 0xFF is not UTF-8"},
        {"contact: \xC3\xA9\x01\n", "1:11: byte 0x01 is no text"},
        {"? [a]\n: b\n", "a key is a word"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct told told;
        struct config config;
        int result = read_text(bad[i].text, &config, &told);
        if (result != -EINVAL || told.count != 1 || !strstr(told.text, bad[i].says))
            fail_msg("'%s' gives %d and %u faults, which do not say '%s':\n%s", bad[i].text, result,
                     told.count, bad[i].says, told.text);
    }
}

static void test_config__all_faults_are_told_from_the_top(void **state)
{
    (void)state;
    struct told told;
    struct config config;
    assert_int_equal(read_text("sinks:\n  a: {type: x}\npoll:\n  timeout: 5\n  jiter: 5%\ngroups:\n  g: "
                               "{weight: 99, contcat: a}\n",
                               &config, &told),
                     -EINVAL);
    assert_int_equal(told.count, 5);
    const char *at = told.text;
    static const char *const order[] = {":2:13:", ":4:12:", ":5:3:", ":7:15:", ":7:19:"};
    for (size_t i = 0; i < 5; i++) {
        at = strstr(at, order[i]);
        assert_non_null(at);
    }
}

static void test_config__faults_without_end_are_cut(void **state)
{
    (void)state;
    struct told told;
    struct config config;
    char text[60000];
    size_t size = 0;
    for (int i = 0; i < 3000; i++)
        size += (size_t)snprintf(text + size, sizeof(text) - size, "key%d: value\n", i);
    assert_int_equal(read_text(text, &config, &told), -EINVAL);
    assert_int_equal(told.count, 101);
    told = (struct told){0};
    size = 0;
    for (int i = 0; i < 5000; i++)
        size += (size_t)snprintf(text + size, sizeof(text) - size, "k%d:\n", i);
    assert_int_equal(read_text(text, &config, &told), -EINVAL);
    assert_int_equal(told.count, 1);
    assert_non_null(strstr(told.text, "too many keys in one mapping"));
}

static void test_config__depth_and_length_have_an_end(void **state)
{
    (void)state;
    struct told told;
    struct config config;
    char text[40000];
    memset(text, '[', 1000);
    text[1000] = '\0';
    assert_int_equal(read_text(text, &config, &told), -EINVAL);
    assert_non_null(strstr(told.text, "nested too deep"));
    memset(text, 'x', sizeof(text));
    memcpy(text, "contact: ", 9);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(read_text(text, &config, &told), -EINVAL);
    assert_non_null(strstr(told.text, "longer than 16 KB"));
}

/* ---- showing ---- */

static void test_config__what_is_shown_reads_the_same(void **state)
{
    (void)state;
    struct config config;
    char *shown[2];
    size_t size[2];
    for (int i = 0; i < 2; i++) {
        if (i == 0)
            read_good(
                "contact: 'y: \"#\" \\ ключ'\n"
                "timezone: Europe/Kyiv\n"
                "groups: {'yes': {urls: ['https://a.example/ name=#1']}, 'a: b': {contact: \"'\"}, '12': "
                "{weight: 3}}\n"
                "sinks: {'null': {type: exec, command: [/bin/echo, '- a', 'true', '0x1', '']}}\n"
                "incidents: {quiet_hours: ['mon,wed-fri  01:00-02:00', 2026-03-29T03:30/2026-10-25T03:30]}\n",
                &config);
        else
            read_good(shown[0], &config);
        FILE *stream = open_memstream(&shown[i], &size[i]);
        config_show(&config, stream);
        fclose(stream);
        config_free(&config);
    }
    assert_string_equal(shown[0], shown[1]);
    free(shown[0]);
    free(shown[1]);
}

static void test_config__running_out_of_memory_anywhere_is_told(void **state)
{
    (void)state;
    static const char text[] = "contact: a\ntimezone: Europe/Kyiv\nincidents: {quiet_hours: [22:00-06:00]}\n"
                               "groups: {g: {urls: [a.example, b.example]}}\n"
                               "sinks: {x: {type: exec, command: [/bin/echo]}, j: {type: journal}}\n";
    struct config config;
    struct told told;
    failing_count = 0;
    read_good(text, &config);
    size_t all = failing_count;
    config_free(&config);
    assert_true(all > 3);
    for (size_t at = 1; at <= all; at++) {
        failing_count = 0;
        failing_at = at;
        int result = read_text(text, &config, &told);
        failing_at = 0;
        if (result == 0)
            config_free(&config);
        else
            assert_int_equal(result, -ENOMEM);
    }
}

/* ---- windows ---- */

static bool holds(const char *window, const char *moment)
{
    struct config config;
    char text[200];
    struct tm fields = {0};
    snprintf(text, sizeof(text), "timezone: Europe/Kyiv\nincidents: {quiet_hours: ['%s']}\n", window);
    read_good(text, &config);
    assert_non_null(strptime(moment, "%Y-%m-%dT%H:%MZ", &fields));
    setenv("TZ", "Europe/Kyiv", 1);
    tzset();
    bool result = config_windows_hold(&config.quiet, (int64_t)timegm(&fields));
    unsetenv("TZ");
    tzset();
    config_free(&config);
    return result;
}

static void test_windows__days_nights_and_the_change_of_clocks(void **state)
{
    (void)state;
    static const struct {
        const char *window, *moment; /* in UTC; Kyiv is two hours ahead, three in summer */
        bool inside;
    } cases[] = {
        {"22:00-06:00", "2026-01-14T19:59Z", false},
        {"22:00-06:00", "2026-01-14T20:00Z", true},
        {"22:00-06:00", "2026-01-15T03:59Z", true},
        {"22:00-06:00", "2026-01-15T04:00Z", false},
        {"22:00-06:00", "2026-07-14T19:00Z", true},
        {"22:00-06:00", "2026-07-15T03:00Z", false},
        {"mon-fri 22:00-06:00", "2026-01-16T23:00Z", true}, /* Friday's night lasts into Saturday */
        {"mon-fri 22:00-06:00", "2026-01-17T21:00Z", false},
        {"mon-fri 22:00-06:00", "2026-01-18T23:00Z", false},
        {"sun 02:00-04:00", "2026-01-18T00:30Z", true},
        {"sun 02:00-04:00", "2026-01-19T00:30Z", false},
        {"sat-mon 00:00-24:00", "2026-01-18T12:00Z", true},
        {"sat-mon 00:00-24:00", "2026-01-19T21:59Z", true},
        {"sat-mon 00:00-24:00", "2026-01-19T22:00Z", false},
        {"mon 08:00-08:00", "2026-01-19T06:00Z", true},
        {"mon 08:00-08:00", "2026-01-20T05:59Z", true},
        {"mon 08:00-08:00", "2026-01-20T06:00Z", false},
        {"2026-11-24T01:00/2026-11-24T05:00", "2026-11-23T22:59Z", false},
        {"2026-11-24T01:00/2026-11-24T05:00", "2026-11-23T23:00Z", true},
        {"2026-11-24T01:00/2026-11-24T05:00", "2026-11-24T03:00Z", false},
        {"2026-07-24T01:00/2026-07-24T05:00", "2026-07-23T22:00Z", true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (holds(cases[i].window, cases[i].moment) != cases[i].inside)
            fail_msg("%s is %s %s", cases[i].moment, cases[i].inside ? "not in" : "in", cases[i].window);
}

static void test_windows__the_time_zone_is_put_back(void **state)
{
    (void)state;
    struct config config;
    setenv("TZ", "America/Lima", 1);
    read_good("timezone: Europe/Kyiv\n", &config);
    assert_string_equal(getenv("TZ"), "America/Lima");
    config_free(&config);
    unsetenv("TZ");
    read_good("timezone: Europe/Kyiv\n", &config);
    assert_null(getenv("TZ"));
    config_free(&config);
    tzset();
}

static void test_config__the_page_is_near_unless_it_is_meant(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is, near;
    } places[] = {
        {"127.0.0.1:8080", true, true},
        {"127.9.9.9:1", true, true},
        {"[::1]:8080", true, true},
        {"/run/varta/web", true, true},
        {"0.0.0.0:80", true, false},
        {"[::]:80", true, false},
        {"192.0.2.1:80", true, false},
        {"[2001:db8::1]:80", true, false},
        {"::1:80", false, false},
        {"127.0.0.1", false, false},
        {"", false, false},
        {":80", false, false},
    };
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        union config_address address;
        socklen_t size = 0;
        bool is = config_web_address(span_of(places[i].text), &address, &size) == 0;
        if (is != places[i].is || (is && config_web_is_near(&address) != places[i].near))
            fail_msg("%s", places[i].text);
        assert_true(!is || size > 0);
    }
}

int main(void)
{
    unsetenv("STATE_DIRECTORY");
    unsetenv("RUNTIME_DIRECTORY");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_config__empty_is_all_defaults),
        cmocka_unit_test(test_config__systemds_folders_go_first),
        cmocka_unit_test(test_config__values_of_every_type),
        cmocka_unit_test(test_config__groups_inherit_and_own_pages),
        cmocka_unit_test(test_config__sinks_of_every_kind),
        cmocka_unit_test(test_config__each_fault_has_its_place_and_a_way_out),
        cmocka_unit_test(test_config__all_faults_are_told_from_the_top),
        cmocka_unit_test(test_config__faults_without_end_are_cut),
        cmocka_unit_test(test_config__depth_and_length_have_an_end),
        cmocka_unit_test(test_config__what_is_shown_reads_the_same),
        cmocka_unit_test(test_config__running_out_of_memory_anywhere_is_told),
        cmocka_unit_test(test_windows__days_nights_and_the_change_of_clocks),
        cmocka_unit_test(test_windows__the_time_zone_is_put_back),
        cmocka_unit_test(test_config__the_page_is_near_unless_it_is_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
