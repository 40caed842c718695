/*
 * Fetching through libcurl's multi interface; the one file that knows libcurl. Two dangers shape it: a server
 * may send without end (each transfer has ceilings in bytes and time) and may lead elsewhere (each
 * connection's real address is judged twice, when it is opened and again before a request goes over a kept
 * one).
 */
#include "pipeline/fetch/fetch.h"

#include "base/address.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "os/clock.h"
#include "pipeline/fetch/exchanges.h"
#include "pipeline/fetch/fetch_limits.h"
#include "pipeline/fetch/turn_guard.h"
#include "pipeline/fetch/url_inside.h"
#include "pipeline/fetch/wire_text.h"
#include "pipeline/fetch/witness.h"

#include <curl/curl.h>
#include <errno.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

struct transfer {
    struct transfer *next, *previous;
    uint64_t job;
    CURL *easy;
    CURLU *address;
    uint64_t host;            /* hash of host and port */
    bool started;             /* given to libcurl; before it waits for its host, and its time does not run */
    struct fetch_order order; /* its text lives in capture.arena */
    struct capture capture;
    struct buf body;
    struct curl_slist *headers; /* sent beside libcurl's own */
    size_t header_bytes;        /* of all answers to this order */
    size_t hop_room;
    int64_t sent_s;             /* Date of the last answer; 0 for none */
    struct exchanges exchanges; /* of an order with `record` */
    struct witness *witness;    /* of certificates that are refused; of such an order */
    bool forbidden;             /* an address was refused */
    bool cut;                   /* the body's ceiling was met */
    bool swollen;               /* more came over the wire than the body's ceiling */
    bool asked;                 /* a request is under way that no status line answered */
    bool head_open;             /* the head of the last answer did not come to its end */
};

struct fetcher {
    CURLM *multi;
    int poll;       /* epoll's descriptor: a turn costs what happened, not what is open */
    int other;      /* what is watched beside libcurl's sockets; -1 for none yet */
    int64_t due_ms; /* when libcurl wants to be called whatever happens; -1 for never */
    const char *ca_file;
    fetch_done_fn *done;
    void *context;
    struct transfer *transfers;
    size_t busy;
};

enum {
    CAPTURE_CEILING = 2 << 20, /* heads that grew in it included */
    EVENTS = 64                /* taken in one turn */
};

static enum outcome outcome_of(CURLcode code)
{
    static const struct {
        CURLcode code;
        enum outcome outcome;
    } table[] = {
        {CURLE_OK, OUTCOME_OK},
        {CURLE_UNSUPPORTED_PROTOCOL, OUTCOME_BAD_SCHEME},
        {CURLE_URL_MALFORMAT, OUTCOME_BAD_URL},
        {CURLE_COULDNT_RESOLVE_HOST, OUTCOME_NOT_RESOLVED},
        {CURLE_COULDNT_CONNECT, OUTCOME_REFUSED},
        {CURLE_OPERATION_TIMEDOUT, OUTCOME_TIMEOUT},
        {CURLE_SSL_CONNECT_ERROR, OUTCOME_TLS_FAILED},
        {CURLE_SSL_CIPHER, OUTCOME_TLS_FAILED},
        {CURLE_PEER_FAILED_VERIFICATION, OUTCOME_CERTIFICATE},
        {CURLE_SSL_CERTPROBLEM, OUTCOME_CERTIFICATE},
        {CURLE_SSL_ISSUER_ERROR, OUTCOME_CERTIFICATE},
        {CURLE_GOT_NOTHING, OUTCOME_RESET},
        {CURLE_RECV_ERROR, OUTCOME_RESET},
        {CURLE_SEND_ERROR, OUTCOME_RESET},
        {CURLE_PARTIAL_FILE, OUTCOME_RESET},
        {CURLE_HTTP2_STREAM, OUTCOME_RESET},
        {CURLE_TOO_MANY_REDIRECTS, OUTCOME_REDIRECTS},
        {CURLE_BAD_CONTENT_ENCODING, OUTCOME_BAD_ENCODING},
        {CURLE_OUT_OF_MEMORY, OUTCOME_NO_MEMORY},
        {CURLE_SSL_CACERT_BADFILE, OUTCOME_FILE},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].code == code)
            return table[i].outcome;
    return OUTCOME_PROTOCOL;
}

