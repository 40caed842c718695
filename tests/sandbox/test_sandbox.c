/* The cages: each forbidden act is tried inside, in a process of its own, and must fail; allowed work must
 * pass. */
#include "os/memfile.h"
#include "os/sandbox.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PASSED = 42, REFUSED = 43 };

static char secret_path[] = "/tmp/varta-sandbox-secret.XXXXXX";

typedef int act_fn(void); /* 0 or more when the act succeeded */

static int open_passwd(void)
{
    return open("/etc/passwd", O_RDONLY);
}

static int create_file(void)
{
    return open("/etc/varta-sandbox-test", O_WRONLY | O_CREAT, 0600);
}

static int open_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}

static int open_local_socket(void)
{
    return socket(AF_UNIX, SOCK_DGRAM, 0);
}

/* A pair of datagrams can be joined anew, to anybody's local socket. */
static int pair_datagrams(void)
{
    int pair[2];
    return socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
}

static int pair_streams(void)
{
    int pair[2];
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
}

/* Landlock's ports do not see what connects while it sends, nor another protocol under TCP's name. */
static int send_and_connect(void)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (sendto(fd, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != ECONNREFUSED)
        return -1;
    return 0;
}

static int send_message_and_connect(void)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char byte = 'x';
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &part, .msg_iovlen = 1};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return sendmsg(fd, &message, MSG_FASTOPEN) < 0 && errno != ECONNREFUSED ? -1 : 0;
}

static int open_multipath(void)
{
    return socket(AF_INET, SOCK_STREAM, 262 /* IPPROTO_MPTCP */);
}

static int open_netlink_of_netfilter(void)
{
    return socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
}

/* [fe80::1%lo], which a redirect or the list of name servers may hold. */
static int number_of_a_zone(void)
{
    return if_nametoindex("lo") > 0 ? 0 : -1;
}

static int run_program(void)
{
    char name[] = "/bin/true";
    char *arguments[] = {name, NULL};
    return execve(name, arguments, arguments + 1);
}

static int fork_child(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return pid;
}

static int trace_parent(void)
{
    return (int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static int signal_parent(void)
{
    return kill(getppid(), 0);
}

/* The call that abort() needs, turned at the supervisor, which some helpers share their user with. */
static int signal_parents_thread(void)
{
    return (int)syscall(SYS_tgkill, getppid(), getppid(), 0);
}

/* The kernel sends the signal: "this socket has bytes for that process". */
static int signal_parent_by_socket(void)
{
    return fcntl(STDIN_FILENO, F_SETOWN, getppid());
}

static int abort_alone(void)
{
    abort();
}

static int map_executable(void)
{
    void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? -1 : 0;
}

static int make_executable(void)
{
    void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? -1 : mprotect(at, 4096, PROT_READ | PROT_EXEC);
}

static int take_much_memory(void)
{
    return mmap(NULL, 600u << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
               ? -1
               : 0;
}

static int work(void)
{
    struct span seen;
    char *memory = malloc(1 << 20);
    if (!memory)
        return -1;
    memset(memory, 'm', 1 << 20);
    int fd = memfile_new("answer", (struct span){memory, 1 << 20});
    if (fd < 0 || memfile_map(fd, 2 << 20, false, &seen) < 0)
        return -1;
    int same = seen.size == 1 << 20 && seen.at[77] == 'm';
    memfile_unmap(seen);
    free(memory);
    return same ? 0 : -1;
}

/* The wait status of a child that did the act in the cage. */
static int status_of(enum sandbox_level level, act_fn *act)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct sandbox_filter filter;
        struct sandbox_limits limits = {.memory_bytes = 512u << 20, .cpu_s = 5, .file_bytes = 4 << 20};
        if (sandbox_template(level, &filter) < 0 || sandbox_job(level, &filter, &limits) < 0)
            _exit(1);
        _exit(act() >= 0 ? PASSED : REFUSED);
    }
    int status = 0;
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static const struct {
    const char *name;
    act_fn *act;
} forbidden[] = {
    {"opening /etc/passwd", open_passwd},
    {"creating a file", create_file},
    {"opening a socket", open_socket},
    {"opening a local socket", open_local_socket},
    {"running a program", run_program},
    {"forking", fork_child},
    {"tracing the parent", trace_parent},
    {"signalling the parent", signal_parent},
    {"mapping executable memory", map_executable},
    {"making memory executable", make_executable},
};

static void test_strict__forbidden_acts_kill(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
        int status = status_of(SANDBOX_STRICT, forbidden[i].act);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
            fail_msg("%s was not killed: status %x", forbidden[i].name, (unsigned)status);
    }
}

static void test_tolerant__forbidden_acts_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
        int status = status_of(SANDBOX_TOLERANT, forbidden[i].act);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != REFUSED)
            fail_msg("%s was not refused: status %x", forbidden[i].name, (unsigned)status);
    }
}

