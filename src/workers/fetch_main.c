/* varta-fetch: the only process with open network access. It holds no files and no store, and passes bodies
 * on unread. */
#include "os/heap.h"
#include "os/memfile.h"
#include "os/sandbox.h"
#include "os/spawn.h"
#include "pipeline/fetch/fetch.h"
#include "wire/message.h"
#include "wire/records.h"
#include "workers/template.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { IDLE_WAIT_MS = 1000, HEAP_BYTES = 1 << 20, CAPTURE_BYTES = 2 << 20, ORDER_BYTES = 64 << 10 };

static void send_back(uint64_t job, struct span payload, int body)
{
    if (message_send(SPAWN_CHANNEL, MESSAGE_FETCHED, job, payload, &body, body >= 0 ? 1 : 0) < 0)
        _exit(EXIT_FAILURE); /* the supervisor is gone */
}

static void on_done(void *context, uint64_t job, struct capture *capture, struct span body)
{
    (void)context;
    buf_auto payload = buf_new(CAPTURE_BYTES);
    int fd = -1;
    if (body.size) {
        fd = memfile_new("body", body);
        if (fd < 0)
            capture->outcome = OUTCOME_NO_MEMORY;
    }
    capture_put(&payload, capture);
    send_back(job, buf_span(&payload), fd);
    if (fd >= 0)
        close(fd);
    capture_free(capture);
}

static bool take_order(struct fetcher *fetcher)
{
    struct message message;
    int result = message_receive(SPAWN_CHANNEL, &message);
    if (result <= 0)
        return false;
    struct fetch_order order;
    arena_auto arena = arena_new(ORDER_BYTES);
    bool good = message.type == MESSAGE_FETCH && fetch_order_get(message.payload, &arena, &order);
    if (good)
        fetcher_start(fetcher, message.job, &order);
    message_free(&message);
    return good;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN);
    heap_keep(HEAP_BYTES);
    struct fetcher *fetcher;
    if (fetcher_new(getenv("SSL_CERT_FILE"), on_done, NULL, &fetcher) < 0)
        return EXIT_FAILURE;
    int layers = sandbox_network(template_level(argc, argv), false, getenv("SSL_CERT_FILE"));
    if (layers < 0)
        return EXIT_FAILURE;
    buf_auto ready = buf_new(64);
    put_u32(&ready, (uint32_t)layers);
    put_span(&ready, (struct span){NULL, 0});
    if (message_send(SPAWN_CHANNEL, MESSAGE_READY, 0, buf_span(&ready), NULL, 0) < 0)
        return EXIT_FAILURE;
    for (;;) {
        bool readable;
        fetcher_turn(fetcher, SPAWN_CHANNEL, IDLE_WAIT_MS, &readable);
        if (readable && !take_order(fetcher))
            break;
    }
    fetcher_free(fetcher);
    return EXIT_SUCCESS;
}
