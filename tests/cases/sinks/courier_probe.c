/*
 * Drives the courier as the daemon does, for the cases: reads lines "SINK NOTICE" on standard input, sends
 * each, and writes "SINK ERROR DETAIL" as they end, ERROR being 0 or the name of an errno. Ends when the
 * input does and all are answered. Usage: courier_probe CONFIG
 */
#include "config/config.h"
#include "watch/courier.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { INPUT_BYTES = 4 << 20 };

struct probe {
    struct config config;
    sd_event *event;
    struct courier *courier;
    struct buf input;
    size_t open;
    bool ended;
};

struct errand {
    struct probe *probe;
    struct span sink;
};

static void say(void *context, const char *text)
{
    (void)context;
    fprintf(stderr, "%s\n", text);
}

static void leave_when_done(struct probe *probe)
{
    if (probe->ended && probe->open == 0)
        sd_event_exit(probe->event, 0);
}

static void on_done(void *context, int error, struct span detail)
{
    struct errand *errand = context;
    printf("%.*s %s %.*s\n", (int)errand->sink.size, errand->sink.at, error ? strerrorname_np(-error) : "0",
           (int)detail.size, detail.size ? detail.at : "");
    fflush(stdout);
    errand->probe->open--;
    leave_when_done(errand->probe);
    free(errand);
}

static void send_line(struct probe *probe, struct span line)
{
    size_t gap = span_find(line, SPAN(" "), 0);
    for (size_t i = 0; i < probe->config.sink_count; i++) {
        if (!span_equal(probe->config.sinks[i].name, span_cut(line, 0, gap)))
            continue;
        struct errand *errand = malloc(sizeof(*errand));
        *errand = (struct errand){probe, probe->config.sinks[i].name};
        probe->open++;
        if (courier_send(probe->courier, i, span_cut(line, gap + 1, line.size), on_done, errand) < 0)
            abort();
        return;
    }
    fprintf(stderr, "no sink %.*s\n", (int)gap, line.at);
}

static int on_input(sd_event_source *source, int fd, uint32_t events, void *context)
{
    (void)events;
    struct probe *probe = context;
    char bytes[65536];
    ssize_t got = read(fd, bytes, sizeof(bytes));
    if (got <= 0) {
        probe->ended = true;
        sd_event_source_set_enabled(source, SD_EVENT_OFF);
        leave_when_done(probe);
        return 0;
    }
    buf_add(&probe->input, bytes, (size_t)got);
    size_t done = 0, end;
    while ((end = span_find(buf_span(&probe->input), SPAN("\n"), done)) < probe->input.size) {
        send_line(probe, span_cut(buf_span(&probe->input), done, end));
        done = end + 1;
    }
    memmove(probe->input.at, probe->input.at + done, probe->input.size - done);
    probe->input.size -= done;
    return 0;
}

int main(int argc, char **argv)
{
    struct probe probe = {.input = buf_new(INPUT_BYTES)};
    struct helpers *helpers = NULL;
    struct helpers_settings settings = {.fetches = 1, .jobs = 1, .note = say};
    signal(SIGPIPE, SIG_IGN);
    if (argc != 2 || config_read(argv[1], say, NULL, &probe.config) < 0 || sd_event_new(&probe.event) < 0)
        return 2;
    settings.event = probe.event;
    if (helpers_new(&settings, &helpers) < 0 ||
        courier_new(probe.event, helpers, probe.config.sinks, probe.config.sink_count, &probe.courier) < 0 ||
        sd_event_add_io(probe.event, NULL, STDIN_FILENO, EPOLLIN, on_input, &probe) < 0)
        return 3;
    puts("ready");
    fflush(stdout);
    int result = sd_event_loop(probe.event);
    courier_free(probe.courier);
    helpers_free(helpers);
    sd_event_unref(probe.event);
    config_free(&probe.config);
    buf_free(&probe.input);
    return result < 0 ? 3 : 0;
}
