/*
 * Helpers are programs of their own, started by exec: a fresh address space that links only what it needs,
 * one socket to the supervisor as descriptor 3, a pipe of its own as standard error, and nothing else
 * inherited.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

enum { SPAWN_CHANNEL = 3 }; /**< the helper's end of the socket */

/**
 * Starts `name` (like "varta-read") from the folder of this program, or from the installed helper folder.
 * `argv` ends in NULL and leaves argv[0] out; NULL for no arguments. `complaints` becomes its standard error
 * and stays the caller's. Returns 0 and the process with the supervisor's end of a SOCK_SEQPACKET pair
 * (non-blocking, close-on-exec), or a negative errno: -ENOENT when no such program stands there.
 */
int spawn_helper(const char *name, char *const argv[], int complaints, pid_t *ret_pid, int *ret_channel);

/** Where data files like the models are: `name` beside the program when it runs from the build folder, else
 * the installed place. Writes a path that ends in NUL; returns 0 or -ENOENT. */
int spawn_data_path(const char *name, char *ret_path, size_t size);