/* ---- what the server sends ---- */

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t got = size * count;
    size_t room = transfer->order.body_limit - transfer->body.size;
    bool fits = got <= room;
    if (!buf_add(&transfer->body, bytes, fits ? got : room))
        return 0;
    transfer->cut = !fits;
    return fits ? got : 0;
}

/* What comes over the wire, before it is unpacked: a stream may unpack to nothing for ever. */
static int on_progress(void *context, curl_off_t all, curl_off_t got, curl_off_t to_send, curl_off_t sent)
{
    struct transfer *transfer = context;
    (void)all;
    (void)to_send;
    (void)sent;
    transfer->swollen = got > (curl_off_t)transfer->order.body_limit + FETCH_WIRE_SPARE;
    return transfer->swollen ? 1 : 0;
}

static void forget_headers(struct capture *capture)
{
    capture->content_type = capture->etag = capture->modified = capture->server = (struct span){NULL, 0};
    capture->retry_after_s = 0;
}

static void on_location(struct transfer *transfer)
{
    struct capture *capture = &transfer->capture;
    char *effective = NULL;
    if (capture->status < 300 || capture->status > 399)
        return;
    curl_easy_getinfo(transfer->easy, CURLINFO_EFFECTIVE_URL, &effective);
    struct hop *grown = arena_grow(&capture->arena, capture->hops, capture->hop_count, &transfer->hop_room,
                                   sizeof(*capture->hops));
    if (!grown || !effective)
        return;
    capture->hops = grown;
    capture->hops[capture->hop_count++] =
        (struct hop){capture->status, wire_text_address(&transfer->capture.arena, effective)};
}

static void on_header_line(struct transfer *transfer, struct span name, struct span value)
{
    struct capture *capture = &transfer->capture;
    if (span_equal_nocase(name, SPAN("content-type")))
        capture->content_type = wire_text_header(&transfer->capture.arena, value);
    else if (span_equal_nocase(name, SPAN("etag")))
        capture->etag = wire_text_header(&transfer->capture.arena, value);
    else if (span_equal_nocase(name, SPAN("last-modified")))
        capture->modified = wire_text_header(&transfer->capture.arena, value);
    else if (span_equal_nocase(name, SPAN("date")))
        transfer->sent_s = wire_text_date(value);
    else if (span_equal_nocase(name, SPAN("server")))
        capture->server = wire_text_header(&transfer->capture.arena, value);
    else if (span_equal_nocase(name, SPAN("location")))
        on_location(transfer);
}

/* ---- for evidence: heads as they go over the wire ---- */

static void record_line(struct transfer *transfer, struct span line)
{
    char *address = NULL;
    struct span from = {NULL, 0};
    if (!transfer->order.record)
        return;
    if (span_starts(line, SPAN("HTTP/")) &&
        transfer->order.proxy.size == 0 && /* which is no address of the page's */
        curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address)
        from = wire_text_header(&transfer->capture.arena, span_of(address));
    exchanges_line(&transfer->exchanges, line, transfer->capture.status, from);
}

/* The address as archives name it: an international host in ASCII, as it went over the wire. */
static struct span wire_address(struct transfer *transfer, const char *url)
{
    char *plain = NULL;
    struct span address = {NULL, 0};
#ifdef CURLU_PUNYCODE
    CURLU *parts = curl_url();
    if (parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_URL, &plain, CURLU_PUNYCODE) == CURLUE_OK)
        address = wire_text_address(&transfer->capture.arena, plain);
    curl_url_cleanup(parts);
#endif
    curl_free(plain);
    return address.size ? address : wire_text_address(&transfer->capture.arena, url);
}