static void test_every_level__memory_is_limited_and_work_passes(void **state)
{
    (void)state;
    for (int level = SANDBOX_STRICT; level <= SANDBOX_OFF; level++) {
        int status = status_of((enum sandbox_level)level, work);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), PASSED);
        status = status_of((enum sandbox_level)level, take_much_memory);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), REFUSED);
    }
}

static int read_hosts(void)
{
    char bytes[16];
    int fd = open("/etc/hosts", O_RDONLY);
    return fd < 0 ? fd : (int)read(fd, bytes, sizeof(bytes));
}

/* Whoever's file it is: the network's helpers have no business outside of the system's folders. */
static int read_secret(void)
{
    return open(secret_path, O_RDONLY);
}

static int list_root(void)
{
    return open("/", O_RDONLY | O_DIRECTORY);
}

static int is_root(void)
{
    return geteuid() == 0 ? 0 : -1;
}

static int network_status_with(const char *certificates, enum sandbox_level level, act_fn *act)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (sandbox_network(level, false, certificates) < 0)
            _exit(1);
        _exit(act() >= 0 ? PASSED : REFUSED);
    }
    int status = 0;
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static int network_status_of(enum sandbox_level level, act_fn *act)
{
    return network_status_with(NULL, level, act);
}

static void *in_thread(void *context)
{
    struct addrinfo *found = NULL;
    *(int *)context = getaddrinfo("localhost", "80", NULL, &found);
    freeaddrinfo(found);
    return NULL;
}

static int look_up_in_a_thread(void)
{
    pthread_t thread;
    int result = -1;
    return pthread_create(&thread, NULL, in_thread, &result) || pthread_join(thread, NULL) ? -1 : result;
}

static int read_certificates(void)
{
    return open("/etc/ssl/certs", O_RDONLY | O_DIRECTORY);
}

static int set_keys(void)
{
    return (int)syscall(SYS_keyctl, 0, -3, 0, 0, 0);
}

static int make_ring(void)
{
    char parameters[128] = {0};
    return (int)syscall(SYS_io_uring_setup, 1, parameters);
}

static int gain_privileges(void)
{
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) ? -1 : 0;
}

static int run_true(void)
{
    pid_t pid = fork();
    int status = 0;
    if (pid == 0) {
        run_program();
        _exit(1);
    }
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static int supervisor_status_of(enum sandbox_level level, act_fn *act)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (sandbox_supervisor(level) != 0)
            _exit(1);
        _exit(act() >= 0 ? PASSED : REFUSED);
    }
    int status = 0;
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void expect_exit(int status, int code)
{
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), code);
}

