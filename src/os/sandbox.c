/* The cages of sandbox.h, layer by layer. */
#include "os/sandbox.h"

#include "os/names.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534, JOB_FILES = 8 };

/* AddressSanitizer reserves terabytes of addresses and, to report, opens files and starts threads: a build
 * with it runs uncaged. */
#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
#else
enum { SANITIZED = 0 };
#endif

const char *sandbox_level_name(enum sandbox_level level)
{
    static const char *const names[] = {"strict", "tolerant", "off"};
    return names[level];
}

int sandbox_level_parse(const char *name, enum sandbox_level *ret_level)
{
    for (int i = 0; i < 3; i++) {
        if (strcmp(name, sandbox_level_name((enum sandbox_level)i)) != 0)
            continue;
        *ret_level = (enum sandbox_level)i;
        return 0;
    }
    return -EINVAL;
}

/* What decoding, parsing and recognising were seen to need, and answering. */
static const int job_calls[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sched_yield),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(getrandom),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(sysinfo) /* qsort() of much */,
    SCMP_SYS(memfd_create),
    SCMP_SYS(ftruncate),
    SCMP_SYS(sendmsg),
};

/* What the template needs beside: to take jobs, to fork, to look after its children. */
static const int template_calls[] = {
    SCMP_SYS(recvmsg),   SCMP_SYS(poll),      SCMP_SYS(ppoll),           SCMP_SYS(wait4),
    SCMP_SYS(waitid),    SCMP_SYS(kill),      SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
    SCMP_SYS(setrlimit), SCMP_SYS(prlimit64), SCMP_SYS(prctl),           SCMP_SYS(clock_nanosleep),
    SCMP_SYS(dup2),      SCMP_SYS(getppid),   SCMP_SYS(setpriority),
};

/* What a helper at work on files or connections needs beside the job calls: found with strace over the cases,
 * and what glibc, libcurl and OpenSSL use in their place on other processors and under load. */
static const int helper_calls[] = {
    SCMP_SYS(open),         SCMP_SYS(openat),
    SCMP_SYS(stat),         SCMP_SYS(lstat),
    SCMP_SYS(statx),        SCMP_SYS(access),
    SCMP_SYS(faccessat),    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),     SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd),       SCMP_SYS(getdents64),
    SCMP_SYS(pread64),      SCMP_SYS(readv),
    SCMP_SYS(writev),       SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),    SCMP_SYS(poll),
    SCMP_SYS(ppoll),        SCMP_SYS(recvmsg),
    SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),    SCMP_SYS(time),
    SCMP_SYS(uname),        SCMP_SYS(getppid),
    SCMP_SYS(getuid),       SCMP_SYS(geteuid),
    SCMP_SYS(getgid),       SCMP_SYS(getegid),
    SCMP_SYS(getcpu),       SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getrlimit),
};

/* What such a helper may do with its descriptors. Not among them: F_SETOWN and F_SETSIG, which have the
 * kernel send any signal to any process of the same user. */
static const int file_commands[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL,
                                    F_SETFL, F_GETLK,         F_SETLK, F_SETLKW};

/* What keeping files in a folder needs beside: making, naming and removing them, and a lock on one. */
static const int folder_calls[] = {
    SCMP_SYS(mkdir),  SCMP_SYS(mkdirat),  SCMP_SYS(rmdir),     SCMP_SYS(unlink), SCMP_SYS(unlinkat),
    SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(flock),  SCMP_SYS(dup),
};

static const int network_calls[] = {
    SCMP_SYS(connect),
    SCMP_SYS(bind) /* a look-up's socket */,
    SCMP_SYS(sendto),
    SCMP_SYS(sendmmsg),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmmsg),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(pipe2),
    SCMP_SYS(eventfd2),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    /* libcurl looks up names in a thread of its own */
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
};

/* Accepting, answering, waiting for both. No socket can be made. */
static const int serve_calls[] = {
    SCMP_SYS(accept4),     SCMP_SYS(dup) /* a folder of evidence, to be listed */,
    SCMP_SYS(accept),      SCMP_SYS(sendto),
    SCMP_SYS(recvfrom),    SCMP_SYS(shutdown),
    SCMP_SYS(getsockname), SCMP_SYS(getpeername),
    SCMP_SYS(getsockopt),  SCMP_SYS(setsockopt),
    SCMP_SYS(eventfd2),    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),  SCMP_SYS(epoll_pwait),
};