static int on_debug(CURL *easy, curl_infotype type, char *bytes, size_t size, void *context)
{
    struct transfer *transfer = context;
    char *url = NULL;
    if (type == CURLINFO_HEADER_OUT && curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url) == CURLE_OK &&
        url)
        exchanges_request(&transfer->exchanges, (struct span){bytes, size}, wire_address(transfer, url),
                          clock_wall_us());
    return 0;
}

/* libcurl tells what it sends only to who asks for everything it does. */
static void set_record(struct transfer *transfer)
{
    transfer->exchanges = (struct exchanges){.arena = &transfer->capture.arena};
    if (!transfer->order.record)
        return;
    curl_easy_setopt(transfer->easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(transfer->easy, CURLOPT_DEBUGFUNCTION, on_debug);
    curl_easy_setopt(transfer->easy, CURLOPT_DEBUGDATA, transfer);
}

static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    struct span line = {bytes, size * count};
    transfer->header_bytes += line.size;
    if (transfer->header_bytes > FETCH_HEADER_TOTAL)
        return 0;
    if (span_starts(line, SPAN("HTTP/"))) {
        long status = 0;
        curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
        transfer->capture.status = (uint16_t)status;
        transfer->asked = false;
        transfer->head_open = true;
        forget_headers(&transfer->capture);
        transfer->sent_s = 0;
        record_line(transfer, line);
        return line.size;
    }
    transfer->head_open = transfer->head_open && span_trim(line).size > 0;
    record_line(transfer, line);
    size_t colon = span_find(line, SPAN(":"), 0);
    if (colon < line.size)
        on_header_line(transfer, span_cut(line, 0, colon), span_cut(line, colon + 1, line.size));
    return line.size;
}

/* ---- where it may lead ---- */

/* Through a proxy the connection goes to the proxy, which the operator named. Of where it goes from there an
 * address in numbers is ours to see; a name is the proxy's to look up. */
static bool names_inside(const struct transfer *transfer)
{
    char *url = NULL;
    return curl_easy_getinfo(transfer->easy, CURLINFO_EFFECTIVE_URL, &url) != CURLE_OK || !url ||
           url_names_inside(url);
}

static bool may_be_private(const struct transfer *transfer)
{
    return transfer->order.allow_private || (transfer->order.proxy.size > 0 && !names_inside(transfer));
}

static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = context;
    if (purpose != CURLSOCKTYPE_IPCXN)
        return CURL_SOCKET_BAD;
    if (!may_be_private(transfer) && !address_is_public(&address->addr)) {
        transfer->forbidden = true;
        return CURL_SOCKET_BAD;
    }
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd >= 0)
        turn_guard_add(fd);
    return fd;
}

static int on_close(void *context, curl_socket_t fd)
{
    (void)context;
    turn_guard_remove(fd);
    return close(fd);
}

static int on_request(void *context, char *remote, char *local, int remote_port, int local_port)
{
    struct transfer *transfer = context;
    (void)local;
    (void)remote_port;
    (void)local_port;
    transfer->asked = true;
    if (may_be_private(transfer) || (remote && address_text_is_public(remote)))
        return CURL_PREREQFUNC_OK;
    transfer->forbidden = true;
    return CURL_PREREQFUNC_ABORT;
}

/* ---- the end of a transfer ---- */

/* What breaks off is shown by a browser as far as it came, so it is kept, however the server broke it: a page
 * must not be hidden by an answer that never ends or by a reset in place of an end. Only what we ended
 * ourselves is no page. */
static bool breaks_off(const struct transfer *transfer, CURLcode code)
{
    bool ended_by_us = code == CURLE_OK || code == CURLE_WRITE_ERROR || code == CURLE_OUT_OF_MEMORY ||
                       code == CURLE_ABORTED_BY_CALLBACK || code == CURLE_TOO_MANY_REDIRECTS;
    if (transfer->capture.status == 0 || transfer->body.size == 0)
        return false;
    return transfer->swollen || !ended_by_us;
}

/* libcurl calls an answer without a status line a protocol that it does not speak, as it does an address of
 * another scheme, and takes a head that broke off for one without a body. */
