/* See web_session.h. */
#include "web/web_session.h"

#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

static const struct span cookie_name = SPAN_CONSTANT("varta");

/* ---- the token ---- */

static ssize_t read_all(const char *path, char token[SESSION_TOKEN_BYTES])
{
    size_t size = 0;
    ssize_t got = 1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return -errno;
    while (got > 0 && size < SESSION_TOKEN_BYTES) {
        got = read(fd, token + size, SESSION_TOKEN_BYTES - size);
        size += got > 0 ? (size_t)got : 0;
    }
    int error = errno;
    close(fd);
    return got < 0 ? -error : (ssize_t)size;
}

static bool make_key(struct span token, unsigned char ret_key[32])
{
    static const char what[] = "varta status page";
    unsigned size = 32;
    return HMAC(EVP_sha256(), token.at, (int)token.size, (const unsigned char *)what, sizeof(what) - 1,
                ret_key, &size) != NULL;
}

int session_read_token(struct span path, struct session_keys *ret_keys, struct buf *complaint)
{
    char token[SESSION_TOKEN_BYTES];
    struct session_keys keys = {.any = false};
    if (path.size == 0) {
        *ret_keys = keys;
        return 0;
    }
    ssize_t size = read_all(path.at, token);
    struct span text = size > 0 ? span_trim((struct span){token, (size_t)size}) : (struct span){NULL, 0};
    int result = size < 0 ? (int)size : 0;
    if (result == 0 && (text.size < SESSION_TOKEN_LEAST || size == SESSION_TOKEN_BYTES))
        result = -EINVAL;
    if (result == 0)
        keys.any = make_key(text, keys.key);
    OPENSSL_cleanse(token, sizeof(token));
    if (result < 0)
        buf_add_format(complaint, "nobody can log in: web.token_file %.*s: %s", (int)path.size, path.at,
                       result == -EINVAL ? "fewer than 16 characters, or more than a thousand"
                                         : strerror(-result));
    *ret_keys = keys;
    return result;
}

bool session_is_token(const struct session_keys *keys, struct span token)
{
    unsigned char key[32];
    token = span_trim(token);
    return keys->any && token.size >= SESSION_TOKEN_LEAST && token.size < SESSION_TOKEN_BYTES &&
           make_key(token, key) && CRYPTO_memcmp(key, keys->key, sizeof(key)) == 0;
}

/* ---- who guesses ---- */

static bool is_below(const struct session_count *count, unsigned most, int64_t now_s)
{
    return count->wrong < most || now_s - count->since_s >= SESSION_WRONG_S;
}

static void count_one(struct session_count *count, int64_t now_s)
{
    if (count->wrong == 0 || now_s - count->since_s >= SESSION_WRONG_S) {
        count->since_s = now_s;
        count->wrong = 0;
    }
    count->wrong++;
}

/* Its place, or how many there are. */
static size_t find_address(const struct session_guesses *guesses, struct span address)
{
    size_t i = 0;
    while (i < guesses->address_count && !span_equal(span_of(guesses->from[i].address), address))
        i++;
    return i;
}

static struct span as_address(struct span text)
{
    return span_cut(text, 0, text.size < SESSION_ADDRESS_BYTES ? text.size : SESSION_ADDRESS_BYTES - 1);
}

bool session_may_guess(const struct session_guesses *guesses, struct span address, int64_t now_s)
{
    size_t place = find_address(guesses, as_address(address));
    return is_below(&guesses->all, SESSION_WRONG_ALL, now_s) &&
           (address.size == 0 || place == guesses->address_count ||
            is_below(&guesses->from[place], SESSION_WRONG, now_s));
}

static size_t make_place(struct session_guesses *guesses, struct span address)
{
    size_t place = 0;
    if (guesses->address_count < SESSION_ADDRESSES)
        place = guesses->address_count++;
    else
        for (size_t i = 1; i < SESSION_ADDRESSES; i++)
            if (guesses->from[i].since_s < guesses->from[place].since_s)
                place = i;
    guesses->from[place] = (struct session_count){.wrong = 0};
    snprintf(guesses->from[place].address, SESSION_ADDRESS_BYTES, "%.*s", (int)address.size, address.at);
    return place;
}

