/* See web_server.h. */
#include "web/web_server.h"

#include "base/utf8.h"
#include "os/clock.h"
#include "pipeline/evidence/report.h"
#include "wire/message.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

/* One connection, from its first moment. */
struct guest {
    struct guest *next, **place;
    int fd;
    int64_t since_ms;
    bool asked; /* the head of its request is there */
    bool ended; /* it was told to go */
};

/* One request. */
struct call {
    struct call *next, **place; /* while it waits for the supervisor */
    struct MHD_Connection *connection;
    struct arena arena; /* of what it carries */
    struct web_request request;
    struct buf body;
    bool post, head, too_long, waiting;
    uint64_t job;
    int64_t until_ms;
    struct buf told;
    struct span told_span;
};

struct web_server {
    struct web *web;
    struct MHD_Daemon *daemon;
    int channel;
    struct guest *guests;
    size_t guest_count;
    struct call *waiting;
    size_t waiting_count;
    uint64_t last_job, status_job;
    int64_t status_ms;
};

enum { CALL_BYTES = 256 << 10, VALUE_BYTES = 8192, REPLY_BYTES = 16 << 20 };

/* ---- connections ---- */

static void on_connection(void *context, struct MHD_Connection *connection, void **own,
                          enum MHD_ConnectionNotificationCode code)
{
    struct web_server *server = context;
    struct guest *guest = *own;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        guest = calloc(1, sizeof(*guest));
        *own = guest;
        if (!guest)
            return;
        *guest = (struct guest){server->guests,    &server->guests, info ? info->connect_fd : -1,
                                clock_steady_ms(), false,           false};
        if (guest->next)
            guest->next->place = &guest->next;
        server->guests = guest;
        server->guest_count++;
    } else if (guest) {
        *guest->place = guest->next;
        if (guest->next)
            guest->next->place = guest->place;
        server->guest_count--;
        free(guest);
    }
}

static struct guest *guest_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* Ends connections that are too old. A socket that is shut down is found closed by the library. */
static void end_the_slow(struct web_server *server)
{
    int64_t now_ms = clock_steady_ms();
    bool crowded = server->guest_count > SERVER_CONNECTIONS * 3 / 4;
    for (struct guest *guest = server->guests; guest; guest = guest->next) {
        int64_t age_ms = now_ms - guest->since_ms;
        bool slow = age_ms >= SERVER_LIFE_MS || (crowded && !guest->asked && age_ms >= SERVER_DAWDLE_MS);
        if (slow && !guest->ended && guest->fd >= 0)
            shutdown(guest->fd, SHUT_RDWR);
        guest->ended |= slow;
    }
}

/* ---- requests ---- */

static struct span take(struct call *call, const char *text, size_t size)
{
    struct span value = {text, size};
    buf_auto clean = buf_new(3 * VALUE_BYTES);
    if (!text || size > VALUE_BYTES)
        return (struct span){NULL, 0};
    utf8_add_clean(&clean, value);
    return clean.failed ? (struct span){NULL, 0} : arena_copy(&call->arena, buf_span(&clean));
}

static struct span header(struct call *call, const char *name)
{
    const char *value = MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, name);
    return value ? take(call, value, strlen(value)) : (struct span){NULL, 0};
}

static enum MHD_Result on_argument(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                   const char *value, size_t value_size)
{
    struct call *call = context;
    struct web_request *request = &call->request;
    (void)kind;
    if (request->argument_count == WEB_ARGUMENTS)
        return MHD_NO;
    request->arguments[request->argument_count++] =
        (struct web_pair){take(call, name, name_size), take(call, value, value_size)};
    return MHD_YES;
}

static int hex(char one)
{
    return one >= '0' && one <= '9'   ? one - '0'
           : one >= 'a' && one <= 'f' ? one - 'a' + 10
           : one >= 'A' && one <= 'F' ? one - 'A' + 10
                                      : -1;
}