/* What the supervisor never needs. Its hooks inherit this: EPERM lets the operator's program say so. */
static const int supervisor_denied[] = {
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kcmp),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(move_mount),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsmount),
    SCMP_SYS(open_tree),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(chroot),
    SCMP_SYS(pivot_root),
    SCMP_SYS(setns),
    SCMP_SYS(unshare),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(reboot),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(syslog),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(mknod),
    SCMP_SYS(personality),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
};

/* All that is read after the locking in: for names, certificates and the locale. What is not there is passed
 * over. Folders hold files that are replaced while varta runs. */
static const char *const network_reads[] = {
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/resolv.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/localtime",
    "/etc/ssl/openssl.cnf",
    "/etc/ssl/certs",
    "/etc/pki/tls/certs",
    "/etc/pki/ca-trust",
    "/var/lib/ca-certificates" /* openSUSE's */,
    "/etc/ca-certificates",
    "/usr/lib/ssl",
    "/usr/share/ca-certificates",
    "/usr/local/share/ca-certificates",
    "/usr/lib/locale",
    "/usr/share/locale",
    "/usr/share/zoneinfo",
    "/usr/share/publicsuffix",
    "/run/systemd/resolve",
    "/run/resolvconf",
    "/run/NetworkManager",
    "/dev/urandom",
    "/dev/null",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int set_limit(int resource, uint64_t value)
{
    struct rlimit limit = {.rlim_cur = value, .rlim_max = value};
    return setrlimit((__rlimit_resource_t)resource, &limit) < 0 ? -errno : 0;
}

static int lock_privileges(void)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return -errno;
    return set_limit(RLIMIT_CORE, 0);
}

static int leave_root(void)
{
    if (geteuid() != 0)
        return 0;
    if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) < 0)
        return SANDBOX_NO_USER;
    /* Changing the user makes a process dumpable again by the system's setting, and drops the wish to die
     * with the parent. */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return 0;
}

/* Grants `rights` on a file, or on all below a folder. */
static int grant(int rules, const char *path, uint64_t rights)
{
    struct stat about;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (fstat(fd, &about) == 0 && !S_ISDIR(about.st_mode))
        rights &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
    struct landlock_path_beneath_attr beneath = {.allowed_access = rights, .parent_fd = fd};
    long result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    int error = errno;
    close(fd);
    return result < 0 ? -error : 0;
}

struct granted {
    const char *const *paths; /* count; one that is not there is passed over */
    size_t count;
    uint64_t rights;
};

/* Handles these kinds of access to files, and grants none of them but those named. */
static int lock_files(uint64_t rights, const struct granted *granted)
{
    struct {
        uint64_t handled_access_fs;
    } rules = {rights};
    int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);
    if (fd < 0)
        return SANDBOX_NO_LANDLOCK;
    long result = 0;
    for (size_t i = 0; i < granted->count && result == 0; i++)
        if (granted->paths[i] && access(granted->paths[i], F_OK) == 0)
            result = grant(fd, granted->paths[i], granted->rights);
    if (result == 0)
        result = syscall(SYS_landlock_restrict_self, fd, 0);
    close(fd);
    return result < 0 ? SANDBOX_NO_LANDLOCK : 0;
}

/* All rights that the running kernel's Landlock knows and this program was written for; 0 when there is no
 * Landlock. */
static uint64_t known_rights(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    uint64_t rights = version >= 1 ? (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 : 0;
    if (version >= 2)
        rights |= 1ull << 13; /* refer */
    if (version >= 3)
        rights |= 1ull << 14; /* truncate */
    return rights;
}

static int lock_all_files(void)
{
    uint64_t rights = known_rights();
    return rights ? lock_files(rights, &(struct granted){0}) : SANDBOX_NO_LANDLOCK;
}

static const char *folder_of(const char *path, char ret_folder[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int size = slash ? (int)(slash - path) : 0;
    snprintf(ret_folder, PATH_MAX, "%.*s", slash ? size + (size == 0) : 1, slash ? path : ".");
    return ret_folder;
}

/* The store, the credentials and other processes' secrets stay out of reach even of the user whom they belong
 * to. */
static int lock_files_but_reading(const char *certificates)
{
    char own[PATH_MAX];
    enum { COUNT_ALL = sizeof(network_reads) / sizeof(network_reads[0]) + 1 };
    const char *paths[COUNT_ALL] = {certificates ? folder_of(certificates, own) : NULL};
    memcpy(paths + 1, network_reads, sizeof(network_reads));
    struct granted granted = {paths, COUNT_ALL, LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR};
    uint64_t rights = known_rights();
    return rights ? lock_files(rights, &granted) : SANDBOX_NO_LANDLOCK;
}

static int lock_files_but_appending(const char *folder)
{
    struct granted granted = {&folder, 1, LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG};
    uint64_t rights = known_rights();
    return rights ? lock_files(rights, &granted) : SANDBOX_NO_LANDLOCK;
}

static int lock_files_but_below(const char *const *folders, size_t count)
{
    struct granted granted = {folders, count, LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR};
    uint64_t rights = known_rights();
    return rights ? lock_files(rights, &granted) : SANDBOX_NO_LANDLOCK;
}

static int lock_files_but_keeping(const char *folder)
{
    uint64_t rights = known_rights();
    uint64_t wanted = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                      LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
                      LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                      LANDLOCK_ACCESS_FS_REMOVE_DIR | 1ull << 14; /* truncate */
    struct granted granted = {&folder, 1, wanted & rights};
    return rights ? lock_files(rights, &granted) : SANDBOX_NO_LANDLOCK;
}

static int allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
        if (result < 0)
            return result;
    }
    return 0;
}

