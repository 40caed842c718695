/*
 * What a parser that was taken over would try, each by the bare system call, so that no library's own check
 * stands in the way. The cage alone must refuse.
 */
#include "forbidden_acts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

pid_t forbidden_acts_victim;

static const char passwd[] = "/etc/passwd";

static long try_open(void)
{
#ifdef SYS_open
    return syscall(SYS_open, passwd, O_RDONLY, 0);
#else
    return syscall(SYS_openat, AT_FDCWD, passwd, O_RDONLY, 0);
#endif
}

static long try_openat(void)
{
    return syscall(SYS_openat, AT_FDCWD, passwd, O_RDONLY, 0);
}

static long try_openat2(void)
{
    uint64_t how[3] = {O_RDONLY, 0, 0};
    return syscall(SYS_openat2, AT_FDCWD, passwd, how, sizeof(how));
}

static long try_create(void)
{
    return syscall(SYS_openat, AT_FDCWD, "/tmp/varta-planted", O_WRONLY | O_CREAT, 0600);
}

static long try_socket(void)
{
    return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
}

static long try_local_socket(void)
{
    return syscall(SYS_socket, AF_UNIX, SOCK_DGRAM, 0);
}

static long try_socketpair(void)
{
    int ends[2];
    return syscall(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, ends);
}

static long try_connect(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
    return syscall(SYS_connect, 4, &address, sizeof(address));
}

static long try_execve(void)
{
    static char name[] = "/bin/true";
    char *const arguments[] = {name, NULL};
    return syscall(SYS_execve, name, arguments, arguments + 1);
}

static long try_execveat(void)
{
    static char name[] = "/bin/true";
    char *const arguments[] = {name, NULL};
    return syscall(SYS_execveat, AT_FDCWD, name, arguments, arguments + 1, 0);
}

static long gone_if_child(long pid)
{
    if (pid == 0)
        _exit(0);
    return pid;
}

static long try_fork(void)
{
#ifdef SYS_fork
    return gone_if_child(syscall(SYS_fork));
#else
    return gone_if_child(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
#endif
}

static long try_clone(void)
{
    return gone_if_child(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

static long try_clone_namespace(void)
{
    return gone_if_child(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}

static long try_clone3(void)
{
    struct clone_args arguments = {.exit_signal = SIGCHLD};
    return gone_if_child(syscall(SYS_clone3, &arguments, sizeof(arguments)));
}

static long try_ptrace(void)
{
    return syscall(SYS_ptrace, PTRACE_ATTACH, 1, 0, 0);
}

static long try_kill(void)
{
    return syscall(SYS_kill, -1, 0);
}

static long try_tgkill(void)
{
    return syscall(SYS_tgkill, 1, 1, 0);
}

/* The kernel is asked to signal another process whenever a descriptor of ours becomes readable. */
static long try_signal_by_descriptor(void)
{
    return syscall(SYS_fcntl, 0, F_SETOWN, 1);
}

static long try_mmap_exec(void)
{
    return syscall(SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void *page(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static long try_mprotect_exec(void)
{
    return syscall(SYS_mprotect, page(), 4096, PROT_READ | PROT_EXEC);
}

static long try_pkey_mprotect(void)
{
    return syscall(SYS_pkey_mprotect, page(), 4096, PROT_READ | PROT_EXEC, -1);
}

static long try_personality(void)
{
    return syscall(SYS_personality, 0x0400000); /* READ_IMPLIES_EXEC */
}

static long try_memory_of_another(void)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/mem",
             (int)(forbidden_acts_victim ? forbidden_acts_victim : getpid() - 1));
    return syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0);
}

/* The memory file that holds the page of another job, by the only name it has. */
static long try_memfd_of_another_job(void)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/fd/4",
             (int)(forbidden_acts_victim ? forbidden_acts_victim : getpid() - 1));
    return syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0);
}

static long try_pidfd_open(void)
{
    return syscall(SYS_pidfd_open, 1, 0);
}

static long try_pidfd_getfd(void)
{
    return syscall(SYS_pidfd_getfd, 4, 4, 0);
}

static long try_process_vm_readv(void)
{
    return syscall(SYS_process_vm_readv, 1, 0, 0, 0, 0, 0);
}

static long try_receive(void)
{
    struct msghdr datagram = {0};
    return syscall(SYS_recvmsg, 4, &datagram, MSG_DONTWAIT);
}

static long try_io_uring(void)
{
    char parameters[128] = {0};
    return syscall(SYS_io_uring_setup, 1, parameters);
}

static long try_userfaultfd(void)
{
    return syscall(SYS_userfaultfd, 1);
}

static long try_keyctl(void)
{
    return syscall(SYS_keyctl, 0, -3, 0, 0, 0);
}

static long try_add_key(void)
{
    return syscall(SYS_add_key, "user", "varta", "x", 1, -3);
}

static long try_bpf(void)
{
    return syscall(SYS_bpf, 0, 0, 0);
}

static long try_perf(void)
{
    char attributes[128] = {0};
    return syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0);
}

