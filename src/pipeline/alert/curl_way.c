/* See curl_way.h. */
#include "pipeline/alert/curl_way.h"
#include "pipeline/alert/alert_limits.h"

#include "os/clock.h"
#include "pipeline/alert/dial.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    ADDRESS_BYTES = 320,
};

struct curl_way {
    const struct sink_order *order;
    CURL *easy;
    struct buf authorities; /* PEM; empty for the system's */
    struct buf answer;      /* beginning of what the other side said */
    struct span unsent;     /* of the mail */
    char error[CURL_ERROR_SIZE];
};

/* ---- life ---- */

static int read_authorities(struct curl_way *way, struct buf *detail)
{
    const char *path = way->order->ca_file.size ? way->order->ca_file.at : getenv("SSL_CERT_FILE");
    if (!path)
        return 0;
    char bytes[8192];
    ssize_t got = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (fd >= 0 && (got = read(fd, bytes, sizeof(bytes))) > 0)
        buf_add(&way->authorities, bytes, (size_t)got);
    int error = fd < 0 || got < 0 ? -errno : way->authorities.failed ? -EFBIG : 0;
    if (fd >= 0)
        close(fd);
    if (error < 0)
        buf_add_format(detail, "the authorities in %s cannot be read: %s", path, strerror(-error));
    return error;
}

int curl_way_new(const struct sink_order *order, struct curl_way **ret_way, struct buf *detail)
{
    struct curl_way *way = calloc(1, sizeof(*way));
    if (!way)
        return -ENOMEM;
    way->order = order;
    way->authorities = buf_new(SINK_AUTHORITIES_BYTES);
    way->answer = buf_new(SINK_ANSWER_BYTES);
    int result = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : -ENOMEM;
    if (result == 0 && !(way->easy = curl_easy_init()))
        result = -ENOMEM;
    if (result == 0)
        result = read_authorities(way, detail);
    if (result < 0) {
        curl_way_free(way);
        return result;
    }
    *ret_way = way;
    return 0;
}

void curl_way_free(struct curl_way *way)
{
    if (!way)
        return;
    curl_easy_cleanup(way->easy);
    buf_free(&way->authorities);
    buf_free(&way->answer);
    free(way);
}

/* ---- one request ---- */

static size_t on_answer(char *bytes, size_t size, size_t count, void *context)
{
    struct curl_way *way = context;
    size_t room = SINK_ANSWER_BYTES - way->answer.size;
    buf_add(&way->answer, bytes, size * count < room ? size * count : room);
    return size * count;
}

/* A mail server's last words of refusal. */
static size_t on_reply(char *bytes, size_t size, size_t count, void *context)
{
    struct curl_way *way = context;
    if (size * count == 0 || (bytes[0] != '4' && bytes[0] != '5'))
        return size * count;
    buf_clear(&way->answer);
    return on_answer(bytes, size, count, context);
}

static size_t on_unsent(char *bytes, size_t size, size_t count, void *context)
{
    struct curl_way *way = context;
    size_t room = size * count;
    struct span piece = span_cut(way->unsent, 0, room);
    if (piece.size)
        memcpy(bytes, piece.at, piece.size);
    way->unsent = span_cut(way->unsent, piece.size, way->unsent.size);
    return piece.size;
}

static void set_up(struct curl_way *way, const char *protocols)
{
    CURL *easy = way->easy;
    curl_easy_reset(easy);
    buf_clear(&way->answer);
    way->error[0] = '\0';
    curl_easy_setopt(easy, CURLOPT_URL, way->order->target.at);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)way->order->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, way->error);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, way);
    if (way->authorities.size) {
        struct curl_blob blob = {way->authorities.at, way->authorities.size, CURL_BLOB_COPY};
        curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
    }
}

static int error_of(struct curl_way *way, CURLcode code)
{
    long system = 0, answered = 0; /* by a mail server that refused: libcurl calls that a send error too */
    curl_easy_getinfo(way->easy, CURLINFO_RESPONSE_CODE, &answered);
    curl_easy_getinfo(way->easy, CURLINFO_OS_ERRNO, &system);
    switch ((int)code) {
    case CURLE_OPERATION_TIMEDOUT: return -ETIMEDOUT;
    case CURLE_COULDNT_RESOLVE_HOST: return -EHOSTUNREACH;
    case CURLE_COULDNT_CONNECT: return system > 0 && system < 4096 ? -(int)system : -ECONNREFUSED;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED: return -EKEYREJECTED;
    case CURLE_LOGIN_DENIED: return -EACCES;
    case CURLE_OUT_OF_MEMORY: return -ENOMEM;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return answered >= 400 ? -EREMOTEIO : -ECONNRESET;
    default: return -EREMOTEIO;
    }
}