static enum outcome outcome_of_answer(const struct transfer *transfer, CURLcode code)
{
    if (code == CURLE_UNSUPPORTED_PROTOCOL && transfer->asked)
        return OUTCOME_PROTOCOL;
    return code == CURLE_OK && transfer->head_open ? OUTCOME_RESET : outcome_of(code);
}

static void note_ending(struct transfer *transfer, CURLcode code)
{
    struct capture *capture = &transfer->capture;
    capture->outcome = transfer->swollen ? OUTCOME_TOO_LARGE : outcome_of_answer(transfer, code);
    if (transfer->forbidden && code != CURLE_OK)
        capture->outcome = OUTCOME_FORBIDDEN_ADDRESS;
    else if (transfer->cut)
        capture->outcome = OUTCOME_OK;
    else if (transfer->header_bytes > FETCH_HEADER_TOTAL)
        capture->outcome = OUTCOME_TOO_LARGE;
    else if (transfer->body.failed)
        capture->outcome = OUTCOME_NO_MEMORY;
    else if (breaks_off(transfer, code)) {
        capture->broke =
            code == CURLE_PARTIAL_FILE ? OUTCOME_OK : capture->outcome; /* a wrong length is common */
        capture->outcome = OUTCOME_OK;
        capture->body_cut = true;
    }
    capture->body_cut = capture->body_cut || transfer->cut;
    if (code != CURLE_OK && !transfer->forbidden && !transfer->cut)
        capture->detail = capture->outcome == OUTCOME_PROTOCOL && code == CURLE_UNSUPPORTED_PROTOCOL
                              ? SPAN("the answer is no HTTP")
                              : arena_copy(&capture->arena, span_of(curl_easy_strerror(code)));
}

static uint16_t http_version(long version)
{
    switch (version) {
    case CURL_HTTP_VERSION_1_0: return 10;
    case CURL_HTTP_VERSION_1_1: return 11;
    case CURL_HTTP_VERSION_2_0: return 20;
    default: return 0;
    }
}

/* The certificates as they came, and what the server's own says; for evidence. */
static void keep_chain(struct transfer *transfer, const struct curl_certinfo *chain)
{
    struct capture *capture = &transfer->capture;
    capture->chain = arena_alloc(&capture->arena, FETCH_CHAIN, sizeof(*capture->chain));
    for (int i = 0; capture->chain && i < chain->num_of_certs && i < FETCH_CHAIN; i++)
        for (const struct curl_slist *line = chain->certinfo[i]; line; line = line->next) {
            struct span text = span_of(line->data);
            if (span_starts(text, SPAN("Cert:")) && text.size <= FETCH_CERTIFICATE_BYTES && utf8_valid(text))
                capture->chain[capture->chain_count++] =
                    arena_copy(&capture->arena, span_cut(text, 5, text.size));
        }
    for (const struct curl_slist *line = chain->certinfo[0]; line; line = line->next) {
        struct span text = span_of(line->data);
        if (span_starts(text, SPAN("Start date:")))
            capture->valid_from = wire_text_header(&transfer->capture.arena, span_cut(text, 11, text.size));
        else if (span_starts(text, SPAN("Expire date:")))
            capture->valid_until = wire_text_header(&transfer->capture.arena, span_cut(text, 12, text.size));
    }
}

