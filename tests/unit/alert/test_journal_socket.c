/* The journal's native protocol as the socket's other end reads it: where journald cannot run, this still
 * does. */
#include "pipeline/alert/alert.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char json[] =
    "{\"id\": \"t\", \"kind\": \"test\", \"at\": \"2022-01-14T02:13:05Z\", \"severity\": \"info\", "
    "\"summary\": \"one\\nPRIORITY=0\"}";

static void test_journal__one_datagram_a_notice(void **state)
{
    (void)state;
    char folder[] = "/tmp/varta-journal.XXXXXX", got[4096];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct buf detail = buf_new(4096);
    struct notice notice;
    struct way *way;
    const char *why;
    assert_non_null(mkdtemp(folder));
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", folder);
    struct sink_order order = {.way = WAY_JOURNAL, .target = span_of(address.sun_path), .timeout_ms = 1000};
    assert_int_equal(notice_parse(span_of(json), &notice, &why), 0);
    assert_int_equal(way_open(&order, &way, &detail), 0);
    assert_int_equal(way_send(way, &notice, SPAN(""), &detail), -ENOENT);
    for (int i = 0; i < 2; i++) { /* the second time as after a restart of the journal */
        int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
        assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
        assert_int_equal(way_send(way, &notice, SPAN(""), &detail), 0);
        ssize_t size = recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT);
        assert_true(size > 0);
        got[size] = '\0';
        assert_string_equal(
            got, "MESSAGE=one PRIORITY=0\nMESSAGE_ID=b879e9030ead4bc69d7cee3a5fcfda94\nPRIORITY=6\n"
                 "SYSLOG_IDENTIFIER=varta\nSYSLOG_FACILITY=3\nVARTA_NOTICE_ID=t\nVARTA_KIND=test\n"
                 "VARTA_AT=2022-01-14T02:13:05Z\n");
        close(fd);
        unlink(address.sun_path);
    }
    assert_int_equal(way_send(way, &notice, SPAN(""), &detail), -ENOENT);
    way_close(way);
    notice_free(&notice);
    buf_free(&detail);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_journal__one_datagram_a_notice)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