/* Memory may be mapped and its protection changed, but never made executable; descriptors may be duplicated
 * and sealed. */
static int allow_common(scmp_filter_ctx filter)
{
    int result = allow(filter, job_calls, COUNT(job_calls));
    struct scmp_arg_cmp no_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    struct scmp_arg_cmp add_seals = SCMP_A1(SCMP_CMP_EQ, F_ADD_SEALS);
    struct scmp_arg_cmp get_seals = SCMP_A1(SCMP_CMP_EQ, F_GET_SEALS);
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_exec);
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_exec);
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, add_seals);
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, get_seals);
    return result;
}

/* fork() is clone() with the child's signal and no namespace; threads and namespaces stay forbidden. */
static int allow_fork(scmp_filter_ctx filter)
{
    struct scmp_arg_cmp plain = SCMP_A0(SCMP_CMP_MASKED_EQ, 0x7E020F00u, 0);
    int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, plain);
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (result == 0)
        result = allow(filter, template_calls, COUNT(template_calls));
    /* the children's own, tighter filter is put on through prctl() */
    return result;
}

static uint32_t refusal(enum sandbox_level level)
{
    return level == SANDBOX_STRICT ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM);
}

static int read_program(int fd, struct sandbox_filter *ret_filter)
{
    struct stat about;
    if (fstat(fd, &about) < 0)
        return -errno;
    size_t size = (size_t)about.st_size;
    void *program = malloc(size ? size : 1);
    if (!program)
        return -ENOMEM;
    if (pread(fd, program, size, 0) != (ssize_t)size) {
        free(program);
        return -EIO;
    }
    *ret_filter = (struct sandbox_filter){program, size / sizeof(struct sock_filter)};
    return 0;
}

static int make_job_filter(enum sandbox_level level, struct sandbox_filter *ret_filter)
{
    scmp_filter_ctx filter = seccomp_init(refusal(level));
    if (!filter)
        return -ENOMEM;
    int fd = memfd_create("filter", MFD_CLOEXEC);
    int result = fd < 0 ? -errno : allow_common(filter);
    if (result == 0)
        result = seccomp_export_bpf(filter, fd);
    if (result == 0)
        result = read_program(fd, ret_filter);
    if (fd >= 0)
        close(fd);
    seccomp_release(filter);
    return result;
}

static int lock_template_calls(enum sandbox_level level)
{
    scmp_filter_ctx filter = seccomp_init(refusal(level));
    if (!filter)
        return SANDBOX_NO_SECCOMP;
    int result = allow_common(filter);
    if (result == 0)
        result = allow_fork(filter);
    if (result == 0)
        result = seccomp_load(filter);
    seccomp_release(filter);
    return result < 0 ? SANDBOX_NO_SECCOMP : 0;
}

int sandbox_template(enum sandbox_level level, struct sandbox_filter *ret_filter)
{
    *ret_filter = (struct sandbox_filter){NULL, 0};
    int result = lock_privileges();
    if (result < 0 || level == SANDBOX_OFF || SANITIZED)
        return result;
    int missing = leave_root() | lock_all_files();
    if (make_job_filter(level, ret_filter) < 0)
        return missing | SANDBOX_NO_SECCOMP;
    return missing | lock_template_calls(level);
}

int sandbox_memory(uint64_t bytes)
{
    return SANITIZED ? 0 : set_limit(RLIMIT_AS, bytes);
}