static struct span unescape(struct call *call, struct span text)
{
    buf_auto plain = buf_new(WEB_BODY_BYTES);
    for (size_t i = 0; i < text.size; i++) {
        bool coded =
            text.at[i] == '%' && i + 2 < text.size && hex(text.at[i + 1]) >= 0 && hex(text.at[i + 2]) >= 0;
        if (coded)
            buf_add_byte(&plain, (char)(hex(text.at[i + 1]) << 4 | hex(text.at[i + 2])));
        else
            buf_add_byte(&plain, text.at[i] == '+' ? ' ' : text.at[i]);
        i += coded ? 2 : 0;
    }
    return take(call, plain.at ? plain.at : "", plain.size);
}

static void read_form(struct call *call)
{
    struct web_request *request = &call->request;
    struct span rest = buf_span(&call->body);
    for (struct span piece; request->form_count < WEB_ARGUMENTS && span_next(&rest, '&', &piece);) {
        size_t equal = span_find(piece, SPAN("="), 0);
        request->form[request->form_count++] =
            (struct web_pair){unescape(call, span_cut(piece, 0, equal)),
                              unescape(call, span_cut(piece, equal + 1, piece.size))};
    }
}

/* As text: of a network of the sixth version as a whole, since who has one address there has them all. False
 * for one of this machine, and for a socket in the file system. */
