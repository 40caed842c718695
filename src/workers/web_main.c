/*
 * varta-web: shows in a browser what the watch keeps. It is told once where that is and which socket to
 * serve, reads the token, and locks itself in before it looks at a request: it accepts on that socket, opens
 * none, reads the store and the evidence, and writes nowhere. What a person wants changed it asks of the
 * supervisor.
 */
#include "os/sandbox.h"
#include "os/spawn.h"
#include "web/web_server.h"
#include "wire/message.h"
#include "workers/roles.h"
#include "workers/template.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool take_order(struct web *web, int *ret_listener, struct buf *complaint)
{
    struct message message;
    if (message_receive(SPAWN_CHANNEL, &message) <= 0)
        return false;
    bool good = message.type == MESSAGE_WEB && message.fd_count == 1 &&
                web_open(message.payload, web, complaint) == 0;
    *ret_listener = good ? message_take_fd(&message, 0) : -1;
    message_free(&message);
    return good;
}

static void use_zone(struct span zone)
{
    if (zone.size)
        setenv("TZ", zone.at, 1);
    tzset();
}

static const char *folder_of(struct span path, char ret_folder[PATH_MAX])
{
    snprintf(ret_folder, PATH_MAX, "%.*s", (int)path.size, path.at);
    char *slash = strrchr(ret_folder, '/');
    if (slash)
        slash[slash == ret_folder] = '\0';
    return ret_folder;
}

/* A cage knows only what is there when it is put on, and evidence comes later. */
static void make_folder(struct span path)
{
    if (path.size && mkdir(path.at, 0700) < 0 && errno != EEXIST)
        fprintf(stderr, "no report will be seen in %s: %s\n", path.at, strerror(errno));
}

/* The store's folder, for SQLite has files beside it that come and go. */
static bool lock_in(const struct web *web, enum sandbox_level level)
{
    char folder[PATH_MAX];
    make_folder(web->order.evidence);
    const char *const folders[] = {folder_of(web->order.store, folder), web->order.evidence.at,
                                   "/dev/urandom"};
    int layers = sandbox_memory(ROLE_WEB_MEMORY);
    if (layers == 0)
        layers = sandbox_serve(level, folders, sizeof(folders) / sizeof(folders[0]));
    if (layers & SANDBOX_NO_LANDLOCK)
        fputs("it runs without Landlock: this kernel has none\n", stderr);
    if (layers & SANDBOX_NO_SECCOMP)
        fputs("it runs without seccomp: it could not be set up here\n", stderr);
    return layers >= 0;
}

int main(int argc, char **argv)
{
    struct web web;
    struct web_server *server;
    int listener = -1;
    buf_auto complaint = buf_new(512);
    signal(SIGPIPE, SIG_IGN);
    if (!take_order(&web, &listener, &complaint))
        return EXIT_FAILURE;
    if (complaint.size)
        fprintf(stderr, "%s\n", buf_text(&complaint));
    use_zone(web.order.zone);
    if (web_server_new(listener, &web, &server) < 0 || !lock_in(&web, template_level(argc, argv)))
        return EXIT_FAILURE;
    fcntl(SPAWN_CHANNEL, F_SETFL, O_NONBLOCK);
    return web_server_run(server, SPAWN_CHANNEL);
}
