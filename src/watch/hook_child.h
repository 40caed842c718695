/* The start of a hook: what is between fork and exec. */
#pragma once

#include <sys/types.h>

/** A program that was started, all owned by the caller. */
struct hook_child {
    pid_t pid;  /**< also the number of its process group */
    int pidfd;  /**< readable once it has ended */
    int output; /**< standard output and error, non-blocking */
};

/** Starts argv[0] with `input` as standard input. Returns 0 or a negative errno; that the program cannot be
 * run is told by exit code 127 and a sentence on its output. */
int hook_child_start(char *const argv[], char *const environment[], int input, struct hook_child *ret_child);
