/* Listening sockets, made where the rights for it are, and handed to whoever accepts. */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

/**
 * Binds and listens, close-on-exec and non-blocking. A Unix socket (mode 0660) takes the place of one that
 * nobody listens at any more, never of anything else. Returns the descriptor or a negative errno: -EADDRINUSE
 * when somebody listens there.
 */
int listener_open(const struct sockaddr *address, socklen_t size, int backlog);
