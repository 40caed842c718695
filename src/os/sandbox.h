/*
 * The cages. A helper that meets the attacker's bytes first loads what it needs, then locks itself in: layers
 * that do not depend on one another, so that a missing one (an old kernel, a container that forbids it)
 * leaves the rest standing.
 *
 *     no_new_privs, not dumpable      no set-uid program, no core dump, no ptrace by others
 *     another user                    when started by root: nobody
 *     rlimits                         address space, CPU, files, processes
 *     Landlock                        no path of the file system at all
 *     seccomp                         a list of allowed system calls; any other kills the process (the
 * supervisor: a list of refused ones)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sandbox_level {
    SANDBOX_STRICT,   /**< all layers; a forbidden call kills */
    SANDBOX_TOLERANT, /**< all layers; a forbidden call fails with EPERM instead */
    SANDBOX_OFF       /**< rlimits only: for debuggers and sanitizers */
};

/** "strict", "tolerant", "off". */
const char *sandbox_level_name(enum sandbox_level level);

/** The level of that name. Returns 0 or -EINVAL. */
int sandbox_level_parse(const char *name, enum sandbox_level *ret_level);

/** What one job may use. 0 means no limit. */
struct sandbox_limits {
    uint64_t memory_bytes; /**< RLIMIT_AS */
    uint32_t cpu_s;        /**< RLIMIT_CPU, seconds */
    uint64_t file_bytes;   /**< RLIMIT_FSIZE: the largest memory file it may write, its answer */
};

/** Layers this kernel or its surroundings refused, as a bit set; 0 is the wish. */
enum sandbox_missing { SANDBOX_NO_LANDLOCK = 1, SANDBOX_NO_SECCOMP = 2, SANDBOX_NO_USER = 4 };

/** The filter that the children of a template put on; prepared by sandbox_template(). */
struct sandbox_filter {
    void *program; /**< struct sock_filter array, owned for the process's life */
    size_t count;
};

/**
 * Locks in a template process: it may receive, fork, wait and kill, nothing else. Returns the missing layers,
 * or a negative errno when not even no_new_privs could be had. `*ret_filter` is what its children put on with
 * sandbox_job().
 */
int sandbox_template(enum sandbox_level level, struct sandbox_filter *ret_filter);

/** Locks in a job child of a template, for its one job. Returns 0 or a negative errno. */
int sandbox_job(enum sandbox_level level, const struct sandbox_filter *filter,
                const struct sandbox_limits *limits);

/**
 * Narrows a helper that needs the network (fetch, deliver): another user than root; of the files only those
 * that name look-up, certificates and the locale need, and `more` (a file or folder, may be NULL), to be
 * read; an allow list of system calls, without exec, fork, ptrace, signals or new executable memory; sockets
 * of the internet's families, local ones only if `local` or the machine's way of looking up names needs them.
 * Returns as sandbox_template().
 */
int sandbox_network(enum sandbox_level level, bool local, const char *certificates);

/**
 * Before sandbox_network(): of TCP only these ports may be connected to, and none be listened at. Kernels
 * before Linux 6.7 know no such layer, and do without. Returns 0 or a negative errno.
 */
int sandbox_ports(enum sandbox_level level, const uint16_t *ports, size_t count);

/**
 * Narrows a helper that appends to files in one folder (deliver's file sinks) and needs nothing else: no
 * network, no other path than files of `folder`, which may be made and written, never read. It stays the
 * user it is, for the files are that user's. Returns as sandbox_template().
 */
int sandbox_append(enum sandbox_level level, const char *folder);

/**
 * Narrows the status page's process: it accepts on the sockets it has, opens none, and reads below the
 * folders
 * (`count` paths; one that is NULL or not there is passed over), never writes. It stays the user it is, for
 * the files are that user's. Returns as sandbox_template().
 */
int sandbox_serve(enum sandbox_level level, const char *const *folders, size_t count);

/**
 * Narrows a helper that keeps files below one folder (keep) and needs nothing else: it reads, writes, renames
 * and removes there, and sees no other path; no network. It stays the user it is. Returns as
 * sandbox_template().
 */
int sandbox_folder(enum sandbox_level level, const char *folder);

/**
 * Bounds the address space of a helper that lives on between its orders, on every level, and before its cage:
 * without memory it says so or ends and is started anew, and nobody else lacks it. Returns 0 or a negative
 * errno.
 */
int sandbox_memory(uint64_t bytes);

/**
 * Narrows the supervisor: no_new_privs, no core dumps, and system calls that it never needs refused with
 * EPERM on every level, for the operator's hooks inherit it. Returns the missing layers or a negative errno.
 */
int sandbox_supervisor(enum sandbox_level level);

/** False in a build with AddressSanitizer, which cannot live in a cage. */
bool sandbox_cages(void);
