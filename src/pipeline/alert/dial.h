/* Connections that wait no longer than they may; for the ways that speak over a socket of their own. */
#pragma once

#include "base/span.h"

#include <stdint.h>

/** Milliseconds left until `deadline_ms` (clock_steady_ms()), 0 when it is over. */
int dial_left(int64_t deadline_ms);

/** Waits until the socket can be written (or read). Returns 0, -ETIMEDOUT or a negative errno. */
int dial_wait(int fd, short events, int64_t deadline_ms);

/** A connected non-blocking datagram socket to the local socket `path`. Returns it or a negative errno. */
int dial_local(const char *path, int64_t deadline_ms);

/** The same to a host and port, as SOCK_STREAM or SOCK_DGRAM, trying each of its addresses. -EHOSTUNREACH for
 * a name that is not found. */
int dial_host(const char *host, const char *port, int type, int64_t deadline_ms);

/** Sends all bytes. Returns 0 or a negative errno. */
int dial_send(int fd, struct span bytes, int64_t deadline_ms);

/** True when the other end of a kept connection is gone, which only reading tells. */
bool dial_is_stale(int fd);
