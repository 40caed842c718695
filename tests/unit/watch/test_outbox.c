/* The outbox with more than fits into memory, with a sink that takes nothing, and without a store. */
#include "watch/outbox.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NOTICES = 5000, SINKS = 2 };

struct world {
    char path[64];
    struct store *store;
    struct outbox *outbox;
    uint64_t flying[SINKS];
    int seen[SINKS][NOTICES];
    int last[SINKS]; /* the newest that came; those about one thing come in order */
    int notice[SINKS];
    bool down[SINKS];
    int64_t now_s;
};

static const struct config_sink sinks[SINKS] = {{.name = {"dead", 4}}, {.name = {"well", 4}}};

static void on_say(void *context, const char *text)
{
    (void)context;
    (void)text;
}

static int on_send(void *context, size_t sink, struct span json, uint64_t ticket)
{
    struct world *world = context;
    world->flying[sink] = ticket;
    world->notice[sink] = atoi(json.at);
    return 0;
}

static void open_outbox(struct world *world)
{
    char error[STORE_ERROR_BYTES];
    assert_int_equal(store_open(world->path, STORE_CREATE, &world->store, error), 0);
    struct outbox_settings settings = {sinks, SINKS, world->store, on_send, on_say, world};
    assert_int_equal(outbox_new(&settings, &world->outbox), 0);
}

static void close_outbox(struct world *world)
{
    outbox_free(world->outbox);
    store_close(world->store);
}

static struct world *begin(void)
{
    struct world *world = calloc(1, sizeof(*world));
    snprintf(world->path, sizeof(world->path), "/tmp/varta-outbox-%d.db", (int)getpid());
    world->now_s = 1000000;
    open_outbox(world);
    return world;
}

static void end(struct world *world)
{
    close_outbox(world);
    for (const char *const *tail = (const char *const[]){"", "-wal", "-shm", NULL}; *tail; tail++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", world->path, *tail);
        unlink(path);
    }
    free(world);
}

static void save(struct world *world)
{
    assert_int_equal(store_begin(world->store), 0);
    assert_int_equal(outbox_save(world->outbox), 0);
    assert_int_equal(store_commit(world->store), 0);
    outbox_saved(world->outbox, true);
}

static void put(struct world *world, int number, const char *about)
{
    char json[16];
    struct teller_notice notice = {.json = json, .urgency = 3};
    notice.size = (size_t)snprintf(json, sizeof(json), "%d", number);
    snprintf(notice.id, sizeof(notice.id), "n%d", number);
    snprintf(notice.about, sizeof(notice.about), "%s", about);
    assert_int_equal(outbox_put(world->outbox, &notice, UINT64_MAX, world->now_s), 0);
}

/* Lets the sinks answer until nothing is under way. */
static void deliver(struct world *world)
{
    bool moved = true;
    while (moved) {
        moved = false;
        outbox_turn(world->outbox, world->now_s);
        for (size_t i = 0; i < SINKS; i++) {
            uint64_t ticket = world->flying[i];
            if (!ticket)
                continue;
            world->flying[i] = 0;
            if (!world->down[i]) {
                world->seen[i][world->notice[i]]++;
                assert_true(world->notice[i] > world->last[i]);
                world->last[i] = world->notice[i];
            }
            outbox_sent(world->outbox, ticket, world->down[i] ? -ECONNREFUSED : 0, SPAN("refused"),
                        world->now_s);
            moved = true;
        }
    }
    save(world);
}

static void a_dead_sink_keeps_nothing_from_the_others(void **state)
{
    (void)state;
    struct world *world = begin();
    world->last[0] = world->last[1] = -1;
    world->down[0] = true;
    for (int i = 0; i < NOTICES - 100; i++) {
        put(world, i, "c1");
        if (i % 50 == 0) {
            save(world);
            deliver(world);
        }
    }
    save(world);
    deliver(world);
    for (int i = 0; i < NOTICES - 100; i++)
        assert_int_equal(world->seen[1][i], 1);
    close_outbox(world);
    open_outbox(world);
    world->down[0] = false;
    for (int i = NOTICES - 100; i < NOTICES; i++) { /* new ones come while old ones are read from the store */
        world->now_s += 400;
        put(world, i, "c1");
        save(world);
        deliver(world);
    }
    for (int i = 0; i < NOTICES; i++) {
        assert_int_equal(world->seen[0][i], 1);
        assert_int_equal(world->seen[1][i], 1);
    }
    end(world);
}

static void told_without_a_store_is_done_with(void **state)
{
    (void)state;
    struct world *world = begin();
    world->last[0] = world->last[1] = -1;
    put(world, 1, "i1");
    outbox_saved(world->outbox, false);
    outbox_turn(world->outbox, world->now_s);
    for (size_t i = 0; i < SINKS; i++)
        outbox_sent(world->outbox, world->flying[i], 0, SPAN(""), world->now_s);
    save(world);
    assert_false(outbox_is_dirty(world->outbox));
    end(world);
}

static void a_sink_that_is_gone_has_nothing_waiting(void **state)
{
    (void)state;
    struct world *world = begin();
    world->last[0] = world->last[1] = -1;
    put(world, 1, "i1");
    save(world);
    outbox_use(world->outbox, &sinks[1], 1, world->now_s);
    save(world);
    assert_int_equal(outbox_depth(world->outbox), 1);
    close_outbox(world);
    open_outbox(world);
    assert_int_equal(outbox_depth(world->outbox), 1);
    end(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_dead_sink_keeps_nothing_from_the_others),
                                       cmocka_unit_test(told_without_a_store_is_done_with),
                                       cmocka_unit_test(a_sink_that_is_gone_has_nothing_waiting)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
