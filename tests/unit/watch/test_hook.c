/* Hooks as operators write them, the bad ones too: failing, hanging, forking, flooding, deaf to SIGTERM. */
#include "base/buf.h"
#include "watch/hook.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOTICE                                                                                               \
    "{\"id\": \"v1-7\", \"kind\": \"incident-confirmed\", \"at\": \"2022-01-14T02:13:05Z\", \"severity\": "  \
    "\"critical\", \"summary\": \"$(touch /tmp/no); `x`\", \"incident\": {\"id\": 17, \"verdict\": "         \
    "\"defaced\"}, \"page\": {\"url\": \"https://mfa.example/\"}}"

struct ending {
    struct scene *scene;
    int error;
    char detail[8192];
    bool done;
};

struct scene {
    sd_event *event;
    struct hooks *hooks;
    size_t open;
    char folder[64];
};

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    strcpy(scene->folder, "/tmp/varta-hook.XXXXXX");
    assert_non_null(mkdtemp(scene->folder));
    assert_true(sd_event_new(&scene->event) >= 0);
    assert_int_equal(hook_open(scene->event, &scene->hooks), 0);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    char command[128];
    hook_close(scene->hooks);
    sd_event_unref(scene->event);
    snprintf(command, sizeof(command), "rm -r %s", scene->folder);
    assert_int_equal(system(command), 0);
    free(scene);
    return 0;
}

static void on_done(void *context, int error, struct span detail)
{
    struct ending *ending = context;
    assert_false(ending->done);
    ending->error = error;
    ending->done = true;
    snprintf(ending->detail, sizeof(ending->detail), "%.*s", (int)detail.size, detail.size ? detail.at : "");
    ending->scene->open--;
}

static void order(struct scene *scene, const char *script, const char *json, uint32_t timeout_ms,
                  struct ending *ret_ending)
{
    struct span argv[] = {SPAN("/bin/sh"), SPAN("-c"), span_of(script), SPAN("hook"), span_of(scene->folder)};
    struct hook_order order = {argv, 5, span_of(json), timeout_ms};
    *ret_ending = (struct ending){.scene = scene};
    scene->open++;
    assert_int_equal(hook_run(scene->hooks, &order, on_done, ret_ending), 0);
    assert_false(ret_ending->done);
}

static void finish_all(struct scene *scene)
{
    while (scene->open)
        assert_true(sd_event_run(scene->event, UINT64_MAX) >= 0);
}

static struct ending run(void **state, const char *script, uint32_t timeout_ms)
{
    struct ending ending;
    order(*state, script, NOTICE, timeout_ms, &ending);
    finish_all(*state);
    return ending;
}

