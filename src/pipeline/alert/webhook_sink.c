/* The way to a webhook: the notice as it is, signed when there is a key; only a status of 2xx counts as
 * taken. */
#include "os/clock.h"
#include "pipeline/alert/alert.h"
#include "pipeline/alert/curl_way.h"
#include "pipeline/alert/secret.h"
#include "pipeline/alert/way_kinds.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { HEADERS = 6, BODY_BYTES = 4 * NOTICE_BYTES };

struct webhook_sink {
    struct curl_way *curl;
    struct secret key;
};

static void close_sink(void *state)
{
    struct webhook_sink *sink = state;
    curl_way_free(sink->curl);
    secret_wipe(&sink->key);
    free(sink);
}

static int open_sink(const struct sink_order *order, void **ret_state, struct buf *detail)
{
    struct webhook_sink *sink = calloc(1, sizeof(*sink));
    if (!sink)
        return -ENOMEM;
    int result = order->secret_file.size ? secret_read(order->secret_file.at, &sink->key, detail) : 0;
    if (result == 0)
        result = curl_way_new(order, &sink->curl, detail);
    if (result < 0) {
        close_sink(sink);
        return result;
    }
    *ret_state = sink;
    return 0;
}

static int send_notice(void *state, const struct notice *notice, struct span body, struct buf *detail)
{
    struct webhook_sink *sink = state;
    char id[NOTICE_ID_BYTES + 32], at[64], signature[SIGNATURE_BYTES], signed_by[SIGNATURE_BYTES + 32];
    const char *headers[HEADERS] = {"Content-Type: application/json", "Expect:", id, at, signed_by};
    buf_auto own = buf_new(BODY_BYTES);
    int64_t now_s = clock_wall_s();
    if (body.size == 0) {
        notice_line(notice, &own);
        body = buf_span(&own);
    }
    snprintf(id, sizeof(id), "X-Varta-Id: %.*s", (int)notice->id.size, notice->id.at);
    snprintf(at, sizeof(at), "X-Varta-Timestamp: %lld", (long long)now_s);
    bool has_key = sink->key.size > 0;
    int result = own.failed ? -ENOMEM : 0;
    if (result == 0 && has_key)
        result = signature_make((struct span){sink->key.at, sink->key.size}, now_s, body, signature);
    if (result < 0)
        return result;
    if (has_key)
        snprintf(signed_by, sizeof(signed_by), "X-Varta-Signature: %s", signature);
    return curl_way_post(sink->curl, headers, has_key ? 5 : 4, body, detail);
}

const struct way_kind way_webhook = {open_sink, send_notice, close_sink, NULL};