int sandbox_job(enum sandbox_level level, const struct sandbox_filter *filter,
                const struct sandbox_limits *limits)
{
    int result = 0;
    if (limits->cpu_s)
        result = set_limit(RLIMIT_CPU, limits->cpu_s);
    if (result == 0 && limits->memory_bytes)
        result = sandbox_memory(limits->memory_bytes);
    if (result < 0 || level == SANDBOX_OFF || SANITIZED)
        return result;
    if (limits->file_bytes)
        result = set_limit(RLIMIT_FSIZE, limits->file_bytes);
    if (result == 0)
        result = set_limit(RLIMIT_NPROC, 0);
    if (result == 0)
        result = set_limit(RLIMIT_NOFILE, JOB_FILES);
    if (result < 0 || filter->count == 0)
        return result;
    struct sock_fprog program = {.len = (unsigned short)filter->count, .filter = filter->program};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0 ? -errno : 0;
}

/* The flags of pthread_create(): a thread shares everything with us, and no process or namespace comes of it.
 */
static int allow_threads(scmp_filter_ctx filter)
{
    uint64_t thread = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
    struct scmp_arg_cmp plain = SCMP_A0(SCMP_CMP_MASKED_EQ, thread | 0x7E020000u, thread);
    int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, plain);
    if (result == 0) /* its flags lie in memory, out of a filter's sight: glibc goes back to clone() */
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return result;
}

/* Sockets of these kinds only: TCP and UDP (MPTCP would pass by the ports of Landlock), the interfaces.
 * A local one is refused, not deadly: libc asks for a cache of names and does without. */
static int allow_sockets(scmp_filter_ctx filter, bool local)
{
    static const int kinds[][2] = {{AF_INET, 0},
                                   {AF_INET, IPPROTO_TCP},
                                   {AF_INET, IPPROTO_UDP},
                                   {AF_INET6, 0},
                                   {AF_INET6, IPPROTO_TCP},
                                   {AF_INET6, IPPROTO_UDP},
                                   {AF_NETLINK, NETLINK_ROUTE}};
    struct scmp_arg_cmp unix_family = SCMP_A0(SCMP_CMP_EQ, AF_UNIX);
    int result = seccomp_rule_add(filter, local ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket),
                                  1, unix_family);
    for (size_t i = 0; i < COUNT(kinds) && result == 0; i++) {
        struct scmp_arg_cmp family = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)kinds[i][0]);
        struct scmp_arg_cmp protocol = SCMP_A2(SCMP_CMP_EQ, (scmp_datum_t)kinds[i][1]);
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2, family, protocol);
    }
    return result;
}

/* Sending that connects passes by the ports of Landlock. A filter of its own, for sending without is allowed
 * to every process, and the stricter of two filters counts. */
static int refuse_fast_open(enum sandbox_level level)
{
    struct scmp_arg_cmp third = SCMP_A2(SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, MSG_FASTOPEN);
    struct scmp_arg_cmp fourth = SCMP_A3(SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, MSG_FASTOPEN);
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return -ENOMEM;
    int result = seccomp_rule_add(filter, refusal(level), SCMP_SYS(sendmsg), 1, third);
    if (result == 0)
        result = seccomp_rule_add(filter, refusal(level), SCMP_SYS(sendto), 1, fourth);
    if (result == 0)
        result = seccomp_rule_add(filter, refusal(level), SCMP_SYS(sendmmsg), 1, fourth);
    if (result == 0)
        result = seccomp_load(filter);
    seccomp_release(filter);
    return result;
}

static int allow_network(scmp_filter_ctx filter, bool local)
{
    static const unsigned long asked[] = {FIONREAD, FIONBIO, SIOCGIFINDEX, SIOCGIFNAME}; /* [fe80::1%eth0] */
    struct scmp_arg_cmp pair =
        SCMP_A1(SCMP_CMP_MASKED_EQ, 0xF, SOCK_STREAM); /* joined to its twin for ever */
    struct scmp_arg_cmp naming = SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME);
    int result = allow(filter, network_calls, COUNT(network_calls));
    for (size_t i = 0; i < COUNT(asked) && result == 0; i++) {
        struct scmp_arg_cmp command = SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)asked[i]);
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, command);
    }
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socketpair), 1, pair);
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, naming);
    if (result == 0)
        result = allow_threads(filter);
    return result == 0 ? allow_sockets(filter, local) : result;
}

/* SQLite under root gives its files to the owner of the database, and does without when it may not. */
static int allow_serving(scmp_filter_ctx filter)
{
    int result = allow(filter, serve_calls, COUNT(serve_calls));
    return result == 0 ? seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(fchown), 0) : result;
}

/* abort() signals itself, and nobody else is left to be signalled: the helpers that keep files are the user
 * that their supervisor is. */