static long try_unshare(void)
{
    return syscall(SYS_unshare, CLONE_NEWUSER);
}

static long try_mount(void)
{
    return syscall(SYS_mount, "none", "/mnt", "tmpfs", 0, 0);
}

static long try_chroot(void)
{
    return syscall(SYS_chroot, "/");
}

static long try_prctl(void)
{
    return syscall(SYS_prctl, 4, 1, 0, 0, 0); /* dumpable again */
}

static long try_more_limits(void)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return syscall(SYS_setrlimit, RLIMIT_AS, &limit);
}

static long try_prlimit_of_another(void)
{
    struct rlimit limit;
    return syscall(SYS_prlimit64, 1, RLIMIT_AS, 0, &limit);
}

static long try_setuid(void)
{
    return syscall(SYS_setuid, 0);
}

static long try_ioctl(void)
{
    return syscall(SYS_ioctl, 0, 0x5412, "x"); /* TIOCSTI: type into the operator's terminal */
}

static long try_unlink(void)
{
    return syscall(SYS_unlinkat, AT_FDCWD, "/tmp/varta-planted", 0);
}

static long try_list(void)
{
    char entries[256];
    return syscall(SYS_getdents64, 0, entries, sizeof(entries));
}

static long try_sleep(void)
{
    struct timespec while_ = {3600, 0};
    return syscall(SYS_nanosleep, &while_, 0);
}

/* ---- what the limits refuse ---- */

static long try_much_memory(void)
{
    return mmap(NULL, 1u << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1
                                                                                                          : 0;
}

static long try_many_files(void)
{
    for (int i = 0; i < 64; i++)
        if (memfd_create("more", 0) < 0)
            return -1;
    return 0;
}

static long try_large_file(void)
{
    int fd = memfd_create("large", 0);
    return ftruncate(fd, (off_t)1 << 40);
}

/* Descriptors beside those of its own job: 0 to 2 lead to /dev/null, one is its input, one its answer. */
static long try_other_descriptors(void)
{
    int own = 0;
    for (int fd = 3; fd < 1024; fd++)
        own += fcntl(fd, F_GET_SEALS) >= 0 || errno == EINVAL;
    errno = EPERM;
    return own == 2 ? -1 : own;
}

/* Forges a line of the supervisor's on what both may once have shared, and goes on without end. */
static long try_shout(void)
{
    static const char words[] = "\033[2J\033[1;1H\rvarta: \xe2\x80\xae nothing to see here\n";
    long result = 0;
    for (int i = 0; i < 100000; i++)
        result = write(STDERR_FILENO, words, sizeof(words) - 1);
    return result;
}

/* clang-format off */
#define ACT(name)   {#name, try_##name, false}
#define LIMIT(name) {#name, try_##name, true}
#define WORDS(name) {#name, try_##name, true} /* only where standard error leads to the supervisor */
/* clang-format on */

const struct forbidden_act forbidden_acts[] = {
    ACT(open),
    ACT(openat),
    ACT(openat2),
    ACT(create),
    ACT(socket),
    ACT(local_socket),
    ACT(socketpair),
    ACT(connect),
    ACT(execve),
    ACT(execveat),
    ACT(fork),
    ACT(clone),
    ACT(clone_namespace),
    ACT(clone3),
    ACT(ptrace),
    ACT(kill),
    ACT(tgkill),
    ACT(signal_by_descriptor),
    ACT(mmap_exec),
    ACT(mprotect_exec),
    ACT(pkey_mprotect),
    ACT(personality),
    ACT(memory_of_another),
    ACT(memfd_of_another_job),
    ACT(pidfd_open),
    ACT(pidfd_getfd),
    ACT(process_vm_readv),
    ACT(receive),
    ACT(io_uring),
    ACT(userfaultfd),
    ACT(keyctl),
    ACT(add_key),
    ACT(bpf),
    ACT(perf),
    ACT(unshare),
    ACT(mount),
    ACT(chroot),
    ACT(prctl),
    ACT(more_limits),
    ACT(prlimit_of_another),
    ACT(setuid),
    ACT(ioctl),
    ACT(unlink),
    ACT(list),
    LIMIT(sleep),
    LIMIT(much_memory),
    LIMIT(many_files),
    LIMIT(large_file),
    LIMIT(other_descriptors),
    WORDS(shout),
};
const unsigned forbidden_act_count = sizeof(forbidden_acts) / sizeof(forbidden_acts[0]);
