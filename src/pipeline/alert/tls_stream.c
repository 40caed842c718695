/* See tls_stream.h. */
#include "pipeline/alert/tls_stream.h"

#include "os/clock.h"
#include "pipeline/alert/dial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdlib.h>

enum { OBJECTION_MS = 300 /* a round trip across a continent */ };

struct tls_settings {
    SSL_CTX *context;
};

struct tls_stream {
    SSL *ssl;
    bool settled; /* the first message went through */
};

/* ---- settings ---- */

static void add_reason(struct buf *detail, const char *what)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    buf_add_format(detail, "%s%s%s", what, reason ? ": " : "", reason ? reason : "");
    ERR_clear_error();
}

static int load_authorities(SSL_CTX *context, const struct sink_order *order, struct buf *detail)
{
    int loaded = order->ca_file.size ? SSL_CTX_load_verify_locations(context, order->ca_file.at, NULL)
                                     : SSL_CTX_set_default_verify_paths(context);
    if (loaded == 1)
        return 0;
    buf_add_format(detail, "the authorities in %s cannot be read",
                   order->ca_file.size ? order->ca_file.at : "the system's folder");
    add_reason(detail, "");
    return -EINVAL;
}

static int load_own(SSL_CTX *context, const struct sink_order *order, struct buf *detail)
{
    if (order->cert_file.size == 0)
        return 0;
    const char *key = order->key_file.size ? order->key_file.at : order->cert_file.at;
    if (SSL_CTX_use_certificate_chain_file(context, order->cert_file.at) == 1 &&
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1 &&
        SSL_CTX_check_private_key(context) == 1)
        return 0;
    buf_add_format(detail, "our own certificate %s or its key %s cannot be used", order->cert_file.at, key);
    add_reason(detail, "");
    return -EINVAL;
}

int tls_settings_new(const struct sink_order *order, struct tls_settings **ret_settings, struct buf *detail)
{
    struct tls_settings *settings = calloc(1, sizeof(*settings));
    if (!settings)
        return -ENOMEM;
    settings->context = SSL_CTX_new(TLS_client_method());
    int result = settings->context ? 0 : -ENOMEM;
    if (result == 0) {
        SSL_CTX_set_min_proto_version(settings->context, TLS1_2_VERSION);
        SSL_CTX_set_verify(settings->context, SSL_VERIFY_PEER, NULL);
        SSL_CTX_set_mode(settings->context,
                         SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        result = load_authorities(settings->context, order, detail);
    }
    if (result == 0)
        result = load_own(settings->context, order, detail);
    if (result < 0) {
        tls_settings_free(settings);
        return result;
    }
    *ret_settings = settings;
    return 0;
}

void tls_settings_free(struct tls_settings *settings)
{
    if (!settings)
        return;
    SSL_CTX_free(settings->context);
    free(settings);
}

/* ---- a connection ---- */

/* What to do after a call that returned `result`: 0 to try again, or a negative errno. */
static int wait_or_fail(struct tls_stream *stream, int result, int64_t deadline_ms, struct buf *detail)
{
    switch (SSL_get_error(stream->ssl, result)) {
    case SSL_ERROR_WANT_READ: return dial_wait(SSL_get_fd(stream->ssl), POLLIN, deadline_ms);
    case SSL_ERROR_WANT_WRITE: return dial_wait(SSL_get_fd(stream->ssl), POLLOUT, deadline_ms);
    case SSL_ERROR_ZERO_RETURN: return -ECONNRESET;
    case SSL_ERROR_SYSCALL: ERR_clear_error(); return errno ? -errno : -ECONNRESET;
    default: break;
    }
    long verified = SSL_get_verify_result(stream->ssl);
    if (verified != X509_V_OK)
        buf_add_format(detail, "the certificate is refused: %s", X509_verify_cert_error_string(verified));
    else
        add_reason(detail, "TLS");
    ERR_clear_error();
    return verified != X509_V_OK ? -EKEYREJECTED : -EPROTO;
}

/* The name is asked of the certificate, and told to the server unless it is an address. */
static bool set_host(SSL *ssl, const char *host)
{
    unsigned char address[16];
    bool numeric = inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (numeric)
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1;
    return SSL_set1_host(ssl, host) == 1 && SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME,
                                                     TLSEXT_NAMETYPE_host_name, (void *)(uintptr_t)host) == 1;
}

static int shake_hands(struct tls_stream *stream, int64_t deadline_ms, struct buf *detail)
{
    int result;
    while ((result = SSL_connect(stream->ssl)) != 1) {
        result = wait_or_fail(stream, result, deadline_ms, detail);
        if (result < 0)
            return result;
    }
    return 0;
}

int tls_stream_new(struct tls_settings *settings, int fd, const char *host, int64_t deadline_ms,
                   struct tls_stream **ret_stream, struct buf *detail)
{
    struct tls_stream *stream = calloc(1, sizeof(*stream));
    if (!stream)
        return -ENOMEM;
    stream->ssl = SSL_new(settings->context);
    bool ready = stream->ssl && SSL_set_fd(stream->ssl, fd) == 1 && set_host(stream->ssl, host);
    int result = ready ? shake_hands(stream, deadline_ms, detail) : -ENOMEM;
    if (result < 0) {
        tls_stream_free(stream);
        return result;
    }
    *ret_stream = stream;
    return 0;
}

void tls_stream_free(struct tls_stream *stream)
{
    if (!stream)
        return;
    SSL_free(stream->ssl);
    free(stream);
    ERR_clear_error();
}

/* A collector says nothing but tickets and alerts. Returns 0, or a negative errno for an end or an alert. */
static int hear_objection(struct tls_stream *stream, struct buf *detail)
{
    char bytes[64];
    int result = SSL_read(stream->ssl, bytes, sizeof(bytes));
    if (result > 0)
        return 0;
    int kind = SSL_get_error(stream->ssl, result);
    if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE)
        return 0;
    return wait_or_fail(stream, result, 0, detail);
}

static int settle(struct tls_stream *stream, struct buf *detail)
{
    int64_t deadline_ms = clock_steady_ms() + OBJECTION_MS;
    int result = 0;
    while (result == 0 && dial_wait(SSL_get_fd(stream->ssl), POLLIN, deadline_ms) == 0 &&
           dial_left(deadline_ms))
        result = hear_objection(stream, detail);
    stream->settled = result == 0;
    return result;
}

int tls_stream_send(struct tls_stream *stream, struct span bytes, int64_t deadline_ms, struct buf *detail)
{
    while (bytes.size) {
        size_t put = 0;
        int result = SSL_write_ex(stream->ssl, bytes.at, bytes.size, &put);
        if (result != 1)
            result = wait_or_fail(stream, result, deadline_ms, detail);
        if (result < 0)
            return result;
        bytes = span_cut(bytes, put, bytes.size);
    }
    return stream->settled ? 0 : settle(stream, detail);
}

bool tls_stream_is_stale(struct tls_stream *stream)
{
    buf_auto unsaid = buf_new(256);
    return hear_objection(stream, &unsaid) < 0;
}
