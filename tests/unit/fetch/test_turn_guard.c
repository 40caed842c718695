/* A connection that keeps one turn busy for ever is shut; one that is read turn by turn, and one that is
 * quiet, are not. */
#include "pipeline/fetch/turn_guard.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TICKS = 3, PIECE = 65536 };

struct pair {
    int ours, theirs;
};

static struct pair connect_pair(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    struct pair pair;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    pair.theirs = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(pair.theirs, (struct sockaddr *)&address, sizeof(address)), 0);
    pair.ours = accept(listener, NULL, NULL);
    assert_true(pair.ours >= 0);
    close(listener);
    return pair;
}

/* A process that sends without end. */
static pid_t flood(const struct pair *pair)
{
    pid_t pid = fork();
    if (pid)
        return pid;
    static const char nothing[PIECE];
    close(pair->ours);
    while (send(pair->theirs, nothing, sizeof(nothing), MSG_NOSIGNAL) > 0)
        continue;
    _exit(0);
}

static uint64_t ticks(void)
{
    return (uint64_t)clock() / (CLOCKS_PER_SEC / 1000) / TURN_GUARD_TICK_MS;
}

/* Reads for so many ticks of processor time; false when the connection ended. */
static bool read_on(int fd, bool turns, uint64_t until)
{
    static char bytes[PIECE];
    while (ticks() < until) {
        if (turns)
            turn_guard_turn();
        ssize_t got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            return false;
    }
    return true;
}

static void a_turn_without_end_is_ended(void **state)
{
    (void)state;
    struct pair busy = connect_pair(), quiet = connect_pair();
    pid_t pid = flood(&busy);
    close(busy.theirs);
    turn_guard_add(quiet.ours);
    turn_guard_add(busy.ours);
    assert_int_equal(turn_guard_start(), 0);
    assert_true(read_on(busy.ours, true, ticks() + TICKS));
    assert_false(read_on(busy.ours, false, ticks() + 100 * TICKS));
    char byte = 'x';
    assert_int_equal(send(quiet.theirs, &byte, 1, MSG_NOSIGNAL), 1);
    assert_int_equal(recv(quiet.ours, &byte, 1, 0), 1);
    turn_guard_remove(busy.ours);
    turn_guard_remove(quiet.ours);
    close(busy.ours);
    close(quiet.ours);
    close(quiet.theirs);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_turn_without_end_is_ended)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