static void test_network__reads_and_connects_but_writes_and_runs_nothing(void **state)
{
    (void)state;
    expect_exit(network_status_of(SANDBOX_STRICT, read_hosts), PASSED);
    expect_exit(network_status_of(SANDBOX_STRICT, open_socket), PASSED);
    expect_exit(network_status_of(SANDBOX_STRICT, read_secret), REFUSED);
    expect_exit(network_status_of(SANDBOX_STRICT, list_root), REFUSED);
    expect_exit(network_status_of(SANDBOX_STRICT, is_root), REFUSED);
    expect_exit(network_status_of(SANDBOX_STRICT, create_file), REFUSED);
    expect_exit(network_status_of(SANDBOX_STRICT, look_up_in_a_thread), PASSED);
    expect_exit(network_status_of(SANDBOX_STRICT, read_certificates), PASSED);
    expect_exit(network_status_of(SANDBOX_STRICT, open_passwd), REFUSED);
    expect_exit(network_status_of(SANDBOX_STRICT, open_local_socket), REFUSED);
    act_fn *const deadly[] = {run_program,
                              signal_parent,
                              trace_parent,
                              fork_child,
                              map_executable,
                              make_executable,
                              set_keys,
                              make_ring,
                              pair_datagrams,
                              send_and_connect,
                              send_message_and_connect,
                              open_multipath,
                              open_netlink_of_netfilter};
    expect_exit(network_status_of(SANDBOX_STRICT, pair_streams), PASSED);
    expect_exit(network_status_with(NULL, SANDBOX_STRICT, number_of_a_zone), PASSED);
    for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
        expect_exit(network_status_of(SANDBOX_TOLERANT, deadly[i]), REFUSED);
    for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
        int status = network_status_of(SANDBOX_STRICT, deadly[i]);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGSYS);
    }
}

static void test_network__reads_beside_given_certificates(void **state)
{
    (void)state;
    expect_exit(network_status_with(secret_path, SANDBOX_STRICT, read_secret), PASSED);
    expect_exit(network_status_with(secret_path, SANDBOX_STRICT, list_root), REFUSED);
    expect_exit(network_status_with("/nonexistent/ca.pem", SANDBOX_STRICT, read_secret), REFUSED);
}

static int make_secret(void **state)
{
    (void)state;
    int fd = mkstemp(secret_path);
    return fd < 0 || fchmod(fd, 0644) < 0 ? -1 : close(fd);
}

static int remove_secret(void **state)
{
    (void)state;
    return unlink(secret_path);
}

static void test_supervisor__keeps_its_work_and_its_hooks(void **state)
{
    (void)state;
    act_fn *const allowed[] = {open_passwd, open_socket, run_true, fork_child, signal_parent, work};
    act_fn *const refused[] = {trace_parent, set_keys, make_ring, gain_privileges};
    for (int level = SANDBOX_STRICT; level <= SANDBOX_TOLERANT; level++) {
        for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
            expect_exit(supervisor_status_of((enum sandbox_level)level, allowed[i]), PASSED);
        for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
            expect_exit(supervisor_status_of((enum sandbox_level)level, refused[i]), REFUSED);
    }
}

static char own_folder[] = "/tmp/varta-sandbox.XXXXXX";

static int append_own(void)
{
    char path[64];
    snprintf(path, sizeof(path), "%s/lines", own_folder);
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
    return fd < 0 || write(fd, "x", 1) != 1 || fdatasync(fd) < 0 ? -1 : 0;
}

static int read_own(void)
{
    char path[64];
    snprintf(path, sizeof(path), "%s/lines", own_folder);
    return open(path, O_RDONLY);
}

static int create_beside(void)
{
    return open("/tmp/varta-sandbox.beside", O_WRONLY | O_CREAT, 0600);
}

typedef int cage_fn(enum sandbox_level level, const char *folder);

static int status_within(cage_fn *cage, act_fn *act)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (cage(SANDBOX_STRICT, own_folder) < 0)
            _exit(1);
        _exit(act() >= 0 ? PASSED : REFUSED);
    }
    int status = 0;
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void test_append__one_folder_and_nothing_else(void **state)
{
    (void)state;
    char path[64];
    assert_non_null(mkdtemp(own_folder));
    snprintf(path, sizeof(path), "%s/lines", own_folder);
    expect_exit(status_within(sandbox_append, append_own), PASSED);
    expect_exit(status_within(sandbox_append, append_own), PASSED);
    expect_exit(status_within(sandbox_append, read_own), REFUSED);
    expect_exit(status_within(sandbox_append, create_beside), REFUSED);
    expect_exit(status_within(sandbox_append, read_hosts), REFUSED);
    act_fn *const deadly[] = {open_socket, run_program, signal_parent, trace_parent};
    for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
        int status = status_within(sandbox_append, deadly[i]);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGSYS);
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(own_folder), 0);
}

