/* See standing_daemon.h. */
#include "fuzz/standing_daemon.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct standing_daemon scene;

static void demand(bool kept)
{
    if (!kept)
        abort();
}

static const char configuration[] =
    "incidents: {gather: 60s}\n"
    "groups: {all: {urls: ['https://a.gov.ua/', 'https://b.gov.ua/', 'https://c.gov.ua/']}}\n"
    "sinks: {siem: {type: syslog, target: 'udp:127.0.0.1'}}\n";

static void say(void *context, const char *text)
{
    (void)context;
    (void)text;
}

static int send_nothing(void *context, size_t sink, struct span json, uint64_t ticket)
{
    (void)context;
    (void)sink;
    (void)json;
    (void)ticket;
    return -EAGAIN;
}

static int look_at_nothing(void *context, const struct warden_look *look)
{
    (void)context;
    (void)look;
    return -EAGAIN;
}

static void find(size_t page, enum verdict_kind verdict)
{
    struct sighting sighting = {.verdict = verdict,
                                .cause = "",
                                .score = 0.97,
                                .message = SPAN("Всі дані стали публічними\x1b[2J\n\"}{\"error\":\"\""),
                                .result = SPAN("{\"verdict\":\"defaced\",\"reasons\":[]}")};
    enum incident_look next;
    caseload_look(scene.parts.caseload, page, LOOK_ROUTINE, &sighting, STANDING_NOW_S, &next);
    caseload_look(scene.parts.caseload, page, LOOK_BROWSER, &sighting, STANDING_NOW_S, &next);
    caseload_save(scene.parts.caseload, STANDING_NOW_S);
}

static void clear_away(void)
{
    store_close(scene.parts.store);
    static const char *const names[] = {"control",  "web",          "token",       "00000001/confirmed.json",
                                        "store.db", "store.db-wal", "store.db-shm"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[160];
        snprintf(path, sizeof(path), "%s/%s", scene.folder, names[i]);
        unlink(path);
    }
    char evidence[80];
    snprintf(evidence, sizeof(evidence), "%s/00000001", scene.folder);
    rmdir(evidence);
    rmdir(scene.folder);
}

static void open_store(void)
{
    char error[STORE_ERROR_BYTES];
    snprintf(scene.folder, sizeof(scene.folder), "/tmp/varta-fuzz.XXXXXX");
    demand(mkdtemp(scene.folder) != NULL);
    atexit(clear_away);
    snprintf(scene.store, sizeof(scene.store), "%s/store.db", scene.folder);
    demand(store_open(scene.store, STORE_CREATE, &scene.parts.store, error) == 0);
}

static void set_up(void)
{
    demand(sd_event_new(&scene.event) >= 0);
    demand(config_read_text("/etc/fuzz.yaml", span_of(configuration), say, NULL, &scene.config) == 0);
    open_store();
    struct outbox_settings outbox = {
        scene.config.sinks, scene.config.sink_count, scene.parts.store, send_nothing, say, NULL};
    demand(outbox_new(&outbox, &scene.parts.outbox) == 0);
    struct caseload_settings cases = {&scene.config, scene.parts.store, scene.parts.outbox, say, NULL};
    demand(caseload_new(&cases, STANDING_NOW_S, &scene.parts.caseload) == 0);
    struct warden_settings warden = {
        .config = &scene.config, .caseload = scene.parts.caseload, .look = look_at_nothing, .say = say};
    demand(warden_new(&warden, 0, &scene.parts.warden) == 0);
    find(0, VERDICT_DEFACED);
    find(1, VERDICT_REPLACED);
    scene.gather = (struct gather){.store = scene.parts.store, .event = scene.event};
    scene.parts.config = &scene.config;
    scene.parts.gather = &scene.gather;
}

struct standing_daemon *standing_daemon(void)
{
    if (!scene.event)
        set_up();
    return &scene;
}