void session_guessed_wrong(struct session_guesses *guesses, struct span address, int64_t now_s)
{
    count_one(&guesses->all, now_s);
    address = as_address(address);
    if (address.size == 0)
        return;
    size_t place = find_address(guesses, address);
    if (place == guesses->address_count)
        place = make_place(guesses, address);
    count_one(&guesses->from[place], now_s);
}

struct span session_last_hop(struct span forwarded)
{
    struct span last = {NULL, 0};
    for (struct span piece; span_next(&forwarded, ',', &piece);)
        last = span_trim(piece);
    return last;
}

/* ---- seals ---- */

static void seal(const struct session_keys *keys, const char *purpose, struct span text,
                 char ret_seal[SESSION_SEAL_BYTES])
{
    unsigned char bytes[32] = {0};
    unsigned size = sizeof(bytes);
    buf_auto whole = buf_new(4 * SESSION_COOKIE_BYTES);
    buf_add_text(&whole, purpose);
    buf_add_byte(&whole, ':');
    buf_add_span(&whole, text);
    ret_seal[0] = '\0';
    if (whole.failed || !HMAC(EVP_sha256(), keys->key, sizeof(keys->key), (const unsigned char *)whole.at,
                              whole.size, bytes, &size))
        return;
    for (size_t i = 0; i < sizeof(bytes); i++)
        snprintf(ret_seal + 2 * i, 3, "%02x", bytes[i]);
}

static bool is_seal(const char *wanted, struct span given)
{
    size_t size = strlen(wanted);
    return size == SESSION_SEAL_BYTES - 1 && given.size == size && CRYPTO_memcmp(wanted, given.at, size) == 0;
}

/* ---- cookies: UNTIL.NUMBER.NAME.SEAL, all but the first in hexadecimal ---- */

struct span session_cookie(struct span cookies, struct span name)
{
    for (struct span piece; span_next(&cookies, ';', &piece);) {
        struct span one = span_trim(piece);
        size_t equal = span_find(one, SPAN("="), 0);
        if (equal < one.size && span_equal(span_cut(one, 0, equal), name))
            return span_cut(one, equal + 1, one.size);
    }
    return (struct span){NULL, 0};
}

static int digit(char one)
{
    return one >= '0' && one <= '9' ? one - '0' : one >= 'a' && one <= 'f' ? one - 'a' + 10 : -1;
}

static bool take_name(struct span hex, char ret_name[SESSION_NAME_BYTES + 1])
{
    if (hex.size % 2 || hex.size / 2 > SESSION_NAME_BYTES)
        return false;
    for (size_t i = 0; i + 1 < hex.size; i += 2) {
        int high = digit(hex.at[i]), low = digit(hex.at[i + 1]);
        if (high < 0 || low < 0)
            return false;
        ret_name[i / 2] = (char)(high << 4 | low);
    }
    ret_name[hex.size / 2] = '\0';
    return true;
}

static int64_t take_until(struct span text)
{
    int64_t until = 0;
    for (size_t i = 0; i < text.size && i < 12; i++)
        until = text.at[i] >= '0' && text.at[i] <= '9' ? until * 10 + (text.at[i] - '0') : 0;
    return until;
}

static bool take_id(struct span hex, uint64_t *ret_id)
{
    uint64_t id = 0;
    for (size_t i = 0; i < hex.size; i++) {
        if (digit(hex.at[i]) < 0)
            return false;
        id = id << 4 | (uint64_t)digit(hex.at[i]);
    }
    *ret_id = id;
    return hex.size == 16;
}

static bool is_ended(const struct session_ends *ends, const struct session *session)
{
    for (size_t i = 0; i < ends->count; i++)
        if (ends->at[i].id == session->id && ends->at[i].until_s == session->until_s)
            return true;
    return session->until_s <= ends->floor_s;
}

struct session session_of(const struct session_keys *keys, const struct session_ends *ends,
                          struct span cookies, int64_t now_s)
{
    static const struct session none = {.is = false};
    struct session session = none;
    struct span value = session_cookie(cookies, cookie_name), rest = value, until, id, name;
    char wanted[SESSION_SEAL_BYTES];
    if (!keys->any || value.size > SESSION_COOKIE_BYTES || !span_next(&rest, '.', &until) ||
        !span_next(&rest, '.', &id) || !span_next(&rest, '.', &name))
        return none;
    seal(keys, "session", span_cut(value, 0, until.size + id.size + name.size + 2), wanted);
    session.until_s = take_until(until);
    if (!is_seal(wanted, rest) || session.until_s <= now_s || !take_id(id, &session.id) ||
        !take_name(name, session.name) || is_ended(ends, &session))
        return none;
    seal(keys, "form", value, session.form_seal);
    session.is = true;
    return session;
}