static size_t open_descriptors(void)
{
    size_t count = 0;
    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void test_run__gets_the_notice_and_nothing_else(void **state)
{
    signal(SIGPIPE, SIG_IGN);
    /* Of the ignored signals the first 28: the C library's own cannot be set by anybody. */
    struct ending ending = run(state,
                               "cat >$1/in; env | sort >$1/env; echo $(ls /proc/self/fd);"
                               " sed -n 's/^SigIgn:.*\\(.......\\)$/\\1/p' /proc/$$/status; pwd",
                               5000);
    signal(SIGPIPE, SIG_DFL);
    struct scene *scene = *state;
    char command[600];
    assert_int_equal(ending.error, 0);
    assert_string_equal(ending.detail, "0 1 2 3 0000000 /");
    snprintf(command, sizeof(command), "cd %s && [ \"$(cat in)\" = '" NOTICE "' ]", scene->folder);
    assert_int_equal(system(command), 0);
    snprintf(
        command, sizeof(command),
        "cd %s && [ \"$(grep -v -e ^_= -e ^PWD= -e ^SHLVL= -e ^OLDPWD= env | tr '\\n' ' ')\" = "
        "'LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin VARTA_INCIDENT=17 "
        "VARTA_KIND=incident-confirmed VARTA_NOTICE_ID=v1-7 VARTA_SEVERITY=critical VARTA_VERDICT=defaced ' "
        "]",
        scene->folder);
    assert_int_equal(system(command), 0);
}

static void test_run__failure_is_told_with_its_words(void **state)
{
    struct ending ending = run(state, "echo cannot page; printf '\\033[2J\\n' >&2; exit 3", 5000);
    assert_int_equal(ending.error, -EIO);
    assert_string_equal(ending.detail, "exit code 3: cannot page  [2J");
    ending = run(state, "kill -9 $$", 5000);
    assert_int_equal(ending.error, -EIO);
    assert_string_equal(ending.detail, "ended by signal 9 (Killed)");
}

static void test_run__what_cannot_be_run_is_told(void **state)
{
    struct scene *scene = *state;
    struct span argv[] = {SPAN("/nonexistent/hook")};
    struct hook_order order = {argv, 1, SPAN(NOTICE), 1000};
    struct ending ending = {.scene = scene};
    scene->open = 1;
    assert_int_equal(hook_run(scene->hooks, &order, on_done, &ending), 0);
    finish_all(scene);
    assert_int_equal(ending.error, -EIO);
    assert_string_equal(ending.detail,
                        "exit code 127: /nonexistent/hook cannot be run: No such file or directory");
}

static void test_run__what_is_no_notice_runs_nothing(void **state)
{
    struct scene *scene = *state;
    struct ending ending;
    order(scene, "touch $1/ran", "{\"id\": \"x\"}", 1000, &ending);
    finish_all(scene);
    assert_int_equal(ending.error, -EBADMSG);
    char path[128];
    snprintf(path, sizeof(path), "%s/ran", scene->folder);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void test_run__hanging_is_ended(void **state)
{
    struct ending ending = run(state, "echo waiting; exec sleep 60", 300);
    assert_int_equal(ending.error, -ETIMEDOUT);
    assert_non_null(strstr(ending.detail, "waiting"));
}

static void test_run__deaf_to_sigterm_is_killed(void **state)
{
    struct ending ending = run(state, "trap '' TERM; while :; do sleep 1; done", 300);
    assert_int_equal(ending.error, -ETIMEDOUT);
}

/* Children that were left behind die with the group; one that left the group and holds the output holds
 * nobody up. */
static void test_run__children_end_with_it(void **state)
{
    struct scene *scene = *state;
    struct ending ending = run(state, "sleep 61 & echo $! >$1/child; setsid sleep 3 & exit 0", 5000);
    char command[256];
    assert_int_equal(ending.error, 0);
    snprintf(command, sizeof(command),
             "p=$(cat %s/child); for i in 1 2 3 4 5 6 7 8 9; do grep -qs '^State:.[^Z]' /proc/$p/status || "
             "exit 0; "
             "sleep 0.1; done; exit 1",
             scene->folder);
    assert_int_equal(system(command), 0);
}

static void test_run__a_flood_is_drained_and_cut(void **state)
{
    struct ending ending = run(state, "head -c 20000000 /dev/zero | tr '\\0' x; exit 0", 20000);
    assert_int_equal(ending.error, 0);
    assert_int_equal(strlen(ending.detail), HOOK_DETAIL_BYTES);
}

static void test_run__four_at_once_and_none_lost(void **state)
{
    struct scene *scene = *state;
    enum { HOOKS = 20 };
    static struct ending endings[HOOKS];
    run(state, "exit 0", 5000); /* the event loop opens its timer with the first of them */
    size_t before = open_descriptors();
    for (size_t i = 0; i < HOOKS; i++)
        order(scene, "touch $1/run.$$; ls $1 | grep -c run; sleep 0.05; rm $1/run.$$", NOTICE, 5000,
              &endings[i]);
    finish_all(scene);
    for (size_t i = 0; i < HOOKS; i++) {
        assert_int_equal(endings[i].error, 0);
        assert_in_range(atoi(endings[i].detail), 1, HOOK_AT_ONCE);
    }
    assert_int_equal(open_descriptors(), before);
}

static void test_close__ends_what_runs(void **state)
{
    struct scene *scene = *state;
    struct ending endings[6];
    char command[256];
    for (size_t i = 0; i < 6; i++)
        order(scene, "echo $$ >$1/pid.$$; sleep 62", NOTICE, 60000, &endings[i]);
    snprintf(command, sizeof(command), "[ $(ls %s | wc -l) = 4 ]", scene->folder);
    do
        sd_event_run(scene->event, 10000);
    while (system(command) != 0);
    hook_close(scene->hooks);
    assert_int_equal(hook_open(scene->event, &scene->hooks), 0);
    snprintf(command, sizeof(command), "cd %s && for p in pid.*; do [ ! -e /proc/${p#pid.} ] || exit 1; done",
             scene->folder);
    assert_int_equal(system(command), 0);
    for (size_t i = 0; i < 6; i++)
        assert_false(endings[i].done);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_run__gets_the_notice_and_nothing_else),
        CASE(test_run__failure_is_told_with_its_words),
        CASE(test_run__what_cannot_be_run_is_told),
        CASE(test_run__what_is_no_notice_runs_nothing),
        CASE(test_run__hanging_is_ended),
        CASE(test_run__deaf_to_sigterm_is_killed),
        CASE(test_run__children_end_with_it),
        CASE(test_run__a_flood_is_drained_and_cut),
        CASE(test_run__four_at_once_and_none_lost),
        CASE(test_close__ends_what_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
