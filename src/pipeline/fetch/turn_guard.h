/*
 * A turn that does not end. libcurl reads a connection until nothing is there or something has come for the
 * page; a server that sends frames which mean nothing, faster than they are read, keeps it inside one call
 * for as long as it likes, and with it every other transfer and every time limit (HTTP/2: empty DATA frames,
 * SETTINGS, PING). Nothing of ours is called in there but a signal: where one turn uses up two ticks of
 * processor time, the connection that took most in since the first is shut, and libcurl sees it end.
 */
#pragma once

enum {
    TURN_GUARD_TICK_MS = 500, /* of this process's processor time, so that a busy machine makes nobody guilty:
                                 a turn takes 1 */
    TURN_GUARD_SOCKETS = 1024,    /* connections watched; the usual limit of descriptors */
    TURN_GUARD_LEAST = 256 << 10, /* bytes taken in within a tick: what took less did not hold the turn up */
};

/** Begins to watch; once a process. Returns 0 or a negative errno. */
int turn_guard_start(void);

/** A turn begins: whatever went before has ended. */
void turn_guard_turn(void);

/** A connection that may hold a turn up, and one that is closed. More than TURN_GUARD_SOCKETS are not
 * watched. */
void turn_guard_add(int fd);
void turn_guard_remove(int fd);
