/*
 * Feeds the daemon's control socket with anything, through a real socket and with the daemon's real answers
 * behind it. The first byte chooses how many bytes come at a time. Each whole line must be answered, by JSON
 * objects and an empty line, in order; whatever else comes must leave the ear open for the next peer.
 */
#include "watch/control.h"
#include "watch/daemon_answers.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { NOW_S = 1642118400, TURNS = 100000, REPLY_BYTES = 256 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct scene {
    char folder[64], path[96];
    sd_event *event;
    struct config config;
    struct gather gather;
    struct daemon_parts parts;
    struct control *control;
} scene;

static void demand(bool kept)
{
    if (!kept)
        abort();
}

/* ---- a daemon with an incident in it ---- */

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
    caseload_look(scene.parts.caseload, page, LOOK_ROUTINE, &sighting, NOW_S, &next);
    caseload_look(scene.parts.caseload, page, LOOK_BROWSER, &sighting, NOW_S, &next);
    caseload_save(scene.parts.caseload, NOW_S);
}

static void on_request(void *context, const json_t *request, const char *user, struct buf *reply)
{
    (void)context;
    daemon_answer(&scene.parts, request, user, NOW_S, reply);
}

static void clear_away(void)
{
    static const char *const names[] = {"control", "store.db", "store.db-wal", "store.db-shm"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[160];
        snprintf(path, sizeof(path), "%s/%s", scene.folder, names[i]);
        unlink(path);
    }
    rmdir(scene.folder);
}

static void open_store(void)
{
    char error[STORE_ERROR_BYTES];
    snprintf(scene.folder, sizeof(scene.folder), "/tmp/varta-fuzz.XXXXXX");
    demand(mkdtemp(scene.folder) != NULL);
    atexit(clear_away);
    snprintf(scene.path, sizeof(scene.path), "%s/store.db", scene.folder);
    demand(store_open(scene.path, STORE_CREATE, &scene.parts.store, error) == 0);
    snprintf(scene.path, sizeof(scene.path), "%s/control", scene.folder);
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
    demand(caseload_new(&cases, NOW_S, &scene.parts.caseload) == 0);
    struct warden_settings warden = {
        .config = &scene.config, .caseload = scene.parts.caseload, .look = look_at_nothing, .say = say};
    demand(warden_new(&warden, 0, &scene.parts.warden) == 0);
    find(0, VERDICT_DEFACED);
    find(1, VERDICT_REPLACED);
    scene.gather = (struct gather){.store = scene.parts.store, .event = scene.event};
    scene.parts.config = &scene.config;
    scene.parts.gather = &scene.gather;
    demand(control_open(scene.event, scene.path, on_request, NULL, &scene.control) == 0);
}

/* ---- one peer ---- */

static int knock(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", scene.path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    demand(fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0);
    return fd;
}

/* Returns false when the daemon has hung up. */
static bool take(int fd, struct buf *reply)
{
    char bytes[65536];
    ssize_t got = recv(fd, bytes, sizeof(bytes), 0);
    if (got > 0)
        demand(buf_add(reply, bytes, (size_t)got));
    return got > 0 || (got < 0 && errno == EAGAIN);
}

/* Says it all, in pieces, then hangs up its own side; returns false when the daemon hung up before. */
static bool talk(int fd, struct span words, size_t piece, struct buf *reply)
{
    size_t said = 0;
    bool ended = false;
    for (int turn = 0; turn < TURNS; turn++) {
        size_t size = words.size - said < piece ? words.size - said : piece;
        ssize_t put = size ? send(fd, words.at + said, size, MSG_NOSIGNAL) : 0;
        bool lost = put < 0 && errno != EAGAIN;
        said += put > 0 ? (size_t)put : 0;
        if (said == words.size && !ended)
            ended = shutdown(fd, SHUT_WR) == 0;
        sd_event_run(scene.event, 0);
        if (!take(fd, reply))
            return !lost && said == words.size;
    }
    abort(); /* it neither answers nor hangs up */
}

static size_t count_answers(struct span reply)
{
    size_t answers = 0;
    struct span line;
    demand(reply.size == 0 || reply.at[reply.size - 1] == '\n');
    reply.size -= reply.size > 0;
    for (struct span rest = reply; rest.size && span_next(&rest, '\n', &line);) {
        json_t *object = line.size ? json_loadb(line.at, line.size, JSON_REJECT_DUPLICATES, NULL) : NULL;
        demand(line.size == 0 || json_is_object(object));
        json_decref(object);
        answers += line.size == 0;
    }
    return answers + (reply.size > 0); /* the last empty line has lost its line feed above */
}

static size_t count_lines(struct span words, size_t *ret_longest)
{
    size_t lines = 0, longest = 0, at = 0;
    for (size_t i = 0; i < words.size; i++) {
        longest = i - at > longest ? i - at : longest;
        if (words.at[i] == '\n') {
            lines++;
            at = i + 1;
        }
    }
    *ret_longest = longest;
    return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!scene.control)
        set_up();
    if (size < 2)
        return 0;
    struct span words = {(const char *)data + 1, size - 1};
    buf_auto reply = buf_new(REPLY_BYTES);
    size_t longest, lines = count_lines(words, &longest);
    int fd = knock();
    bool heard = talk(fd, words, 1 + (size_t)data[0] * data[0], &reply);
    close(fd);
    size_t answers = count_answers(buf_span(&reply));
    demand(answers <= lines);
    demand(!heard || longest > CONTROL_REQUEST_BYTES / 2 || answers == lines);
    return 0;
}