/* Who vouches for the server; known when this transfer opened the connection. */
static void note_certificate(struct transfer *transfer)
{
    struct capture *capture = &transfer->capture;
    struct curl_certinfo *chain = NULL;
    if (curl_easy_getinfo(transfer->easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain ||
        chain->num_of_certs < 1) {
        witness_tell(transfer->witness, transfer->order.record, capture);
        return;
    }
    for (const struct curl_slist *line = chain->certinfo[0]; line; line = line->next)
        if (strncmp(line->data, "Cert:", 5) == 0) {
            capture->has_certificate = wire_text_digest_pem(line->data, &capture->certificate);
            wire_text_names_pem(&capture->arena, line->data + 5, &capture->subject, &capture->issuer);
        }
    if (transfer->order.record)
        keep_chain(transfer, chain);
}

static void note_connection(struct transfer *transfer)
{
    struct capture *capture = &transfer->capture;
    char *text = NULL;
    long number = 0;
    curl_off_t wide = 0;
    if (curl_easy_getinfo(transfer->easy, CURLINFO_EFFECTIVE_URL, &text) == CURLE_OK && text)
        capture->final_url = wire_text_address(&transfer->capture.arena, text);
    if (curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_IP, &text) == CURLE_OK && text)
        capture->address = wire_text_header(&transfer->capture.arena, span_of(text));
    if (curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &number) == CURLE_OK)
        capture->status = (uint16_t)number;
    if (curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_VERSION, &number) == CURLE_OK)
        capture->http_version = http_version(number);
    if (curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &wide) == CURLE_OK && wide > 0)
        capture->retry_after_s = wide > 86400 ? 86400 : (uint32_t)wide;
    if (curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &wide) == CURLE_OK)
        capture->duration_ms = (uint32_t)(wide / 1000);
    int64_t modified_s = wire_text_date(capture->modified), age_s = transfer->sent_s - modified_s;
    capture->age_s = modified_s && age_s > 0 ? age_s < UINT32_MAX ? (uint32_t)age_s : UINT32_MAX : 0;
    note_certificate(transfer);
}

static void transfer_free(struct fetcher *fetcher, struct transfer *transfer)
{
    if (transfer->previous)
        transfer->previous->next = transfer->next;
    else if (fetcher->transfers == transfer)
        fetcher->transfers = transfer->next;
    if (transfer->next)
        transfer->next->previous = transfer->previous;
    if (transfer->started)
        curl_multi_remove_handle(fetcher->multi, transfer->easy);
    if (transfer->easy) {
        curl_easy_cleanup(transfer->easy);
        fetcher->busy--;
    }
    curl_url_cleanup(transfer->address);
    curl_slist_free_all(transfer->headers);
    buf_free(&transfer->body);
    witness_free(transfer->witness);
    capture_free(&transfer->capture);
    free(transfer);
}

static void launch_next(struct fetcher *fetcher, uint64_t host);

static void finish(struct fetcher *fetcher, struct transfer *transfer)
{
    struct capture *capture = &transfer->capture;
    struct span body = buf_span(&transfer->body);
    bool keep = capture->outcome == OUTCOME_OK;
    capture->body_size = keep ? body.size : 0;
    SHA256((const unsigned char *)(keep && body.size ? body.at : ""), capture->body_size,
           capture->body_digest.at);
    capture->body_known =
        keep && body.size &&
        memcmp(capture->body_digest.at, transfer->order.known.at, sizeof(transfer->order.known.at)) == 0;
    exchanges_end(&transfer->exchanges, capture);
    struct capture given = *capture;
    transfer->capture = (struct capture){0};
    uint64_t host = transfer->host;
    fetcher->done(fetcher->context, transfer->job, &given,
                  keep && !given.body_known ? body : (struct span){NULL, 0});
    transfer_free(fetcher, transfer);
    launch_next(fetcher, host);
}