static int perform(struct curl_way *way, struct buf *detail)
{
    CURLcode code = curl_easy_perform(way->easy);
    if (code == CURLE_OK)
        return 0;
    buf_add_text(detail, way->error[0] ? way->error : curl_easy_strerror(code));
    return error_of(way, code);
}

/* ---- webhook ---- */

static int judge_status(struct curl_way *way, struct buf *detail)
{
    long status = 0;
    curl_easy_getinfo(way->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300)
        return 0;
    buf_add_format(detail, "HTTP status %ld", status);
    if (way->answer.size)
        buf_add_text(detail, ": ");
    buf_add_span(detail, buf_span(&way->answer));
    return -EREMOTEIO;
}

static struct curl_slist *list_of(const char *const *lines, size_t count)
{
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < count; i++) {
        struct curl_slist *longer = curl_slist_append(list, lines[i]);
        if (!longer) {
            curl_slist_free_all(list);
            return NULL;
        }
        list = longer;
    }
    return list;
}

int curl_way_post(struct curl_way *way, const char *const *headers, size_t header_count, struct span body,
                  struct buf *detail)
{
    struct curl_slist *list = list_of(headers, header_count);
    if (!list)
        return -ENOMEM;
    set_up(way, "http,https");
    curl_easy_setopt(way->easy, CURLOPT_POST, 1L);
    curl_easy_setopt(way->easy, CURLOPT_POSTFIELDSIZE, (long)body.size);
    curl_easy_setopt(way->easy, CURLOPT_POSTFIELDS, body.at);
    curl_easy_setopt(way->easy, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(way->easy, CURLOPT_USERAGENT, "varta/" VARTA_VERSION);
    int result = perform(way, detail);
    if (result == 0)
        result = judge_status(way, detail);
    curl_slist_free_all(list);
    return result;
}

/* ---- mail ---- */

/* With a password or authorities of its own the server must prove itself; else TLS is taken where it is
 * offered, which keeps listeners out, and its absence or a certificate that cannot be checked lose no alert.
 */
static void set_trust(struct curl_way *way, const struct curl_mail *mail)
{
    bool direct = span_starts(way->order->target, SPAN("smtps:"));
    bool must = direct || mail->user || way->order->ca_file.size;
    curl_easy_setopt(way->easy, CURLOPT_USE_SSL, (long)(must ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    curl_easy_setopt(way->easy, CURLOPT_SSL_VERIFYPEER, must ? 1L : 0L);
    curl_easy_setopt(way->easy, CURLOPT_SSL_VERIFYHOST, must ? 2L : 0L);
    if (!mail->user)
        return;
    curl_easy_setopt(way->easy, CURLOPT_USERNAME, mail->user);
    curl_easy_setopt(way->easy, CURLOPT_PASSWORD, mail->password);
}

static struct curl_slist *recipients(const struct curl_mail *mail)
{
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < mail->to_count; i++) {
        char address[ADDRESS_BYTES];
        snprintf(address, sizeof(address), "<%.*s>", (int)mail->to[i].size, mail->to[i].at);
        struct curl_slist *longer = curl_slist_append(list, address);
        if (!longer) {
            curl_slist_free_all(list);
            return NULL;
        }
        list = longer;
    }
    return list;
}

int curl_way_mail(struct curl_way *way, const struct curl_mail *mail, struct buf *detail)
{
    char from[ADDRESS_BYTES];
    struct curl_slist *list = recipients(mail);
    if (!list)
        return -ENOMEM;
    snprintf(from, sizeof(from), "<%s>", mail->from);
    set_up(way, "smtp,smtps");
    way->unsent = mail->text;
    set_trust(way, mail);
    curl_easy_setopt(way->easy, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(way->easy, CURLOPT_MAIL_RCPT, list);
    curl_easy_setopt(way->easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    curl_easy_setopt(way->easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(way->easy, CURLOPT_READFUNCTION, on_unsent);
    curl_easy_setopt(way->easy, CURLOPT_READDATA, way);
    curl_easy_setopt(way->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)mail->text.size);
    curl_easy_setopt(way->easy, CURLOPT_HEADERFUNCTION, on_reply);
    curl_easy_setopt(way->easy, CURLOPT_HEADERDATA, way);
    curl_easy_setopt(way->easy, CURLOPT_FORBID_REUSE, 1L);
    int result = perform(way, detail);
    if (result < 0 && way->answer.size)
        buf_add_format(detail, ": %.*s", (int)way->answer.size, way->answer.at);
    curl_easy_setopt(way->easy, CURLOPT_PASSWORD, (char *)NULL);
    curl_slist_free_all(list);
    return result;
}
