/*
 * Linked into varta-keep and varta-web beside all that they are made of, in the place of the step that
 * handles a stranger's bytes: a helper that was taken over there. It locks itself in as the real one does,
 * for it is the real one; bytes with "planted:NAME;" make it do what NAME says, and what became of that is
 * said on standard error. With the file ".rehearse" beside the program each act is tried once more, in a
 * process of its own and in the same cage, just before the real one locks itself in.
 */
#include "forbidden_acts.h"

#include "os/sandbox.h"
#ifdef PLANTED_WEB
#include "web/web.h"
#else
#include "pipeline/evidence/evidence.h"
#endif

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAME_BYTES = 64 };

static void report(const char *name, long result)
{
    int error = errno;
    fprintf(stderr, "planted %s %s %ld %s\n", name, result < 0 ? "refused" : "SUCCEEDED", result,
            strerrorname_np(error));
}

static void obey(struct span bytes)
{
    static const char mark[] = "planted:";
    const char *at = bytes.size ? memmem(bytes.at, bytes.size, mark, sizeof(mark) - 1) : NULL;
    for (unsigned i = 0; at && i < forbidden_act_count; i++) {
        const char *name = forbidden_acts[i].name, *order = at + sizeof(mark) - 1;
        size_t size = strlen(name), left = (size_t)(bytes.at + bytes.size - order);
        if (left <= size || memcmp(order, name, size) != 0 || order[size] != ';')
            continue;
        errno = 0;
        report(name, forbidden_acts[i].act());
    }
}

/* ---- rehearsing ---- */

typedef int cage_fn(enum sandbox_level level, const void *folders, size_t count);

static bool is_wished(void)
{
    char path[PATH_MAX + 16];
    ssize_t size = readlink("/proc/self/exe", path, PATH_MAX);
    if (size < 0)
        return false;
    memcpy(path + size, ".rehearse", 10);
    return access(path, F_OK) == 0;
}

static void rehearse_one(const struct forbidden_act *act, cage_fn *cage, enum sandbox_level level,
                         const void *folders, size_t count)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        if (cage(level, folders, count) != 0)
            _exit(1);
        errno = 0;
        report(act->name, act->act());
        _exit(0);
    }
    waitpid(pid, &status, 0);
    if (WIFSIGNALED(status))
        fprintf(stderr, "planted %s killed %d\n", act->name, WTERMSIG(status));
    else if (WEXITSTATUS(status))
        fprintf(stderr, "planted %s was not caged\n", act->name);
}

static void rehearse(cage_fn *cage, enum sandbox_level level, const void *folders, size_t count)
{
    forbidden_acts_victim = getppid(); /* the supervisor: its memory holds every secret */
    if (!is_wished())
        return;
    for (unsigned i = 0; i < forbidden_act_count && !forbidden_acts[i].limited; i++)
        rehearse_one(&forbidden_acts[i], cage, level, folders, count);
    fputs("planted: all rehearsed\n", stderr);
}

/* ---- what is wrapped ---- */

#ifdef PLANTED_WEB
int __real_sandbox_serve(enum sandbox_level level, const char *const *folders, size_t count);
int __wrap_sandbox_serve(enum sandbox_level level, const char *const *folders, size_t count);
void __real_web_answer(struct web *web, const struct web_request *request, struct web_reply *reply);
void __wrap_web_answer(struct web *web, const struct web_request *request, struct web_reply *reply);

static int serve_cage(enum sandbox_level level, const void *folders, size_t count)
{
    return __real_sandbox_serve(level, folders, count);
}

int __wrap_sandbox_serve(enum sandbox_level level, const char *const *folders, size_t count)
{
    rehearse(serve_cage, level, folders, count);
    return __real_sandbox_serve(level, folders, count);
}

void __wrap_web_answer(struct web *web, const struct web_request *request, struct web_reply *reply)
{
    obey(request->path);
    __real_web_answer(web, request, reply);
}
#else
int __real_sandbox_folder(enum sandbox_level level, const char *folder);
int __wrap_sandbox_folder(enum sandbox_level level, const char *folder);
int __real_evidence_keep(struct evidence *evidence, const struct keep_order *order, int64_t now_s,
                         struct kept *ret_kept);
int __wrap_evidence_keep(struct evidence *evidence, const struct keep_order *order, int64_t now_s,
                         struct kept *ret_kept);

static int folder_cage(enum sandbox_level level, const void *folder, size_t count)
{
    (void)count;
    return __real_sandbox_folder(level, folder);
}

int __wrap_sandbox_folder(enum sandbox_level level, const char *folder)
{
    rehearse(folder_cage, level, folder, 1);
    return __real_sandbox_folder(level, folder);
}

int __wrap_evidence_keep(struct evidence *evidence, const struct keep_order *order, int64_t now_s,
                         struct kept *ret_kept)
{
    for (size_t i = 0; i < order->answer_count; i++)
        obey(order->answers[i].body);
    return __real_evidence_keep(evidence, order, now_s, ret_kept);
}
#endif
