/* The control socket, and what may be in its way. */
#include "watch/control.h"

#include "os/clock.h"
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void on_request(void *context, const json_t *request, const char *user, struct buf *reply)
{
    (void)context;
    (void)request;
    (void)user;
    (void)reply;
}

static void somebodys_file_is_left_alone(void **state)
{
    (void)state;
    char path[64];
    struct stat status;
    sd_event *event = NULL;
    struct control *control = NULL, *other = NULL;
    assert_true(sd_event_new(&event) >= 0);
    snprintf(path, sizeof(path), "/tmp/varta-control-%d", (int)getpid());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_true(control_open(event, path, on_request, NULL, &control) < 0);
    assert_int_equal(stat(path, &status), 0);
    assert_true(S_ISREG(status.st_mode));
    unlink(path);
    assert_int_equal(control_open(event, path, on_request, NULL, &control), 0);
    assert_true(control_open(event, path, on_request, NULL, &other) < 0);
    assert_int_equal(lstat(path, &status), 0);
    control_close(control);
    sd_event_unref(event);
    unlink(path);
}

static bool on_knock(void *context, pid_t pid)
{
    *(pid_t *)context = pid;
    return false;
}

/* What came back of a request; -1 for a connection that was closed. */
static ssize_t answer_of(sd_event *event, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char reply[64];
    ssize_t got = -1;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    (void)!send(fd, "{}\n", 3, MSG_NOSIGNAL);
    for (int i = 0; i < 20 && got < 0; i++) {
        sd_event_run(event, 10000);
        got = recv(fd, reply, sizeof(reply), 0);
    }
    close(fd);
    return got;
}

static void who_is_refused_is_not_heard(void **state)
{
    char path[64];
    sd_event *event = NULL;
    struct control *control = NULL;
    pid_t knocked = 0;
    (void)state;
    assert_true(sd_event_new(&event) >= 0);
    snprintf(path, sizeof(path), "/tmp/varta-control-guard-%d", (int)getpid());
    assert_int_equal(control_open(event, path, on_request, NULL, &control), 0);
    assert_int_equal(answer_of(event, path), 1); /* the empty line that ends an answer */
    control_guard(control, on_knock, &knocked);
    assert_true(answer_of(event, path) <= 0);
    assert_int_equal(knocked, getpid());
    control_close(control);
    sd_event_unref(event);
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void who_is_mute_keeps_nobody_out(void **state)
{
    char path[64], reply[64];
    int mute[CONTROL_PEERS];
    sd_event *event = NULL;
    struct control *control = NULL;
    (void)state;
    assert_true(sd_event_new(&event) >= 0);
    snprintf(path, sizeof(path), "/tmp/varta-control-mute-%d", (int)getpid());
    assert_int_equal(control_open(event, path, on_request, NULL, &control), 0);
    for (int i = 0; i < CONTROL_PEERS; i++) {
        mute[i] = connect_to(path);
        sd_event_run(event, 100000);
    }
    int fd = connect_to(path);
    ssize_t got = -1;
    assert_int_equal(send(fd, "{}\n", 3, MSG_NOSIGNAL), 3);
    int64_t end_ms = clock_steady_ms() + CONTROL_IDLE_S * 1000 / 2; /* long before the mute ones would go */
    while (got < 0 && clock_steady_ms() < end_ms) {
        sd_event_run(event, 50000);
        got = recv(fd, reply, sizeof(reply), 0);
    }
    assert_int_equal(got, 1);
    close(fd);
    for (int i = 0; i < CONTROL_PEERS; i++)
        close(mute[i]);
    control_close(control);
    sd_event_unref(event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(somebodys_file_is_left_alone),
                                       cmocka_unit_test(who_is_mute_keeps_nobody_out),
                                       cmocka_unit_test(who_is_refused_is_not_heard)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