static void collect_finished(struct fetcher *fetcher)
{
    int left;
    for (CURLMsg *said; (said = curl_multi_info_read(fetcher->multi, &left));) {
        struct transfer *transfer = NULL;
        if (said->msg != CURLMSG_DONE)
            continue;
        CURLcode code = said->data.result;
        curl_easy_getinfo(said->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        note_connection(transfer);
        note_ending(transfer, code);
        finish(fetcher, transfer);
    }
}

/* ---- the start of a transfer ---- */

static CURLUcode apply(struct transfer *transfer, struct span address)
{
    if (address.size == 0)
        return CURLUE_OK;
    if (address.size > FETCH_URL_BYTES)
        return CURLUE_MALFORMED_INPUT;
    return curl_url_set(transfer->address, CURLUPART_URL, address.at, CURLU_URLENCODE);
}

/* The page's address, then its base href, then the reference, each relative to what came before (RFC 3986,
 * HTML 2.4.3). A base that is none is ignored, as browsers do. */
static enum outcome resolve(struct transfer *transfer)
{
    const struct fetch_order *order = &transfer->order;
    transfer->address = curl_url();
    if (!transfer->address)
        return OUTCOME_NO_MEMORY;
    CURLUcode code = apply(transfer, order->url);
    if (code == CURLUE_OK) {
        apply(transfer, order->base);
        code = apply(transfer, order->reference);
    }
    if (code == CURLUE_UNSUPPORTED_SCHEME)
        return OUTCOME_BAD_SCHEME;
    char *scheme = NULL;
    if (code != CURLUE_OK || curl_url_get(transfer->address, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
        return OUTCOME_BAD_URL;
    bool allowed = strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0;
    curl_free(scheme);
    return allowed ? OUTCOME_OK : OUTCOME_BAD_SCHEME;
}

static CURLcode set_request(struct transfer *transfer)
{
    const struct fetch_order *order = &transfer->order;
    CURL *easy = transfer->easy;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_CURLU, transfer->address);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    if (code == CURLE_OK && order->user_agent.size)
        code = curl_easy_setopt(easy, CURLOPT_USERAGENT, order->user_agent.at);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)FETCH_REDIRECTS);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, ""); /* cookies live as long as the transfer */
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)order->connect_ms);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)order->total_ms);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* Never wait for the thread of a look-up that is given up: a name that nobody answers would hold up every
     * page until the resolver's own end, some 18 s. The thread ends by itself. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    return code;
}

static void add_header(struct transfer *transfer, const char *name, struct span value)
{
    char line[FETCH_HEADER_BYTES + 64];
    if (value.size == 0 || value.size > FETCH_HEADER_BYTES)
        return;
    snprintf(line, sizeof(line), "%s: %.*s", name, (int)value.size, value.at);
    struct curl_slist *grown = curl_slist_append(transfer->headers, line);
    if (grown)
        transfer->headers = grown;
}

/* What is sent beside libcurl's own headers. The validators came from the server as printable ASCII. */
static CURLcode set_headers(struct transfer *transfer)
{
    const struct fetch_order *order = &transfer->order;
    add_header(transfer, "If-None-Match", order->etag);
    if (order->etag.size == 0)
        add_header(transfer, "If-Modified-Since", order->modified);
    if (order->browser && !order->picture)
        add_header(transfer, "Accept",
                   SPAN("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"));
    if (order->browser)
        add_header(transfer, "Accept-Language", SPAN("uk,en-US;q=0.7,en;q=0.3"));
    return curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static CURLcode on_tls(CURL *easy, void *context, void *user)
{
    (void)easy;
    witness_attend(user, context);
    return CURLE_OK;
}

static CURLcode set_way(struct transfer *transfer)
{
    const struct fetch_order *order = &transfer->order;
    curl_easy_setopt(transfer->easy, CURLOPT_CERTINFO, 1L);
    transfer->witness = order->record ? witness_new() : NULL;
    if (transfer->witness) {
        curl_easy_setopt(transfer->easy, CURLOPT_SSL_CTX_FUNCTION, on_tls);
        curl_easy_setopt(transfer->easy, CURLOPT_SSL_CTX_DATA, transfer->witness);
    }
    curl_easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, order->fresh ? 1L : 0L);
    curl_easy_setopt(transfer->easy, CURLOPT_FORBID_REUSE, order->fresh ? 1L : 0L);
    return order->proxy.size ? curl_easy_setopt(transfer->easy, CURLOPT_PROXY, order->proxy.at) : CURLE_OK;
}

static void set_callbacks(struct transfer *transfer)
{
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    set_record(transfer);
}

/* ---- few at a time to one host: the others wait here, because libcurl would let their time run while they
 * queue ---- */