/* What varta-keep does all day. */
static int keep_own(void)
{
    char made[64], part[96], whole[96];
    snprintf(made, sizeof(made), "%s/00000001", own_folder);
    snprintf(part, sizeof(part), "%s/.x.part", made);
    snprintf(whole, sizeof(whole), "%s/x", made);
    int fd = mkdir(made, 0700) < 0 ? -1 : open(part, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, "x", 1) != 1 || fsync(fd) < 0 || flock(fd, LOCK_EX) < 0 || ftruncate(fd, 0) < 0)
        return -1;
    if (close(fd) < 0 || renameat2(AT_FDCWD, part, AT_FDCWD, whole, RENAME_NOREPLACE) < 0)
        return -1;
    fd = open(whole, O_RDONLY);
    return fd < 0 || close(fd) < 0 || unlink(whole) < 0 ? -1 : rmdir(made);
}

static int take_in(void)
{
    char path[64];
    snprintf(path, sizeof(path), "%s/taken", own_folder);
    return rename("/tmp/varta-sandbox.there", path);
}

static int remove_beside(void)
{
    return unlink("/tmp/varta-sandbox.there");
}

static void test_folder__all_within_and_nothing_without(void **state)
{
    (void)state;
    snprintf(own_folder, sizeof(own_folder), "/tmp/varta-sandbox.XXXXXX");
    assert_non_null(mkdtemp(own_folder));
    assert_int_equal(close(open("/tmp/varta-sandbox.there", O_WRONLY | O_CREAT, 0600)), 0);
    expect_exit(status_within(sandbox_folder, keep_own), PASSED);
    act_fn *const refused[] = {create_beside, read_hosts, take_in, remove_beside};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        expect_exit(status_within(sandbox_folder, refused[i]), REFUSED);
    act_fn *const deadly[] = {open_socket, run_program, signal_parent, trace_parent};
    for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
        int status = status_within(sandbox_folder, deadly[i]);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGSYS);
    }
    assert_int_equal(unlink("/tmp/varta-sandbox.there"), 0);
    assert_int_equal(rmdir(own_folder), 0);
}

static int network_cage(enum sandbox_level level, const char *folder)
{
    (void)folder;
    return sandbox_network(level, false, NULL);
}

static int serve_cage(enum sandbox_level level, const char *folder)
{
    return sandbox_serve(level, &folder, 1);
}

/* Helpers that keep files are the user that their supervisor is: only the cage stands between the two. */
static void test_helpers__no_way_to_signal_the_supervisor(void **state)
{
    (void)state;
    cage_fn *const cages[] = {sandbox_append, sandbox_folder, serve_cage, network_cage};
    act_fn *const deadly[] = {signal_parent, signal_parents_thread, signal_parent_by_socket};
    snprintf(own_folder, sizeof(own_folder), "/tmp");
    for (size_t i = 0; i < sizeof(cages) / sizeof(cages[0]); i++) {
        for (size_t j = 0; j < sizeof(deadly) / sizeof(deadly[0]); j++) {
            int status = status_within(cages[i], deadly[j]);
            if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
                fail_msg("cage %zu, act %zu: status %x", i, j, (unsigned)status);
        }
        int status = status_within(cages[i], abort_alone);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGABRT);
    }
}

static struct sockaddr_in near = {.sin_family = AF_INET};

static int connect_near(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return connect(fd, (struct sockaddr *)&near, sizeof(near));
}

static int ports_then_network(enum sandbox_level level, const char *port)
{
    const uint16_t ports[] = {53, (uint16_t)atoi(port)};
    return sandbox_ports(level, ports, 2) < 0 ? -1 : sandbox_network(level, false, NULL);
}