static int allow_helping(scmp_filter_ctx filter)
{
    struct scmp_arg_cmp itself = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid());
    int result = allow(filter, helper_calls, COUNT(helper_calls));
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, itself);
    for (size_t i = 0; i < COUNT(file_commands) && result == 0; i++) {
        struct scmp_arg_cmp command = SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)file_commands[i]);
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, command);
    }
    return result;
}

enum helper_cage { CAGE_NETWORK, CAGE_NETWORK_LOCAL, CAGE_APPEND, CAGE_FOLDER, CAGE_SERVE };

static int lock_calls(enum sandbox_level level, enum helper_cage cage)
{
    scmp_filter_ctx filter = seccomp_init(refusal(level));
    if (!filter)
        return SANDBOX_NO_SECCOMP;
    int result = allow_common(filter);
    if (result == 0)
        result = allow_helping(filter);
    if (result == 0 && cage == CAGE_SERVE)
        result = allow_serving(filter);
    if (result == 0 && cage == CAGE_FOLDER)
        result = allow(filter, folder_calls, COUNT(folder_calls));
    if (result == 0 && (cage == CAGE_NETWORK || cage == CAGE_NETWORK_LOCAL))
        result = allow_network(filter, cage == CAGE_NETWORK_LOCAL);
    if (result == 0 && (cage == CAGE_NETWORK || cage == CAGE_NETWORK_LOCAL))
        result = refuse_fast_open(level);
    if (result == 0)
        result = seccomp_load(filter);
    seccomp_release(filter);
    return result < 0 ? SANDBOX_NO_SECCOMP : 0;
}

int sandbox_network(enum sandbox_level level, bool local, const char *certificates)
{
    int result = lock_privileges();
    if (result < 0 || level == SANDBOX_OFF || SANITIZED)
        return result;
    local |= names_load_modules();
    int missing = leave_root() | lock_files_but_reading(certificates);
    return missing | lock_calls(level, local ? CAGE_NETWORK_LOCAL : CAGE_NETWORK);
}

/* As <linux/landlock.h> has them since Linux 6.7. */
enum { NET_VERSION = 4, NET_RULE = 2 };
static const uint64_t net_bind = 1, net_connect = 2;

static int allow_ports(int rules, const uint16_t *ports, size_t count)
{
    long result = 0;
    for (size_t i = 0; i < count && result == 0; i++) {
        struct {
            uint64_t allowed, port;
        } rule = {net_connect, ports[i]};
        result = syscall(SYS_landlock_add_rule, rules, NET_RULE, &rule, 0);
    }
    if (result == 0)
        result = syscall(SYS_landlock_restrict_self, rules, 0);
    return result < 0 ? -errno : 0;
}

int sandbox_ports(enum sandbox_level level, const uint16_t *ports, size_t count)
{
    struct {
        uint64_t files, net;
    } handled = {0, net_bind | net_connect};
    int result = lock_privileges();
    if (result < 0 || level == SANDBOX_OFF || SANITIZED ||
        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < NET_VERSION)
        return result;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);
    if (rules < 0)
        return -errno;
    result = allow_ports(rules, ports, count);
    close(rules);
    return result;
}

int sandbox_append(enum sandbox_level level, const char *folder)
{
    int result = lock_privileges();
    if (result < 0 || level == SANDBOX_OFF || SANITIZED)
        return result;
    int missing = lock_files_but_appending(folder);
    return missing | lock_calls(level, CAGE_APPEND);
}

int sandbox_serve(enum sandbox_level level, const char *const *folders, size_t count)
{
    int result = lock_privileges();
    if (result < 0 || level == SANDBOX_OFF || SANITIZED)
        return result;
    int missing = lock_files_but_below(folders, count);
    return missing | lock_calls(level, CAGE_SERVE);
}

int sandbox_folder(enum sandbox_level level, const char *folder)
{
    int result = lock_privileges();
    if (result < 0 || level == SANDBOX_OFF || SANITIZED)
        return result;
    int missing = lock_files_but_keeping(folder);
    return missing | lock_calls(level, CAGE_FOLDER);
}

int sandbox_supervisor(enum sandbox_level level)
{
    if (SANITIZED) /* its search for leaks traces itself */
        return 0;
    int result = lock_privileges();
    if (result < 0 || level == SANDBOX_OFF)
        return result;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return SANDBOX_NO_SECCOMP;
    result = 0;
    for (size_t i = 0; i < COUNT(supervisor_denied) && result == 0; i++)
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), supervisor_denied[i], 0);
    if (result == 0)
        result = seccomp_load(filter);
    seccomp_release(filter);
    return result < 0 ? SANDBOX_NO_SECCOMP : 0;
}

bool sandbox_cages(void)
{
    return !SANITIZED;
}