static bool foreign_address(const struct sockaddr *from, char ret_text[INET6_ADDRSTRLEN])
{
    if (from && from->sa_family == AF_INET) {
        const struct in_addr *four = &((const struct sockaddr_in *)(const void *)from)->sin_addr;
        return (ntohl(four->s_addr) >> 24) != 127 && inet_ntop(AF_INET, four, ret_text, INET6_ADDRSTRLEN);
    }
    if (!from || from->sa_family != AF_INET6)
        return false;
    struct in6_addr six = ((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
    if (IN6_IS_ADDR_LOOPBACK(&six) || (IN6_IS_ADDR_V4MAPPED(&six) && six.s6_addr[12] == 127))
        return false;
    if (!IN6_IS_ADDR_V4MAPPED(&six))
        memset(&six.s6_addr[8], 0, 8);
    return inet_ntop(AF_INET6, &six, ret_text, INET6_ADDRSTRLEN);
}

/* Whom a proxy on this machine names is believed; nobody else's word is. */
static struct span address_of(struct call *call)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(call->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *from = info ? info->client_addr : NULL;
    char text[INET6_ADDRSTRLEN];
    if (foreign_address(from, text))
        return take(call, text, strlen(text));
    struct span named = session_last_hop(header(call, "X-Forwarded-For"));
    bool loopback = from && (from->sa_family == AF_INET || from->sa_family == AF_INET6);
    return named.size || !loopback ? named : SPAN("loopback");
}

static struct call *call_new(struct MHD_Connection *connection, const char *url, const char *method)
{
    struct call *call = calloc(1, sizeof(*call));
    if (!call)
        return NULL;
    call->connection = connection;
    call->arena = arena_new(CALL_BYTES);
    call->body = buf_new(WEB_BODY_BYTES);
    call->told = buf_new(REPLY_BYTES);
    call->post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
    call->head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
    struct web_request *request = &call->request;
    request->post = call->post;
    request->path = take(call, url, strlen(url));
    request->host = header(call, MHD_HTTP_HEADER_HOST);
    request->origin = header(call, "Origin");
    request->fetch_site = header(call, "Sec-Fetch-Site");
    request->cookie = header(call, MHD_HTTP_HEADER_COOKIE);
    request->accept_language = header(call, MHD_HTTP_HEADER_ACCEPT_LANGUAGE);
    request->scheme = header(call, "X-Forwarded-Proto");
    request->address = address_of(call);
    MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, on_argument, call);
    return call;
}

static void stop_waiting(struct web_server *server, struct call *call)
{
    if (!call->waiting)
        return;
    *call->place = call->next;
    if (call->next)
        call->next->place = call->place;
    call->waiting = false;
    server->waiting_count--;
}

static void call_free(struct web_server *server, struct call *call)
{
    stop_waiting(server, call);
    buf_free(&call->body);
    buf_free(&call->told);
    arena_free(&call->arena);
    free(call);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **own,
                         enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    if (*own)
        call_free(context, *own);
    *own = NULL;
}

/* ---- answers ---- */

static const char policy[] =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src "
    "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

static void add_headers(struct MHD_Response *response, struct web_reply *reply)
{
    static const char *const always[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
        {"Vary", "Cookie, Accept-Language"},
        {"Connection", "close"},
    };
    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
        MHD_add_response_header(response, always[i][0], always[i][1]);
    buf_auto strict = buf_new(1024);
    report_policy(&strict); /* its style and pictures are inside it, and no script */
    buf_add_text(&strict, "; frame-ancestors 'none'");
    MHD_add_response_header(response, "Content-Security-Policy", reply->report ? buf_text(&strict) : policy);
    MHD_add_response_header(response, "Referrer-Policy", reply->forms ? "same-origin" : "no-referrer");
    MHD_add_response_header(response, "Cache-Control", reply->lasting ? "private, max-age=300" : "no-store");
    if (reply->type)
        MHD_add_response_header(response, "Content-Type", reply->type);
    if (reply->location.size)
        MHD_add_response_header(response, "Location", buf_text(&reply->location));
    for (size_t i = 0; i < reply->cookie_count; i++)
        if (buf_text(&reply->cookies[i]))
            MHD_add_response_header(response, "Set-Cookie", buf_text(&reply->cookies[i]));
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct web_reply *reply)
{
    static char nothing[1];
    struct MHD_Response *response =
        MHD_create_response_from_buffer(reply->body.size, reply->body.at ? reply->body.at : nothing,
                                        reply->body.at ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    reply->body = buf_new(0); /* the library frees it */
    add_headers(response, reply);
    enum MHD_Result result = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *text)
{
    struct web_reply reply = {.status = status, .type = "text/plain; charset=utf-8", .body = buf_new(1024)};
    buf_add_text(&reply.body, text);
    enum MHD_Result result = send_reply(connection, &reply);
    web_reply_free(&reply);
    return result;
}

/* ---- asking the supervisor ---- */

static bool ask(struct web_server *server, struct span json, uint64_t *ret_job)
{
    *ret_job = ++server->last_job;
    return message_send(server->channel, MESSAGE_ASK, *ret_job, json, NULL, 0) == 0;
}

static enum MHD_Result wait_for(struct web_server *server, struct call *call, const struct web_reply *reply)
{
    if (server->waiting_count >= SERVER_ASKS || !ask(server, buf_span(&reply->ask), &call->job))
        return refuse(call->connection, 503, "the watch does not answer\n");
    call->next = server->waiting;
    call->place = &server->waiting;
    if (call->next)
        call->next->place = &call->next;
    server->waiting = call;
    server->waiting_count++;
    call->waiting = true;
    call->until_ms = clock_steady_ms() + SERVER_ASK_MS;
    MHD_suspend_connection(call->connection);
    return MHD_YES;
}

/* Lets it go on, with what was told or with nothing. */
static void go_on(struct web_server *server, struct call *call)
{
    stop_waiting(server, call);
    call->told_span = buf_span(&call->told);
    call->request.told = &call->told_span;
    MHD_resume_connection(call->connection);
}

static void end_waiting(struct web_server *server)
{
    int64_t now_ms = clock_steady_ms();
    for (struct call *call = server->waiting, *next; call; call = next) {
        next = call->next;
        if (now_ms >= call->until_ms)
            go_on(server, call);
    }
}

static void take_answer(struct web_server *server, const struct message *message)
{
    if (message->job == server->status_job) {
        web_take_status(server->web, message->payload, clock_wall_s());
        return;
    }
    for (struct call *call = server->waiting; call; call = call->next) {
        if (call->job != message->job)
            continue;
        buf_add_span(&call->told, message->payload);
        go_on(server, call);
        return;
    }
}

/* ---- the way of a request ---- */

static enum MHD_Result answer(struct web_server *server, struct call *call)
{
    struct web_reply reply;
    call->request.now_s = clock_wall_s();
    web_answer(server->web, &call->request, &reply);
    enum MHD_Result result =
        reply.ask.size ? wait_for(server, call, &reply) : send_reply(call->connection, &reply);
    web_reply_free(&reply);
    return result;
}

static bool is_method(const char *method)
{
    static const char *const methods[] = {MHD_HTTP_METHOD_GET, MHD_HTTP_METHOD_HEAD, MHD_HTTP_METHOD_POST};
    for (size_t i = 0; i < 3; i++)
        if (strcmp(method, methods[i]) == 0)
            return true;
    return false;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_size, void **own)
{
    struct web_server *server = context;
    struct call *call = *own;
    (void)version;
    if (!call) {
        struct guest *guest = guest_of(connection);
        if (guest)
            guest->asked = true;
        call = call_new(connection, url, method);
        *own = call;
        return call ? MHD_YES : MHD_NO;
    }
    if (*data_size) {
        call->too_long |= !call->post || !buf_add(&call->body, data, *data_size);
        *data_size = 0;
        return MHD_YES;
    }
    if (!is_method(method))
        return refuse(connection, 405, "GET, HEAD and POST only\n");
    if (call->too_long || call->arena.failed)
        return refuse(connection, 413, "that is too long\n");
    if (call->post && !call->request.told)
        read_form(call);
    return answer(server, call);
}

/* ---- the loop ---- */

/* What the library complains of is what clients do: it is not passed on. */
static void on_complaint(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

int web_server_new(int listener, struct web *web, struct web_server **ret_server)
{
    struct web_server *server = calloc(1, sizeof(*server));
    if (!server)
        return -ENOMEM;
    server->web = web;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, server,
        MHD_OPTION_EXTERNAL_LOGGER, on_complaint, NULL, MHD_OPTION_LISTEN_SOCKET, listener,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)SERVER_CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)SERVER_CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SERVER_IDLE_S,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        server, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!server->daemon) {
        free(server);
        return -EIO;
    }
    *ret_server = server;
    return 0;
}