void session_begin(const struct session_keys *keys, struct span name, int64_t now_s, bool secure,
                   struct buf *cookie)
{
    char sealed[SESSION_SEAL_BYTES], bytes[4];
    uint64_t id = 0;
    buf_auto value = buf_new(SESSION_COOKIE_BYTES), clean = buf_new(SESSION_NAME_BYTES);
    name = span_trim(name);
    for (size_t at = 0; at < name.size && !clean.failed;) {
        uint32_t character = utf8_next(name, &at);
        if (!utf8_is_steering(character))
            buf_add(&clean, bytes, utf8_put(character, bytes));
    }
    if (getrandom(&id, sizeof(id), 0) != sizeof(id))
        return;
    buf_add_format(&value, "%lld.%016llx.", (long long)now_s + SESSION_HOURS * 3600, (unsigned long long)id);
    for (size_t i = 0; i < clean.size; i++)
        buf_add_format(&value, "%02x", (unsigned)(unsigned char)clean.at[i]);
    seal(keys, "session", buf_span(&value), sealed);
    buf_add_format(cookie, "varta=%s.%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s", buf_text(&value),
                   sealed, SESSION_HOURS * 3600, secure ? "; Secure" : "");
}

/* What is over by itself need not be remembered. */
static void forget(struct session_ends *ends, int64_t now_s)
{
    size_t kept = 0;
    for (size_t i = 0; i < ends->count; i++)
        if (ends->at[i].until_s > now_s)
            ends->at[kept++] = ends->at[i];
    ends->count = kept;
}

/* Where there is no room, the one that would be over first goes, and with it all that would be over by then:
 * better somebody logs in again than a session that was ended comes back. */
static size_t place_of_end(struct session_ends *ends)
{
    size_t first = 0;
    if (ends->count < SESSION_ENDED)
        return ends->count++;
    for (size_t i = 1; i < ends->count; i++)
        if (ends->at[i].until_s < ends->at[first].until_s)
            first = i;
    ends->floor_s = ends->at[first].until_s;
    return first;
}

void session_end(struct session_ends *ends, const struct session *session, int64_t now_s, struct buf *cookie)
{
    forget(ends, now_s);
    size_t place = place_of_end(ends);
    ends->at[place].id = session->id;
    ends->at[place].until_s = session->until_s;
    buf_add_text(cookie, "varta=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
}

bool session_is_form(const struct session *session, struct span field)
{
    return session->is && is_seal(session->form_seal, field);
}

/* ---- whom we serve ---- */

static bool is_one_of(struct span name, const struct span *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal_nocase(name, names[i]))
            return true;
    return false;
}

bool session_is_host(struct span host, uint32_t port, const struct span *hosts, size_t host_count)
{
    static const struct span own[] = {SPAN_CONSTANT("127.0.0.1"), SPAN_CONSTANT("localhost"),
                                      SPAN_CONSTANT("[::1]")};
    char ours[16];
    size_t from = host.size && host.at[0] == '[' ? span_find(host, SPAN("]"), 0) : 0;
    size_t colon = span_find(host, SPAN(":"), from);
    struct span name = span_cut(host, 0, colon), behind = span_cut(host, colon, host.size);
    if (is_one_of(name, hosts, host_count))
        return true;
    if (!is_one_of(name, own, sizeof(own) / sizeof(own[0])))
        return false;
    snprintf(ours, sizeof(ours), ":%u", (unsigned)port);
    return port == 0 || span_equal(behind, span_of(ours)) || (behind.size == 0 && port == 80);
}

bool session_is_own(struct span origin, struct span fetch_site, struct span host)
{
    if (fetch_site.size && !span_equal(fetch_site, SPAN("same-origin")) &&
        !span_equal(fetch_site, SPAN("none")))
        return false;
    if (origin.size == 0)
        return true;
    size_t start = span_find(origin, SPAN("://"), 0) + 3;
    return start < origin.size && span_equal_nocase(span_cut(origin, start, origin.size), host);
}
