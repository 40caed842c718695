/* The cages of sandbox.h, layer by layer. */
#include "os/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534, JOB_FILES = 16 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

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
    SCMP_SYS(dup2),      SCMP_SYS(getppid),
};

/* What a helper with the network never does. */
static const int network_denied[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(kill),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(chroot),
    SCMP_SYS(pivot_root),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(rmdir),
    SCMP_SYS(creat),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(symlink),
    SCMP_SYS(symlinkat),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(chown),
    SCMP_SYS(fchown),
    SCMP_SYS(lchown),
    SCMP_SYS(fchownat),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(kexec_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
};

/* What a helper that only appends to files never does either. */
static const int append_denied[] = {
    SCMP_SYS(socket),    SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind),   SCMP_SYS(listen),
    SCMP_SYS(fork),      SCMP_SYS(vfork),      SCMP_SYS(clone),   SCMP_SYS(clone3), SCMP_SYS(setuid),
    SCMP_SYS(setresuid), SCMP_SYS(mknod),      SCMP_SYS(mknodat),
};

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

/* Grants `rights` below a folder. */
static int grant(int rules, const char *folder, uint64_t rights)
{
    int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
    struct landlock_path_beneath_attr beneath = {.allowed_access = rights, .parent_fd = fd};
    long result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    int error = errno;
    close(fd);
    return result < 0 ? -error : 0;
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

/* Handles every kind of access to files that the kernel knows, and grants `granted` below these folders only;
 * a folder that is NULL or not there is passed over. */
static int lock_files(const char *const *folders, size_t count, uint64_t granted)
{
    struct {
        uint64_t handled_access_fs;
    } rules = {known_rights()};
    if (rules.handled_access_fs == 0)
        return SANDBOX_NO_LANDLOCK;
    int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);
    if (fd < 0)
        return SANDBOX_NO_LANDLOCK;
    long result = 0;
    for (size_t i = 0; i < count && result == 0; i++)
        result = folders[i] ? grant(fd, folders[i], granted) : 0;
    if (result == 0)
        result = syscall(SYS_landlock_restrict_self, fd, 0);
    close(fd);
    return result < 0 ? SANDBOX_NO_LANDLOCK : 0;
}

/* Where names, certificates and the libraries for them are looked up. Whole folders: files that are replaced
 * while we run have to stay readable. */
static const char *const lookup_folders[] = {
    "/etc",
    "/usr",
    "/lib",
    "/lib64",
    "/dev",
    "/run/systemd/resolve",
    "/run/resolvconf",
    "/run/NetworkManager",
    "/run/nscd",
    "/var/lib/ca-certificates" /* openSUSE's */,
};

static const char *folder_of(const char *path, char ret_folder[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int size = slash ? (int)(slash - path) : 0;
    snprintf(ret_folder, PATH_MAX, "%.*s", slash ? size + (size == 0) : 1, slash ? path : ".");
    return ret_folder;
}

/* Reads where things are looked up; the store, the credentials and other processes' secrets stay out of reach
 * even of the user whom they belong to. Nothing is written, made, removed or run. */
static int lock_files_but_lookups(const char *certificates)
{
    char own[PATH_MAX];
    const char *folders[COUNT(lookup_folders) + 1];
    memcpy(folders, lookup_folders, sizeof(lookup_folders));
    folders[COUNT(lookup_folders)] = certificates ? folder_of(certificates, own) : NULL;
    return lock_files(folders, COUNT(folders), LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
}

static int lock_files_but_appending(const char *folder)
{
    return lock_files(&folder, 1, LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG);
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
    int missing = leave_root() | lock_files(NULL, 0, 0);
    if (make_job_filter(level, ret_filter) < 0)
        return missing | SANDBOX_NO_SECCOMP;
    return missing | lock_template_calls(level);
}

int sandbox_job(enum sandbox_level level, const struct sandbox_filter *filter,
                const struct sandbox_limits *limits)
{
    int result = 0;
    if (limits->cpu_s)
        result = set_limit(RLIMIT_CPU, limits->cpu_s);
    if (result == 0 && limits->memory_bytes && !SANITIZED)
        result = set_limit(RLIMIT_AS, limits->memory_bytes);
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

static int deny(scmp_filter_ctx filter, enum sandbox_level level, const int *calls, size_t count)
{
    int result = 0;
    for (size_t i = 0; i < count && result >= 0; i++)
        result = seccomp_rule_add(filter, refusal(level), calls[i], 0);
    return result;
}

static int lock_calls(enum sandbox_level level, bool appends)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return SANDBOX_NO_SECCOMP;
    int result = deny(filter, level, network_denied, COUNT(network_denied));
    if (result >= 0 && appends)
        result = deny(filter, level, append_denied, COUNT(append_denied));
    if (result >= 0)
        result = seccomp_load(filter);
    seccomp_release(filter);
    return result < 0 ? SANDBOX_NO_SECCOMP : 0;
}

int sandbox_network(enum sandbox_level level, const char *certificates)
{
    int result = lock_privileges();
    if (result < 0 || level == SANDBOX_OFF || SANITIZED)
        return result;
    int missing = leave_root() | lock_files_but_lookups(certificates);
    return missing | lock_calls(level, false);
}

int sandbox_append(enum sandbox_level level, const char *folder)
{
    int result = lock_privileges();
    if (result < 0 || level == SANDBOX_OFF || SANITIZED)
        return result;
    int missing = lock_files_but_appending(folder);
    return missing | lock_calls(level, true);
}

bool sandbox_cages(void)
{
    return !SANITIZED;
}