/* A deliverer connects to its sink's port and to no other. */
static void test_ports__one_and_no_other(void **state)
{
    (void)state;
    socklen_t size = sizeof(near);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    near.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listener, (struct sockaddr *)&near, size), 0);
    assert_int_equal(listen(listener, 4), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&near, &size), 0);
    snprintf(own_folder, sizeof(own_folder), "%d", ntohs(near.sin_port));
    expect_exit(status_within(ports_then_network, connect_near), PASSED);
    snprintf(own_folder, sizeof(own_folder), "%d", 1);
    bool known = syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >= 4;
    expect_exit(status_within(ports_then_network, connect_near), known ? REFUSED : PASSED);
    close(listener);
}

static void test_level__names(void **state)
{
    (void)state;
    enum sandbox_level level;
    for (int i = SANDBOX_STRICT; i <= SANDBOX_OFF; i++) {
        assert_int_equal(sandbox_level_parse(sandbox_level_name((enum sandbox_level)i), &level), 0);
        assert_int_equal(level, i);
    }
    assert_int_equal(sandbox_level_parse("none", &level), -EINVAL);
}

/* ---- the status page ---- */

static int served; /* a listening socket, as the supervisor hands it over */

static int serving_accepts(void)
{
    struct pollfd end = {.fd = served, .events = POLLIN};
    int fd = poll(&end, 1, 1000) == 1 ? accept4(served, NULL, NULL, SOCK_CLOEXEC) : -1;
    return fd >= 0 && send(fd, "hello", 5, MSG_NOSIGNAL) == 5 ? 0 : -1;
}

static int rename_own(void)
{
    char path[64], other[64];
    snprintf(path, sizeof(path), "%s/lines", own_folder);
    snprintf(other, sizeof(other), "%s/other", own_folder);
    return rename(path, other);
}

static int serve_own(enum sandbox_level level, const char *folder)
{
    const char *const folders[] = {folder, NULL, "/nowhere/at/all"};
    return sandbox_serve(level, folders, 3);
}

static void test_serve__reads_two_folders_and_opens_no_socket(void **state)
{
    (void)state;
    char path[64];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    snprintf(own_folder, sizeof(own_folder), "/tmp/varta-sandbox.XXXXXX");
    assert_non_null(mkdtemp(own_folder));
    snprintf(path, sizeof(path), "%s/lines", own_folder);
    assert_int_equal(close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
    served = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int guest = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(served, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(served, 1), 0);
    assert_int_equal(getsockname(served, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(connect(guest, (struct sockaddr *)&address, size), 0);
    expect_exit(status_within(serve_own, serving_accepts), PASSED);
    expect_exit(status_within(serve_own, read_own), PASSED);
    expect_exit(status_within(serve_own, append_own), REFUSED);
    expect_exit(status_within(serve_own, read_hosts), REFUSED);
    expect_exit(status_within(serve_own, create_beside), REFUSED);
    act_fn *const deadly[] = {open_socket, run_program, signal_parent, trace_parent, rename_own};
    for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
        int status = status_within(serve_own, deadly[i]);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGSYS);
    }
    close(guest);
    close(served);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(own_folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strict__forbidden_acts_kill),
        cmocka_unit_test(test_tolerant__forbidden_acts_fail),
        cmocka_unit_test(test_every_level__memory_is_limited_and_work_passes),
        cmocka_unit_test(test_network__reads_and_connects_but_writes_and_runs_nothing),
        cmocka_unit_test(test_network__reads_beside_given_certificates),
        cmocka_unit_test(test_supervisor__keeps_its_work_and_its_hooks),
        cmocka_unit_test(test_append__one_folder_and_nothing_else),
        cmocka_unit_test(test_folder__all_within_and_nothing_without),
        cmocka_unit_test(test_serve__reads_two_folders_and_opens_no_socket),
        cmocka_unit_test(test_helpers__no_way_to_signal_the_supervisor),
        cmocka_unit_test(test_ports__one_and_no_other),
        cmocka_unit_test(test_level__names),
    };
    if (!sandbox_cages())
        return 77; /* skipped: a sanitizer's build runs uncaged */
    return cmocka_run_group_tests(tests, make_secret, remove_secret);
}
