/*
 * TLS to a collector: the certificate must be valid, from an authority that is trusted, and for the name that
 * stands in the configuration; there is no way to switch that off.
 */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"

/** Authorities and our own certificate, read once. */
struct tls_settings;

/** Reads ca_file (or takes the system's authorities), cert_file and key_file of the order. Returns 0, or a
 * negative errno and why in `detail`. */
int tls_settings_new(const struct sink_order *order, struct tls_settings **ret_settings, struct buf *detail);
void tls_settings_free(struct tls_settings *settings);

/** One connection. */
struct tls_stream;

/**
 * Shakes hands over the connected non-blocking socket `fd`, which stays the caller's. `host` is a name or a
 * numeric address that the certificate must be for. Returns 0, or a negative errno and why in `detail`:
 * -EKEYREJECTED for a certificate that is refused, -ETIMEDOUT, -EPROTO.
 */
int tls_stream_new(struct tls_settings *settings, int fd, const char *host, int64_t deadline_ms,
                   struct tls_stream **ret_stream, struct buf *detail);
void tls_stream_free(struct tls_stream *stream);

/** Sends all bytes. After the first it waits a moment for the other side's objection: with TLS 1.3 a server
 * refuses our certificate only after we think that all is well. Returns 0 or a negative errno. */
int tls_stream_send(struct tls_stream *stream, struct span bytes, int64_t deadline_ms, struct buf *detail);

/** True when the other end has closed the connection. */
bool tls_stream_is_stale(struct tls_stream *stream);
