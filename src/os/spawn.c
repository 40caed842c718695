/* Starting the helper processes; see spawn.h. */
#include "os/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CHANNEL_BUFFER = 4 << 20,
    MAX_ARGUMENTS = 15,
    PASSED = 5, /* variables a helper inherits */
    OWN = 3     /* and those it is given */
};

/* The folder of the running program, without a slash at the end. */
static int own_folder(char ret_folder[PATH_MAX])
{
    ssize_t size = readlink("/proc/self/exe", ret_folder, PATH_MAX - 1);
    if (size < 0)
        return -errno;
    ret_folder[size] = '\0';
    char *slash = strrchr(ret_folder, '/');
    if (!slash)
        return -ENOENT;
    *slash = '\0';
    return 0;
}

static int find(const char *beside, const char *installed, const char *name, int mode, char *ret_path,
                size_t size)
{
    char folder[PATH_MAX];
    if (own_folder(folder) == 0) {
        int length = snprintf(ret_path, size, "%s/%s%s", folder, beside, name);
        if (length > 0 && (size_t)length < size && access(ret_path, mode) == 0)
            return 0;
    }
    int length = snprintf(ret_path, size, "%s/%s", installed, name);
    if (length > 0 && (size_t)length < size && access(ret_path, mode) == 0)
        return 0;
    return -ENOENT;
}

int spawn_data_path(const char *name, char *ret_path, size_t size)
{
    const char *override = secure_getenv("VARTA_MODELS");
    if (override) {
        int length = snprintf(ret_path, size, "%s/%s", override, name);
        return length > 0 && (size_t)length < size && access(ret_path, R_OK) == 0 ? 0 : -ENOENT;
    }
    return find("models/", VARTA_MODEL_DIR, name, R_OK, ret_path, size);
}

static int make_channel(int ret_ends[2])
{
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret_ends) < 0)
        return -errno;
    int size = CHANNEL_BUFFER;
    for (int i = 0; i < 2; i++)
        setsockopt(ret_ends[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
    if (fcntl(ret_ends[0], F_SETFL, O_NONBLOCK) < 0) {
        int error = -errno;
        close(ret_ends[0]);
        close(ret_ends[1]);
        return error;
    }
    return 0;
}

/* When memory runs out, a helper goes and not the supervisor: it is started again, and one page is looked at
 * later. */
static void go_first(void)
{
    static const char score[] = "500";
    prctl(PR_SET_DUMPABLE,
          1); /* the supervisor is not, and then this file is root's; the cage takes it back */
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t put = write(fd, score, sizeof(score) - 1);
    (void)put; /* where it is forbidden, the kernel chooses */
    close(fd);
}

/* In the child: only async-signal-safe calls. */
static void become_helper(const char *path, char *const argv[], char *const environment[], int channel,
                          int complaints)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    go_first();
    if (dup2(complaints, STDERR_FILENO) < 0)
        _exit(127);
    if (channel == SPAWN_CHANNEL)
        fcntl(channel, F_SETFD, 0);
    else if (dup2(channel, SPAWN_CHANNEL) < 0)
        _exit(127);
    int null = open("/dev/null", O_RDWR);
    if (null >= 0) {
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
    }
    close_range(SPAWN_CHANNEL + 1, ~0u, 0);
    execve(path, argv, environment);
    _exit(127);
}

/* What a helper is told by its environment: the locale that libcurl's IDN needs, and that Tesseract's OpenMP
 * must not start threads (the sandbox forbids them, and they are slower); that functions are looked up once
 * and not by each child again; where models and certificates are. */
static void make_environment(char *ret_environment[PASSED + OWN + 1], char storage[PASSED][PATH_MAX + 32])
{
    static char locale[] = "LC_ALL=C.UTF-8";
    static char threads[] = "OMP_THREAD_LIMIT=1";
    static char binding[] = "LD_BIND_NOW=1";
    static const char *const passed[PASSED] = {"VARTA_MODELS", "SSL_CERT_FILE", "VARTA_TESSDATA",
                                               "VARTA_OCR_MODELS", "TESSDATA_PREFIX"};
    size_t count = 0;
    ret_environment[count++] = locale;
    ret_environment[count++] = threads;
    ret_environment[count++] = binding;
    for (size_t i = 0; i < PASSED; i++) {
        const char *value = secure_getenv(passed[i]);
        if (value && snprintf(storage[i], PATH_MAX + 32, "%s=%s", passed[i], value) < PATH_MAX + 32)
            ret_environment[count++] = storage[i];
    }
    ret_environment[count] = NULL;
}

int spawn_helper(const char *name, char *const argv[], int complaints, pid_t *ret_pid, int *ret_channel)
{
    char path[PATH_MAX];
    if (find("", VARTA_HELPER_DIR, name, X_OK, path, sizeof(path)) < 0)
        return -ENOENT;
    char own_name[64];
    snprintf(own_name, sizeof(own_name), "%s", name);
    char *arguments[MAX_ARGUMENTS + 2] = {own_name};
    for (size_t i = 0; argv && argv[i] && i < MAX_ARGUMENTS; i++)
        arguments[i + 1] = argv[i];
    char *environment[PASSED + OWN + 1];
    char storage[PASSED][PATH_MAX + 32];
    make_environment(environment, storage);
    int ends[2];
    int result = make_channel(ends);
    if (result < 0)
        return result;
    pid_t pid = fork();
    if (pid == 0)
        become_helper(path, arguments, environment, ends[1], complaints);
    int error = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return -error;
    }
    *ret_pid = pid;
    *ret_channel = ends[0];
    return 0;
}
