/* See hook_child.h. */
#include "watch/hook_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { EXIT_NOT_RUN = 127, LAST_SIGNAL = 64 };

/* In the child. The supervisor ignores some signals and blocks others; a program expects neither. */
static void reset_signals(void)
{
    sigset_t none;
    for (int i = 1; i <= LAST_SIGNAL; i++)
        signal(i, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become(char *const argv[], char *const environment[], int input, int output)
{
    setpgid(0, 0);
    reset_signals();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0 ||
        chdir("/") < 0)
        _exit(EXIT_NOT_RUN);
    close_range(STDERR_FILENO + 1, ~0u, 0);
    execve(argv[0], argv, environment);
    dprintf(STDERR_FILENO, "%s cannot be run: %s", argv[0], strerror(errno));
    _exit(EXIT_NOT_RUN);
}

static int open_pidfd(pid_t pid)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    return fd < 0 ? -errno : fd;
}

int hook_child_start(char *const argv[], char *const environment[], int input, struct hook_child *ret_child)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    pid_t pid = fork();
    int error = errno;
    if (pid == 0)
        become(argv, environment, input, ends[1]);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return -error;
    }
    setpgid(pid, pid); /* whoever comes first, so that the group is there before anybody ends it */
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *ret_child = (struct hook_child){.pid = pid, .pidfd = open_pidfd(pid), .output = ends[0]};
    return 0;
}
