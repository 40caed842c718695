/* See turn_guard.h. What a signal handler shares stands in variables of the file, each of them small enough
 * to be written at once. */
#include "pipeline/fetch/turn_guard.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

static volatile sig_atomic_t turn, turn_at_tick;
static volatile sig_atomic_t sockets[TURN_GUARD_SOCKETS]; /* descriptor plus one; 0 for none */
static uint64_t taken_in[TURN_GUARD_SOCKETS];             /* bytes, at the last tick; the handler's own */

static uint64_t bytes_in(int fd)
{
    struct tcp_info info;
    socklen_t size = sizeof(info);
    memset(&info, 0, sizeof(info));
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0 ||
        size < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof(info.tcpi_bytes_received))
        return 0;
    return info.tcpi_bytes_received;
}

/* Looks at every connection; gives the one that took most in since the last look, and how much. */
static int look(uint64_t *ret_most)
{
    int greedy = -1;
    *ret_most = 0;
    for (size_t i = 0; i < TURN_GUARD_SOCKETS; i++) {
        int fd = (int)sockets[i] - 1;
        uint64_t now = fd >= 0 ? bytes_in(fd) : 0;
        uint64_t more = now > taken_in[i] ? now - taken_in[i] : 0;
        taken_in[i] = now;
        if (more > *ret_most) {
            *ret_most = more;
            greedy = fd;
        }
    }
    return greedy;
}

static void on_tick(int signal)
{
    int error = errno;
    uint64_t most;
    (void)signal;
    int greedy = look(&most);
    if (turn == turn_at_tick && most >= TURN_GUARD_LEAST)
        shutdown(greedy, SHUT_RDWR);
    turn_at_tick = turn;
    errno = error;
}

int turn_guard_start(void)
{
    struct sigaction action = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
    struct itimerval every = {{0, TURN_GUARD_TICK_MS * 1000}, {0, TURN_GUARD_TICK_MS * 1000}};
    turn_guard_turn();
    return sigaction(SIGPROF, &action, NULL) < 0 || setitimer(ITIMER_PROF, &every, NULL) < 0 ? -errno : 0;
}

void turn_guard_turn(void)
{
    turn = (turn + 1) & 0x3FFFFFFF;
}

void turn_guard_add(int fd)
{
    for (size_t i = 0; i < TURN_GUARD_SOCKETS; i++)
        if (sockets[i] == 0) {
            sockets[i] = fd + 1;
            return;
        }
}

void turn_guard_remove(int fd)
{
    for (size_t i = 0; i < TURN_GUARD_SOCKETS; i++)
        if (sockets[i] == fd + 1)
            sockets[i] = 0;
}
