/* The control socket, and what may be in its way. */
#include "watch/control.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <sys/stat.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(somebodys_file_is_left_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
