/*
 * The HTTP of the status page: the one file that knows libmicrohttpd is web_server.c. One thread, one loop. A
 * browser may be slow, many, or hostile: every connection has one request and a time in which it must be
 * over, and when there are too many, those that dawdle go first.
 */
#pragma once

#include "web/web.h"

struct web_server;

enum {
    SERVER_CONNECTIONS = 128,           /* at once; further ones wait in the listening socket's queue */
    SERVER_CONNECTION_BYTES = 32 << 10, /* bytes of memory for the head of a request */
    SERVER_IDLE_S = 10,                 /* seconds without a byte */
    SERVER_LIFE_MS = 30000,             /* milliseconds from the connection to the last byte of the answer */
    SERVER_DAWDLE_MS = 2000,            /* milliseconds for the head of a request, when there are too many */
    SERVER_ASK_MS = 5000,               /* milliseconds that the supervisor has to answer */
    SERVER_STATUS_MS = 3000,            /* milliseconds between questions after its status */
    SERVER_ASKS = 32,                   /* requests that wait for the supervisor */
};

/** Serves on the socket, which is taken. Returns 0 or a negative errno. */
int web_server_new(int listener, struct web *web, struct web_server **ret_server);

/** Until the supervisor's channel ends. Returns the exit code. */
int web_server_run(struct web_server *server, int channel);
