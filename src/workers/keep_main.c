/*
 * varta-keep: writes evidence. It gets a moment of an incident whole, makes an archive, a dossier and lines
 * of a chain of it, and forces them to the disk, so that the supervisor never waits for one. It reaches its
 * folder and nothing else: what it is given is a stranger's bytes, and it looks only at where the lines of
 * HTTP heads end.
 */
#include "base/utf8.h"
#include "os/clock.h"
#include "os/sandbox.h"
#include "os/spawn.h"
#include "pipeline/evidence/evidence.h"
#include "wire/message.h"
#include "wire/records.h"
#include "workers/roles.h"
#include "workers/template.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_MODE = 0750 };

struct archivist {
    const char *folder;
    struct evidence *evidence; /* NULL until it could be opened, which is tried with each order */
    enum sandbox_level level;
    bool locked;
};

static bool say_ready(int layers)
{
    buf_auto ready = buf_new(64);
    put_u32(&ready, (uint32_t)layers);
    put_span(&ready, (struct span){NULL, 0});
    return message_send(SPAWN_CHANNEL, MESSAGE_READY, 0, buf_span(&ready), NULL, 0) == 0;
}

/* Landlock takes folders that are there, so it is made first; until then nothing but its name was looked at.
 */
static int lock_in(struct archivist *archivist)
{
    if (archivist->locked)
        return 0;
    if (mkdir(archivist->folder, FOLDER_MODE) < 0 && errno != EEXIST)
        return -errno;
    int layers = sandbox_memory(ROLE_KEEP_MEMORY);
    if (layers == 0)
        layers = sandbox_folder(archivist->level, archivist->folder);
    if (layers < 0 || !say_ready(layers))
        exit(EXIT_FAILURE);
    archivist->locked = true;
    return 0;
}

static int ensure_open(struct archivist *archivist)
{
    int result = lock_in(archivist);
    if (result == 0 && !archivist->evidence)
        result = evidence_open(archivist->folder, clock_wall_s(), &archivist->evidence);
    return result;
}

static int keep(struct archivist *archivist, struct span payload, struct kept *ret_kept)
{
    struct keep_order order;
    arena_auto arena = arena_new(32 << 20);
    if (!keep_order_get(payload, &arena, &order))
        return -EBADMSG;
    int result = ensure_open(archivist);
    return result < 0 ? result : evidence_keep(archivist->evidence, &order, clock_wall_s(), ret_kept);
}

static int clear(struct archivist *archivist, struct span payload, struct kept *ret_kept)
{
    struct clear_order order;
    arena_auto arena = arena_new(4 << 20);
    if (!clear_order_get(payload, &arena, &order))
        return -EBADMSG;
    int result = ensure_open(archivist);
    return result < 0 ? result : evidence_clear(archivist->evidence, &order, false, clock_wall_s(), ret_kept);
}

static bool answer(const struct message *message, int result, struct kept *kept)
{
    buf_auto clean = buf_new(4 * EVIDENCE_DETAIL_BYTES);
    buf_auto payload = buf_new(16 * EVIDENCE_DETAIL_BYTES);
    utf8_add_clean(&clean, kept->detail);
    kept->error = (uint32_t)-result;
    kept->detail = buf_span(&clean);
    kept_put(&payload, kept);
    return message_send(SPAWN_CHANNEL, message->type + 1, message->job, buf_span(&payload), NULL, 0) == 0;
}

static bool take_order(struct archivist *archivist)
{
    struct message message;
    struct kept kept = {0};
    if (message_receive(SPAWN_CHANNEL, &message) <= 0)
        return false;
    int result = message.type == MESSAGE_KEEP    ? keep(archivist, message.payload, &kept)
                 : message.type == MESSAGE_CLEAR ? clear(archivist, message.payload, &kept)
                                                 : -EBADMSG;
    bool sent = answer(&message, result, &kept);
    message_free(&message);
    return sent;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    if (argc < 3)
        return EXIT_FAILURE;
    struct archivist archivist = {.folder = argv[2], .level = template_level(argc, argv)};
    while (take_order(&archivist))
        continue;
    evidence_close(archivist.evidence);
    return EXIT_SUCCESS;
}