static uint64_t host_of(CURLU *address)
{
    char *host = NULL, *port = NULL;
    uint64_t hash = 0;
    if (curl_url_get(address, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(address, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK)
        hash = hash_mix(hash_span(span_of(host)), hash_span(span_of(port)));
    curl_free(host);
    curl_free(port);
    return hash;
}

static size_t flying_to(const struct fetcher *fetcher, uint64_t host)
{
    size_t count = 0;
    for (const struct transfer *one = fetcher->transfers; one; one = one->next)
        count += one->started && one->host == host;
    return count;
}

static enum outcome launch(struct fetcher *fetcher, struct transfer *transfer)
{
    if (curl_multi_add_handle(fetcher->multi, transfer->easy) != CURLM_OK)
        return OUTCOME_NO_MEMORY;
    transfer->started = true;
    return OUTCOME_OK;
}

/* The oldest one that waits for this host; new ones come at the front of the list. */
static void launch_next(struct fetcher *fetcher, uint64_t host)
{
    struct transfer *oldest = NULL;
    for (struct transfer *one = fetcher->transfers; one; one = one->next)
        if (!one->started && one->easy && one->host == host)
            oldest = one;
    if (!oldest || flying_to(fetcher, host) >= FETCH_PER_HOST)
        return;
    oldest->capture.outcome = launch(fetcher, oldest);
    if (oldest->capture.outcome != OUTCOME_OK)
        finish(fetcher, oldest);
}

static enum outcome start(struct fetcher *fetcher, struct transfer *transfer)
{
    enum outcome outcome = resolve(transfer);
    if (outcome != OUTCOME_OK)
        return outcome;
    CURL *easy = curl_easy_init();
    if (!easy)
        return OUTCOME_NO_MEMORY;
    transfer->easy = easy;
    fetcher->busy++;
    CURLcode code = set_request(transfer);
    if (code == CURLE_OK)
        code = set_headers(transfer);
    if (code == CURLE_OK)
        code = set_way(transfer);
    if (code != CURLE_OK)
        return outcome_of(code);
    if (fetcher->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, fetcher->ca_file);
    set_callbacks(transfer);
    transfer->host = host_of(transfer->address);
    return flying_to(fetcher, transfer->host) < FETCH_PER_HOST ? launch(fetcher, transfer) : OUTCOME_OK;
}

void fetcher_start(struct fetcher *fetcher, uint64_t job, const struct fetch_order *order)
{
    struct transfer *transfer = calloc(1, sizeof(*transfer));
    if (!transfer) {
        struct capture none = {.outcome = OUTCOME_NO_MEMORY};
        fetcher->done(fetcher->context, job, &none, (struct span){NULL, 0});
        return;
    }
    transfer->job = job;
    transfer->capture.arena = arena_new(CAPTURE_CEILING);
    transfer->body = buf_new(order->body_limit);
    transfer->order = fetch_order_copy(&transfer->capture.arena, order);
    transfer->capture.url = transfer->order.url;
    transfer->next = fetcher->transfers;
    if (fetcher->transfers)
        fetcher->transfers->previous = transfer;
    fetcher->transfers = transfer;
    transfer->capture.outcome = transfer->capture.arena.failed ? OUTCOME_NO_MEMORY : start(fetcher, transfer);
    if (transfer->capture.outcome != OUTCOME_OK)
        finish(fetcher, transfer);
}

/* ---- what libcurl waits for ---- */

static int watch(const struct fetcher *fetcher, int fd, uint32_t events)
{
    struct epoll_event wish = {.events = events, .data.fd = fd};
    if (epoll_ctl(fetcher->poll, EPOLL_CTL_MOD, fd, &wish) == 0)
        return 0;
    return errno == ENOENT && epoll_ctl(fetcher->poll, EPOLL_CTL_ADD, fd, &wish) == 0 ? 0 : -1;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *mark)
{
    const struct fetcher *fetcher = context;
    uint32_t reads = what == CURL_POLL_IN || what == CURL_POLL_INOUT ? EPOLLIN : 0;
    uint32_t writes = what == CURL_POLL_OUT || what == CURL_POLL_INOUT ? EPOLLOUT : 0;
    (void)easy;
    (void)mark;
    if (what != CURL_POLL_REMOVE)
        return watch(fetcher, fd, reads | writes);
    epoll_ctl(fetcher->poll, EPOLL_CTL_DEL, fd, NULL);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context)
{
    struct fetcher *fetcher = context;
    (void)multi;
    fetcher->due_ms = timeout_ms < 0 ? -1 : clock_steady_ms() + timeout_ms;
    return 0;
}

/* ---- the fetcher ---- */

static int open_multi(struct fetcher *fetcher)
{
    fetcher->poll = epoll_create1(EPOLL_CLOEXEC);
    fetcher->multi = curl_multi_init();
    if (fetcher->poll < 0 || !fetcher->multi)
        return -ENOMEM;
    curl_multi_setopt(fetcher->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)FETCH_CONNECTIONS);
    curl_multi_setopt(fetcher->multi, CURLMOPT_MAXCONNECTS, (long)FETCH_CONNECTIONS);
    curl_multi_setopt(fetcher->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(fetcher->multi, CURLMOPT_SOCKETDATA, fetcher);
    curl_multi_setopt(fetcher->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(fetcher->multi, CURLMOPT_TIMERDATA, fetcher);
    return 0;
}

int fetcher_new(const char *ca_file, fetch_done_fn *done, void *context, struct fetcher **ret_fetcher)
{
    struct fetcher *fetcher = calloc(1, sizeof(*fetcher));
    if (!fetcher || turn_guard_start() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(fetcher);
        return -ENOMEM;
    }
    fetcher->other = -1;
    fetcher->due_ms = -1;
    fetcher->ca_file = ca_file;
    fetcher->done = done;
    fetcher->context = context;
    if (open_multi(fetcher) < 0) {
        fetcher_free(fetcher);
        return -ENOMEM;
    }
    *ret_fetcher = fetcher;
    return 0;
}

void fetcher_free(struct fetcher *fetcher)
{
    if (!fetcher)
        return;
    while (fetcher->transfers)
        transfer_free(fetcher, fetcher->transfers);
    curl_multi_cleanup(fetcher->multi);
    curl_global_cleanup();
    if (fetcher->poll >= 0)
        close(fetcher->poll);
    free(fetcher);
}

static int patience_ms(const struct fetcher *fetcher, int wait_ms)
{
    if (fetcher->due_ms < 0)
        return wait_ms;
    int64_t left_ms = fetcher->due_ms - clock_steady_ms();
    return left_ms < 0 ? 0 : left_ms < wait_ms ? (int)left_ms : wait_ms;
}

static void call_when_due(struct fetcher *fetcher)
{
    int running;
    if (fetcher->due_ms < 0 || clock_steady_ms() < fetcher->due_ms)
        return;
    fetcher->due_ms = -1;
    turn_guard_turn();
    curl_multi_socket_action(fetcher->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

static void move_on(struct fetcher *fetcher, const struct epoll_event *event)
{
    int running;
    int what = (event->events & EPOLLIN ? CURL_CSELECT_IN : 0) |
               (event->events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
               (event->events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    turn_guard_turn(); /* each connection has its own time */
    curl_multi_socket_action(fetcher->multi, event->data.fd, what, &running);
}

void fetcher_turn(struct fetcher *fetcher, int other, int wait_ms, bool *ret_readable)
{
    struct epoll_event events[EVENTS];
    if (other >= 0 && other != fetcher->other && watch(fetcher, other, EPOLLIN) == 0)
        fetcher->other = other;
    int count = epoll_wait(fetcher->poll, events, EVENTS, patience_ms(fetcher, wait_ms));
    *ret_readable = false;
    for (int i = 0; i < count; i++)
        if (events[i].data.fd == fetcher->other)
            *ret_readable = true;
        else
            move_on(fetcher, &events[i]);
    call_when_due(fetcher);
    collect_finished(fetcher);
}

size_t fetcher_busy(const struct fetcher *fetcher)
{
    return fetcher->busy;
}