static bool take_message(struct web_server *server)
{
    struct message message;
    int result = message_receive(server->channel, &message);
    if (result <= 0)
        return result == -EAGAIN;
    bool good = true;
    if (message.type == MESSAGE_TOLD)
        take_answer(server, &message);
    else
        good = message.type == MESSAGE_ROLL && web_snapshot_roll(server->web->snapshot, message.payload);
    message_free(&message);
    return good;
}

static void ask_status(struct web_server *server)
{
    int64_t now_ms = clock_steady_ms();
    if (server->status_ms && now_ms - server->status_ms < SERVER_STATUS_MS)
        return;
    server->status_ms = now_ms;
    ask(server, SPAN("{\"command\":\"status\"}"), &server->status_job);
}

int web_server_run(struct web_server *server, int channel)
{
    enum { WAIT_MS = 500 };
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd ends[2] = {{info ? info->epoll_fd : -1, POLLIN, 0}, {channel, POLLIN, 0}};
    server->channel = channel;
    for (;;) {
        MHD_UNSIGNED_LONG_LONG wait_ms = WAIT_MS;
        ask_status(server);
        if (MHD_get_timeout(server->daemon, &wait_ms) != MHD_YES || wait_ms > WAIT_MS)
            wait_ms = WAIT_MS;
        if (poll(ends, 2, (int)wait_ms) < 0 && errno != EINTR)
            return EXIT_FAILURE;
        if ((ends[1].revents && !take_message(server)) || MHD_run(server->daemon) != MHD_YES)
            return EXIT_SUCCESS;
        end_waiting(server);
        end_the_slow(server);
    }
}
